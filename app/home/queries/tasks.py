"""Count the tasks of a user from all packages (`ports().task_sources`) in one statement."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Select, select

from app.access.policy import Actor
from app.db.session import db
from app.ports import TaskSource


def counts(sources: Iterable[TaskSource], actor: Actor, also: Mapping[str, Select[Any]]) -> Mapping[str, Any]:
    """Return the value of each query of the sources by its name, with those that the page needs `also`.

    The result is empty, without a statement, if no source has a query for the actor.
    """
    queries = {name: query for source in sources for name, query in source(actor).items()}
    if not queries:
        return {}
    queries |= also
    row = db.session.execute(select(*(query.scalar_subquery().label(name) for name, query in queries.items()))).one()
    return dict(row._mapping)  # noqa: SLF001 - that is its public name
