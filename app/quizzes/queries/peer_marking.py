"""Read requests of peer marking: a writer's own with its markings, and answers that a colleague may read.

What colleagues see of each other has no person, country, language or time; a day at most.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.exc import NoResultFound

from app.catalogue.domain.retention import Days
from app.db.session import db
from app.kernel.shapes import ready
from app.quizzes.domain.peer_marking import DAY, MARKINGS, READING_LASTS, REQUEST_LASTS, RequestFacts
from app.quizzes.models import PeerMarking, PeerRequest, PracticeAnswer

ready(tuple[int, ...])


@dataclass(frozen=True, slots=True)
class MarkingLine:
    """A marking as the writer sees it; `comment` is "" after it was reported."""

    id: UUID
    earned: tuple[int, ...]
    comment: str
    marked_on: date
    is_reported: bool


@dataclass(frozen=True, slots=True)
class OwnRequest:
    """The last request of a writer for a question, with its markings."""

    id: UUID
    version_id: UUID
    body: str
    earned: tuple[int, ...]
    facts: RequestFacts
    markings: tuple[MarkingLine, ...]


@dataclass(frozen=True, slots=True)
class ReadAnswer:
    """An answer that a colleague reads; `version_id` is the version that its writer read."""

    marking_id: UUID
    version_id: UUID
    item: str
    body: str


@dataclass(frozen=True, slots=True)
class PeerCounts:
    """How many answers of a course were sent to colleagues, and how many markings they got."""

    requests: int
    markings: int


def last_request(person_id: UUID, course_id: UUID, item: str) -> OwnRequest | None:
    """Return a writer's last request for a question, or None."""
    query = select(PeerRequest).where(
        PeerRequest.person_id == person_id, PeerRequest.course_id == course_id, PeerRequest.item == item
    )
    request = db.session.scalars(query.order_by(PeerRequest.asked_at.desc(), PeerRequest.id).limit(1)).one_or_none()
    if request is None:
        return None
    markings = tuple(_markings(request.id))
    facts = RequestFacts(request.answered_at, request.asked_at, request.withdrawn_at is not None, len(markings))
    return OwnRequest(request.id, request.version_id, request.body, positions(request.earned), facts, markings)


def own_marking(person_id: UUID, course_id: UUID, item: str, marking_id: UUID) -> MarkingLine:
    """Return a marking of an answer of this writer, or raise NoResultFound."""
    request = last_request(person_id, course_id, item)
    markings = request.markings if request is not None else ()
    for marking in markings:
        if marking.id == marking_id:
            return marking
    raise NoResultFound


def requests_today(person_id: UUID, now: datetime) -> int:
    """Return how many requests a person sent within 24 hours, withdrawn ones included."""
    query = select(func.count(PeerRequest.id)).where(
        PeerRequest.person_id == person_id, PeerRequest.asked_at > now - DAY
    )
    return db.session.scalar(query) or 0


def readings_today(person_id: UUID, now: datetime) -> int:
    """Return how many answers a person drew within 24 hours."""
    query = select(func.count(PeerMarking.id)).where(
        PeerMarking.person_id == person_id, PeerMarking.drawn_at > now - DAY
    )
    return db.session.scalar(query) or 0


def waiting(person_id: UUID, course_id: UUID, now: datetime, limit: int) -> list[UUID]:
    """Return requests of a course whose answer this person may mark, those with the fewest readers and oldest first.

    They are of other people and live, have a free position, and the person has answered the same question.
    """
    alive = or_(PeerMarking.marked_at.is_not(None), PeerMarking.drawn_at > now - READING_LASTS)
    of_request = PeerMarking.request_id == PeerRequest.id
    readers = select(func.count(PeerMarking.id)).where(of_request, alive).scalar_subquery()
    had = select(PeerMarking.id).where(of_request, alive, PeerMarking.person_id == person_id).exists()
    answered = (
        select(PracticeAnswer.id)
        .where(
            PracticeAnswer.person_id == person_id,
            PracticeAnswer.course_id == course_id,
            PracticeAnswer.item == PeerRequest.item,
        )
        .exists()
    )
    query = select(PeerRequest.id).where(
        PeerRequest.course_id == course_id,
        PeerRequest.person_id != person_id,
        _is_live(now),
        readers < MARKINGS,
        ~had,
        answered,
    )
    return list(db.session.scalars(query.order_by(readers, PeerRequest.asked_at, PeerRequest.id).limit(limit)))


def open_reading(person_id: UUID, course_id: UUID, now: datetime) -> UUID | None:
    """Return the answer of a course that a person drew and has not marked yet, or None."""
    return db.session.scalar(_readings(person_id, course_id, now).with_only_columns(PeerMarking.id).limit(1))


def reading(person_id: UUID, course_id: UUID, marking_id: UUID, now: datetime) -> ReadAnswer:
    """Return an answer that this person reads, or raise NoResultFound: marked, withdrawn, lapsed, or of another one."""
    query = _readings(person_id, course_id, now).where(PeerMarking.id == marking_id)
    return ReadAnswer(*db.session.execute(query).one())


def is_marked(person_id: UUID, marking_id: UUID) -> bool:
    """Return whether this person has sent the marking already."""
    query = select(PeerMarking.id).where(
        PeerMarking.id == marking_id, PeerMarking.person_id == person_id, PeerMarking.marked_at.is_not(None)
    )
    return db.session.scalar(query) is not None


def lock_request_of(marking_id: UUID) -> PeerRequest:
    """Lock the request of a marking and return it, or raise NoResultFound."""
    request_id = select(PeerMarking.request_id).where(PeerMarking.id == marking_id).scalar_subquery()
    return db.session.scalars(select(PeerRequest).where(PeerRequest.id == request_id).with_for_update()).one()


def lock_request(request_id: UUID) -> PeerRequest:
    """Lock a request and return it, or raise NoResultFound."""
    return db.session.scalars(select(PeerRequest).where(PeerRequest.id == request_id).with_for_update()).one()


def markings_of(request_id: UUID) -> int:
    """Return how many colleagues have marked an answer."""
    query = select(func.count(PeerMarking.id)).where(
        PeerMarking.request_id == request_id, PeerMarking.marked_at.is_not(None)
    )
    return db.session.scalar(query) or 0


def counts(course_id: UUID) -> PeerCounts:
    """Return the counts of a course for its trainers, without people."""
    sent = select(func.count(PeerRequest.id)).where(PeerRequest.course_id == course_id)
    marked = (
        select(func.count(PeerMarking.id))
        .join(PeerRequest, PeerRequest.id == PeerMarking.request_id)
        .where(PeerRequest.course_id == course_id, PeerMarking.marked_at.is_not(None))
    )
    return PeerCounts(db.session.scalar(sent) or 0, db.session.scalar(marked) or 0)


def request_ids(*conditions: ColumnElement[bool], limit: int | None = None) -> list[UUID]:
    """Return the ids of the requests that meet these conditions."""
    return list(db.session.scalars(select(PeerRequest.id).where(*conditions).order_by(PeerRequest.id).limit(limit)))


def written_within(days: Iterable[Days], limit: int) -> list[UUID]:
    """Return requests whose answers were written within these days."""
    periods = [and_(PeerRequest.answered_at >= period.begins, PeerRequest.answered_at < period.ends) for period in days]
    return request_ids(or_(*periods), limit=limit) if periods else []


def positions(text: str) -> tuple[int, ...]:
    """Return stored positions of criteria."""
    return msgspec.json.decode(text, type=tuple[int, ...])


def _is_live(now: datetime) -> ColumnElement[bool]:
    return and_(PeerRequest.withdrawn_at.is_(None), PeerRequest.asked_at > now - REQUEST_LASTS)


def _readings(person_id: UUID, course_id: UUID, now: datetime) -> Select[*tuple[Any, ...]]:
    return (
        select(PeerMarking.id, PeerRequest.version_id, PeerRequest.item, PeerRequest.body)
        .join(PeerRequest, PeerRequest.id == PeerMarking.request_id)
        .where(
            PeerRequest.course_id == course_id,
            _is_live(now),
            PeerMarking.person_id == person_id,
            PeerMarking.marked_at.is_(None),
            PeerMarking.drawn_at > now - READING_LASTS,
        )
        .order_by(PeerMarking.drawn_at.desc(), PeerMarking.id)
    )


def _markings(request_id: UUID) -> Iterable[MarkingLine]:
    rows = db.session.scalars(
        select(PeerMarking).where(PeerMarking.request_id == request_id).order_by(PeerMarking.position)
    )
    for row in rows:
        if row.marked_at is not None:
            is_reported = row.reported_at is not None
            comment = "" if is_reported else row.comment
            yield MarkingLine(row.id, positions(row.earned), comment, row.marked_at.date(), is_reported)
