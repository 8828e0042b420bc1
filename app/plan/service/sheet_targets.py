"""Targets as a sheet: of a year or quarter, a row for each indicator and country; a second coordinator agrees."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from app.access.policy import Action, Actor
from app.catalogue.domain.references.plan import Indicator, IndicatorTarget
from app.catalogue.queries import courses as catalogue
from app.kernel.errors import DomainError
from app.plan.domain import sheet_formats, targets as rules
from app.plan.domain.sheet_reading import canonical_number
from app.plan.domain.targets import NewTarget, TargetCell, TargetState
from app.plan.domain.value_sheets import VALUE, CheckedValue, EnteredRow, ExistingRow, Key, ValueOutcome
from app.plan.models import PlanTarget
from app.plan.queries import value_sheets as queries
from app.plan.service import targets
from app.plan.service.sheet_sources import SheetComparison, SheetSource, WriteContext, WrittenRow
from app.plan.shapes import ValueBatchLine


def prefilled(_actor: Actor, part: str, _today: date) -> list[ExistingRow]:
    """Return the rows of a period; none for a period that the plan does not have."""
    return list(_existing({part}).values())


def compare(_actor: Actor, rows: Sequence[EnteredRow], _now: datetime) -> SheetComparison:
    """Return what the rows are compared with, in a constant number of statements."""
    periods = {row.key[2] for row in rows if rules.PERIOD.fullmatch(row.key[2])}
    open_drafts = {_key(target) for target in queries.live_targets(periods) if target.state is TargetState.DRAFT}
    plan = catalogue.plan()

    def rule(row: EnteredRow, _existing_row: ExistingRow) -> None:
        if plan is None:
            raise DomainError("The plan has no such indicator.")
        if row.key in open_drafts:
            raise DomainError("A draft of this target is open. Propose it on its page first.")
        rules.check(_new(row), plan)

    return SheetComparison(rows, _existing(periods), rule)


def write(rows: Sequence[CheckedValue], context: WriteContext) -> list[WrittenRow]:
    """Propose the targets of a sheet."""
    live = queries.live_targets({checked.row.key[2] for checked in rows})
    open_targets = {_key(target): target.id for target in live if target.state is TargetState.PROPOSED}
    return [
        WrittenRow(
            targets.propose_target(_new(checked.row), by=context.by.id, now=context.now),
            open_targets.get(checked.row.key),
        )
        for checked in rows
    ]


def undo(line: ValueBatchLine, context: WriteContext) -> ValueOutcome:
    """Withdraw a target that waits, and restore the one that waited before."""
    if queries.has_notes(line.record_id):
        return ValueOutcome.CHANGED
    state = targets.withdraw_target(line.record_id, restored_id=line.replaced_id, now=context.now)
    if state is None:
        return ValueOutcome.UNDONE
    return ValueOutcome.AGREED if state is TargetState.AGREED else ValueOutcome.CHANGED


def _new(row: EnteredRow) -> NewTarget:
    code, country, period = row.key
    second = row.entries.get("second", "")
    return NewTarget(
        cell=TargetCell(code, country, period),
        value=float(row.entries[VALUE]),
        second=float(second) if second else None,
        reason=row.entries.get("reason", ""),
    )


def _key(target: PlanTarget) -> Key:
    return target.code, target.country, target.period


def _existing(periods: set[str]) -> dict[Key, ExistingRow]:
    """Return the rows of these periods: the version that waits, else the agreed one, else that of the plan's file."""
    plan = catalogue.plan()
    if plan is None or plan.head is None:
        return {}
    years = range(plan.head.period.starts.year, plan.head.period.ends.year + 1)
    valid = [period for period in sorted(periods) if _year(period) in years]
    newest = {_key(target): target for target in queries.live_targets(valid)}  # in the order of their versions
    rows: dict[Key, ExistingRow] = {}
    for indicator in plan.indicator:
        rows |= _rows(indicator, plan.head.members, valid, newest)
    return rows


def _rows(
    indicator: Indicator, members: Sequence[str], periods: Sequence[str], newest: Mapping[Key, PlanTarget]
) -> dict[Key, ExistingRow]:
    rows: dict[Key, ExistingRow] = {}
    for code, country, in_file in _cells(indicator, members):
        for period in periods:
            key = (code, country, period)
            rows[key] = _row(key, newest.get(key), in_file.get(period))
    return rows


def _year(period: str) -> int:
    return int(period[:4]) if rules.PERIOD.fullmatch(period) else 0


def _cells(indicator: Indicator, members: Sequence[str]) -> list[tuple[str, str, Mapping[str, IndicatorTarget]]]:
    """Return indicator and country of each target that a coordinator may set, with those of the plan's file."""
    cells: list[tuple[str, str, Mapping[str, IndicatorTarget]]] = []
    for country in ("", *(members if rules.takes_countries(indicator) else ())):
        of_cell = [target for target in indicator.targets if (target.country or "") == country]
        cells.append((indicator.id, country, {str(rules.period(target)): target for target in of_cell}))
    return cells


def _row(key: Key, target: PlanTarget | None, in_file: IndicatorTarget | None) -> ExistingRow:
    label = " ".join(part for part in key if part)
    if target is not None:
        return _filled(key, target.value, target.second_value, label)
    if in_file is not None:
        return _filled(key, in_file.value, in_file.second, label)
    return ExistingRow(key, label=label)


def _filled(key: Key, value: float, second: float | None, label: str) -> ExistingRow:
    further = "" if second is None else canonical_number(second)
    texts = {"second": further, "reason": ""}  # each version has a reason of its own
    return ExistingRow(key, canonical_number(value), texts, label=label, further=further)


SOURCE = SheetSource(sheet_formats.TARGETS, Action.SET_TARGET, prefilled, compare, write, undo)
