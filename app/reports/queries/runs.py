"""Read runs within the scope of a user, their files, and the frozen JSON."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, false, func, or_, select, true
from sqlalchemy.exc import NoResultFound

from app.access.policy import Action, Actor, allows, own_scope
from app.db.session import db
from app.reports.domain.document import ReportDocument
from app.reports.domain.forms import ReportFormat
from app.reports.domain.runs import OPEN, ReportKind, RunState
from app.reports.models import ReportFile, ReportRun
from app.reports.shapes import ReportFileLine, RunLine

_COLUMNS = (
    ReportRun.id, ReportRun.kind, ReportRun.period_end, ReportRun.compared_end, ReportRun.subject, ReportRun.country,
    ReportRun.is_exact, ReportRun.language, ReportRun.forms, ReportRun.state, ReportRun.step, ReportRun.steps,
    ReportRun.sha256, ReportRun.requested_by, ReportRun.schedule_id, ReportRun.requested_at, ReportRun.frozen_at,
    ReportRun.ended_at, ReportRun.replaced_by,
)  # fmt: skip


def lines(actor: Actor, *, offset: int, size: int) -> list[RunLine]:
    """Return the reports that the actor may open, the newest first."""
    query = select(*_COLUMNS).where(_visible(actor)).order_by(ReportRun.requested_at.desc(), ReportRun.id)
    return [_line(row) for row in db.session.execute(query.offset(offset).limit(size)).mappings()]


def count(actor: Actor) -> int:
    """Return how many reports the actor may open."""
    return db.session.scalar(select(func.count()).select_from(ReportRun).where(_visible(actor))) or 0


def visible(actor: Actor, run_id: UUID) -> RunLine:
    """Return a report that the actor may open, or raise NoResultFound."""
    run = line(run_id)
    if not allows(actor, Action.READ_REPORT, run):
        raise NoResultFound
    return run


def line(run_id: UUID) -> RunLine:
    """Return a run, or raise NoResultFound."""
    return _line(db.session.execute(select(*_COLUMNS).where(ReportRun.id == run_id)).mappings().one())


def frozen(run_id: UUID) -> bytes | None:
    """Return the frozen JSON of a run, or None before it is frozen."""
    return db.session.execute(select(ReportRun.frozen).where(ReportRun.id == run_id)).scalar_one()


def files(run_id: UUID) -> list[ReportFileLine]:
    """Return the files of a report in the order of forms."""
    query = select(ReportFile.form, func.length(ReportFile.content)).where(ReportFile.run_id == run_id)
    sizes = {row[0]: row[1] for row in db.session.execute(query)}
    return [ReportFileLine(form, sizes[form]) for form in ReportFormat if form in sizes]


def file(run_id: UUID, form: ReportFormat) -> bytes:
    """Return a file of a report, or raise NoResultFound."""
    query = select(ReportFile.content).where(ReportFile.run_id == run_id, ReportFile.form == form)
    return db.session.execute(query).scalar_one()


def with_hash(sha256: str) -> RunLine | None:
    """Return a run by the hash of its frozen JSON, or None."""
    query = select(*_COLUMNS).where(ReportRun.sha256 == sha256).order_by(ReportRun.requested_at).limit(1)
    row = db.session.execute(query).mappings().first()
    return None if row is None else _line(row)


def has_file(sha256: str) -> bool:
    """Return whether a file with this hash was drawn."""
    return db.session.scalar(select(ReportFile.form).where(ReportFile.sha256 == sha256).limit(1)) is not None


def frozen_like(document: ReportDocument) -> bool:
    """Return whether a report of this kind, period, language and moment was frozen."""
    try:
        values = (ReportKind(document.kind), date.fromisoformat(document.period_end))
        frozen_at = datetime.fromisoformat(document.frozen_at)
    except ValueError:
        return False
    columns = zip((ReportRun.kind, ReportRun.period_end), values, strict=True)
    same = (*(column == value for column, value in columns), ReportRun.language == document.language)
    query = select(ReportRun.frozen_at).where(*same, ReportRun.frozen_at.is_not(None))
    return any(_same_moment(stored, frozen_at) for stored in db.session.scalars(query))


def _same_moment(stored: datetime | None, moment: datetime) -> bool:
    return stored is not None and stored.replace(microsecond=0) == moment


def next_open() -> UUID | None:
    """Return the run to work on: the one that has begun, else the first in the queue."""
    begun = ReportRun.state != RunState.QUEUED
    query = select(ReportRun.id).where(ReportRun.state.in_(OPEN))
    return db.session.scalar(query.order_by(begun.desc(), ReportRun.requested_at, ReportRun.id).limit(1))


def is_leased(now: datetime) -> bool:
    """Return whether a process works on a run."""
    query = select(ReportRun.id).where(ReportRun.state.in_(OPEN), ReportRun.leased_until > now).limit(1)
    return db.session.scalar(query) is not None


def expired(before: datetime, size: int) -> list[UUID]:
    """Return the ended runs that were requested before a time, the oldest first."""
    query = select(ReportRun.id).where(ReportRun.requested_at < before, ReportRun.state.not_in(OPEN))
    return list(db.session.scalars(query.order_by(ReportRun.requested_at, ReportRun.id).limit(size)))


def requested_with(submission: str) -> UUID | None:
    """Return the run that a form requested, or None."""
    return db.session.scalar(select(ReportRun.id).where(ReportRun.submission == submission))


def _visible(actor: Actor) -> ColumnElement[bool]:
    """Return the SQL twin of READ_REPORT."""
    outside = ReportRun.is_exact.is_(False)
    ready = ReportRun.state == RunState.READY
    conditions: list[ColumnElement[bool]] = []
    if allows(actor, Action.MAKE_REPORT):
        conditions.append(outside)
    if allows(actor, Action.READ_ALL_REPORTS):
        conditions.append(outside & ready)
    if allows(actor, Action.MAKE_COUNTRY_SHEET, own_scope(actor)):
        own = ReportRun.country == actor.country
        conditions += [outside & ready & or_(ReportRun.country == "", own), ReportRun.is_exact & own]
    return or_(false(), *conditions) if conditions else ~true()


def _line(row: Any) -> RunLine:
    return RunLine(**{**row, "forms": forms_of(row["forms"])})


def forms_of(stored: str) -> frozenset[ReportFormat]:
    """Return the forms of a stored list."""
    return frozenset(ReportFormat(value) for value in stored.split())


def stored_forms(forms: Collection[ReportFormat]) -> str:
    """Return forms as a stored list, in the order of forms."""
    return " ".join(form.value for form in ReportFormat if form in forms)
