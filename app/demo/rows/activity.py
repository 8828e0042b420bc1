"""What services would have written for a life, worked out by the same rules, as rows by table."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import msgspec

from app.catalogue.domain.items import Bank, Level
from app.catalogue.queries import courses as catalogue
from app.catalogue.shapes import Outline
from app.competence.domain import scoring
from app.competence.domain.evidence import EvidenceKind
from app.competence.domain.scoring import UNSEEN, UNWATCHED, Asked, Scored
from app.demo.cast import careers, test_answers
from app.demo.cast.careers import Asked as Course
from app.demo.cast.careers import Reading, Sitting, Study, Walking
from app.demo.rows.bulk_insert import Rows
from app.demo.rows.learned import Learned
from app.kernel.events import Event
from app.learning import domain
from app.learning import shapes as learning
from app.learning.domain import CourseProgress, EnrolmentState, LessonState
from app.learning.events import CourseBegun, CourseCompleted, LessonDone, LessonLookedThrough
from app.messages.domain import NoticeKind
from app.plan.domain.records import Enrolled
from app.quizzes.domain import attempts, rules, saves, selection
from app.quizzes.domain.attempts import AttemptState, Purpose
from app.quizzes.domain.saves import Save
from app.quizzes.domain.selection import Paper
from app.quizzes.events import AttemptEnded, AttemptStarted
from app.scenarios import domain as cases
from app.scenarios.events import CaseChoiceMade, CaseFinished, CaseStarted

SHEETS = 12  # different papers for each course, purpose and share that is right
SAVED_AFTER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A paper with answers and what they are worth, ready to be written for anybody."""

    seed: int
    paper: str
    given: tuple[Save, ...]
    bodies: tuple[str, ...]
    marks: tuple[tuple[str, int, str, float], ...]  # item, revision, competency, share
    share: float
    passed: bool
    asked: tuple[tuple[str, Level, tuple[Asked, ...]], ...]  # by competency


@dataclass(slots=True)
class Desk:
    """Whoever writes deeds: the sheets made so far, the numbers given, the attempts left open."""

    courses: Mapping[str, Course]
    random: Random
    rows: Rows = field(init=False)  # of the portion under way
    heard: list[Event] = field(default_factory=list)  # in it, for the trail
    next_attempt: int = 1
    sheets: dict[tuple[str, Purpose, int], list[Sheet]] = field(default_factory=dict)
    walks: dict[tuple[str, tuple[int, ...]], cases.Path] = field(default_factory=dict)
    left_open: list[tuple[UUID, UUID]] = field(default_factory=list)  # person, attempt

    def new_id(self) -> UUID:
        """Return an id that the seed decides."""
        return UUID(int=self.random.getrandbits(128), version=4)

    def note(self, happened: Event) -> None:
        """Take an event for the trail."""
        self.heard.append(happened)


@dataclass(slots=True)
class _Way:
    """Where one person is in one course while it is written."""

    person_id: UUID
    course: Course
    learned: Learned
    lessons: dict[str, LessonState] = field(default_factory=dict)
    seconds: dict[str, int] = field(default_factory=dict)
    finished: set[str] = field(default_factory=set)
    seen: dict[str, datetime] = field(default_factory=dict)  # items of papers, and when last
    numbers: dict[Purpose, int] = field(default_factory=dict)
    passed: bool = False
    last: tuple[str, datetime] | None = None
    completed_at: datetime | None = None

    def standing(self) -> CourseProgress:
        """Return how far the person is, for the rules."""
        last_lesson = self.last[0] if self.last else ""
        return CourseProgress(self.lessons, last_lesson, frozenset(self.finished), self.passed, self.seconds)

    def look_whether_complete(self, at: datetime) -> None:
        """Note when the course was completed first."""
        if self.completed_at is None and domain.is_finished(learning.asks(self.course.outline), self.standing()):
            self.completed_at = at


def write(desk: Desk, person_id: UUID, studies: list[Study]) -> Learned:
    """Write all that a person did, and return what the rooms above hear of it."""
    learned = Learned()
    for study in studies:
        way = _Way(person_id, desk.courses[study.code], learned)
        learned.days.add(study.begun_at.date())
        outline = way.course.outline
        enrolment_id = desk.new_id()
        begun = CourseBegun(
            at=study.begun_at,
            actor_id=person_id,
            person_id=person_id,
            course_id=outline.course_id,
            version_id=outline.version_id,
        )
        desk.note(begun)
        for step in study.steps:
            match step:
                case Reading():
                    _read(desk, way, enrolment_id, step)
                case Walking():
                    _walk(desk, way, step)
                case Sitting():
                    _sit(desk, way, step)
        _enrol(desk, way, enrolment_id, study.begun_at)
    return learned


def _enrol(desk: Desk, way: _Way, enrolment_id: UUID, begun_at: datetime) -> None:
    outline = way.course.outline
    last_lesson, last_at = way.last or ("", begun_at)
    completed = way.completed_at
    desk.rows.add(
        "enrolment",
        id=enrolment_id,
        person_id=way.person_id,
        course_id=outline.course_id,
        version_id=outline.version_id,
        state=EnrolmentState.COMPLETED if completed else EnrolmentState.BEGUN,
        begun_at=begun_at,
        last_lesson=last_lesson,
        last_at=last_at,
        completed_at=completed,
    )
    way.learned.enrolments.append(
        Enrolled(
            id=enrolment_id,
            module=bool(outline.facts.competencies),
            begun=begun_at.date(),
            completed=completed.date() if completed else None,
        )
    )
    if completed:
        _complete(desk, way, outline, completed)


def _complete(desk: Desk, way: _Way, outline: Outline, at: datetime) -> None:
    me = way.person_id
    for aim in outline.facts.competencies:
        source = f"course:{outline.course_id}:completed"
        way.learned.hear(me, aim.id, aim.level, kind=EvidenceKind.MODULE, source=source, at=at)
    asks, standing = learning.asks(outline), way.standing()
    who: dict[str, Any] = {"person_id": me, "course_id": outline.course_id, "version_id": outline.version_id}
    spent, stated = domain.minutes_spent(asks, standing), domain.minutes_stated(asks)
    desk.note(CourseCompleted(at=at, actor_id=me, minutes_spent=spent, minutes_stated=stated, **who))
    desk.rows.add(
        "notice",
        id=desk.new_id(),
        person_id=me,
        occasion=f"course-completed:{outline.course_id}",
        kind=NoticeKind.COURSE_COMPLETED,
        facts=_json({"course": outline.code}),
        path=f"/courses/{outline.slug}",
        at=at,
    )


def _tell(way: _Way, kind: EvidenceKind, what: str, told: Iterable[tuple[str, Level, Scored]], at: datetime) -> None:
    source = f"course:{way.course.outline.course_id}:{what}"
    for competency, level, result in told:
        way.learned.hear(
            way.person_id,
            competency,
            level,
            kind=kind,
            source=source,
            at=at,
            share=result.score,
            mark=result.pass_mark,
            items=result.items,
            guess=result.guess,
            trust=result.trust,
        )


def _read(desk: Desk, way: _Way, enrolment_id: UUID, step: Reading) -> None:
    entry = next(each for each in way.course.outline.facts.lessons if each.slug == step.lesson)
    over = step.place == 0
    seconds = step.seconds(entry.minutes)
    after = domain.after_lesson(entry, LessonState.BEGUN, domain.finishing_step(entry, seconds))
    way.lessons[step.lesson] = after if over else LessonState.BEGUN
    way.seconds[step.lesson] = seconds
    way.last = (step.lesson, step.at)
    desk.rows.add(
        "lesson_progress",
        enrolment_id=enrolment_id,
        lesson=step.lesson,
        place=step.place,
        done_at=step.at if over else None,
        looked_through=over and after is LessonState.LOOKED_THROUGH,
        spent_seconds=seconds,
    )
    if over:
        _note_lesson(desk, way, step, after)
        way.look_whether_complete(step.at)


def _note_lesson(desk: Desk, way: _Way, step: Reading, state: LessonState) -> None:
    event = LessonLookedThrough if state is LessonState.LOOKED_THROUGH else LessonDone
    if state is LessonState.DONE:
        way.learned.days.add(step.at.date())
    me, course_id = way.person_id, way.course.outline.course_id
    desk.note(event(at=step.at, actor_id=me, person_id=me, course_id=course_id, lesson=step.lesson))


def _walk(desk: Desk, way: _Way, step: Walking) -> None:
    key = (step.name, step.moves)
    if key not in desk.walks:
        desk.walks[key] = cases.follow(way.course.cases[step.name], step.moves)
    path = desk.walks[key]
    outline, me, walk_id = way.course.outline, way.person_id, desk.new_id()
    ends_at = step.at + careers.CHOICE * len(step.moves)
    share, mark = cases.score(path), cases.pass_mark(path)
    errors: dict[str, Any] = {"misses": cases.misses(path), "false_alarms": cases.false_alarms(path)}
    desk.rows.add(
        "playthrough",
        id=walk_id,
        person_id=me,
        course_id=outline.course_id,
        version_id=outline.version_id,
        name=step.name,
        number=1,
        language=outline.facts.source_language,
        started_at=step.at,
        finished_at=ends_at,
        share=share,
        **errors,
    )
    who: dict[str, Any] = {"actor_id": me, "playthrough_id": walk_id, "person_id": me}
    desk.note(CaseStarted(at=step.at, course_id=outline.course_id, name=step.name, **who))
    for number, (move, taken) in enumerate(zip(step.moves, path.steps, strict=True), 1):
        at, node = step.at + careers.CHOICE * number, taken.node.id
        desk.rows.add("case_choice", playthrough_id=walk_id, step=number, node=node, move=move, chosen_at=at)
        desk.note(CaseChoiceMade(at=at, step=number, **who))
    result = {"share": share, "mark": mark} | errors
    desk.note(CaseFinished(at=ends_at, course_id=outline.course_id, name=step.name, **result, **who))
    way.finished.add(step.name)
    way.learned.days.add(ends_at.date())
    if items := cases.decisions(path):
        scored = Scored(share, mark, items, cases.guess(path), UNWATCHED)
        told = [(aim.id, aim.level, scored) for aim in outline.facts.competencies]
        _tell(way, EvidenceKind.SCENARIO, f"case:{walk_id}", told, ends_at)
    way.look_whether_complete(ends_at)


def _sit(desk: Desk, way: _Way, step: Sitting) -> None:
    outline, me = way.course.outline, way.person_id
    sheet = _sheet(desk, way.course, step)
    number = way.numbers[step.purpose] = way.numbers.get(step.purpose, 0) + 1
    row_id, public_id = desk.next_attempt, desk.new_id()
    desk.next_attempt += 1
    ended = step.ended_at is not None
    desk.rows.add(
        "attempt",
        id=row_id,
        public_id=public_id,
        person_id=me,
        course_id=outline.course_id,
        version_id=outline.version_id,
        purpose=step.purpose,
        number=number,
        language=outline.facts.source_language,
        seed=sheet.seed,
        paper=sheet.paper,
        pass_mark=rules.course_test(outline.facts).pass_mark,
        state=AttemptState.HANDED_IN if ended else AttemptState.OPEN,
        started_at=step.at,
        deadline_at=attempts.deadline(step.at, rules.minutes(outline.facts, step.purpose)),
        ended_at=step.ended_at,
        share=sheet.share if ended else None,
        passed=sheet.passed if ended else None,
    )
    who: dict[str, Any] = {
        "actor_id": me,
        "attempt": public_id,
        "person_id": me,
        "course_id": outline.course_id,
        "version_id": outline.version_id,
    }
    desk.note(AttemptStarted(at=step.at, purpose=step.purpose, number=number, **who))
    _answer(desk, row_id, sheet, step)
    if step.ended_at is None:
        desk.left_open.append((me, public_id))
        return
    result: dict[str, Any] = {"share": sheet.share, "passed": sheet.passed, "by": "person"}
    desk.note(AttemptEnded(at=step.ended_at, purpose=step.purpose, number=number, **result, **who))
    way.learned.days.add(step.ended_at.date())
    if step.purpose is Purpose.TEST:
        told = _scored(sheet, way.seen, step.ended_at, first=number == 1)
        _tell(way, EvidenceKind.QUIZ, f"test:{public_id}", told, step.ended_at)
    way.seen |= dict.fromkeys((mark[0] for mark in sheet.marks), step.ended_at)
    way.passed = way.passed or (step.purpose is Purpose.TEST and sheet.passed)
    way.look_whether_complete(step.ended_at)


def _answer(desk: Desk, row_id: int, sheet: Sheet, step: Sitting) -> None:
    given = sheet.given if step.ended_at is not None else test_answers.half(list(sheet.given))
    arrived_at = step.at + SAVED_AFTER
    for one, body in zip(given, sheet.bodies, strict=False):
        desk.rows.add(
            "answer_save",
            attempt_id=row_id,
            question=one.question,
            sequence=one.sequence,
            body=body,
            certainty=one.certainty,
            marked=one.marked,
            arrived_at=arrived_at,
        )
    if step.ended_at is None:
        return
    for number, (item, revision, competency, share) in enumerate(sheet.marks, 1):
        desk.rows.add(
            "question_mark",
            attempt_id=row_id,
            question=number,
            item=item,
            revision=revision,
            competency=competency,
            share=share,
        )


def _sheet(desk: Desk, course: Course, step: Sitting) -> Sheet:
    tenth = int(max(0.0, min(1.0, step.right)) * 10 + test_answers.ROUNDING)
    made = desk.sheets.setdefault((course.outline.code, step.purpose, tenth), [])
    if len(made) < SHEETS:
        made.append(_make_sheet(course.outline, step.purpose, tenth / 10, desk.random))
        return made[-1]
    return desk.random.choice(made)


def _make_sheet(outline: Outline, purpose: Purpose, right: float, random: Random) -> Sheet:
    facts = outline.facts
    bank = catalogue.bank(outline.version_id, facts.source_language)
    seed = random.getrandbits(63)
    paper = selection.draw(
        Bank(rules.askable(facts, (question.item for question in bank.values()))),
        rules.blueprint(facts, purpose),
        form=rules.FORMS[purpose],
        seed=seed,
        revisions={name: question.revision for name, question in bank.items()},
    )
    given = test_answers.sheet(paper, right, random)
    marks = attempts.marks_of(paper, {number: held.body for number, held in saves.merge(given).items()})
    result = attempts.result(paper, marks, rules.course_test(facts).pass_mark, rules.lessons_of(facts))
    return Sheet(
        seed=seed,
        paper=saves.written(selection.to_slips(paper)),
        given=tuple(given),
        bodies=tuple(saves.written(one.body) for one in given),
        marks=tuple(
            (question.item.id, question.revision, question.item.competency, mark.share)
            for question, mark in zip(paper.questions, marks, strict=True)
        ),
        share=result.share,
        passed=result.passed,
        asked=tuple(_asked(outline, paper, [mark.share for mark in marks])),
    )


def _asked(outline: Outline, paper: Paper, shares: Sequence[float]) -> Iterator[tuple[str, Level, tuple[Asked, ...]]]:
    for aim in outline.facts.competencies:
        asked = tuple(
            scoring.asked(question.item, share)
            for question, share in zip(paper.questions, shares, strict=True)
            if question.item.competency == aim.id
        )
        if asked:
            yield aim.id, aim.level, asked


def _scored(
    sheet: Sheet, seen: Mapping[str, datetime], at: datetime, *, first: bool
) -> Iterator[tuple[str, Level, Scored]]:
    lately = frozenset(item for item, shown_at in seen.items() if shown_at > at - UNSEEN)
    for competency, level, asked in sheet.asked:
        yield competency, level, scoring.scored(asked, lately, first=first)


def _json(facts: Mapping[str, object]) -> str:
    return msgspec.json.encode(facts, order="deterministic").decode()
