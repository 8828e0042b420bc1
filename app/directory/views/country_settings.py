"""Settings of the own country, for its contact point: signing in, help, services."""

from typing import Any
from uuid import UUID

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guard import actor, requires, thing
from app.access.policy import Action, own_scope
from app.db.session import transaction
from app.directory.forms import (
    KINDS,
    AgencyForm,
    AgencyNameForm,
    HelpContactForm,
    NamesForm,
    SignInRulesForm,
    WithoutSecondStepForm,
)
from app.directory.service import country_settings
from app.directory.views._blueprint import bp
from app.identity.domain.people import AgencyKind
from app.identity.queries import person_details
from app.kernel import clock
from app.sign_in.queries import factors
from app.sign_in.web import reauthentication
from app.web.errors import page


@bp.get("/country/settings")
@requires(Action.SET_COUNTRY, of=own_scope)
def show_country_settings() -> ResponseReturnValue:
    """Show what the country has decided."""
    return _page()


@bp.post("/country/settings")
@requires(Action.SET_COUNTRY, of=own_scope)
def change_country_settings() -> ResponseReturnValue:
    """Decide how officers sign in; to let a password suffice asks again on a page of its own."""
    if not _decides():
        return page(403)
    form = SignInRulesForm(request.form)
    form.validate()
    before = country_settings.settings(actor().country)
    wanted, printed = bool(form.second_factor.data), bool(form.printed_codes.data)
    weaker = before.second_factor and not wanted
    with transaction():
        country_settings.change(actor().country, second_factor=before.second_factor or wanted, printed_codes=printed)
    if weaker:
        return redirect(url_for("directory.ask_without_second_step"))
    flash(_("Saved. It counts from the next sign-in."))
    return redirect(url_for("directory.show_country_settings"))


@bp.get("/country/settings/second-step")
@requires(Action.SET_COUNTRY, of=own_scope)
def ask_without_second_step() -> ResponseReturnValue:
    """Say what follows when a password alone suffices."""
    if not _decides():
        return page(403)
    return render_template("directory/without_second_step.html", form=WithoutSecondStepForm())


@bp.post("/country/settings/second-step")
@requires(Action.SET_COUNTRY, of=own_scope)
def drop_second_step() -> ResponseReturnValue:
    """Let officers of the country sign in by password alone."""
    if not _decides():
        return page(403)
    form = WithoutSecondStepForm(request.form)

    def again() -> ResponseReturnValue:
        return render_template("directory/without_second_step.html", form=form), 422

    if not form.validate():
        return again()
    if (refused := reauthentication.check_password(form.password, again)) is not None:
        return refused
    printed = country_settings.settings(actor().country).printed_codes
    with transaction():
        country_settings.change(actor().country, second_factor=False, printed_codes=printed)
    flash(_("Officers of your country now sign in with a password only."), "warning")
    return redirect(url_for("directory.show_country_settings"))


@bp.post("/country/settings/help")
@requires(Action.SET_COUNTRY, of=own_scope)
def set_help() -> ResponseReturnValue:
    """Say where officers find help, or that what is said still holds."""
    form = HelpContactForm(request.form)
    if not form.validate():
        return _page(422, help=form)
    with transaction():
        country_settings.set_help(actor().country, (form.text.data or "").strip(), clock.today())
    flash(_("Saved. Review it again in six months."))
    return redirect(url_for("directory.show_country_settings"))


@bp.post("/country/settings/names")
@requires(Action.SET_COUNTRY, of=own_scope)
def keep_names() -> ResponseReturnValue:
    """Decide how long names are kept after somebody left; what is shorter, nothing brings back."""
    if not _decides():
        return page(403)
    form = NamesForm(request.form)
    if not form.validate():
        return _page(422, names=form)
    months = int(form.months.data)
    if months < country_settings.settings(actor().country).identity_months and (refused := _refuse_shorter(months)):
        return refused
    with transaction():
        country_settings.keep_names(actor().country, months)
    flash(_("Saved. Names kept longer than that go in the night."))
    return redirect(url_for("directory.show_country_settings"))


@bp.post("/country/settings/services")
@requires(Action.SET_COUNTRY, of=own_scope)
def add_agency() -> ResponseReturnValue:
    """Add a service."""
    form = AgencyForm(request.form)
    if not form.validate():
        return _page(422, agency=form)
    with transaction():
        made = country_settings.add_agency(actor().country, AgencyKind(form.kind.data), form.name.data or "")
    if made is None:
        form.name.errors = [_("Your country already has an agency with this name.")]
        return _page(422, agency=form)
    flash(_("Added. People can be invited to it."))
    return redirect(url_for("directory.show_country_settings"))


@bp.get("/country/settings/services/<uuid:agency_id>")
@requires(Action.SET_COUNTRY, of=country_settings.agency)
def show_agency(agency_id: UUID) -> ResponseReturnValue:
    """Show a service, to rename or remove it."""
    return render_template("directory/agency.html", it=thing(), form=AgencyNameForm(name=thing().name))


@bp.post("/country/settings/services/<uuid:agency_id>")
@requires(Action.SET_COUNTRY, of=country_settings.agency)
def rename_agency(agency_id: UUID) -> ResponseReturnValue:
    """Call a service otherwise."""
    form = AgencyNameForm(request.form)
    if form.validate():
        with transaction():
            done = country_settings.rename_agency(thing(), form.name.data or "")
        if done:
            flash(_("Saved. Everybody sees the new name."))
            return redirect(url_for("directory.show_country_settings"))
        form.name.errors = [_("Your country already has an agency with this name.")]
    return render_template("directory/agency.html", it=thing(), form=form), 422


@bp.post("/country/settings/services/<uuid:agency_id>/removal")
@requires(Action.SET_COUNTRY, of=country_settings.agency)
def drop_agency(agency_id: UUID) -> ResponseReturnValue:
    """Remove a service that nobody served in."""
    with transaction():
        done = country_settings.drop_agency(thing())
    if done:
        flash(_("Removed."))
        return redirect(url_for("directory.show_country_settings"))
    flash(_("This agency cannot be removed: people work or worked in it, or are invited."), "error")
    return redirect(url_for("directory.show_agency", agency_id=agency_id))


def _refuse_shorter(months: int) -> ResponseReturnValue | None:
    """Return the answer to whoever has to give the password before names go sooner."""
    way = [(_("Settings of my country"), url_for("directory.show_country_settings"))]
    return reauthentication.ask_password(_("Save"), _("How long names are kept"), way, [("months", str(months))])


def _decides() -> bool:
    """Say whether the reader changes what lasts beyond a deputy's days."""
    return person_details.decides(actor(), clock.today())


def _page(
    status: int = 200,
    *,
    help: HelpContactForm | None = None,  # noqa: A002 - the form of that name
    agency: AgencyForm | None = None,
    names: NamesForm | None = None,
) -> Response:
    now = country_settings.settings(actor().country)
    kinds = dict(KINDS)
    lines: list[dict[str, Any]] = [
        {
            "name": one.name,
            "kind": kinds[one.kind],
            "href": url_for("directory.show_agency", agency_id=one.id),
            "used": one.used,
        }
        for one in country_settings.agencies(actor().country)
    ]
    shown = render_template(
        "directory/country_settings.html",
        settings=now,
        decides=_decides(),
        printed_alone=factors.count_printed_only(actor().country, clock.today()) if now.printed_codes else 0,
        due=now.help_is_due(clock.today()),
        help=help or HelpContactForm(text=now.help_text),
        agency=agency or AgencyForm(),
        names=names or NamesForm(months=str(now.identity_months)),
        agencies=lines,
    )
    return make_response(shown, status)
