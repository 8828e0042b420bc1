"""Sittings in each state for the pages of the busy academy: rows, since its courses have no reserve questions."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import select

from app.catalogue.domain.items import Level
from app.catalogue.models import Course
from app.checks.domain.sittings import SeatState, SittingState, Way, WorkState
from app.checks.models import SeatWork, Sitting, SittingInterruption, SittingInvigilator, SittingSeat, SittingTask
from app.db.session import db, transaction
from app.kernel import clock

CODES = {SittingState.PLANNED: "pppp2222", SittingState.INTERRUPTED: "rrrr2222", SittingState.CLOSED: "ssss2222"}
CODE = "qqqq2222"  # of the open sitting


def make(people: Mapping[str, UUID], crowd: Sequence[UUID], course: str) -> dict[str, str]:
    """Plan, open, interrupt and close a sitting of the contact point; return their ids and a seat of the open one."""
    with transaction():
        course_id = db.session.scalars(select(Course.id).where(Course.slug == course)).one()
        watcher = people["contact point"]
        made = {state: _sitting(state, code, watcher, course_id) for state, code in CODES.items()}
        running = _sitting(SittingState.OPEN, CODE, watcher, course_id)
        seat_id = _seat(running, people["officer"], SeatState.ARRIVED)
        for person_id, state in zip(crowd, (SeatState.EXPECTED, SeatState.REFUSED), strict=False):
            _seat(running, person_id, state)
        _seat(made[SittingState.CLOSED], people["newcomer"], SeatState.ABSENT)
        db.session.add(
            SittingInterruption(
                sitting_id=made[SittingState.INTERRUPTED], began_at=clock.now(), began_by=watcher, reason="Fire alarm"
            )
        )
    ids = {f"{state} sitting": str(sitting_id) for state, sitting_id in made.items()}
    return ids | {"open sitting": str(running), "sitting seat": str(seat_id), "sitting code": CODE}


def _sitting(state: SittingState, code: str, watcher: UUID, course_id: UUID) -> UUID:
    now = clock.now()
    sitting = Sitting(
        id=uuid4(), code=code, country="IQ", place="Room 4", planned_for=now, state=state, created_by=watcher,
        created_at=now - timedelta(days=1),
        opened_at=None if state is SittingState.PLANNED else now - timedelta(hours=1),
        closed_at=now if state is SittingState.CLOSED else None,
    )  # fmt: skip
    db.session.add(sitting)
    db.session.flush()
    db.session.add(SittingInvigilator(sitting_id=sitting.id, person_id=watcher, added_by=watcher, added_at=now))
    db.session.add(
        SittingTask(
            sitting_id=sitting.id, position=1, competency="VIC-01", level=Level.FOUNDATION, way=Way.QUESTIONS,
            course_id=course_id, task="", minutes=30,
        )
    )  # fmt: skip
    db.session.flush()
    return sitting.id


def _seat(sitting_id: UUID, person_id: UUID, state: SeatState) -> UUID:
    arrived_at = clock.now() if state is SeatState.ARRIVED else None
    seat = SittingSeat(id=uuid4(), sitting_id=sitting_id, person_id=person_id, state=state, arrived_at=arrived_at)
    db.session.add(seat)
    db.session.flush()
    db.session.add(SeatWork(seat_id=seat.id, position=1, state=WorkState.WAITING))
    return seat.id
