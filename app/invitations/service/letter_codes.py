"""Check and hash the codes of printed invitation letters, with a rate limit, for the form `/invitation`."""

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


def redeem_code(mail: str, text: str, *, address: str, real_now: datetime) -> str | WrongCredentials | RateLimited:
    """Return the token of the invitation link for a letter code and its mail address, or the refusal.

    Failures are limited by mail address and by network address; both are locked, so that parallel requests all count.
    Letters stay valid when the index key is replaced: of a code only a hash is stored, so that each key is tried.
    """
    mail_index, address_index = blind_index.index("mail", mail), blind_index.index("address", address)
    lock_key(mail_index, address_index)
    by_account, by_address = _failed_codes(mail_index, address_index, real_now)
    left = max(remaining_wait(by_account, CODE_LIMITS, real_now), remaining_wait(by_address, CODE_LIMITS, real_now))
    if left:
        return RateLimited(int(left.total_seconds()) + 1)
    # a letter may have been printed under an older key: its code was hashed with the mail's index of that key
    hashes = [value for index in blind_index.indexes("mail", mail) for value in code_hashes(index, read_code(text))]
    query = select(Invitation).where(Invitation.mail_index == mail_index, Invitation.code_hash.in_(hashes))
    invitation = db.session.scalars(query).one_or_none()
    if invitation is None or not invitations.term(invitation).takes_code(real_now):
        db.session.add(FailedInvitationCode(account=mail_index, address=address_index, at=real_now))
        record(InvitationCodeFailed(account=mail_index))
        return WrongCredentials()
    record(InvitationCodeTaken(invitation_id=invitation.id))
    return invitation.token


def delete_expired(real_now: datetime) -> int:
    """Delete failed codes older than the longest window; return the number of rows."""
    old = delete(FailedInvitationCode).where(FailedInvitationCode.at <= real_now - LONGEST_CODE_WINDOW)
    return int(cast("Any", db.session.execute(old)).rowcount)


def _failed_codes(account: str, address: str, real_now: datetime) -> tuple[Sequence[datetime], Sequence[datetime]]:
    """Return the times of failed codes within the longest window, by index of the mail and of the network address."""
    times = select(FailedInvitationCode.at).where(FailedInvitationCode.at > real_now - LONGEST_CODE_WINDOW).limit(1000)
    by_account = times.where(FailedInvitationCode.account == account)
    by_address = times.where(FailedInvitationCode.address == address)
    return list(db.session.scalars(by_account)), list(db.session.scalars(by_address))


def code_hash(mail_index: str, code: str) -> str:
    """Return the hash that is stored for a code: the blind index of mail index and code, under the newest key."""
    return blind_index.index("invitation-code", f"{mail_index} {code}")


def code_hashes(mail_index: str, code: str) -> list[str]:
    """Return the hashes of a code under each key of the key ring, for letters printed under an older key."""
    return blind_index.indexes("invitation-code", f"{mail_index} {code}")
