"""Planned needs as a sheet of the own country: a row for each role; they wait for a second person."""

from collections.abc import Sequence
from datetime import date, datetime

from app.access.policy import Action, Actor
from app.catalogue.queries import courses as catalogue
from app.kernel.errors import DomainError
from app.plan.domain import planned_needs as rules, sheet_formats
from app.plan.domain.planned_needs import ALL_ROLES, NewPlannedNeed, PlannedNeedState
from app.plan.domain.sheet_reading import canonical_number
from app.plan.domain.value_sheets import VALUE, CheckedValue, EnteredRow, ExistingRow, Key, ValueOutcome
from app.plan.models import PlannedNeed
from app.plan.queries import figures, value_sheets as queries
from app.plan.service import planned_needs
from app.plan.service.sheet_sources import SheetComparison, SheetSource, WriteContext, WrittenRow
from app.plan.shapes import ValueBatchLine


def prefilled(actor: Actor, _part: str, _today: date) -> list[ExistingRow]:
    """Return a row for each role of the own country, and one for all officers."""
    return list(_existing(actor.country).values())


def compare(actor: Actor, rows: Sequence[EnteredRow], now: datetime) -> SheetComparison:
    """Return what the rows are compared with."""
    plan = figures.plan_of()
    members = plan.head.members if plan is not None and plan.head is not None else ()
    roles = set(_roles())

    def rule(row: EnteredRow, _existing_row: ExistingRow) -> None:
        rules.check(_new(row), members=members, roles=roles, today=now.date())

    return SheetComparison(rows, _existing(actor.country), rule)


def write(rows: Sequence[CheckedValue], context: WriteContext) -> list[WrittenRow]:
    """Propose the planned needs of a sheet."""
    open_needs = {need.role: need for need in _live(context.by.country) if need.state is PlannedNeedState.PROPOSED}
    written: list[WrittenRow] = []
    for checked in rows:
        new = _new(checked.row)
        replaced = open_needs.get(new.role)
        need_id = planned_needs.propose_need(new, by=context.by.id, now=context.now)
        written.append(WrittenRow(need_id, replaced.id if replaced is not None else None))
    return written


def undo(line: ValueBatchLine, context: WriteContext) -> ValueOutcome:
    """Withdraw a planned need that waits, and restore the one that waited before."""
    state = planned_needs.withdraw_need(line.record_id, restored_id=line.replaced_id, now=context.now)
    if state is None:
        return ValueOutcome.UNDONE
    return ValueOutcome.AGREED if state is PlannedNeedState.AGREED else ValueOutcome.CHANGED


def _new(row: EnteredRow) -> NewPlannedNeed:
    """Return the planned need of a row. Raises DomainError for a number that is not whole."""
    value = float(row.entries[VALUE])
    if value % 1:
        raise DomainError("Enter a whole number from 0 to 1,000,000.")
    country, role = row.key
    return NewPlannedNeed(
        country=country,
        role=role,
        value=int(value),
        day=date.fromisoformat(row.entries["source_day"]),
        source=row.entries["source"],
    )


def _roles() -> list[str]:
    framework = catalogue.competencies()
    return [] if framework is None else [role.id for role in framework.roles]


def _live(country: str) -> list[PlannedNeed]:
    return queries.live_needs(country)


def _existing(country: str) -> dict[Key, ExistingRow]:
    """Return the rows of a country: the newest version of each role, also one that waits."""
    newest = {need.role: need for need in _live(country)}
    rows: dict[Key, ExistingRow] = {}
    for role in (ALL_ROLES, *_roles()):
        key, need = (country, role), newest.get(role)
        label = f"{country} {role}"
        if need is None:
            rows[key] = ExistingRow(key, label=label)
        else:
            texts = {"source_day": need.day.isoformat(), "source": need.source}
            rows[key] = ExistingRow(key, canonical_number(need.value), texts, label=label)
    return rows


SOURCE = SheetSource(sheet_formats.NEEDS, Action.ENTER_PLANNED_NEED, prefilled, compare, write, undo)
