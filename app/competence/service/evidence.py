"""Create `NewEvidence` from tests, practice, cases and courses; for `handlers` and `flask competence collect`.

Attempts and cases of which only the results are still stored yield none: their evidence was recorded before.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time
from uuid import UUID

from app.catalogue.domain.courses import Aim
from app.catalogue.queries import courses as catalogue
from app.catalogue.shapes import Question
from app.competence.domain.evidence import EvidenceKind
from app.competence.domain.scoring import (
    AGAIN,
    UNSEEN,
    UNWATCHED,
    ScoredQuestion,
    ScoreEvidence,
    completion_trust,
    score_evidence,
    score_review,
    scored_question,
)
from app.competence.service.evidence_records import NewEvidence
from app.learning.queries import progress as learning
from app.quizzes import queries as quizzes
from app.quizzes.domain import practice
from app.quizzes.domain.attempts import Purpose
from app.quizzes.queries import corrections, item_statistics, practice as sittings
from app.quizzes.shapes import AttemptLine, Marked
from app.scenarios import domain as cases, queries as scenarios

KEY_CORRECTED = "The key of a question was corrected."
COMPLETION_ENDED = "A breaking version of the course ended this completion."


def evidence_of_attempt(person_id: UUID, line: AttemptLine, *, regrades: int = 0) -> Iterator[NewEvidence]:
    """Yield the evidence of an ended test or practice; an attempt that was graded again is a source of its own."""
    suffix = f":{regrades}" if regrades else ""
    if line.purpose is Purpose.TEST:
        news = _of_test(person_id, line)
    elif line.purpose is Purpose.PRACTICE:
        news = _of_practice(person_id, line)
    else:
        return
    for new in news:
        yield replace(new, source=new.source + suffix)


def _of_test(person_id: UUID, line: AttemptLine) -> Iterator[NewEvidence]:
    """Yield the evidence of an ended attempt at a course's test, for each competency it asked about."""
    if line.ended_at is None:
        return
    outline = catalogue.outline(line.version_id)
    bank = catalogue.bank(line.version_id, outline.facts.source_language)
    marks = quizzes.marks(line.id)
    first = line.number == 1
    seen_items = frozenset[str]() if first else quizzes.items_seen(person_id, line, since=line.ended_at - UNSEEN)
    before = item_statistics.rates_before(line.course_id, {mark.item: bank[mark.item].revision for mark in marks})
    for aim in outline.facts.competencies:
        questions = _scored(bank, marks, before, aim.id)
        if not questions:
            continue
        result = score_evidence(questions, seen_items, first=first)
        yield NewEvidence(
            person_id=person_id,
            competency=aim.id,
            level=aim.level,
            day=line.ended_at.date(),
            done_at=line.ended_at,
            kind=EvidenceKind.QUIZ,
            source=f"course:{line.course_id}:test:{line.id}",
            share=result.score,
            mark=result.pass_mark,
            items=result.items,
            trust=result.trust,
            guess=result.guess,
        )


def _of_practice(person_id: UUID, line: AttemptLine) -> Iterator[NewEvidence]:
    """Yield the evidence of a practice sitting, for each competency for which it counts as a review.

    From four answers on. Only questions that the person did not meet for 90 days count; without any, or if the
    answers came too fast, the sitting is listed and has no trust.
    """
    if line.ended_at is None:
        return
    sitting, marks = sittings.sitting(line.id), quizzes.marks(line.id)
    if len(marks) < practice.FEWEST:
        return
    outline = catalogue.outline(line.version_id)
    bank = catalogue.bank(line.version_id, outline.facts.source_language)
    since = line.ended_at - UNSEEN
    met = quizzes.items_seen(person_id, line, since=since) | sittings.items_met(person_id, line, since=since)
    fast = practice.too_fast(line.started_at, line.ended_at, len(marks))
    before = item_statistics.rates_before(line.course_id, {mark.item: bank[mark.item].revision for mark in marks})
    for aim in outline.facts.competencies:
        if aim.id not in sitting.counted:
            continue
        questions = _scored(bank, marks, before, aim.id)
        if questions:
            result = score_review(questions, met, fast=fast)
            yield _review(person_id, line, aim, result)


def _scored(
    bank: Mapping[str, Question], marks: Sequence[Marked], before: Mapping[str, float], competency: str
) -> list[ScoredQuestion]:
    """Return the answered questions on a competency with their scores."""
    asked = [line for line in marks if line.competency == competency]
    return [scored_question(bank[line.item].item, line.score, before.get(line.item)) for line in asked]


def _review(person_id: UUID, line: AttemptLine, aim: Aim, result: ScoreEvidence) -> NewEvidence:
    ended_at = line.ended_at or line.started_at
    return NewEvidence(
        person_id=person_id,
        competency=aim.id,
        level=aim.level,
        day=ended_at.date(),
        done_at=ended_at,
        kind=EvidenceKind.REVIEW,
        source=f"course:{line.course_id}:practice:{line.id}",
        share=result.score,
        mark=result.pass_mark,
        items=result.items,
        trust=result.trust,
        guess=result.guess,
    )


def evidence_of_case(playthrough_id: UUID) -> Iterator[NewEvidence]:
    """Yield the evidence of a finished case, for each competency of its course: a case has none of its own.

    A later playthrough counts a quarter, and nothing within 90 days of an earlier one: its decisions are known.
    """
    playthrough = scenarios.get(playthrough_id)
    scenario = catalogue.case(playthrough.version_id, playthrough.name, playthrough.language).scenario
    path = cases.follow(scenario, playthrough.choices)
    items = cases.decisions(path)
    if not items or playthrough.finished_at is None or playthrough.score is None:
        return
    for aim in catalogue.outline(playthrough.version_id).facts.competencies:
        yield NewEvidence(
            person_id=playthrough.person_id,
            competency=aim.id,
            level=aim.level,
            day=playthrough.finished_at.date(),
            done_at=playthrough.finished_at,
            kind=EvidenceKind.SCENARIO,
            source=f"course:{playthrough.course_id}:case:{playthrough.id}",
            share=playthrough.score,
            mark=cases.pass_mark(path),
            items=items,
            trust=_trust_in(playthrough),
            guess=cases.guess(path),
        )


def completed(
    person_id: UUID,
    course_id: UUID,
    version_id: UUID,
    at: datetime,
    *,
    minutes_spent: float | None = None,
    minutes_stated: float | None = None,
    cycle: int = 0,
) -> Iterator[NewEvidence]:
    """Yield the evidence of a completed course for each competency; it has trust only without a test, by time spent.

    `cycle` is how many earlier completions a breaking version ended: each completion is a source of its own.
    """
    facts = catalogue.outline(version_id).facts
    trust = completion_trust(minutes_spent, minutes_stated, has_test=facts.test is not None)
    for aim in facts.competencies:
        yield NewEvidence(
            person_id=person_id,
            competency=aim.id,
            level=aim.level,
            day=at.date(),
            done_at=at,
            kind=EvidenceKind.MODULE,
            source=completion_source(course_id) + (f":{cycle}" if cycle else ""),
            trust=trust,
        )


def completion_source(course_id: UUID) -> str:
    """Return the source of the evidence of a completed course, which those of later completions begin with."""
    return f"course:{course_id}:completed"


def of_person(person_id: UUID) -> list[NewEvidence]:
    """Return all activity of a person in courses as evidence, in the order in which it happened.

    A completion that a breaking version ended is none: its evidence is void.
    """
    regrades = corrections.regrade_counts(person_id)
    news = [
        new
        for line in quizzes.attempts_of(person_id)
        for new in evidence_of_attempt(person_id, line, regrades=regrades.get(line.id, 0))
    ]
    news += [new for walk_id in scenarios.finished(person_id) for new in evidence_of_case(walk_id)]
    news += _of_completions(person_id)
    return sorted(news, key=_done_at)


def _of_completions(person_id: UUID) -> Iterator[NewEvidence]:
    """Yield the evidence of the completions of a person that no breaking version ended."""
    cycles: Counter[UUID] = Counter()
    for line in learning.enrolments([person_id]).get(person_id, ()):
        if line.has_ended:
            cycles[line.course_id] += 1
        elif line.completed_on is not None:
            end_of_day = datetime.combine(line.completed_on, time.max, UTC)
            cycle = cycles[line.course_id]
            yield from completed(person_id, line.course_id, line.version_id, end_of_day, cycle=cycle)


def _trust_in(playthrough: scenarios.PlaythroughView) -> float:
    if playthrough.number == 1:
        return UNWATCHED
    return 0.0 if scenarios.played_since(playthrough, UNSEEN) else AGAIN


def _done_at(new: NewEvidence) -> datetime:
    return new.done_at or datetime.combine(new.day, time.max, UTC)
