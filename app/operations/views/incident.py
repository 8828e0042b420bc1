"""`/operations/incident`, for administrators: begin, end, and a report of views and changes of an account."""

from collections.abc import Sequence
from uuid import UUID

from flask import Response, current_app, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, gettext as _, ngettext
from flask_login import current_user

from app.access.guard import actor, requires
from app.access.policy import Action
from app.db.session import transaction
from app.identity.queries import people as accounts
from app.kernel import clock
from app.operations import queries
from app.operations.forms.audit_log import begin_of
from app.operations.forms.incident import IncidentForm, ProofForm, ReportForm
from app.operations.pages import audit_log, incident as pages
from app.operations.service import administrator_actions
from app.operations.views._blueprint import bp
from app.sign_in.domain import IncidentReason
from app.sign_in.service import incident, second_factor, sessions
from app.sign_in.views import current_session as door, reauthentication
from app.web.pages import render
from app.web.table_files import send_csv


@bp.get("/operations/incident")
@requires(Action.RUN_INCIDENT)
def show_incident() -> ResponseReturnValue:
    """Show the current incident, or the form to begin one."""
    return _page()


@bp.post("/operations/incident/begin")
@requires(Action.RUN_INCIDENT)
def begin_incident() -> ResponseReturnValue:
    """Begin an incident: end all sessions and open a new one for this browser."""
    form = IncidentForm(request.form)
    people = _people(form) if form.validate() else None
    if people is None:
        return _page(form=form, status=422)
    if (refusal := _refused(form)) is not None:
        return refusal
    signed, now = current_user.signed, clock.real_now()
    fully = door.recently_fully_authenticated()
    with transaction():
        incident.lock_incident(now)
        if not second_factor.lock_open_session(door.open_session(), now):  # an ended session is not replaced
            return door.session_ended()
        named = None if form.whose.data == "everybody" else people
        ended = incident.begin(IncidentReason(form.reason.data), named, now)
        secret = sessions.open_session(
            signed.person_id, shared=signed.shared_computer, real_now=now, browser=door.browser_info(), fully=fully
        )
    door.store_session(secret, signed.person_id, shared=signed.shared_computer)
    flash(
        ngettext(
            "The incident has begun: %(num)s session ended.", "The incident has begun: %(num)s sessions ended.", ended
        ),
        "warning",
    )
    return redirect(url_for("operations.show_incident"))


@bp.post("/operations/incident/end")
@requires(Action.RUN_INCIDENT)
def end_incident() -> ResponseReturnValue:
    """End the incident: enable exports again."""
    form = ProofForm(request.form)
    if not form.validate():
        return _page(form=form, status=422)
    if (refusal := _refused(form)) is not None:
        return refusal
    with transaction():
        done = incident.end(clock.real_now())
    flash(_("The incident is over.") if done else _("There is no security incident."))
    return redirect(url_for("operations.show_incident"))


@bp.post("/operations/incident/report")
@requires(Action.RUN_INCIDENT)
def incident_report() -> ResponseReturnValue:
    """Send the views and changes of an account since a day as a file; record the report before it is read.

    The report needs an active incident, and the password if the user has not entered it recently.
    """
    if not _is_active():
        return _page(status=409)
    form = ReportForm(request.form)
    is_valid = form.validate()
    person_id = queries.find_person_id((form.alias.data or "").strip()) if is_valid else None
    if person_id is None:
        if is_valid:
            form.alias.errors = [_("No account has this alias or id.")]
        return _page(report=form, status=422)
    if (refusal := _refused_report(form)) is not None:
        return refusal
    since = begin_of(form.since.data)
    with transaction():
        administrator_actions.record_report(person_id, since)
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    return send_csv("report", audit_log.HEADS, audit_log.report(app, str(get_locale()), actor(), person_id, since))


def _people(form: IncidentForm) -> Sequence[UUID] | None:
    """Return the named people; None, with an error in the form, if an alias is unknown."""
    if form.whose.data == "everybody":
        return []
    named = form.named()
    people = accounts.people_by_alias(named)
    unknown = [alias for alias in named if alias not in people]
    if unknown:
        form.aliases.errors = [_("No account has the alias %(alias)s.", alias=unknown[0])]
        return None
    return list(people.values())


def _refused(form: ProofForm) -> ResponseReturnValue | None:
    return reauthentication.check_password(form.password, lambda: _page(form=form, status=422))


def _refused_report(form: ReportForm) -> ResponseReturnValue | None:
    """Return the response for a missing or wrong password, or None if the user is recently authenticated."""
    if door.recently_authenticated():
        return None
    if not form.proof.data:
        form.proof.errors = [_("Enter your password.")]
        return _page(report=form, status=422)
    return reauthentication.check_password(form.proof, lambda: _page(report=form, status=422))


def _is_active() -> bool:
    last = incident.last_incident()
    return last is not None and last.lasts


def _page(*, form: ProofForm | None = None, report: ReportForm | None = None, status: int = 200) -> Response:
    page = pages.page(form, report, is_reauthenticated=door.recently_authenticated())
    return make_response(render(page), status)
