"""The incident switch for administrators: begin, end, and a report of what an account saw and did."""

from collections.abc import Sequence
from uuid import UUID

from flask import Response, current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from flask_login import current_user

from app.access.guard import actor, requires
from app.access.policy import Action
from app.db.session import transaction
from app.identity.queries import people as accounts
from app.kernel import clock
from app.operations import queries
from app.operations.forms.audit_log import begin_of
from app.operations.forms.incident import IncidentForm, ProofForm, ReportForm
from app.operations.pages import audit_log as pages
from app.operations.service import job_runs as operations
from app.operations.views._blueprint import bp
from app.sign_in.domain import IncidentReason
from app.sign_in.service import incident, second_factor, sessions
from app.sign_in.web import current_session as door
from app.sign_in.web import reauthentication
from app.web.table_files import send_csv


@bp.get("/operations/incident")
@requires(Action.RUN_INCIDENT)
def show_incident() -> ResponseReturnValue:
    """Show whether an incident lasts, and what beginning or ending one does."""
    return _page()


@bp.post("/operations/incident/begin")
@requires(Action.RUN_INCIDENT)
def begin_incident() -> ResponseReturnValue:
    """Shut everything: this browser alone goes on, under a new secret."""
    form = IncidentForm(request.form)
    people = _people(form) if form.validate() else None
    if people is None:
        return _page(form=form, status=422)
    if (refused := _refused(form)) is not None:
        return refused
    signed, now = current_user.signed, clock.real_now()
    fully = door.recently_fully_authenticated()
    with transaction():
        incident.lock_incident(now)
        if not second_factor.lock_open_session(
            door.open_session(), now
        ):  # what ended it meanwhile is not undone by a new one
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
    """Let files be taken along again."""
    form = ProofForm(request.form)
    if not form.validate():
        return _page(form=form, status=422)
    if (refused := _refused(form)) is not None:
        return refused
    with transaction():
        done = incident.end(clock.real_now())
    flash(_("The incident is over.") if done else _("There is no security incident."))
    return redirect(url_for("operations.show_incident"))


@bp.post("/operations/incident/report")
@requires(Action.RUN_INCIDENT)
def incident_report() -> ResponseReturnValue:
    """Send what an account saw and did since a day: ids and kinds, from the trail; noted before it is read.

    It is for an incident that lasts, and takes the password of whoever did not give it lately.
    """
    if not _lasts():
        return _page(status=409)
    form = ReportForm(request.form)
    right = form.validate()
    person_id = queries.whose((form.alias.data or "").strip()) if right else None
    if person_id is None:
        if right:
            form.alias.errors = [_("Nobody has this alias or id.")]
        return _page(reporting=form, status=422)
    if (refused := _unproved(form)) is not None:
        return refused
    since = begin_of(form.since.data)
    with transaction():
        operations.record_report(person_id, since)
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    return send_csv("report", pages.HEADS, pages.report(app, str(get_locale()), actor(), person_id, since))


def _people(form: IncidentForm) -> Sequence[UUID] | None:
    """Return who is named; None, with what is wrong in the form, when one of them is nobody."""
    if form.whose.data == "everybody":
        return []
    named = form.named()
    found = accounts.people_by_alias(named)
    unknown = [alias for alias in named if alias not in found]
    if unknown:
        form.aliases.errors = [_("Nobody has the alias %(alias)s.", alias=unknown[0])]
        return None
    return list(found.values())


def _refused(form: ProofForm) -> ResponseReturnValue | None:
    return reauthentication.check_password(form.password, lambda: _page(form=form, status=422))


def _unproved(form: ReportForm) -> ResponseReturnValue | None:
    """Return the answer to whoever did not give the password lately and does not give it right now."""
    if door.recently_authenticated():
        return None
    if not form.proof.data:
        form.proof.errors = [_("Enter your password.")]
        return _page(reporting=form, status=422)
    return reauthentication.check_password(form.proof, lambda: _page(reporting=form, status=422))


def _lasts() -> bool:
    last = incident.last_incident()
    return last is not None and last.lasts


def _page(*, form: ProofForm | None = None, reporting: ReportForm | None = None, status: int = 200) -> Response:
    last = incident.last_incident()
    offered = IncidentForm(whose="named")
    shown = render_template(
        "operations/incident.html",
        form=form or offered,
        reasons=dict(offered.reason.pairs),
        whose=offered.whose.pairs,
        begins=form if isinstance(form, IncidentForm) else offered,
        reporting=reporting or ReportForm(since=clock.today()),
        proved=door.recently_authenticated(),
        last=last,
    )
    return make_response(shown, status)
