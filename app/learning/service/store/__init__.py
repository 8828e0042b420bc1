"""Statements that write time spent in lessons and the keys of device steps, and delete both after 60 days."""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from app.db.session import db
from app.learning import domain
from app.learning.domain import Visit
from app.learning.models import CountedStep, LessonProgress, LessonVisit
from app.learning.queries import progress


def add_visit(row: LessonProgress, visit: Visit | None) -> None:
    """Add the time of a visit to the seconds spent; if the visit was sent before, the longer time counts."""
    measured = row.spent_seconds is not None or row.done_at is None
    if visit is None or visit.seconds == 0 or not measured:
        return
    before = {stored.opened_at: stored for stored in progress.visits(row.enrolment_id, row.lesson)}
    longest = max((visit, before.get(visit.opened_at, visit)), key=lambda stored: stored.seconds)
    after = before | {visit.opened_at: longest}
    db.session.merge(
        LessonVisit(
            enrolment_id=row.enrolment_id, lesson=row.lesson, opened_at=longest.opened_at, seconds=longest.seconds
        )
    )
    added = domain.seconds_spent(after.values()) - domain.seconds_spent(before.values())
    row.spent_seconds = (row.spent_seconds or 0) + added


def count_step(person_id: UUID, key: str, now: datetime) -> bool:
    """Store the key of a step that a device sent; return False if it was counted before."""
    if progress.is_counted(person_id, key):
        return False
    try:
        with db.session.begin_nested():
            db.session.add(CountedStep(person_id=person_id, key=key, counted_at=now))
    except IntegrityError:
        return False  # sent twice at once: the other one was first
    return True


def delete_expired(now: datetime) -> int:
    """Delete visits and step keys older than 60 days; the seconds spent stay with the lesson."""
    before = now - domain.VISIT_KEPT
    gone = (
        delete(LessonVisit).where(LessonVisit.opened_at < before),
        delete(CountedStep).where(CountedStep.counted_at < before),
    )
    return sum(int(cast("Any", db.session.execute(statement)).rowcount) for statement in gone)
