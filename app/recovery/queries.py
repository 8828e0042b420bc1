"""Reading who asks for a way in, which links open one, and whom somebody may help."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.exc import NoResultFound

from app.access import people_rules
from app.access.policy import Actor
from app.db import blind_index
from app.db.session import db
from app.identity.domain.people import PersonState
from app.identity.models import Identity, Person
from app.identity.queries import people, postings, roles
from app.identity.queries.people import LinkMail
from app.kernel import clock
from app.recovery import domain
from app.recovery.domain import LINK_LIFE, LONGEST, Account, Side
from app.recovery.models import AddressChange, AskedForLink, PasswordLink, SecondHelp
from app.rights.queries import roles as rights_roles
from app.sign_in.domain import TOTAL_LIMITS
from app.sign_in.queries import sessions

BATCH = 200


@dataclass(frozen=True, slots=True)
class Change:
    """A change of the mail address that waits: for whom, to what, and who has confirmed it."""

    person_id: UUID
    language: str
    mail: str
    ends_at: datetime
    old_confirmed: bool
    new_confirmed: bool
    side: Side | None = None  # of the link by which it was found


@dataclass(frozen=True, slots=True)
class Wish:
    """An administrator wants to let another one back in."""

    asked_by: UUID
    ends_at: datetime


def account(actor: Actor, person_id: UUID, **_rest: object) -> Account:
    """Return an open account that the actor may help with, or raise NoResultFound."""
    today = clock.today()
    alias = db.session.scalars(
        select(Person.alias).where(Person.id == person_id, Person.state == PersonState.ACTIVE)
    ).one()
    country = postings.countries([person_id], today).get(person_id, "")
    found = Account(person_id, alias, country, domain.counted(roles.roles_valid_from(person_id, today)))
    if not people_rules.can_restore_access(actor, found):
        raise NoResultFound
    return found


def closable(actor: Actor, person_id: UUID, **_rest: object) -> Account:
    """Return an open account that the actor may help with alone, and close, or raise NoResultFound."""
    found = account(actor, person_id)
    if not people_rules.can_close(actor, found):
        raise NoResultFound
    return found


def helpers(person_id: UUID, today: date) -> tuple[frozenset[UUID], bool]:
    """Return the administrators whose role does not rest, and whether two are left to let this one back in.

    Who lost the way in counts as one, with a passkey or without.
    """
    found = rights_roles.administrators(today)
    return found, domain.enough(len(found | {person_id}))


def wish(person_id: UUID, real_now: datetime) -> Wish | None:
    """Return who wants to let an administrator back in and waits for a second."""
    query = select(SecondHelp).where(SecondHelp.person_id == person_id, SecondHelp.ends_at > real_now)
    found = db.session.scalars(query).one_or_none()
    return Wish(found.asked_by, found.ends_at) if found else None


def asked(account: str, address: str, real_now: datetime) -> tuple[Sequence[datetime], ...]:
    """Return when links were asked for within the longest window: by what was typed, from the address, by all."""
    times = select(AskedForLink.at).where(AskedForLink.at > real_now - LONGEST).limit(1000)
    shortly = (
        select(AskedForLink.at)
        .where(AskedForLink.at > real_now - TOTAL_LIMITS[0].window)
        .limit(TOTAL_LIMITS[0].failures)
    )
    by_account = times.where(AskedForLink.account == account)
    by_address = times.where(AskedForLink.address == address)
    return tuple(list(db.session.scalars(each)) for each in (by_account, by_address, shortly))


def unanswered(real_now: datetime) -> list[int]:
    """Return the ids of those who asked for a link and were not looked for yet; later than its life it is no use."""
    query = (
        select(AskedForLink.id)
        .where(AskedForLink.answered_at.is_(None), AskedForLink.at > real_now - LINK_LIFE)
        .order_by(AskedForLink.at)
        .limit(BATCH)
    )
    return list(db.session.scalars(query))


def by_indexes(mail_index: str, service_index: str) -> UUID | None:
    """Return the active person of a mail address, or else of a service number."""
    found = sessions.people_by_indexes(mail_index, service_index)
    return found[0] if found else None


def reader_of(token_hash: str, real_now: datetime) -> str | None:
    """Return the language of whoever a link opens the page of a new password to, or None when it opens nothing."""
    query = (
        select(Person.language)
        .join(PasswordLink, PasswordLink.person_id == Person.id)
        .where(PasswordLink.token_hash == token_hash, PasswordLink.ends_at > real_now)
        .where(Person.state == PersonState.ACTIVE)
    )
    return db.session.scalars(query).one_or_none()


def link_mail(link_id: UUID, real_now: datetime) -> LinkMail | None:
    """Return what the mail of a link needs, or None when the link opens nothing any more."""
    found = db.session.get(PasswordLink, link_id)
    to = people.addressees([found.person_id]).get(found.person_id) if found and found.ends_at > real_now else None
    return LinkMail(to.mail, to.language, found.token) if found and to else None


def address_mail(change_id: UUID, side: Side, real_now: datetime) -> LinkMail | None:
    """Return what a mail of an address change needs: with a link while it waits, without one when it is done."""
    found = db.session.get(AddressChange, change_id)
    to = people.addressees([found.person_id]).get(found.person_id) if found and found.ends_at > real_now else None
    if found is None or to is None:
        return None
    if found.old_mail is not None:
        return LinkMail(found.old_mail, to.language, "")
    if side is Side.OLD:
        return LinkMail(to.mail, to.language, found.old_token)
    return None if is_withheld(change_id, side) else LinkMail(found.mail, to.language, found.new_token)


def is_withheld(change_id: UUID, side: Side) -> bool:
    """Say whether a link goes to nobody, since the new address is somebody else's; who asked must not find out."""
    found = db.session.get(AddressChange, change_id) if side is Side.NEW else None
    return found is not None and found.done_at is None and owner(found.mail, but=found.person_id) is not None


def who_asked(change_id: UUID) -> UUID | None:
    """Return who wants another mail address."""
    return db.session.scalars(select(AddressChange.person_id).where(AddressChange.id == change_id)).one_or_none()


def own_mail(person_id: UUID) -> str:
    """Return a person's mail address for their own eyes alone; "" when no identity is kept."""
    return db.session.scalars(select(Identity.mail).where(Identity.person_id == person_id)).one_or_none() or ""


def owner(mail: str, but: UUID) -> UUID | None:
    """Return who else has a mail address, open account or not."""
    query = select(Identity.person_id).where(Identity.mail_index == blind_index.index("mail", mail))
    return db.session.scalars(query.where(Identity.person_id != but)).one_or_none()


def unlooked(real_now: datetime) -> list[UUID]:
    """Return the ids of changes of address of which nobody has looked yet whose the new one is."""
    query = select(AddressChange.id).where(AddressChange.begun_at.is_(None), *_waits(real_now))
    return list(db.session.scalars(query.order_by(AddressChange.ends_at).limit(BATCH)))


def change_of(person_id: UUID, real_now: datetime) -> Change | None:
    """Return the change of address that a person waits for."""
    row = db.session.execute(_CHANGES.where(AddressChange.person_id == person_id, *_waits(real_now))).one_or_none()
    return _change(row[0], row[1]) if row else None


def waits_for_the_old_mailbox(person_id: UUID, real_now: datetime) -> bool:
    """Say whether a person waits for another address, and the old mailbox has not confirmed it."""
    found = change_of(person_id, real_now)
    return found is not None and not found.old_confirmed


def change_by(token_hash: str, real_now: datetime) -> Change | None:
    """Return the change of address that a link of a mail confirms, or None when it opens nothing."""
    mine = or_(AddressChange.old_hash == token_hash, AddressChange.new_hash == token_hash)
    row = db.session.execute(_CHANGES.where(mine, *_waits(real_now), Person.state == PersonState.ACTIVE)).one_or_none()
    return _change(row[0], row[1], Side.OLD if row[0].old_hash == token_hash else Side.NEW) if row else None


def _waits(real_now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (AddressChange.done_at.is_(None), AddressChange.ends_at > real_now)


def _change(found: AddressChange, language: str, side: Side | None = None) -> Change:
    return Change(
        person_id=found.person_id,
        language=language,
        mail=found.mail,
        ends_at=found.ends_at,
        old_confirmed=found.old_confirmed_at is not None,
        new_confirmed=found.new_confirmed_at is not None,
        side=side,
    )


_CHANGES = select(AddressChange, Person.language).join(Person, Person.id == AddressChange.person_id)
