"""Audit events of coordination: actions, views and files of officers. They contain ids, codes and counts, no text."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionCreated(Event):
    """An action of the plan was agreed; `country` is the owner's, empty for the secretariat and the trainers."""

    action_id: UUID
    office: str
    country: str
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionChanged(Event):
    """An action was started, done, dropped or reopened."""

    action_id: UUID
    office: str
    country: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionMoved(Event):
    """An action got another due date."""

    action_id: UUID
    office: str
    country: str
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionNoted(Event):
    """A note was added to an action."""

    action_id: UUID
    office: str
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletionViewed(Event):
    """A coordinator viewed numbers under five of a country, once a day and filter; "": only of several together."""

    filters: str
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletionExported(Event):
    """A file of completion was made (`form`: csv, xlsx); `reason` is "" for a file for publication."""

    filters: str
    country: str
    form: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixExported(Event):
    """A file of officers with their courses or competencies was made; `count` officers, `form`: csv, xlsx."""

    country: str
    count: int
    form: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderSent(Event):
    """A reminder was sent to the contact points of a country, a supervisor or an officer of it."""

    reminder_id: UUID
    office: str
    country: str
    wanted_by: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderAnswered(Event):
    """A reminder was answered."""

    reminder_id: UUID
    office: str
    country: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderSeen(Event):
    """The recipient opened a reminder for the first time."""

    reminder_id: UUID
    office: str
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderEnded(Event):
    """A reminder was resolved by itself, or expired without an answer."""

    reminder_id: UUID
    office: str
    country: str
    state: str
