"""Rows and events of a person's lessons, cases and tests, by the rules of the services; for `flask populate`.

It repeats what services of `learning`, `quizzes` and `scenarios` write: `flask check-invariants` finds differences.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, assert_never
from uuid import UUID

import msgspec

from app.catalogue.domain.items import Level
from app.catalogue.shapes import Outline
from app.competence.domain import scoring
from app.competence.domain.evidence import EvidenceKind
from app.competence.domain.scoring import UNSEEN, UNWATCHED, ScoredQuestion, ScoreEvidence
from app.competence.service.evidence_records import NewEvidence
from app.demo.cast import careers, test_answers
from app.demo.cast.careers import AttemptTaken, CasePlayed, CourseMaterial, LessonRead, Study
from app.demo.cast.test_answers import AnswerStyle
from app.demo.rows.bulk_insert import Rows
from app.kernel.events import Event
from app.learning import domain, shapes as learning
from app.learning.domain import CourseProgress, EnrolmentState, LessonState
from app.learning.events import CourseBegun, CourseCompleted, LessonDone, LessonLookedThrough
from app.messages.domain import NoticeKind
from app.plan.domain.records import Enrolled
from app.plan.domain.result_records import AttemptResult, CourseAttempts, FinishedCase
from app.quizzes.domain import attempts, rules, saves, selection
from app.quizzes.domain.attempts import AttemptState, Purpose
from app.quizzes.domain.saves import Save
from app.quizzes.domain.selection import DrawnQuestions
from app.quizzes.events import AttemptEnded, AttemptStarted
from app.quizzes.service import attempts as attempt_service
from app.quizzes.shapes import MetBefore
from app.scenarios import domain as cases
from app.scenarios.events import CaseChoiceMade, CaseFinished, CaseStarted

PAPERS = 12  # different papers for each course, purpose and ratio of right answers, unless a writer has more
SAVED_AFTER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class AnsweredPaper:
    """A paper with answers and scores, to be written for several people."""

    seed: int
    questions: str
    saves: tuple[Save, ...]
    bodies: tuple[str, ...]
    scores: tuple[tuple[str, int, str, float], ...]  # item, revision, competency, score
    score: float
    passed: bool
    by_competency: tuple[tuple[str, Level, tuple[ScoredQuestion, ...]], ...]


@dataclass(slots=True)
class Learned:
    """The enrolments, days of learning and evidence of a person."""

    enrolments: list[Enrolled] = field(default_factory=list)
    days: set[date] = field(default_factory=set)
    evidence: list[tuple[NewEvidence, datetime]] = field(default_factory=list)  # in the order of time
    results: list[CourseAttempts] = field(default_factory=list)
    runs: list[FinishedCase] = field(default_factory=list)


@dataclass(slots=True)
class RowWriter:
    """Rows and events to be written, answered papers for reuse, the next numbers, and the open attempts."""

    courses: Mapping[str, CourseMaterial]
    random: Random
    rows: Rows = field(init=False)  # of the current portion
    events: list[Event] = field(default_factory=list)  # of the current portion, for the audit log
    next_attempt: int = 1
    papers: dict[tuple[str, Purpose, int], list[AnsweredPaper]] = field(default_factory=dict)
    paths: dict[tuple[str, tuple[int, ...]], cases.Path] = field(default_factory=dict)
    left_open: list[tuple[UUID, UUID]] = field(default_factory=list)  # person, attempt
    style: AnswerStyle = test_answers.ANY_QUESTION
    papers_limit: int = PAPERS

    def new_id(self) -> UUID:
        """Return a random id, the same for the same seed."""
        return UUID(int=self.random.getrandbits(128), version=4)

    def add_event(self, event: Event) -> None:
        """Add an event for the audit log."""
        self.events.append(event)


@dataclass(slots=True)
class _CourseRecord:
    """The progress of a person in a course while its rows are written."""

    person_id: UUID
    course: CourseMaterial
    learned: Learned
    lessons: dict[str, LessonState] = field(default_factory=dict)
    seconds: dict[str, int] = field(default_factory=dict)
    finished: set[str] = field(default_factory=set)
    items_shown: dict[str, datetime] = field(default_factory=dict)  # last time by item
    numbers: dict[Purpose, int] = field(default_factory=dict)
    passed: bool = False
    last: tuple[str, datetime] | None = None
    completed_at: datetime | None = None
    first_lesson_at: datetime | None = None  # of a lesson done
    attempts: list[AttemptResult] = field(default_factory=list)

    @property
    def ids(self) -> dict[str, Any]:
        """Return the ids of the person, the course and its version, as rows and events name them."""
        outline = self.course.outline
        return {"person_id": self.person_id, "course_id": outline.course_id, "version_id": outline.version_id}

    def progress(self) -> CourseProgress:
        """Return the progress for the rules."""
        last_lesson = self.last[0] if self.last else ""
        return CourseProgress(self.lessons, last_lesson, frozenset(self.finished), self.passed, self.seconds)

    def complete_if_finished(self, at: datetime) -> None:
        """Save the time when the course is first completed."""
        if self.completed_at is None and domain.is_finished(learning.asks(self.course.outline), self.progress()):
            self.completed_at = at


def write(writer: RowWriter, person_id: UUID, studies: list[Study]) -> Learned:
    """Write the studies of a person, and return the facts from which `competence` and `plan` rows are written."""
    learned = Learned()
    for study in studies:
        record = _CourseRecord(person_id, writer.courses[study.code], learned)
        learned.days.add(study.begun_at.date())
        _write_study(writer, record, study)
        if record.attempts:
            results = CourseAttempts(study.code, record.first_lesson_at, tuple(record.attempts))
            learned.results.append(results)
    return learned


def _write_study(writer: RowWriter, record: _CourseRecord, study: Study) -> None:
    """Write the steps of a person in a course, then the enrolment with the progress after them."""
    enrolment_id = writer.new_id()
    writer.add_event(CourseBegun(at=study.begun_at, actor_id=record.person_id, **record.ids))
    for step in study.steps:
        match step:
            case LessonRead():
                _write_lesson(writer, record, enrolment_id, step)
            case CasePlayed():
                _write_case(writer, record, step)
            case AttemptTaken():
                _write_attempt(writer, record, step)
            case _:
                assert_never(step)
    _write_enrolment(writer, record, enrolment_id, study.begun_at)


def _write_enrolment(writer: RowWriter, record: _CourseRecord, enrolment_id: UUID, begun_at: datetime) -> None:
    outline = record.course.outline
    last_lesson, last_at = record.last or ("", begun_at)
    completed = record.completed_at
    writer.rows.add(
        "enrolment",
        id=enrolment_id,
        **record.ids,
        state=EnrolmentState.COMPLETED if completed else EnrolmentState.BEGUN,
        begun_at=begun_at,
        last_lesson=last_lesson,
        last_at=last_at,
        completed_at=completed,
    )
    record.learned.enrolments.append(
        Enrolled(
            id=enrolment_id,
            module=bool(outline.facts.competencies),
            begun=begun_at.date(),
            completed=completed.date() if completed else None,
        )
    )
    if completed:
        _record_completion(writer, record, outline, completed)


def _record_completion(writer: RowWriter, record: _CourseRecord, outline: Outline, at: datetime) -> None:
    me = record.person_id
    aims = [(aim.id, aim.level, None) for aim in outline.facts.competencies]
    _add_evidence(record, EvidenceKind.MODULE, "completed", aims, at)
    requirements, progress = learning.asks(outline), record.progress()
    spent, stated = domain.minutes_spent(requirements, progress), domain.minutes_stated(requirements)
    writer.add_event(CourseCompleted(at=at, actor_id=me, minutes_spent=spent, minutes_stated=stated, **record.ids))
    writer.rows.add(
        "notice",
        id=writer.new_id(),
        person_id=me,
        occasion=f"course-completed:{outline.course_id}",
        kind=NoticeKind.COURSE_COMPLETED,
        facts=_json({"course": outline.code}),
        path=f"/courses/{outline.slug}",
        at=at,
    )


def _add_evidence(
    record: _CourseRecord,
    kind: EvidenceKind,
    activity: str,
    scores: Iterable[tuple[str, Level, ScoreEvidence | None]],
    at: datetime,
) -> None:
    """Add evidence of an activity on several competencies, as the handlers of competence would."""
    source = f"course:{record.course.outline.course_id}:{activity}"
    for competency, level, result in scores:
        new = NewEvidence(
            person_id=record.person_id, competency=competency, level=level, day=at.date(), kind=kind, source=source
        )
        if result is not None:
            new = replace(
                new,
                share=result.score,
                mark=result.pass_mark,
                items=result.items,
                guess=result.guess,
                trust=result.trust,
            )
        record.learned.evidence.append((new, at))


def _write_lesson(writer: RowWriter, record: _CourseRecord, enrolment_id: UUID, step: LessonRead) -> None:
    entry = next(lesson for lesson in record.course.outline.facts.lessons if lesson.slug == step.lesson)
    is_finished = step.element == 0
    seconds = step.seconds(entry.minutes)
    after = domain.after_lesson(entry, LessonState.BEGUN, domain.finishing_step(entry, seconds))
    record.lessons[step.lesson] = after if is_finished else LessonState.BEGUN
    record.seconds[step.lesson] = seconds
    record.last = (step.lesson, step.at)
    writer.rows.add(
        "lesson_progress",
        enrolment_id=enrolment_id,
        lesson=step.lesson,
        place=step.element,
        done_at=step.at if is_finished else None,
        looked_through=is_finished and after is LessonState.LOOKED_THROUGH,
        spent_seconds=seconds,
    )
    if is_finished:
        _record_lesson(writer, record, step, after)
        record.complete_if_finished(step.at)


def _record_lesson(writer: RowWriter, record: _CourseRecord, step: LessonRead, state: LessonState) -> None:
    event = LessonLookedThrough if state is LessonState.LOOKED_THROUGH else LessonDone
    if state is LessonState.DONE:
        record.learned.days.add(step.at.date())
        record.first_lesson_at = min(step.at, record.first_lesson_at or step.at)
    me, course_id = record.person_id, record.course.outline.course_id
    writer.add_event(event(at=step.at, actor_id=me, person_id=me, course_id=course_id, lesson=step.lesson))


def _write_case(writer: RowWriter, record: _CourseRecord, step: CasePlayed) -> None:
    key = (step.name, step.moves)
    if key not in writer.paths:
        writer.paths[key] = cases.follow(record.course.cases[step.name], step.moves)
    path = writer.paths[key]
    outline, me, playthrough_id = record.course.outline, record.person_id, writer.new_id()
    ends_at = step.at + careers.CHOICE * len(step.moves)
    score, pass_mark = cases.score(path), cases.pass_mark(path)
    errors: dict[str, Any] = {"misses": cases.missed_victims(path), "false_alarms": cases.false_alarms(path)}
    writer.rows.add(
        "playthrough",
        id=playthrough_id,
        **record.ids,
        name=step.name,
        number=1,
        language=outline.facts.source_language,
        started_at=step.at,
        finished_at=ends_at,
        share=score,
        **errors,
    )
    ids: dict[str, Any] = {"actor_id": me, "playthrough_id": playthrough_id, "person_id": me}
    writer.add_event(CaseStarted(at=step.at, course_id=outline.course_id, name=step.name, **ids))
    for number, (move, taken) in enumerate(zip(step.moves, path.steps, strict=True), 1):
        at, node = step.at + careers.CHOICE * number, taken.node.id
        writer.rows.add("case_choice", playthrough_id=playthrough_id, step=number, node=node, move=move, chosen_at=at)
        writer.add_event(CaseChoiceMade(at=at, step=number, **ids))
    result = {"share": score, "mark": pass_mark} | errors
    writer.add_event(CaseFinished(at=ends_at, course_id=outline.course_id, name=step.name, **result, **ids))
    record.finished.add(step.name)
    truth = record.course.cases[step.name].truth
    record.learned.runs.append(FinishedCase(outline.code, step.name, truth, 1, ends_at, **errors))
    record.learned.days.add(ends_at.date())
    if items := cases.decisions(path):
        scored = ScoreEvidence(score, pass_mark, items, cases.guess(path), UNWATCHED)
        scores = [(aim.id, aim.level, scored) for aim in outline.facts.competencies]
        _add_evidence(record, EvidenceKind.SCENARIO, f"case:{playthrough_id}", scores, ends_at)
    record.complete_if_finished(ends_at)


def _write_attempt(writer: RowWriter, record: _CourseRecord, step: AttemptTaken) -> None:
    outline, me = record.course.outline, record.person_id
    paper = _answered_paper(writer, record.course, step)
    number = record.numbers[step.purpose] = record.numbers.get(step.purpose, 0) + 1
    row_id, public_id = writer.next_attempt, writer.new_id()
    writer.next_attempt += 1
    is_open = step.ended_at is None
    writer.rows.add(
        "attempt",
        id=row_id,
        public_id=public_id,
        **record.ids,
        purpose=step.purpose,
        number=number,
        language=outline.facts.source_language,
        seed=paper.seed,
        paper=paper.questions,
        pass_mark=rules.course_test(outline.facts).pass_mark,
        state=AttemptState.OPEN if is_open else AttemptState.HANDED_IN,
        started_at=step.at,
        deadline_at=attempts.deadline(step.at, rules.minutes(outline.facts, step.purpose)),
        ended_at=step.ended_at,
        share=None if is_open else paper.score,
        passed=None if is_open else paper.passed,
    )
    ids = {"actor_id": me, "attempt": public_id} | record.ids
    writer.add_event(AttemptStarted(at=step.at, purpose=step.purpose, number=number, **ids))
    _write_answers(writer, row_id, paper, step)
    if step.ended_at is None:
        writer.left_open.append((me, public_id))
        return
    result: dict[str, Any] = {"share": paper.score, "passed": paper.passed, "by": "person"}
    writer.add_event(AttemptEnded(at=step.ended_at, purpose=step.purpose, number=number, **result, **ids))
    _count_attempt(record, paper, public_id, step.purpose, step.ended_at)
    record.attempts.append(_result(record, paper, step, step.ended_at))


def _result(record: _CourseRecord, paper: AnsweredPaper, step: AttemptTaken, ended_at: datetime) -> AttemptResult:
    """Return the attempt as the rules of `plan` read it."""
    outline = record.course.outline
    items = frozenset(item for item, *_values in paper.scores)
    return AttemptResult(
        version_id=outline.version_id,
        purpose=step.purpose,
        started_at=step.at,
        ended_at=ended_at,
        handed_in=True,
        score=paper.score,
        passed=paper.passed,
        items=items,
        questions=len(items),
        months=outline.facts.retention.months if outline.facts.retention else 0,
    )


def _count_attempt(
    record: _CourseRecord, paper: AnsweredPaper, attempt_id: UUID, purpose: Purpose, at: datetime
) -> None:
    """Add the evidence and the progress of an attempt that has ended."""
    record.learned.days.add(at.date())
    if purpose is Purpose.TEST:
        scores = _scored(paper, record.items_shown, at, first=record.numbers[purpose] == 1)
        _add_evidence(record, EvidenceKind.QUIZ, f"test:{attempt_id}", scores, at)
        record.passed = record.passed or paper.passed
    record.items_shown |= dict.fromkeys((item for item, *_values in paper.scores), at)
    record.complete_if_finished(at)


def _write_answers(writer: RowWriter, row_id: int, paper: AnsweredPaper, step: AttemptTaken) -> None:
    written = paper.saves if step.ended_at is not None else test_answers.first_half(paper.saves)
    arrived_at = step.at + SAVED_AFTER
    for save, body in zip(written, paper.bodies, strict=False):
        writer.rows.add(
            "answer_save",
            attempt_id=row_id,
            question=save.question,
            sequence=save.sequence,
            body=body,
            certainty=save.certainty,
            marked=save.marked,
            arrived_at=arrived_at,
        )
    if step.ended_at is None:
        return
    for number, (item, revision, competency, score) in enumerate(paper.scores, 1):
        writer.rows.add(
            "question_mark",
            attempt_id=row_id,
            question=number,
            item=item,
            revision=revision,
            competency=competency,
            share=score,
        )


def _answered_paper(writer: RowWriter, course: CourseMaterial, step: AttemptTaken) -> AnsweredPaper:
    tenth = int(max(0.0, min(1.0, step.right)) * 10 + test_answers.ROUNDING)
    papers = writer.papers.setdefault((course.outline.code, step.purpose, tenth), [])
    if len(papers) < writer.papers_limit:
        papers.append(_new_paper(writer, course.outline, step.purpose, tenth / 10))
        return papers[-1]
    return writer.random.choice(papers)


def _new_paper(writer: RowWriter, outline: Outline, purpose: Purpose, right: float) -> AnsweredPaper:
    facts, random = outline.facts, writer.random
    seed = random.getrandbits(63)
    paper = attempt_service.draw(outline, facts.source_language, purpose, MetBefore(), seed=seed)
    answers = test_answers.answers_for(paper, right, random, writer.style)
    grades = attempts.grades_of(paper, {number: save.body for number, save in saves.merge(answers).items()})
    result = attempts.result(paper, grades, rules.course_test(facts).pass_mark, rules.lessons_of(facts))
    return AnsweredPaper(
        seed=seed,
        questions=saves.answer_text(selection.to_stored(paper)),
        saves=tuple(answers),
        bodies=tuple(saves.answer_text(save.body) for save in answers),
        scores=tuple(
            (question.item.id, question.revision, question.item.competency, grade.share)
            for question, grade in zip(paper.questions, grades, strict=True)
        ),
        score=result.score,
        passed=result.passed,
        by_competency=tuple(_questions_by_competency(outline, paper, [grade.share for grade in grades])),
    )


def _questions_by_competency(
    outline: Outline, paper: DrawnQuestions, scores: Sequence[float]
) -> Iterator[tuple[str, Level, tuple[ScoredQuestion, ...]]]:
    for aim in outline.facts.competencies:
        asked = tuple(
            scoring.scored_question(question.item, score)
            for question, score in zip(paper.questions, scores, strict=True)
            if question.item.competency == aim.id
        )
        if asked:
            yield aim.id, aim.level, asked


def _scored(
    paper: AnsweredPaper, items_shown: Mapping[str, datetime], at: datetime, *, first: bool
) -> Iterator[tuple[str, Level, ScoreEvidence]]:
    recent = frozenset(item for item, shown_at in items_shown.items() if shown_at > at - UNSEEN)
    for competency, level, asked in paper.by_competency:
        yield competency, level, scoring.score_evidence(asked, recent, first=first)


def _json(facts: Mapping[str, object]) -> str:
    return msgspec.json.encode(facts, order="deterministic").decode()
