"""A wrong key of the demonstration: the first version of a course has it, the second corrects it for all attempts."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from random import Random

from msgspec.structs import replace as changed

from app.catalogue.domain.items import Choices, Item
from app.catalogue.domain.versions import VersionKind
from app.catalogue.service import publication
from app.catalogue.service.preparation import ReadyCourse
from app.demo.cast import roster
from app.demo.cast.careers import CourseMaterial
from app.demo.history import practice_sittings
from app.demo.history.accounts import DemoOfficer, Staff
from app.demo.history.library import PreparedCourses
from app.demo.history.practice_sittings import SittingPlan
from app.demo.history.timeline import TimedAction
from app.kernel import clock
from app.learning.service import lesson_progress
from app.quizzes.queries import corrections
from app.quizzes.service import regrading

COURSE, ITEM = "M05", "M05-Q16"  # true or false
# four weeks of practice, every other day: no question is asked twice, as each competency has 15 questions or more
PRACTISED = ("ONL-08", "ONL-01", "LRE-03", "ONL-07", "LRE-05") * 2 + ("ONL-08", "ONL-01", "LRE-03", "ONL-07")
BEGUN, FIRST_SITTING, BETWEEN = 41, 40, 2  # days ago, and days
MESSAGE = "The key of the question on visitors of a profile was the wrong way round."
MOST_ATTEMPTS = 1000


def with_wrong_key(stocks: Sequence[PreparedCourses]) -> list[PreparedCourses]:
    """Return the rendered courses as they were published first: one question with a wrong key."""
    return [replace(stock, courses=[_first_version(course) for course in stock.courses]) for stock in stocks]


def actions(
    stocks: Sequence[PreparedCourses],
    staff: Staff,
    officers: Sequence[DemoOfficer],
    courses: Sequence[CourseMaterial],
    now: datetime,
) -> Iterator[TimedAction]:
    """Return four weeks of practice by the last officer of the tour with the wrong key, and its correction."""
    ready = next((course for stock in stocks for course in stock.courses if course.folder.course.id == COURSE), None)
    outline = next((course.outline for course in courses if course.outline.code == COURSE), None)
    if ready is None or outline is None:
        return
    officer, begun = officers[len(roster.TOUR) - 1], now - timedelta(days=BEGUN)
    yield TimedAction(begun, officer.id, partial(lesson_progress.begin, officer.id, outline, begun))
    random = Random(COURSE)  # noqa: S311 - invented answers
    for number, competency in enumerate(PRACTISED):
        at = now - timedelta(days=FIRST_SITTING - BETWEEN * number)
        sit = partial(practice_sittings.sit, officer.id, outline, competency, SittingPlan(1.0, missed=ITEM), random)
        yield TimedAction(at, officer.id, sit)
    yield TimedAction(now - timedelta(days=5), staff.trainers[0], partial(_publish, ready, staff))
    yield TimedAction(now - timedelta(days=5) + timedelta(minutes=10), None, _regrade)


def _first_version(ready: ReadyCourse) -> ReadyCourse:
    if ready.folder.course.id != COURSE:
        return ready
    items = [replace(each, item=_with_swapped_key(each.item)) for each in ready.items]
    return replace(ready, items=items, fingerprint=ready.fingerprint[::-1])


def _with_swapped_key(item: Item) -> Item:
    if item.id != ITEM or not isinstance(item.answers, Choices):
        return item
    first, second = item.answers.options
    swapped = (changed(first, share=second.share), changed(second, share=first.share))
    return changed(item, answers=changed(item.answers, options=swapped))


def _publish(ready: ReadyCourse, staff: Staff) -> None:
    first, second = staff.trainers
    publication.store_draft(ready, clock.now())
    publication.publish(
        COURSE, kind=VersionKind.SUBSTANTIVE, message=MESSAGE, first_id=first, second_id=second, now=clock.now()
    )


def _regrade() -> None:
    for correction in corrections.waiting():
        for _row_id, attempt in corrections.concerned(correction, after=0, limit=MOST_ATTEMPTS):
            regrading.regrade(attempt, correction, clock.now())
        regrading.finish(correction, clock.now())
