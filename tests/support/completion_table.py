"""The table of completion, read literally for one day: an independent answer to compare `domain.assignments` with."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import partial

from app.learning.domain.assignments import AssignmentRecord, OfficerPosting, RequirementRule
from app.learning.domain.completion import COUNTERS, AssignmentSource
from app.learning.domain.cycles import months_later
from app.learning.domain.requirements import ExemptionKind

Records = Callable[[date], AssignmentRecord]  # the record at the end of a day
Cell = tuple[str, str, str]  # country, role, group
Source = tuple[date, date | None, bool]  # assigned on, due on, whether it is a requirement


def counted(records: Records, day: date) -> dict[Cell, tuple[int, ...]]:
    """Return the cell and the counters of an officer on a day."""
    record = records(day)
    posting = serving(record, day)
    if posting is None or record.protected:
        return {}
    completions = _completions(record, posting, day)
    begins, completed_on = _cycle(record, posting, day, completions)
    sources = list(_sources(record, posting, begins, day))
    learned = sorted({*record.learning.steps, *([record.learning.begun_on] if record.learning.begun_on else [])})
    done = [step for step in learned if step <= day and (begins is None or step >= begins)]
    begun = bool(done) or completed_on is not None
    if not sources:
        return {(posting.country, posting.role, "choice"): _vector({"by_choice"})} if begun else {}
    group = "required" if any(required for _, _, required in sources) else "asked"
    cell = posting.country, posting.role, group
    names = {"assigned"}
    if completed_on is not None:
        late = _was_late(records, completed_on, begins)
        names |= {"completed_late" if late else "completed_on_time"}
        own = [item for item in record.learning.completions if item <= day and (begins is None or item >= begins)]
        return {cell: _vector(names if own else names | {"recorded"})}
    if any(
        item.kind is ExemptionKind.EXEMPT and item.country == posting.country and item.is_valid(day)
        for item in record.exemptions
    ):
        return {cell: _vector(names | {"exempt"})}
    assigned_on, due_on, _ = min(sources, key=lambda source: source[1] or date.max)
    overdue = due_on is not None and due_on < day
    names |= {"in_progress" if begun else "not_started"} | ({"overdue"} if overdue else set())
    if due_on is not None and 0 <= (due_on - day).days <= 14:
        names.add("due_soon")
    if begun and done[-1] + timedelta(days=21) <= day:
        names.add("stalled")
    if not begun and assigned_on + timedelta(days=21) <= day and not overdue:
        names.add("waiting")
    return {cell: _vector(names)}


def serving(record: AssignmentRecord, day: date) -> OfficerPosting | None:
    """Return the posting of a day."""
    return next((p for p in record.postings if p.since <= day and (p.until is None or day <= p.until)), None)


def _vector(names: set[str]) -> tuple[int, ...]:
    return tuple(int(name in names) for name in COUNTERS)


def _was_late(records: Records, completed_on: date, begins: date | None) -> bool:
    """Return whether the course was late on the day it was completed."""
    record = records(completed_on)
    posting = serving(record, completed_on)
    sources = [] if posting is None else list(_sources(record, posting, begins, completed_on))
    dates = [due_on for _, due_on, _ in sources if due_on is not None]
    return bool(dates) and min(dates) < completed_on


def _completions(record: AssignmentRecord, posting: OfficerPosting, day: date) -> list[date]:
    """Return the completions that count: those elsewhere only while the course is required."""
    required = bool(posting.roles) and any(_in_force(rule, posting, day) for rule in record.requirements)
    valid = [item for item in record.recorded if item.recorded_on <= day and (item.ended_on or date.max) > day]
    elsewhere = {item.completed_on for item in valid} if required else set()
    return sorted({*record.learning.completions, *elsewhere})


def _cycle(
    record: AssignmentRecord, posting: OfficerPosting, day: date, completions: Sequence[date]
) -> tuple[date | None, date | None]:
    """Return when the cycle of a day began, and when the course was completed in it."""
    months = [rule.renew_months for rule in record.requirements if rule.renew_months and _in_force(rule, posting, day)]
    begins: date | None = None
    while True:
        done = [item for item in completions if item <= day and (begins is None or item >= begins)]
        if not done:
            return begins, None
        ends = _end(done[0], record, months)
        for again in done[1:]:
            if ends is not None and again < ends:
                ends = _end(again, record, months)
        if ends is None or ends > day:
            return begins, done[0]
        begins = ends


def _end(completed_on: date, record: AssignmentRecord, months: Sequence[int]) -> date | None:
    ends = [item for item in record.course.breaking if item > completed_on]
    return min([*ends, *(months_later(completed_on, number) for number in months)], default=None)


def _in_force(rule: RequirementRule, posting: OfficerPosting, day: date) -> bool:
    is_valid = rule.starts <= day and (rule.ends is None or day <= rule.ends)
    return is_valid and _is_for(rule, posting)


def _is_for(rule: RequirementRule, posting: OfficerPosting) -> bool:
    of_role = not rule.role or not posting.roles or rule.role in posting.roles
    return of_role and (not rule.countries or posting.country in rule.countries)


def _is_matched(rule: RequirementRule, posting: OfficerPosting) -> bool:
    return bool(posting.roles) and _is_for(rule, posting)


def _sources(record: AssignmentRecord, posting: OfficerPosting, begins: date | None, day: date) -> Iterator[Source]:
    """Yield the sources of a day; a posting without a role has none, since nothing can be assigned to it."""
    if not posting.roles:
        return
    published = record.course.readable_on or date.max
    later = [
        item.last
        for item in record.exemptions
        if item.kind is ExemptionKind.LATER and item.country == posting.country and item.is_valid(day)
    ]
    for rule in record.requirements:
        if _in_force(rule, posting, day):
            since = _since(record, day, partial(_is_matched, rule))
            assigned_on = max([since, rule.assigned_from, published, record.joined_on, *([begins] if begins else [])])
            due_on = assigned_on + timedelta(days=rule.due_days)
            if rule.due_on is not None:
                due_on = max(rule.due_on, assigned_on + timedelta(days=30))
            yield assigned_on, max([due_on, *later]), True
    for asked in record.asked:
        applies = asked.since <= day and (asked.until is None or day <= asked.until)
        is_old = begins is not None and asked.since < begins
        if applies and not is_old and (asked.source is AssignmentSource.EVENT or asked.country == posting.country):
            since = _since(record, day, lambda past: past.country == posting.country)
            assigned_on = max([since, asked.since, published, record.joined_on, *([begins] if begins else [])])
            yield assigned_on, max([asked.due_on, *later]), False


def _since(record: AssignmentRecord, day: date, matches: Callable[[OfficerPosting], bool]) -> date:
    """Return the first of the days without a break, up to this one, on which a posting matches."""
    while (before := serving(record, day - timedelta(days=1))) is not None and matches(before):
        day = before.since
    return day
