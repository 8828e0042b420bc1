"""A second step that is sent once more: its answer, with the secret of the session that it opened, was lost.

The browser still holds the secret of half a session, which is over. It is let in by what opened the session, sent
again, until the new secret came back once, for as long as half a session lasts; a list or a passkey that was set up
for the first time needs nothing beside it.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.accounts import blind, proofs, proving, service, sessions
from app.accounts.domain import (
    APP_DIGITS,
    CODE_SECONDS,
    COUNTS,
    HALF_LIFE,
    CodeKind,
    PersonState,
    Stage,
    read_code,
)
from app.accounts.models import OneTimeCode, Passkey, Person, SignInSession, UsedStep
from app.accounts.proving import Readmitted
from app.accounts.service import TooMany, Welcome, Wrong
from app.db.session import db
from app.kernel import clock


@dataclass(frozen=True, slots=True)
class Risen:
    """A session that half a one has become, held until the transaction ends; nobody has come back to it yet."""

    session_id: int
    person_id: UUID
    stage: Stage
    shared: bool
    started_at: datetime
    former: str


def by_code(hashed: str, text: str, real_now: datetime) -> tuple[Welcome | Readmitted | Wrong | TooMany, bool] | None:
    """Let somebody in by the code that opened their session, sent again, and say whether the computer is shared.

    `hashed` is the hash of half a session's secret; None where nothing has become of it. A wrong code counts as ever.
    """
    if (risen := _hold(sessions.former_of(hashed), real_now)) is None:
        return None
    if (late := proving.code_waits(risen.person_id, real_now)) is not None:
        return late, risen.shared
    if not _opened_by(risen, read_code(text)):
        proving.fail_code(risen.person_id, real_now)
        return Wrong(), risen.shared
    secret = renew(risen)
    return (Welcome(risen.person_id, secret) if risen.stage is Stage.WHOLE else Readmitted(secret)), risen.shared


def by_first(hashed: str, real_now: datetime) -> Risen | None:
    """Return, held, what half a session has become by a first factor; None where that is not so."""
    return _hold(sessions.former_of(hashed, first=True), real_now)


def set_up_app(risen: Risen, text: str) -> bool:
    """Say whether a session was opened by this code of an app that was set up."""
    return _is_of_app(risen, read_code(text))


def set_up_passkey(risen: Risen, named: str) -> bool:
    """Say whether a session was opened by setting up the passkey of this id."""
    query = select(Passkey.id).where(
        Passkey.person_id == risen.person_id, Passkey.credential_id == named, Passkey.made_at == risen.started_at
    )
    return db.session.scalars(query).first() is not None


def set_up_list(risen: Risen) -> bool:
    """Say whether a session was opened by making a list, of which no code has served."""
    query = select(OneTimeCode.id).where(
        OneTimeCode.person_id == risen.person_id, OneTimeCode.kind == CodeKind.PRINTED,
        OneTimeCode.used_at.is_(None), OneTimeCode.made_at >= risen.started_at,
    )  # fmt: skip
    has = proofs.factors(risen.person_id)
    allowed = proofs.printed_codes_are_allowed(risen.person_id, clock.today())
    return allowed and has.count == 0 and len(db.session.scalars(query).all()) == COUNTS[CodeKind.PRINTED]


def renew(risen: Risen) -> str:
    """Let a session go on under a new secret, and return it; half a one's still serves until it comes back."""
    return service.renew(risen.session_id, risen.former, {})


def _hold(former: str, real_now: datetime) -> Risen | None:
    mine = (
        SignInSession.former_hash == former,
        SignInSession.stage != Stage.HALF,
        SignInSession.started_at > real_now - HALF_LIFE,
        SignInSession.ends_at > real_now,
    )
    person_id = db.session.scalars(select(SignInSession.person_id).where(*mine)).one_or_none()
    if person_id is None:
        return None
    service.queue(person_id.hex)
    if sessions.hold(person_id) is None:
        return None
    query = select(SignInSession).join(Person, Person.id == SignInSession.person_id).where(
        *mine, Person.state == PersonState.ACTIVE
    )  # fmt: skip
    row = db.session.scalars(query.with_for_update(of=SignInSession), execution_options={"populate_existing": True})
    found = row.one_or_none()
    if found is None:
        return None
    return Risen(found.id, person_id, found.stage, found.shared_computer, found.started_at, former)


def _opened_by(risen: Risen, digits: str) -> bool:
    if len(digits) == APP_DIGITS:
        return _is_of_app(risen, digits)
    since = risen.started_at
    query = select(OneTimeCode.id).where(
        OneTimeCode.person_id == risen.person_id,
        OneTimeCode.code_hash.in_(blind.indexes("code", f"{risen.person_id} {digits}")),
        # a helper's code opens no session, but the choice of factors in the one that there was
        OneTimeCode.used_at == since if risen.stage is Stage.WHOLE else OneTimeCode.used_at >= since,
        (OneTimeCode.kind == CodeKind.READMISSION) == (risen.stage is Stage.READMITTED),
    )
    return db.session.scalars(query).first() is not None


def _is_of_app(risen: Risen, digits: str) -> bool:
    """Say whether a code is the one of the app that was used up when the session began."""
    seed = proofs.seed(risen.person_id, confirmed=True)
    at = int(risen.started_at.timestamp()) // CODE_SECONDS
    used = select(UsedStep.step).where(UsedStep.person_id == risen.person_id, UsedStep.step.between(at - 1, at + 1))
    return seed is not None and any(proving.is_code(seed[1], step, digits) for step in db.session.scalars(used))
