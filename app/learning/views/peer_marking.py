"""Open answers that colleagues mark: the writer's page beside a question of a lesson, and /courses/<course>/answers."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import NoResultFound

from app.access.guard import actor, requires
from app.access.policy import Action
from app.catalogue.domain.items import Open
from app.catalogue.queries import courses as catalogue
from app.catalogue.shapes import LessonText, Outline
from app.db.session import transaction
from app.kernel import clock
from app.kernel.errors import DomainError
from app.learning.forms import PeerMarkingForm
from app.learning.pages import lesson_questions
from app.learning.pages.peer_marking import OwnAnswer, answers_page, mark_answer_page, peers_page
from app.learning.queries import peer_marking as offers, progress
from app.learning.service import peer_comments
from app.learning.shapes import CourseStatus
from app.learning.views import lesson_steps
from app.learning.views._blueprint import bp
from app.quizzes import queries as quizzes
from app.quizzes.domain import answers, peer_marking
from app.quizzes.domain.answers import Essay, without_proof
from app.quizzes.queries import peer_marking as queries
from app.quizzes.queries.peer_marking import ReadAnswer
from app.quizzes.service import peer_marking as service
from app.quizzes.service.peer_marking import AskResult, NewRequest, NoReading
from app.quizzes.shapes import Practised
from app.web.pages import render

OF_ITEM = "/courses/<slug:course>/lessons/<slug:lesson>/checks/<item:item>/colleagues"
OF_COURSE = "/courses/<slug:course>/answers"


@bp.get(OF_ITEM)
@requires(Action.READ_COURSE, load=catalogue.visible)
def show_peers(current: Outline, course: str, lesson: str, item: str) -> ResponseReturnValue:
    """Show what colleagues marked in the user's answer, and the button that asks them."""
    return _peers(current, lesson, item)


@bp.post(OF_ITEM)
@requires(Action.READ_COURSE, load=catalogue.visible)
def ask_peers(current: Outline, course: str, lesson: str, item: str) -> ResponseReturnValue:
    """Ask two colleagues to mark the user's last answer."""
    status, text, practised = _own(current, lesson, item)
    _require_offer(status, current)
    question = catalogue.bank(status.outline.version_id, text.language)[item].item
    new = NewRequest(actor().id, current.course_id, status.outline.version_id, lesson, question, practised)
    with transaction():
        result = service.ask(new, clock.now())
    if result is AskResult.TOO_MANY:
        return _peers(current, lesson, item, is_refused=True), 429
    flash(_("Two colleagues are asked. Their points appear here."))
    return redirect(url_for("learning.show_peers", course=course, lesson=lesson, item=item))


@bp.post(f"{OF_ITEM}/withdrawal")
@requires(Action.READ_COURSE, load=catalogue.visible)
def withdraw_from_peers(current: Outline, course: str, lesson: str, item: str) -> ResponseReturnValue:
    """Withdraw the request, if no colleague has marked the answer."""
    with transaction():
        is_withdrawn = service.withdraw(actor().id, current.course_id, item, clock.now())
    message = _("Withdrawn. Your answer cannot be opened any more.")
    flash(message if is_withdrawn else _("A colleague has marked it already."))
    return redirect(url_for("learning.show_peers", course=course, lesson=lesson, item=item))


@bp.post(f"{OF_ITEM}/<uuid:marking_id>/report")
@requires(Action.READ_COURSE, load=catalogue.visible)
def report_comment(current: Outline, course: str, lesson: str, item: str, marking_id: UUID) -> ResponseReturnValue:
    """Report a comment of a colleague to the trainers of the course, and hide it."""
    status, text, _practised = _own(current, lesson, item)
    heading = _("Comment of a colleague on an answer to question %(item)s:", item=item)
    with transaction():
        is_sent = peer_comments.report_comment(actor().id, status.outline, text, item, marking_id, heading, clock.now())
    if not is_sent:
        return _peers(current, lesson, item, is_refused=True), 429
    flash(_("The trainers see the comment, without your name. It is hidden here."))
    return redirect(url_for("learning.show_peers", course=course, lesson=lesson, item=item))


@bp.get(OF_COURSE)
@requires(Action.READ_COURSE, load=catalogue.visible)
def show_answers(current: Outline, course: str) -> ResponseReturnValue:
    """Show how many answers of colleagues wait for a reader."""
    return _answers(_offering(current), current)


@bp.post(OF_COURSE)
@requires(Action.READ_COURSE, load=catalogue.visible)
def draw_answer(current: Outline, course: str) -> ResponseReturnValue:
    """Open an answer that the server chooses."""
    status = _offering(current)
    with transaction():
        drawn = service.draw(actor().id, current.course_id, clock.now())
    if drawn is NoReading.TOO_MANY:
        return _answers(status, current, is_refused=True), 429
    if drawn is NoReading.NONE_WAITS:
        flash(_("No answer waits any more."))
        return redirect(url_for("learning.show_answers", course=course))
    return redirect(url_for("learning.show_answer", course=course, marking_id=drawn))


@bp.get(f"{OF_COURSE}/<uuid:marking_id>")
@requires(Action.READ_COURSE, load=catalogue.visible)
def show_answer(current: Outline, course: str, marking_id: UUID) -> ResponseReturnValue:
    """Show an answer of a colleague that the user has drawn and not marked yet."""
    status = _offering(current)
    answer = queries.reading(actor().id, current.course_id, marking_id, clock.now())
    return render(mark_answer_page(status.outline, answer, _form(answer)))


@bp.post(f"{OF_COURSE}/<uuid:marking_id>")
@requires(Action.READ_COURSE, load=catalogue.visible)
def mark_answer(current: Outline, course: str, marking_id: UUID) -> ResponseReturnValue:
    """Save the marking of an answer; a repeated form changes nothing."""
    status = _offering(current)
    if not queries.is_marked(actor().id, marking_id):
        answer = queries.reading(actor().id, current.course_id, marking_id, clock.now())
        form = _form(answer, sent=True)
        if not form.validate():
            return render(mark_answer_page(status.outline, answer, form)), 422
        with transaction():
            service.mark(actor().id, current.course_id, marking_id, form.positions, form.comment.data, clock.now())
    flash(_("Thank you. The writer sees your points and your comment, not who you are."))
    return redirect(url_for("learning.show_answers", course=course))


def _own(current: Outline, lesson: str, item: str) -> tuple[CourseStatus, LessonText, Practised]:
    """Return the user's last answer to an open question of a lesson, or raise NoResultFound."""
    status = progress.lesson_status(actor().id, current)
    text = lesson_steps.lesson_text(status, lesson)
    bank = catalogue.bank(status.outline.version_id, text.language)
    is_open = item in lesson_questions.asked(text) and item in bank and isinstance(bank[item].item.answers, Open)
    practised = quizzes.latest_practice(actor().id, current.course_id, [item]).get(item)
    if not is_open or practised is None or not status.outline.facts.peer_marking:
        raise NoResultFound
    return status, text, practised


def _peers(current: Outline, lesson: str, item: str, *, is_refused: bool = False) -> str:
    status, text, practised = _own(current, lesson, item)
    essay = without_proof(
        answers.parse(catalogue.bank(status.outline.version_id, text.language)[item].item, practised.body)
    )
    last = queries.last_request(actor().id, current.course_id, item)
    is_offered, now = offers.is_offered(status, current), clock.now()
    may_ask = peer_marking.may_ask(last.facts if last else None, practised.answered_at, now)
    answer = OwnAnswer(
        item=item,
        text=essay.text if isinstance(essay, Essay) else "",
        request=last,
        may_ask=is_offered and may_ask,
        is_offered=is_offered,
    )
    return render(peers_page(status.outline, text, answer, now, is_refused=is_refused))


def _answers(status: CourseStatus, current: Outline, *, is_refused: bool = False) -> str:
    now = clock.now()
    has_open = queries.open_reading(actor().id, current.course_id, now) is not None
    waiting = offers.answers_waiting(actor().id, status, current, now)
    return render(answers_page(status.outline, waiting=waiting, has_open=has_open, is_refused=is_refused))


def _offering(current: Outline) -> CourseStatus:
    """Return the user's progress in a course that offers peer marking, or raise NoResultFound."""
    status = progress.lesson_status(actor().id, current)
    if not offers.is_offered(status, current):
        raise NoResultFound
    return status


def _require_offer(status: CourseStatus, current: Outline) -> None:
    if not offers.is_offered(status, current):
        raise DomainError("This course no longer sends answers to colleagues.")


def _form(answer: ReadAnswer, *, sent: bool = False) -> PeerMarkingForm:
    form = PeerMarkingForm(request.form if sent else None)
    form.earned.offer(
        (str(row), row) for row in peer_marking.positions(service.item_of(answer.version_id, answer.item))
    )
    return form
