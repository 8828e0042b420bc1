"""Views of /teaching/review/<id>: read a reviewed draft, tick its checklist, decide, publish."""

from collections.abc import Callable
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access.guard import actor, requires
from app.access.policy import Action
from app.catalogue.domain.courses import ReviewPoint
from app.catalogue.domain.versions import VersionKind
from app.db.session import transaction
from app.kernel import clock
from app.kernel.errors import DomainError, InputError
from app.studio.forms.review import PointForm
from app.studio.pages import review as pages
from app.studio.pages.review import RefusedInput
from app.studio.pages.review_files import ReviewSelection
from app.studio.queries import reviews as queries, workspaces
from app.studio.queries.workspaces import WorkspaceReview
from app.studio.service import publishing, reviews
from app.studio.views._blueprint import bp
from app.studio.views._keys import rendered_review


@bp.get("/teaching/review/<uuid:review_id>")
@requires(Action.READ_DRAFT, load=workspaces.review)
def show_review(review: WorkspaceReview, review_id: UUID) -> ResponseReturnValue:
    """Show a review with one of its files."""
    paragraph = request.args.get("paragraph", type=int)
    answer = request.args.get("answer", type=UUID)
    selection = ReviewSelection(request.args.get("file", ""), paragraph, answer)
    return rendered_review(review.workspace, pages.page(actor(), review, selection))


@bp.post("/teaching/review/<uuid:review_id>/checklist")
@requires(Action.READ_DRAFT, load=workspaces.review)
def tick_point(_review: WorkspaceReview, review_id: UUID) -> ResponseReturnValue:
    """Mark a point of the checklist as fulfilled, or open it again."""
    form = PointForm(request.form)
    if not form.validate():
        raise InputError(_("Choose a point of the checklist."))
    with transaction():
        point = ReviewPoint(form.point.data)
        reviews.tick(review_id, point, is_done=form.is_done, by=current_user.id, now=clock.now())
    return redirect(url_for("studio.show_review", review_id=review_id, _anchor="checklist"))


@bp.post("/teaching/review/<uuid:review_id>/approval")
@requires(Action.READ_DRAFT, load=workspaces.review)
def approve_review(review: WorkspaceReview, review_id: UUID) -> ResponseReturnValue:
    """Approve the reviewed revision as its second person."""
    return _step(
        review,
        lambda: reviews.approve(review_id, by=current_user.id, now=clock.now()),
        _("Approved. It can be published now."),
    )


@bp.post("/teaching/review/<uuid:review_id>/changes")
@requires(Action.READ_DRAFT, load=workspaces.review)
def request_changes(review: WorkspaceReview, review_id: UUID) -> ResponseReturnValue:
    """Send the draft back to its authors."""
    return _step(
        review,
        lambda: reviews.request_changes(review_id, by=current_user.id, now=clock.now()),
        _("Sent back. The author gets a notice."),
    )


@bp.post("/teaching/review/<uuid:review_id>/withdrawal")
@requires(Action.WRITE_COURSE, load=workspaces.review)
def withdraw_review(review: WorkspaceReview, review_id: UUID) -> ResponseReturnValue:
    """End a review without a decision."""
    return _step(
        review,
        lambda: reviews.withdraw(review_id, now=clock.now()),
        _("Withdrawn. Send the draft to review again when it is ready."),
    )


@bp.post("/teaching/review/<uuid:review_id>/publication")
@requires(Action.READ_DRAFT, load=workspaces.review)
def publish_review(review: WorkspaceReview, review_id: UUID) -> ResponseReturnValue:
    """Publish the approved revision, or retire the course; a text is rendered before the transaction: it is slow."""
    if queries.review_line(review_id).kind is VersionKind.RETIREMENT:
        retired = _("Retired. Learners who have begun the course may finish it.")
        return _step(review, lambda: reviews.retire(review_id, clock.now()), retired)
    try:
        reviews.require_approval(queries.review_line(review_id))
        ready = publishing.render_review(review.workspace, queries.review_line(review_id))
    except DomainError as error:
        return _refused(review, error)
    return _step(
        review, lambda: reviews.publish(review_id, ready, clock.now()), _("Published. Learners see it from now on.")
    )


def _step(review: WorkspaceReview, step: Callable[[], object], message: str) -> ResponseReturnValue:
    """Take a step in a transaction; a refused step shows the page again with the reason."""
    try:
        with transaction():
            step()
    except DomainError as error:
        return _refused(review, error)
    flash(message)
    return redirect(url_for("studio.show_review", review_id=review.id))


def _refused(review: WorkspaceReview, error: DomainError) -> ResponseReturnValue:
    latest = workspaces.review(actor(), review.id)
    page = pages.page(actor(), latest, ReviewSelection(), RefusedInput(message=error.translated(_)))
    return rendered_review(latest.workspace, page), 409
