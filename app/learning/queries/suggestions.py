"""Read suggestions of courses: of one officer, of the current user, and those due soon, for reminder mails."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, or_, select
from sqlalchemy.exc import NoResultFound

from app.access.policy import Actor
from app.catalogue.queries import courses as catalogue
from app.catalogue.shapes import Outline
from app.db.session import db
from app.learning.domain import LIVE, Suggester, SuggestionState
from app.learning.models import CourseSuggestion
from app.learning.queries import progress

MOST = 100  # that a page shows


@dataclass(frozen=True, slots=True)
class SuggestionLine:
    """A course that was suggested to a person, with UTC days; `due_on` None: no day."""

    id: UUID
    person_id: UUID
    course_id: UUID
    country: str
    suggested_by: UUID
    suggested_as: Suggester
    reason: str
    due_on: date | None
    suggested_on: date
    state: SuggestionState


@dataclass(frozen=True, slots=True)
class SuggestionBatchLine:
    """A suggestion of a batch: one person suggested a course to several officers at one moment.

    It is untouched while the officer has neither begun the course after it nor answered.
    """

    id: UUID
    person_id: UUID
    course_id: UUID
    country: str
    suggested_by: UUID
    suggested_as: Suggester
    due_on: date | None
    state: SuggestionState
    is_untouched: bool


def lines(person_id: UUID, country: str, *, by: UUID | None = None) -> list[SuggestionLine]:
    """Return the suggestions to an officer in a country for a page, open ones first.

    `by` limits closed suggestions to those of this person; live ones block a second suggestion, so all are returned.
    """
    shown = [CourseSuggestion.person_id == person_id, CourseSuggestion.country == country]
    if by is not None:
        shown.append(or_(CourseSuggestion.suggested_by == by, CourseSuggestion.state.in_(LIVE)))
    order = (CourseSuggestion.state.not_in(LIVE), CourseSuggestion.suggested_at.desc(), CourseSuggestion.id)
    return [
        _line(row) for row in db.session.scalars(select(CourseSuggestion).where(*shown).order_by(*order).limit(MOST))
    ]


def offered(actor: Actor) -> tuple[list[Outline], list[SuggestionLine]]:
    """Return the courses the user may read by code, and the open suggestions among them, the oldest first."""
    values = {"person_id": actor.id, "readable_levels": catalogue.readable_levels(actor)}
    rows = db.session.execute(_OFFERED, values).all()
    suggested = sorted(
        (row[1] for row in rows if row[1] is not None), key=lambda suggestion: (suggestion.suggested_at, suggestion.id)
    )
    return [catalogue.outline(row[0]) for row in rows], [_line(suggestion) for suggestion in suggested]


def line(suggestion_id: UUID) -> SuggestionLine:
    """Return a suggestion or raise NoResultFound."""
    return _line(db.session.get_one(CourseSuggestion, suggestion_id))


def own(actor: Actor, suggestion_id: UUID) -> SuggestionLine:
    """Return a suggestion to the actor. Raises NoResultFound if there is none."""
    suggestion = line(suggestion_id)
    if suggestion.person_id != actor.id:
        raise NoResultFound
    return suggestion


def batch(suggestion_id: UUID) -> list[SuggestionBatchLine]:
    """Return the suggestions of the batch that contains this one, or raise NoResultFound."""
    chosen = db.session.execute(select(*_BATCH).where(CourseSuggestion.id == suggestion_id)).one()
    same = (
        CourseSuggestion.course_id == chosen.course_id,
        CourseSuggestion.suggested_by == chosen.suggested_by,
        CourseSuggestion.suggested_as == chosen.suggested_as,
        CourseSuggestion.suggested_at == chosen.suggested_at,
        CourseSuggestion.country == chosen.country,
    )
    return [_batch_line(row) for row in db.session.execute(select(*_BATCH).where(*same).order_by(CourseSuggestion.id))]


def with_live(people: Collection[UUID], course_id: UUID) -> frozenset[UUID]:
    """Return the people among these who have an open or begun suggestion of a course."""
    live = (CourseSuggestion.course_id == course_id, CourseSuggestion.state.in_(LIVE))
    query = select(CourseSuggestion.person_id).where(CourseSuggestion.person_id.in_(people), *live)
    return frozenset(db.session.scalars(query))


def live_id(person_id: UUID, course_id: UUID) -> UUID:
    """Return the open or begun suggestion of a course to a person, or raise NoResultFound."""
    of_course = (CourseSuggestion.person_id == person_id, CourseSuggestion.course_id == course_id)
    return db.session.scalars(select(CourseSuggestion.id).where(*of_course, CourseSuggestion.state.in_(LIVE))).one()


def lock(suggestion_id: UUID) -> CourseSuggestion:
    """Lock a suggestion until the transaction ends and return it, or raise NoResultFound."""
    query = select(CourseSuggestion).where(CourseSuggestion.id == suggestion_id).with_for_update()
    return db.session.scalars(query).one()


def lock_live(person_id: UUID, course_id: UUID) -> CourseSuggestion | None:
    """Lock the suggestion of a course that is open or begun until the transaction ends and return it, or None."""
    return db.session.scalars(_LOCK_LIVE, {"person_id": person_id, "course_id": course_id}).one_or_none()


def waiting(person_id: UUID, course_id: UUID) -> SuggestionLine | None:
    """Return the open suggestion of a course to a person, or None."""
    row = db.session.scalar(_WAITING, {"person_id": person_id, "course_id": course_id})
    return _line(row) if row is not None else None


def counts(people: Collection[UUID], today: date) -> Counter[UUID]:
    """Return the number of open suggestions of each of these people, for courses that they may still read."""
    conditions = (CourseSuggestion.person_id.in_(people), CourseSuggestion.state == SuggestionState.OPEN)
    rows = db.session.scalars(select(CourseSuggestion).where(*conditions))
    return Counter(suggestion.person_id for suggestion in _readable(rows, today))


def people_due(span: tuple[date, date], after: UUID | None, size: int) -> list[UUID]:
    """Return the next people by id who have an open suggestion that is due in the period."""
    query = select(CourseSuggestion.person_id).where(*_due(span)).distinct()
    if after is not None:
        query = query.where(CourseSuggestion.person_id > after)
    return list(db.session.scalars(query.order_by(CourseSuggestion.person_id).limit(size)))


def due(people: Collection[UUID], span: tuple[date, date], today: date) -> list[SuggestionLine]:
    """Return the open suggestions that are due in the period, for courses that these people may still read."""
    rows = db.session.scalars(select(CourseSuggestion).where(CourseSuggestion.person_id.in_(people), *_due(span)))
    return _readable(rows, today)


def _readable(rows: Iterable[CourseSuggestion], today: date) -> list[SuggestionLine]:
    """Return the suggestions of courses that their recipients may read; a recipient cannot answer the others."""
    suggestions = [_line(row) for row in rows]
    readable = progress.open_to({suggestion.person_id for suggestion in suggestions}, today) if suggestions else {}
    return [suggestion for suggestion in suggestions if suggestion.course_id in readable[suggestion.person_id]]


def _due(span: tuple[date, date]) -> tuple[ColumnElement[bool], ...]:
    return (CourseSuggestion.state == SuggestionState.OPEN, CourseSuggestion.due_on.between(*span))


def _line(row: CourseSuggestion) -> SuggestionLine:
    return SuggestionLine(
        id=row.id,
        person_id=row.person_id,
        course_id=row.course_id,
        country=row.country,
        suggested_by=row.suggested_by,
        suggested_as=row.suggested_as,
        reason=row.reason,
        due_on=row.due_on,
        suggested_on=row.suggested_at.date(),
        state=row.state,
    )


def _batch_line(row: Any) -> SuggestionBatchLine:
    return SuggestionBatchLine(
        id=row.id,
        person_id=row.person_id,
        course_id=row.course_id,
        country=row.country,
        suggested_by=row.suggested_by,
        suggested_as=row.suggested_as,
        due_on=row.due_on,
        state=row.state,
        is_untouched=row.state in LIVE and row.changed_at in (None, row.suggested_at),
    )


_BATCH = tuple(CourseSuggestion.__table__.c[name] for name in (
    "id", "person_id", "course_id", "country", "suggested_by", "suggested_as", "due_on", "state", "suggested_at",
    "changed_at",
))  # fmt: skip


# built once: pages of a course send them
_OF_COURSE = select(CourseSuggestion).where(
    CourseSuggestion.person_id == bindparam("person_id"), CourseSuggestion.course_id == bindparam("course_id")
)
_visible = catalogue.VISIBLE.subquery()
_OFFERED = (
    select(_visible.c.version_id, CourseSuggestion)
    .outerjoin(
        CourseSuggestion,
        and_(
            CourseSuggestion.course_id == _visible.c.course_id,
            CourseSuggestion.person_id == bindparam("person_id"),
            CourseSuggestion.state == SuggestionState.OPEN,
        ),
    )
    .order_by(_visible.c.code)
)
_LOCK_LIVE = _OF_COURSE.where(CourseSuggestion.state.in_(LIVE)).with_for_update()
_WAITING = _OF_COURSE.where(CourseSuggestion.state == SuggestionState.OPEN)
