"""Views to send a draft to review, and to bring it up to date with a newer published version."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext
from flask_login import current_user

from app.access.guard import actor, requires
from app.access.policy import Action
from app.db.session import transaction
from app.identity.queries import people
from app.kernel import clock
from app.kernel.errors import DomainError
from app.studio.domain.revisions import tree_digest
from app.studio.forms.review import SubmitForm
from app.studio.pages import submission
from app.studio.queries import checked, drafts, workspaces
from app.studio.queries.workspaces import Workspace
from app.studio.service import courses, reviews
from app.studio.service.reviews import DraftChangedError
from app.studio.views._blueprint import bp
from app.web.pages import render


@bp.get("/teaching/courses/<slug:course>/submit")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def submit_form(workspace: Workspace, course: str) -> ResponseReturnValue:
    """Show what changed, the problems of the checker, and the form to send the draft to review."""
    return render(submission.page(workspace, submission.new_form(workspace)))


@bp.post("/teaching/courses/<slug:course>/submit")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def submit_draft(workspace: Workspace, course: str) -> ResponseReturnValue:
    """Send the draft to review; errors of the checker prevent it."""
    form = SubmitForm(request.form)
    if not form.validate():
        return render(submission.page(workspace, form)), 422
    if _has_errors(workspace):
        return render(submission.page(workspace, form, _("The draft has errors. Correct them first."))), 422
    reviewer_id = _reviewer(form)
    if form.reviewer.data and reviewer_id is None:
        form.reviewer.errors = [_("No account has this alias. Check it, with its number.")]
        return render(submission.page(workspace, form)), 422
    try:
        review_id = _submit(workspace, form, reviewer_id)
    except DraftChangedError as error:
        return _changed(course, form, error.translated(_)), 422
    except DomainError as error:
        return render(submission.page(workspace, form, error.translated(_))), 422
    flash(_("Sent to review. Reviewers and other authors get a notice."))
    return redirect(url_for("studio.show_review", review_id=review_id))


def _has_errors(workspace: Workspace) -> bool:
    """Return whether the checker finds errors in the draft, or cannot read it."""
    checked_course = checked.checked(workspace)
    return checked_course.folder is None or bool(checked_course.errors)


def _changed(course: str, form: SubmitForm, message: str) -> str:
    """Return the page with what changed since the user opened it; its form is for the draft as it is now."""
    latest = workspaces.workspace(actor(), course)
    since = submission.lines_since(latest, form.revision.data, form.tree.data)
    form.revision.data, form.tree.data = latest.revision, tree_digest(drafts.tree(latest.course_id))
    return render(submission.page(latest, form, message, since))


def _reviewer(form: SubmitForm) -> UUID | None:
    """Return the reviewer whom the form names, None without a name or for an unknown one."""
    return people.person_by_alias(form.reviewer.data) if form.reviewer.data else None


def _submit(workspace: Workspace, form: SubmitForm, reviewer_id: UUID | None) -> UUID:
    """Send the draft to review, with the reviewer of the form if there is one; return the id of the review."""
    now = clock.now()
    with transaction():
        if reviewer_id is not None:
            courses.add_reviewer(workspace, reviewer_id, now)
        return reviews.submit(workspace.course_id, form.submission(), tree=form.tree.data, by=current_user.id, now=now)


@bp.post("/teaching/courses/<slug:course>/update")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def bring_up_to_date(workspace: Workspace, course: str) -> ResponseReturnValue:
    """Combine the draft with the published version; an open review is withdrawn."""
    with transaction():
        updated = reviews.bring_up_to_date(workspace.course_id, by=current_user.id, now=clock.now())
    if updated.conflicts:
        text = ngettext(
            "%(num)s file was changed on both sides: %(files)s. It is as in your draft. Compare it below.",
            "%(num)s files were changed on both sides: %(files)s. They are as in your draft. Compare them below.",
            len(updated.conflicts),
            files=", ".join(updated.conflicts),
        )
        flash(text, "warning")
        return redirect(url_for("studio.show_history", course=course, published="yes", path=updated.conflicts[0]))
    flash(_("Your draft now contains the published version. Send it to review when it is ready."))
    return redirect(url_for("studio.show_course_review", course=course))
