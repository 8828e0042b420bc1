"""Views of attempts at /attempts: questions, list before handing in, result, and saves of answers by scripts."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from flask import Blueprint, abort, flash, jsonify, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.exc import NoResultFound

from app.access.guard import actor, requires
from app.access.policy import Action, Actor
from app.db.session import transaction
from app.kernel import clock
from app.kernel.errors import InputError
from app.ports import WatchedGate, ports
from app.quizzes import queries
from app.quizzes.domain import answers, attempts
from app.quizzes.domain.display_order import from_page, to_source
from app.quizzes.domain.saves import NumberTooHighError, Save
from app.quizzes.domain.selection import DrawnQuestion
from app.quizzes.forms import CHECK, AnswerForm, SentSaves, read_fields
from app.quizzes.pages import attempt as quizzes_attempt, result as ended
from app.quizzes.pages.refused import refused_page
from app.quizzes.service import attempts as quizzes_attempts
from app.quizzes.shapes import AttemptView
from app.sign_in.views.current_session import session_digest
from app.web.http import csrf
from app.web.http.request_limits import read_json
from app.web.pages import render
from app.web.request_state import request_state

SAVED_ANSWERS = "saved answers are a record themselves"
PATIENCE = timedelta(seconds=20)  # as in outbox.js: a device waits no longer for the response to a save
bp = Blueprint("quizzes", __name__, template_folder="templates")


@bp.before_request
def _note_arrival() -> None:
    """Record when the request began: a slow database must not make an answer late."""
    request_state().arrived_at = clock.now()


class WatchedRefusalError(Exception):
    """A watched attempt cannot be opened now."""

    def __init__(self, gate: WatchedGate) -> None:
        super().__init__(gate.message)
        self.gate = gate


@bp.errorhandler(WatchedRefusalError)
def _refuse(error: WatchedRefusalError) -> ResponseReturnValue:
    """Say why a watched attempt cannot be opened; one that has ended leads to the page of its sitting."""
    gate = error.gate
    if request.mimetype == "application/json" or request.endpoint == "quizzes.state":
        return make_response(jsonify(error=gate.message, code="refused", back=gate.back_url), 403)
    if not gate.message:
        return redirect(gate.back_url)
    return render(refused_page(gate)), 403


def visible(actor: Actor, attempt: UUID) -> AttemptView:
    """Return the actor's own attempt with its answers, as `queries.visible`; raises WatchedRefusalError."""
    return _opened(queries.visible(actor, attempt))


def own(actor: Actor, attempt: UUID) -> AttemptView:
    """Return the actor's attempt without answers, as `queries.own`; raises WatchedRefusalError."""
    return _opened(queries.own(actor, attempt))


def _opened(current: AttemptView) -> AttemptView:
    """Return an attempt; raise WatchedRefusalError for a watched one that this session may not open now."""
    if current.purpose is not attempts.Purpose.WATCHED:
        return current
    gate = ports().watched_attempt(current.id, session_digest())
    if not gate.allowed:
        raise WatchedRefusalError(gate)
    return replace(current, back_url=gate.back_url)


def _arrived_at() -> datetime:
    return request_state().arrived_at or clock.now()


@bp.get("/attempts/<uuid:attempt>/<small:n>")
@requires(Action.SIT_TEST, load=visible)
def question(current: AttemptView, attempt: UUID, n: int) -> ResponseReturnValue:
    """Show a question; the page contains all other questions, hidden."""
    if not current.is_open:
        return redirect(url_for("quizzes.result", attempt=attempt))
    if attempts.is_over(current.sitting, clock.now()):
        return redirect(url_for("quizzes.check", attempt=attempt))
    _on_paper(current, n)
    return render(quizzes_attempt.page(current, n, clock.now()))


@bp.post("/attempts/<uuid:attempt>/<small:n>")
@requires(Action.SIT_TEST, load=visible, audited=False, reason=SAVED_ANSWERS)
def save(current: AttemptView, attempt: UUID, n: int) -> ResponseReturnValue:
    """Save the answer of a form without script and redirect."""
    if current.is_reduced:
        return _too_late(attempt)
    drawn = _on_paper(current, n)
    form = AnswerForm(request.form)
    if not form.validate():
        abort(400)
    try:
        answer = from_page(drawn, request.form.to_dict(flat=False))
    except InputError as error:
        return _rejected(current, n, form, error), 422
    saved = _save_form(current, n, answer, form)
    if saved.ended or saved.late:
        return _too_late(attempt)
    return redirect(_after_save(current, n, form.step.data, is_answered=answer is not None))


def _save_form(current: AttemptView, n: int, answer: answers.Answer | None, form: AnswerForm) -> quizzes_attempts.Saved:
    with transaction():
        quizzes_attempts.count_saves(current.person_id, 1, clock.real_now())
        return quizzes_attempts.save_form(
            current.id,
            n,
            None if answer is None else answers.to_json(answer),
            certainty=form.sure(),
            marked=form.marked.data,
            arrived_at=_arrived_at(),
            now=clock.now(),
        )


@bp.post("/attempts/<uuid:attempt>/saves")
@requires(Action.SIT_TEST, load=own, audited=False, reason=SAVED_ANSWERS)
def save_many(current: AttemptView, attempt: UUID) -> ResponseReturnValue:
    """Save the answers that a script sends, and return which are stored."""
    sent = [_from_page(current, line.save()) for line in read_json(SentSaves).saves]
    try:
        with transaction():
            quizzes_attempts.count_saves(current.person_id, len(sent), clock.real_now())
            now = clock.now()
            # a delayed body does not extend the time: its request begins before it is read
            saved = quizzes_attempts.save(attempt, sent, arrived_at=max(_arrived_at(), now - PATIENCE), now=now)
    except NumberTooHighError as error:
        return {"error": error.translated(_), "code": "number-too-high", "highest": error.highest}, 409
    return {"kept": saved.stored, "late": saved.late, "ended": saved.ended, "seconds_left": saved.seconds_left}


@bp.get("/attempts/<uuid:attempt>/state")
@requires(Action.SIT_TEST, load=own)
def state(current: AttemptView, attempt: UUID) -> ResponseReturnValue:
    """Return a new CSRF token, the stored sequence numbers and the time left to a script."""
    now = clock.now()
    return {
        "csrf": csrf.token(),
        "sequences": queries.sequences(current.row_id),
        "seconds_left": attempts.seconds_left(current.sitting, now) if current.is_open else None,
        "ended": not current.is_open or attempts.is_over(current.sitting, now),
    }


@bp.get("/attempts/<uuid:attempt>/check")
@requires(Action.SIT_TEST, load=visible)
def check(current: AttemptView, attempt: UUID) -> ResponseReturnValue:
    """Show the answered, open and marked questions before handing in."""
    if not current.is_open:
        return redirect(url_for("quizzes.result", attempt=attempt))
    return render(quizzes_attempt.look_back(current, clock.now()))


@bp.post("/attempts/<uuid:attempt>/hand-in")
@requires(Action.SIT_TEST, load=own)
def submit(current: AttemptView, attempt: UUID) -> ResponseReturnValue:
    """End the attempt, on request or when the page's clock reaches the deadline."""
    with transaction():
        quizzes_attempts.hand_in(attempt, clock.now())
    return redirect(url_for("quizzes.result", attempt=attempt))


@bp.get("/attempts/<uuid:attempt>/result")
@requires(Action.SIT_TEST, load=visible)
def result(current: AttemptView, attempt: UUID) -> ResponseReturnValue:
    """Show the result by competency and question."""
    if current.is_open:
        return redirect(url_for("quizzes.check", attempt=attempt))
    return render(ended.page(current, clock.now(), actor()))


def _too_late(attempt: UUID) -> ResponseReturnValue:
    flash(_("Time is over. This answer came too late and does not count."), "warning")
    return redirect(url_for("quizzes.result", attempt=attempt))


def _rejected(attempt: AttemptView, n: int, form: AnswerForm, error: InputError) -> str:
    """Return the page of a question with the form input that was rejected."""
    shown = quizzes_attempt.page(attempt, n, clock.now(), error=_(str(error)))
    sent = request.form.to_dict(flat=False)
    with_input = quizzes_attempt.put_back(attempt, shown, sent, certainty=form.certainty.data, marked=form.marked.data)
    return render(with_input)


def _after_save(attempt: AttemptView, n: int, step: str | None, *, is_answered: bool) -> str:
    """Return the URL after a saved form: its explanation, the list of answers, or the next question."""
    stops = step == CHECK and attempt.purpose is attempts.Purpose.PRACTICE
    if is_answered and not stops and quizzes_attempts.locks_answers(attempt):
        return url_for("quizzes.question", attempt=attempt.id, n=n)
    if step == CHECK or n == len(attempt.slips):
        return url_for("quizzes.check", attempt=attempt.id)
    return url_for("quizzes.question", attempt=attempt.id, n=n + 1)


def _on_paper(attempt: AttemptView, number: int) -> DrawnQuestion:
    """Return the question with this number, or raise NoResultFound."""
    if not 1 <= number <= len(attempt.slips):
        raise NoResultFound
    return queries.questions_of_attempt(attempt).questions[number - 1]


def _from_page(attempt: AttemptView, sent: Save) -> Save:
    """Return a save with positions of the source; one of a question that does not exist is for the service to reject.

    The body is `{"fields": {name: values}}`, the filled fields of the question's form, or JSON as in `domain.answers`.
    """
    if sent.body is None or sent.question > len(attempt.slips):
        return sent
    asked = _on_paper(attempt, sent.question)
    answer = _sent_answer(asked, sent.body)
    return replace(sent, body=None if answer is None else answers.to_json(answer))


def _sent_answer(asked: DrawnQuestion, body: object) -> answers.Answer | None:
    if isinstance(body, dict) and "fields" in body:
        return from_page(asked, read_fields(body))
    return to_source(asked, answers.parse(asked.item, body))
