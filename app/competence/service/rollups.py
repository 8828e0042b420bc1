"""The nightly sums: who needs a competency, who of them holds it, how many are likely up to it that day."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, insert, select

from app.catalogue.domain.items import Level
from app.catalogue.domain.references.competencies import Competencies
from app.catalogue.queries import courses as catalogue
from app.competence.domain import audit, measure, needs
from app.competence.domain.assessment import Row, Rules, in_order, rules, stood
from app.competence.domain.audit import Checked, Shift
from app.competence.domain.display import ever_watched
from app.competence.domain.evidence import LEVELS, EvidenceKind, Piece
from app.competence.domain.measure import State as Stand
from app.competence.domain.refit import checked, met
from app.competence.models import CapacityDay, Evidence, Period, State
from app.competence.queries import officers, rule_inputs
from app.competence.queries.rule_inputs import Key
from app.db.session import db
from app.identity.queries import postings as accounts
from app.identity.queries.postings import PostingSpan

PAGE = 500  # people read at once
FOUR_QUARTERS = timedelta(days=364)
MOST = timedelta(days=31)  # days that were missed longer ago are left out

Aim = tuple[str, Level]
Cell = tuple[str, UUID, str, Level]  # country, agency, competency, level
Shifts = Mapping[Aim, Shift]


@dataclass(slots=True)
class Sums:
    """What is added up of the needs of a cell; `audited` and its ends only where there were surprise checks."""

    need: int = 0
    headcount: int = 0
    expected: float = 0.0
    var: float = 0.0
    audited: float = 0.0
    low: float = 0.0
    high: float = 0.0
    watched: int = 0
    checks: int = 0


@dataclass(frozen=True, slots=True)
class _Surprises:
    """What surprise checks of a year say of a competency and level, and how many of them each officer had."""

    shifts: Shifts
    counts: Mapping[tuple[UUID, Aim], int]


@dataclass(frozen=True, slots=True)
class _Officer:
    """An officer on the day of the sums."""

    posting: PostingSpan
    asked: Mapping[str, Level]
    states: Mapping[str, Mapping[Level, Stand]]
    held: frozenset[Aim]


def sum_up(day: date, _now: datetime) -> int:
    """Write the sums of a day and return how many rows they are; the job reads before it takes the lock."""
    return store(day, sums(day))


def sums(day: date) -> dict[Cell, dict[str, float | None]]:
    """Return the sums of a day, read in pages of people; what is dated later than a day that is over is not in them."""
    framework = catalogue.competencies() or Competencies()
    by_name = {one.id: rules(framework, one.id) for one in framework.competencies}
    surprises = _surprises(day, by_name)
    found: dict[Cell, Sums] = defaultdict(Sums)
    for ids in _pages():
        for officer in _officers(ids, day, framework, by_name):
            _add(found, officer, day, by_name, surprises)
    return {cell: _row(cell, one, surprises.shifts) for cell, one in found.items()}


def store(day: date, found: Mapping[Cell, Mapping[str, float | None]]) -> int:
    """Write sums in the place of those that the day has."""
    db.session.execute(delete(CapacityDay).where(CapacityDay.day == day))
    names = ("country", "agency_id", "competency", "level")
    rows = [{"day": day, **dict(zip(names, cell, strict=True)), **found[cell]} for cell in found]
    if rows:
        db.session.execute(insert(CapacityDay), rows)
    return len(rows)


def waiting(today: date) -> list[date]:
    """Return the days to be summed up: those that were missed (of a month at most), the newest one anew, and today.

    The newest one was summed up before it was over.
    """
    newest = db.session.scalar(select(func.max(CapacityDay.day)).where(CapacityDay.day <= today)) or today
    first = max(newest, today - MOST)
    return [first + timedelta(days=place) for place in range((today - first).days + 1)]


def _pages() -> Iterator[list[UUID]]:
    after: UUID | None = None
    while ids := accounts.posting_page(after, PAGE):
        yield ids
        after = ids[-1]


def _officers(
    ids: Sequence[UUID], day: date, framework: Competencies, by_name: Mapping[str, Rules]
) -> Iterator[_Officer]:
    serving = {
        person_id: span
        for person_id, spans in accounts.postings(ids).items()
        for span in spans
        if span.roles and span.since <= day and (span.until is None or span.until >= day)
    }
    asked = officers.needs(framework, {person_id: span.roles for person_id, span in serving.items()})
    states = _states(ids, day, by_name)
    held: dict[UUID, set[Aim]] = defaultdict(set)
    on_day = select(Period.person_id, Period.competency, Period.level).where(Period.since <= day, Period.until >= day)
    for person_id, name, level in db.session.execute(on_day.where(Period.person_id.in_(ids))):
        held[person_id].add((name, level))
    for person_id, posting in serving.items():
        yield _Officer(posting, asked[person_id], states[person_id], frozenset(held[person_id]))


def _states(
    ids: Sequence[UUID], day: date, by_name: Mapping[str, Rules]
) -> Mapping[UUID, Mapping[str, Mapping[Level, Stand]]]:
    """Return the states of these people on a day; those that evidence has passed since are made again up to it."""
    found: dict[UUID, dict[str, dict[Level, Stand]]] = defaultdict(lambda: defaultdict(dict))
    passed: set[Key] = set()
    for row in db.session.execute(select(State.__table__).where(State.person_id.in_(ids))):
        found[row.person_id][row.competency][row.level] = rule_inputs.stand(row)
        if row.last_on > day and row.competency in by_name:
            passed.add((row.person_id, row.competency))
    for (person_id, name), rows in rule_inputs.evidence(passed).items():
        found[person_id][name] = stood([row for row in rows if row.piece.day <= day], by_name[name])
    return found


def _add(
    found: dict[Cell, Sums], officer: _Officer, day: date, by_name: Mapping[str, Rules], surprises: _Surprises
) -> None:
    for name, level in officer.asked.items():
        states = officer.states.get(name, {})
        sums = found[officer.posting.country, officer.posting.agency_id, name, level]
        sums.need += 1
        sums.headcount += (name, level) in officer.held
        sums.watched += ever_watched(states, level)
        sums.checks += surprises.counts.get((officer.posting.person_id, (name, level)), 0)
        _add_chances(sums, states, level, day, by_name[name], surprises.shifts.get((name, level)))


def _add_chances(
    sums: Sums, states: Mapping[Level, Stand], level: Level, day: date, rules: Rules, shift: Shift | None
) -> None:
    at, var = _best(states, level, day, rules)
    chance = audit.p(at, var, 0.0)
    sums.expected += chance
    sums.var += chance * (1 - chance)
    if shift is not None:
        low, high = shift.range
        sums.audited += audit.p(at, var, shift.delta)
        sums.low += audit.p(at, var, low)
        sums.high += audit.p(at, var, high)


def _best(states: Mapping[Level, Stand], level: Level, day: date, rules: Rules) -> tuple[float, float]:
    """Return level and variance on a day by the state at this level, or a better one above."""
    known = [
        measure.project(states[at], day.toordinal(), rules(at).parameters)
        for at in needs.at_least(level)
        if at in states
    ]
    k = rules(level).parameters
    pairs = [(one.level, one.var) for one in known] or [(k.floor, k.floor_sd**2)]
    return max(pairs, key=lambda pair: pair[0] / pair[1] ** 0.5)


def _row(cell: Cell, sums: Sums, shifts: Shifts) -> dict[str, float | None]:
    row: dict[str, float | None] = dict(zip((one.name for one in fields(Sums)), astuple(sums), strict=True))
    if cell[2:] not in shifts:
        row.update(audited=None, low=None, high=None)
    return row


def _surprises(day: date, by_name: Mapping[str, Rules]) -> _Surprises:
    """Return what the surprise checks of the last four quarters say of each competency and level."""
    query = select(Evidence.person_id, Evidence.competency).where(
        Evidence.kind == EvidenceKind.SURPRISE, Evidence.day > day - FOUR_QUARTERS, Evidence.day <= day
    )
    asked = sorted({(row[0], row[1]) for row in db.session.execute(query) if row[1] in by_name})
    checks: dict[Aim, list[Checked]] = defaultdict(list)
    counts: Counter[tuple[UUID, Aim]] = Counter()
    for start in range(0, len(asked), PAGE):
        for (person_id, name), rows in rule_inputs.evidence(asked[start : start + PAGE]).items():
            counts.update((person_id, (name, row.level)) for row in rows if _is_sample(row.piece, day))
            for level, one in _checked(rows, by_name[name], day):
                checks[name, level].append(one)
    found = {aim: audit.shift(given, by_name[aim[0]](aim[1]).parameters) for aim, given in checks.items()}
    return _Surprises({aim: one for aim, one in found.items() if one is not None}, counts)


def _checked(rows: Sequence[Row], rules: Rules, day: date) -> Iterator[tuple[Level, Checked]]:
    """Yield the surprise checks among the evidence on a competency, with what was known just before each."""
    for level in LEVELS:
        pieces = [row.piece for row in in_order(rows, level, rules)]
        last = max((place for place, piece in enumerate(pieces) if _is_sample(piece, day)), default=-1)
        for one in met(pieces[: last + 1], rules(level)):
            if _is_sample(one.check, day):
                yield level, checked(one, rules(level).parameters)


def _is_sample(piece: Piece, day: date) -> bool:
    return piece.kind is EvidenceKind.SURPRISE and piece.items > 0 and day - FOUR_QUARTERS < piece.day <= day
