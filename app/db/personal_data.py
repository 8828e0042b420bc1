"""Declare tables with personal data (`personal_data` of each package) and read their rows for the archive.

`privacy` builds the archive of a person from the declarations. `tests/privacy/test_archive.py` fails for a column that
names a person and is not declared, and for a column without a label in `app/privacy/pages/columns.py`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Select, or_, select, tuple_

from app.db.session import db

PAGE = 1000
PERSON = "person"


@dataclass(frozen=True, slots=True)
class PersonalDataTable:
    """The rows of one table that are about a person, with a name and a description for the archive.

    `by`: the columns that name the person; `through`: the table with these columns, and the join condition.
    The archive contains all columns, or those in `keep`, without those in `leave`, and those in `extra`; never a column
    that names a person: others have their own archive. `texts` are columns with JSON.
    """

    name: str
    description: str
    model: Any
    by: tuple[Any, ...]
    keep: tuple[str, ...] = ()
    leave: tuple[str, ...] = ()
    through: tuple[Any, Any] | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    texts: frozenset[str] = frozenset()

    @property
    def covers(self) -> frozenset[str]:
        """Return the covered columns as "table.column", or "table" if another table names the person."""
        table = self.model.__table__.name
        return frozenset({table} if self.through else {f"{table}.{column.key}" for column in self.by})

    @property
    def shown(self) -> dict[str, Any]:
        """Return the columns that are shown by their names."""
        columns = {column.name: column for column in self.model.__table__.columns if self._shows(column)}
        return columns | {name: column.label(name) for name, column in self.extra.items()}

    def _shows(self, column: Any) -> bool:
        is_selected = not self.keep or column.name in self.keep
        return is_selected and column.name not in self.leave and not _names_a_person(column)


def rows(part: PersonalDataTable, person_id: UUID) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table about a person by primary key, read in pages, so that memory use stays flat."""
    shown, keys = part.shown, tuple(part.model.__table__.primary_key.columns)
    query = _query(part, person_id, shown, keys)
    portion = db.session.execute(query).all()
    while portion:
        for row in portion:
            values = zip(shown, row, strict=False)
            yield {name: _read(value) if name in part.texts else value for name, value in values}
        if len(portion) < PAGE:
            return
        last = tuple(portion[-1][len(shown) :])
        beyond = tuple_(*keys) > last if len(keys) > 1 else keys[0] > last[0]
        portion = db.session.execute(query.where(beyond)).all()


def _query(part: PersonalDataTable, person_id: UUID, shown: Mapping[str, Any], keys: tuple[Any, ...]) -> Select[Any]:
    behind = (key.label(f"key_{index}") for index, key in enumerate(keys))
    query: Select[Any] = select(*shown.values(), *behind).select_from(part.model.__table__)
    if part.through is not None:
        query = query.join(*part.through)
    return query.where(or_(*(column == person_id for column in part.by))).order_by(*keys).limit(PAGE)


def _names_a_person(column: Any) -> bool:
    return any(key.column.table.name == PERSON for key in column.foreign_keys)


def _read(text: Any) -> Any:
    return msgspec.json.decode(text) if isinstance(text, str) and text else text
