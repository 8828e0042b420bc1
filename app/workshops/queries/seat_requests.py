"""Read the input of a round that shares seats: nominees, people with a seat, and what each country used this year."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, or_, select

from app.db.session import db
from app.identity.queries import people
from app.workshops.domain.allocation import (
    CountedAs,
    CountryYear,
    Nominee,
    SeatedPerson,
    SeatException,
    SeatRequest,
    SeatSource,
)
from app.workshops.domain.eligibility import Obstacle, ObstacleKind
from app.workshops.domain.events import EnrolmentMode, WorkshopState
from app.workshops.domain.nominations import OPEN_SEATS, USED_SEATS, NominationState
from app.workshops.models import Nomination, SeatRound, Workshop
from app.workshops.queries import nominations as queries

NOT_COUNTED = (WorkshopState.CANCELLED, WorkshopState.POSTPONED)


def seat_request(
    workshop: Workshop,
    states: Collection[NominationState],
    *,
    capacity: int,
    guaranteed: int,
    seed: int,
    exceptions: Collection[SeatException],
    now: datetime,
) -> SeatRequest:
    """Return the input for the nominees in these states; people with a seat or an offer count as seated."""
    rows = _nominations(workshop.id, (*states, *OPEN_SEATS))
    nominees = [row for row in rows if row.state in states]
    invited = workshop.invited_countries.split() or sorted(people.countries())
    return SeatRequest(
        capacity=capacity,
        guaranteed=guaranteed,
        countries=invited,
        seed=seed,
        nominees=_nominees(workshop, nominees, now),
        seated=[SeatedPerson(row.country, row.counted_as or CountedAs.NOT_SAID) for row in rows if _has_seat(row)],
        years=country_years(workshop, invited),
        exceptions=exceptions,
    )


def country_years(workshop: Workshop, countries: Collection[str]) -> Mapping[str, CountryYear]:
    """Return what each country used in the nominated events of the year of this event, this event included."""
    first, last = date(workshop.first_day.year, 1, 1), date(workshop.first_day.year, 12, 31)
    in_year = (
        Workshop.enrolment == EnrolmentMode.NOMINATED,
        Workshop.first_day.between(first, last),
        Workshop.state.not_in(NOT_COUNTED),
    )
    used = _counts(in_year, USED_SEATS)
    no_shows = _counts(in_year, (NominationState.NO_SHOW,))
    has_selection = or_(Workshop.id == workshop.id, Workshop.id.in_(select(SeatRound.workshop_id)))
    offers = db.session.execute(select(Workshop.guaranteed, Workshop.invited_countries).where(*in_year, has_selection))
    guaranteed = [(row[0], row[1].split()) for row in offers]
    return {
        country: CountryYear(
            used=used.get(country, 0),
            no_shows=no_shows.get(country, 0),
            guaranteed_offered=sum(seats for seats, invited in guaranteed if not invited or country in invited),
        )
        for country in countries
    }


def _counts(in_year: tuple[object, ...], states: Collection[NominationState]) -> Mapping[str, int]:
    query = (
        select(Nomination.country, func.count())
        .join(Workshop, Workshop.id == Nomination.workshop_id)
        .where(*in_year, Nomination.state.in_(states), Nomination.seat_source != SeatSource.OBSERVER)  # type: ignore[arg-type]
        .group_by(Nomination.country)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def _nominations(workshop_id: UUID, states: Collection[NominationState]) -> Sequence[Nomination]:
    query = select(Nomination).where(Nomination.workshop_id == workshop_id, Nomination.state.in_(states))
    return db.session.scalars(query.execution_options(populate_existing=True)).all()


def _has_seat(row: Nomination) -> bool:
    return row.state in OPEN_SEATS and row.seat_source is not SeatSource.OBSERVER


def _nominees(workshop: Workshop, rows: Sequence[Nomination], now: datetime) -> list[Nominee]:
    answers = {row.person_id: row.language_level for row in rows}
    obstacles = queries.obstacles(workshop, answers, now.date())
    return [_nominee(row, obstacles[row.person_id]) for row in rows]


def _nominee(row: Nomination, obstacles: Sequence[Obstacle]) -> Nominee:
    kinds = {obstacle.kind for obstacle in obstacles}
    return Nominee(
        nomination_id=row.id,
        country=row.country,
        rank=row.rank or 0,
        nominated_at=row.nominated_at or row.made_at,
        has_named_role=ObstacleKind.ROLE not in kinds,
        has_done_courses=ObstacleKind.COURSES not in kinds,
        counted_as=row.counted_as or CountedAs.NOT_SAID,
        # an admitted nominee competes, after those who have the role and the courses
        problems=() if row.admitted_by else tuple(str(obstacle.kind) for obstacle in obstacles),
    )
