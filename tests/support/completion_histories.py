"""Random histories of an officer in a course: deeds by day, and the record as it was at the end of each day."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import chain
from uuid import UUID

from hypothesis import strategies as st

from app.learning.domain.assignments import (
    AskedCourse,
    AssignmentRecord,
    CourseDates,
    ExemptionDays,
    OfficerPosting,
    RecordedDays,
    RequirementRule,
    periods,
    splice,
)
from app.learning.domain.completion import ZERO, AssignmentSource, Spell, changes, counts_on
from app.learning.domain.cycles import LearningDates
from app.learning.domain.requirements import ExemptionKind

BEGIN = date(2027, 1, 1)
LENGTH = 240  # days of a history
KINDS = (
    "require", "end_requirement", "replace_requirement", "suggest", "withdraw", "seat", "exempt", "later",
    "end_exemption", "begin", "step", "complete", "pass_again", "move", "leave", "return", "protect", "break",
    "record", "end_record",
)  # fmt: skip
Cell = tuple[str, str, str]  # country, role, group
Cells = dict[Cell, tuple[int, ...]]
Deed = tuple[int, str, int]  # day, kind, a number that chooses the details


def day(number: int) -> date:
    """Return a day of the history."""
    return BEGIN + timedelta(days=number)


def deeds() -> st.SearchStrategy[list[Deed]]:
    """Return deeds in the order of their days."""
    deed = st.tuples(st.integers(0, LENGTH), st.sampled_from(KINDS), st.integers(0, 99))
    usual = st.tuples(st.integers(0, LENGTH), st.sampled_from(("step", "step", "complete")), st.integers(0, 99))
    recorded = st.tuples(
        st.integers(0, LENGTH), st.sampled_from(("record", "record", "end_record")), st.integers(0, 99)
    )
    start = st.tuples(st.integers(0, 60), st.sampled_from(("require", "suggest", "seat")), st.integers(0, 99))
    begin = st.tuples(st.integers(0, 60), st.just("begin"), st.just(0))
    parts = (
        st.lists(start, max_size=2),
        st.lists(begin, max_size=1),
        st.lists(usual, max_size=5),
        st.lists(recorded, max_size=2),
        st.lists(deed, max_size=8),
    )
    return st.tuples(*parts).map(lambda drawn: sorted(chain(*drawn), key=lambda item: item[0]))


def first_record() -> AssignmentRecord:
    """Return the record of an officer who joined, with a published course and no assignment."""
    return AssignmentRecord(
        joined_on=BEGIN,
        postings=(OfficerPosting(BEGIN, None, "IQ", ("first_responder",)),),
        course=CourseDates(day(-50), day(-50), day(-50)),
    )


def after(record: AssignmentRecord, deed: Deed) -> AssignmentRecord:
    """Return the record after a deed; a deed that does not fit changes nothing."""
    number, kind, detail = deed
    changed = _DEEDS[kind](record, day(number), detail)
    return record if changed is None else changed


def _require(record: AssignmentRecord, today: date, detail: int) -> AssignmentRecord:
    fixed = detail % 2 == 0
    rule = RequirementRule(
        id=UUID(int=len(record.requirements) + 1),
        role=("", "first_responder", "investigator")[detail % 3],
        countries=((), ("IQ",), ("BG",))[detail % 5 % 3],
        starts=today,
        ends=None,
        assigned_from=today,
        due_on=today + timedelta(days=detail) if fixed else None,
        due_days=0 if fixed else detail,
        renew_months=(None, 1, 3)[detail % 7 % 3],
    )
    return replace(record, requirements=(*record.requirements, rule))


def _end_requirement(record: AssignmentRecord, today: date, detail: int) -> AssignmentRecord | None:
    last = today + timedelta(days=detail % 20 - 1)
    rules = [replace(rule, ends=last) if rule.ends is None else rule for rule in record.requirements]
    return replace(record, requirements=tuple(rules))


def _replace_requirement(record: AssignmentRecord, today: date, detail: int) -> AssignmentRecord | None:
    if not record.requirements or record.requirements[-1].ends is not None:
        return None
    old = record.requirements[-1]
    new = replace(
        old, id=UUID(int=len(record.requirements) + 1), starts=today, due_on=today + timedelta(days=detail), due_days=0
    )
    ended = replace(old, ends=today - timedelta(days=1))
    return replace(record, requirements=(*record.requirements[:-1], ended, new))


def _ask(source: AssignmentSource, record: AssignmentRecord, today: date, detail: int) -> AssignmentRecord:
    country = "" if source is AssignmentSource.EVENT else "IQ"
    asked = AskedCourse(
        source, UUID(int=1000 + len(record.asked)), country, today, None, today + timedelta(days=detail % 40)
    )
    return replace(record, asked=(*record.asked, asked))


def _withdraw(record: AssignmentRecord, today: date, _detail: int) -> AssignmentRecord:
    kept = [
        asked if asked.until is not None else replace(asked, until=today - timedelta(days=1))
        for asked in record.asked
        if asked.until is not None or asked.since < today
    ]
    return replace(record, asked=tuple(kept))


def _exempt(kind: ExemptionKind, record: AssignmentRecord, today: date, detail: int) -> AssignmentRecord:
    exemption = ExemptionDays(kind, "IQ", today, today + timedelta(days=detail))
    return replace(record, exemptions=(*record.exemptions, exemption))


def _end_exemption(record: AssignmentRecord, today: date, _detail: int) -> AssignmentRecord:
    ended = [item if item.ended_on is not None else replace(item, ended_on=today) for item in record.exemptions]
    return replace(record, exemptions=tuple(ended))


def _begin(record: AssignmentRecord, today: date, _detail: int) -> AssignmentRecord | None:
    return None if record.learning.begun_on else replace(record, learning=LearningDates(begun_on=today))


def _step(record: AssignmentRecord, today: date, _detail: int) -> AssignmentRecord | None:
    if record.learning.begun_on is None:
        return None
    steps = tuple(sorted({*record.learning.steps, today}))
    return replace(record, learning=replace(record.learning, steps=steps))


def _complete(record: AssignmentRecord, today: date, detail: int) -> AssignmentRecord | None:
    learning = record.learning
    if learning.begun_on is None or learning.completions:
        return None
    return replace(record, learning=replace(learning, completions=(today,)))


def _pass_again(record: AssignmentRecord, today: date, detail: int) -> AssignmentRecord | None:
    learning = record.learning
    if not learning.completions:
        return None
    completions = tuple(sorted({*learning.completions, today}))
    steps = tuple(sorted({*learning.steps, today}))
    return replace(record, learning=replace(learning, completions=completions, steps=steps))


def _move(record: AssignmentRecord, today: date, detail: int) -> AssignmentRecord | None:
    last = record.postings[-1]
    if last.until is not None or last.since >= today:
        return None
    role = ("first_responder", "investigator")[detail % 2]
    new = OfficerPosting(today, None, ("IQ", "BG")[detail % 4 % 2], (role,) if detail % 9 else ())
    return replace(record, postings=(*record.postings[:-1], replace(last, until=today - timedelta(days=1)), new))


def _leave(record: AssignmentRecord, today: date, _detail: int) -> AssignmentRecord | None:
    last = record.postings[-1]
    return (
        None
        if last.until is not None
        else replace(record, postings=(*record.postings[:-1], replace(last, until=today)))
    )


def _return(record: AssignmentRecord, today: date, _detail: int) -> AssignmentRecord | None:
    last = record.postings[-1]
    if last.until is None or last.until >= today:
        return None
    return replace(record, postings=(*record.postings, OfficerPosting(today, None, "IQ", ("first_responder",))))


def _break(record: AssignmentRecord, today: date, _detail: int) -> AssignmentRecord:
    course = record.course
    return replace(record, course=replace(course, breaking=tuple(sorted({*course.breaking, today}))))


def _record(record: AssignmentRecord, today: date, detail: int) -> AssignmentRecord:
    ended = _end_record(record, today, detail).recorded
    new = RecordedDays(today - timedelta(days=detail), today)
    return replace(record, recorded=(*ended, new))


def _end_record(record: AssignmentRecord, today: date, _detail: int) -> AssignmentRecord:
    ended = [item if item.ended_on is not None else replace(item, ended_on=today) for item in record.recorded]
    return replace(record, recorded=tuple(ended))


_DEEDS = {
    "require": _require,
    "end_requirement": _end_requirement,
    "replace_requirement": _replace_requirement,
    "suggest": lambda *deed: _ask(AssignmentSource.SUGGESTION, *deed),
    "seat": lambda *deed: _ask(AssignmentSource.EVENT, *deed),
    "withdraw": _withdraw,
    "exempt": lambda *deed: _exempt(ExemptionKind.EXEMPT, *deed),
    "later": lambda *deed: _exempt(ExemptionKind.LATER, *deed),
    "end_exemption": _end_exemption,
    "begin": _begin,
    "step": _step,
    "complete": _complete,
    "pass_again": _pass_again,
    "move": _move,
    "leave": _leave,
    "return": _return,
    "protect": lambda record, today, detail: replace(record, protected=not record.protected),
    "break": _break,
    "record": _record,
    "end_record": _end_record,
}


@dataclass(frozen=True, slots=True)
class Lived:
    """The periods that were stored deed by deed, the record at the end of each day with a deed, and all versions."""

    stored: Sequence[Spell]
    records: Mapping[date, AssignmentRecord]
    versions: Mapping[date, Sequence[Spell]]  # as stored before the deed of a day

    def record_on(self, moment: date) -> AssignmentRecord:
        """Return the record at the end of a day."""
        days = [past for past in self.records if past <= moment]
        return self.records[max(days)] if days else first_record()


def lived(history: Iterable[Deed]) -> Lived:
    """Return what is stored if each deed is recorded on its own day."""
    record, stored = first_record(), list[Spell]()
    records: dict[date, AssignmentRecord] = {}
    versions: dict[date, Sequence[Spell]] = {}
    for deed in history:
        today = day(deed[0])
        versions.setdefault(today, stored)
        record = after(record, deed)
        stored = splice(stored, periods(record), today)
        records[today] = record
    return Lived(stored, records, versions)


def sums(spells: Iterable[Spell], days: Sequence[date]) -> Iterator[Cells]:
    """Yield the sums of the changes up to each of these days, in order, as the rollups give them."""
    moved = sorted(
        (moved_on, cell_of(spell), amounts)
        for spell in spells
        if spell.counted
        for moved_on, amounts in changes(spell).items()
    )
    cells: Cells = {}
    position = 0
    for until in days:
        while position < len(moved) and moved[position][0] <= until:
            _, cell, amounts = moved[position]
            cells[cell] = add(cells.get(cell, ZERO), amounts)
            position += 1
        yield {cell: amounts for cell, amounts in cells.items() if any(amounts)}


def full_count(spells: Iterable[Spell], moment: date) -> Cells:
    """Return the counters of a day, counted period by period."""
    cells: Cells = {}
    for spell in spells:
        if spell.counted and spell.since <= moment and (spell.until is None or moment <= spell.until):
            cells[cell_of(spell)] = add(cells.get(cell_of(spell), ZERO), counts_on(spell, moment))
    return {cell: amounts for cell, amounts in cells.items() if any(amounts)}


def cell_of(spell: Spell) -> Cell:
    """Return country, role and group of a period."""
    return spell.country, spell.role, str(spell.group)


def add(left: tuple[int, ...], right: tuple[int, ...]) -> tuple[int, ...]:
    """Return the sums of two vectors of counters."""
    return tuple(first + second for first, second in zip(left, right, strict=True))
