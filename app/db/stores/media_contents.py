"""The tables with contents of media, by name: which rows are moved to MEDIA_PATH, and which were."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, exists, func, or_, select, update

from app.db.session import changed_rows, db

LARGE = 64 * 1024  # bytes; smaller contents stay in the database
FOLDER = "media/"  # of a course
TEXTS = ("%.toml", "%.vtt")  # in that folder: they stay in the database, because transactions read them


@dataclass(frozen=True, slots=True)
class PendingContent:
    """A row whose content is to be moved: its table, and its primary key."""

    table: str
    key: tuple[Any, ...]


def size_of(model: Any) -> ColumnElement[int]:
    """Return the size of the content of a row in bytes, wherever the content is."""
    return func.coalesce(model.size, func.length(model.content))


def pending(limit: int) -> list[PendingContent]:
    """Return some rows with large contents of media in the database; texts of courses stay there."""
    result: list[PendingContent] = []
    for name, condition in _conditions().items():
        table = _table(name)
        query = select(*table.primary_key).where(func.length(table.c.content) > LARGE, condition)
        rows = db.session.execute(query.limit(limit - len(result)))
        result += [PendingContent(name, tuple(row)) for row in rows]
    return result


def content_of(row: PendingContent) -> bytes | None:
    """Return the content of a row; None if it was moved or deleted meanwhile."""
    table = _table(row.table)
    return db.session.scalar(select(table.c.content).where(_has_key(table, row)))


def remove_content(row: PendingContent, digest: str, size: int) -> bool:
    """Let a row refer to an object instead of having its content; return whether it had it still."""
    table = _table(row.table)
    values: dict[str, Any] = {"content": None, "size": size, "digest": digest}
    is_same = or_(table.c.digest.is_(None), table.c.digest == digest)
    query = update(table).where(_has_key(table, row), table.c.content.is_not(None), is_same)
    return bool(changed_rows(query.values(values)))


def moved_sizes() -> dict[str, int]:
    """Return the contents to which rows refer, by SHA-256, with their sizes."""
    sizes: dict[str, int] = {}
    for table in map(_table, _NAMES):
        query = select(table.c.digest, table.c.size).where(table.c.content.is_(None)).distinct()
        sizes |= {row[0]: row[1] for row in db.session.execute(query)}
    return sizes


def put_back(digest: str, content: bytes) -> None:
    """Give the rows that refer to an object their content again."""
    for table in map(_table, _NAMES):
        values: dict[str, Any] = {"content": content, "size": None}
        if table.c.digest.nullable:  # it is there for moved contents only
            values["digest"] = None
        db.session.execute(update(table).where(table.c.digest == digest, table.c.content.is_(None)).values(values))


_NAMES = ("course_medium", "draft_blob", "version_file")


def _conditions() -> dict[str, ColumnElement[bool]]:
    change, blob, file = _table("draft_change"), _table("draft_blob"), _table("version_file")
    medium = _table("course_medium")
    of_medium = exists().where(change.c.after == blob.c.digest, _is_medium(change.c.path))
    is_no_text = medium.c.kind.not_like("text/%")
    return {"course_medium": is_no_text, "draft_blob": of_medium, "version_file": _is_medium(file.c.path)}


def _is_medium(path: ColumnElement[str]) -> ColumnElement[bool]:
    return and_(path.startswith(FOLDER), *(path.not_like(pattern) for pattern in TEXTS))


def _table(name: str) -> Table:
    return db.metadata.tables[name]


def _has_key(table: Table, row: PendingContent) -> ColumnElement[bool]:
    return and_(*(column == value for column, value in zip(table.primary_key, row.key, strict=True)))
