"""Changing the identities of many people at a time; who may was asked before."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, update

from app.accounts import service
from app.accounts.events import IdentityChanged
from app.accounts.models import Identity, NameToken, Person
from app.db import blind_index
from app.db.session import db, record

PORTION = 500  # rows a statement


@dataclass(frozen=True, slots=True)
class NewIdentity:
    """How somebody is called from now on: all of it, the mail address apart, which stays."""

    person_id: UUID
    country: str
    name: str
    latin_name: str
    service_number: str
    changed: tuple[str, ...]  # names of what is new


def portions(things: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Yield things in portions of a statement's size."""
    for start in range(0, len(things), PORTION):
        yield things[start : start + PORTION]


def hold(ids: Collection[UUID]) -> None:
    """Hold the rows of these people, in the order of their ids, until the transaction ends."""
    for some in portions(sorted(ids)):
        query = select(Person.id).where(Person.id.in_(some)).order_by(Person.id)
        db.session.execute(query.with_for_update(key_share=True)).all()


def change_identities(changes: Sequence[NewIdentity]) -> None:
    """Write how people are called; two may exchange their numbers."""
    for some in portions(changes):
        ids = [one.person_id for one in some]
        renumbered = [one.person_id for one in some if "service_number" in one.changed]
        if renumbered:
            free = update(Identity).where(Identity.person_id.in_(renumbered))
            db.session.execute(free.values(service_number=None, service_index=None))
        db.session.execute(delete(NameToken).where(NameToken.person_id.in_(ids)))
        db.session.flush()
    for some in portions(changes):
        db.session.execute(update(Identity), [_identity(one) for one in some])
        tokens = [
            {"person_id": one.person_id, "token": token}
            for one in some
            for token in sorted(blind_index.tokens(one.country, one.name, one.latin_name))
        ]
        if tokens:
            db.session.execute(insert(NameToken), tokens)
    for one in changes:
        record(IdentityChanged(person_id=one.person_id, changed=one.changed))


def _identity(new: NewIdentity) -> dict[str, Any]:
    number = new.service_number or None
    return {
        "person_id": new.person_id,
        "name": new.name,
        "latin_name": new.latin_name or None,
        "service_number": number,
        "service_index": service.number_index(number),
    }
