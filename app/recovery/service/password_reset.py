"""Reset a forgotten password by a mailed link, which works once; `directory.jobs` looks up the account and sends it."""

import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, update

from app.db import blind_index
from app.db.locks import lock_key
from app.db.session import changed_rows, db, record
from app.identity.queries import people
from app.kernel import clock
from app.recovery import domain, queries as recovery_queries
from app.recovery.domain import LINK_LIFE, LONGEST, OF_ACCOUNT, OF_ADDRESS
from app.recovery.events import LinkAsked, LinkMade, LinkWithheld
from app.recovery.models import AskedForLink, PasswordLink
from app.sign_in.domain import TOTAL_LIMITS, remaining_wait
from app.sign_in.queries import factors
from app.sign_in.service import passwords
from app.sign_in.service.sessions import RateLimited, hash_secret

TOKEN_BYTES = 24  # 192 bits, as a session's


def ask(name: str, *, address: str, real_now: datetime) -> RateLimited | None:
    """Record a request for a password link, within the rate limits; nothing depends on whether the name exists.

    A job searches the account and sends the link, so that response times reveal nothing.
    """
    account, network = blind_index.index("mail", name), blind_index.index("address", address)
    lock_key(account, network)
    by_account, by_address, every = recovery_queries.request_times(account, network, real_now)
    left = max(
        remaining_wait(by_account, OF_ACCOUNT, real_now),
        remaining_wait(by_address, OF_ADDRESS, real_now),
        remaining_wait(every, TOTAL_LIMITS, real_now),
    )
    if left:
        return RateLimited(int(left.total_seconds()) + 1)
    number = blind_index.index("service", name)
    db.session.add(AskedForLink(account=account, number=number, address=network, at=real_now))
    record(LinkAsked(account=account))
    return None


def answer(asked_id: int, real_now: datetime) -> None:
    """Create a password reset link and queue its mail. Do nothing if the account is unknown or was processed."""
    unanswered = update(AskedForLink).where(AskedForLink.id == asked_id, AskedForLink.answered_at.is_(None))
    taken = unanswered.values(answered_at=real_now).returning(
        AskedForLink.account, AskedForLink.number, AskedForLink.at
    )
    row = db.session.execute(taken, execution_options={"synchronize_session": False}).first()
    person_id = recovery_queries.by_indexes(row.account, row.number) if row else None
    if row is None or person_id is None:
        return
    suffices = domain.mail_suffices(
        factor_required=factors.factor_is_required(person_id, clock.today()),
        factors=factors.factors(person_id).count,
        code_is_out=factors.has_open_reset_code(person_id, real_now),
    )
    if not suffices:
        record(LinkWithheld(person_id=person_id, asked=asked_id))
        return
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = PasswordLink(person_id=person_id, token_hash=hash_secret(token), token=token, ends_at=row.at + LINK_LIFE)
    db.session.add(link)
    db.session.flush()
    record(LinkMade(person_id=person_id, link_id=link.id))


def use_link(token: str, password_hash: str, real_now: datetime) -> bool:
    """Set a new password by a link, which works once; return False if it is not valid. All sessions end."""
    valid = (PasswordLink.token_hash == hash_secret(token), PasswordLink.ends_at > real_now)
    # a single statement, so that only one of several simultaneous requests gets the link
    taken = delete(PasswordLink).where(*valid).returning(PasswordLink.person_id)
    person_id: UUID | None = db.session.scalars(taken, execution_options={"synchronize_session": False}).one_or_none()
    if person_id is None or not people.addressees([person_id]):
        return False
    passwords.set_password(person_id, password_hash)
    return True


def delete_links(person_id: UUID) -> None:
    """Delete the links by which a person may set a new password."""
    db.session.execute(delete(PasswordLink).where(PasswordLink.person_id == person_id))


def delete_all_links() -> None:
    """Delete the password links of all people."""
    db.session.execute(delete(PasswordLink))


def delete_expired(real_now: datetime) -> int:
    """Delete expired links, and requests after the longest window; return the number of rows."""
    expired = (
        delete(AskedForLink).where(AskedForLink.at <= real_now - LONGEST),
        delete(PasswordLink).where(PasswordLink.ends_at <= real_now),
    )
    return sum(map(changed_rows, expired))
