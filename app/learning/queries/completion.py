"""Read completion: cells from the rollups in one statement, officers with their courses, and what is late."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select, true, union_all

from app.db.base import table_of
from app.db.session import db
from app.identity.queries import people as accounts
from app.invitations.queries import counts as invitations
from app.learning.domain.completion import (
    COUNTERS,
    DAY,
    EVERY_ROLE,
    CompletionCounts,
    CompletionFlag,
    CompletionGroup,
    flags_on,
    month_of,
    state_on,
)
from app.learning.models.completion import Assignment, CompletionDay, CompletionMonth
from app.learning.queries import completion_conditions
from app.learning.queries.stored_assignments import spell_of
from app.learning.shapes import (
    CompletionCell,
    CourseState,
    InvitedCell,
    LateCell,
    OfficerCourses,
    OfficerCoursesFilter,
    OfficerCoursesPage,
)

PAGE_SIZE = 100
Rollup = type[CompletionDay] | type[CompletionMonth]
OnPerson = Callable[[ColumnElement[UUID]], ColumnElement[bool]]  # a condition on a person's id


class CellAxis(StrEnum):
    """What splits the cells of a table."""

    COURSE = "course_id"
    COUNTRY = "country"
    ROLE = "role"


def cells(
    day: date,
    *,
    by: Collection[CellAxis],
    courses: Collection[UUID] = (),
    countries: Collection[str] = (),
    roles: Collection[str] = (),
    groups: Collection[CompletionGroup] = (),
) -> list[CompletionCell]:
    """Return the counters of a day, past or future, split by these axes, in one statement; empty filters mean all.

    Without a split or filter by role, only the rows of all roles are read.
    """
    axes = [axis for axis in CellAxis if axis in by]
    filters = {"course_id": courses, "country": countries, "source_group": groups}
    parts = [
        _summed(CompletionMonth, axes, filters, roles).where(CompletionMonth.month < month_of(day)),
        _summed(CompletionDay, axes, filters, roles).where(CompletionDay.day.between(day.replace(day=1), day)),
    ]
    sums: dict[tuple[Any, ...], list[int]] = defaultdict(lambda: [0] * len(COUNTERS))
    for row in db.session.execute(union_all(*parts)):
        cell = sums[tuple(row[: len(axes)])]
        for position, amount in enumerate(row[len(axes) :]):
            cell[position] += amount or 0
    return [_cell(axes, key, amounts) for key, amounts in sorted(sums.items()) if any(amounts)]


def invited(day: date, *, countries: Collection[str] = (), roles: Collection[str] = ()) -> list[InvitedCell]:
    """Return the invitations of a day by country and role: open, or expired or bounced in the last 90 days."""
    return [
        InvitedCell(line.country, line.role, line.invited, line.bounced)
        for line in invitations.not_in_yet(day)
        if (not countries or line.country in countries) and (not roles or line.role in roles)
    ]


def matching(day: date, wanted: OfficerCoursesFilter, further: OnPerson | None = None) -> OnPerson:
    """Return the condition on a person's id of a filter without its country and role, for `officers_of`."""

    def having(person_id: ColumnElement[UUID]) -> ColumnElement[bool]:
        narrowed: list[ColumnElement[bool]] = []
        if wanted.people is not None:
            narrowed.append(person_id.in_(wanted.people))
        if wanted.states:
            in_state = or_(*(completion_conditions.is_in(state, day) for state in wanted.states))
            narrowed.append(person_id.in_(_on(Assignment.person_id, day=day, courses=wanted.courses).where(in_state)))
        if further is not None:
            narrowed.append(further(person_id))
        return and_(true(), *narrowed)

    return having


def officers(
    day: date,
    wanted: OfficerCoursesFilter,
    *,
    after: str = "",
    size: int = PAGE_SIZE,
    further: OnPerson | None = None,
) -> OfficerCoursesPage:
    """Return a page of the officers of a country by alias, those after the alias `after`, with their states on a day.

    `further` is another condition on a person's id. For the own country and its supervisors only: officers under
    threat are included.
    """
    having = matching(day, wanted, further)
    lines = accounts.officers_of(wanted.country, day, role=wanted.role, having=having, after=after, size=size + 1)
    shown = lines[:size]
    states = _states([line.person_id for line in shown], day, wanted.courses)
    rows = tuple(
        OfficerCourses(line.person_id, line.alias, line.agency, line.roles, states.get(line.person_id, {}))
        for line in shown
    )
    total = accounts.count_officers_of(wanted.country, day, role=wanted.role, having=having)
    return OfficerCoursesPage(rows, total, shown[-1].alias if len(lines) > size else None)


def course_states(person_id: UUID, day: date) -> Mapping[UUID, CourseState]:
    """Return the states of an officer in all courses on a day; for the officer, own country and own supervisors."""
    return _states([person_id], day, ()).get(person_id, {})


def late(
    day: date, *, countries: Collection[str] = (), courses: Collection[UUID] = (), roles: Collection[str] = ()
) -> list[LateCell]:
    """Return the cells by country and course with overdue, stalled or waiting officers on a day, in one statement.

    Officers under threat are left out.
    """
    has = partial(completion_conditions.is_in, day=day)
    counted = {
        "overdue": has(CompletionFlag.OVERDUE),
        "stalled": has(CompletionFlag.STALLED),
        "waiting": has(CompletionFlag.WAITING),
        "chased": completion_conditions.is_chased(day),
        "due": completion_conditions.is_due(day),
    }
    columns = [func.count().filter(condition).label(name) for name, condition in counted.items()]
    first = func.min(Assignment.due_on).filter(counted["overdue"])
    query = _on(Assignment.country, Assignment.course_id, *columns, first, day=day, courses=courses)
    query = query.where(Assignment.counted.is_(True), *_in(Assignment, {"country": countries, "role": roles}))
    cell = (Assignment.country, Assignment.course_id)
    rows: Iterable[Any] = db.session.execute(query.group_by(*cell).order_by(*cell))
    lines = [LateCell(*(*row[:-1], None if row[-1] is None else row[-1] + DAY)) for row in rows]
    return [line for line in lines if line.overdue or line.stalled or line.waiting]


def chased(day: date, countries: Collection[str], courses: Collection[UUID]) -> dict[tuple[str, UUID], list[UUID]]:
    """Return the officers, by country and course, whose supervisor or contact point acts next; never shown by name.

    They are overdue by more than 7 days, waiting, or without a step for 35 days. Officers under threat are left out.
    """
    query = _on(Assignment.country, Assignment.course_id, Assignment.person_id, day=day, courses=courses)
    query = query.where(Assignment.counted.is_(True), Assignment.country.in_(countries))
    by_cell: dict[tuple[str, UUID], list[UUID]] = defaultdict(list)
    for country, course_id, person_id in db.session.execute(query.where(completion_conditions.is_chased(day))):
        by_cell[country, course_id].append(person_id)
    return dict(by_cell)


def late_courses(people: Collection[UUID], day: date) -> dict[UUID, frozenset[UUID]]:
    """Return the courses in which these people are overdue, stalled or waiting on a day; others are left out."""
    flags = (CompletionFlag.OVERDUE, CompletionFlag.STALLED, CompletionFlag.WAITING)
    is_late = or_(*(completion_conditions.is_in(flag, day) for flag in flags))
    query = _on(Assignment.person_id, Assignment.course_id, day=day, courses=()).where(is_late)
    courses: dict[UUID, set[UUID]] = defaultdict(set)
    for person_id, course_id in db.session.execute(query.where(Assignment.person_id.in_(people))):
        courses[person_id].add(course_id)
    return {person_id: frozenset(ids) for person_id, ids in courses.items()}


def _summed(
    table: Rollup, axes: Sequence[CellAxis], filters: Mapping[str, Collection[Any]], roles: Collection[str]
) -> Select[*tuple[Any, ...]]:
    columns = [getattr(table, axis.value) for axis in axes]
    query = select(*columns, *(func.sum(getattr(table, name)) for name in COUNTERS)).where(*_in(table, filters))
    if roles:
        query = query.where(table.role.in_(roles))
    else:
        query = query.where(table.role != EVERY_ROLE if CellAxis.ROLE in axes else table.role == EVERY_ROLE)
    return query.group_by(*columns) if columns else query


def _in(table: Any, filters: Mapping[str, Collection[Any]]) -> Iterator[ColumnElement[bool]]:
    for name, values in filters.items():
        if values:
            yield getattr(table, name).in_(values)


def _cell(axes: Sequence[CellAxis], key: tuple[Any, ...], amounts: Sequence[int]) -> CompletionCell:
    values = dict(zip(axes, key, strict=True))
    return CompletionCell(
        values.get(CellAxis.COURSE),
        values.get(CellAxis.COUNTRY, ""),
        values.get(CellAxis.ROLE, ""),
        CompletionCounts(*amounts),
    )


def _on(*columns: Any, day: date, courses: Collection[UUID]) -> Select[*tuple[Any, ...]]:
    """Return the query of the periods that contain a day."""
    query = select(*columns).where(Assignment.since <= day, or_(Assignment.until.is_(None), Assignment.until >= day))
    return query.where(Assignment.course_id.in_(courses)) if courses else query


def _states(people: Collection[UUID], day: date, courses: Collection[UUID]) -> dict[UUID, dict[UUID, CourseState]]:
    values = {"day": day, "people": list(people)}
    rows = db.session.execute(_STATES.where(Assignment.course_id.in_(courses)) if courses else _STATES, values)
    states: dict[UUID, dict[UUID, CourseState]] = defaultdict(dict)
    for row in rows:
        states[row.person_id][row.course_id] = _state(row, day)
    return states


def _state(row: Any, day: date) -> CourseState:
    spell = spell_of(row)
    return CourseState(
        person_id=row.person_id,
        course_id=row.course_id,
        state=state_on(spell, day),
        flags=flags_on(spell, day),
        source=spell.source,
        source_id=spell.source_id,
        assigned_on=spell.assigned_on,
        due_on=spell.due_on,
        begun_on=_by(spell.begun_on, day),
        last_step_on=_by(spell.last_step_on, day),
        completed_on=_by(spell.completed_on, day),
        exempt_until=spell.exempt_until,
        problem=spell.problem,
        cycle=spell.cycle,
        recorded=spell.recorded and _by(spell.completed_on, day) is not None,
    )


def _by(event: date | None, day: date) -> date | None:
    return event if event is not None and event <= day else None


# built once: pages of a course send it
_STATES = select(*table_of(Assignment).c).where(
    Assignment.since <= bindparam("day"),
    or_(Assignment.until.is_(None), Assignment.until >= bindparam("day")),
    Assignment.person_id.in_(bindparam("people")),
)
