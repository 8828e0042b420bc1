"""Views of `/country/settings` for contact points: sign-in rules, help contact, retention, agencies."""

from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.access.guard import actor, requires
from app.access.policy import Action, own_scope
from app.db.session import transaction
from app.directory.forms import (
    AgencyForm,
    AgencyNameForm,
    ExactCountsForm,
    HelpContactForm,
    NamesForm,
    SignInRulesForm,
    WithoutSecondStepForm,
)
from app.directory.pages.country_settings import (
    AgencyPage,
    CountrySettingsPage,
    PasswordOnlyPage,
    country_settings_page,
    decides,
)
from app.directory.service import country_settings
from app.directory.service.country_settings import AgencyLine
from app.directory.views._blueprint import bp
from app.identity.domain.people import AgencyKind
from app.kernel import clock
from app.sign_in.views import reauthentication
from app.web.errors import page
from app.web.pages import render


@bp.get("/country/settings")
@requires(Action.SET_COUNTRY, of=own_scope)
def show_country_settings() -> ResponseReturnValue:
    """Show the settings of the country."""
    return _page()


@bp.post("/country/settings")
@requires(Action.SET_COUNTRY, of=own_scope)
def change_country_settings() -> ResponseReturnValue:
    """Change the sign-in rules; a separate page asks before a password alone is enough."""
    if not decides(actor()):
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
    flash(_("Saved. It applies from the next sign-in."))
    return redirect(url_for("directory.show_country_settings"))


@bp.get("/country/settings/second-step")
@requires(Action.SET_COUNTRY, of=own_scope)
def ask_without_second_step() -> ResponseReturnValue:
    """Show what sign-in with a password only means."""
    if not decides(actor()):
        return page(403)
    return render(PasswordOnlyPage(form=WithoutSecondStepForm()))


@bp.post("/country/settings/second-step")
@requires(Action.SET_COUNTRY, of=own_scope)
def drop_second_step() -> ResponseReturnValue:
    """Allow officers of the country to sign in with a password only."""
    if not decides(actor()):
        return page(403)
    form = WithoutSecondStepForm(request.form)

    def again() -> ResponseReturnValue:
        return render(PasswordOnlyPage(form=form)), 422

    if not form.validate():
        return again()
    if (response := reauthentication.check_password(form.password, again)) is not None:
        return response
    printed = country_settings.settings(actor().country).printed_codes
    with transaction():
        country_settings.change(actor().country, second_factor=False, printed_codes=printed)
    flash(_("Officers of your country now sign in with a password only."), "warning")
    return redirect(url_for("directory.show_country_settings"))


@bp.post("/country/settings/help")
@requires(Action.SET_COUNTRY, of=own_scope)
def set_help() -> ResponseReturnValue:
    """Save the help contact, or confirm it."""
    form = HelpContactForm(request.form)
    if not form.validate():
        return _page(country_settings_page(actor(), help_form=form))
    with transaction():
        country_settings.set_help(actor().country, (form.text.data or "").strip(), clock.today())
    flash(_("Saved. Review it again in six months."))
    return redirect(url_for("directory.show_country_settings"))


@bp.post("/country/settings/names")
@requires(Action.SET_COUNTRY, of=own_scope)
def keep_names() -> ResponseReturnValue:
    """Change how long names are kept after a person left; a shorter time deletes names for good."""
    if not decides(actor()):
        return page(403)
    form = NamesForm(request.form)
    if not form.validate():
        return _page(country_settings_page(actor(), names_form=form))
    months = int(form.months.data)
    is_shorter = months < country_settings.settings(actor().country).identity_months
    if is_shorter and (response := _ask_password(months)):
        return response
    with transaction():
        country_settings.keep_names(actor().country, months)
    flash(_("Saved. Older names are deleted tonight."))
    return redirect(url_for("directory.show_country_settings"))


@bp.post("/country/settings/exact-counts")
@requires(Action.SET_COUNTRY, of=own_scope)
def set_exact_counts() -> ResponseReturnValue:
    """Save whether coordinators see exact process counts of the country."""
    if not decides(actor()):
        return page(403)
    form = ExactCountsForm(request.form)
    if not form.validate():
        return _page(country_settings_page(actor(), counts_form=form))
    with transaction():
        country_settings.agree_to_exact_counts(actor().country, agreed=form.exact_counts.data == "yes")
    flash(_("Saved. It applies at once."))
    return redirect(url_for("directory.show_country_settings"))


@bp.post("/country/settings/services")
@requires(Action.SET_COUNTRY, of=own_scope)
def add_agency() -> ResponseReturnValue:
    """Add an agency."""
    form = AgencyForm(request.form)
    if not form.validate():
        return _page(country_settings_page(actor(), agency_form=form))
    with transaction():
        agency_id = country_settings.add_agency(actor().country, AgencyKind(form.kind.data), form.name.data or "")
    if agency_id is None:
        form.name.errors = [_("Your country already has an agency with this name.")]
        return _page(country_settings_page(actor(), agency_form=form))
    flash(_("Added. People can be invited to it."))
    return redirect(url_for("directory.show_country_settings"))


@bp.get("/country/settings/services/<uuid:agency_id>")
@requires(Action.SET_COUNTRY, load=country_settings.agency)
def show_agency(agency: AgencyLine, agency_id: UUID) -> ResponseReturnValue:
    """Show an agency, to rename or remove it."""
    return render(AgencyPage(agency=agency, form=AgencyNameForm(name=agency.name)))


@bp.post("/country/settings/services/<uuid:agency_id>")
@requires(Action.SET_COUNTRY, load=country_settings.agency)
def rename_agency(agency: AgencyLine, agency_id: UUID) -> ResponseReturnValue:
    """Rename an agency."""
    form = AgencyNameForm(request.form)
    if form.validate():
        with transaction():
            done = country_settings.rename_agency(agency, form.name.data or "")
        if done:
            flash(_("Saved. The new name is visible to all."))
            return redirect(url_for("directory.show_country_settings"))
        form.name.errors = [_("Your country already has an agency with this name.")]
    return render(AgencyPage(agency=agency, form=form)), 422


@bp.post("/country/settings/services/<uuid:agency_id>/removal")
@requires(Action.SET_COUNTRY, load=country_settings.agency)
def drop_agency(agency: AgencyLine, agency_id: UUID) -> ResponseReturnValue:
    """Remove an agency that is not used."""
    with transaction():
        done = country_settings.drop_agency(agency)
    if done:
        flash(_("Removed."))
        return redirect(url_for("directory.show_country_settings"))
    flash(_("This agency cannot be removed: people work or worked in it, or are invited."), "error")
    return redirect(url_for("directory.show_agency", agency_id=agency_id))


def _ask_password(months: int) -> ResponseReturnValue | None:
    """Return the page that asks for the password before names are deleted sooner, or None if it was entered."""
    path = [(_("Settings of my country"), url_for("directory.show_country_settings"))]
    return reauthentication.ask_password(_("Save"), _("Retention of names"), path, [("months", str(months))])


def _page(page_model: CountrySettingsPage | None = None) -> ResponseReturnValue:
    """Return the page of the settings; with a submitted form that has errors the status is 422."""
    return render(page_model or country_settings_page(actor())), 422 if page_model else 200
