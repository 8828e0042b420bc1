"""What is done in courses, as evidence: a first attempt at a test, a first way through a case, a completed course.

Of attempts and ways of which only the results are kept there is none to be had any more: by then theirs was recorded.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from statistics import fmean
from uuid import UUID

from app.catalogue import queries as catalogue
from app.competence.domain.evidence import EvidenceKind
from app.competence.service import NewEvidence
from app.learning import queries as learning
from app.quizzes import queries as quizzes
from app.quizzes.domain.attempts import Purpose
from app.scenarios import domain as cases
from app.scenarios import queries as scenarios

NOT_JUDGED = 0.62  # the pass value of items that trainers have not judged yet
UNWATCHED = 0.5


def tested(person_id: UUID, course_id: UUID, version_id: UUID, attempt: UUID, day: date) -> Iterator[NewEvidence]:
    """Yield what an ended attempt at a course's test is on each competency it asked about."""
    outline = catalogue.outline(version_id)
    bank = catalogue.bank(version_id, outline.facts.source_language)
    marks = quizzes.marks(attempt)
    for aim in outline.facts.competencies:
        asked = [mark for mark in marks if mark.competency == aim.id]
        if not asked:
            continue
        judged = (bank[mark.item].item.pass_value for mark in asked)
        yield NewEvidence(
            person_id=person_id,
            competency=aim.id,
            level=aim.level,
            day=day,
            kind=EvidenceKind.QUIZ,
            source=f"course:{course_id}:test:{attempt}",
            share=fmean(mark.share for mark in asked),
            mark=fmean(NOT_JUDGED if value is None else value for value in judged),
            items=len(asked),
            trust=UNWATCHED,
        )


def walked(playthrough_id: UUID, share: float, day: date) -> Iterator[NewEvidence]:
    """Yield what a first way through a case is on all that its course aims at: a case names none by itself."""
    walk = scenarios.get(playthrough_id)
    scenario = catalogue.case(walk.version_id, walk.name, walk.language).scenario
    items = cases.decisions(cases.follow(scenario, walk.choices))
    if walk.number != 1 or not items:
        return
    for aim in catalogue.outline(walk.version_id).facts.competencies:
        yield NewEvidence(
            person_id=walk.person_id,
            competency=aim.id,
            level=aim.level,
            day=day,
            kind=EvidenceKind.SCENARIO,
            source=f"course:{walk.course_id}:case:{walk.id}",
            share=share,
            mark=NOT_JUDGED,
            items=items,
            trust=UNWATCHED,
        )


def completed(person_id: UUID, course_id: UUID, version_id: UUID, day: date) -> Iterator[NewEvidence]:
    """Yield what a completed course is: a training in all that it aims at."""
    for aim in catalogue.outline(version_id).facts.competencies:
        yield NewEvidence(
            person_id=person_id,
            competency=aim.id,
            level=aim.level,
            day=day,
            kind=EvidenceKind.MODULE,
            source=f"course:{course_id}:completed",
        )


def of_person(person_id: UUID) -> list[NewEvidence]:
    """Return all that somebody did in courses as evidence, in the order in which it happened."""
    found: list[tuple[datetime, list[NewEvidence]]] = []
    for one in quizzes.attempts_of(person_id):
        if one.purpose == Purpose.TEST and one.number == 1 and one.ended_at is not None:
            news = tested(person_id, one.course_id, one.version_id, one.id, one.ended_at.date())
            found.append((one.ended_at, list(news)))
    for walk_id in scenarios.firsts(person_id):
        walk = scenarios.get(walk_id)
        if walk.finished_at is not None and walk.share is not None:
            found.append((walk.finished_at, list(walked(walk_id, walk.share, walk.finished_at.date()))))
    for line in learning.enrolments([person_id]).get(person_id, ()):
        if line.completed_on is not None:
            end_of_day = datetime.combine(line.completed_on, time.max, UTC)
            found.append((end_of_day, list(completed(person_id, line.course_id, line.version_id, line.completed_on))))
    return [new for _at, news in sorted(found, key=lambda pair: pair[0]) for new in news]
