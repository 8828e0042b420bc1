"""Views of courses and lessons at /courses, steps of scripts at /lessons/steps, and suggestions set aside."""

from uuid import UUID

from flask import Response, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import NoResultFound

from app.access.guard import actor, requires
from app.access.policy import Action
from app.catalogue.queries import courses as catalogue, versions
from app.catalogue.shapes import Outline
from app.db.session import transaction
from app.kernel import clock
from app.learning import labels
from app.learning.domain import LessonState, Visit
from app.learning.forms import CheckForm, PlaceForm, SentSteps
from app.learning.pages import (
    cards as cards_page,
    course_list,
    courses as course_pages,
    lesson_questions,
    lessons,
    pictures,
    prerequisites,
    removed_lesson,
)
from app.learning.queries import completion, peer_marking, progress, suggestions as learning_suggestions
from app.learning.queries.suggestions import SuggestionLine
from app.learning.service import lesson_progress, suggestions
from app.learning.views import lesson_steps
from app.learning.views._blueprint import bp
from app.quizzes.service import attempts as quizzes
from app.web import errors
from app.web.http.request_limits import read_json
from app.web.layout import wants_part
from app.web.pages import render


@bp.get("/courses")
@requires(Action.LEARN)
def courses() -> ResponseReturnValue:
    """Show all courses that the user may read."""
    visible = progress.visible_courses(actor())
    return render(course_list.course_list(visible))


@bp.get("/courses/<slug:course>")
@requires(Action.READ_COURSE, load=catalogue.visible)
def course(current: Outline, course: str) -> ResponseReturnValue:
    """Show a course and the user's progress in it."""
    status = progress.course_status(actor().id, current)
    waits = (
        None if status.enrolment else learning_suggestions.waiting(actor().id, current.course_id)
    )  # a begun course answers its suggestion
    needed = prerequisites.rows(actor(), status.outline)
    state = completion.course_states(actor().id, clock.today()).get(current.course_id)
    waiting = peer_marking.answers_waiting(actor().id, status, current, clock.now())
    page = course_pages.course(
        status, current, prerequisites=needed, suggestion=waits, assignment=state, answers_to_mark=waiting
    )
    return render(page)


@bp.post("/courses/<slug:course>/enrolment")
@requires(Action.READ_COURSE, load=catalogue.visible)
def begin(current: Outline, course: str) -> ResponseReturnValue:
    """Begin a course and open its first lesson."""
    with transaction():
        lesson_progress.begin(actor().id, current, clock.now())
    return redirect(labels.next_href(progress.course_status(actor().id, current)))


@bp.post("/courses/<slug:course>/version")
@requires(Action.READ_COURSE, load=catalogue.visible)
def take_version(current: Outline, course: str) -> ResponseReturnValue:
    """Continue with the newest version."""
    with transaction():
        lesson_progress.take_version(actor().id, current, clock.now())
    flash(_("You now read the newest version. Your finished lessons remain finished."))
    return redirect(url_for("learning.course", course=course))


@bp.get("/courses/<slug:course>/cards")
@requires(Action.READ_COURSE, load=catalogue.visible)
def cards(current: Outline, course: str) -> ResponseReturnValue:
    """Show the cards of a course for printing."""
    outline = progress.lesson_status(actor().id, current).outline
    return render(cards_page.page(outline))


@bp.get("/courses/<slug:course>/lessons/<slug:lesson>")
@requires(Action.READ_COURSE, load=catalogue.visible)
def lesson(current: Outline, course: str, lesson: str) -> ResponseReturnValue:
    """Show a lesson, or say that it is no longer part of the course."""
    try:
        return _part(current, lesson)
    except NoResultFound:
        outline = progress.lesson_status(actor().id, current).outline
        if lesson in outline.lessons or not versions.had_lesson(outline.course_id, lesson, before=outline.number):
            raise
        return render(removed_lesson.page(outline)), 404


@bp.post("/courses/<slug:course>/lessons/<slug:lesson>/done")
@requires(Action.READ_COURSE, load=catalogue.visible)
def done(current: Outline, course: str, lesson: str) -> ResponseReturnValue:
    """Finish a lesson and open the next one."""
    visit = _visit(current, lesson)
    with transaction():
        state = lesson_progress.finish_lesson(actor().id, current, lesson, clock.now(), visit)
    following = _following(current, lesson)
    if following and wants_part():
        return _part(current, following)
    if state is LessonState.LOOKED_THROUGH:
        flash(_("Skimmed: you spent less than a fifth of the lesson's time on it. You can read it again."))
    return redirect(lesson_steps.address(course, following))


@bp.post("/courses/<slug:course>/lessons/<slug:lesson>/skip")
@requires(Action.READ_COURSE, load=catalogue.visible)
def skip(current: Outline, course: str, lesson: str) -> ResponseReturnValue:
    """Skip a lesson that has a warning."""
    with transaction():
        lesson_progress.skip_lesson(actor().id, current, lesson, clock.now())
    flash(_("You skipped this lesson. You can read it later."))
    return redirect(lesson_steps.address(course, _following(current, lesson)))


@bp.post("/courses/<slug:course>/lessons/<slug:lesson>/place")
@requires(Action.READ_COURSE, load=catalogue.visible, audited=False, reason="a reading position may be lost")
def save_place(current: Outline, course: str, lesson: str) -> ResponseReturnValue:
    """Save the reading position in a lesson and leave it: the form "Stop here" without a script."""
    form = PlaceForm(request.form)
    if not form.validate():
        return errors.page(422)
    with transaction():
        lesson_progress.save_place(actor().id, current, lesson, element=form.element.data, now=clock.now())
    flash(_("Your place is saved. “Continue” leads back to it."))
    return redirect(url_for("learning.course", course=course))


@bp.post("/courses/<slug:course>/lessons/<slug:lesson>/checks/<item:item>")
@requires(Action.READ_COURSE, load=catalogue.visible, audited=False, reason="answers to checks are a record themselves")
def answer_check(current: Outline, course: str, lesson: str, item: str) -> ResponseReturnValue:
    """Save an answer to a practice question in a lesson, and show its feedback at once."""
    form = CheckForm(request.form)
    status = progress.lesson_status(actor().id, current)
    answer = lesson_questions.given(
        status, lesson_steps.lesson_text(status, lesson), item, request.form.to_dict(flat=False)
    )
    if not form.validate() or answer is None:
        return _lesson(current, lesson, unanswered=item), 422
    visit = _visit(current, lesson)
    with transaction():
        quizzes.count_saves(actor().id, 1, clock.real_now())
        lesson_progress.save_visit(actor().id, current, lesson, visit, clock.now())
        quizzes.practise(
            person_id=actor().id,
            course_id=status.outline.course_id,
            item=answer[0],
            answer=answer[1],
            press=form.press.data,
            now=clock.now(),
        )
    return redirect(url_for("learning.lesson", course=course, lesson=lesson, _anchor=f"check-{item}"))


@bp.post("/lessons/steps")
@requires(Action.LEARN)
def save_steps() -> ResponseReturnValue:
    """Save steps in lessons that a script sends, each counted once by its key."""
    sent = read_json(SentSteps).steps
    with transaction():
        quizzes.count_saves(actor().id, len(sent), clock.real_now())
    return {"results": lesson_steps.save(actor(), sent)}


@bp.post("/suggestions/<uuid:suggestion_id>/setting-aside")
@requires(Action.ANSWER_SUGGESTION, load=learning_suggestions.own)
def set_aside(suggestion: SuggestionLine, suggestion_id: UUID) -> ResponseReturnValue:
    """Set aside a suggested course."""
    with transaction():
        done = suggestions.set_aside(suggestion.id, clock.now())
    flash(_("Set aside. The author of the suggestion is informed.") if done else _("This was answered already."))
    return redirect(url_for("home.show_start"))


def _visit(current: Outline, lesson: str) -> Visit | None:
    """Return the visit by the form's reading token, or None without a valid token."""
    opening = lesson_steps.opening(actor().id, request.form.get("token", ""))
    return lesson_steps.visit(progress.lesson_status(actor().id, current), lesson, opening)


def _lesson(current: Outline, lesson: str, *, unanswered: str = "") -> str:
    status = progress.lesson_status(actor().id, current)
    text = lesson_steps.lesson_text(status, lesson)
    token = lesson_steps.reading_token(actor().id, status.outline.version_id, lesson)
    page = render(lessons.page(status, text, token=token, unanswered=unanswered))
    if not current_user.signed.data_saver:
        return page
    asked = request.args.get(pictures.ASKED) == "1"
    return pictures.with_anchors(page) if asked else pictures.as_links(page, status.outline.version_id)


def _following(current: Outline, lesson: str) -> str:
    """Return the next lesson in the course's order, or nothing after the last one."""
    return lesson_steps.following(progress.lesson_status(actor().id, current), lesson)


def _part(current: Outline, lesson: str) -> Response:
    """Return a lesson's page, or only its main part if the script asks for it."""
    answer = make_response(_lesson(current, lesson))
    if wants_part():
        answer.headers["X-Part"] = "main"
    return answer
