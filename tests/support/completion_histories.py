"""Random histories of an officer in a course: deeds by day, and the record as it was at the end of each day."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from uuid import UUID

from hypothesis import strategies as st

from app.learning.domain.assignments import (
    AskedCourse,
    AssignmentRecord,
    CourseDates,
    ExemptionDays,
    PostingDays,
    RequirementRule,
)
from app.learning.domain.completion import COUNTERS, ZERO, AssignmentSource, Spell, changes
from app.learning.domain.cycles import LearningDates
from app.learning.domain.requirements import ExemptionKind

BEGIN = date(2027, 1, 1)
LENGTH = 240  # days of a history
KINDS = (
    "require", "end_requirement", "replace_requirement", "suggest", "withdraw", "seat", "exempt", "later", "end_exemption",
    "begin", "step", "complete", "pass_again", "move", "leave", "return", "protect", "publish", "break",
)  # fmt: skip
Deed = tuple[int, str, int]  # day, kind, a number that chooses the details


def day(number: int) -> date:
    """Return a day of the history."""
    return BEGIN + timedelta(days=number)


def deeds() -> st.SearchStrategy[list[Deed]]:
    """Return deeds in the order of their days."""
    deed = st.tuples(st.integers(0, LENGTH), st.sampled_from(KINDS), st.integers(0, 99))
    return st.lists(deed, min_size=1, max_size=14).map(lambda drawn: sorted(drawn, key=lambda item: item[0]))


def first_record() -> AssignmentRecord:
    """Return the record of an officer who joined, with a published course and no assignment."""
    return AssignmentRecord(
        joined_on=BEGIN,
        postings=(PostingDays(BEGIN, None, "IQ", ("first_responder",)),),
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
    new = PostingDays(today, None, ("IQ", "BG")[detail % 4 % 2], (role,) if detail % 9 else ())
    return replace(
        record, postings=(*record.postings[:-1], replace(last, until=today - timedelta(days=1)), new)
    )


def _leave(record: AssignmentRecord, today: date, _detail: int) -> AssignmentRecord | None:
    last = record.postings[-1]
    return None if last.until is not None else replace(record, postings=(*record.postings[:-1], replace(last, until=today)))


def _return(record: AssignmentRecord, today: date, _detail: int) -> AssignmentRecord | None:
    last = record.postings[-1]
    if last.until is None or last.until >= today:
        return None
    return replace(record, postings=(*record.postings, PostingDays(today, None, "IQ", ("first_responder",))))


def _break(record: AssignmentRecord, today: date, _detail: int) -> AssignmentRecord:
    course = record.course
    return replace(record, course=replace(course, breaking=tuple(sorted({*course.breaking, today}))))


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
    "publish": lambda record, today, detail: record,
    "break": _break,
}


def sums(spells: Iterable[Spell], until: date) -> dict[tuple[str, str, str], tuple[int, ...]]:
    """Return the sums of the changes up to a day by country, role and group, as the rollups give them."""
    cells: dict[tuple[str, str, str], tuple[int, ...]] = {}
    for spell in spells:
        if spell.counted:
            for moved_on, moved in changes(spell).items():
                if moved_on <= until:
                    cell = (spell.country, spell.role, spell.group)
                    before = cells.get(cell, ZERO)
                    cells[cell] = tuple(left + right for left, right in zip(before, moved, strict=True))
    return {cell: amounts for cell, amounts in cells.items() if any(amounts)}
