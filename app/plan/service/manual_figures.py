"""Use cases of `/plan/figures` (enter, submit, return, approve), notes, audit of views, results of checks."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

import msgspec
from sqlalchemy import select

from app.catalogue.queries import courses as catalogue
from app.db.locks import lock_rollups
from app.db.session import db, record
from app.db.upsert import insert_ignore
from app.kernel.errors import DomainError
from app.plan.domain import definitions, entries, observations
from app.plan.domain.definitions import StoredDefinition
from app.plan.domain.observations import FigureEntry, ObservationState, ObservationStep
from app.plan.domain.records import RecordSource
from app.plan.events import CheckDone, FigureDecided, FigureEntered, NoteWritten, RowsSeen
from app.plan.models import CheckRun, Observation, ObservationFile, PlanNote
from app.plan.queries import figures
from app.plan.service import periods, recalculation

FILE_LIMIT = 5 * 1024 * 1024  # bytes
NOTE_LIMIT = 1_000  # characters
MOST_MESSAGES = 50  # of a check that are saved
PDF = b"%PDF-"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewObservation:
    """A figure to enter; `country` is empty for the community as a whole, `day` is the day of the value."""

    code: str
    day: date
    value: float
    source: str
    country: str = ""
    explanation: str = ""  # of a large change against the last figure


def check(new: NewObservation, now: datetime) -> StoredDefinition:
    """Return the definition of a figure. Raises DomainError for a figure that is not allowed."""
    plan = catalogue.plan()
    defined = definitions.valid_on((defined for defined in figures.definitions() if defined.code == new.code), new.day)
    if defined is None or plan is None or plan.head is None:
        raise DomainError("The plan has no such indicator.")
    entry = FigureEntry(new.country, new.day, new.value, new.source.strip())
    observations.check(entry, defined.indicator, members=plan.head.members, today=now.date())
    periods.check_open(new.day)
    return defined


def enter(new: NewObservation, *, by: UUID, now: datetime, submission: str = "") -> UUID:
    """Save a draft of a figure and return its id; the same form sent again returns the same id.

    Raises DomainError for an indicator not entered by hand, and for an invalid value or day.
    """
    defined = check(new, now)
    row = {
        "id": uuid4(),
        "code": new.code,
        "version": defined.version,
        "country": new.country,
        "day": new.day,
        "value": new.value,
        "source": new.source.strip(),
        "explanation": new.explanation.strip(),
        "state": ObservationState.DRAFT,
        "entered_by": by,
        "entered_at": now,
        "submission": _submission_key(submission, by, new),
    }
    if not _insert_once(Observation, row):
        return _sent_before(Observation, str(row["submission"]))
    observation = db.session.get_one(Observation, row["id"])
    _tell(observation, now)
    return observation.id


def change(observation_id: UUID, new: NewObservation, *, by: UUID, now: datetime) -> None:
    """Change a draft or returned figure. Raises DomainError for another author or state."""
    row = _open(observation_id, by)
    row.version = check(new, now).version
    row.code, row.country, row.day, row.value, row.source, row.explanation = (
        new.code, new.country, new.day, new.value, new.source.strip(), new.explanation.strip(),
    )  # fmt: skip
    row.entered_at = now
    _tell(row, now)


def add_file(observation_id: UUID, content: bytes, *, by: UUID, now: datetime) -> None:
    """Save the document of a draft or returned figure. Raises DomainError unless it is a PDF of at most 5 MiB."""
    row = _open(observation_id, by)
    if not content.startswith(PDF):
        raise DomainError("This file is not a PDF document.")
    if len(content) > FILE_LIMIT:
        raise DomainError("This file is larger than 5 megabytes.")
    file = db.session.get(ObservationFile, row.id) or ObservationFile(observation_id=row.id)
    row.entered_at = now
    file.content, file.sha256, file.added_at = content, hashlib.sha256(content).hexdigest(), now
    db.session.add(file)
    _tell(row, now)


def submit(observation_id: UUID, *, by: UUID, now: datetime) -> None:
    """Submit a figure for approval; a second submission changes nothing.

    Raises DomainError for another author, without a document, and for a large change without an explanation.
    """
    row = db.session.get_one(Observation, observation_id, with_for_update=True)
    if row.state is ObservationState.PENDING and row.entered_by == by:
        return
    row = _open(observation_id, by)
    periods.check_open(row.day)
    if not _has_file(row.id):
        raise DomainError("Add the document first. A figure counts only with the document behind it.")
    last = figures.last_approved(row.code, row.country, row.day)
    if entries.is_large(row.value, None if last is None else last.value) and not row.explanation:
        raise DomainError("The value differs from the last one by more than half. Say why in a sentence.")
    row.state = observations.after(row.state, ObservationStep.SUBMIT)
    row.decided_by, row.reason = None, ""
    _tell(row, now)


def return_(observation_id: UUID, *, by: UUID, reason: str, now: datetime) -> None:
    """Return a figure with a reason. Raises DomainError for its author, or without a reason."""
    if not reason.strip():
        raise DomainError("Say in a sentence why the figure goes back.")
    row = _decided(observation_id, by)
    if row.state is ObservationState.RETURNED and row.decided_by == by:
        return
    row.state = observations.after(row.state, ObservationStep.RETURN)
    row.decided_by, row.reason = by, reason.strip()
    record(FigureDecided(at=now, observation_id=row.id, code=row.code, state=row.state))


def approve(observation_id: UUID, *, by: UUID, now: datetime, shown_entered_at: str = "") -> None:
    """Approve a figure. Raises DomainError for its author, and without a document.

    `shown_entered_at` is the time of entry on the page (ISO): a figure that was changed after it is refused.
    """
    row = _decided(observation_id, by)
    if row.state is ObservationState.APPROVED and row.decided_by == by:
        return
    lock_rollups()  # no quarter is locked between this check and the recount
    periods.check_open(row.day)
    if not _has_file(row.id):
        raise DomainError("There is no document behind this figure. Return it.")
    if shown_entered_at and shown_entered_at != row.entered_at.isoformat():
        raise DomainError("The figure was changed after you opened it. Look at it again.")
    row.state = observations.after(row.state, ObservationStep.APPROVE)
    row.decided_by, row.approved_at = by, now
    db.session.flush()
    record(FigureDecided(at=now, observation_id=row.id, code=row.code, state=row.state))
    # the figure before it is replaced from this day on
    same = select(Observation.id).where(Observation.code == row.code, Observation.country == row.country)
    recalculation.recount(RecordSource.OBSERVATION, list(db.session.scalars(same)))


def write_note(code: str, text: str, *, by: UUID, now: datetime, submission: str = "") -> UUID:
    """Add a note to an outcome or output and return its id; the same form sent again returns the same id.

    Raises DomainError for an empty note and for one of more than 1,000 characters.
    """
    plan = catalogue.plan()
    if plan is None or code not in {result.id for result in (*plan.outcome, *plan.output)}:
        raise DomainError("The plan has no such outcome or output.")
    if not 0 < len(text.strip()) <= NOTE_LIMIT:
        raise DomainError("Write a note of 1 to 1,000 characters.")
    key, submission_key = uuid4(), _submission_key(submission, by, (code, text.strip()))
    row = {
        "id": key,
        "code": code,
        "text": text.strip(),
        "written_by": by,
        "written_at": now,
        "submission": submission_key,
    }
    if not _insert_once(PlanNote, row):
        return _sent_before(PlanNote, str(submission_key))
    record(NoteWritten(at=now, note_id=key, code=code))
    return key


def record_rows_seen(code: str, *, country: str, form: str, rows: int, now: datetime) -> None:
    """Record a view or export of the records behind a figure (`form`: page, csv, xlsx)."""
    record(RowsSeen(at=now, code=code, country=country, form=form, rows=rows))


def record_check(faults: Sequence[str], *, checked: int, began_at: datetime, ended_at: datetime) -> None:
    """Record a run of the invariant checker with its first messages."""
    messages = msgspec.json.encode(tuple(faults[:MOST_MESSAGES])).decode()
    db.session.add(CheckRun(began_at=began_at, ended_at=ended_at, checked=checked, faults=len(faults), told=messages))
    record(CheckDone(at=ended_at, faults=len(faults)))


def _submission_key(submission: str, by: UUID, content: object) -> str | None:
    """Return a key that identifies a submission, None for a form without an id."""
    return hashlib.sha256(repr((submission, by, content)).encode()).hexdigest() if submission else None


def _insert_once(model: type[Observation | PlanNote], row: Mapping[str, object]) -> bool:
    """Insert a row unless its form was sent before, also if it is sent twice at the same time."""
    once = insert_ignore(model, ["submission"]).returning(model.id)
    return db.session.execute(once, row).first() is not None


def _sent_before(model: type[Observation | PlanNote], submission: str) -> UUID:
    return db.session.execute(select(model.id).where(model.submission == submission)).scalar_one()


def _has_file(observation_id: UUID) -> bool:
    return db.session.get(ObservationFile, observation_id) is not None


def _open(observation_id: UUID, by: UUID) -> Observation:
    row = db.session.get_one(Observation, observation_id, with_for_update=True)
    if row.entered_by != by:
        raise DomainError("Another person entered this figure.")
    if row.state not in observations.OPEN:
        raise DomainError("This figure can no longer be changed.")
    return row


def _decided(observation_id: UUID, by: UUID) -> Observation:
    row = db.session.get_one(Observation, observation_id, with_for_update=True)
    if row.entered_by == by:
        raise DomainError("A second person decides on a figure, not the one who entered it.")
    return row


def _tell(row: Observation, now: datetime) -> None:
    record(
        FigureEntered(at=now, observation_id=row.id, code=row.code, country=row.country, day=row.day, state=row.state)
    )
