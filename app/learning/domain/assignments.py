"""Assignments of courses: from postings, requirements, suggestions, seats and exemptions to periods with one basis.

Rules: coordination, sections 1.1, 1.4 and 1.5. `periods` derives all days; `splice` never changes a past day.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from uuid import UUID

from app.learning.domain.completion import DAY, AssignmentProblem, AssignmentSource, Spell, changes
from app.learning.domain.cycles import Cycle, LearningDates, cycle_on
from app.learning.domain.requirements import ExemptionKind

LEARNED = ("begun_on", "last_step_on", "completed_on", "late")  # what deeds in the course change
GRACE = timedelta(days=30)  # at least, between the assignment and a fixed date


@dataclass(frozen=True, slots=True)
class OfficerPosting:
    """A posting with its first and last day (None: current) and the roles of the framework."""

    since: date
    until: date | None
    country: str
    roles: tuple[str, ...]

    @property
    def role(self) -> str:
        """Return the role that counts the officer."""
        return self.roles[0] if self.roles else ""


@dataclass(frozen=True, slots=True)
class RequirementRule:
    """An agreed requirement; `role` "" and `countries` () are all. `assigned_from`: start of the first of its rows."""

    id: UUID
    role: str
    countries: tuple[str, ...]
    starts: date
    ends: date | None
    assigned_from: date
    due_on: date | None = None
    due_days: int = 0
    renew_months: int | None = None


@dataclass(frozen=True, slots=True)
class AskedCourse:
    """A suggestion with a date, or a seat in an event that needs the course; `country` "" is every country."""

    source: AssignmentSource
    id: UUID
    country: str
    since: date
    until: date | None
    due_on: date


@dataclass(frozen=True, slots=True)
class ExemptionDays:
    """An agreed exemption: exempt from `since` to `last`, or a later date; `ended_on` is the first day without."""

    kind: ExemptionKind
    country: str
    since: date
    last: date
    ended_on: date | None = None

    def is_valid(self, day: date) -> bool:
        """Return whether it applies on a day; a later date remains after it has passed."""
        if day < self.since or (self.ended_on is not None and day >= self.ended_on):
            return False
        return self.kind is ExemptionKind.LATER or day <= self.last


@dataclass(frozen=True, slots=True)
class RecordedDays:
    """A completion elsewhere that counts from the day of its record on, until the day on which the record ended."""

    completed_on: date
    recorded_on: date
    ended_on: date | None = None

    def is_valid(self, day: date) -> bool:
        """Return whether the record counts on a day."""
        return self.recorded_on <= day and (self.ended_on is None or day < self.ended_on)


@dataclass(frozen=True, slots=True)
class CourseDates:
    """When a course and the courses needed before were first published (None: not yet), and in a language read."""

    published_on: date | None
    available_on: date | None
    readable_on: date | None
    breaking: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignmentRecord:
    """All facts about an officer and a course from which assignments follow."""

    joined_on: date
    postings: Sequence[OfficerPosting]
    course: CourseDates
    requirements: Sequence[RequirementRule] = ()
    asked: Sequence[AskedCourse] = ()
    exemptions: Sequence[ExemptionDays] = ()
    learning: LearningDates = field(default_factory=LearningDates)
    recorded: Sequence[RecordedDays] = ()
    protected: bool = False
    is_practitioner: bool = True


@dataclass(frozen=True, slots=True)
class _Basis:
    """A source on a day, with its dates; `assigned_on` None: `problem` prevents the assignment."""

    source: AssignmentSource
    source_id: UUID
    assigned_on: date | None
    due_on: date | None
    problem: AssignmentProblem | None


def periods(record: AssignmentRecord) -> list[Spell]:
    """Return the periods of an officer in a course, past and future, in order; days without a state are left out."""
    spells: list[Spell] = []
    for index, posting in enumerate(record.postings):
        for first, last in _segments(record, posting):
            for spell in _spells(record, index, first, last):
                _append(spells, spell)
    return spells


def splice(stored: Sequence[Spell], fresh: Sequence[Spell], today: date) -> list[Spell]:
    """Return the stored periods up to yesterday and the fresh ones from today on: a deed changes no past day."""
    past = [_until(spell, today - DAY) for spell in stored if spell.since < today]
    future = [_since(spell, today) for spell in fresh if spell.until is None or spell.until >= today]
    if past and future and (joined := _joined(past[-1], future[0], today)) is not None:
        return [*past[:-1], joined, *future[1:]]
    return [*past, *future]


def _joined(before: Spell, after: Spell, today: date) -> Spell | None:
    """Return both periods as one if that changes no day before today, else None."""
    whole = replace(after, since=before.since)
    learned = {name: getattr(after, name) for name in LEARNED}
    same = replace(before, until=after.until, **learned) == whole
    if not same or before.until != today - DAY or after.since != today:
        return None
    return whole if _before(whole, today) == _before(before, today) else None


def _before(spell: Spell, today: date) -> dict[date, tuple[int, ...]]:
    return {day: moved for day, moved in changes(spell).items() if day < today}


def _until(spell: Spell, last: date) -> Spell:
    return spell if spell.until is not None and spell.until <= last else replace(spell, until=last)


def _since(spell: Spell, first: date) -> Spell:
    return spell if spell.since >= first else replace(spell, since=first)


def _append(spells: list[Spell], spell: Spell) -> None:
    """Append a period, or prolong the last one if only the days differ."""
    last = spells[-1] if spells else None
    if last is not None and last.until is not None and last.until + DAY == spell.since:
        whole = replace(last, until=spell.until)
        if whole == replace(spell, since=last.since):
            spells[-1] = whole
            return
    spells.append(spell)


def _segments(record: AssignmentRecord, posting: OfficerPosting) -> Iterator[tuple[date, date | None]]:
    """Yield the parts of a posting within which the same sources and exemptions apply."""
    firsts = sorted(day for day in _turns(record) if day > posting.since and _serves(posting, day))
    starts = [posting.since, *firsts]
    for first, following in zip(starts, [*firsts, None], strict=True):
        yield first, posting.until if following is None else following - DAY


def _turns(record: AssignmentRecord) -> set[date]:
    """Return the days on which a source or an exemption begins or no longer applies, or a stalled officer goes on."""
    days = {day for day in _first_days(record) if day is not None}
    days |= {day + DAY for day in _last_days(record) if day is not None}
    return days.union(record.learning.resumed())


def _first_days(record: AssignmentRecord) -> Iterator[date | None]:
    yield from (record.joined_on, record.course.available_on, record.course.readable_on)
    yield from (rule.starts for rule in record.requirements)
    yield from (request.since for request in record.asked)
    for exemption in record.exemptions:
        yield from (exemption.since, exemption.ended_on)
    for completion in record.recorded:
        yield from (completion.recorded_on, completion.ended_on)
    if record.recorded:
        yield from record.learning.completions  # from here on the course is completed in the academy


def _last_days(record: AssignmentRecord) -> Iterator[date | None]:
    yield from (rule.ends for rule in record.requirements)
    yield from (request.until for request in record.asked)
    yield from (exemption.last for exemption in record.exemptions)


def _serves(posting: OfficerPosting, day: date) -> bool:
    return posting.since <= day and (posting.until is None or day <= posting.until)


def _spells(record: AssignmentRecord, index: int, first: date, last: date | None) -> Iterator[Spell]:
    """Yield the periods of a part of a posting: one for each cycle in it."""
    renew = _renewal(record, record.postings[index], first)
    learning = _counted_learning(record, record.postings[index], first)
    start: date | None = first
    while start is not None and (last is None or start <= last):
        cycle = cycle_on(learning, record.course.breaking, renew, start)
        end = last if cycle.ends is None else min(cycle.ends - DAY, last or date.max)
        spell = _spell(record, index, cycle, start, end)
        if spell is not None:
            yield replace(spell, recorded=_is_recorded(record, cycle, start))
        start = cycle.ends


def _counted_learning(record: AssignmentRecord, posting: OfficerPosting, day: date) -> LearningDates:
    """Return the days that count for a part: for a requirement that can be met, with completions elsewhere."""
    elsewhere = [completion.completed_on for completion in record.recorded if completion.is_valid(day)]
    if not elsewhere or day < record.joined_on or _problem(record, posting, day) is not None:
        return record.learning
    is_required = any(_requires(rule, posting, day, record) for rule in record.requirements)
    return record.learning.with_completions(elsewhere) if is_required else record.learning


def _is_recorded(record: AssignmentRecord, cycle: Cycle, day: date) -> bool:
    """Return whether a completed cycle has no completion in the academy by this day."""
    if cycle.completed_on is None or cycle.completed_on > day:
        return False
    own = record.learning.completions_since(cycle.begins or date.min)
    return not any(completed_on <= day for completed_on in own)


def _renewal(record: AssignmentRecord, posting: OfficerPosting, day: date) -> int | None:
    """Return the smallest number of months of the requirements that apply, or None for no renewal."""
    rules = [rule for rule in record.requirements if _requires(rule, posting, day, record)]
    return min((rule.renew_months for rule in rules if rule.renew_months is not None), default=None)


def _spell(record: AssignmentRecord, index: int, cycle: Cycle, first: date, last: date | None) -> Spell | None:
    posting = record.postings[index]
    bases = _bases(record, index, first, cycle)
    begun_on = cycle.begun_on
    if not bases and (begun_on is None or (last is not None and begun_on > last)):
        return None
    spell = Spell(
        since=first,
        until=last,
        country=posting.country,
        role=posting.role,
        counted=not record.protected,
        cycle=cycle.number,
        exempt_until=_exempt_until(record, posting, first),
        begun_on=begun_on,
        last_step_on=record.learning.last_step(cycle, first),
        completed_on=cycle.completed_on,
    )
    return _with_basis(spell, bases, late=_is_late(record, cycle)) if bases else spell


def _with_basis(spell: Spell, bases: Sequence[_Basis], *, late: bool) -> Spell:
    chosen = _earliest(bases)
    return replace(
        spell,
        source=chosen.source,
        source_id=chosen.source_id,
        required=any(basis.source is AssignmentSource.REQUIREMENT and basis.assigned_on for basis in bases),
        assigned_on=chosen.assigned_on,
        due_on=chosen.due_on,
        problem=chosen.problem,
        late=late,
    )


def _earliest(bases: Sequence[_Basis]) -> _Basis:
    """Return the source with the earliest date; one without a date or assignment only if there is no other."""
    return min(bases, key=lambda basis: (basis.assigned_on is None, basis.due_on or date.max, str(basis.source_id)))


def _is_late(record: AssignmentRecord, cycle: Cycle) -> bool:
    """Return whether the course was completed after the date that was valid on that day."""
    day = cycle.completed_on
    if day is None:
        return False
    index = next((index for index, posting in enumerate(record.postings) if _serves(posting, day)), None)
    bases = [] if index is None else _bases(record, index, day, cycle)
    return any(basis.due_on is not None and basis.due_on < day for basis in bases)


def _bases(record: AssignmentRecord, index: int, day: date, cycle: Cycle) -> list[_Basis]:
    """Return the sources that apply on a day, with the dates of this officer."""
    posting = record.postings[index]
    required = [
        _required(record, index, rule, cycle)
        for rule in record.requirements
        if _requires(rule, posting, day, record) and day >= record.joined_on
    ]
    asked = [
        _asked(record, index, request, cycle)
        for request in record.asked
        if _asks(request, posting, day, cycle) and day >= record.joined_on
    ]
    return [_checked(record, basis, posting, day) for basis in (*required, *asked)]


def _requires(rule: RequirementRule, posting: OfficerPosting, day: date, record: AssignmentRecord) -> bool:
    if day < rule.starts or (rule.ends is not None and day > rule.ends):
        return False
    return _covers(rule, posting) and (bool(posting.roles) or record.is_practitioner)


def _covers(rule: RequirementRule, posting: OfficerPosting) -> bool:
    """Return whether the requirement is for the posting; a posting without a role is a problem of every requirement."""
    for_role = not rule.role or not posting.roles or rule.role in posting.roles
    return for_role and (not rule.countries or posting.country in rule.countries)


def _asks(request: AskedCourse, posting: OfficerPosting, day: date, cycle: Cycle) -> bool:
    if day < request.since or (request.until is not None and day > request.until):
        return False
    is_older = cycle.begins is not None and request.since < cycle.begins  # it asked for an earlier cycle
    return not is_older and request.country in {"", posting.country}


def _required(record: AssignmentRecord, index: int, rule: RequirementRule, cycle: Cycle) -> _Basis:
    began = _run_began(record.postings, index, lambda posting: _covers(rule, posting) and bool(posting.roles))
    assigned_on = _latest(record.joined_on, began, rule.assigned_from, record.course.readable_on, cycle.begins)
    if rule.due_on is None:
        return _Basis(
            AssignmentSource.REQUIREMENT, rule.id, assigned_on, assigned_on + timedelta(days=rule.due_days), None
        )
    published_on = record.course.published_on
    if published_on is not None and rule.due_on < published_on:
        problem = AssignmentProblem.DUE_BEFORE_COURSE
        return _Basis(AssignmentSource.REQUIREMENT, rule.id, assigned_on, None, problem)
    due_on = max(rule.due_on, assigned_on + GRACE)
    return _Basis(AssignmentSource.REQUIREMENT, rule.id, assigned_on, due_on, None)


def _asked(record: AssignmentRecord, index: int, request: AskedCourse, cycle: Cycle) -> _Basis:
    country = record.postings[index].country
    began = _run_began(record.postings, index, lambda posting: posting.country == country)
    assigned_on = _latest(record.joined_on, began, request.since, record.course.readable_on, cycle.begins)
    return _Basis(request.source, request.id, assigned_on, request.due_on, None)


def _checked(record: AssignmentRecord, basis: _Basis, posting: OfficerPosting, day: date) -> _Basis:
    """Return the source with a later date of the officer, or with the problem that prevents the assignment."""
    problem = _problem(record, posting, day)
    if problem is not None:
        return replace(basis, assigned_on=None, due_on=None, problem=problem)
    later = [exemption.last for exemption in _valid(record, posting, day, ExemptionKind.LATER)]
    return basis if basis.due_on is None else replace(basis, due_on=max(basis.due_on, *later, basis.due_on))


def _problem(record: AssignmentRecord, posting: OfficerPosting, day: date) -> AssignmentProblem | None:
    if not posting.roles:
        return AssignmentProblem.NO_ROLE
    if record.course.available_on is None or day < record.course.available_on:
        return AssignmentProblem.NOT_PUBLISHED
    if record.course.readable_on is None or day < record.course.readable_on:
        return AssignmentProblem.LANGUAGE
    return None


def _exempt_until(record: AssignmentRecord, posting: OfficerPosting, day: date) -> date | None:
    return max((period.last for period in _valid(record, posting, day, ExemptionKind.EXEMPT)), default=None)


def _valid(
    record: AssignmentRecord, posting: OfficerPosting, day: date, kind: ExemptionKind
) -> Iterator[ExemptionDays]:
    for period in record.exemptions:
        if period.kind is kind and period.country == posting.country and period.is_valid(day):
            yield period


def _run_began(postings: Sequence[OfficerPosting], index: int, matches: Callable[[OfficerPosting], bool]) -> date:
    """Return the first day of the postings that match and follow each other without a gap, up to this one."""
    while index > 0 and matches(postings[index - 1]) and postings[index - 1].until == postings[index].since - DAY:
        index -= 1
    return postings[index].since


def _latest(*days: date | None) -> date:
    return max(day for day in days if day is not None)
