"""Choose what a person practises: the competencies that reach their date first, and a course with questions on them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.catalogue.queries import courses as catalogue
from app.catalogue.shapes import Outline
from app.competence.shapes import CompetencyStatus
from app.learning import labels
from app.learning.shapes import CourseStatus
from app.quizzes.domain import practice
from app.quizzes.queries import practice as sittings


@dataclass(frozen=True, slots=True)
class PracticeOffer:
    """A sitting that a person can begin. `counted`: the competencies for which it is a review.

    `unseen` of the `questions` were not met before; `last_met` is when the others of the course were met.
    """

    outline: Outline
    language: str
    competencies: tuple[str, ...]
    counted: tuple[str, ...]
    questions: int
    unseen: int
    last_met: Mapping[str, datetime]


@dataclass(frozen=True, slots=True)
class _Pool:
    """The questions of a begun course for practice, in numbers by competency."""

    course: CourseStatus
    language: str
    items: Mapping[str, frozenset[str]]


def offers(
    person_id: UUID, statuses: Sequence[CompetencyStatus], begun: Sequence[CourseStatus], today: date
) -> list[PracticeOffer]:
    """Return an offer for each competency that can be practised, the one that reaches its date first at the top.

    Only competencies with evidence, from courses that the person has begun: other questions belong to the pre-test.
    """
    pools = [_pool(course) for course in begun]
    by_competency = {status.competency: status for status in statuses if status.last_on is not None}
    ordered = sorted(by_competency.values(), key=_urgency)
    met, reviews = sittings.last_met(person_id), sittings.review_days(person_id)
    chosen = []
    for status in ordered:
        pool = _best_pool(status.competency, pools, met)
        if pool is None:
            continue
        competencies = _with_second(status.competency, ordered, pool)
        met_here = met.get(pool.course.outline.course_id, {})
        last = {name: by_competency[name].last_on for name in competencies}
        items = frozenset[str]().union(*(pool.items[name] for name in competencies))
        chosen.append(
            PracticeOffer(
                outline=pool.course.outline,
                language=pool.language,
                competencies=competencies,
                counted=tuple(practice.counted(last, reviews, today)),
                questions=min(practice.QUESTIONS, len(items)),
                unseen=min(practice.QUESTIONS, len(items - met_here.keys())),
                last_met=met_here,
            )
        )
    return chosen


def _urgency(status: CompetencyStatus) -> tuple[bool, date, str]:
    """Return the sort key: competencies with a date by that date, then the others by their last evidence."""
    dated = status.until or status.last_on or date.max
    return status.until is None, dated, status.competency


def _pool(course: CourseStatus) -> _Pool:
    language = labels.shown(course.outline)
    bank = catalogue.bank(course.outline.version_id, language)
    items = practice.pool(course.outline.facts, (question.item for question in bank.values()))
    return _Pool(course, language, {name: frozenset(item.id for item in listed) for name, listed in items.items()})


def _best_pool(competency: str, pools: Sequence[_Pool], met: Mapping[UUID, Mapping[str, datetime]]) -> _Pool | None:
    """Return the course with the most questions on a competency that the person has not met, or None."""
    possible = [pool for pool in pools if len(pool.items.get(competency, ())) >= practice.FEWEST]
    return max(possible, key=lambda pool: _unseen(competency, pool, met), default=None)


def _unseen(competency: str, pool: _Pool, met: Mapping[UUID, Mapping[str, datetime]]) -> tuple[int, int]:
    items = pool.items[competency]
    return len(items - met.get(pool.course.outline.course_id, {}).keys()), len(items)


def _with_second(first: str, ordered: Sequence[CompetencyStatus], pool: _Pool) -> tuple[str, ...]:
    """Return a competency and, if the course has questions on it, the next one that reaches its date."""
    others = [status.competency for status in ordered if status.competency != first and status.competency in pool.items]
    return (first, *others[: practice.MOST_COMPETENCIES - 1])
