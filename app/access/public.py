"""List the public routes; the application does not start if another route has no action of the policy."""

from collections.abc import Mapping

from flask import Flask

PUBLIC = frozenset({
    "about.accessibility",
    # the check of a certificate, the public keys of the issuer and its status lists
    "credentials.ask_code",
    "credentials.check_certificate",
    "credentials.show_issuer",
    "credentials.show_status_list",
    "about.health",
    "about.help",
    "about.privacy",
    "about.ready",
    "about.show",
    "about.support",
    "offline.page",
    "offline.worker",
    "plan.about_colep",
    "rights.show_access_table",
    "rights.access_table_export",
    "assets.send",
    "components.show_components",  # development and tests alone
    "sign_in.choose_language",
    "sign_in.send_sign_in",
    "sign_in.sign_in",
    # between password and second factor: each view checks the pending session, or reads the user from the passkey
    "sign_in.add_passkey",
    "sign_in.app",
    "sign_in.ask_new_passkey",
    "sign_in.begin_app",
    "sign_in.confirm_app",
    "sign_in.make_list",
    "sign_in.make_recovery",
    "sign_in.show_factor_choice",
    "sign_in.ask_any_passkey",
    "sign_in.ask_passkey",
    "sign_in.show_second_factor",
    "sign_in.sign_in_by_passkey",
    "sign_in.start_again",
    "sign_in.take_code",
    "sign_in.take_passkey",
    # opened by the secret in the address or by the code of a letter
    "invitations.accept",
    "invitations.ask_anew",
    "invitations.ask_letter_code",
    "invitations.ask_name",
    "invitations.ask_password",
    "invitations.ask_start",
    "invitations.keep_name",
    "invitations.keep_password",
    "invitations.show_invitation_link",
    "invitations.take_letter_code",
    # until the first administrator is created, with the code of the console
    "operations.administrator_form",
    "operations.create_administrator",
    "operations.show_setup",
    "operations.take_setup_code",
    "recovery.request_link",
    "recovery.address_link",
    "recovery.ask_password",
    "recovery.confirm_address_link",
    "recovery.set_password",
    "recovery.show_help",
})  # fmt: skip
# public changes that leave no entry in the audit log, each with its reason
UNAUDITED: Mapping[str, str] = {
    "sign_in.add_passkey": "needs a browser: tests/journeys/test_passkeys",
    "sign_in.ask_new_passkey": "a challenge changes nothing until it is signed",
    "sign_in.ask_any_passkey": "a challenge changes nothing until it is signed",
    "sign_in.ask_passkey": "a challenge changes nothing until it is signed",
}
DEMO = "demo."  # its addresses exist in the demonstration alone, on the machine's own address


def refuse_unguarded_routes(app: Flask) -> None:
    """Raise RuntimeError at the start if a route neither names its action nor is in the list."""
    bare = sorted(
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if not hasattr(app.view_functions[rule.endpoint], "action")
        and rule.endpoint not in PUBLIC
        and not rule.endpoint.startswith(DEMO)
    )
    if bare:
        raise RuntimeError(f"routes without a permission: {', '.join(bare)}: name their action, or list them as public")
