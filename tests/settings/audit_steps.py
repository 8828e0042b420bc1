"""Changes that each leave entries in the audit log: the own settings."""

from collections.abc import Mapping

from flask.testing import FlaskClient

from app.kernel import clock
from app.sign_in.queries import factors
from tests.sign_in.audit_steps import confirm_app
from tests.support import factories, sites
from tests.support.audit_log import AuditStep, submit
from tests.support.sites import Site


def _remove_app(site: Site, client: FlaskClient) -> None:
    confirm_app(site, client)
    submit("/settings/sign-in/remove", factor="app")(site, client)


def _refused_passkey(site: Site, client: FlaskClient) -> None:
    """Bring a passkey that does not hold; one that does needs a browser: tests/journeys/test_passkeys."""
    answer = sites.post(site.app, client, "/settings/sign-in/passkey", {"credential": "{}"})
    assert answer.status_code == 422


def _end_device(site: Site, client: FlaskClient) -> None:
    site.client("owner")
    with site.app.app_context():
        other = factors.devices(site.people["owner"], clock.real_now())[0]
    submit("/settings/sign-in/devices/end", device=str(other.id))(site, client)


def _end_others(site: Site, client: FlaskClient) -> None:
    site.client("owner")
    submit("/settings/sign-in/devices/end-others")(site, client)


STEPS: Mapping[str, AuditStep] = {
    "settings.change_alias": AuditStep(submit("/settings/alias", alias="Blue Heron"), {"AliasChanged"}),
    "settings.change_settings": AuditStep(
        submit("/settings", language="fr", content_language="", appearance="dark", mail_rhythm="never"),
        {"SettingsChanged"},
    ),
    "settings.change_address": AuditStep(
        submit("/settings/sign-in/address", mail="new@example.org"), {"AddressChangeAsked"}
    ),
    "settings.change_password": AuditStep(
        submit("/settings/sign-in/password", password=factories.PASSWORD, new="another long passphrase"),
        {"PasswordChanged"},
    ),
    "settings.end_device": AuditStep(_end_device, {"SessionsEnded"}),
    "settings.end_others": AuditStep(_end_others, {"SessionsEnded"}),
    "settings.reauthenticate": AuditStep(
        submit("/settings/sign-in/again", password=factories.PASSWORD), {"ProvedAgain"}
    ),
    "settings.reauthenticate_by_passkey failing": AuditStep(_refused_passkey, {"SecondStepFailed"}),
    "settings.remove": AuditStep(_remove_app, {"FactorRemoved"}),
}
