"""Rules of agreed actions: owner, subject, dates, and the steps from open to done (`coordination.md` 3.3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.kernel.errors import DomainError, IllegalMoveError

TEXT_LIMIT, RESULT_LIMIT, NOTE_LIMIT = 150, 300, 300  # characters
REOPEN_DAYS = 14  # an ended action may be reopened for this long
LATEST = timedelta(days=3 * 366)  # the plan covers a few years


class ActionState(StrEnum):
    """The state of an action; OPEN and IN_HAND are live."""

    OPEN = "open"
    IN_HAND = "in_hand"
    DONE = "done"
    DROPPED = "dropped"


class ActionStep(StrEnum):
    """A step that a user takes with an action."""

    START = "start"
    FINISH = "finish"
    DROP = "drop"
    REOPEN = "reopen"


class ActionOrigin(StrEnum):
    """Where an action was agreed; those of a meeting count for the indicator OP5.3."""

    PLAN = "plan"
    ATTENTION = "attention"
    LATE_LIST = "late_list"
    MEETING = "meeting"
    REPORT = "report"


class Office(StrEnum):
    """The office that owns an action."""

    CONTACT_POINT = "contact_point"
    SECRETARIAT = "secretariat"
    TRAINERS = "trainers"


class SubjectKind(StrEnum):
    """The kind of object that an action is about; `subject` names the object."""

    NONE = "none"
    INDICATOR = "indicator"
    COURSE = "course"
    EVENT = "event"


LIVE = frozenset({ActionState.OPEN, ActionState.IN_HAND})
TRANSITIONS: Mapping[tuple[ActionState, ActionStep], ActionState] = {
    (ActionState.OPEN, ActionStep.START): ActionState.IN_HAND,
    (ActionState.OPEN, ActionStep.FINISH): ActionState.DONE,
    (ActionState.IN_HAND, ActionStep.FINISH): ActionState.DONE,
    (ActionState.OPEN, ActionStep.DROP): ActionState.DROPPED,
    (ActionState.IN_HAND, ActionStep.DROP): ActionState.DROPPED,
    (ActionState.DONE, ActionStep.REOPEN): ActionState.IN_HAND,
    (ActionState.DROPPED, ActionStep.REOPEN): ActionState.IN_HAND,
}
EXPLAINED = frozenset({ActionStep.FINISH, ActionStep.DROP})  # steps that need a sentence: the result, or the reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """The office that owns an action; `country` is the contact point's, empty for the other offices."""

    office: Office
    country: str = ""


def state_after(state: ActionState, step: ActionStep) -> ActionState:
    """Return the state that follows. Raises IllegalMoveError for a step that the table does not have."""
    try:
        return TRANSITIONS[state, step]
    except KeyError:
        raise IllegalMoveError(f"An action that is {state} cannot {step}.") from None


def steps_of(state: ActionState, ended_at: datetime | None, now: datetime) -> list[ActionStep]:
    """Return the steps that a user may take from a state; an ended action can be reopened for 14 days."""
    steps = [step for current, step in TRANSITIONS if current is state]
    if ActionStep.REOPEN in steps and not can_reopen(ended_at, now):
        steps.remove(ActionStep.REOPEN)
    return steps


def can_reopen(ended_at: datetime | None, now: datetime) -> bool:
    """Return whether an action that ended at `ended_at` may still be reopened."""
    return ended_at is not None and now <= ended_at + timedelta(days=REOPEN_DAYS)


def is_overdue(state: ActionState, due_on: date, today: date) -> bool:
    """Return whether a live action is past its date; it is not overdue on the date itself."""
    return state in LIVE and due_on < today


def is_on_time(first_due_on: date, done_on: date | None) -> bool:
    """Return whether an action was done by its first date: later dates do not count (indicator OP5.3)."""
    return done_on is not None and done_on <= first_due_on


def check_owner(owner: Owner, members: frozenset[str]) -> None:
    """Raise DomainError unless a contact point's action names a member country, and only that."""
    if owner.office is Office.CONTACT_POINT and owner.country not in members:
        raise DomainError("Choose the country whose contact point acts.")
    if owner.office is not Office.CONTACT_POINT and owner.country:
        raise DomainError("Only an action of a contact point names a country.")


def check_text(text: str) -> str:
    """Return the text without outer spaces. Raises DomainError if it is empty or longer than 150 characters."""
    trimmed = text.strip()
    if not 0 < len(trimmed) <= TEXT_LIMIT:
        raise DomainError("Describe the action in 1 to 150 characters.")
    return trimmed


def check_due(due_on: date, today: date) -> None:
    """Raise DomainError for a date in the past or more than three years ahead."""
    if due_on < today:
        raise DomainError("Choose today or a later date.")
    if due_on > today + LATEST:
        raise DomainError("Choose a date within the next three years.")


def check_meeting(origin: ActionOrigin, meeting_on: date | None, today: date) -> None:
    """Raise DomainError unless exactly the actions of meetings name the day of the meeting."""
    if origin is not ActionOrigin.MEETING:
        if meeting_on is not None:
            raise DomainError("Only an action agreed at a meeting has the day of the meeting.")
        return
    if meeting_on is None or meeting_on > today:
        raise DomainError("Enter the day of the meeting, today or earlier.")


def check_explanation(step: ActionStep, text: str) -> str:
    """Return the result or the reason. Raises DomainError if it is missing or longer than 300 characters."""
    trimmed = text.strip()
    if step not in EXPLAINED:
        return ""
    if not trimmed and step is ActionStep.FINISH:
        raise DomainError("Describe the result in one sentence.")
    if not trimmed:
        raise DomainError("Enter why the action is dropped.")
    if len(trimmed) > RESULT_LIMIT:
        raise DomainError("Write at most 300 characters.")
    return trimmed
