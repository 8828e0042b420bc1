"""Use cases of peer marking: ask, withdraw, draw an answer of a colleague, mark it, hide a comment, delete."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, time
from enum import Enum, auto
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.exc import NoResultFound

from app.access.targets import Target
from app.catalogue.domain.items import Item
from app.catalogue.queries import courses as catalogue
from app.db.session import db, record
from app.identity.queries import postings
from app.kernel.errors import DomainError
from app.messages.domain import NoticeKind
from app.messages.service import outbox as messages
from app.ports import ports
from app.quizzes.domain import answers, peer_marking, saves
from app.quizzes.domain.answers import Essay, without_proof
from app.quizzes.domain.peer_marking import MARKINGS, MOST_READINGS, MOST_REQUESTS, READING_LASTS
from app.quizzes.events import (
    PeerAnswerDrawn,
    PeerAnswerMarked,
    PeerCommentReported,
    PeerMarkingDeleted,
    PeerMarkingRequested,
    PeerMarkingWithdrawn,
)
from app.quizzes.models import PeerMarking, PeerRequest
from app.quizzes.queries import peer_marking as queries
from app.quizzes.service import store
from app.quizzes.shapes import Practised

MOST_TRIES = 5  # answers that are tried in turn if others take their positions at the same moment


class AskResult(Enum):
    SENT = auto()
    TOO_MANY = auto()


class NoReading(Enum):
    """Why no answer was drawn."""

    NONE_WAITS = auto()
    TOO_MANY = auto()


@dataclass(frozen=True, slots=True)
class NewRequest:
    """The writer's last answer to an open question of a lesson, in the version that the writer reads."""

    person_id: UUID
    course_id: UUID
    version_id: UUID
    lesson: str
    item: Item
    answer: Practised


def ask(new: NewRequest, now: datetime) -> AskResult:
    """Ask two colleagues to mark an answer. Raises DomainError if a request is open or this answer was marked."""
    postings.lock(new.person_id)  # two submissions at once are counted one after the other
    last = queries.last_request(new.person_id, new.course_id, new.item.id)
    if not peer_marking.may_ask(last.facts if last else None, new.answer.answered_at, now):
        raise DomainError("Colleagues have this answer already.")
    if queries.requests_today(new.person_id, now) >= MOST_REQUESTS:
        return AskResult.TOO_MANY
    essay = without_proof(answers.parse(new.item, new.answer.body))
    if not isinstance(essay, Essay):
        raise DomainError("Only open answers are marked by colleagues.")
    request = PeerRequest(
        person_id=new.person_id,
        course_id=new.course_id,
        version_id=new.version_id,
        lesson=new.lesson,
        item=new.item.id,
        body=essay.text,
        earned=_positions(new.item, essay.earned),
        answered_at=new.answer.answered_at,
        asked_at=now,
        withdrawn_at=None,
    )
    db.session.add(request)
    db.session.flush()
    record(PeerMarkingRequested(at=now, person_id=new.person_id, course_id=new.course_id, peer_request_id=request.id))
    return AskResult.SENT


def withdraw(person_id: UUID, course_id: UUID, item: str, now: datetime) -> bool:
    """Withdraw the last request for a question and delete its text; False if a colleague has marked the answer.

    A colleague who reads it cannot open it again. Raises NoResultFound without a request.
    """
    last = queries.last_request(person_id, course_id, item)
    if last is None:
        raise NoResultFound
    request = queries.lock_request(last.id)
    if request.withdrawn_at is not None:
        return True
    if queries.markings_of(request.id):
        return False
    db.session.execute(delete(PeerMarking).where(PeerMarking.request_id == request.id))
    request.withdrawn_at, request.body, request.earned = now, "", "[]"
    record(PeerMarkingWithdrawn(at=now, person_id=person_id, course_id=course_id, peer_request_id=request.id))
    return True


def draw(person_id: UUID, course_id: UUID, now: datetime) -> UUID | NoReading:
    """Give a person the answer of a colleague to mark and return the id of the marking; an open one comes first."""
    postings.lock(person_id)  # two submissions at once draw one answer
    drawn = queries.open_reading(person_id, course_id, now)
    if drawn is not None:
        return drawn
    if queries.readings_today(person_id, now) >= MOST_READINGS:
        return NoReading.TOO_MANY
    store.delete_readings(drawn_before=now - READING_LASTS)
    for request_id in queries.waiting(person_id, course_id, now, MOST_TRIES):
        marking_id = _take_position(request_id, person_id, now)
        if marking_id is not None:
            record(PeerAnswerDrawn(at=now, person_id=person_id, course_id=course_id))
            return marking_id
    return NoReading.NONE_WAITS


def _take_position(request_id: UUID, person_id: UUID, now: datetime) -> UUID | None:
    """Take a position of a request; they are unique, so at most two people get one, also at the same moment."""
    for position in range(1, MARKINGS + 1):
        marking_id = store.add_reading(request_id=request_id, person_id=person_id, position=position, drawn_at=now)
        if marking_id is not None:
            return marking_id
    return None


def mark(
    person_id: UUID, course_id: UUID, marking_id: UUID, earned: Collection[int], comment: str, now: datetime
) -> None:
    """Save the marking of an answer that this person reads, and notify the writer; a repeat changes nothing.

    Raises NoResultFound if the answer is not this person's to mark, or no longer.
    """
    request = queries.lock_request_of(marking_id)
    if queries.is_marked(person_id, marking_id):
        return
    answer = queries.reading(person_id, course_id, marking_id, now)
    item = item_of(answer.version_id, answer.item)
    marking = db.session.scalars(select(PeerMarking).where(PeerMarking.id == marking_id)).one()
    marking.earned, marking.comment, marking.marked_at = _positions(item, earned), comment, now
    record(PeerAnswerMarked(at=now, person_id=person_id, course_id=course_id))
    course = catalogue.outline(request.version_id)
    messages.notify(
        request.person_id,
        NoticeKind.ANSWER_MARKED,
        occasion=_occasion(marking_id),
        facts={"course": course.code},
        path=ports().path_to(Target.PEER_MARKING, course.slug, request.lesson, request.item),
        now=datetime.combine(now.date(), time.min, UTC),  # the hour would be a hint at the time zone of the colleague
    )


def item_of(version_id: UUID, name: str) -> Item:
    """Return an item of a version; its criteria are the same in all languages."""
    source = catalogue.outline(version_id).facts.source_language
    return catalogue.bank(version_id, source)[name].item


def hide_comment(person_id: UUID, course_id: UUID, item: str, marking_id: UUID, now: datetime) -> str:
    """Hide the comment of a marking from its writer, who reports it, and return it; "" if there is none to report.

    Raises NoResultFound if the marking is not of an answer of this writer.
    """
    line = queries.own_marking(person_id, course_id, item, marking_id)
    if not line.comment:
        return ""
    marking = db.session.scalars(select(PeerMarking).where(PeerMarking.id == marking_id).with_for_update()).one()
    if marking.reported_at is not None:
        return ""
    marking.reported_at = now
    record(PeerCommentReported(at=now, person_id=person_id, course_id=course_id, peer_request_id=marking.request_id))
    return line.comment


def delete_of_person(person_id: UUID, now: datetime) -> None:
    """Delete the requests and markings of a person whose identity is deleted."""
    _delete(queries.request_ids(PeerRequest.person_id == person_id), now)
    _delete_notices(store.delete_markings_by(person_id))


def delete_of_course(course_id: UUID, now: datetime) -> None:
    """Delete the requests and markings of a course that is retired."""
    _delete(queries.request_ids(PeerRequest.course_id == course_id), now)


def delete_requests(requests: Collection[UUID], now: datetime) -> int:
    """Delete requests with their markings after the retention period; return how many."""
    _delete(requests, now)
    return len(requests)


def _delete(requests: Collection[UUID], now: datetime) -> None:
    if requests:
        _delete_notices(store.delete_requests(requests))
        record(PeerMarkingDeleted(at=now, requests=len(requests)))


def _delete_notices(markings: Collection[UUID]) -> None:
    messages.delete_notices([_occasion(marking_id) for marking_id in markings])


def _positions(item: Item, earned: Collection[int]) -> str:
    return saves.answer_text(peer_marking.valid_points(item, earned))


def _occasion(marking_id: UUID) -> str:
    return f"answer-marked:{marking_id}"
