"""Views of the reviews of a course, and of its authors and reviewers."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access.guard import actor, requires
from app.access.policy import Action
from app.db.session import transaction
from app.identity.queries import people
from app.kernel import clock
from app.kernel.errors import DomainError
from app.studio.forms.review import MemberForm, RetirementForm
from app.studio.pages import course_review as pages
from app.studio.pages.course_review import PeopleForms
from app.studio.queries import workspaces
from app.studio.queries.workspaces import Workspace
from app.studio.service import courses, reviews
from app.studio.views._blueprint import bp
from app.web.pages import render


@bp.get("/teaching/courses/<slug:course>/review")
@requires(Action.READ_DRAFT, load=workspaces.workspace)
def show_course_review(workspace: Workspace, course: str) -> ResponseReturnValue:
    """Show the reviews of a course, its authors and reviewers."""
    return _page(workspace)


@bp.post("/teaching/courses/<slug:course>/retirement")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def propose_retirement(workspace: Workspace, course: str) -> ResponseReturnValue:
    """Ask a second person to retire the course."""
    form = RetirementForm(request.form)
    if not form.validate():
        return _page(workspace, PeopleForms(retirement=form)), 422
    now = clock.now()
    try:
        with transaction():
            review_id = reviews.propose_retirement(workspace.course_id, form.reason.data, by=current_user.id, now=now)
    except DomainError as error:
        return _page(workspace, PeopleForms(retirement=form, refusal=error.translated(_))), 422
    flash(_("Sent to review. A second person decides whether the course is retired."))
    return redirect(url_for("studio.show_review", review_id=review_id))


@bp.post("/teaching/courses/<slug:course>/reviewers")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def add_reviewer(workspace: Workspace, course: str) -> ResponseReturnValue:
    """Add a reviewer by alias."""
    form = MemberForm(request.form)
    person_id = _person(form)
    if person_id is None:
        return _page(workspace, PeopleForms(reviewer=form)), 422
    try:
        with transaction():
            courses.add_reviewer(workspace, person_id, clock.now())
    except DomainError as error:
        form.refuse(error.translated(_))
        return _page(workspace, PeopleForms(reviewer=form)), 422
    flash(_("Added. The course appears on their page “Teaching” when it is in review."))
    return _back(course)


@bp.post("/teaching/courses/<slug:course>/reviewers/<uuid:person_id>/removal")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def remove_reviewer(workspace: Workspace, course: str, person_id: UUID) -> ResponseReturnValue:
    """Remove a reviewer."""
    with transaction():
        courses.remove_reviewer(workspace, person_id, clock.now())
    flash(_("Removed. Their remarks stay."))
    return _back(course)


@bp.post("/teaching/courses/<slug:course>/authors")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def add_author(workspace: Workspace, course: str) -> ResponseReturnValue:
    """Add an author by alias."""
    form = MemberForm(request.form)
    person_id = _person(form)
    if person_id is None:
        return _page(workspace, PeopleForms(author=form)), 422
    try:
        with transaction():
            courses.add_author(workspace, person_id, clock.now())
    except DomainError as error:
        form.refuse(error.translated(_))
        return _page(workspace, PeopleForms(author=form)), 422
    flash(_("Added. They can write this course now."))
    return _back(course)


@bp.post("/teaching/courses/<slug:course>/authors/<uuid:person_id>/removal")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def remove_author(workspace: Workspace, course: str, person_id: UUID) -> ResponseReturnValue:
    """Remove an author; the last one remains."""
    try:
        with transaction():
            courses.remove_author(workspace, person_id, clock.now())
    except DomainError as error:
        return _page(workspace, PeopleForms(refusal=error.translated(_))), 422
    flash(_("Removed. What they wrote stays."))
    if person_id == current_user.id:
        return redirect("/teaching")  # the pages of the course may be closed to them now
    return _back(course)


def _person(form: MemberForm) -> UUID | None:
    """Return the person of a form, or None after an error was added to it."""
    if not form.validate():
        return None
    person_id = people.person_by_alias((form.alias.data or "").strip())
    if person_id is None:
        form.refuse(_("No account has this alias. Check it, with its number."))
    return person_id


def _page(workspace: Workspace, forms: PeopleForms | None = None) -> str:
    return render(pages.page(actor(), workspace, forms))


def _back(course: str) -> ResponseReturnValue:
    return redirect(url_for("studio.show_course_review", course=course))
