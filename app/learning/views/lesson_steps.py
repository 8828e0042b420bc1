"""Steps in a lesson that a device sends: checked answers, "Done" and the part on the screen, each counted once."""

from dataclasses import asdict, dataclass
from typing import Any, Literal
from uuid import UUID

from flask import current_app, render_template, url_for
from sqlalchemy.exc import NoResultFound

from app.access.policy import Actor
from app.catalogue.queries import courses as catalogue
from app.catalogue.shapes import LessonText, Outline
from app.db.session import transaction
from app.kernel import clock
from app.kernel.errors import InputError
from app.learning import domain, labels, store
from app.learning.domain import LessonState, Place, Visit
from app.learning.forms import MOST_PARTS, MOST_PLACES, SentStep
from app.learning.pages import lesson_questions
from app.learning.queries import progress
from app.learning.service import lesson_progress, reading_tokens
from app.learning.service.reading_tokens import Opening
from app.learning.shapes import CourseStanding
from app.quizzes.service import attempts as quizzes

Status = Literal["saved", "repeated", "refused"]
Reason = Literal["token", "lesson", "item", "unanswered", "part"]
PRESS_LONGEST = 32


@dataclass(frozen=True, slots=True)
class StepResult:
    """What became of a step; `reason` says in one word why it was refused."""

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
    stands: CourseStanding
    slug: str


def save(actor: Actor, steps: tuple[SentStep, ...]) -> list[dict[str, Any]]:
    """Save steps in the order of the device's clock, each by itself, and return the results in the order sent."""
    order = sorted(range(len(steps)), key=lambda place: steps[place].done_at)
    results = {place: asdict(_save(actor, steps[place])) for place in order}
    return [results[place] for place in range(len(steps))]


def opening(person_id: UUID, token: str) -> Opening | None:
    """Return what a reading token of this person says, None when it is not valid."""
    return reading_tokens.read(_keys(), person_id, token)


def reading_token(person_id: UUID, version_id: UUID, lesson: str) -> str:
    """Return the token of a lesson's page that is opened now."""
    return reading_tokens.sign(_keys(), person_id, Opening(version_id, lesson, clock.now()))


def visit(stands: CourseStanding, lesson: str, found: Opening | None, seconds: int | None = None) -> Visit | None:
    """Return the visit of a lesson by its token, None when the token is of another lesson or not valid."""
    entry = next((each for each in stands.asks.lessons if each.slug == lesson), None)
    if found is None or entry is None or found.lesson != lesson:
        return None
    if catalogue.outline(found.version_id).course_id != stands.outline.course_id:
        return None
    return domain.visit(found.opened_at, clock.now(), entry.minutes, seconds)


def following(stands: CourseStanding, lesson: str) -> str:
    """Return the next lesson in the course's order, or nothing after the last one."""
    slugs = [entry.slug for entry in stands.asks.lessons]
    place = slugs.index(lesson) + 1
    return slugs[place] if place < len(slugs) else ""


def address(course: str, lesson: str) -> str:
    """Return the address of a lesson, of the course where there is none."""
    if not lesson:
        return url_for("learning.course", course=course)
    return url_for("learning.lesson", course=course, lesson=lesson)


def lesson_text(stands: CourseStanding, lesson: str) -> LessonText:
    """Return the lesson in the reader's language, or raise NoResultFound."""
    if lesson not in stands.outline.lessons:
        raise NoResultFound
    return catalogue.lesson(stands.outline.version_id, lesson, labels.shown_lesson(stands.outline, lesson))


def _save(actor: Actor, step: SentStep) -> StepResult:
    found = opening(actor.id, step.token)
    if found is None:
        return StepResult(step.key, "refused", "token")
    try:
        place = _lesson(actor, found)
        read = visit(place.stands, place.slug, found, step.spent)
        return _KINDS[step.kind](actor.id, place, step, read)
    except NoResultFound:
        return StepResult(step.key, "refused", "lesson")


def _lesson(actor: Actor, found: Opening) -> _Lesson:
    current = catalogue.visible(actor, catalogue.outline(found.version_id).slug)
    stands = progress.reading(actor.id, current)
    if found.lesson not in stands.outline.lessons:
        raise NoResultFound
    return _Lesson(current, stands, found.lesson)


def _done(person_id: UUID, place: _Lesson, step: SentStep, read: Visit | None) -> StepResult:
    with transaction():
        counted = store.count_step(person_id, step.key, clock.now())
        if counted:
            lesson_progress.finish_lesson(person_id, place.current, place.slug, clock.now(), read)
    stands = progress.reading(person_id, place.current)
    state = stands.standing.lessons.get(place.slug, LessonState.NOT_BEGUN)
    following_href = address(place.current.slug, following(stands, place.slug))
    status: Status = "saved" if counted else "repeated"
    return StepResult(step.key, status, state=str(state) if state in domain.OVER else None, next=following_href)


def _part(person_id: UUID, place: _Lesson, step: SentStep, read: Visit | None) -> StepResult:
    part, parts = step.number("part", MOST_PARTS), step.number("parts", MOST_PARTS)
    if not part:
        return StepResult(step.key, "refused", "part")
    here = Place(part, max(part, parts) if parts else 0, step.number("place", MOST_PLACES))
    now = clock.now()
    with transaction():
        counted = store.count_step(person_id, step.key, now)
        if counted:
            lesson_progress.save_part(person_id, place.current, place.slug, here, now, read)
    return StepResult(step.key, "saved" if counted else "repeated")


def _check(person_id: UUID, place: _Lesson, step: SentStep, read: Visit | None) -> StepResult:
    fields = step.form()
    item = next(iter(fields.get("item", [])), "")
    text = lesson_text(place.stands, place.slug)
    try:
        answer = lesson_questions.given(place.stands, text, item, fields)
    except (NoResultFound, InputError):
        return StepResult(step.key, "refused", "item")
    if answer is None:
        return StepResult(step.key, "refused", "unanswered")
    now = clock.now()
    with transaction():
        counted = store.count_step(person_id, step.key, now)
        if counted:
            lesson_progress.save_visit(person_id, place.current, place.slug, read, now)
            quizzes.practise(
                person_id=person_id,
                course_id=place.current.course_id,
                item=answer[0],
                answer=answer[1],
                press=step.key[-PRESS_LONGEST:],
                now=now,
            )
    html = render_template(
        "learning/feedback.html", item=item, result=lesson_questions.latest_feedback(place.stands, text, item)
    )
    return StepResult(step.key, "saved" if counted else "repeated", html=html)


def _keys() -> list[str]:
    """Return the application's keys, the newest last."""
    return [*reversed(current_app.config["SECRET_KEY_FALLBACKS"]), current_app.config["SECRET_KEY"]]


_KINDS = {"done": _done, "part": _part, "check": _check}
