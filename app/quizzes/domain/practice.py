"""Rules of a practice sitting: which questions are asked, and which competencies it counts for as a review.

Source: `capacity-measure`, sections 3 (review) and 7 (at most one a day, five a week, none within 14 days).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import zip_longest
from random import Random

from app.catalogue.domain.blueprint_checks import DRAWN
from app.catalogue.domain.courses import CourseFacts
from app.catalogue.domain.items import Item, ItemForm
from app.quizzes.domain.selection import DrawnQuestion, DrawnQuestions, drawn_question

QUESTIONS = 5  # of a sitting: about three minutes
FEWEST = 4  # answers from which a sitting counts
MOST_COMPETENCIES = 2
MINUTES = 3
MOST_A_WEEK = 5
WEEK = timedelta(days=7)
BETWEEN = timedelta(days=14)  # after the last evidence on a competency
LEAST_SECONDS = 1.5  # for each answer; a faster sitting has no trust
NOT_JUDGED = 0.62  # the pass value of items that trainers have not judged yet

FORMS = frozenset({ItemForm.A, ItemForm.PRACTICE})


def pool(course: CourseFacts, bank: Iterable[Item]) -> dict[str, list[Item]]:
    """Return the items of a course that practice may ask, by competency."""
    items: dict[str, list[Item]] = {}
    for item in bank:
        if item.form in FORMS and item.kind in DRAWN and item.id not in course.retired:
            items.setdefault(item.competency, []).append(item)
    return items


def draw(
    items: Mapping[str, Sequence[Item]], competencies: Sequence[str], *, last_met: Mapping[str, datetime], seed: int
) -> DrawnQuestions:
    """Draw the questions of a sitting: of each competency in turn, unmet ones first, then those met longest ago.

    `last_met` is when the person last met an item; the same seed draws the same questions in the same order.
    """
    random = Random(seed)  # noqa: S311 - a draw that can be repeated, no secret
    queues = [_queue(items.get(competency, ()), last_met, random) for competency in competencies]
    rounds = zip_longest(*queues)
    in_turn = [item for turn in rounds for item in turn if item is not None]
    return DrawnQuestions(tuple(drawn_question(item, random, 1) for item in in_turn[:QUESTIONS]))


def _queue(items: Sequence[Item], last_met: Mapping[str, datetime], random: Random) -> list[Item]:
    """Return items in the order in which they are asked."""
    mixed = list(items)
    random.shuffle(mixed)
    unmet = [item for item in mixed if item.id not in last_met]
    return unmet + sorted((item for item in mixed if item.id in last_met), key=lambda item: last_met[item.id])


def with_revisions(drawn: DrawnQuestions, revisions: Mapping[str, int]) -> DrawnQuestions:
    """Return the drawn questions with the revisions of their items."""
    questions = (
        DrawnQuestion(question.item, question.order, question.gap_orders, revisions.get(question.item.id, 1))
        for question in drawn.questions
    )
    return DrawnQuestions(tuple(questions))


def counted(last_evidence: Mapping[str, date | None], reviews: Collection[date], today: date) -> list[str]:
    """Return the competencies for which a sitting of today counts as a review.

    `last_evidence` is the day of the newest evidence by competency, `reviews` the days of sittings that counted.
    """
    this_week = [day for day in reviews if today - WEEK < day <= today]
    if today in reviews or len(this_week) >= MOST_A_WEEK:
        return []
    return [name for name, last in last_evidence.items() if last is None or today - last >= BETWEEN]


def counts_from(last_evidence: date, today: date) -> date | None:
    """Return the day from which practice counts again after the last evidence; None if it counts today."""
    day = last_evidence + BETWEEN
    return day if day > today else None


def too_fast(started_at: datetime, ended_at: datetime, answers: int) -> bool:
    """Return whether the answers of a sitting came faster than a person can read."""
    return (ended_at - started_at).total_seconds() < answers * LEAST_SECONDS
