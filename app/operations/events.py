"""What this room tells others."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFailed(Event):
    """A job failed after a good run; told once until it is well again."""

    job: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyAdded(Event):
    """A key file has a new first line; the key itself stands nowhere else."""

    key: str
    key_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditKeyReplaced(Event):
    """A new audit signing key follows these, which sign no more; their public halves still verify."""

    key_id: str
    replaced: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyRetired(Event):
    key: str
    key_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TextsRenewed(Event):
    """A portion of a table was re-encrypted; a run records one event for each portion."""

    key_id: str
    table: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentitiesIndexed(Event):
    """Every identity was indexed again."""

    key_id: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstCodeMade(Event):
    """The console made the code that opens the first run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstCodeTaken(Event):
    """One browser typed the code; no other one can."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstAdministratorMade(Event):
    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class StarterChosen(Event):
    """Whether the site begins with the starter courses and plan."""

    wanted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StarterLoaded(Event):
    courses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstRunFinished(Event):
    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountSeen(Event):
    """A report on the views and changes of an account since a day was exported, for an incident."""

    person_id: UUID
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TestMailAsked(Event):
    """An administrator had a mail sent to themself."""

    person_id: UUID
