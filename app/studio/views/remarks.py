"""Views to write remarks on paragraphs of a reviewed draft, to answer and to resolve them."""

from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access.guard import actor, requires
from app.access.policy import Action
from app.db.session import transaction
from app.kernel import clock
from app.kernel.errors import InputError
from app.studio.forms.review import RemarkAnswerForm, RemarkForm, SwitchForm
from app.studio.pages import review as pages
from app.studio.pages.review import RefusedInput
from app.studio.pages.review_files import ReviewSelection
from app.studio.queries import reviews, workspaces
from app.studio.queries.workspaces import WorkspaceReview
from app.studio.service import remarks
from app.studio.views._blueprint import bp
from app.studio.views._keys import rendered_review


@bp.post("/teaching/review/<uuid:review_id>/remarks")
@requires(Action.READ_DRAFT, load=workspaces.review)
def write_remark(review: WorkspaceReview, review_id: UUID) -> ResponseReturnValue:
    """Write a remark on a paragraph of the reviewed revision."""
    form = RemarkForm(request.form)
    if not form.validate():
        selection = ReviewSelection(form.path.data or "", form.position.data)
        page = pages.page(actor(), review, selection, RefusedInput(form=form))
        return rendered_review(review.workspace, page), 422
    with transaction():
        remark_id = remarks.write_remark(
            review_id, form.path.data, form.position.data, form.body.data, by=current_user.id, now=clock.now()
        )
    return _back(review_id, form.path.data, remark_id)


@bp.post("/teaching/review/<uuid:review_id>/remarks/<uuid:remark_id>/answers")
@requires(Action.READ_DRAFT, load=workspaces.review)
def answer_remark(review: WorkspaceReview, review_id: UUID, remark_id: UUID) -> ResponseReturnValue:
    """Answer a remark."""
    form = RemarkAnswerForm(request.form)
    path = reviews.remark_path(review.workspace.course_id, remark_id)
    if not form.validate():
        selection = ReviewSelection(path, answer=remark_id)
        page = pages.page(actor(), review, selection, RefusedInput(answer_form=form))
        return rendered_review(review.workspace, page), 422
    with transaction():
        course_id = review.workspace.course_id
        remarks.answer_remark(course_id, remark_id, form.body.data, by=current_user.id, now=clock.now())
    return _back(review_id, path, remark_id)


@bp.post("/teaching/review/<uuid:review_id>/remarks/<uuid:remark_id>/state")
@requires(Action.READ_DRAFT, load=workspaces.review)
def resolve_remark(review: WorkspaceReview, review_id: UUID, remark_id: UUID) -> ResponseReturnValue:
    """Resolve a remark, or open it again."""
    form = SwitchForm(request.form)
    path = reviews.remark_path(review.workspace.course_id, remark_id)
    if not form.validate():
        raise InputError(_("Choose whether the remark is resolved."))
    with transaction():
        course_id = review.workspace.course_id
        remarks.resolve_remark(course_id, remark_id, is_resolved=form.is_done, by=current_user.id, now=clock.now())
    return _back(review_id, path, remark_id)


def _back(review_id: UUID, path: str, remark_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("studio.show_review", review_id=review_id, file=path, _anchor=f"remark-{remark_id}"))
