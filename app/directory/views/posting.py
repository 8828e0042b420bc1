"""Views of `/people/<id>/service` for contact points: posting, departure, protection; consequences are shown first."""

from datetime import date
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.access.guard import actor, requires
from app.access.people_rules import is_another_person
from app.access.policy import Action
from app.db.session import transaction
from app.directory.forms import EndServiceForm, LeavingForm, MoveForm, ProtectionForm
from app.directory.pages import posting as pages
from app.directory.queries import officers
from app.directory.queries.officers import OfficerPostings
from app.directory.service import postings
from app.directory.service.postings import NewPosting
from app.directory.views._blueprint import bp
from app.i18n.languages import current
from app.identity.queries import people, person_details
from app.kernel import clock
from app.ports import ports
from app.sign_in.views import current_session, reauthentication
from app.web.errors import page
from app.web.pages import render


@bp.get("/people/<uuid:person_id>/service")
@requires(Action.CHANGE_SERVICE, load=officers.officer, applies_to=is_another_person)
def show_posting(officer: OfficerPostings, person_id: UUID) -> ResponseReturnValue:
    """Show past, current and planned postings of an officer, and the forms to change them."""
    return _page(officer, _move_form(officer, None), _leaving_form(None), 200)


@bp.get("/people/<uuid:person_id>/service/posting")
@requires(Action.CHANGE_SERVICE, load=officers.officer)
def confirm_move(officer: OfficerPostings, person_id: UUID) -> ResponseReturnValue:
    """Show the consequences of another agency, or of other roles."""
    if not request.args:  # nothing was chosen yet
        return _back(person_id)
    form = _move_form(officer, request.args)
    if not form.validate() or not _has_role(form):
        return _page(officer, form, _leaving_form(None), 422)
    return render(pages.move_page(officer, _posting(officer, form)))


@bp.post("/people/<uuid:person_id>/service/posting")
@requires(Action.CHANGE_SERVICE, load=officers.officer)
def change_posting(officer: OfficerPostings, person_id: UUID) -> ResponseReturnValue:
    """Change agency or roles of an officer."""
    form = _move_form(officer, request.form)
    if not form.validate() or not _has_role(form):
        return _page(officer, form, _leaving_form(None), 422)
    with transaction():
        moved = postings.change_posting(person_id, _posting(officer, form), today=clock.today())
    flash(_("The posting is changed.") if moved else _("Nothing changed: the officer already has this posting."))
    return _back(person_id)


@bp.get("/people/<uuid:person_id>/service/leaving")
@requires(Action.CHANGE_SERVICE, load=officers.officer_to_end)
def confirm_leaving(officer: OfficerPostings, person_id: UUID) -> ResponseReturnValue:
    """Show the consequences of leaving."""
    form = _leaving_form(request.args)
    if not form.validate():
        return _page(officer, _move_form(officer, None), form, 422)
    return _departure(officer, EndServiceForm(last_day=form.last_day.data))


@bp.post("/people/<uuid:person_id>/service/leaving")
@requires(Action.CHANGE_SERVICE, load=officers.officer_to_end)
def plan_departure(officer: OfficerPostings, person_id: UUID) -> ResponseReturnValue:
    """End the service of an officer, now or on a later day."""
    form = EndServiceForm(request.form)
    form.today = clock.today()
    if not form.validate():
        return _page(officer, _move_form(officer, None), form, 422)
    response = reauthentication.require_password(form, lambda: (_departure(officer, form), 422))
    if response is not None:
        return response
    with transaction():
        postings.plan_departure(person_id, form.last_day.data, today=clock.today())
    flash(_("The last day of service is saved."))
    return _back(person_id)


@bp.post("/people/<uuid:person_id>/service/leaving/withdrawal")
@requires(Action.CHANGE_SERVICE, of=officers.officer)
def cancel_departure(person_id: UUID) -> ResponseReturnValue:
    """Cancel the departure of an officer."""
    with transaction():
        postings.cancel_departure(person_id, today=clock.today())
    flash(_("The departure is cancelled."))
    return _back(person_id)


@bp.get("/people/<uuid:person_id>/service/protection")
@requires(Action.CHANGE_SERVICE, load=officers.officer)
def confirm_protection(officer: OfficerPostings, person_id: UUID) -> ResponseReturnValue:
    """Show the consequences of beginning or ending the protection of an officer."""
    return _protection(officer, ProtectionForm())


@bp.post("/people/<uuid:person_id>/service/protection")
@requires(Action.CHANGE_SERVICE, load=officers.officer)
def protect(officer: OfficerPostings, person_id: UUID) -> ResponseReturnValue:
    """Begin or end the protection of an officer; a form without either changes nothing.

    A deputy may begin it. Only the contact point may end it, with the password.
    """
    form = ProtectionForm(request.form)
    if not form.validate():
        return _protection(officer, form), 422
    protected = form.protected.data == "yes"
    if not protected:
        if not person_details.decides(actor(), clock.today()):
            return page(403)
        response = reauthentication.require_password(form, lambda: (_protection(officer, form), 422))
        if response is not None:
            return response
    titles = [title for _role, title in ports().posting_titles("en")]  # as in all suggested aliases
    with transaction():
        postings.protect(person_id, protected=protected, titles=titles, today=clock.today())
    flash(_("The officer is hidden.") if protected else _("The officer is shown again."))
    return _back(person_id)


def _move_form(officer: OfficerPostings, sent: MultiDict[str, str] | None) -> MoveForm:
    """Return the form of a posting as it was submitted, or with the posting of today."""
    today = clock.today()
    posting = officer.on(today)
    # a change uses only what was submitted, never the value of a field that was not
    values = {"agency": str(posting.agency_id), "roles": list(posting.roles), "since": today}
    form = MoveForm(sent, **({} if sent is request.form else values))
    form.today = today
    titles = list(ports().posting_titles(current())) if officer.is_practitioner else []
    # an officer may still have a role that the framework no longer contains
    former = [(role, role) for role in posting.roles if role not in dict(titles)]
    form.offer(people.agencies(officer.country), [*titles, *former])
    return form


def _leaving_form(sent: MultiDict[str, str] | None) -> LeavingForm:
    form = LeavingForm(sent, last_day=clock.today())
    form.today = clock.today()
    return form


def _has_role(form: MoveForm) -> bool:
    if form.roles.pairs and not form.roles.data:
        form.roles.errors = [_("Choose at least one.")]
        return False
    return True


def _posting(officer: OfficerPostings, form: MoveForm) -> NewPosting:
    """Return the posting of a valid form; roles keep their order, since the first role counts an officer in figures."""
    since: date = form.since.data
    chosen = list(form.roles.data or ())
    current_roles = [role for role in officer.on(since).roles if role in chosen]
    roles = (*current_roles, *(role for role in chosen if role not in current_roles))
    return NewPosting(UUID(form.agency.data), roles, since)


def _page(officer: OfficerPostings, move: MoveForm, leave: LeavingForm, status: int) -> ResponseReturnValue:
    with transaction():
        postings.record_view(officer.person_id, officer.country)
    return render(pages.posting_page(officer, move, leave)), status


def _departure(officer: OfficerPostings, form: EndServiceForm) -> str:
    recently_authenticated = current_session.recently_authenticated()
    return render(pages.departure_page(officer, form, recently_authenticated=recently_authenticated))


def _protection(officer: OfficerPostings, form: ProtectionForm) -> str:
    decides = not officer.protected or person_details.decides(actor(), clock.today())
    recently_authenticated = current_session.recently_authenticated()
    return render(pages.protection_page(officer, form, decides=decides, recently_authenticated=recently_authenticated))


def _back(person_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("directory.show_posting", person_id=person_id))
