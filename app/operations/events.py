"""Events of jobs, keys, setup, incident reports and test mails."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFailed(Event):
    """A job failed after a successful run; recorded once until the next successful run."""

    job: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyAdded(Event):
    """A key file has a new first line; the event does not contain the key."""

    key: str
    key_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditKeyReplaced(Event):
    """A new signing key of the audit log replaces these keys; their public keys still verify."""

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
    """The console created the setup code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstCodeTaken(Event):
    """A browser used the setup code, which works once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstAdministratorMade(Event):
    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class StarterChosen(Event):
    """The choice whether the site starts with the starter courses and plan."""

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
    """An administrator requested a test mail."""

    person_id: UUID
