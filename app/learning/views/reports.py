"""Reports of mistakes at /courses/<course>/lessons/<lesson>/report."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guard import actor, requires
from app.access.policy import Action
from app.catalogue.queries import courses as catalogue
from app.catalogue.shapes import LessonText, Outline
from app.db.session import transaction
from app.kernel import clock
from app.learning.forms import MOST_PLACES, MistakeReportForm
from app.learning.pages.reports import report_page
from app.learning.queries import progress, reports as queries
from app.learning.service import reports
from app.learning.service.reports import NewReport
from app.learning.views import lesson_steps
from app.learning.views._blueprint import bp
from app.web.pages import render


@bp.get("/courses/<slug:course>/lessons/<slug:lesson>/report")
@requires(Action.READ_COURSE, load=catalogue.visible)
def show_report(current: Outline, course: str, lesson: str) -> ResponseReturnValue:
    """Show the form for a mistake in a lesson, and the user's reports with their answers."""
    outline, text = _lesson(current, lesson)
    at = request.args.get("at", 0, type=int)
    form = MistakeReportForm(at=at if 0 <= at <= MOST_PLACES else 0)
    return render(report_page(outline, text, form, queries.own(actor().id, outline.course_id, lesson)))


@bp.post("/courses/<slug:course>/lessons/<slug:lesson>/report")
@requires(Action.READ_COURSE, load=catalogue.visible)
def report_mistake(current: Outline, course: str, lesson: str) -> ResponseReturnValue:
    """Store a report of a mistake for the trainers of the course."""
    outline, text = _lesson(current, lesson)
    form = MistakeReportForm(request.form)
    if not form.validate():
        own = queries.own(actor().id, outline.course_id, lesson)
        return render(report_page(outline, text, form, own)), 422
    with transaction():
        new = NewReport(actor().id, form.at.data, form.text.data)
        is_stored = reports.report_mistake(new, outline, text, clock.now())
    if not is_stored:
        own = queries.own(actor().id, outline.course_id, lesson)
        return render(report_page(outline, text, form, own, is_refused=True)), 429
    flash(_("Thank you. The trainers of the course see your report, without your name."))
    anchor = f"h-{form.at.data}" if form.at.data else None
    return redirect(url_for("learning.lesson", course=course, lesson=lesson, _anchor=anchor))


def _lesson(current: Outline, lesson: str) -> tuple[Outline, LessonText]:
    """Return the version that the user reads, and the lesson in the user's language."""
    status = progress.lesson_status(actor().id, current)
    return status.outline, lesson_steps.lesson_text(status, lesson)
