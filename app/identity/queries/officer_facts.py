"""Read the day an account was opened, the languages of an officer and whether the officer is under threat."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import bindparam, select

from app.db.session import db
from app.identity.models import Person


@dataclass(frozen=True, slots=True)
class OfficerFacts:
    """The UTC day on which the account was opened, the languages of pages and lessons, and the threat."""

    joined_on: date
    languages: frozenset[str]
    protected: bool


def facts_of(ids: Collection[UUID]) -> Mapping[UUID, OfficerFacts]:
    """Return the facts of these people by id."""
    return {
        row.id: OfficerFacts(
            row.created_at.date(), frozenset({row.content_language or row.language, row.language}), row.protected
        )
        for row in db.session.execute(_FACTS, {"ids": list(ids)})
    }


# built once: the first step in a course sends it
_FACTS = select(Person.id, Person.created_at, Person.language, Person.content_language, Person.protected).where(
    Person.id.in_(bindparam("ids"))
)
