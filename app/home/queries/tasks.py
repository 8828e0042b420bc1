"""What waits for those who look after others, from all rooms, in one statement."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Select, select

from app.access.policy import Actor
from app.db.session import db
from app.ports import TaskSource


def ask(rooms: Iterable[TaskSource], actor: Actor, also: Mapping[str, Select[Any]]) -> Mapping[str, Any]:
    """Return what each room's queries of one value say, by their names, and with them those that the page needs `also`.

    Nothing is asked for somebody whom no room has a query for.
    """
    queries = {name: query for room in rooms for name, query in room(actor).items()}
    if not queries:
        return {}
    queries |= also
    row = db.session.execute(select(*(each.scalar_subquery().label(name) for name, each in queries.items()))).one()
    return dict(row._mapping)  # noqa: SLF001 - that is its public name
