"""Questions of learners to the trainers of a course at /courses/<course>/questions, with published help entries."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guard import actor, requires
from app.access.policy import Action
from app.catalogue.queries import courses as catalogue
from app.catalogue.shapes import Outline
from app.db.session import transaction
from app.kernel import clock
from app.learning import labels
from app.learning.forms import QuestionForm
from app.learning.pages.questions import questions_page, subjects
from app.learning.queries import progress, questions as queries
from app.learning.service import questions
from app.learning.service.questions import NewQuestion
from app.learning.views import lesson_steps
from app.learning.views._blueprint import bp
from app.web.pages import render


@bp.get("/courses/<slug:course>/questions")
@requires(Action.READ_COURSE, load=catalogue.visible)
def show_questions(current: Outline, course: str) -> ResponseReturnValue:
    """Show help entries, the user's own questions, and the form for a new one."""
    outline = progress.lesson_status(actor().id, current).outline
    about = request.args.get("about", "")
    form = _form(current, about, QuestionForm(about=about if about.partition("/")[0] in outline.lessons else ""))
    return _page(outline, form)


@bp.post("/courses/<slug:course>/questions")
@requires(Action.READ_COURSE, load=catalogue.visible)
def ask(current: Outline, course: str) -> ResponseReturnValue:
    """Send a question to the trainers of the course."""
    outline = progress.lesson_status(actor().id, current).outline
    form = _form(current, request.form.get("about", ""), QuestionForm(request.form))
    if not form.validate():
        return _page(outline, form), 422
    lesson, _slash, item = form.about.data.partition("/")
    new = NewQuestion(actor().id, labels.shown(outline), form.text.data, lesson, item)
    with transaction():
        is_stored = questions.ask(new, outline, clock.now())
    if not is_stored:
        return _page(outline, form, is_refused=True), 429
    flash(_("Your question is sent. The answer appears here and in your notices."))
    return redirect(url_for("learning.show_questions", course=course))


def _form(current: Outline, about: str, form: QuestionForm) -> QuestionForm:
    """Set what a question may be about: with a lesson, also the practice questions in it."""
    status = progress.lesson_status(actor().id, current)
    lesson = about.partition("/")[0]
    text = lesson_steps.lesson_text(status, lesson) if lesson in status.outline.lessons else None
    form.about.offer(subjects(status.outline, labels.shown(status.outline), text))
    return form


def _page(outline: Outline, form: QuestionForm, *, is_refused: bool = False) -> str:
    lists = queries.own(actor().id, outline.course_id), queries.help_entries(outline.course_id)
    return render(questions_page(outline, labels.shown(outline), form, lists, is_refused=is_refused))
