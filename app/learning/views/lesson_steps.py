"""Process the steps that a device sends to /lessons/steps: answers, "Done", position; each counts once."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from flask import current_app, render_template, url_for
from sqlalchemy.exc import NoResultFound

from app.access.policy import Actor
from app.catalogue.queries import courses as catalogue
from app.catalogue.shapes import LessonText, Outline
from app.db.session import transaction
from app.kernel import clock
from app.kernel.errors import InputError
from app.learning import domain, labels
from app.learning.domain import LessonState, Place, Visit
from app.learning.forms import MOST_PARTS, MOST_PLACES, SentStep
from app.learning.pages import lesson_questions
from app.learning.queries import progress
from app.learning.service import lesson_progress, reading_tokens, store
from app.learning.service.reading_tokens import Opening
from app.learning.shapes import CourseStatus
from app.quizzes.service import attempts as quizzes

Status = Literal["saved", "repeated", "refused"]
Reason = Literal["token", "lesson", "item", "unanswered", "part"]
PRESS_LONGEST = 32


@dataclass(frozen=True, slots=True)
class StepResult:
    """The result of a step; `reason` is set if it was refused."""

    key: str
    status: Status
    reason: Reason | None = None
    state: str | None = None
    html: str | None = None
    next: str | None = None


@dataclass(frozen=True, slots=True)
class _Lesson:
    """The lesson of a step: the current version of its course, and the progress of the person."""

    current: Outline
    status: CourseStatus
    slug: str


def save(actor: Actor, steps: tuple[SentStep, ...]) -> list[StepResult]:
    """Save the steps in the order of the device's clock, each independently; return the results in the order sent."""
    order = sorted(range(len(steps)), key=lambda index: steps[index].done_at)
    results = {index: _save(actor, steps[index]) for index in order}
    return [results[index] for index in range(len(steps))]


def opening(person_id: UUID, token: str) -> Opening | None:
    """Return the opening in a reading token of this person, or None if the token is invalid."""
    return reading_tokens.read(_keys(), person_id, token)


def reading_token(person_id: UUID, version_id: UUID, lesson: str) -> str:
    """Return the token of a lesson's page that is opened now."""
    return reading_tokens.sign(_keys(), person_id, Opening(version_id, lesson, clock.now()))


def visit(status: CourseStatus, lesson: str, opened: Opening | None, seconds: int | None = None) -> Visit | None:
    """Return the visit of a lesson by its token, or None if the token is invalid or of another lesson."""
    entry = next((entry for entry in status.asks.lessons if entry.slug == lesson), None)
    if opened is None or entry is None or opened.lesson != lesson:
        return None
    if catalogue.outline(opened.version_id).course_id != status.outline.course_id:
        return None
    return domain.visit(opened.opened_at, clock.now(), entry.minutes, seconds)


def following(status: CourseStatus, lesson: str) -> str:
    """Return the slug of the next lesson of the course, or an empty text after the last lesson."""
    slugs = [entry.slug for entry in status.asks.lessons]
    index = slugs.index(lesson) + 1
    return slugs[index] if index < len(slugs) else ""


def address(course: str, lesson: str) -> str:
    """Return the URL of a lesson, or of the course if `lesson` is empty."""
    if not lesson:
        return url_for("learning.course", course=course)
    return url_for("learning.lesson", course=course, lesson=lesson)


def lesson_text(status: CourseStatus, lesson: str) -> LessonText:
    """Return the lesson in the user's language. Raises NoResultFound if there is none."""
    if lesson not in status.outline.lessons:
        raise NoResultFound
    return catalogue.lesson(status.outline.version_id, lesson, labels.shown_lesson(status.outline, lesson))


def _save(actor: Actor, step: SentStep) -> StepResult:
    opened = opening(actor.id, step.token)
    if opened is None:
        return StepResult(step.key, "refused", "token")
    try:
        target = _lesson(actor, opened)
        read = visit(target.status, target.slug, opened, step.spent)
        return _KINDS[step.kind](actor.id, target, step, read)
    except NoResultFound:
        return StepResult(step.key, "refused", "lesson")


def _lesson(actor: Actor, opened: Opening) -> _Lesson:
    current = catalogue.visible(actor, catalogue.outline(opened.version_id).slug)
    status = progress.lesson_status(actor.id, current)
    if opened.lesson not in status.outline.lessons:
        raise NoResultFound
    return _Lesson(current, status, opened.lesson)


def _done(person_id: UUID, target: _Lesson, step: SentStep, read: Visit | None) -> StepResult:
    with transaction():
        counted = store.count_step(person_id, step.key, clock.now())
        if counted:
            lesson_progress.finish_lesson(person_id, target.current, target.slug, clock.now(), read)
    reading = progress.lesson_status(person_id, target.current)
    state = reading.standing.lessons.get(target.slug, LessonState.NOT_BEGUN)
    following_href = address(target.current.slug, following(reading, target.slug))
    step_status: Status = "saved" if counted else "repeated"
    return StepResult(step.key, step_status, state=str(state) if state in domain.OVER else None, next=following_href)


def _part(person_id: UUID, target: _Lesson, step: SentStep, read: Visit | None) -> StepResult:
    part, parts = step.number("part", MOST_PARTS), step.number("parts", MOST_PARTS)
    if not part:
        return StepResult(step.key, "refused", "part")
    position = Place(part, max(part, parts) if parts else 0, step.number("place", MOST_PLACES))
    now = clock.now()
    with transaction():
        counted = store.count_step(person_id, step.key, now)
        if counted:
            lesson_progress.save_part(person_id, target.current, target.slug, position, now, read)
    return StepResult(step.key, "saved" if counted else "repeated")


def _check(person_id: UUID, target: _Lesson, step: SentStep, read: Visit | None) -> StepResult:
    fields = step.form()
    item = next(iter(fields.get("item", [])), "")
    text = lesson_text(target.status, target.slug)
    try:
        answer = lesson_questions.given(target.status, text, item, fields)
    except (NoResultFound, InputError):
        return StepResult(step.key, "refused", "item")
    if answer is None:
        return StepResult(step.key, "refused", "unanswered")
    now = clock.now()
    with transaction():
        counted = store.count_step(person_id, step.key, now)
        if counted:
            lesson_progress.save_visit(person_id, target.current, target.slug, read, now)
            quizzes.practise(
                person_id=person_id,
                course_id=target.current.course_id,
                item=answer[0],
                answer=answer[1],
                press=step.key[-PRESS_LONGEST:],
                now=now,
            )
    html = render_template(
        "learning/feedback.html", item=item, feedback=lesson_questions.latest_feedback(target.status, text, item)
    )
    return StepResult(step.key, "saved" if counted else "repeated", html=html)


def _keys() -> list[str]:
    """Return the application's keys, the newest last."""
    return [*reversed(current_app.config["SECRET_KEY_FALLBACKS"]), current_app.config["SECRET_KEY"]]


_KINDS = {"done": _done, "part": _part, "check": _check}
