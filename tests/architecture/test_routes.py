import re

from flask import Flask
from werkzeug.routing import Rule

PUBLIC = {
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
    "recovery.ask",
    "recovery.ask_address",
    "recovery.ask_password",
    "recovery.confirm_address",
    "recovery.set_password",
    "recovery.show",
    # the first run: there until a site has an administrator
    "welcome.show",
    "welcome.take_code",
    "welcome.ask_administrator",
    "welcome.make_administrator",
    "accounts.sign_in",
    "accounts.send_sign_in",
    "accounts.choose_language",
    # between the two steps: each asks for half a session itself, or takes whoever a passkey names
    "second_step.show",
    "second_step.take_code",
    "second_step.ask_passkey",
    "second_step.take_passkey",
    "second_step.ask_any_passkey",
    "second_step.sign_in_by_passkey",
    "second_step.start_again",
    "factors.show",
    "factors.begin_app",
    "factors.app",
    "factors.confirm_app",
    "factors.ask_passkey",
    "factors.add_passkey",
    "factors.make_list",
    "factors.make_recovery",
    "about.show",
    "about.privacy",
    "about.accessibility",
    "about.help",
    "about.support",
    "offline.page",
    "offline.worker",
    "rights.show",
    "rights.send",
    "about.health",
    "assets.send",
    "assets.send_picture",
    "components.show_components",
}
KEBAB = re.compile(
    r"([a-z0-9]+(-[a-z0-9]+)*|_components|static|a|<[a-z]+:[a-z_]+>|v<small:[a-z_]+>)(\.(<file:form>|ics|js|pdf))?"
)


def _rules(app: Flask) -> list[Rule]:
    return list(app.url_map.iter_rules())


def test_every_route_names_its_action_or_is_public(lite_app: Flask) -> None:
    bare = {rule.endpoint for rule in _rules(lite_app) if not hasattr(lite_app.view_functions[rule.endpoint], "action")}
    assert bare <= PUBLIC


def test_parameters_of_addresses_are_typed(lite_app: Flask) -> None:
    untyped = [rule.rule for rule in _rules(lite_app) if re.search(r"<[a-z_]+>", rule.rule)]
    assert [rule for rule in untyped if not rule.startswith("/static/a/")] == []


def test_addresses_are_kebab_case(lite_app: Flask) -> None:
    odd = [
        rule.rule
        for rule in _rules(lite_app)
        if not rule.rule.startswith("/static/")
        and not all(KEBAB.fullmatch(p) for p in rule.rule.strip("/").split("/") if p)
    ]
    assert odd == []


def test_get_and_change_are_different_views(lite_app: Flask) -> None:
    both = [rule.rule for rule in _rules(lite_app) if {"GET", "POST"} <= (rule.methods or set())]
    assert both == []


def test_changes_answer_to_post_alone(lite_app: Flask) -> None:
    odd = [rule.rule for rule in _rules(lite_app) if (rule.methods or set()) & {"PUT", "PATCH", "DELETE"}]
    assert odd == []
