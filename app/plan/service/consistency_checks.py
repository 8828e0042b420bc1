"""Nightly check of contributions, rollups, figures, competencies, seats, quarters, statistics: a message a fault."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from math import isclose
from uuid import UUID

import msgspec
from sqlalchemy import Table, or_, select

from app.competence.queries import consistency_checks as competence
from app.db.session import db
from app.identity.queries import visible_identity
from app.kernel import clock
from app.learning.queries import consistency_checks as learning
from app.plan.domain import definitions as defining
from app.plan.domain.definitions import StoredDefinition
from app.plan.domain.rules import rule_of
from app.plan.domain.sums import FigureSum
from app.plan.models import Contribution, FigureDay, FigureMonth
from app.plan.queries import figures as plan_figures, rollups, sources
from app.plan.service import periods, recalculation, store
from app.plan.service.store import ContributionKey, ContributionValue, Moves
from app.quizzes.queries import consistency_checks as quizzes
from app.workshops.domain.events import WorkshopState
from app.workshops.queries import bookings, consistency_checks as workshop_checks, workshops
from app.workshops.shapes import BookingLine

ROUNDING = 1e-6
PAGE = 5_000


def faults() -> Iterator[str]:
    """Yield a message for each fault; people and objects are named by id."""
    for check in CHECKS:
        yield from check()
        db.session.rollback()  # give the read snapshot back


def contributions() -> Iterator[str]:
    """Compare every contribution with the result of its rule today."""
    for source in recalculation.sources():
        counted = recalculation.reading(source)
        codes = {defined.code for defined in counted}
        existing: set[UUID] = set()
        for page in sources.pages(source):
            existing.update(page)
            fresh = recalculation.contributions_of(counted, sources.records_of(source, page))
            yield from _differences({key: worth for key, (_, worth) in store.stored(codes, page).items()}, fresh)
            db.session.rollback()
        for code, subject in db.session.execute(
            select(Contribution.code, Contribution.subject).where(Contribution.code.in_(codes)).distinct()
        ):
            if subject not in existing:
                yield f"{code}: a contribution of {subject}, which does not exist"


def roll_ups() -> Iterator[str]:
    """Compare the roll-ups by day and month with the contributions they were made from."""
    versions = {(defined.code, defined.version) for defined in plan_figures.definitions()}
    pairs = select(Contribution.code, Contribution.version).union(
        select(FigureDay.code, FigureDay.version), select(FigureMonth.code, FigureMonth.version)
    )
    for code, version in sorted({(row[0], row[1]) for row in db.session.execute(pairs)}):
        if (code, version) not in versions:
            yield f"{code}: contributions to version {version}, which no plan has"
        moves = store.cell_changes(_all(code, version))
        yield from _unlike(moves, _held(FigureDay, "day", code, version))
        yield from _unlike(store.by_month(moves), _held(FigureMonth, "month", code, version))


def figures() -> Iterator[str]:
    """Compare the figures of today, as pages show them, with the contributions that count today."""
    today = clock.today()
    valid = defining.all_valid_on(plan_figures.definitions(), today)
    sums = rollups.of_day(valid.values(), today, "country")
    for code, defined in sorted(valid.items()):
        if rule_of(defined.indicator):
            shown = sums.get((code, defined.version), {})
            counted = _today(defined, today)
            for country in sorted({*shown, *counted}):
                if not _same(shown.get(country, FigureSum()), counted.get(country, FigureSum())):
                    yield f"{code}: the figure of {country or 'no country'} is not the sum of its records"


def standings() -> Iterator[str]:
    """Compare the saved competency periods and their months with the evidence."""
    yield from competence.faults()


def seats() -> Iterator[str]:
    """Yield events with more people than seats, and events where a person on the waiting list was passed over."""
    for workshop_id in workshops.ids():
        facts = workshops.get(workshop_id)
        seated, waiting = bookings.seated(workshop_id), bookings.waiting(workshop_id)
        yield from _overbooked(workshop_id, facts.capacity, seated)
        yield from _queue(workshop_id, seated, waiting)
        may_be_filled = facts.state is WorkshopState.ANNOUNCED and facts.first_day > clock.today()
        if len(seated) < facts.capacity and waiting and may_be_filled:
            yield f"workshop {workshop_id}: a seat is free, but the waiting list is not empty"
    yield from workshop_checks.faults()


def completion() -> Iterator[str]:
    """Compare assignments of courses with the records, and their rollups with the assignments."""
    yield from learning.faults(clock.today())


def locked_quarters() -> Iterator[str]:
    """Compare the frozen figures of locked quarters with their hashes."""
    yield from periods.faults()


def _overbooked(workshop_id: UUID, capacity: int, seated: list[BookingLine]) -> Iterator[str]:
    most = max(len(seated), *(booking.seat or 0 for booking in seated), 0)
    if most > capacity and most > _largest(workshop_id, capacity):
        yield f"workshop {workshop_id}: {competence.some(len(seated))} people for {capacity} seats"


def statistics_of_items() -> Iterator[str]:
    """Compare the sums behind the statistics of items with the attempts."""
    yield from quizzes.faults(visible_identity.protected())


CHECKS: tuple[Callable[[], Iterator[str]], ...] = (
    contributions, roll_ups, figures, standings, seats, completion, locked_quarters, statistics_of_items,
)  # fmt: skip


def _differences(
    stored: Mapping[ContributionKey, ContributionValue], fresh: Mapping[ContributionKey, ContributionValue]
) -> Iterator[str]:
    for key in sorted({*stored, *fresh}):
        if stored.get(key) != fresh.get(key):
            problem = _problem(is_stored=key in stored, is_fresh=key in fresh)
            yield f"{key.code}: the contribution {key.thing} of {key.subject} from {key.since} {problem}"


def _problem(*, is_stored: bool, is_fresh: bool) -> str:
    if not is_stored:
        return "is missing"
    return "is not what it was" if is_fresh else "has no record"


def _all(code: str, version: int) -> Iterator[tuple[ContributionKey, ContributionValue]]:
    """Return all contributions to a version, read by number, a page at a time."""
    after = 0
    while page := store.page(code, version, after=after, size=PAGE):
        yield from ((key, worth) for _, key, worth in page)
        after = page[-1][0]


def _held(model: type[FigureDay | FigureMonth], when: str, code: str, version: int) -> Moves:
    table: Table = model.metadata.tables[model.__tablename__]
    query = select(table).where(table.c.code == code, table.c.version == version)
    return {
        (row.code, row.version, getattr(row, when), row.country, row.agency_kind, row.role): [
            row.numerator,
            row.denominator,
        ]
        for row in db.session.execute(query)
    }


def _unlike(wanted: Moves, stored: Moves) -> Iterator[str]:
    nothing = [0.0, 0.0]
    for key in sorted({*wanted, *stored}, key=str):
        if not _same(FigureSum(*wanted.get(key, nothing)), FigureSum(*stored.get(key, nothing))):
            code, version, when, *cell = key
            yield f"{code}: the roll-up of version {version} at {when} in {'/'.join(cell)} is not that of its records"


def _today(defined: StoredDefinition, today: date) -> dict[str, FigureSum]:
    table = Contribution
    query = select(table.country, table.numerator, table.denominator).where(
        table.code == defined.code,
        table.version == defined.version,
        table.since <= today,
        or_(table.until.is_(None), table.until >= today),
    )
    sums: dict[str, FigureSum] = {}
    for country, numerator, denominator in db.session.execute(query):
        sums[country] = sums.get(country, FigureSum()) + FigureSum(numerator, denominator)
    return sums


def _same(left: FigureSum, other: FigureSum) -> bool:
    return isclose(left.numerator, other.numerator, abs_tol=ROUNDING) and isclose(
        left.denominator, other.denominator, abs_tol=ROUNDING
    )


def _queue(workshop_id: UUID, seated: list[BookingLine], waiting: list[BookingLine]) -> Iterator[str]:
    first = min((booking.queued for booking in waiting), default=None)
    for booking in seated:
        if first is not None and booking.queued > first:
            yield f"workshop {workshop_id}: booking {booking.id} has a seat before a person who booked earlier"


def _largest(workshop_id: UUID, capacity: int) -> int:
    """Return the most seats that an event ever had, from the audit log: a lower capacity withdraws no seat."""
    entries = db.metadata.tables["audit_entry"]
    query = select(entries.c.facts).where(
        entries.c.name == "CapacityChanged", entries.c.facts.contains(str(workshop_id))
    )
    return max([capacity, *(int(msgspec.json.decode(facts)["before"]) for facts in db.session.scalars(query))])
