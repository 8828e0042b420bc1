"""Check a sheet of values and save the result, write it as one step or delete it; undo; retention."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

import msgspec
from sqlalchemy import delete, select

from app.access.policy import Action, Actor, allows, own_scope
from app.db.locks import lock_key
from app.db.session import db, record
from app.identity.queries import postings
from app.kernel import clock
from app.kernel.errors import DomainError
from app.plan.domain import sheet_checks
from app.plan.domain.value_sheets import (
    SHEET_LIFE,
    UNDO_FOR,
    EnteredRow,
    ExistingRow,
    SheetKind,
    ValueKind,
    ValueOutcome,
)
from app.plan.events import (
    ValueSheetChecked,
    ValueSheetDropped,
    ValueSheetExported,
    ValueSheetUndone,
    ValueSheetWritten,
)
from app.plan.models.value_sheets import ValueBatch, ValueBatchRow, ValueSheet
from app.plan.queries import locks, value_sheets as queries
from app.plan.service import sheet_completions, sheet_figures, sheet_needs, sheet_targets
from app.plan.service.sheet_sources import SheetSource, WriteContext
from app.plan.shapes import SheetContent, ValueBatchLine
from app.ports import ports

MOST_SHEETS = 3  # of one sender; a new sheet replaces the oldest
MOST_WRITTEN = 1_000  # rows of a sheet that are new or changed
SOURCES: Mapping[SheetKind, SheetSource] = {
    source.format.kind: source
    for source in (sheet_figures.SOURCE, sheet_needs.SOURCE, sheet_targets.SOURCE, sheet_completions.SOURCE)
}


@dataclass(frozen=True, slots=True)
class Written:
    """The sheet is written, by this request or an earlier one (`is_repeated`)."""

    batch_id: UUID
    is_repeated: bool


@dataclass(frozen=True, slots=True)
class ValuesOutdated:
    """Data has changed since the sheet was checked: the new result is saved, and nothing is written."""


def kinds_of(actor: Actor) -> list[SheetKind]:
    """Return the kinds of sheets that the actor may send."""
    return [kind for kind, source in SOURCES.items() if allows(actor, source.action, own_scope(actor))]


def country_of(actor: Actor, kind: SheetKind) -> str:
    """Return the country of a sheet, "" for a coordinator's, which has several countries."""
    if kind is SheetKind.TARGETS:
        return ""
    return "" if kind is SheetKind.FIGURES and allows(actor, Action.DECIDE_FIGURE) else actor.country


def export(actor: Actor, kind: SheetKind, part: str, *, now: datetime, real_now: datetime) -> list[ExistingRow]:
    """Return the rows of a prefilled sheet and record the download. Raises DomainError above the limit of a day."""
    source = SOURCES[kind]
    rows = list(source.prefilled(actor, part, now.date()))
    if source.count_people and rows:
        ports().export_limit(actor, len({row.key[0] for row in rows}), real_now)
    record(ValueSheetExported(at=now, kind=kind, country=country_of(actor, kind), rows=len(rows)))
    return rows


def check(
    actor: Actor, kind: SheetKind, rows: Sequence[EnteredRow], letters: Mapping[str, str], *, now: datetime
) -> UUID:
    """Check a sheet and save the result for its sender; nothing else is written."""
    real_now = clock.real_now()
    content = _checked(actor, kind, rows, letters, now)
    older = [sheet_id for sheet_id, _kind, _at in queries.sheets(actor)][MOST_SHEETS - 1 :]
    db.session.execute(delete(ValueSheet).where(ValueSheet.id.in_(older)))
    sheet = ValueSheet(
        id=uuid4(), person_id=actor.id, kind=kind, content=_json(content), made_at=real_now,
        ends_at=real_now + SHEET_LIFE,
    )  # fmt: skip
    db.session.add(sheet)
    errors = len(content.of_kind(ValueKind.WRONG))
    record(
        ValueSheetChecked(
            at=now, sheet_id=sheet.id, kind=kind, country=country_of(actor, kind), rows=len(rows), wrong=errors
        )
    )
    return sheet.id


def drop(actor: Actor, sheet_id: UUID, *, now: datetime) -> None:
    """Delete a checked sheet of the actor."""
    kind = queries.sheet(actor, sheet_id).kind
    db.session.execute(delete(ValueSheet).where(ValueSheet.id == sheet_id, ValueSheet.person_id == actor.id))
    record(ValueSheetDropped(at=now, sheet_id=sheet_id, kind=kind, country=country_of(actor, kind)))


def write(actor: Actor, sheet_id: UUID, *, document: bytes, now: datetime) -> Written | ValuesOutdated:
    """Write all rows of a checked sheet or none; check it again first, as values may have changed since.

    Raises NoResultFound if there is no such sheet, DomainError if it cannot be written.
    """
    saved = queries.batch_of(actor, sheet_id)
    if saved is not None:
        return Written(saved, is_repeated=True)
    before = queries.sheet(actor, sheet_id)
    lock_key(_lock(before.kind))
    query = select(ValueSheet).where(ValueSheet.id == sheet_id, ValueSheet.person_id == actor.id)
    sheet = db.session.scalars(query.with_for_update(), execution_options={"populate_existing": True}).one_or_none()
    if sheet is None:  # the same request was sent twice at the same time
        return Written(_batch_id(actor, sheet_id), is_repeated=True)
    content = _checked(actor, before.kind, [row.row for row in before.content.rows], before.content.letters, now)
    if content != before.content:
        sheet.content = _json(content)
        return ValuesOutdated()
    _check_writable(content)
    batch_id = _write(sheet, content, WriteContext(actor, now, document))
    db.session.delete(sheet)
    return Written(batch_id, is_repeated=False)


def undo(actor: Actor, batch_id: UUID, *, now: datetime) -> None:
    """Undo what a sheet wrote, except what was agreed or changed since, or whose quarter is locked.

    Raises DomainError if it is undone already, too old, or the actor no longer may write such values.
    """
    real_now = clock.real_now()
    query = select(ValueBatch).where(ValueBatch.id == batch_id, ValueBatch.person_id == actor.id).with_for_update()
    batch = db.session.scalars(query, execution_options={"populate_existing": True}).one()
    if batch.undone_at is not None:
        raise DomainError("This sheet is undone already.")
    if batch.made_at + UNDO_FOR <= real_now:
        raise DomainError("The time to undo this sheet is over.")
    if batch.kind not in kinds_of(actor):
        raise DomainError("You can no longer change these values.")
    lock_key(_lock(batch.kind))
    batch.undone_at, batch.undone_by = real_now, actor.id
    undone = remaining = 0
    context = WriteContext(actor, now, locked=locks.locked_quarters())
    for row in _rows_of(batch_id):
        line = ValueBatchLine(row.number, row.record_id, row.replaced_id, None)
        row.outcome = SOURCES[batch.kind].undo(line, context)
        undone += row.outcome is ValueOutcome.UNDONE
        remaining += row.outcome is not ValueOutcome.UNDONE
    country = batch.country
    record(ValueSheetUndone(at=now, batch_id=batch_id, kind=batch.kind, country=country, undone=undone, kept=remaining))


def delete_expired(real_now: datetime) -> int:
    """Delete expired sheets; return their number."""
    deleted = db.session.execute(delete(ValueSheet).where(ValueSheet.ends_at <= real_now))
    return int(deleted.rowcount)  # type: ignore[attr-defined]


def delete_sheets_of(country: str) -> None:
    """Delete the checked sheets of completions of a country: they may name an officer whose identity was deleted."""
    senders = postings.serving_in(country, clock.today())
    named = (ValueSheet.person_id.in_(senders), ValueSheet.kind == SheetKind.COMPLETIONS)
    db.session.execute(delete(ValueSheet).where(*named), execution_options={"synchronize_session": False})


def _checked(
    actor: Actor, kind: SheetKind, rows: Sequence[EnteredRow], letters: Mapping[str, str], now: datetime
) -> SheetContent:
    source = SOURCES[kind]
    compared = source.compare(actor, rows, now)
    checked = sheet_checks.check(compared.rows, compared.existing, source.format, compared.rule)
    return SheetContent(tuple(checked), letters)


def _check_writable(content: SheetContent) -> None:
    if not content.can_be_written:
        raise DomainError("This sheet cannot be written: a row is wrong, or nothing in it is new.")
    if len(content.writable) > MOST_WRITTEN:
        raise DomainError("Send at most 1,000 new or changed rows in one sheet.")


def _write(sheet: ValueSheet, content: SheetContent, context: WriteContext) -> UUID:
    rows = content.writable
    written = SOURCES[sheet.kind].write(rows, context)
    new = len(content.of_kind(ValueKind.NEW))
    batch = ValueBatch(
        id=uuid4(), sheet_id=sheet.id, kind=sheet.kind, person_id=context.by.id,
        country=country_of(context.by, sheet.kind), added=new, changed=len(rows) - new,
        same=len(content.of_kind(ValueKind.SAME)), made_at=clock.real_now(),
    )  # fmt: skip
    db.session.add(batch)
    db.session.flush()
    for checked, row in zip(rows, written, strict=True):
        db.session.add(
            ValueBatchRow(
                batch_id=batch.id, number=checked.row.number, record_id=row.record_id, replaced_id=row.replaced_id
            )
        )
    record(
        ValueSheetWritten(
            at=context.now, batch_id=batch.id, kind=batch.kind, country=batch.country, added=new, changed=batch.changed
        )
    )
    return batch.id


def _batch_id(actor: Actor, sheet_id: UUID) -> UUID:
    batch_id = queries.batch_of(actor, sheet_id)
    if batch_id is None:
        raise DomainError("The sheet was deleted. Nothing was written.")
    return batch_id


def _rows_of(batch_id: UUID) -> list[ValueBatchRow]:
    query = select(ValueBatchRow).where(ValueBatchRow.batch_id == batch_id).order_by(ValueBatchRow.number)
    return list(db.session.scalars(query))


def _lock(kind: SheetKind) -> str:
    return hashlib.sha256(f"value sheet {kind}".encode()).hexdigest()


def _json(content: SheetContent) -> str:
    return msgspec.json.encode(content).decode()
