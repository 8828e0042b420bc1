"""Ways to a verification and sittings for tests of requests: no course is needed."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from unittest.mock import patch
from uuid import UUID, uuid4

from sqlalchemy import insert

from app.catalogue.domain.items import Level
from app.checks.domain.sittings import SeatState, SittingState, Way
from app.checks.models import Sitting, SittingSeat, SittingTask
from app.checks.queries import offers
from app.db.base import table_of
from app.db.session import db, transaction

Aim = tuple[str, Level]


@contextmanager
def ways(pools: Mapping[Aim, int] | None = None, tasks: Mapping[Aim, tuple[str, ...]] | None = None) -> Iterator[None]:
    """Let these pools of reserve items and desk tasks be published."""
    with patch.object(offers, "_published", lambda _versions, _today: (pools or {}, tasks or {})):
        yield


def sitting(
    country: str,
    at: datetime,
    asked: Sequence[tuple[str, Level, Way]],
    *,
    course_id: UUID,
    by: UUID,
    agency_id: UUID | None = None,
    state: SittingState = SittingState.PLANNED,
    is_group: bool = True,
    seats: Collection[UUID] = (),
) -> UUID:
    """Store a sitting with its tasks and seats, as the service of sittings would."""
    sitting_id = uuid4()
    with transaction():
        db.session.execute(
            insert(table_of(Sitting)),
            {
                "id": sitting_id, "code": sitting_id.hex[:8], "country": country, "agency_id": agency_id,
                "place": "Room 4", "is_group": is_group, "planned_for": at, "state": state, "created_by": by,
                "created_at": at, "note": "", "opened_at": at if state is SittingState.OPEN else None,
            },
        )  # fmt: skip
        for position, (competency, level, way) in enumerate(asked):
            db.session.execute(
                insert(table_of(SittingTask)),
                {
                    "sitting_id": sitting_id, "position": position, "competency": competency, "level": level,
                    "way": way, "course_id": course_id, "task": "T1" if way is Way.DESK_TASK else "", "minutes": 40,
                },
            )  # fmt: skip
        for person_id in seats:
            seat = {"id": uuid4(), "sitting_id": sitting_id, "person_id": person_id, "state": SeatState.EXPECTED}
            db.session.execute(insert(table_of(SittingSeat)), seat)
    return sitting_id
