"""Changing one's mail address: asked for with the password, confirmed from the old mailbox and from the new one."""

import secrets
from datetime import datetime
from enum import StrEnum
from typing import Any, cast
from uuid import UUID

from sqlalchemy import delete, or_, select, update

from app.db import blind_index
from app.db.locks import lock_key
from app.db.session import db, record
from app.identity.models import Identity
from app.identity.queries import people, postings
from app.kernel import clock
from app.recovery import queries as recovery_queries
from app.recovery.domain import ADDRESS_LIFE, OF_ACCOUNT, How, Side
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
    """What became of a change when one side was confirmed."""

    WAITS = "waits"  # for the other side
    DONE = "done"
    TAKEN = "taken"  # somebody else got the address meanwhile


def ask(person_id: UUID, mail: str, *, address: str, real_now: datetime) -> RateLimited | None:
    """Keep that a person wants another mail address, in place of an older wish; a second press does nothing.

    Nothing here depends on whose it is: a job looks, and lets the links be mailed.
    """
    account, place = blind_index.index("address of", str(person_id)), blind_index.index("address", address)
    lock_key(account)
    if _asked_just_now(person_id, mail, real_now):
        return None
    by_account, _by_address, _every = recovery_queries.asked(account, place, real_now)
    if left := remaining_wait(by_account, OF_ACCOUNT, real_now):
        return RateLimited(int(left.total_seconds()) + 1)
    # counted with the other links that are mailed, and answered elsewhere
    db.session.add(AskedForLink(account=account, number=account, address=place, at=real_now, answered_at=real_now))
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
    """Look whose the new address is and let the links be mailed, once; whose it is already is told, and gets none.

    Who asked finds nothing that differs: not in the archive, and not in what their mails came to.
    """
    unlooked = update(AddressChange).where(AddressChange.id == change_id, AddressChange.begun_at.is_(None))
    taken = db.session.execute(unlooked.values(begun_at=real_now), execution_options={"synchronize_session": False})
    if not cast("Any", taken).rowcount:
        return
    found = db.session.get_one(AddressChange, change_id, populate_existing=True)
    record(AddressChangeBegun(person_id=found.person_id, change_id=change_id))
    owner = recovery_queries.owner(found.mail, but=found.person_id)
    if owner is not None:
        countries = postings.countries([owner], clock.today())
        record(AddressClaimed(person_id=owner, country=countries.get(owner, "")))
        record(AddressRefused(change_id=change_id))


def confirm(token: str, real_now: datetime) -> Confirmed | None:
    """Confirm a change from one of the two mailboxes; None when the link opens nothing."""
    hashed = hash_secret(token)
    query = (
        select(AddressChange)
        .where(or_(AddressChange.old_hash == hashed, AddressChange.new_hash == hashed))
        .where(AddressChange.ends_at > real_now, AddressChange.done_at.is_(None))
        .with_for_update()
    )
    found = db.session.scalars(query, execution_options={"populate_existing": True}).one_or_none()
    if found is None or not people.addressees([found.person_id]):
        return None
    if found.old_hash == hashed:
        side, found.old_confirmed_at = Side.OLD, found.old_confirmed_at or real_now
    else:
        side, found.new_confirmed_at = Side.NEW, found.new_confirmed_at or real_now
    record(AddressConfirmed(person_id=found.person_id, side=side))
    return _after(found, real_now)


def confirm_in_place(person_id: UUID, how: How, real_now: datetime) -> Confirmed | None:
    """Confirm a change in place of the old mailbox, for a helper who met the person; None when none waits for that."""
    query = (
        select(AddressChange)
        .where(AddressChange.person_id == person_id, AddressChange.old_confirmed_at.is_(None))
        .where(AddressChange.ends_at > real_now, AddressChange.done_at.is_(None))
        .with_for_update()
    )
    found = db.session.scalars(query, execution_options={"populate_existing": True}).one_or_none()
    if found is None:
        return None
    found.old_confirmed_at = real_now
    record(AddressConfirmed(person_id=person_id, side=Side.OLD, how=how))
    return _after(found, real_now)


def delete_changes(person_id: UUID) -> None:
    """Delete a person's changes of address, completed or not."""
    db.session.execute(delete(AddressChange).where(AddressChange.person_id == person_id))


def delete_open_changes() -> None:
    """Delete everybody's changes of address that are not completed; completed ones still notify the old address."""
    db.session.execute(delete(AddressChange).where(AddressChange.done_at.is_(None)))


def forget_old(real_now: datetime) -> int:
    """Remove changes whose time is over, done or not; return how many."""
    ended = delete(AddressChange).where(AddressChange.ends_at <= real_now)
    return int(cast("Any", db.session.execute(ended)).rowcount)


def _asked_just_now(person_id: UUID, mail: str, real_now: datetime) -> bool:
    """Say whether the same address was asked for a while ago, and nothing became of it: its links are on their way."""
    query = select(AddressChange).where(
        AddressChange.person_id == person_id,
        AddressChange.ends_at > real_now + ADDRESS_LIFE - REPEATED_SUBMIT_WINDOW,
        AddressChange.done_at.is_(None),
    )
    return any(one.mail.casefold() == mail.casefold() for one in db.session.scalars(query))


def _after(found: AddressChange, real_now: datetime) -> Confirmed:
    if found.old_confirmed_at is None or found.new_confirmed_at is None:
        return Confirmed.WAITS
    return _carry_out(found, real_now)


def _carry_out(found: AddressChange, real_now: datetime) -> Confirmed:
    index = blind_index.index("mail", found.mail)
    lock_key(index)
    if recovery_queries.owner(found.mail, but=found.person_id) is not None:
        db.session.delete(found)
        return Confirmed.TAKEN
    identity = db.session.get_one(Identity, found.person_id, populate_existing=True)
    # the old one is kept until it was told, too
    found.old_mail, found.done_at, found.ends_at = identity.mail, real_now, real_now + ADDRESS_LIFE
    identity.mail, identity.mail_index = found.mail, index
    # links that went to the old mailbox
    db.session.execute(delete(PasswordLink).where(PasswordLink.person_id == found.person_id))
    record(AddressChanged(person_id=found.person_id, change_id=found.id))
    return Confirmed.DONE
