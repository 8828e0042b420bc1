"""`/sittings`: enter a code, list the sittings that the user watches, plan a new one."""

from collections.abc import Collection
from uuid import UUID, uuid4

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access.guard import actor, check, requires
from app.access.policy import Action, CountryScope, own_scope
from app.checks.forms.sittings import OFFICER, SittingCodeForm, SittingForm
from app.checks.pages import sittings as pages
from app.checks.queries import sittings as queries
from app.checks.service import sittings as service
from app.checks.service.sittings import NewSitting
from app.checks.shapes import OfficerToPlan
from app.checks.views._blueprint import bp
from app.checks.views._officers import UnknownOfficersError, officers_of
from app.db.session import transaction
from app.kernel import clock
from app.kernel.errors import DomainError
from app.rights.queries import supervision
from app.web import paging
from app.web.pages import render

PAGE = 20
MOST_LINKED = 60  # officers that a link to the form may name


@bp.get("/sittings")
@requires(Action.LEARN)
def show_sittings() -> ResponseReturnValue:
    """Show the field of the code, own seats, and the sittings that the user watches."""
    return list_page(SittingCodeForm())


@bp.get("/sittings/new")
@requires(Action.PLAN_SITTING, of=own_scope)
def new_sitting() -> ResponseReturnValue:
    """Show the form for a new sitting, filled by `competency` and `officer` of the address."""
    form = _offered(SittingForm(data=_linked()))
    return _form(form)


@bp.post("/sittings/new")
@requires(Action.PLAN_SITTING, of=own_scope)
def create_sitting() -> ResponseReturnValue:
    """Plan a sitting."""
    form = _offered(SittingForm(request.form))
    if not form.validate() or not _is_to_come(form):
        return _form(form), 422
    try:
        new = _new(form)
        with transaction():
            sitting_id = service.plan(new, by=actor().id, now=clock.now())
    except UnknownOfficersError as error:
        form.officers.errors = [error.text]
        return _form(form), 422
    except DomainError as error:
        return _form(form, error.translated(_)), 422
    flash(_planned_text(form))
    return redirect(url_for("checks.show_sitting", sitting_id=sitting_id))


def _planned_text(form: SittingForm) -> str:
    if form.surprise.data:
        return _("The sitting is planned. Officers who were drawn have no notice.")
    return _("The sitting is planned. Its officers have a notice.")


def list_page(form: SittingCodeForm, error: str = "") -> str:
    """Return the page of the list, with an error about the code."""
    pager = paging.requested_page(queries.count_past(actor()), PAGE)
    return render(pages.sittings_page(actor(), form, error=error, pager=pager, now=clock.now()))


def _form(form: SittingForm, error: str = "") -> str:
    submission = form.submission.data or uuid4().hex
    return render(pages.new_page(form, actor(), error=error, submission=submission, now=clock.now()))


def _offered(form: SittingForm) -> SittingForm:
    """Return the form with what the user may choose; a supervisor plans a sitting for one officer."""
    form.aims.offer((value, label) for value, (label, _aim) in pages.options().items())
    form.agency.offer(pages.agencies_of(actor().country))
    if not pages.plans_groups(actor()):
        form.kind.data = OFFICER
    return form


def _linked() -> dict[str, object]:
    """Return the values of the form that the address names."""
    officers = request.args.getlist("officer", type=UUID)[:MOST_LINKED]
    aliases = pages.planned_officers(actor().country, officers, clock.today()) if officers else []
    return {
        "aims": request.args.getlist("competency"),
        "kind": OFFICER if len(aliases) == 1 else "group",
        "officers": "\n".join(aliases),
        "day": clock.today(),
        "surprise": request.args.get("surprise") == "1",
    }


def _new(form: SittingForm) -> NewSitting:
    """Return the sitting of a valid form. Raises UnknownOfficersError, DomainError; aborts without the right."""
    country, is_group = actor().country, form.kind.data != OFFICER
    officers = officers_of(form.aliases(), country)
    _check_right(country, officers, is_group=is_group)
    choices = pages.options()
    return NewSitting(
        country=country,
        agency_id=UUID(form.agency.data) if form.agency.data and is_group else None,
        location=form.location.data or "",
        is_group=is_group,
        planned_for=form.planned_for(current_user.signed.time_zone),
        aims=[choices[value][1] for value in form.aims.data or ()],
        officers=officers,
        is_surprise=bool(form.surprise.data),
        submission=form.submission.data or "",
    )


def _check_right(country: str, officers: Collection[UUID], *, is_group: bool) -> None:
    """Abort with 403 unless the user may plan a sitting for these officers."""
    if is_group:
        check(Action.PLAN_SITTING, CountryScope(country))
        return
    if len(officers) != 1:
        raise DomainError("Enter the alias of one officer.")
    supervisors = supervision.supervisors_of(next(iter(officers)), clock.today())
    check(Action.PLAN_SITTING, OfficerToPlan(country=country, supervisors=supervisors))


def _is_to_come(form: SittingForm) -> bool:
    """Return whether the day of a valid form is today or later; otherwise add an error to the field."""
    if form.planned_for(current_user.signed.time_zone).date() >= clock.today():
        return True
    form.day.errors = [_("Choose a day from today on.")]
    return False
