"""Figures entered by hand as a sheet: of a day, a row for each indicator and country; they wait for a second person."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import uuid4

from sqlalchemy import delete

from app.access.policy import Action, Actor, allows
from app.catalogue.domain.references.plan import Plan
from app.db.session import db, record
from app.kernel.errors import DomainError
from app.plan.domain import definitions, entries, observations, periods, sheet_formats
from app.plan.domain.definitions import StoredDefinition, is_entered, is_entered_by_countries
from app.plan.domain.observations import FigureEntry, ObservationState, ObservationStep
from app.plan.domain.sheet_reading import canonical_number, day_of
from app.plan.domain.value_sheets import VALUE, CheckedValue, EnteredRow, ExistingRow, Key, ValueOutcome
from app.plan.events import FigureEntered, FigureWithdrawn
from app.plan.models import Observation, ObservationFile
from app.plan.queries import figures, locks, value_sheets as queries
from app.plan.service.manual_figures import FILE_LIMIT, PDF
from app.plan.service.sheet_sources import SheetComparison, SheetSource, WriteContext, WrittenRow
from app.plan.shapes import ValueBatchLine

COPIES_LIMIT = 50 * 1024 * 1024  # bytes of all copies of a document: each figure has its own


@dataclass(frozen=True, slots=True)
class _Loaded:
    """What the rule of a figure needs, read once for all rows."""

    members: tuple[str, ...]
    definitions: Sequence[StoredDefinition]
    approved: Mapping[tuple[str, str], list[tuple[date, float]]]
    today: date
    locked: frozenset[date]

    def definition(self, code: str, day: date) -> StoredDefinition:
        """Return the definition of an indicator on a day. Raises DomainError if there is none."""
        defined = definitions.valid_on((stored for stored in self.definitions if stored.code == code), day)
        if defined is None:
            raise DomainError("The plan has no such indicator.")
        return defined

    def check(self, row: EnteredRow, _existing: ExistingRow) -> None:
        """Raise DomainError for a figure that is not allowed, or that needs an explanation."""
        code, country, day = parts(row.key)
        value, source = float(row.entries[VALUE]), row.entries["source"]
        indicator = self.definition(code, day).indicator
        observations.check(FigureEntry(country, day, value, source), indicator, members=self.members, today=self.today)
        periods.check_open(day, self.locked)
        last = [past for past_day, past in self.approved.get((code, country), ()) if past_day < day]
        if entries.is_large(value, last[-1] if last else None) and not row.entries["explanation"]:
            raise DomainError("The value differs from the last one by more than half. Say why in a sentence.")


def parts(key: Key) -> tuple[str, str, date]:
    """Return code, country and day of a key of the academy."""
    code, country, day = key
    return code, country, date.fromisoformat(day)


def prefilled(actor: Actor, part: str, today: date) -> list[ExistingRow]:
    """Return the rows of a day for the countries of which the actor may enter figures."""
    day = day_of(part) or today
    return list(_existing(actor, {day}, today).values())


def compare(actor: Actor, rows: Sequence[EnteredRow], now: datetime) -> SheetComparison:
    """Return what the rows are compared with, in a constant number of statements."""
    days = {day for row in rows if (day := day_of(row.key[2])) is not None}
    plan = figures.plan_of()
    loaded = _Loaded(
        members=() if plan is None or plan.head is None else tuple(plan.head.members),
        definitions=figures.definitions(),
        approved=queries.approved(_scope(actor), max(days, default=now.date())),
        today=now.date(),
        locked=locks.locked_quarters(),
    )
    return SheetComparison(rows, _existing(actor, days, now.date()), loaded.check)


def write(rows: Sequence[CheckedValue], context: WriteContext) -> list[WrittenRow]:
    """Hand in the figures of a sheet with their document. Raises DomainError for a document that is not allowed."""
    _check_document(context.document, len(rows))
    stored = figures.definitions()
    digest = hashlib.sha256(context.document).hexdigest()
    written: list[WrittenRow] = []
    for checked in rows:
        row = _observation(checked, stored, context)
        db.session.add(row)
        db.session.flush()
        file = ObservationFile(observation_id=row.id, content=context.document, sha256=digest, added_at=context.now)
        db.session.add(file)
        record(
            FigureEntered(
                at=context.now, observation_id=row.id, code=row.code, country=row.country, day=row.day, state=row.state
            )
        )
        written.append(WrittenRow(row.id))
    db.session.flush()
    return written


def undo(line: ValueBatchLine, context: WriteContext) -> ValueOutcome:
    """Delete a figure that still waits for its second person, unless its quarter is locked."""
    row = db.session.get(Observation, line.record_id, with_for_update=True, populate_existing=True)
    if row is None:
        return ValueOutcome.CHANGED
    if periods.is_in_locked(row.day, context.locked):
        return ValueOutcome.LOCKED
    if row.state is ObservationState.APPROVED:
        return ValueOutcome.AGREED
    if row.state is not ObservationState.PENDING:
        return ValueOutcome.CHANGED
    record(FigureWithdrawn(at=context.now, observation_id=row.id, code=row.code, country=row.country, day=row.day))
    db.session.execute(delete(ObservationFile).where(ObservationFile.observation_id == row.id))
    db.session.delete(row)
    db.session.flush()
    return ValueOutcome.UNDONE


def _observation(checked: CheckedValue, stored: Sequence[StoredDefinition], context: WriteContext) -> Observation:
    code, country, day = parts(checked.row.key)
    defined = definitions.valid_on((definition for definition in stored if definition.code == code), day)
    if defined is None:
        raise DomainError("The plan has no such indicator.")
    return Observation(
        id=uuid4(), code=code, version=defined.version, country=country, day=day, value=float(checked.value),
        source=checked.row.entries["source"], explanation=checked.row.entries["explanation"],
        state=observations.after(ObservationState.DRAFT, ObservationStep.SUBMIT), entered_by=context.by.id,
        entered_at=context.now,
    )  # fmt: skip


def _check_document(document: bytes, rows: int) -> None:
    if not document:
        raise DomainError("Add the document first. A figure counts only with the document behind it.")
    if not document.startswith(PDF):
        raise DomainError("This file is not a PDF document.")
    if len(document) > FILE_LIMIT:
        raise DomainError("This file is larger than 5 megabytes.")
    if len(document) * rows > COPIES_LIMIT:
        raise DomainError("This document is too large for so many figures. Send a smaller one, or fewer rows.")


def _scope(actor: Actor) -> str | None:
    """Return the country of which the actor enters figures, None for all."""
    return None if allows(actor, Action.DECIDE_FIGURE) else actor.country


def _existing(actor: Actor, days: set[date], today: date) -> dict[Key, ExistingRow]:
    plan, scope = figures.plan_of(), _scope(actor)
    if plan is None or plan.head is None:
        return {}
    newest = queries.observations(days, scope)
    past = sorted(day for day in days if day <= today)
    return {
        row.key: row
        for day in past
        for code, country in _cells(plan, scope)
        for row in [_row(code, country, day, newest)]
    }


def _cells(plan: Plan, scope: str | None) -> list[tuple[str, str]]:
    """Return indicator and country of each figure that the actor may enter."""
    members = plan.head.members if plan.head is not None else ()
    cells: list[tuple[str, str]] = []
    for indicator in plan.indicator:
        if is_entered(indicator):
            countries = members if is_entered_by_countries(indicator) else ("",)
            cells += [(indicator.id, country) for country in countries if scope is None or country == scope]
    return cells


def _row(code: str, country: str, day: date, newest: Mapping[tuple[str, str, date], Observation]) -> ExistingRow:
    figure = newest.get((code, country, day))
    label = " ".join(part for part in (code, country, day.isoformat()) if part)
    key = (code, country, day.isoformat())
    if figure is None:
        return ExistingRow(key, label=label)
    texts = {"source": figure.source, "explanation": figure.explanation}
    return ExistingRow(key, canonical_number(figure.value), texts, label=label)


SOURCE = SheetSource(sheet_formats.FIGURES, Action.ENTER_FIGURE, prefilled, compare, write, undo, needs_document=True)
