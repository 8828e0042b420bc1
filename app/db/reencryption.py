"""Re-encrypt texts under the newest key, in portions, and count texts by key; for `flask keys` and `doctor`."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    String,
    Table,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    tuple_,
    type_coerce,
    update as change,
)

from app.db.base import FORMAT, EncryptedText
from app.db.keyring import LostKeyError
from app.db.session import db

PORTION = 500
Place = tuple[Any, ...]  # the primary key of a row
Columns = Mapping[str, EncryptedText]


@dataclass(frozen=True, slots=True)
class ReencryptedPortion:
    """The result of a portion: texts renewed, texts that cannot be decrypted, and the key of the last row."""

    renewed: int
    lost: int
    last: Place


def tables() -> Iterator[tuple[Table, Columns]]:
    """Yield each table that has encrypted columns, with their types by name."""
    for table in db.metadata.sorted_tables:
        names = {column.name: column.type for column in table.columns if isinstance(column.type, EncryptedText)}
        if names:
            yield table, names


def renew(table: Table, names: Columns, after: Place | None, size: int = PORTION) -> ReencryptedPortion | None:
    """Encrypt a portion of rows after this primary key under the newest key; return None if there are none.

    The caller opens the transaction. Rows under the newest key are skipped: the work can be interrupted and repeated.
    """
    query = select(*table.primary_key, *_raw(table, names)).where(or_(*(_older(table, name) for name in names)))
    if after is not None:
        query = query.where(tuple_(*table.primary_key) > tuple_(*map(literal, after)))
    rows = db.session.execute(query.order_by(*table.primary_key).limit(size).with_for_update()).all()
    results = [_renew(table, names, row) for row in rows]
    if not rows:
        return None
    last = tuple(rows[-1][: len(table.primary_key)])
    return ReencryptedPortion(sum(result[0] for result in results), sum(result[1] for result in results), last)


def remaining(table: Table, names: Columns) -> int:
    """Return the number of rows of a table with a text that is not under the newest key."""
    query = select(func.count()).select_from(table).where(or_(*(_older(table, name) for name in names)))
    return db.session.scalar(query) or 0


def by_key() -> Mapping[str, int]:
    """Return the number of texts under each key, by the id of the key."""
    counts: Counter[str] = Counter()
    for table, names in tables():
        for name in names:
            prefix = _prefix(table, name)
            query = select(prefix, func.count()).where(table.c[name].is_not(None)).group_by(prefix)
            for written, count in db.session.execute(query):
                counts[str(written).removeprefix(FORMAT)] += count
    return counts


def can_decrypt(key_id: str) -> bool:
    """Return whether texts under a key can be decrypted; one text of each column is tried."""
    for table, names in tables():
        for name, kind in names.items():
            raw = _raw(table, [name])[0]
            query = select(raw).where(_prefix(table, name).in_([key_id, FORMAT + key_id])).limit(1)
            for text in db.session.scalars(query):
                if not _opens(kind, text):
                    return False
    return True


def _renew(table: Table, names: Columns, row: Row[*tuple[Any, ...]]) -> tuple[int, int]:
    renewed: dict[str, str] = {}
    lost = 0
    for name, kind in names.items():
        text = getattr(row, f"raw_{name}")
        if text is None:
            continue
        try:
            renewed[name] = kind.open(text)
        except LostKeyError:
            lost += 1  # left as it is: the key may be found again
    if renewed:
        key = zip(table.primary_key, row, strict=False)
        db.session.execute(change(table).where(and_(*(column == value for column, value in key))).values(renewed))
    return len(renewed), lost


def _opens(kind: EncryptedText, text: str) -> bool:
    try:
        kind.open(text)
    except LostKeyError:
        return False
    return True


def _raw(table: Table, names: Iterable[str]) -> list[ColumnElement[str]]:
    return [type_coerce(table.c[name], String).label(f"raw_{name}") for name in names]


def _older(table: Table, name: str) -> ColumnElement[bool]:
    newest = f"{FORMAT}{EncryptedText.ring.newest[0]}"
    return and_(table.c[name].is_not(None), _prefix(table, name) != newest)


def _prefix(table: Table, name: str) -> ColumnElement[str]:
    """Return the part of a text before the colon: the format, if there is one, and the id of the key."""
    raw = type_coerce(table.c[name], String)
    at = func.instr(raw, ":") if db.engine.dialect.name == "sqlite" else func.strpos(raw, ":")
    return func.substr(raw, 1, case((at > 0, at - 1), else_=0), type_=String)
