"""Read the planned and open sittings that an officer may attend, with what they ask, and desk tasks that wait."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from app.catalogue.domain.items import Level
from app.checks.domain.products import ProductState
from app.checks.domain.sittings import SeatState, SittingState, Way
from app.checks.domain.ways import SittingOffer, WayKind
from app.checks.models import Product, Sitting, SittingSeat, SittingTask
from app.db.session import db

MOST = 200  # lines of sittings of a country
RUNNING = (SittingState.OPEN, SittingState.INTERRUPTED)
KINDS: Mapping[Way, WayKind] = {Way.QUESTIONS: WayKind.CHECK, Way.DESK_TASK: WayKind.DESK_TASK}
UNMARKED = (ProductState.WAITING, ProductState.MARKING, ProductState.DIFFERENT)
_SEATED = and_(  # a surprise check is not announced by its competency
    SittingSeat.state.in_((SeatState.EXPECTED, SeatState.ARRIVED, SeatState.CONFIRMED, SeatState.WORKING)),
    SittingSeat.is_surprise.is_(False),
)


def for_officer(person_id: UUID, country: str, agency_id: UUID | None, today: date) -> list[SittingOffer]:
    """Return what the coming and open sittings ask of an officer, the nearest first.

    Those of the own country without an agency or of the own agency; one for a single officer only with a seat.
    """
    query = (
        select(
            SittingTask.competency,
            SittingTask.level,
            SittingTask.way,
            SittingTask.minutes,
            Sitting.planned_for,
            Sitting.place,
            SittingSeat.id.label("seat_id"),
        )
        .join(Sitting, Sitting.id == SittingTask.sitting_id)
        .outerjoin(SittingSeat, and_(SittingSeat.sitting_id == Sitting.id, SittingSeat.person_id == person_id, _SEATED))
        .where(_is_coming(today), or_(SittingSeat.id.is_not(None), _is_open_to(country, agency_id)))
        .order_by(Sitting.planned_for, SittingTask.position)
        .limit(MOST)
    )
    return [
        SittingOffer(
            competency=row.competency,
            level=row.level,
            how=KINDS[row.way],
            at=row.planned_for,
            location=row.place,
            minutes=row.minutes,
            has_seat=row.seat_id is not None,
        )
        for row in db.session.execute(query)
    ]


@dataclass(frozen=True, slots=True)
class UnmarkedProduct:
    """A desk task of an officer that waits for its marking; `marked_by` is the day on which it is wanted."""

    competency: str
    level: Level
    submitted_at: datetime
    marked_by: date


def unmarked_products(person_id: UUID) -> list[UnmarkedProduct]:
    """Return the desk tasks of an officer that wait for their marking, the oldest first."""
    query = (
        select(Product.competency, Product.level, Product.submitted_at, Product.wanted_by)
        .join(SittingSeat, SittingSeat.id == Product.seat_id)
        .where(SittingSeat.person_id == person_id, Product.state.in_(UNMARKED))
        .order_by(Product.submitted_at)
    )
    return [UnmarkedProduct(*row) for row in db.session.execute(query)]


def _is_coming(today: date) -> ColumnElement[bool]:
    """Return the condition that a sitting is planned from today on, or open."""
    begin = datetime.combine(today, time.min, UTC)
    return or_(Sitting.state.in_(RUNNING), and_(Sitting.state == SittingState.PLANNED, Sitting.planned_for >= begin))


def _is_open_to(country: str, agency_id: UUID | None) -> ColumnElement[bool]:
    agencies = Sitting.agency_id.is_(None) if agency_id is None else _of_agency(agency_id)
    return and_(Sitting.country == country, Sitting.is_group.is_(True), agencies)


def _of_agency(agency_id: UUID) -> ColumnElement[bool]:
    return or_(Sitting.agency_id.is_(None), Sitting.agency_id == agency_id)
