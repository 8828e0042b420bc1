"""Report a comment of a colleague to the trainers of a course; it is hidden from then on."""

from datetime import datetime
from uuid import UUID

from app.catalogue.shapes import LessonText, Outline
from app.identity.queries import postings
from app.learning.service import reports
from app.learning.service.reports import NewReport
from app.quizzes.queries import peer_marking as queries
from app.quizzes.service import peer_marking


def report_comment(
    person_id: UUID, outline: Outline, text: LessonText, item: str, marking_id: UUID, heading: str, now: datetime
) -> bool:
    """Send a comment to the queue of mistake reports and hide it; False after too many reports within 24 hours.

    Raises NoResultFound if the marking is not of an answer of this person; a repeat changes nothing.
    """
    postings.lock(person_id)  # two submissions at once send one report
    comment = queries.own_marking(person_id, outline.course_id, item, marking_id).comment
    if not comment:
        return True
    body = f"{heading}\n{comment}"
    if not reports.report_mistake(NewReport(person_id, 0, body), outline, text, now):
        return False
    peer_marking.hide_comment(person_id, outline.course_id, item, marking_id, now)
    return True
