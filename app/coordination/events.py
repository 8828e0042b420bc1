"""Audit events of coordination: actions, files of officers. They contain ids, codes and counts, no text of a user."""

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
class MatrixExported(Event):
    """A file of officers with their courses or competencies was made; `count` officers, `form`: csv, xlsx."""

    country: str
    count: int
    form: str
