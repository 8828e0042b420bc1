"""Use cases of `/plan/periods`: propose to lock a quarter, lock it as the second coordinator, note adjustments."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, insert, select

from app.access.policy import Role, Scope
from app.access.targets import Target
from app.db.locks import lock_rollups
from app.db.session import db, record
from app.db.upsert import insert_ignore
from app.identity.queries import roles as accounts
from app.kernel.errors import DomainError
from app.messages.domain import NoticeKind
from app.messages.service import outbox
from app.plan.domain import adjustments, frozen as rules, periods
from app.plan.domain.cells import quarter_ends
from app.plan.domain.definitions import StoredDefinition
from app.plan.domain.frozen import FrozenRow
from app.plan.domain.sums import FigureSum
from app.plan.events import PeriodLocked, PeriodProposed
from app.plan.models import Adjustment, Contribution, FrozenFigure, PeriodLock
from app.plan.queries import figures, frozen, locks, rollups
from app.plan.service import freezing, recalculation
from app.plan.shapes import AdjustmentLine, IndicatorTotals, LockLine
from app.ports import ports

CHUNK = 500
EARLIER = 7  # quarters before the plan
Evidence = Mapping[tuple[str, str], tuple[date, date]]  # by code and country


@dataclass(frozen=True, slots=True)
class _Locked:
    """A locked quarter: its figures, the adjustments noted before, and the newest record that was looked at."""

    end: date
    figures: Mapping[str, IndicatorTotals]
    noted: Sequence[AdjustmentLine]
    last_record: int

    def noted_of(self, code: str) -> dict[str, FigureSum]:
        """Return the adjustments of an indicator by country."""
        return adjustments.adjusted({}, *({line.country: line.amount} for line in self.noted if line.code == code))


def propose(end: date, *, by: UUID, now: datetime) -> None:
    """Propose to lock a quarter; a second proposal changes nothing.

    Raises DomainError for a quarter that is locked, not over for 14 days, or not the oldest open one.
    """
    _check(end, now.date())
    row = {"quarter_end": end, "proposed_by": by, "proposed_at": now, "figures": 0, "last_record": 0}
    once = insert_ignore(PeriodLock, ["quarter_end"]).returning(PeriodLock.quarter_end)
    if db.session.execute(once, row).first() is not None:
        record(PeriodProposed(at=now, quarter_end=end))
        _notify(NoticeKind.PERIOD_PROPOSED, end, but={by}, now=now)


def agree(end: date, *, by: UUID, now: datetime) -> None:
    """Lock a quarter as the second coordinator: freeze all its figures; a second agreement changes nothing.

    Raises DomainError for the proposer, without a proposal, as `propose` does, and while figures are recalculated.
    """
    row = db.session.get(PeriodLock, end, with_for_update=True)
    if row is None:
        raise DomainError("A coordinator must propose the lock of this quarter first.")
    if row.agreed_by == by:
        return
    _check_second(row, by)
    _check(end, now.date())
    lock_rollups()  # no figure changes between reading and freezing
    if recalculation.due():
        raise DomainError("Figures are being recalculated. Try again in a few minutes.")
    rows = [row for day in _days(end) for row in freezing.collect(day)]
    row.agreed_by, row.locked_at, row.sha256 = by, now, rules.digest(end, rows)
    row.figures, row.last_record = sum(frozen_row.day == end for frozen_row in rows), _newest_record()
    db.session.flush()
    _store(end, rows)
    record(PeriodLocked(at=now, quarter_end=end, frozen_figures=row.figures, sha256=row.sha256))
    _notify(NoticeKind.PERIOD_LOCKED, end, but={by}, now=now)


def note_adjustments(now: datetime) -> int:
    """Note how late evidence would change the locked figures since the last time; return the number of notes."""
    lock_rollups()
    locked = _locked()
    if not locked:
        return 0
    definitions = figures.definitions()
    live = rollups.history(definitions, [quarter.end for quarter in locked])
    counts_in = periods.first_open(date.min, [quarter.end for quarter in locked])
    rows = [
        {**row, "counts_in": counts_in, "noted_on": now.date(), "last_record": _newest_record()}
        for quarter in locked
        for row in _due(quarter, live)
    ]
    if rows:
        db.session.execute(insert(Adjustment), rows)
    return len(rows)


def check_open(day: date) -> None:
    """Raise DomainError for the day of a figure entered by hand that lies in a locked quarter."""
    periods.check_open(day, locks.locked_quarters())


def _check_second(row: PeriodLock, by: UUID) -> None:
    if row.proposed_by == by:
        raise DomainError("A second coordinator agrees to a lock, not the one who proposed it.")


def _check(end: date, today: date) -> None:
    plan = figures.plan_of()
    if plan is None or plan.head is None:
        raise DomainError("There is no plan yet.")
    periods.check_lockable(end, starts=plan.head.period.starts, locked=locks.locked_quarters(), today=today)


def _days(end: date) -> list[date]:
    """Return the days that a lock freezes: the first lock also those before the plan that pages show beside it."""
    return [end] if locks.locked_quarters() else quarter_ends(end, EARLIER + 1)


def _notify(kind: NoticeKind, end: date, *, but: Collection[UUID], now: datetime) -> None:
    """Notify the other coordinators."""
    holders = accounts.holders(Scope.ALL, "", now.date())
    coordinators = {person_id for role, person_id in holders if role is Role.COORDINATOR} - set(but)
    path = ports().path_to(Target.LOCKED_PERIODS)
    outbox.tell_all(sorted(coordinators), kind, occasion=f"{kind} {end.isoformat()}", path=path, now=now)


def _newest_record() -> int:
    return db.session.scalar(select(func.max(Contribution.id))) or 0


def _store(end: date, rows: Iterable[FrozenRow]) -> None:
    names = ("numerator", "denominator", "protected_numerator", "protected_denominator", "officers", "outside", "need")
    values = [
        {
            "quarter_end": end,
            "day": row.day,
            "code": row.key.code,
            "country": row.key.country,
            "agency_kind": row.key.agency_kind,
            "role": row.key.role,
            "version": row.version,
            "beside": row.beside,
            **dict(zip(names, astuple(row.cell), strict=True)),
        }
        for row in rows
    ]
    for start in range(0, len(values), CHUNK):
        db.session.execute(insert(FrozenFigure), values[start : start + CHUNK])


def _locked() -> list[_Locked]:
    """Return all locked quarters with their figures and adjustments, in four statements."""
    lines = [line for line in locks.locks() if line.locked_at is not None]
    history = figures.history([line.quarter_end for line in lines]) if lines else {}
    noted: dict[date, list[AdjustmentLine]] = defaultdict(list)
    for adjustment in locks.all_adjustments():
        noted[adjustment.quarter_end].append(adjustment)
    return [_locked_quarter(line, history[line.quarter_end], noted[line.quarter_end]) for line in lines]


def _locked_quarter(line: LockLine, totals: Mapping[str, IndicatorTotals], noted: Sequence[AdjustmentLine]) -> _Locked:
    """Return a locked quarter with its figures; indicators that came after the lock are left out."""
    locked = {code: figure for code, figure in totals.items() if figure.defined.frozen is not None}
    last_record = max([line.last_record, *(adjustment.last_record for adjustment in noted)])
    return _Locked(line.quarter_end, locked, noted, last_record)


def _due(quarter: _Locked, live: Mapping[tuple[str, int, date], Mapping[str, FigureSum]]) -> list[dict[str, object]]:
    """Return the adjustments of a quarter that are not noted yet, as rows without the time."""
    amounts: list[tuple[StoredDefinition, Mapping[str, FigureSum]]] = []
    for code, totals in quarter.figures.items():
        counted = live.get((code, totals.defined.version, quarter.end), {})
        if changes := adjustments.due(totals.cells, quarter.noted_of(code), counted):
            amounts.append((totals.defined, changes))
    evidence = _evidence(quarter, [defined for defined, _changes in amounts])
    return [
        {
            "quarter_end": quarter.end,
            "code": defined.code,
            "version": defined.version,
            "country": country,
            "numerator": amount.numerator,
            "denominator": amount.denominator,
            "first_evidence": evidence.get((defined.code, country), (None, None))[0],
            "last_evidence": evidence.get((defined.code, country), (None, None))[1],
        }
        for defined, changes in amounts
        for country, amount in changes.items()
    ]


def _evidence(quarter: _Locked, definitions: Iterable[StoredDefinition]) -> Evidence:
    """Return the first and last day of the evidence that arrived since the lock, by code and country."""
    days: dict[tuple[str, str], tuple[date, date]] = {}
    for defined in definitions:
        query = select(Contribution.country, func.min(Contribution.since), func.max(Contribution.since))
        late = query.where(*figures.counting(defined, quarter.end), Contribution.id > quarter.last_record)
        for country, first, last in db.session.execute(late.group_by(Contribution.country)):
            days[defined.code, country] = (first, last)
    return days


def faults() -> Iterator[str]:
    """Yield a message for each locked quarter whose frozen figures are not those that were locked."""
    for line in locks.locks():
        if line.locked_at is not None and rules.digest(line.quarter_end, frozen.rows(line.quarter_end)) != line.sha256:
            yield f"quarter {line.quarter_end}: a frozen figure is not what was locked"
