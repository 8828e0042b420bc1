"""Check whether an alias is available, does not reveal the identity, and was not changed recently.

The callers in `service.aliases` and `service.acceptance` lock a new alias first, and check names of roles and the limit
of attempts. `unfit_alias` compares aliases by their looks, `alias_is_taken` only the text.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.db.session import db
from app.identity.domain.lookalikes import has_letters_or_digits, lookalike_keys
from app.identity.models import Identity, Person
from app.invitations.domain.aliases import ALIAS_STAYS, AliasRefusal, reveals_name
from app.invitations.models import GivenUpAlias, Invitation
from app.invitations.queries.invitations import IS_OPEN
from app.kernel import clock


def alias_is_taken(text: str, *, exclude_id: UUID | None = None) -> bool:
    """Return whether a person has or had exactly this alias, or another open invitation than `exclude_id` has it."""
    if db.session.scalars(select(Person.id).where(Person.alias == text)).first() is not None:
        return True
    if db.session.scalars(select(GivenUpAlias.id).where(GivenUpAlias.alias == text)).first() is not None:
        return True
    invited = select(Invitation.id).where(Invitation.alias == text, *IS_OPEN)
    if exclude_id is not None:
        invited = invited.where(Invitation.id != exclude_id)
    return db.session.scalars(invited.limit(1)).first() is not None


def refuse_alias(person_id: UUID, text: str, now: datetime) -> AliasRefusal | None:
    """Return why a person may not change to this alias, or None: `unfit_alias`, and the time since the last change."""
    person = db.session.get_one(Person, person_id)
    identity = db.session.get(Identity, person_id)
    if text == person.alias:
        return AliasRefusal.SAME
    if (free_at := alias_free_at(person_id)) is not None and now < free_at:
        return AliasRefusal.SOON
    names, addresses = ("", ""), ("", "")
    if identity is not None:
        names, addresses = (identity.name, identity.latin_name or ""), (identity.mail, identity.service_number or "")
    return unfit_alias(text, names=names, addresses=addresses, exclude_id=person_id)


def unfit_alias(text: str, *, names: Iterable[str], addresses: Iterable[str], exclude_id: UUID) -> AliasRefusal | None:
    """Return why an alias is empty, reveals the identity or looks like that of another person; None if it is fit.

    `exclude_id` is the person or invitation that the alias is for.
    """
    if not has_letters_or_digits(text):
        return AliasRefusal.EMPTY
    if reveals_name(text, names=names, addresses=addresses):
        return AliasRefusal.NAME
    text_looks = lookalike_keys(text)
    return (
        AliasRefusal.ALIKE if any(text_looks & lookalike_keys(alias) for alias in _other_aliases(exclude_id)) else None
    )


def alias_free_at(person_id: UUID) -> datetime | None:
    """Return from when on a person may choose another alias, or None if they never chose one."""
    chosen_at = db.session.get_one(Person, person_id).alias_chosen_at
    return None if chosen_at is None else chosen_at + ALIAS_STAYS


def _other_aliases(exclude_id: UUID) -> Iterator[str]:
    """Yield the aliases of other people, of other open invitations, and those that other people gave up."""
    yield from db.session.scalars(select(Person.alias).where(Person.id != exclude_id))
    yield from db.session.scalars(select(Invitation.alias).where(Invitation.id != exclude_id, *IS_OPEN))
    given_up = (GivenUpAlias.person_id != exclude_id, GivenUpAlias.free_at > clock.now())
    yield from db.session.scalars(select(GivenUpAlias.alias).where(*given_up))
