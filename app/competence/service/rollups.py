"""Write the capacity rollup of a day: officers who need a competency, have it, are likely able; see `jobs.sum_up`."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, insert, select

from app.catalogue.domain.items import Level
from app.catalogue.domain.references.competencies import Competencies
from app.catalogue.queries import courses as catalogue
from app.competence.domain import audit, measure, needs
from app.competence.domain.assessment import EvidenceRow, Rules, in_order, rules, states_by_level
from app.competence.domain.audit import LevelShift, SurpriseCheck
from app.competence.domain.display import ever_watched
from app.competence.domain.evidence import LEVELS, EvidenceKind, Piece
from app.competence.domain.measure import SkillState
from app.competence.domain.refit import projected_check, watched_checks
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
Shifts = Mapping[Aim, LevelShift]


@dataclass(slots=True)
class Sums:
    """Sums over the needs of a cell; `audited`, `low` and `high` only if there were surprise checks."""

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
    """The bias by competency and level from surprise checks of a year, and the number of checks by officer."""

    shifts: Shifts
    counts: Mapping[tuple[UUID, Aim], int]


@dataclass(frozen=True, slots=True)
class _Officer:
    posting: PostingSpan
    asked: Mapping[str, Level]
    states: Mapping[str, Mapping[Level, SkillState]]
    valid: frozenset[Aim]


def sum_up(day: date, _now: datetime) -> int:
    """Write the sums of a day and return the number of rows; the job reads before it takes the lock."""
    return store(day, sums(day))


def sums(day: date) -> dict[Cell, dict[str, float | None]]:
    """Return the sums of a day, read in pages of people; for a past day, later evidence is left out."""
    framework = catalogue.competencies() or Competencies()
    by_name = {competency.id: rules(framework, competency.id) for competency in framework.competencies}
    surprises = _surprises(day, by_name)
    cells: dict[Cell, Sums] = defaultdict(Sums)
    for ids in _pages():
        for officer in _officers(ids, day, framework, by_name):
            _add(cells, officer, day, by_name, surprises)
    return {cell: _row(cell, cell_sums, surprises.shifts) for cell, cell_sums in cells.items()}


def sums_of(people: Collection[UUID], day: date) -> dict[Cell, dict[str, float | None]]:
    """Return the part of these people in the sums of a day."""
    framework = catalogue.competencies() or Competencies()
    by_name = {competency.id: rules(framework, competency.id) for competency in framework.competencies}
    surprises = _surprises(day, by_name)
    cells: dict[Cell, Sums] = defaultdict(Sums)
    for officer in _officers(list(people), day, framework, by_name):
        _add(cells, officer, day, by_name, surprises)
    return {cell: _row(cell, cell_sums, surprises.shifts) for cell, cell_sums in cells.items()}


def store(day: date, sums: Mapping[Cell, Mapping[str, float | None]]) -> int:
    """Replace the sums of a day, and return the number of rows."""
    db.session.execute(delete(CapacityDay).where(CapacityDay.day == day))
    names = ("country", "agency_id", "competency", "level")
    rows = [{"day": day, **dict(zip(names, cell, strict=True)), **sums[cell]} for cell in sums]
    if rows:
        db.session.execute(insert(CapacityDay), rows)
    return len(rows)


def waiting(today: date) -> list[date]:
    """Return the days to sum up: missed days (of a month at most), the newest one once more, and today.

    The newest day was summed up before it was over.
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
    serving = _serving(ids, day)
    asked = officers.needs(framework, {person_id: posting.roles for person_id, posting in serving.items()})
    states = _states(ids, day, by_name)
    valid = _valid_on(ids, day)
    for person_id, posting in serving.items():
        yield _Officer(posting, asked[person_id], states[person_id], frozenset(valid[person_id]))


def _serving(ids: Sequence[UUID], day: date) -> Mapping[UUID, PostingSpan]:
    """Return the posting of the day of each of these people, if it has a role."""
    return {
        person_id: posting
        for person_id, postings in accounts.postings(ids).items()
        for posting in postings
        if posting.roles and posting.since <= day and (posting.until is None or posting.until >= day)
    }


def _valid_on(ids: Sequence[UUID], day: date) -> Mapping[UUID, set[Aim]]:
    valid: dict[UUID, set[Aim]] = defaultdict(set)
    on_day = select(Period.person_id, Period.competency, Period.level).where(Period.since <= day, Period.until >= day)
    for person_id, name, level in db.session.execute(on_day.where(Period.person_id.in_(ids))):
        valid[person_id].add((name, level))
    return valid


def _states(
    ids: Sequence[UUID], day: date, by_name: Mapping[str, Rules]
) -> Mapping[UUID, Mapping[str, Mapping[Level, SkillState]]]:
    """Return the states of these people on a day; states with later evidence are recalculated without it."""
    states: dict[UUID, dict[str, dict[Level, SkillState]]] = defaultdict(lambda: defaultdict(dict))
    passed: set[Key] = set()
    for row in db.session.execute(select(State.__table__).where(State.person_id.in_(ids))):
        states[row.person_id][row.competency][row.level] = rule_inputs.skill_state(row)
        if row.last_on > day and row.competency in by_name:
            passed.add((row.person_id, row.competency))
    for (person_id, name), rows in rule_inputs.evidence(passed).items():
        states[person_id][name] = states_by_level([row for row in rows if row.piece.day <= day], by_name[name])
    return states


def _add(
    cells: dict[Cell, Sums], officer: _Officer, day: date, by_name: Mapping[str, Rules], surprises: _Surprises
) -> None:
    for name, level in officer.asked.items():
        states = officer.states.get(name, {})
        sums = cells[officer.posting.country, officer.posting.agency_id, name, level]
        sums.need += 1
        sums.headcount += (name, level) in officer.valid
        sums.watched += ever_watched(states, level)
        sums.checks += surprises.counts.get((officer.posting.person_id, (name, level)), 0)
        _add_chances(sums, states, level, day, by_name[name], surprises.shifts.get((name, level)))


def _add_chances(
    sums: Sums, states: Mapping[Level, SkillState], level: Level, day: date, rules: Rules, shift: LevelShift | None
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


def _best(states: Mapping[Level, SkillState], level: Level, day: date, rules: Rules) -> tuple[float, float]:
    """Return level and variance on a day by the state at this level, or a better one above."""
    projections = [
        measure.project(states[at], day.toordinal(), rules(at).parameters)
        for at in needs.at_least(level)
        if at in states
    ]
    k = rules(level).parameters
    pairs = [(projection.level, projection.var) for projection in projections] or [(k.floor, k.floor_sd**2)]
    return max(pairs, key=lambda pair: pair[0] / pair[1] ** 0.5)


def _row(cell: Cell, sums: Sums, shifts: Shifts) -> dict[str, float | None]:
    row: dict[str, float | None] = dict(zip((field.name for field in fields(Sums)), astuple(sums), strict=True))
    if cell[2:] not in shifts:
        row.update(audited=None, low=None, high=None)
    return row


def _surprises(day: date, by_name: Mapping[str, Rules]) -> _Surprises:
    """Return the shift of each competency and level by the surprise checks of the last four quarters."""
    asked = _surprised(day, by_name)
    checks: dict[Aim, list[SurpriseCheck]] = defaultdict(list)
    counts: Counter[tuple[UUID, Aim]] = Counter()
    for start in range(0, len(asked), PAGE):
        for (person_id, name), rows in rule_inputs.evidence(asked[start : start + PAGE]).items():
            counts.update((person_id, (name, row.level)) for row in rows if _is_sample(row.piece, day))
            for level, check in _checked(rows, by_name[name], day):
                checks[name, level].append(check)
    return _Surprises(_shifts(checks, by_name), counts)


def _surprised(day: date, by_name: Mapping[str, Rules]) -> list[Key]:
    query = select(Evidence.person_id, Evidence.competency).where(
        Evidence.kind == EvidenceKind.SURPRISE, Evidence.day > day - FOUR_QUARTERS, Evidence.day <= day
    )
    return sorted({(row[0], row[1]) for row in db.session.execute(query) if row[1] in by_name})


def _shifts(checks: Mapping[Aim, Sequence[SurpriseCheck]], by_name: Mapping[str, Rules]) -> Shifts:
    shifts = {aim: audit.estimated_shift(sample, by_name[aim[0]](aim[1]).parameters) for aim, sample in checks.items()}
    return {aim: shift for aim, shift in shifts.items() if shift is not None}


def _checked(rows: Sequence[EvidenceRow], rules: Rules, day: date) -> Iterator[tuple[Level, SurpriseCheck]]:
    """Yield the surprise checks among the evidence on a competency, with the projected state before each."""
    for level in LEVELS:
        pieces = [row.piece for row in in_order(rows, level, rules)]
        last = max((place for place, piece in enumerate(pieces) if _is_sample(piece, day)), default=-1)
        for encounter in watched_checks(pieces[: last + 1], rules(level)):
            if _is_sample(encounter.check, day):
                yield level, projected_check(encounter, rules(level).parameters)


def _is_sample(piece: Piece, day: date) -> bool:
    return piece.kind is EvidenceKind.SURPRISE and piece.items > 0 and day - FOUR_QUARTERS < piece.day <= day
