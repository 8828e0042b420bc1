"""Use cases of a sitting: plan, add invigilators, open, interrupt, resume, cancel. `closing` closes it."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select

from app.access.policy import Role, Scope
from app.access.targets import Target
from app.catalogue.domain.items import Level
from app.catalogue.domain.references.competencies import Competencies
from app.catalogue.queries import courses as catalogue
from app.checks.domain import sittings as rules
from app.checks.domain.pools import LEAST_POOL
from app.checks.domain.sittings import MOST_TASKS, PAUSE_ROOM, QUESTION_MINUTES, SittingState, SittingStep, Way
from app.checks.events import (
    InvigilatorAdded,
    SittingCancelled,
    SittingInterrupted,
    SittingOpened,
    SittingPlanned,
    SittingResumed,
)
from app.checks.models import (
    SeatWork,
    Sitting,
    SittingInterruption,
    SittingInvigilator,
    SittingSeat,
    SittingTask,
)
from app.checks.queries import desk_tasks, offers, pools, resting, surprise
from app.checks.service import _locking
from app.checks.service.seats import expect
from app.db.session import db, record
from app.identity.queries import roles
from app.kernel.errors import DomainError
from app.messages.domain import NoticeKind
from app.messages.service import outbox as messages
from app.ports import ports
from app.quizzes.service import watched
from app.rights.queries import supervision

WATCHERS = frozenset({Role.INVIGILATOR, Role.CONTACT_POINT, Role.ASSESSOR, Role.TRAINER})


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckAim:
    """A competency at a level to be checked. `way` None: questions if level and pool allow, otherwise a desk task.

    `task` with `course_id` names the desk task; "": the first one.
    """

    competency: str
    level: Level
    way: Way | None = None
    course_id: UUID | None = None
    task: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSitting:
    """A sitting to be planned. `submission` is the key of its form, so that a second press plans nothing.

    `is_surprise`: those of its officers who were drawn for its one competency take their surprise check.
    """

    country: str
    planned_for: datetime
    aims: Sequence[CheckAim]
    officers: Collection[UUID] = ()
    agency_id: UUID | None = None
    location: str = ""
    is_group: bool = True
    is_surprise: bool = False
    submission: str = ""


def plan(new: NewSitting, *, by: UUID, now: datetime) -> UUID:
    """Plan a sitting that its creator watches, with seats for officers, and return its id.

    Raises DomainError if a competency has neither enough questions nor a desk task, or an officer cannot have a seat,
    and for a surprise check of several competencies.
    """
    again = select(Sitting.id).where(Sitting.submission == new.submission)
    if new.submission and (earlier := db.session.scalar(again)) is not None:
        return earlier
    if new.is_surprise and len(new.aims) > 1:
        raise DomainError("A surprise check asks one competency. Plan another sitting for the others.")
    tasks = _tasks(new.aims, _agencies(new.agency_id, new.officers, now), now)
    sitting = Sitting(
        id=uuid4(),
        code=rules.new_code(),
        country=new.country,
        agency_id=new.agency_id,
        place=new.location.strip(),
        is_group=new.is_group,
        planned_for=new.planned_for,
        state=SittingState.PLANNED,
        created_by=by,
        created_at=now,
        submission=new.submission or None,
    )
    db.session.add(sitting)
    db.session.flush()
    _add_tasks(sitting.id, tasks)
    db.session.add(SittingInvigilator(sitting_id=sitting.id, person_id=by, added_by=by, added_at=now))
    db.session.flush()
    record(SittingPlanned(at=now, sitting_id=sitting.id))
    drawn = surprise.drawn_of(sitting.id, new.officers, now) if new.is_surprise else ()
    expect(sitting.id, new.officers, surprise=drawn, now=now)
    return sitting.id


def _add_tasks(sitting_id: UUID, tasks: Iterable[SittingTask]) -> None:
    for position, task in enumerate(tasks, 1):
        task.sitting_id, task.position = sitting_id, position
        db.session.add(task)


def add_invigilator(sitting_id: UUID, person_id: UUID, *, by: UUID, now: datetime) -> None:
    """Let a second person watch a sitting; a repeated request changes nothing.

    Raises DomainError for a person who may not watch it: without such a role, or with a seat in it.
    """
    sitting = _locking.lock_sitting(sitting_id)
    if sitting.state not in rules.LIVE:
        raise DomainError("This sitting has ended.")
    if _locking.lock_seat_of(sitting_id, person_id) is not None:
        raise DomainError("This person has a seat in the sitting, and cannot watch it.")
    if not _may_watch(sitting, person_id, now):
        raise DomainError("Only an invigilator, assessor, trainer or contact point can watch a sitting.")
    if db.session.get(SittingInvigilator, (sitting_id, person_id)) is not None:
        return
    db.session.add(SittingInvigilator(sitting_id=sitting_id, person_id=person_id, added_by=by, added_at=now))
    record(InvigilatorAdded(at=now, sitting_id=sitting_id, person_id=person_id))


def open_sitting(sitting_id: UUID, *, by: UUID, now: datetime) -> None:
    """Open a planned sitting: from now on its code opens the seats.

    Where too few questions are left, its officers have a desk task instead. Raises DomainError more than 12
    hours from the planned time, or for a person who does not watch it.
    """
    sitting = _locking.lock_sitting(sitting_id)
    _locking.check_watches(sitting_id, by)
    after = rules.after(sitting.state, SittingStep.OPEN)
    if not rules.can_open(sitting.planned_for, now):
        raise DomainError("A sitting opens at most 12 hours before or after its planned time.")
    _replace_short_pools(sitting, now)
    sitting.state, sitting.opened_at = after, now
    record(SittingOpened(at=now, sitting_id=sitting_id))


def interrupt(sitting_id: UUID, *, by: UUID, reason: str, now: datetime) -> None:
    """Interrupt a sitting: no answer is accepted, and the time of each officer stops. Raises DomainError if empty."""
    sitting = _locking.lock_sitting(sitting_id)
    _locking.check_watches(sitting_id, by)
    after = rules.after(sitting.state, SittingStep.INTERRUPT)
    if not reason.strip():
        raise DomainError("Say why the sitting is interrupted.")
    sitting.state = after
    db.session.add(SittingInterruption(sitting_id=sitting_id, began_at=now, began_by=by, reason=reason.strip()))
    watched.move_deadlines(_open_attempts(sitting_id), PAUSE_ROOM)
    record(SittingInterrupted(at=now, sitting_id=sitting_id))


def resume(sitting_id: UUID, *, by: UUID, now: datetime) -> None:
    """Go on with an interrupted sitting: each deadline moves by the length of the interruption."""
    sitting = _locking.lock_sitting(sitting_id)
    _locking.check_watches(sitting_id, by)
    sitting.state = rules.after(sitting.state, SittingStep.RESUME)
    query = select(SittingInterruption).where(
        SittingInterruption.sitting_id == sitting_id, SittingInterruption.ended_at.is_(None)
    )
    interruption = db.session.scalars(query).one()
    interruption.ended_at = now
    length = now - interruption.began_at
    watched.move_deadlines(_open_attempts(sitting_id), length - PAUSE_ROOM)
    record(SittingResumed(at=now, sitting_id=sitting_id, minutes=int(length.total_seconds() // 60)))


def cancel(sitting_id: UUID, *, note: str, now: datetime) -> None:
    """Cancel a planned sitting and notify the officers who knew of a seat; the caller checks the right."""
    _cancel(_locking.lock_sitting(sitting_id), note.strip(), now)


def cancel_never_opened(sitting_id: UUID, now: datetime) -> bool:
    """Cancel a sitting that was not opened in time; return False if it was opened or cancelled meanwhile."""
    sitting = _locking.lock_sitting(sitting_id)
    if sitting.state is not SittingState.PLANNED or not rules.was_never_opened(sitting.planned_for, now):
        return False
    _cancel(sitting, "", now)
    return True


def _cancel(sitting: Sitting, note: str, now: datetime) -> None:
    sitting.state, sitting.note = rules.after(sitting.state, SittingStep.CANCEL), note
    messages.tell_all(
        [seat.person_id for seat in _locking.lock_seats(sitting.id) if not seat.is_surprise],
        NoticeKind.CHECK_CANCELLED,
        occasion=f"sitting:{sitting.id}:cancelled",
        facts={"day": sitting.planned_for.date().isoformat()},
        path=ports().path_to(Target.SITTINGS),
        now=now,
    )
    record(SittingCancelled(at=now, sitting_id=sitting.id))


def _tasks(aims: Iterable[CheckAim], agency_ids: Collection[UUID], now: datetime) -> list[SittingTask]:
    """Return the rows of the tasks of a sitting. Raises DomainError for none, too many, or a repeated competency."""
    chosen = list(aims)
    if not chosen:
        raise DomainError("Choose at least one competency.")
    if len(chosen) > MOST_TASKS:
        raise DomainError("Choose at most %(most)s competencies for one sitting.", most=MOST_TASKS)
    if len({(aim.competency, aim.level) for aim in chosen}) < len(chosen):
        raise DomainError("Choose each competency once.")
    return [_task(aim, agency_ids, now) for aim in chosen]


def _agencies(agency_id: UUID | None, officer_ids: Collection[UUID], now: datetime) -> frozenset[UUID]:
    """Return the agencies of a sitting: its own, and those of its officers."""
    own = frozenset() if agency_id is None else frozenset({agency_id})
    return own | resting.agencies_of(officer_ids, now)


def _replace_short_pools(sitting: Sitting, now: datetime) -> None:
    """Put a desk task in the place of questions of which too few are left for the officers, where there is one."""
    questions = (SittingTask.sitting_id == sitting.id, SittingTask.way == Way.QUESTIONS)
    seats = select(SittingSeat.person_id).where(SittingSeat.sitting_id == sitting.id)
    agency_ids = _agencies(sitting.agency_id, db.session.scalars(seats).all(), now)
    for task in db.session.scalars(select(SittingTask).where(*questions)):
        pool = pools.pool(task.competency, task.level)
        lines = desk_tasks.tasks(task.competency, task.level)
        is_short = pool is None or resting.count_left(pool, agency_ids, now) < LEAST_POOL
        if is_short and lines:
            task.way, task.course_id, task.task = Way.DESK_TASK, lines[0].course_id, lines[0].task.id
            task.minutes = lines[0].minutes


def _task(aim: CheckAim, agency_ids: Collection[UUID], now: datetime) -> SittingTask:
    pool = pools.pool(aim.competency, aim.level)
    framework = catalogue.competencies() or Competencies()
    asks_questions = offers.asks_questions(framework, aim.level)
    left = resting.count_left(pool, agency_ids, now) if pool is not None else 0
    if asks_questions and aim.way is not Way.DESK_TASK and pool is not None and left >= LEAST_POOL:
        return SittingTask(
            competency=aim.competency,
            level=aim.level,
            way=Way.QUESTIONS,
            course_id=pool.course_id,
            task="",
            minutes=QUESTION_MINUTES,
        )
    _check_no_questions(aim, asks_questions=asks_questions)
    return _desk_task(aim)


def _check_no_questions(aim: CheckAim, *, asks_questions: bool) -> None:
    """Raise DomainError if the form asks for questions where the level or the pool has none."""
    if aim.way is Way.QUESTIONS and not asks_questions:
        raise DomainError("%(code)s needs a desk task at this level: an assessor verifies it.", code=aim.competency)
    if aim.way is Way.QUESTIONS:
        raise DomainError("%(code)s has too few questions for a check. Choose a desk task.", code=aim.competency)


def _desk_task(aim: CheckAim) -> SittingTask:
    lines = desk_tasks.tasks(aim.competency, aim.level)
    named = [line for line in lines if not aim.task or (line.course_id, line.task.id) == (aim.course_id, aim.task)]
    if not named:
        raise DomainError("There is no check for %(code)s at this level yet.", code=aim.competency)
    return SittingTask(
        competency=aim.competency,
        level=aim.level,
        way=Way.DESK_TASK,
        course_id=named[0].course_id,
        task=named[0].task.id,
        minutes=named[0].minutes,
    )


def _may_watch(sitting: Sitting, person_id: UUID, now: datetime) -> bool:
    """Return whether a person may watch a sitting: by role, or as the supervisor of its one officer."""
    own_roles = roles.roles_of(person_id, now.date())
    if own_roles & (WATCHERS - {Role.CONTACT_POINT}):
        return True
    if Role.CONTACT_POINT in own_roles:
        return sitting.country in roles.reaches(person_id, Scope.COUNTRY, [Role.CONTACT_POINT], now.date())
    officers = [seat.person_id for seat in _locking.lock_seats(sitting.id)]
    supervisors = supervision.supervisors_of_each(officers, now.date()) if not sitting.is_group else {}
    return bool(officers) and all(person_id in supervisors.get(officer, ()) for officer in officers)


def _open_attempts(sitting_id: UUID) -> list[UUID]:
    query = (
        select(SeatWork.attempt_id)
        .join(SittingSeat, SittingSeat.id == SeatWork.seat_id)
        .where(SittingSeat.sitting_id == sitting_id, SeatWork.state == rules.WorkState.OPEN)
    )
    return [attempt_id for attempt_id in db.session.scalars(query) if attempt_id is not None]
