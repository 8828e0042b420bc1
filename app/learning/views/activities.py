"""Views at /courses/<course> that start tests, pretests, delayed questions (`quizzes`) and cases (`scenarios`)."""

from typing import assert_never

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import NoResultFound

from app.access.guard import actor, requires
from app.access.policy import Action
from app.catalogue.queries import courses as catalogue
from app.catalogue.shapes import Outline
from app.db.session import transaction
from app.kernel import clock
from app.learning import labels
from app.learning.pages import activities, courses
from app.learning.queries import progress
from app.learning.service import lesson_progress
from app.learning.shapes import CourseStatus
from app.learning.views._blueprint import bp
from app.quizzes.domain.attempts import AttemptAfter, NoAttemptsLeft, Purpose
from app.quizzes.service import attempts as quizzes_service
from app.scenarios import service as scenarios_service
from app.web.pages import render


@bp.get("/courses/<slug:course>/test", endpoint="test", defaults={"purpose": Purpose.TEST})
@bp.get("/courses/<slug:course>/pretest", endpoint="pretest", defaults={"purpose": Purpose.PRETEST})
@bp.get("/courses/<slug:course>/later", endpoint="later", defaults={"purpose": Purpose.RETENTION})
@requires(Action.READ_COURSE, load=catalogue.visible)
def show_test_start(current: Outline, course: str, purpose: Purpose) -> ResponseReturnValue:
    """Show the facts of the test, or of the questions before or some months after it."""
    status = progress.course_status(actor().id, current)
    _must_offer(status, purpose)
    extra_time = current_user.signed.extra_time
    return render(activities.before_test(actor().id, status.outline, purpose, clock.now(), extra_time=extra_time))


@bp.post("/courses/<slug:course>/test", endpoint="start_test", defaults={"purpose": Purpose.TEST})
@bp.post("/courses/<slug:course>/pretest", endpoint="start_pretest", defaults={"purpose": Purpose.PRETEST})
@bp.post("/courses/<slug:course>/later", endpoint="start_later", defaults={"purpose": Purpose.RETENTION})
@requires(Action.READ_COURSE, load=catalogue.visible)
def start_test(current: Outline, course: str, purpose: Purpose) -> ResponseReturnValue:
    """Begin an attempt at the test or the questions around it, or continue the open attempt."""
    status = progress.course_status(actor().id, current)
    _must_offer(status, purpose)
    outline = status.outline
    with transaction():
        lesson_progress.begin(actor().id, current, clock.now())
        answer = quizzes_service.start(
            person_id=actor().id,
            outline=outline,
            language=labels.shown(outline),
            purpose=purpose,
            extra_time=current_user.signed.extra_time,
            now=clock.now(),
        )
    match answer:
        case quizzes_service.Started(attempt) | quizzes_service.AttemptInProgress(attempt):
            return redirect(url_for("quizzes.question", attempt=attempt, n=1))
        case AttemptAfter() | NoAttemptsLeft():
            flash(_("A new attempt cannot begin now. See below when it can."), "warning")
            return redirect(url_for(f".{activities.VIEWS[purpose]}", course=current.slug))
        case _:
            assert_never(answer)


@bp.get("/courses/<slug:course>/cases/<slug:case>")
@requires(Action.READ_COURSE, load=catalogue.visible)
def case(current: Outline, course: str, case: str) -> ResponseReturnValue:
    """Show the scene of a case, before it begins."""
    status = progress.course_status(actor().id, current)
    return render(activities.case(status, case, _case_language(status, case)))


@bp.post("/courses/<slug:course>/cases/<slug:case>")
@requires(Action.READ_COURSE, load=catalogue.visible)
def start_case(current: Outline, course: str, case: str) -> ResponseReturnValue:
    """Begin a case, or continue the open one."""
    status = progress.course_status(actor().id, current)
    code = _case_language(status, case)
    with transaction():
        lesson_progress.begin(actor().id, current, clock.now())
        playthrough_id = scenarios_service.start(
            person_id=actor().id,
            course_id=status.outline.course_id,
            version_id=status.outline.version_id,
            name=case,
            language=code,
            now=clock.now(),
        )
    return redirect(url_for("scenarios.show", playthrough=playthrough_id))


def _case_language(status: CourseStatus, name: str) -> str:
    if name not in status.outline.cases:
        raise NoResultFound
    code = labels.shown(status.outline)
    return code if code in status.outline.cases[name] else status.outline.facts.source_language


def _must_offer(status: CourseStatus, purpose: Purpose) -> None:
    """Raise NoResultFound if the course has no such questions, or none for this person yet."""
    facts = status.outline.facts
    offered = {
        Purpose.TEST: True,
        Purpose.PRETEST: facts.pretest is not None,
        Purpose.RETENTION: courses.again(status) is not None,
    }
    if facts.test is None or not offered[purpose]:
        raise NoResultFound
