"""Delete factors, sessions and failed sign-ins of a person; used by `directory.service.erasure`."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete

from app.db import blind_index
from app.db.session import db
from app.identity.models import Identity
from app.sign_in.models import (
    AuthenticatorApp,
    Challenge,
    FailedCode,
    FailedSignIn,
    KnownBrowser,
    OneTimeCode,
    Passkey,
    SignInSession,
    UsedStep,
)
from app.sign_in.service import sessions

TABLES: tuple[Any, ...] = (
    AuthenticatorApp, OneTimeCode, Passkey, UsedStep, FailedCode, Challenge, KnownBrowser, SignInSession,
)  # fmt: skip


def delete_personal_data(person_id: UUID) -> None:
    """Delete factors, sessions and failed sign-ins of a person; the identity, which names them, must still exist."""
    names = [sessions.rate_limit_key(person_id, "")]
    identity = db.session.get(Identity, person_id)
    if identity is not None:
        names += filter(None, (identity.mail, identity.service_number))
    accounts = [blind_index.index("account", name) for name in names] + [sessions.person_limit_index(person_id)]
    db.session.execute(delete(FailedSignIn).where(FailedSignIn.account.in_(accounts)))
    for table in TABLES:
        db.session.execute(delete(table).where(table.person_id == person_id))
