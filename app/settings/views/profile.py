"""View and change the user's own preferences and alias: /settings, /settings/alias."""

from flask import Response, flash, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access.guard import requires
from app.access.policy import Action
from app.db.session import transaction
from app.i18n.languages import INTERFACE, current, language
from app.identity import service
from app.identity.domain.people import Appearance, MailRhythm
from app.invitations.domain.aliases import AliasRefusal
from app.invitations.labels import ALIAS_REFUSALS
from app.invitations.queries import aliases as invitations_aliases
from app.invitations.service import aliases
from app.kernel import clock
from app.settings.forms import SettingsForm
from app.settings.views._blueprint import bp
from app.sign_in.forms.names import AliasForm


@bp.get("/settings")
@requires(Action.CHANGE_OWN_SETTINGS)
def show_profile() -> ResponseReturnValue:
    """Show the preferences and the alias of the current user."""
    return _settings(_as_they_are(), 200)


@bp.post("/settings")
@requires(Action.CHANGE_OWN_SETTINGS)
def change_settings() -> ResponseReturnValue:
    """Save the preferences of the current user."""
    form = SettingsForm(request.form)
    _offer(form)
    if not form.validate():
        return _settings(form, 422)
    changes = {
        "language": form.language.data,
        "content_language": form.content_language.data or None,
        "appearance": Appearance(form.appearance.data),
        "more_contrast": bool(form.more_contrast.data),
        "data_saver": bool(form.data_saver.data),
        "mail_rhythm": MailRhythm(form.mail_rhythm.data),
        "shows_country": bool(form.shows_country.data),
    }
    with transaction():
        service.change_settings(current_user.id, changes)
    session["lang"] = form.language.data
    flash(_("Your settings are saved."))
    return redirect(url_for("settings.show_profile"))


@bp.post("/settings/alias")
@requires(Action.CHANGE_OWN_SETTINGS)
def change_alias() -> ResponseReturnValue:
    """Change the alias of the current user, or show why the alias is not available."""
    form, person_id, now = AliasForm(request.form), current_user.id, clock.now()
    if not form.validate():
        return _settings(_as_they_are(), 422, form)
    text = form.alias.data or ""
    with transaction():
        refusal = aliases.change(person_id, text, now)
    if refusal is None:
        flash(_("Your alias is changed. Colleagues see the new one from now on."))
        return redirect(url_for("settings.show_profile"))
    if refusal is AliasRefusal.SOON:  # the page has no field then
        flash(str(ALIAS_REFUSALS[refusal]), "warning")
        return redirect(url_for("settings.show_profile"))
    form.alias.errors = [str(ALIAS_REFUSALS[refusal])]
    return _settings(_as_they_are(), 422, form)


def _offer(form: SettingsForm) -> None:
    named = [(code, language(code).name) for code in INTERFACE]
    form.offer(named, named)  # lessons are offered in the languages of the interface only


def _as_they_are() -> SettingsForm:
    signed = current_user.signed
    return SettingsForm(
        language=current(),
        content_language=signed.content_language or "",
        appearance=signed.appearance,
        more_contrast=signed.more_contrast,
        data_saver=signed.data_saver,
        mail_rhythm=signed.mail_rhythm,
        shows_country=signed.shows_country,
    )


def _settings(form: SettingsForm, status: int, alias: AliasForm | None = None) -> Response:
    _offer(form)
    signed = current_user.signed
    free_at = invitations_aliases.alias_free_at(signed.person_id)
    shown = render_template(
        "settings/settings.html",
        form=form,
        alias=alias or AliasForm(alias=signed.alias),
        signed=signed,
        free_on=free_at.date() if free_at and clock.now() < free_at else None,
    )
    return make_response(shown, status)
