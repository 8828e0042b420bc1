"""What this room does when another one speaks: tests, cases and courses are evidence on what a course aims at."""

from collections.abc import Iterator
from statistics import fmean

from app.accounts.events import PersonDeactivated
from app.catalogue import queries as catalogue
from app.catalogue.shapes import Outline
from app.competence import service
from app.competence.domain.evidence import EvidenceKind
from app.competence.service import NewEvidence
from app.learning.events import CourseCompleted
from app.quizzes import queries as quizzes
from app.quizzes.domain.attempts import Purpose
from app.quizzes.events import AttemptEnded
from app.scenarios import domain as cases
from app.scenarios import queries as scenarios
from app.scenarios.events import CaseFinished

NOT_JUDGED = 0.62  # the pass value of items that trainers have not judged yet
UNWATCHED = 0.5


def test_ended(happened: AttemptEnded) -> None:
    """Take the first attempt at a course's test as evidence on each competency it asked about."""
    if happened.purpose == Purpose.TEST and happened.number == 1:
        service.add_known(list(_tested(happened, catalogue.outline(happened.version_id))), happened.at)


def case_finished(happened: CaseFinished) -> None:
    """Take the first way through a case as evidence on all that its course aims at: a case names none by itself."""
    walk = scenarios.get(happened.playthrough_id)
    if walk.number != 1:
        return
    outline = catalogue.outline(walk.version_id)
    scenario = catalogue.case(walk.version_id, walk.name, walk.language).scenario
    items = cases.decisions(cases.follow(scenario, walk.choices))
    news = [
        NewEvidence(
            person_id=happened.person_id,
            competency=aim.id,
            level=aim.level,
            day=happened.at.date(),
            kind=EvidenceKind.SCENARIO,
            source=f"course:{happened.course_id}:case:{walk.id}",
            share=happened.share,
            mark=NOT_JUDGED,
            items=items,
            trust=UNWATCHED,
        )
        for aim in outline.facts.competencies
        if items
    ]
    service.add_known(news, happened.at)


def course_completed(happened: CourseCompleted) -> None:
    """Take a completed course as a training in all that it aims at."""
    news = [
        NewEvidence(
            person_id=happened.person_id,
            competency=aim.id,
            level=aim.level,
            day=happened.at.date(),
            kind=EvidenceKind.MODULE,
            source=f"course:{happened.course_id}:completed",
        )
        for aim in catalogue.outline(happened.version_id).facts.competencies
    ]
    service.add_known(news, happened.at)


def person_left(happened: PersonDeactivated) -> None:
    """Let nobody count after the last day of service."""
    service.rebuild(happened.person_id, happened.at)


def _tested(happened: AttemptEnded, outline: Outline) -> Iterator[NewEvidence]:
    bank = catalogue.bank(outline.version_id, outline.facts.source_language)
    marks = quizzes.marks(happened.attempt)
    for aim in outline.facts.competencies:
        asked = [mark for mark in marks if mark.competency == aim.id]
        if not asked:
            continue
        judged = (bank[mark.item].item.pass_value for mark in asked)
        yield NewEvidence(
            person_id=happened.person_id,
            competency=aim.id,
            level=aim.level,
            day=happened.at.date(),
            kind=EvidenceKind.QUIZ,
            source=f"course:{happened.course_id}:test:{happened.attempt}",
            share=fmean(mark.share for mark in asked),
            mark=fmean(NOT_JUDGED if value is None else value for value in judged),
            items=len(asked),
            trust=UNWATCHED,
        )
