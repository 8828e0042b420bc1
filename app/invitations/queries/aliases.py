"""Read whether an alias is available."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.db.session import db
from app.identity.domain.lookalikes import has_letters_or_digits, lookalike_keys
from app.identity.models import Identity, Person
from app.invitations.domain.aliases import ALIAS_STAYS, AliasRefusal, reveals_name
from app.invitations.models import GivenUpAlias, Invitation
from app.kernel import clock


def alias_is_taken(text: str, but: UUID | None = None) -> bool:
    """Say whether an alias is or was a person's, or stands in another invitation that is not over."""
    if db.session.scalars(select(Person.id).where(Person.alias == text)).first() is not None:
        return True
    if db.session.scalars(select(GivenUpAlias.id).where(GivenUpAlias.alias == text)).first() is not None:
        return True
    still = (Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
    others = select(Invitation.id).where(Invitation.alias == text, *still)
    if but is not None:
        others = others.where(Invitation.id != but)
    return db.session.scalars(others.limit(1)).first() is not None


def refuse_alias(person_id: UUID, text: str, now: datetime) -> AliasRefusal | None:
    """Return why somebody does not get an alias, None where they do; all aliases are compared by their looks."""
    person = db.session.get_one(Person, person_id)
    identity = db.session.get(Identity, person_id)
    if text == person.alias:
        return AliasRefusal.SAME
    if (free_at := alias_free_at(person_id)) is not None and now < free_at:
        return AliasRefusal.SOON
    names, addresses = ("", ""), ("", "")
    if identity is not None:
        names, addresses = (identity.name, identity.latin_name or ""), (identity.mail, identity.service_number or "")
    return unfit_alias(text, names=names, addresses=addresses, but=person_id)


def unfit_alias(text: str, *, names: Iterable[str], addresses: Iterable[str], but: UUID) -> AliasRefusal | None:
    """Return why an alias is for nobody, or not for whoever is so called; `but` is the person or invitation."""
    if not has_letters_or_digits(text):
        return AliasRefusal.EMPTY
    if reveals_name(text, names=names, addresses=addresses):
        return AliasRefusal.NAME
    wanted = lookalike_keys(text)
    return AliasRefusal.ALIKE if any(wanted & lookalike_keys(one) for one in _other_aliases(but)) else None


def alias_free_at(person_id: UUID) -> datetime | None:
    """Return from when on somebody may choose another alias; None: they have chosen none since the invitation."""
    chosen_at = db.session.get_one(Person, person_id).alias_chosen_at
    return None if chosen_at is None else chosen_at + ALIAS_STAYS


def _other_aliases(one: UUID) -> Iterator[str]:
    """Yield the aliases of all people, of invitations that are not over, and those that rest, but of this one."""
    still = (Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None))
    yield from db.session.scalars(select(Person.alias).where(Person.id != one))
    yield from db.session.scalars(select(Invitation.alias).where(Invitation.id != one, *still))
    rests = (GivenUpAlias.person_id != one, GivenUpAlias.free_at > clock.now())
    yield from db.session.scalars(select(GivenUpAlias.alias).where(*rests))
