"""The routes that ask nobody who they are: the whole list. Every other one names its action, or nothing starts."""

from collections.abc import Mapping

from flask import Flask

PUBLIC = frozenset({
    "about.accessibility",
    "about.health",
    "about.help",
    "about.privacy",
    "about.show",
    "about.support",
    "offline.page",
    "offline.worker",
    "rights.show",
    "rights.send",
    "assets.send",
    "components.show_components",  # development and tests alone
    "accounts.choose_language",
    "accounts.send_sign_in",
    "accounts.sign_in",
    # between the two steps: each asks for half a session itself, or takes whoever a passkey names
    "factors.add_passkey",
    "factors.app",
    "factors.ask_passkey",
    "factors.begin_app",
    "factors.confirm_app",
    "factors.make_list",
    "factors.make_recovery",
    "factors.show",
    "second_step.ask_any_passkey",
    "second_step.ask_passkey",
    "second_step.show",
    "second_step.sign_in_by_passkey",
    "second_step.start_again",
    "second_step.take_code",
    "second_step.take_passkey",
    # each is opened by the secret in its address or by a letter's code
    "invitation.accept",
    "invitation.ask_anew",
    "invitation.ask_code",
    "invitation.ask_name",
    "invitation.ask_password",
    "invitation.ask_start",
    "invitation.keep_name",
    "invitation.keep_password",
    "invitation.show",
    "invitation.take_code",
    # until the first administrator is made, by the code of the console
    "welcome.ask_administrator",
    "welcome.make_administrator",
    "welcome.show",
    "welcome.take_code",
    "recovery.ask",
    "recovery.ask_address",
    "recovery.ask_password",
    "recovery.confirm_address",
    "recovery.set_password",
    "recovery.show",
})  # fmt: skip
# public changes that leave no entry in the audit log, each with its reason
UNAUDITED: Mapping[str, str] = {
    "factors.add_passkey": "needs a browser: tests/journeys/test_passkeys",
    "factors.ask_passkey": "a challenge changes nothing until it is signed",
    "second_step.ask_any_passkey": "a challenge changes nothing until it is signed",
    "second_step.ask_passkey": "a challenge changes nothing until it is signed",
}
DEMO = "demo."  # its addresses exist in the demonstration alone, on the machine's own address


def refuse_bare(app: Flask) -> None:
    """Stop the start when a route neither names its action nor stands in the list (security S1)."""
    bare = sorted(
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if not hasattr(app.view_functions[rule.endpoint], "action")
        and rule.endpoint not in PUBLIC
        and not rule.endpoint.startswith(DEMO)
    )
    if bare:
        raise RuntimeError(f"routes without a permission: {', '.join(bare)}: name their action, or list them as public")
