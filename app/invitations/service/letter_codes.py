"""Codes of letters: one with the mail address opens the invitation, as its link does."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import delete, select

from app.db import blind_index
from app.db.locks import lock_key
from app.db.session import db, record
from app.invitations.events import InvitationCodeFailed, InvitationCodeTaken
from app.invitations.models import FailedInvitationCode, Invitation
from app.invitations.queries import invitations
from app.sign_in.domain import CODE_LIMITS, LONGEST_CODE_WINDOW, read_code, remaining_wait
from app.sign_in.service.sessions import RateLimited, WrongCredentials


def take_code(mail: str, text: str, *, address: str, real_now: datetime) -> str | WrongCredentials | RateLimited:
    """Return the secret part of the link for a correct letter code and mail address (security S4, S6)."""
    mail_index, place = blind_index.index("mail", mail), blind_index.index("address", address)
    lock_key(mail_index, place)
    by_account, by_address = _failed_codes(mail_index, place, real_now)
    left = max(remaining_wait(by_account, CODE_LIMITS, real_now), remaining_wait(by_address, CODE_LIMITS, real_now))
    if left:
        return RateLimited(int(left.total_seconds()) + 1)
    # a letter may have been printed under an older key: its code was hashed with the mail's index of then
    hashes = [one for index in blind_index.indexes("mail", mail) for one in code_hashes(index, read_code(text))]
    fitting = select(Invitation).where(Invitation.mail_index == mail_index, Invitation.code_hash.in_(hashes))
    found = db.session.scalars(fitting).one_or_none()
    if found is None or not invitations.term(found).takes_code(real_now):
        db.session.add(FailedInvitationCode(account=mail_index, address=place, at=real_now))
        record(InvitationCodeFailed(account=mail_index))
        return WrongCredentials()
    record(InvitationCodeTaken(invitation_id=found.id))
    return found.token


def forget_old(real_now: datetime) -> int:
    """Remove wrong codes older than the longest window; return how many rows went."""
    old = delete(FailedInvitationCode).where(FailedInvitationCode.at <= real_now - LONGEST_CODE_WINDOW)
    return int(cast("Any", db.session.execute(old)).rowcount)


def _failed_codes(account: str, address: str, real_now: datetime) -> tuple[Sequence[datetime], Sequence[datetime]]:
    """Return the times of wrong codes within the longest window: for a mail address, and from a network address."""
    times = select(FailedInvitationCode.at).where(FailedInvitationCode.at > real_now - LONGEST_CODE_WINDOW).limit(1000)
    by_account = times.where(FailedInvitationCode.account == account)
    by_address = times.where(FailedInvitationCode.address == address)
    return list(db.session.scalars(by_account)), list(db.session.scalars(by_address))


def code_hash(mail_index: str, code: str) -> str:
    """Return the keyed hash of a code with the index of its mail address."""
    return blind_index.index("invitation-code", f"{mail_index} {code}")


def code_hashes(mail_index: str, code: str) -> list[str]:
    """Return the same under every key that was in use."""
    return blind_index.indexes("invitation-code", f"{mail_index} {code}")
