"""Query playthroughs of cases: of a person, of a course, and expired ones."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Uuid, bindparam, case, exists, func, select

from app.access.policy import Actor
from app.catalogue.domain.result_filters import ResultFilter
from app.catalogue.domain.retention import Days
from app.catalogue.queries import courses as catalogue
from app.db.session import db
from app.scenarios.models import Choice, Playthrough

# built once: most pages of a course send them; the tables that the columns refer to may not be imported yet, hence
# the types of the values
_STATUSES = (
    select(Playthrough.course_id, Playthrough.name, Playthrough.id, Playthrough.finished_at, Playthrough.share)
    .where(Playthrough.person_id == bindparam("person_id", type_=Uuid()))
    .order_by(Playthrough.finished_at)
)
_DAYS = (
    select(Playthrough.person_id, Playthrough.course_id, func.date(Playthrough.finished_at, type_=Date))
    .distinct()
    .where(
        Playthrough.person_id.in_(bindparam("people", type_=Uuid(), expanding=True)),
        Playthrough.finished_at.is_not(None),
    )
)


@dataclass(frozen=True, slots=True)
class PlaythroughView:
    """A playthrough as its person sees it; `choices` are the indexes of the chosen moves, in order."""

    id: UUID
    person_id: UUID
    course_id: UUID
    version_id: UUID
    name: str
    number: int
    language: str
    started_at: datetime
    finished_at: datetime | None
    score: float | None
    misses: int
    false_alarms: int
    choices: tuple[int, ...]

    @property
    def is_reduced(self) -> bool:
        """Return whether it is finished and its choices were deleted, so that only the result remains."""
        return self.finished_at is not None and not self.choices


@dataclass(frozen=True, slots=True)
class CaseStatus:
    """A person's status in a case: best score (None: none finished), open playthrough, first finish, last ended one."""

    best: float | None
    open_id: UUID | None
    finished_at: datetime | None
    ended_id: UUID | None = None


def visible(actor: Actor, playthrough: UUID) -> PlaythroughView:
    """Return the actor's own playthrough of a course still within the scope, or raise NoResultFound."""
    of_course = Playthrough.course_id.in_(catalogue.readable(actor))
    query = select(Playthrough).where(Playthrough.id == playthrough, Playthrough.person_id == actor.id, of_course)
    return _view(db.session.scalars(query).one())


def get(playthrough_id: UUID) -> PlaythroughView:
    """Return a playthrough, or raise NoResultFound."""
    return _view(db.session.get_one(Playthrough, playthrough_id))


def lock(playthrough_id: UUID) -> Playthrough:
    """Lock the row of the playthrough until the end of the transaction, and return it."""
    return db.session.scalars(select(Playthrough).where(Playthrough.id == playthrough_id).with_for_update()).one()


def finished(person_id: UUID) -> list[UUID]:
    """Return the ids of a person's finished playthroughs, the oldest first."""
    query = select(Playthrough.id).where(Playthrough.person_id == person_id, Playthrough.finished_at.is_not(None))
    return list(db.session.scalars(query.order_by(Playthrough.finished_at, Playthrough.id)))


def played_since(playthrough: PlaythroughView, time: timedelta) -> bool:
    """Return whether the person finished this case before, at most `time` before the end of this playthrough."""
    if playthrough.finished_at is None:
        return False
    query = select(Playthrough.id).where(
        Playthrough.person_id == playthrough.person_id,
        Playthrough.course_id == playthrough.course_id,
        Playthrough.name == playthrough.name,
        Playthrough.number < playthrough.number,
        Playthrough.finished_at > playthrough.finished_at - time,
    )
    return db.session.scalar(query.limit(1)) is not None


def choices(playthrough_id: UUID) -> list[int]:
    """Return the indexes of the chosen moves, in order."""
    query = select(Choice.move).where(Choice.playthrough_id == playthrough_id).order_by(Choice.step)
    return list(db.session.scalars(query))


def newest_playthrough(person_id: UUID, course_id: UUID, name: str) -> Playthrough | None:
    """Return a person's newest playthrough of a case."""
    query = (
        select(Playthrough)
        .where(Playthrough.person_id == person_id, Playthrough.course_id == course_id, Playthrough.name == name)
        .order_by(Playthrough.number.desc())
        .limit(1)
    )
    return db.session.scalars(query).one_or_none()


def case_statuses(person_id: UUID) -> Mapping[tuple[UUID, str], CaseStatus]:
    """Return the status of a person in every case begun, by course and name, in one query."""
    by_case: dict[tuple[UUID, str], CaseStatus] = {}
    for course_id, name, playthrough_id, finished_at, score in db.session.execute(_STATUSES, {"person_id": person_id}):
        previous = by_case.get((course_id, name), CaseStatus(None, None, None))
        if finished_at is None:
            by_case[course_id, name] = replace(previous, open_id=playthrough_id)
        else:
            best = max(score or 0.0, previous.best or 0.0)
            first = min(finished_at, previous.finished_at or finished_at)
            by_case[course_id, name] = CaseStatus(best, previous.open_id, first, playthrough_id)
    return by_case


@dataclass(frozen=True, slots=True)
class FinishedRun:
    """A finished playthrough with its errors; `number` counts the runs of the person in this case from 1."""

    person_id: UUID
    version_id: UUID
    name: str
    number: int
    finished_at: datetime
    misses: int
    false_alarms: int


def finished_runs(people: Collection[UUID]) -> list[FinishedRun]:
    """Return the finished playthroughs of these people, the earliest end first."""
    query = select(
        Playthrough.person_id, Playthrough.version_id, Playthrough.name, Playthrough.number, Playthrough.finished_at,
        Playthrough.misses, Playthrough.false_alarms,
    ).where(Playthrough.person_id.in_(people), Playthrough.finished_at.is_not(None))  # fmt: skip
    rows = db.session.execute(query.order_by(Playthrough.finished_at, Playthrough.id))
    return [
        FinishedRun(row.person_id, row.version_id, row.name, row.number, row.finished_at, row.misses, row.false_alarms)
        for row in rows
        if row.finished_at is not None
    ]


@dataclass(frozen=True, slots=True)
class CaseResult:
    """The first finished runs of a case: their number, those that missed a sign, and those with a false alarm."""

    name: str
    runs: int
    missed: int
    alarmed: int


def first_run_results(selected: ResultFilter) -> list[CaseResult]:
    """Return the first finished runs of each case of a course, by name: the only ones whose end was not known."""
    first = _first_runs(selected)
    columns = (func.count(), _count(first.c.misses > 0), _count(first.c.false_alarms > 0))
    query = select(first.c.name, *columns).where(first.c.run == 1, *_within(selected, first.c)).group_by(first.c.name)
    return [CaseResult(*row) for row in db.session.execute(query.order_by(first.c.name))]


def first_choices(selected: ResultFilter, name: str) -> Mapping[str, Mapping[int, int]]:
    """Return how often each move was chosen in first finished runs of a case, by node and index of the move.

    The filter names one version: the moves of another one may differ. Runs whose choices were deleted do not count.
    """
    first = _first_runs(selected)
    query = (
        select(Choice.node, Choice.move, func.count())
        .join(first, first.c.id == Choice.playthrough_id)
        .where(first.c.run == 1, first.c.name == name, *_within(selected, first.c))
        .group_by(Choice.node, Choice.move)
    )
    counts: dict[str, dict[int, int]] = {}
    for node, move, count in db.session.execute(query):
        counts.setdefault(node, {})[move] = count
    return counts


def _first_runs(selected: ResultFilter) -> Any:
    """Return the finished runs of a course, numbered by person and case in the order of their ends."""
    number = func.row_number().over(
        partition_by=(Playthrough.person_id, Playthrough.name), order_by=(Playthrough.finished_at, Playthrough.number)
    )
    return (
        select(Playthrough, number.label("run"))
        .where(
            Playthrough.course_id == selected.course_id,
            Playthrough.finished_at.is_not(None),
            Playthrough.person_id.not_in(selected.without),
        )
        .subquery()
    )


def _within(selected: ResultFilter, run: Any) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if selected.version_id is not None:
        conditions.append(run.version_id == selected.version_id)
    if selected.begins is not None:
        conditions.append(run.finished_at >= selected.begins)
    if selected.ends is not None:
        conditions.append(run.finished_at < selected.ends)
    if selected.language:
        conditions.append(run.language == selected.language)
    return conditions


def _count(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((condition, 1)))


def expired_playthroughs(days: Days, *, after: UUID, limit: int) -> list[UUID]:
    """Return ids after `after` of playthroughs that were finished within these days and still have choices."""
    query = select(Playthrough.id).where(
        Playthrough.id > after,
        Playthrough.finished_at >= days.begins,
        Playthrough.finished_at < days.ends,
        exists().where(Choice.playthrough_id == Playthrough.id),
    )
    return list(db.session.scalars(query.order_by(Playthrough.id).limit(limit)))


def left_open(days: Days, *, after: UUID, limit: int) -> list[UUID]:
    """Return ids after `after` of playthroughs that were never finished and have a choice of these days."""
    query = select(Playthrough.id).where(
        Playthrough.id > after,
        Playthrough.finished_at.is_(None),
        Playthrough.started_at < days.ends,
        exists().where(
            Choice.playthrough_id == Playthrough.id, Choice.chosen_at >= days.begins, Choice.chosen_at < days.ends
        ),
    )
    return list(db.session.scalars(query.order_by(Playthrough.id).limit(limit)))


def days(people: Collection[UUID]) -> list[tuple[UUID, UUID, date]]:
    """Return person, course and UTC day of every case these people finished, each day once."""
    rows = db.session.execute(_DAYS, {"people": list(people)})
    return [(row[0], row[1], row[2]) for row in rows]


def _view(row: Playthrough) -> PlaythroughView:
    return PlaythroughView(
        id=row.id,
        person_id=row.person_id,
        course_id=row.course_id,
        version_id=row.version_id,
        name=row.name,
        number=row.number,
        language=row.language,
        started_at=row.started_at,
        finished_at=row.finished_at,
        score=row.share,
        misses=row.misses,
        false_alarms=row.false_alarms,
        choices=tuple(choices(row.id)),
    )
