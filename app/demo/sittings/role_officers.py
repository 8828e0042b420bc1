"""Half a year of the role models: claims of earlier skill, courses, workshops, desk tasks, practice."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from random import Random
from uuid import UUID

from app.catalogue.domain.items import Level
from app.catalogue.domain.references.competencies import Competencies
from app.catalogue.queries import courses as catalogue
from app.checks.queries import desk_tasks
from app.checks.shapes import Aim
from app.competence.queries import competencies
from app.competence.service import claims
from app.demo.cast import careers
from app.demo.cast.careers import CourseMaterial
from app.demo.cast.role_models import RoleModel
from app.demo.history import learning, practice_sittings
from app.demo.history.accounts import DemoOfficer
from app.demo.history.manual_entries import DemoStaff
from app.demo.history.practice_sittings import SittingPlan
from app.demo.history.timeline import TimedAction
from app.demo.sittings import marks, room
from app.demo.sittings.programme import FIRST_CONTACT_POINT, MarksGiven, WatchedSitting
from app.demo.sittings.room import Room

MOST_TASKS = 4  # of a sitting
# days: courses from, claims of verified officers, their first sitting; then one sitting every second day
COURSES, CLAIMED, SITTING, BETWEEN, MARKED = -120, -45, -13, 2, 3
LAPSED_CLAIMED, LAPSED_SITTING, LAPSED_TASKS = -130, -110, 2  # verifications that have ended
DECIDED_AFTER = timedelta(days=2)
PACE, SKILL = timedelta(days=1.2), 1.0
STUDENT, STUDIES = "first_responder", ("M01", "M02", "M03")  # the role whose officer takes courses
LEFT_OUT = frozenset({"VIC-01", "LRE-04"})  # the group of eight is checked on these, also officers who lapse
PRACTICE_DAY, PRACTISED = -30, ("M02", "VIC-07")
ALL_POINTS = 10


@dataclass(frozen=True, slots=True)
class ModelOfficer:
    """A role model as an officer of the demonstration."""

    model: RoleModel
    officer: DemoOfficer

    @property
    def id(self) -> UUID:
        """Return the id of the person."""
        return self.officer.id


def verified(models: Sequence[ModelOfficer]) -> list[DemoOfficer]:
    """Return those who are verified in the core of their role."""
    return [officer.officer for officer in models if officer.model.is_verified]


def core(role: str) -> Sequence[Aim]:
    """Return the competencies of the first-year core of a role, with the required levels."""
    framework = catalogue.competencies() or Competencies()
    names = next((entry.core_first_year for entry in framework.roles if entry.id == role), ())
    entries = [framework.get(name) for name in names]
    return [(entry.id, entry.required[role]) for entry in entries if entry is not None]


def actions(
    office: DemoStaff, models: Sequence[ModelOfficer], courses: Sequence[CourseMaterial]
) -> Iterator[TimedAction]:
    """Return the half year of all role models, except for workshops."""
    for officer in models:
        if officer.model.is_verified:
            yield from _verified(office, officer, courses)
        else:
            yield from _lapsing(office, officer)


def _verified(office: DemoStaff, officer: ModelOfficer, courses: Sequence[CourseMaterial]) -> Iterator[TimedAction]:
    if officer.model.role == STUDENT:
        studied = [course for course in courses if course.outline.code in STUDIES]
        yield from _studies(office, officer, studied)
        yield from _practice(office, officer, studied)
    tasks = tasks_for(core(officer.model.role))
    yield from _claims(office, officer, list(tasks), CLAIMED)
    aims = list(tasks)
    for number, begins in enumerate(range(0, len(aims), MOST_TASKS)):
        part = aims[begins : begins + MOST_TASKS]
        yield from _sitting(office, officer, part, SITTING + BETWEEN * number)


def _lapsing(office: DemoStaff, officer: ModelOfficer) -> Iterator[TimedAction]:
    aims = [aim for aim in tasks_for(core(officer.model.role)) if aim[0] not in LEFT_OUT]
    yield from _claims(office, officer, aims[:LAPSED_TASKS], LAPSED_CLAIMED)
    yield from _sitting(office, officer, aims[:LAPSED_TASKS], LAPSED_SITTING)


def tasks_for(aims: Sequence[Aim]) -> Mapping[Aim, str]:
    """Return the first desk task of officer of these competencies at their level, without those that have none."""
    first: dict[Aim, str] = {}
    for line in desk_tasks.all_tasks():
        first.setdefault((line.task.competency, line.task.level), line.task.id)
    return {aim: first[aim] for aim in aims if aim in first}


def _studies(office: DemoStaff, officer: ModelOfficer, courses: Sequence[CourseMaterial]) -> Iterator[TimedAction]:
    at, studies = office.at(COURSES), []
    for course in courses:
        dice = Random(f"{officer.model.player.alias} {course.outline.code}")  # noqa: S311 - invented people
        steps = list(careers.steps_of(course, at, PACE, skill=SKILL, random=dice))
        studies.append(careers.Study(course.outline.code, at, steps))
        at = careers.end_of(steps[-1]) + PACE
    dice = Random(officer.model.player.alias)  # noqa: S311 - invented people
    yield from learning.learning_actions(officer.id, courses, studies, dice)


def _practice(office: DemoStaff, officer: ModelOfficer, courses: Sequence[CourseMaterial]) -> Iterator[TimedAction]:
    code, competency = PRACTISED
    dice = Random(officer.model.player.alias)  # noqa: S311 - invented people
    for course in courses:
        if course.outline.code == code:
            act = partial(practice_sittings.sit, officer.id, course.outline, competency, SittingPlan(1.0), dice)
            yield TimedAction(office.at(PRACTICE_DAY), officer.id, act)


def _claims(office: DemoStaff, officer: ModelOfficer, aims: Sequence[Aim], day: int) -> Iterator[TimedAction]:
    """Return the claims of earlier skill where there is no evidence yet, which the contact point endorses."""
    at, by = office.at(day), office.staff[FIRST_CONTACT_POINT]
    ids: list[UUID] = []
    yield TimedAction(at, officer.id, partial(_claim, officer.id, aims, ids, at))
    yield TimedAction(at + DECIDED_AFTER, by, partial(_endorse, ids, by, at + DECIDED_AFTER))


def _claim(person_id: UUID, aims: Sequence[Aim], ids: list[UUID], now: datetime) -> None:
    for competency, level in aims:
        if all(line.level is not level for line in competencies.evidence_of(person_id, competency)):
            ids.append(claims.claim_skill(person_id, competency, level, now))


def _endorse(ids: Sequence[UUID], by: UUID, now: datetime) -> None:
    for claim_id in ids:
        claims.decide_claim(claim_id, by=by, endorse=True, reason="", now=now)


def _sitting(office: DemoStaff, officer: ModelOfficer, aims: Sequence[Aim], day: int) -> Iterator[TimedAction]:
    """Return a sitting for one officer with the desk tasks of these competencies, and their marking."""
    tasks = tasks_for(aims)
    plan = WatchedSitting(
        key=f"{officer.model.player.alias} {day}",
        location="Office of the contact point (fictional)",
        day=day,
        hour=time(6, 30),
        tasks=list(tasks.values()),
        invigilators=(FIRST_CONTACT_POINT, "Supervisor 1"),
        is_group=False,
    )
    sitting = room.room(office, plan, [officer.id])
    yield from room.whole(sitting)
    yield from _marking(sitting, aims)


def _marking(sitting: Room, aims: Sequence[Aim]) -> Iterator[TimedAction]:
    marks_by_task = {
        (0, position): [
            MarksGiven(alias, ALL_POINTS, MARKED)
            for alias in _assessors(position, 2 if level is Level.SPECIALIST else 1)
        ]
        for position, (_competency, level) in enumerate(aims, 1)
    }
    yield from marks.marked(sitting, marks_by_task)


def _assessors(turn: int, count: int) -> Sequence[str]:
    """Return assessors of different countries, in turn."""
    return [marks.ASSESSORS[1 + (turn + number) % 2] for number in range(count)]
