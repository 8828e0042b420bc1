"""States of a nomination, the steps between them, who takes each, and who acts next until when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.kernel.errors import IllegalMoveError
from app.workshops.domain.events import ACTIVE, WorkshopState

SEX_KEPT = timedelta(days=30)  # the told sex, after the last day of an event that is not closed


class NominationState(StrEnum):
    INTERESTED = "interested"
    ENDORSED = "endorsed"  # by the supervisor
    NOMINATED = "nominated"  # and ranked, by the contact point
    SELECTED = "selected"  # has a seat; the offer follows
    WAITLISTED = "waitlisted"
    DECLINED = "declined"  # never without a reason
    OFFERED = "offered"
    CONFIRMED = "confirmed"
    ATTENDED = "attended"
    PARTLY_ATTENDED = "partly_attended"  # some sessions, or was excused
    NO_SHOW = "no_show"  # without notice
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"  # by another person of the country
    EXPIRED = "expired"  # the offer was not answered


class NominationStep(StrEnum):
    ENDORSE = "endorse"
    NOMINATE = "nominate"
    RETURN = "return"  # the contact point took the nomination back before the deadline
    DECLINE = "decline"
    SELECT = "select"
    WAITLIST = "waitlist"
    OFFER = "offer"
    CONFIRM = "confirm"
    EXPIRE = "expire"
    WITHDRAW = "withdraw"
    REPLACE = "replace"
    ATTEND = "attend"
    ATTEND_PARTLY = "attend_partly"
    MISS = "miss"


class NominationOffice(StrEnum):
    """Who takes a step."""

    NOMINEE = "nominee"
    SUPERVISOR = "supervisor"
    CONTACT_POINT = "contact_point"
    SECRETARIAT = "secretariat"  # coordinators and trainers of the event
    SYSTEM = "system"


class UseTime(StrEnum):
    """When the officer would use what the event practises."""

    NOW = "now"
    THIS_YEAR = "this_year"
    LATER = "later"
    NOT_SURE = "not_sure"


class LanguageLevel(StrEnum):
    """How well the officer knows the working language of the event."""

    NONE = "none"
    BASIC = "basic"
    WORKING = "working"
    FLUENT = "fluent"


class NominationReason(StrEnum):
    """Why a country nominates an officer."""

    USES_IT_DAILY = "uses_it_daily"
    NEW_IN_ROLE = "new_in_role"
    PASSES_IT_ON = "passes_it_on"
    NEED_OF_COUNTRY = "need_of_country"
    OTHER = "other"


class RoundKind(StrEnum):
    SELECTION = "selection"
    REALLOCATION = "reallocation"


State, Step = NominationState, NominationStep
LIVE = (
    State.INTERESTED, State.ENDORSED, State.NOMINATED, State.SELECTED, State.WAITLISTED, State.OFFERED, State.CONFIRMED,
)  # fmt: skip
ENDED = (State.DECLINED, State.WITHDRAWN, State.REPLACED, State.EXPIRED)
OPEN_SEATS = (State.SELECTED, State.OFFERED, State.CONFIRMED)  # take a seat of an event to come
TOOK_PART = (State.ATTENDED, State.PARTLY_ATTENDED, State.NO_SHOW)
USED_SEATS = (*OPEN_SEATS, *TOOK_PART)  # count as used by the country
BEFORE_SELECTION = (State.INTERESTED, State.ENDORSED, State.NOMINATED)

TRANSITIONS: Mapping[tuple[NominationState, NominationStep], NominationState] = {
    (State.INTERESTED, Step.ENDORSE): State.ENDORSED,
    (State.ENDORSED, Step.NOMINATE): State.NOMINATED,
    (State.NOMINATED, Step.RETURN): State.ENDORSED,
    (State.NOMINATED, Step.SELECT): State.SELECTED,
    (State.NOMINATED, Step.WAITLIST): State.WAITLISTED,
    (State.WAITLISTED, Step.SELECT): State.SELECTED,
    (State.SELECTED, Step.OFFER): State.OFFERED,
    (State.OFFERED, Step.CONFIRM): State.CONFIRMED,
    (State.OFFERED, Step.EXPIRE): State.EXPIRED,
    # an event that was reopened records again who took part
    **{(state, Step.ATTEND): State.ATTENDED for state in (State.CONFIRMED, *TOOK_PART)},
    **{(state, Step.ATTEND_PARTLY): State.PARTLY_ATTENDED for state in (State.CONFIRMED, *TOOK_PART)},
    **{(state, Step.MISS): State.NO_SHOW for state in (State.CONFIRMED, *TOOK_PART)},
    **{(state, Step.DECLINE): State.DECLINED for state in (*BEFORE_SELECTION, State.WAITLISTED)},
    **{(state, Step.WITHDRAW): State.WITHDRAWN for state in LIVE},
    **{(state, Step.REPLACE): State.REPLACED for state in OPEN_SEATS},
}
# a contact point endorses where an officer has no supervisor
OFFICES: Mapping[NominationStep, frozenset[NominationOffice]] = {
    Step.ENDORSE: frozenset({NominationOffice.SUPERVISOR, NominationOffice.CONTACT_POINT}),
    Step.NOMINATE: frozenset({NominationOffice.CONTACT_POINT}),
    Step.RETURN: frozenset({NominationOffice.CONTACT_POINT}),
    Step.DECLINE: frozenset(
        {
            NominationOffice.SUPERVISOR,
            NominationOffice.CONTACT_POINT,
            NominationOffice.SECRETARIAT,
            NominationOffice.SYSTEM,
        }
    ),
    Step.SELECT: frozenset({NominationOffice.SECRETARIAT, NominationOffice.SYSTEM}),
    Step.WAITLIST: frozenset({NominationOffice.SECRETARIAT}),
    Step.OFFER: frozenset({NominationOffice.SECRETARIAT, NominationOffice.SYSTEM}),
    Step.CONFIRM: frozenset({NominationOffice.NOMINEE}),
    Step.EXPIRE: frozenset({NominationOffice.SYSTEM}),
    Step.WITHDRAW: frozenset({NominationOffice.NOMINEE, NominationOffice.SYSTEM}),
    Step.REPLACE: frozenset({NominationOffice.CONTACT_POINT}),
    Step.ATTEND: frozenset({NominationOffice.SYSTEM}),
    Step.ATTEND_PARTLY: frozenset({NominationOffice.SYSTEM}),
    Step.MISS: frozenset({NominationOffice.SYSTEM}),
}


@dataclass(frozen=True, slots=True)
class NominationFacts:
    """What the next step of a nomination depends on."""

    state: NominationState
    offered_until: datetime | None
    has_supervisor: bool


@dataclass(frozen=True, slots=True)
class EventDeadlines:
    """What the next step of a nomination depends on in its event; `reallocates_at` is None without such a day."""

    state: WorkshopState
    closes_at: datetime
    reallocates_at: datetime | None
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class NextActor:
    """Who acts next, and until when."""

    office: NominationOffice
    until: datetime


def state_after(state: NominationState, step: NominationStep) -> NominationState:
    """Return the state that follows; raise IllegalMoveError for a step that is not in the table."""
    try:
        return TRANSITIONS[state, step]
    except KeyError:
        raise IllegalMoveError(f"A nomination that is {state} cannot {step}.") from None


def next_step(nomination: NominationFacts, event: EventDeadlines, now: datetime) -> NextActor | None:
    """Return who acts next and until when, or None: it ended, or a deadline passed."""
    if event.state not in ACTIVE or now >= event.starts_at:
        return None
    step = _open_step(nomination, event)
    return step if step is not None and now < step.until else None


def _open_step(nomination: NominationFacts, event: EventDeadlines) -> NextActor | None:
    offices = {
        State.INTERESTED: NominationOffice.SUPERVISOR if nomination.has_supervisor else NominationOffice.CONTACT_POINT,
        State.ENDORSED: NominationOffice.CONTACT_POINT,
        State.NOMINATED: NominationOffice.SECRETARIAT,
        State.SELECTED: NominationOffice.SECRETARIAT,
        State.WAITLISTED: NominationOffice.SYSTEM,
        State.OFFERED: NominationOffice.NOMINEE,
    }
    limits = {
        State.INTERESTED: event.closes_at,
        State.ENDORSED: event.closes_at,
        State.NOMINATED: event.reallocates_at,
        State.SELECTED: event.reallocates_at,
        State.OFFERED: nomination.offered_until,
    }
    if nomination.state not in offices:
        return None
    return NextActor(offices[nomination.state], limits.get(nomination.state) or event.starts_at)
