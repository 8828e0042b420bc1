"""Read the competencies of a person (`/path`), evidence and its effects, capacity, claims, needs."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, func, select
from sqlalchemy.exc import NoResultFound

from app.catalogue.domain.items import Level
from app.catalogue.domain.references.competencies import Competencies
from app.catalogue.queries import courses as catalogue
from app.competence.domain import audit, forecast, measure, needs
from app.competence.domain.assessment import EvidenceBook, EvidenceRow, in_order, rules
from app.competence.domain.claims import ClaimState
from app.competence.domain.display import ever_watched, shown_chance, training_stage
from app.competence.domain.effects import Effect, effects
from app.competence.domain.evidence import LEVELS, EvidenceKind
from app.competence.domain.history import CompetencyRule, replay
from app.competence.domain.measure import SkillState
from app.competence.domain.statuses import status
from app.competence.models import Claim, CompetencyValidity, Evidence, NamedNeed, Period, State
from app.competence.queries import rollups, rule_inputs
from app.competence.shapes import (
    CapacityLine,
    ClaimLine,
    CompetencyStatus,
    EvidenceLine,
    Need,
    NextStep,
    Outlook,
    PeriodSpan,
)
from app.db.session import db
from app.identity.queries import postings as accounts

Ends = Mapping[tuple[str, Level], tuple[date, date]]


@dataclass(frozen=True, slots=True)
class EvidenceOutcome:
    """The effect of a piece of evidence: chance and last valid day after it, the change, and the level."""

    p: float
    until: date | None
    effect: Effect
    level: Level


def path(person_id: UUID, roles: Collection[str], today: date) -> list[CompetencyStatus]:
    """Return the competencies of a person: those of the roles, those required by name, then others with evidence."""
    framework = catalogue.competencies() or Competencies()
    asked = needs_of_all(framework, {person_id: roles})[person_id]
    states = _states_of(person_id)
    ends = _ends_of(person_id)
    rest = _in_framework_order(framework, states.keys() - {need.competency for need in asked})
    return [
        *(_standing(framework, need.competency, need, states, ends, today) for need in asked),
        *(_standing(framework, name, None, states, ends, today) for name in rest),
    ]


def evidence_of(person_id: UUID, competency: str) -> list[EvidenceLine]:
    """Return the evidence on a competency, the oldest first, with the effect of each piece."""
    query = select(Evidence.__table__).where(Evidence.person_id == person_id, Evidence.competency == competency)
    rows = db.session.execute(query.order_by(Evidence.day, Evidence.done_at, Evidence.recorded_at, Evidence.id)).all()
    voided = {row.voids: row.reason for row in rows if row.voids is not None}
    rule = rules(catalogue.competencies() or Competencies(), competency)
    counted = [rule_inputs.as_row(row) for row in rows if row.voids is None and row.id not in voided]
    led: dict[int, EvidenceOutcome] = {}
    for level in LEVELS:
        led |= _led(in_order(counted, level, rule), level, rule(level))
    return [_line(row, voided, led.get(row.id)) for row in rows if row.kind is not EvidenceKind.VOID]


def outlook(person_id: UUID, competency: str, level: Level, today: date) -> Outlook:
    """Return the forecast of a competency, and the evidence that would prolong it."""
    framework = catalogue.competencies() or Competencies()
    book = rule_inputs.stored_books([person_id], [competency]).get((person_id, competency), EvidenceBook())
    expected = forecast.outlook(book, rules(framework, competency), level, today)
    steps = tuple(NextStep(kind, until) for kind, until in expected.steps)
    watched = ever_watched(book.states, level)
    state = status(bool(book.states), expected.until, today)
    return Outlook(
        p_today=expected.p_today,
        until=expected.until,
        ends_by=expected.ends_by,
        next_kinds=steps,
        chance=shown_chance(expected.p_today, state, watched=watched),
        watched=watched,
        stage=training_stage(book.states, level) if book.states else None,
    )


def chances_on(person_id: UUID, competency: str, level: Level, days: Sequence[date]) -> list[tuple[date, float]]:
    """Return how likely an officer reaches the pass mark on each of these days without new evidence."""
    rule = rules(catalogue.competencies() or Competencies(), competency)
    query = select(State.__table__).where(State.person_id == person_id, State.competency == competency)
    states = {row.level: rule_inputs.skill_state(row) for row in db.session.execute(query)}
    return [(day, forecast.chance(states, rule, level, day)) for day in days]


def periods(ids: Collection[UUID]) -> Mapping[UUID, list[PeriodSpan]]:
    """Return the validity periods of these people; a level includes the levels above it."""
    spans: dict[UUID, list[PeriodSpan]] = {}
    for row in db.session.connection().execute(_PERIODS, {"ids": ids}):
        spans.setdefault(row[0], []).append(PeriodSpan(row[1], row[2], row[3], row[4]))
    return spans


def capacity(day: date, *, today: date, country: str = "", agency_id: UUID | None = None) -> list[CapacityLine]:
    """Return how many officers need a competency, have it, are likely able, by competency and level, from rollups.

    Need, headcount and likely number are of the day's rollup, or of the newest one before (`summed_on`). From today
    on, `holders` and `later` are counted by current validity; past days have none.
    """
    framework = catalogue.competencies() or Competencies()
    nightly = rollups.of_night(day, country, agency_id)
    live = (
        rollups.holders(day, [competency.id for competency in framework.competencies], country, agency_id)
        if day >= today
        else None
    )
    keys = sorted({*nightly, *(live or ())}, key=lambda key: (key[0], LEVELS.index(key[1])))
    return [
        _capacity(name, level, nightly.get((name, level)), None if live is None else live.get((name, level), (0, 0)))
        for name, level in keys
    ]


def lines_of(sums: Mapping[tuple[str, Level], Any]) -> list[CapacityLine]:
    """Return sums of a night as lines, by competency and level."""
    keys = sorted(sums, key=lambda key: (key[0], LEVELS.index(key[1])))
    return [_capacity(name, level, sums[name, level], None) for name, level in keys]


def claims_of(person_id: UUID) -> list[ClaimLine]:
    """Return the claims of a person, the newest first."""
    query = select(Claim).where(Claim.person_id == person_id).order_by(Claim.claimed_at.desc())
    return [_claim(row) for row in db.session.scalars(query)]


def claims_waiting(
    country: str,
    today: date,
    *,
    among: Select[UUID] | None = None,
    but: UUID | None = None,
    offset: int = 0,
    size: int | None = None,
) -> list[ClaimLine]:
    """Return the claims of a country's officers that wait for a second person, the oldest first.

    `among` limits them to some officers; claims of `but` are left out.
    """
    query = select(Claim).where(*_waiting(country, today, among, but)).order_by(Claim.claimed_at, Claim.id)
    return [_claim(row) for row in db.session.scalars(query.offset(offset).limit(size))]


def count_claims_waiting(
    country: str, today: date, *, among: Select[UUID] | None = None, but: UUID | None = None
) -> int:
    """Return how many claims `claims_waiting` has in all."""
    return db.session.execute(counting_claims_waiting(country, today, among=among, but=but)).scalar_one()


def counting_claims_waiting(
    country: str, today: date, *, among: Select[UUID] | None = None, but: UUID | None = None
) -> Select[int]:
    """Return the query of `count_claims_waiting`, for callers that send several queries at once."""
    return select(func.count()).where(*_waiting(country, today, among, but))


def claim(claim_id: UUID, country: str, today: date) -> ClaimLine:
    """Return a claim of an officer of this country, or raise NoResultFound."""
    row = db.session.get_one(Claim, claim_id)
    if not _serves(accounts.postings([row.person_id]).get(row.person_id, ()), country, today):
        raise NoResultFound
    return _claim(row)


def needs_of_all(framework: Competencies, people: Mapping[UUID, Collection[str]]) -> Mapping[UUID, list[Need]]:
    """Return the needs of these people, by the roles given for each and by name, for all pages and rollups."""
    query = select(NamedNeed.person_id, NamedNeed.competency, NamedNeed.level).where(NamedNeed.person_id.in_(people))
    return asked_of(framework, people, [(row[0], row[1], row[2]) for row in db.session.execute(query)])


def asked_of(
    framework: Competencies, people: Mapping[UUID, Collection[str]], by_name: Iterable[tuple[UUID, str, Level]]
) -> Mapping[UUID, list[Need]]:
    """Return the needs of these people, by the roles given for each and by these needs by name."""
    named: dict[UUID, dict[str, Level]] = {person_id: {} for person_id in people}
    for person_id, name, level in by_name:
        named[person_id][name] = level
    return {
        person_id: [
            Need(name, *needed) for name, needed in needs.needed_levels(framework, roles, named[person_id]).items()
        ]
        for person_id, roles in people.items()
    }


def _states_of(person_id: UUID) -> Mapping[str, Mapping[Level, SkillState]]:
    states: dict[str, dict[Level, SkillState]] = {}
    for row in db.session.execute(select(State.__table__).where(State.person_id == person_id)):
        states.setdefault(row.competency, {})[row.level] = rule_inputs.skill_state(row)
    return states


def _ends_of(person_id: UUID) -> Ends:
    """Return the first and last day of the validity of each competency and level of a person."""
    query = select(
        CompetencyValidity.competency, CompetencyValidity.level, CompetencyValidity.since, CompetencyValidity.until
    ).where(CompetencyValidity.person_id == person_id)
    return {(row[0], row[1]): (row[2], row[3]) for row in db.session.execute(query)}


def _in_framework_order(framework: Competencies, names: Collection[str]) -> list[str]:
    """Return names in the order of the framework; unknown ones come last."""
    positions = {entry.id: position for position, entry in enumerate(framework.competencies)}
    return sorted(names, key=lambda name: (positions.get(name, 999), name))


def _standing(
    framework: Competencies,
    name: str,
    need: Need | None,
    states: Mapping[str, Mapping[Level, SkillState]],
    ends: Ends,
    today: date,
) -> CompetencyStatus:
    own_states = states.get(name, {})
    level = need.level if need else _shown(name, own_states, ends, today)
    since, until = ends.get((name, level), (None, None))
    last = max((state.last for state in own_states.values()), default=None)
    return CompetencyStatus(
        competency=name,
        level=level,
        status=status(bool(own_states), until, today),
        p=forecast.chance(own_states, rules(framework, name), level, today),
        watched=ever_watched(own_states, level),
        until=until,
        since=since,
        last_on=None if last is None else date.fromordinal(last),
        needed=need.level if need else None,
        by_name=need is not None and need.by_name,
    )


def _shown(name: str, states: Mapping[Level, SkillState], ends: Ends, today: date) -> Level:
    """Return the highest valid level, else the highest with evidence."""
    valid = [level for level in LEVELS if (name, level) in ends and ends[name, level][1] >= today]
    return max(valid or states, key=LEVELS.index)


def _until(state: SkillState | None) -> date | None:
    if state is None or state.verified_until is None or state.verified_from is None:
        return None
    return date.fromordinal(state.verified_until) if state.verified_until >= state.verified_from else None


def _led(rows: Sequence[EvidenceRow], level: Level, rule: CompetencyRule) -> dict[int, EvidenceOutcome]:
    """Return the effect of each piece at a level, by its number."""
    pieces = [row.piece for row in rows]
    results: dict[int, EvidenceOutcome] = {}
    for row, after, effect in zip(rows, replay(pieces, rule), effects(pieces, rule), strict=True):
        day = row.piece.day.toordinal()
        results[row.id] = EvidenceOutcome(
            measure.p(after.state, day, rule.parameters), _until(after.state), effect, level
        )
    return results


def _line(row: Any, voided: Mapping[int, str], led: EvidenceOutcome | None) -> EvidenceLine:
    return EvidenceLine(
        id=row.id,
        day=row.day,
        kind=row.kind,
        level=row.level,
        share=row.share,
        mark=row.mark,
        items=row.items,
        trust=row.trust,
        watched=row.watched,
        source=row.source,
        voided=row.id in voided,
        reason=voided.get(row.id, ""),
        p_after=None if led is None else led.p,
        until_after=None if led is None else led.until,
        counted=led is not None and led.effect.not_counted is None,
        effect=None if led is None else led.effect,
        counted_at=None if led is None else led.level,
    )


def _capacity(name: str, level: Level, sums: Any, live: tuple[int, int] | None) -> CapacityLine:
    holders, later = live or (None, None)
    if sums is None:
        return CapacityLine(name, level, 0, 0, None, None, None, holders=holders, later=later)
    line = CapacityLine(
        competency=name,
        level=level,
        need=int(sums.need),
        headcount=int(sums.headcount),
        expected=float(sums.expected),
        low=None,
        high=None,
        summed_on=sums.day,
        holders=holders,
        later=later,
    )
    watched = audit.is_known(line.need, int(sums.watched))
    if not watched and sums.checks < audit.LEAST_CHECKS:
        return replace(line, expected=None)
    return line if sums.low is None else _audited(line, sums, watched=watched)


def _audited(line: CapacityLine, sums: Any, *, watched: bool) -> CapacityLine:
    """Return a line with its likely range, and with the audited number where surprise checks correct the measure."""
    low, high = audit.widened_range(sums.low, sums.high, sums.var, line.need)
    agrees = watched and sums.low <= float(sums.expected) <= sums.high
    return replace(line, low=low, high=high, audited=None if agrees else float(sums.audited))


def _waiting(country: str, today: date, among: Select[UUID] | None, but: UUID | None) -> list[ColumnElement[bool]]:
    conditions = [Claim.state == ClaimState.WAITING, Claim.person_id.in_(accounts.serving_in(country, today))]
    if among is not None:
        conditions.append(Claim.person_id.in_(among))
    if but is not None:
        conditions.append(Claim.person_id != but)
    return conditions


def _serves(spans: Sequence[accounts.PostingSpan], country: str, today: date) -> bool:
    return any(
        span.country == country and span.since <= today and (span.until is None or span.until >= today)
        for span in spans
    )


def _claim(row: Claim) -> ClaimLine:
    return ClaimLine(
        row.id, row.person_id, row.competency, row.level, row.state, row.claimed_at, row.decided_at, row.reason
    )


# put together once: the plan asks this for every changed standing
_TIMES = Period.__table__.c
_PERIODS = (
    select(_TIMES.person_id, _TIMES.competency, _TIMES.level, _TIMES.since, _TIMES.until)
    .where(_TIMES.person_id.in_(bindparam("ids", expanding=True)))
    .order_by(_TIMES.since, _TIMES.id)
)
