"""Questions of learners at /teaching/courses/<course>/questions: answer privately, publish as checked help."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guard import actor, requires
from app.access.policy import Action
from app.db.session import transaction
from app.kernel import clock
from app.learning.queries import questions as queries
from app.learning.service import questions
from app.studio.forms.learner_posts import HelpEntryForm, LearnerAnswerForm
from app.studio.pages.header import header
from app.studio.pages.learner_questions import (
    GROUPS,
    SIZE,
    LearnerQuestionsPage,
    RejectedForm,
    group_links,
    question_boxes,
)
from app.studio.queries import checked, learner_questions, workspaces
from app.studio.queries.workspaces import Workspace
from app.studio.views._blueprint import bp
from app.studio.views.reports import published
from app.web.pages import render
from app.web.paging import requested_page


@bp.get("/teaching/courses/<slug:course>/questions")
@requires(Action.ANSWER_LEARNERS, load=workspaces.workspace)
def show_learner_questions(workspace: Workspace, course: str) -> ResponseReturnValue:
    """Show the questions of learners by state, the open ones first."""
    state = request.args.get("state", "")
    return _page(workspace, state if state in GROUPS else "open")


@bp.post("/teaching/courses/<slug:course>/questions/<uuid:question_id>/answer")
@requires(Action.ANSWER_LEARNERS, load=workspaces.workspace)
def answer_question(workspace: Workspace, course: str, question_id: UUID) -> ResponseReturnValue:
    """Answer a question privately; its author is notified."""
    form = LearnerAnswerForm(request.form)
    if not form.validate():
        return _page(workspace, "open", RejectedForm(question_id, answer=form)), 422
    with transaction():
        questions.answer_question(published(workspace), question_id, form.text.data, by=actor().id, now=clock.now())
    flash(_("The answer is sent."))
    return redirect(url_for("studio.show_learner_questions", course=course))


@bp.post("/teaching/courses/<slug:course>/questions/<uuid:question_id>/close")
@requires(Action.ANSWER_LEARNERS, load=workspaces.workspace)
def close_question(workspace: Workspace, course: str, question_id: UUID) -> ResponseReturnValue:
    """Close a question without an answer."""
    with transaction():
        questions.close_question(workspace.course_id, question_id, by=actor().id, now=clock.now())
    flash(_("The question is closed."))
    return redirect(url_for("studio.show_learner_questions", course=course))


@bp.post("/teaching/courses/<slug:course>/questions/<uuid:question_id>/help")
@requires(Action.ANSWER_LEARNERS, load=workspaces.workspace)
def propose_question(workspace: Workspace, course: str, question_id: UUID) -> ResponseReturnValue:
    """Propose a help entry from an answered question."""
    form = HelpEntryForm(request.form)
    if not form.validate():
        return _page(workspace, "answered", RejectedForm(question_id, help_entry=form)), 422
    with transaction():
        questions.propose_help(
            workspace.course_id, question_id, form.question.data, form.answer.data, by=actor().id, now=clock.now()
        )
    flash(_("The help entry is proposed. Another trainer of the course checks it."))
    return redirect(url_for("studio.show_learner_questions", course=course, state="proposed"))


@bp.post("/teaching/courses/<slug:course>/questions/<uuid:question_id>/publication")
@requires(Action.ANSWER_LEARNERS, load=workspaces.workspace)
def publish_question(workspace: Workspace, course: str, question_id: UUID) -> ResponseReturnValue:
    """Publish a help entry as the second trainer; if its texts changed meanwhile, show the new ones."""
    digest = request.form.get("digest", "")
    with transaction():
        is_published = questions.publish_help(workspace.course_id, question_id, digest, by=actor().id, now=clock.now())
    if not is_published:
        flash(_("The help entry changed since you opened this page. Check the new text."), "error")
        return _page(workspace, "proposed"), 409
    flash(_("The help entry is published for all readers of the course."))
    return redirect(url_for("studio.show_learner_questions", course=course, state="published"))


@bp.post("/teaching/courses/<slug:course>/questions/<uuid:question_id>/withdrawal")
@requires(Action.ANSWER_LEARNERS, load=workspaces.workspace)
def withdraw_question(workspace: Workspace, course: str, question_id: UUID) -> ResponseReturnValue:
    """Withdraw a proposed or published help entry."""
    with transaction():
        questions.withdraw_help(workspace.course_id, question_id, now=clock.now())
    flash(_("The help entry is withdrawn."))
    return redirect(url_for("studio.show_learner_questions", course=course, state="answered"))


def _page(workspace: Workspace, group: str, rejected: RejectedForm | None = None) -> str:
    counts, states = queries.counts(workspace.course_id), GROUPS[group]
    numbers = requested_page(sum(counts.get(state, 0) for state in states), SIZE)
    part = learner_questions.part(
        actor(), workspace.course_id, states, offset=numbers.offset, size=SIZE, today=clock.today()
    )
    return render(
        LearnerQuestionsPage(
            head=header(workspace, checked.checked(workspace).folder, "studio.show_learner_questions"),
            groups=group_links(workspace.slug, counts, group),
            boxes=question_boxes(published(workspace), part, actor().id, rejected) if part.lines else [],
            **numbers.links("studio.show_learner_questions", course=workspace.slug, state=group),
        )
    )
