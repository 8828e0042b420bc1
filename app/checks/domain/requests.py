"""Rules of requests for a check: states, moves, limits, and when an officer may ask."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from app.catalogue.domain.items import Level
from app.competence.domain.statuses import VerificationStatus
from app.kernel.errors import IllegalMoveError

REASON_LIMIT = 300
MOST_PLANNED = 40  # officers of a sitting that is planned from a list
PAUSE = timedelta(days=14)  # after a declined request


class CheckRequestState(StrEnum):
    OPEN = "open"
    PLANNED = "planned"  # the officer has a seat in a sitting
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    DONE = "done"


LIVE = (CheckRequestState.OPEN, CheckRequestState.PLANNED)


class RequestStep(StrEnum):
    PLAN = "plan"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    FINISH = "finish"
    REOPEN = "reopen"  # the sitting was cancelled, or the officer was absent


MOVES: Mapping[tuple[CheckRequestState, RequestStep], CheckRequestState] = {
    (CheckRequestState.OPEN, RequestStep.PLAN): CheckRequestState.PLANNED,
    (CheckRequestState.OPEN, RequestStep.DECLINE): CheckRequestState.DECLINED,
    (CheckRequestState.OPEN, RequestStep.WITHDRAW): CheckRequestState.WITHDRAWN,
    (CheckRequestState.OPEN, RequestStep.FINISH): CheckRequestState.DONE,
    (CheckRequestState.PLANNED, RequestStep.FINISH): CheckRequestState.DONE,
    (CheckRequestState.PLANNED, RequestStep.REOPEN): CheckRequestState.OPEN,
}


def state_after(state: CheckRequestState, step: RequestStep) -> CheckRequestState:
    """Return the state that follows; raise IllegalMoveError for a step that is not in the table."""
    try:
        return MOVES[state, step]
    except KeyError:
        raise IllegalMoveError(f"A request for a check that is {state} cannot {step}.") from None


class AskRefusal(StrEnum):
    """Why an officer cannot ask for a check now."""

    NO_POSTING = "no_posting"
    VERIFIED = "verified"  # for 28 days or more
    NO_WAY = "no_way"  # no sitting can verify it: neither enough questions nor a desk task
    DECLINED = "declined"  # within the pause


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCheckRequest:
    """The newest request of an officer for a competency; `reason` is that of a declined one."""

    id: UUID
    person_id: UUID
    competency: str
    level: Level
    state: CheckRequestState
    asked_at: datetime
    answered_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """An officer who asks for a check; `declined_on` is the day of the last declined request of the competency."""

    country: str  # of today's posting, "" without one
    status: VerificationStatus
    has_way: bool
    declined_on: date | None = None


def refusal(asker: Asker, today: date) -> AskRefusal | None:
    """Return the first reason why an officer cannot ask, or None."""
    reasons = {
        AskRefusal.NO_POSTING: not asker.country,
        AskRefusal.VERIFIED: asker.status is VerificationStatus.VERIFIED,
        AskRefusal.NO_WAY: not asker.has_way,
        AskRefusal.DECLINED: asker.declined_on is not None and today < again_from(asker.declined_on),
    }
    return next((reason for reason, applies in reasons.items() if applies), None)


def blocks(request: OwnCheckRequest, today: date) -> bool:
    """Return whether the newest request of an officer for a competency prevents another one."""
    if request.state is CheckRequestState.DECLINED and request.answered_at is not None:
        return today < again_from(request.answered_at.date())
    return request.state in LIVE


def again_from(declined_on: date) -> date:
    """Return the first day on which an officer may ask again."""
    return declined_on + PAUSE
