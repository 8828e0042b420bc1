"""Read link requests, links and changes of address, and load an account that the actor may help with."""

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
from app.recovery.domain import LINK_LIFE, LONGEST, Account, Mailbox
from app.recovery.models import AddressChange, AskedForLink, PasswordLink, SecondHelp
from app.rights.queries import roles as rights_roles
from app.sign_in.domain import TOTAL_LIMITS
from app.sign_in.queries import sessions

BATCH = 200


@dataclass(frozen=True, slots=True)
class OpenAddressChange:
    """An open change of the mail address, and which mailboxes have confirmed it."""

    person_id: UUID
    language: str
    mail: str
    ends_at: datetime
    old_confirmed: bool
    new_confirmed: bool
    side: Mailbox | None = None  # of the link by which it was found


@dataclass(frozen=True, slots=True)
class AccessRequest:
    """A request of one administrator to restore the access of another one."""

    asked_by: UUID
    ends_at: datetime


def account(actor: Actor, person_id: UUID) -> Account:
    """Return an open account that the actor may help with, or raise NoResultFound."""
    today = clock.today()
    query = select(Person.alias).where(Person.id == person_id, Person.state == PersonState.ACTIVE)
    alias = db.session.scalars(query).one()
    country = postings.countries([person_id], today).get(person_id, "")
    helped = Account(person_id, alias, country, domain.roles_for_recovery(roles.roles_valid_from(person_id, today)))
    if not people_rules.can_restore_access(actor, helped):
        raise NoResultFound
    return helped


def closable_account(actor: Actor, person_id: UUID) -> Account:
    """Return an open account that the actor may help with alone, and close, or raise NoResultFound."""
    helped = account(actor, person_id)
    if not people_rules.can_close(actor, helped):
        raise NoResultFound
    return helped


def helpers(person_id: UUID, today: date) -> tuple[frozenset[UUID], bool]:
    """Return the active administrators, and whether two of them remain to restore access of this person.

    The person without access counts as an administrator, with a passkey or without.
    """
    administrators = rights_roles.administrators(today)
    return administrators, domain.enough_administrators(len(administrators | {person_id}))


def open_request(person_id: UUID, real_now: datetime) -> AccessRequest | None:
    """Return the open request to restore the access of an administrator, or None."""
    query = select(SecondHelp).where(SecondHelp.person_id == person_id, SecondHelp.ends_at > real_now)
    row = db.session.scalars(query).one_or_none()
    return AccessRequest(row.asked_by, row.ends_at) if row else None


def request_times(account: str, address: str, real_now: datetime) -> tuple[Sequence[datetime], ...]:
    """Return the times of requests for links within the longest window: for the name, from the address, and all."""
    times = select(AskedForLink.at).where(AskedForLink.at > real_now - LONGEST).limit(1000)
    total = TOTAL_LIMITS[0]
    of_all = select(AskedForLink.at).where(AskedForLink.at > real_now - total.window).limit(total.failures)
    by_account = times.where(AskedForLink.account == account)
    by_address = times.where(AskedForLink.address == address)
    return tuple(list(db.session.scalars(query)) for query in (by_account, by_address, of_all))


def unanswered_requests(real_now: datetime) -> list[int]:
    """Return the ids of requests for a link that were not processed yet, while the link could still be valid."""
    query = (
        select(AskedForLink.id)
        .where(AskedForLink.answered_at.is_(None), AskedForLink.at > real_now - LINK_LIFE)
        .order_by(AskedForLink.at)
        .limit(BATCH)
    )
    return list(db.session.scalars(query))


def by_indexes(mail_index: str, service_index: str) -> UUID | None:
    """Return the active person of a mail address, or else of a service number."""
    row = sessions.people_by_indexes(mail_index, service_index)
    return row[0] if row else None


def reader_of(token_hash: str, real_now: datetime) -> str | None:
    """Return the language of the person for whom a password link is valid, or None if it is not."""
    query = (
        select(Person.language)
        .join(PasswordLink, PasswordLink.person_id == Person.id)
        .where(PasswordLink.token_hash == token_hash, PasswordLink.ends_at > real_now)
        .where(Person.state == PersonState.ACTIVE)
    )
    return db.session.scalars(query).one_or_none()


def link_mail(link_id: UUID, real_now: datetime) -> LinkMail | None:
    """Return the data of the mail of a password link, or None if the link is no longer valid."""
    link = db.session.get(PasswordLink, link_id)
    if link is None or link.ends_at <= real_now:
        return None
    to = people.addressees([link.person_id]).get(link.person_id)
    return LinkMail(to.mail, to.language, link.token) if to else None


def address_mail(change_id: UUID, side: Mailbox, real_now: datetime) -> LinkMail | None:
    """Return the data of a mail of an address change: with a link while it is open, without one when it is done."""
    change = db.session.get(AddressChange, change_id)
    if change is None or change.ends_at <= real_now:
        return None
    to = people.addressees([change.person_id]).get(change.person_id)
    if to is None:
        return None
    if change.old_mail is not None:
        return LinkMail(change.old_mail, to.language, "")
    if side is Mailbox.OLD:
        return LinkMail(to.mail, to.language, change.old_token)
    return None if is_withheld(change_id, side) else LinkMail(change.mail, to.language, change.new_token)


def is_withheld(change_id: UUID, side: Mailbox) -> bool:
    """Return whether a link is not sent because another person has the new address; the requester must not notice."""
    change = db.session.get(AddressChange, change_id) if side is Mailbox.NEW else None
    return change is not None and change.done_at is None and owner(change.mail, but=change.person_id) is not None


def who_asked(change_id: UUID) -> UUID | None:
    """Return the person who requested a change of the mail address, or None."""
    return db.session.scalars(select(AddressChange.person_id).where(AddressChange.id == change_id)).one_or_none()


def own_mail(person_id: UUID) -> str:
    """Return the mail address of a person, to be shown to that person only; "" if there is no identity."""
    return db.session.scalars(select(Identity.mail).where(Identity.person_id == person_id)).one_or_none() or ""


def owner(mail: str, but: UUID) -> UUID | None:
    """Return another person who has a mail address, with an open account or not."""
    query = select(Identity.person_id).where(Identity.mail_index == blind_index.index("mail", mail))
    return db.session.scalars(query.where(Identity.person_id != but)).one_or_none()


def unchecked_changes(real_now: datetime) -> list[UUID]:
    """Return the ids of changes of address whose new address was not checked yet."""
    query = select(AddressChange.id).where(AddressChange.begun_at.is_(None), *_is_open(real_now))
    return list(db.session.scalars(query.order_by(AddressChange.ends_at).limit(BATCH)))


def change_of(person_id: UUID, real_now: datetime) -> OpenAddressChange | None:
    """Return the open change of address of a person, or None."""
    row = db.session.execute(_CHANGES.where(AddressChange.person_id == person_id, *_is_open(real_now))).one_or_none()
    return _change(row[0], row[1]) if row else None


def waits_for_the_old_mailbox(person_id: UUID, real_now: datetime) -> bool:
    """Return whether a person has an open change of address that the old mailbox has not confirmed."""
    change = change_of(person_id, real_now)
    return change is not None and not change.old_confirmed


def change_by(token_hash: str, real_now: datetime) -> OpenAddressChange | None:
    """Return the change of address that a link confirms, or None if the link is not valid."""
    has_token = or_(AddressChange.old_hash == token_hash, AddressChange.new_hash == token_hash)
    query = _CHANGES.where(has_token, *_is_open(real_now), Person.state == PersonState.ACTIVE)
    row = db.session.execute(query).one_or_none()
    if row is None:
        return None
    side = Mailbox.OLD if row[0].old_hash == token_hash else Mailbox.NEW
    return _change(row[0], row[1], side)


def _is_open(real_now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (AddressChange.done_at.is_(None), AddressChange.ends_at > real_now)


def _change(row: AddressChange, language: str, side: Mailbox | None = None) -> OpenAddressChange:
    return OpenAddressChange(
        person_id=row.person_id,
        language=language,
        mail=row.mail,
        ends_at=row.ends_at,
        old_confirmed=row.old_confirmed_at is not None,
        new_confirmed=row.new_confirmed_at is not None,
        side=side,
    )


_CHANGES = select(AddressChange, Person.language).join(Person, Person.id == AddressChange.person_id)
