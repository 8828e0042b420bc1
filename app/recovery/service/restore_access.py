"""Letting somebody back in who was known again: a code by which they set up new factors, after the password."""

from datetime import datetime
from enum import StrEnum
from typing import Any, cast
from uuid import UUID

from sqlalchemy import delete, select

from app.access import people_rules
from app.access.policy import Actor
from app.db.locks import lock_key
from app.db.session import db, record
from app.identity.models import Person
from app.kernel import clock
from app.recovery import queries
from app.recovery.domain import REQUEST_LIFE, Account, How
from app.recovery.events import AccessRestored, SecondHelperWanted
from app.recovery.models import SecondHelp
from app.sign_in.domain import RESET_CODE_LIFETIME, CodeKind, spaced
from app.sign_in.service import second_factor


class NotYet(StrEnum):
    """Why an administrator is not let back in now."""

    ASKED = "asked"  # a second one has to agree
    WAITS = "waits"  # one has asked already, and is not the second
    TOO_FEW = "too_few"


def hold(actor: Actor, person_id: UUID) -> Account:
    """Return an account as `access.account` does, and hold its roles and postings until the transaction ends.

    Raises NoResultFound for one that the actor may not help with by now: a role may have come since the page was asked.
    """
    lock_key(person_id.hex)
    # not even a row that refers to it is added meanwhile, as a role or a posting would be
    db.session.execute(select(Person.id).where(Person.id == person_id).with_for_update())
    return queries.account(actor, person_id)


def let_in(person_id: UUID, how: How, real_now: datetime) -> str:
    """Make the code that is handed over, in place of an older one, and tell it this once.

    Whoever has no factor sets one up by such a code alone from now on: while it is out a link by mail leads to a new
    password, and that must open nothing once the code is over.
    """
    second_factor.void_factors_if_none_left(person_id)
    codes = second_factor.make_codes(person_id, CodeKind.READMISSION, real_now, ends_at=real_now + RESET_CODE_LIFETIME)
    record(AccessRestored(person_id=person_id, how=how))
    return spaced(codes[0])


def agree(person_id: UUID, by: UUID, how: How, real_now: datetime) -> str | NotYet:
    """Let an administrator back in as the second of two, or ask for a second as the first."""
    lock_key(person_id.hex)
    administrators, enough = queries.helpers(person_id, clock.today())
    if not enough or by not in administrators:
        return NotYet.TOO_FEW
    found = db.session.scalars(select(SecondHelp).where(SecondHelp.person_id == person_id)).one_or_none()
    waits = found is not None and found.ends_at > real_now and found.asked_by in administrators
    if found is not None and waits:
        if not people_rules.can_confirm(found.asked_by, by, person_id):
            return NotYet.WAITS
        db.session.delete(found)
        return let_in(person_id, how, real_now)
    db.session.execute(delete(SecondHelp).where(SecondHelp.person_id == person_id))
    db.session.add(SecondHelp(person_id=person_id, asked_by=by, ends_at=real_now + REQUEST_LIFE))
    record(SecondHelperWanted(person_id=person_id, how=how))
    return NotYet.ASKED


def delete_requests(person_id: UUID) -> None:
    """Delete the requests for a second administrator's help with a person's account."""
    db.session.execute(delete(SecondHelp).where(SecondHelp.person_id == person_id))


def delete_all_requests() -> None:
    """Delete all requests for a second administrator's help."""
    db.session.execute(delete(SecondHelp))


def forget_old(real_now: datetime) -> int:
    """Remove wishes that no second one agreed to in time; return how many."""
    ended = delete(SecondHelp).where(SecondHelp.ends_at <= real_now)
    return int(cast("Any", db.session.execute(ended)).rowcount)
