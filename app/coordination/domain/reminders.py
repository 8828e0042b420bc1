"""Rules of reminders: limits, states, answers (`coordination.md` 3.2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from operator import attrgetter
from typing import assert_never
from uuid import UUID

from app.coordination.domain.late import MOST_UNANSWERED, LateKind, LateRule
from app.kernel.errors import DomainError, IllegalMoveError

SENTENCE_LIMIT = 200  # characters, also of the text of an answer
PAUSE = timedelta(days=7)  # between reminders of a sender, recipient and subject
EXPIRY = timedelta(days=14)  # after the date without an answer
LATEST = timedelta(days=92)


class ReminderState(StrEnum):
    SENT = "sent"
    SEEN = "seen"
    ANSWERED = "answered"
    RESOLVED = "resolved"  # its rows are no longer late
    EXPIRED = "expired"


class ReminderOffice(StrEnum):
    """To whom a reminder goes: the contact points of a country together, or one person."""

    CONTACT_POINT = "contact_point"
    SUPERVISOR = "supervisor"
    OFFICER = "officer"


class AnswerKind(StrEnum):
    DONE = "done"
    DONE_BY = "done_by"
    NOT_POSSIBLE = "not_possible"


class AnswerReason(StrEnum):
    NO_LONGER_IN_SERVICE = "no_longer_in_service"
    NO_LINE = "no_line"
    NO_TIME = "no_time"
    LANGUAGE = "language"
    WRONG_LIST = "wrong_list"
    OTHER = "other"


class ReminderLimit(StrEnum):
    """Why a row cannot be reminded of now."""

    TOO_SOON = "too_soon"
    UNANSWERED = "unanswered"


OPEN = frozenset({ReminderState.SENT, ReminderState.SEEN})  # an answer is wanted
LIVE = OPEN | {ReminderState.ANSWERED}  # may still be resolved


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderRecipient:
    """The contact points of `country`, or the supervisor or officer `person_id` who serves there."""

    office: ReminderOffice
    country: str
    person_id: UUID | None = None


@dataclass(frozen=True, slots=True, order=True)
class ReminderSubject:
    """A late row as codes: its kind, its cell, and the rule by which it was late."""

    kind: LateKind
    cell: str
    rule: LateRule

    @property
    def key(self) -> tuple[LateKind, str]:
        """Return what names the row, whatever its rule."""
        return self.kind, self.cell


@dataclass(frozen=True, slots=True)
class EarlierReminder:
    """An earlier reminder of the same subject to the same recipient."""

    sender_id: UUID
    sent_at: datetime
    state: ReminderState


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderAnswer:
    """An answer: done, done by a day, or not possible for a reason."""

    kind: AnswerKind
    by: date | None = None
    reason: AnswerReason | None = None
    text: str = ""


def unanswered(earlier: Sequence[EarlierReminder]) -> int:
    """Return how many of the newest reminders were neither answered nor resolved."""
    count = 0
    for reminder in sorted(earlier, key=attrgetter("sent_at"), reverse=True):
        if reminder.state in {ReminderState.ANSWERED, ReminderState.RESOLVED}:
            break
        count += 1
    return count


def limit_of(earlier: Sequence[EarlierReminder], sender_id: UUID, now: datetime) -> ReminderLimit | None:
    """Return why a sender cannot remind of a subject now: within 7 days, or three times without answer."""
    own = [reminder for reminder in earlier if reminder.sender_id == sender_id]
    if unanswered(own) >= MOST_UNANSWERED:
        return ReminderLimit.UNANSWERED
    return ReminderLimit.TOO_SOON if any(reminder.sent_at > now - PAUSE for reminder in own) else None


def has_expired(state: ReminderState, wanted_by: date, today: date) -> bool:
    """Return whether a reminder without an answer ends: 14 days after its date."""
    return state in OPEN and today > wanted_by + EXPIRY


def check_new(wanted_by: date, message: str, today: date) -> str:
    """Return the trimmed message. Raises DomainError for a date that does not fit or a long message."""
    if not today < wanted_by <= today + LATEST:
        raise DomainError("Choose a date after today, within three months.")
    return _short(message)


def check_answer(state: ReminderState, answer: ReminderAnswer, today: date) -> ReminderAnswer:
    """Return the answer with only what its kind needs.

    Raises IllegalMoveError if no answer is wanted any more, DomainError for a missing date or reason.
    """
    if state not in OPEN:
        raise IllegalMoveError("This reminder has an answer or has ended.")
    match answer.kind:
        case AnswerKind.DONE:
            return ReminderAnswer(kind=answer.kind, by=None, reason=None, text="")
        case AnswerKind.DONE_BY:
            return ReminderAnswer(kind=answer.kind, by=_checked_day(answer.by, today), reason=None, text="")
        case AnswerKind.NOT_POSSIBLE:
            if answer.reason is None:
                raise DomainError("Choose why it is not possible.")
            return ReminderAnswer(kind=answer.kind, by=None, reason=answer.reason, text=_short(answer.text))
        case _:
            assert_never(answer.kind)


def _checked_day(day: date | None, today: date) -> date:
    if day is None or not today <= day <= today + 4 * LATEST:
        raise DomainError("Enter the date by which it will be done, today or later.")
    return day


def _short(text: str) -> str:
    trimmed = text.strip()
    if len(trimmed) > SENTENCE_LIMIT:
        raise DomainError("Write at most 200 characters.")
    return trimmed
