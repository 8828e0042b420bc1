"""Change a mail address: requested with the password, confirmed from the old and from the new mailbox."""

import secrets
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, or_, select, update

from app.db import blind_index
from app.db.locks import lock_key
from app.db.session import changed_rows, db, record
from app.identity.models import Identity
from app.identity.queries import people, postings
from app.kernel import clock
from app.recovery import queries as recovery_queries
from app.recovery.domain import ADDRESS_LIFE, OF_ACCOUNT, IdentityCheck, Mailbox
from app.recovery.events import (
    AddressChangeAsked,
    AddressChangeBegun,
    AddressChanged,
    AddressClaimed,
    AddressConfirmed,
    AddressRefused,
)
from app.recovery.models import AddressChange, AskedForLink, PasswordLink
from app.sign_in.domain import REPEATED_SUBMIT_WINDOW, remaining_wait
from app.sign_in.service.sessions import RateLimited, hash_secret

TOKEN_BYTES = 24


class Confirmed(StrEnum):
    """The state of a change after one mailbox has confirmed it."""

    WAITS = "waits"  # for the other side
    DONE = "done"
    TAKEN = "taken"  # another account has the address now


def ask(person_id: UUID, mail: str, *, address: str, real_now: datetime) -> RateLimited | None:
    """Request a change of the mail address in place of an earlier one; a repeated submit does nothing.

    Nothing depends on the owner of the address: a job checks it later and queues the mails.
    """
    account = blind_index.index("address of", str(person_id))
    network = blind_index.index("address", address)
    lock_key(account)
    if _asked_just_now(person_id, mail, real_now):
        return None
    by_account, _by_address, _every = recovery_queries.request_times(account, network, real_now)
    if left := remaining_wait(by_account, OF_ACCOUNT, real_now):
        return RateLimited(int(left.total_seconds()) + 1)
    # counts towards the limit of all mailed links; `begin` processes the request
    db.session.add(AskedForLink(account=account, number=account, address=network, at=real_now, answered_at=real_now))
    waiting = delete(AddressChange).where(AddressChange.person_id == person_id, AddressChange.done_at.is_(None))
    db.session.execute(waiting)
    old, new = secrets.token_urlsafe(TOKEN_BYTES), secrets.token_urlsafe(TOKEN_BYTES)
    change = AddressChange(
        person_id=person_id,
        mail=mail,
        old_hash=hash_secret(old),
        old_token=old,
        new_hash=hash_secret(new),
        new_token=new,
        ends_at=real_now + ADDRESS_LIFE,
    )
    db.session.add(change)
    record(AddressChangeAsked(person_id=person_id))
    return None


def begin(change_id: UUID, real_now: datetime) -> None:
    """Check the owner of the new address and queue the mails, once; an existing owner is notified and gets no link.

    The requester sees no difference: neither in the archive nor in the state of the mails.
    """
    unchecked = update(AddressChange).where(AddressChange.id == change_id, AddressChange.begun_at.is_(None))
    begun = unchecked.values(begun_at=real_now).execution_options(synchronize_session=False)
    if not changed_rows(begun):
        return
    change = db.session.get_one(AddressChange, change_id, populate_existing=True)
    record(AddressChangeBegun(person_id=change.person_id, change_id=change_id))
    owner = recovery_queries.owner(change.mail, but=change.person_id)
    if owner is not None:
        countries = postings.countries([owner], clock.today())
        record(AddressClaimed(person_id=owner, country=countries.get(owner, "")))
        record(AddressRefused(change_id=change_id))


def confirm(token: str, real_now: datetime) -> Confirmed | None:
    """Confirm a change from one of the two mailboxes; return None if the link is not valid."""
    hashed = hash_secret(token)
    change = _lock_open(or_(AddressChange.old_hash == hashed, AddressChange.new_hash == hashed), real_now)
    if change is None or not people.addressees([change.person_id]):
        return None
    if change.old_hash == hashed:
        side, change.old_confirmed_at = Mailbox.OLD, change.old_confirmed_at or real_now
    else:
        side, change.new_confirmed_at = Mailbox.NEW, change.new_confirmed_at or real_now
    record(AddressConfirmed(person_id=change.person_id, side=side))
    return _complete(change, real_now)


def confirm_in_place(person_id: UUID, how: IdentityCheck, real_now: datetime) -> Confirmed | None:
    """Confirm a change for the old mailbox, by a helper who met the person; return None if no change is open."""
    unconfirmed = and_(AddressChange.person_id == person_id, AddressChange.old_confirmed_at.is_(None))
    change = _lock_open(unconfirmed, real_now)
    if change is None:
        return None
    change.old_confirmed_at = real_now
    record(AddressConfirmed(person_id=person_id, side=Mailbox.OLD, how=how))
    return _complete(change, real_now)


def _lock_open(condition: ColumnElement[bool], real_now: datetime) -> AddressChange | None:
    """Lock and return the open change of address that meets a condition, or None."""
    query = select(AddressChange).where(condition, AddressChange.ends_at > real_now, AddressChange.done_at.is_(None))
    return db.session.scalars(query.with_for_update(), execution_options={"populate_existing": True}).one_or_none()


def delete_changes(person_id: UUID) -> None:
    """Delete a person's changes of address, completed or not."""
    db.session.execute(delete(AddressChange).where(AddressChange.person_id == person_id))


def delete_open_changes() -> None:
    """Delete the open changes of address of all people; completed ones still notify the old address."""
    db.session.execute(delete(AddressChange).where(AddressChange.done_at.is_(None)))


def delete_expired(real_now: datetime) -> int:
    """Delete expired changes of address, completed or not; return the number of rows."""
    return changed_rows(delete(AddressChange).where(AddressChange.ends_at <= real_now))


def _asked_just_now(person_id: UUID, mail: str, real_now: datetime) -> bool:
    """Return whether the same address was requested a moment ago and is still open: its mails are on their way."""
    query = select(AddressChange).where(
        AddressChange.person_id == person_id,
        AddressChange.ends_at > real_now + ADDRESS_LIFE - REPEATED_SUBMIT_WINDOW,
        AddressChange.done_at.is_(None),
    )
    return any(change.mail.casefold() == mail.casefold() for change in db.session.scalars(query))


def _complete(change: AddressChange, real_now: datetime) -> Confirmed:
    """Change the mail address if both mailboxes have confirmed it."""
    if change.old_confirmed_at is None or change.new_confirmed_at is None:
        return Confirmed.WAITS
    index = blind_index.index("mail", change.mail)
    lock_key(index)
    if recovery_queries.owner(change.mail, but=change.person_id) is not None:
        db.session.delete(change)
        return Confirmed.TAKEN
    identity = db.session.get_one(Identity, change.person_id, populate_existing=True)
    # the old address is stored until it has been notified
    change.old_mail, change.done_at, change.ends_at = identity.mail, real_now, real_now + ADDRESS_LIFE
    identity.mail, identity.mail_index = change.mail, index
    # links that were sent to the old mailbox
    db.session.execute(delete(PasswordLink).where(PasswordLink.person_id == change.person_id))
    record(AddressChanged(person_id=change.person_id, change_id=change.id))
    return Confirmed.DONE
