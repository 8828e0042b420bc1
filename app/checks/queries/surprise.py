"""Read surprise draws and their picks: counts by quarter, picks of a country, who must be watched by others."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, distinct, func, select
from sqlalchemy.exc import NoResultFound

from app.access.policy import Actor, contact_point
from app.catalogue.domain.items import Level
from app.checks.domain.requests import MOST_PLANNED
from app.checks.domain.sittings import SittingState, WorkState
from app.checks.domain.surprise import OPEN, PickState, quarter_of
from app.checks.domain.watching import own_chain_at
from app.checks.models import SeatWork, Sitting, SittingSeat, SittingTask, SurpriseDraw, SurprisePick
from app.checks.queries import watching
from app.checks.queries.chain import of_own_chain
from app.checks.queries.watching import WatchedLine
from app.checks.shapes import SittingDetails
from app.db.session import db
from app.identity.queries import visible_identity

PAGE = MOST_PLANNED  # a sitting takes all officers of a page


@dataclass(frozen=True, slots=True)
class DrawLine:
    """The draw of a quarter for a competency, with the number of officers in each state.

    `others`: officers whom an invigilator from outside the own chain has to watch.
    """

    id: UUID
    quarter: str
    competency: str
    seed: int
    pool: int
    drawn_at: datetime
    states: Mapping[PickState, int]
    others: int

    @property
    def picks(self) -> int:
        """Return how many officers were drawn."""
        return sum(self.states.values())


@dataclass(frozen=True, slots=True)
class CountryPicks:
    """The picks of a country in a quarter: all, those checked, and the officers behind them."""

    picks: int
    checked: int
    officers: int


@dataclass(frozen=True, slots=True)
class PickLine:
    """An officer of a draw; `needs_other`: an invigilator from outside the own chain has to watch."""

    draw_id: UUID
    quarter: str
    competency: str
    person_id: UUID
    level: Level
    country: str
    state: PickState
    sitting_id: UUID | None
    reason: str
    drawn_at: datetime
    needs_other: bool = False


def quarters() -> list[str]:
    """Return the quarters with a draw, the newest first."""
    return list(db.session.scalars(select(SurpriseDraw.quarter).distinct().order_by(SurpriseDraw.quarter.desc())))


def drawn_competencies(quarter: str) -> frozenset[str]:
    """Return the competencies with a draw in a quarter."""
    return frozenset(db.session.scalars(select(SurpriseDraw.competency).where(SurpriseDraw.quarter == quarter)))


def draws(quarter: str) -> list[DrawLine]:
    """Return the draws of a quarter by competency, in a few queries."""
    states: dict[UUID, dict[PickState, int]] = {}
    counting = (
        select(SurprisePick.draw_id, SurprisePick.state, func.count())
        .join(SurpriseDraw, SurpriseDraw.id == SurprisePick.draw_id)
        .where(SurpriseDraw.quarter == quarter)
        .group_by(SurprisePick.draw_id, SurprisePick.state)
    )
    for draw_id, state, count in db.session.execute(counting):
        states.setdefault(draw_id, {})[state] = count
    query = select(SurpriseDraw).where(SurpriseDraw.quarter == quarter).order_by(SurpriseDraw.competency)
    others = _needing_other(quarter)
    return [
        DrawLine(
            row.id, row.quarter, row.competency, row.seed, row.pool, row.drawn_at, states.get(row.id, {}),
            others.get(row.id, 0),
        )
        for row in db.session.scalars(query)
    ]  # fmt: skip


def by_country(quarter: str) -> dict[str, CountryPicks]:
    """Return the picks of a quarter by country, without officers under threat."""
    checked = func.sum(case((SurprisePick.state == PickState.CHECKED, 1), else_=0))
    query = (
        select(SurprisePick.country, func.count(), checked, func.count(distinct(SurprisePick.person_id)))
        .join(SurpriseDraw, SurpriseDraw.id == SurprisePick.draw_id)
        .where(SurpriseDraw.quarter == quarter)
        .group_by(SurprisePick.country)
    )
    protected = visible_identity.protected()
    if protected:
        query = query.where(SurprisePick.person_id.not_in(protected))
    return {row[0]: CountryPicks(row[1], row[2], row[3]) for row in db.session.execute(query)}


def picks_of(country: str, quarter: str, *, offset: int = 0, size: int = PAGE) -> list[PickLine]:
    """Return the picks of a country in a quarter, open ones first, then by competency and level."""
    is_over = case((SurprisePick.state.in_(OPEN), 0), else_=1)
    order = (is_over, SurpriseDraw.competency, SurprisePick.level, SurprisePick.person_id)
    query = _of_country(_PICKS, country, quarter).order_by(*order)
    lines = [PickLine(*row) for row in db.session.execute(query.offset(offset).limit(size))]
    return _with_watchers(lines, _pieces(lines))


def count_picks(country: str, quarter: str) -> int:
    """Return how many picks a country has in a quarter."""
    return db.session.scalar(_of_country(select(func.count()).select_from(SurprisePick), country, quarter)) or 0


def pick(actor: Actor, draw_id: UUID, person_id: UUID) -> PickLine:
    """Return a pick of the actor's country, by the posting on the day of the draw, or raise NoResultFound.

    Only a contact point finds one: a refusal would reveal to others who was drawn.
    """
    if not contact_point(actor):
        raise NoResultFound
    query = _joined(_PICKS).where(SurprisePick.draw_id == draw_id, SurprisePick.person_id == person_id)
    query = query.where(SurprisePick.country == actor.country)
    return PickLine(*db.session.execute(query).one())


def open_picks(people: Collection[UUID], competencies: Collection[str], quarter: str) -> list[PickLine]:
    """Return the open picks of these people and competencies in a quarter, who needs another invigilator included."""
    return picks_in(people, competencies, quarter, OPEN)


def picks_in(
    people: Collection[UUID], competencies: Collection[str], quarter: str, states: Collection[PickState]
) -> list[PickLine]:
    """Return the picks of these people and competencies in a quarter that have one of these states."""
    query = _joined(_PICKS).where(
        SurprisePick.person_id.in_(people),
        SurprisePick.state.in_(states),
        SurpriseDraw.competency.in_(competencies),
        SurpriseDraw.quarter == quarter,
    )
    lines = [PickLine(*row) for row in db.session.execute(query)]
    return _with_watchers(lines, _pieces(lines))


def drawn_of(sitting_id: UUID, people: Collection[UUID], now: datetime) -> frozenset[UUID]:
    """Return those of these people with an open pick of this quarter for a competency that a sitting asks."""
    asked = list(db.session.scalars(select(SittingTask.competency).where(SittingTask.sitting_id == sitting_id)))
    return frozenset(line.person_id for line in open_picks(people, asked, quarter_of(now.date())))


def is_surprise_sitting(sitting_id: UUID) -> bool:
    """Return whether a sitting has seats for surprise checks."""
    query = select(SittingSeat.id).where(SittingSeat.sitting_id == sitting_id, SittingSeat.is_surprise)
    return db.session.scalar(query.limit(1)) is not None


def needs_other(details: SittingDetails, person_id: UUID, now: datetime) -> bool:
    """Return whether the own chain alone watches a surprise check that a person from outside has to watch."""
    lines = open_picks([person_id], [task.competency for task in details.tasks], quarter_of(now.date()))
    if not any(line.needs_other for line in lines):
        return False
    return of_own_chain(person_id, details.invigilators, now.date()) == frozenset(details.invigilators)


def of_ended_sittings() -> list[tuple[UUID, UUID]]:
    """Return draw and person of the seated picks whose sitting was closed or cancelled without a check.

    Work that waits for a marker may still become one.
    """
    ended = (SittingState.CLOSED, SittingState.CANCELLED)
    query = (
        select(SurprisePick.draw_id, SurprisePick.person_id)
        .join(Sitting, Sitting.id == SurprisePick.sitting_id)
        .where(SurprisePick.state == PickState.SEATED, Sitting.state.in_(ended), ~waits_for_marking())
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]


def waits_for_marking() -> ColumnElement[bool]:
    """Return the condition that the work of a pick is handed in and not counted yet."""
    waiting = (
        select(SeatWork.id)
        .join(SittingSeat, SittingSeat.id == SeatWork.seat_id)
        .where(
            SittingSeat.sitting_id == SurprisePick.sitting_id,
            SittingSeat.person_id == SurprisePick.person_id,
            SeatWork.state == WorkState.SUBMITTED,
        )
    )
    return waiting.exists()


def open_people(quarter: str) -> frozenset[UUID]:
    """Return the officers with an open pick in a quarter."""
    query = _joined(select(SurprisePick.person_id).distinct())
    return frozenset(db.session.scalars(query.where(SurprisePick.state.in_(OPEN), SurpriseDraw.quarter == quarter)))


def _of_country(query: Select[*tuple[Any, ...]], country: str, quarter: str) -> Select[*tuple[Any, ...]]:
    conditions: tuple[ColumnElement[bool], ...] = (SurprisePick.country == country, SurpriseDraw.quarter == quarter)
    return _joined(query).where(*conditions)


def _joined(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return query.join(SurpriseDraw, SurpriseDraw.id == SurprisePick.draw_id)


def _needing_other(quarter: str) -> dict[UUID, int]:
    """Return how many officers of each draw of a quarter another agency has to watch."""
    picks = [PickLine(*row) for row in db.session.execute(_joined(_PICKS).where(SurpriseDraw.quarter == quarter))]
    pieces = watching.watched_days({line.person_id for line in picks}) if picks else {}
    watched = _with_watchers([line for line in picks if line.person_id in pieces], pieces)
    return Counter(line.draw_id for line in watched if line.needs_other)


def _pieces(lines: Sequence[PickLine]) -> Mapping[UUID, Sequence[WatchedLine]]:
    """Return the watched evidence on the officers of these picks."""
    return watching.lines_of({line.person_id for line in lines}) if lines else {}


def _with_watchers(lines: Sequence[PickLine], pieces: Mapping[UUID, Sequence[WatchedLine]]) -> list[PickLine]:
    """Return the picks with whether the own chain alone had watched before the draw."""
    return [
        replace(
            line,
            needs_other=own_chain_at(
                [
                    (watched.piece.done_at, watched.own_chain_alone)
                    for watched in pieces.get(line.person_id, ())
                    if watched.piece.competency == line.competency
                ],
                line.drawn_at,
            ),
        )
        for line in lines
    ]


_PICKS: Select[*tuple[Any, ...]] = select(
    SurprisePick.draw_id, SurpriseDraw.quarter, SurpriseDraw.competency, SurprisePick.person_id, SurprisePick.level,
    SurprisePick.country, SurprisePick.state, SurprisePick.sitting_id, SurprisePick.reason, SurpriseDraw.drawn_at,
)  # fmt: skip
