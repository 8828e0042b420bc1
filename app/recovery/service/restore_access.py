"""Issue the code with which a person sets up new second factors; an administrator's takes two helpers."""

from collections.abc import Set
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import delete, select

from app.access import people_rules
from app.access.policy import Actor
from app.db.locks import lock_key
from app.db.session import changed_rows, db, record
from app.identity.models import Person
from app.kernel import clock
from app.recovery import queries
from app.recovery.domain import REQUEST_LIFE, Account, IdentityCheck
from app.recovery.events import AccessRestored, SecondHelperWanted
from app.recovery.models import SecondHelp
from app.sign_in.domain import RESET_CODE_LIFETIME, CodeKind, in_two_halves
from app.sign_in.service import second_factor


class ResetRefusal(StrEnum):
    """Why the access of an administrator is not restored now."""

    ASKED = "asked"  # a second one has to agree
    WAITS = "waits"  # the user made the first request and cannot be the second
    TOO_FEW = "too_few"


def lock_account(actor: Actor, person_id: UUID) -> Account:
    """Lock an account with its roles and postings, and return it as `queries.account` does.

    Raises NoResultFound if the actor may not help: a role may have begun since the page was loaded.
    """
    lock_key(person_id.hex)
    # FOR UPDATE also blocks new rows that refer to the person, such as roles and postings
    db.session.execute(select(Person.id).where(Person.id == person_id).with_for_update())
    return queries.account(actor, person_id)


def issue_reset_code(person_id: UUID, how: IdentityCheck, real_now: datetime) -> str:
    """Create the code that the helper hands over, in place of an earlier one, and return it this once.

    From now on a person without a factor can set one up only by such a code. While it is valid, a mailed link may set
    a new password; after it has expired, that password alone must not open the account.
    """
    second_factor.void_factors_if_none_left(person_id)
    codes = second_factor.make_codes(person_id, CodeKind.READMISSION, real_now, ends_at=real_now + RESET_CODE_LIFETIME)
    record(AccessRestored(person_id=person_id, how=how))
    return in_two_halves(codes[0])


def approve_reset(person_id: UUID, by: UUID, how: IdentityCheck, real_now: datetime) -> str | ResetRefusal:
    """Issue a code for an administrator as the second of two, or request a second as the first."""
    lock_key(person_id.hex)
    administrators, enough = queries.helpers(person_id, clock.today())
    if not enough or by not in administrators:
        return ResetRefusal.TOO_FEW
    first = _valid_request(person_id, administrators, real_now)
    if first is not None:
        if not people_rules.can_confirm(first.asked_by, by, person_id):
            return ResetRefusal.WAITS
        db.session.delete(first)
        return issue_reset_code(person_id, how, real_now)
    db.session.execute(delete(SecondHelp).where(SecondHelp.person_id == person_id))
    db.session.add(SecondHelp(person_id=person_id, asked_by=by, ends_at=real_now + REQUEST_LIFE))
    record(SecondHelperWanted(person_id=person_id, how=how))
    return ResetRefusal.ASKED


def _valid_request(person_id: UUID, administrators: Set[UUID], real_now: datetime) -> SecondHelp | None:
    """Return the open request for this person if its author is still an administrator, or None."""
    request = db.session.scalars(select(SecondHelp).where(SecondHelp.person_id == person_id)).one_or_none()
    if request is None or request.ends_at <= real_now or request.asked_by not in administrators:
        return None
    return request


def delete_requests(person_id: UUID) -> None:
    """Delete the requests for a second administrator's help with a person's account."""
    db.session.execute(delete(SecondHelp).where(SecondHelp.person_id == person_id))


def delete_all_requests() -> None:
    """Delete all requests for a second administrator's help."""
    db.session.execute(delete(SecondHelp))


def delete_expired(real_now: datetime) -> int:
    """Delete expired requests for a second administrator; return the number of rows."""
    return changed_rows(delete(SecondHelp).where(SecondHelp.ends_at <= real_now))
