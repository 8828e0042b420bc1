"""The access table for ministries: what each role opens, as a page that prints and as files."""

from collections.abc import Iterator, Sequence, Set

from babel.lists import format_list
from flask import current_app, render_template
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from app.access import access_table, visibility
from app.access.labels import ACTIONS, IDENTITY_FIELDS, PREDICATES, ROLE_REACHES, ROLES, SUBJECTS, VIEWERS
from app.access.policy import Action, Role
from app.access.public import PUBLIC
from app.access.visibility import IdentityField
from app.i18n.languages import current, direction
from app.rights.views._blueprint import bp
from app.web.table_files import Row, send_csv, send_sheet


@bp.get("/about/who-sees-what")
def show_access_table() -> ResponseReturnValue:
    """Say who sees and does what, by role and by subject."""
    subjects = [(title, _actions(prefixes)) for title, prefixes in SUBJECTS]
    return render_template(
        "rights/who_sees_what.html",
        viewers=[
            (str(VIEWERS[one]), _parts(own), _parts(other)) for one, (own, other) in visibility.VISIBLE_FIELDS.items()
        ],
        roles=[(str(ROLES[role]), str(ROLE_REACHES[role]), _of_role(role)) for role in Role],
        subjects=[
            (title, [(ACTIONS[one], [cell(role, one) for role in Role]) for one in actions])
            for title, actions in subjects
        ],
    )


@bp.get("/about/who-sees-what.<file:form>")
def access_table_export(form: str) -> ResponseReturnValue:
    """Send every address with its action and what each role opens by it, as a file."""
    heads = [_("Address"), _("Method"), _("Action"), _("What it lets one do"), _("Not signed in")]
    heads += [str(ROLES[role]) for role in Role]
    if form == "csv":
        return send_csv("who-sees-what", heads, list(_rows()))
    return send_sheet("who-sees-what", heads, _rows(), right_to_left=direction(current()) == "rtl")


def cell(role: Role, action: Action) -> str:
    """Return what a role opens by an action: yes, no, or of what alone."""
    ways = access_table.ways(role, action)
    if not ways:
        return _("No")
    if frozenset() in ways:
        return _("Yes")
    told = alone(role, action)
    return told[:1].upper() + told[1:]


def alone(role: Role, action: Action) -> str:
    """Return of what alone a role opens an action; "" for everything, or nothing."""
    ways = access_table.ways(role, action)
    if frozenset() in ways or not ways:
        return ""
    told = [format_list(sorted(str(PREDICATES[test]) for test in way), locale=get_locale()) for way in ways]
    return str(format_list(told, style="or", locale=get_locale()))


def _parts(seen: Set[IdentityField]) -> str:
    """Return what is seen of an officer in words."""
    if seen == visibility.ALL:
        return _("everything")
    told = [str(IDENTITY_FIELDS[one]) for one in IdentityField if one in seen]
    return str(format_list(told, locale=get_locale())) if told else _("nothing")


def _actions(prefixes: Sequence[str]) -> list[Action]:
    return [one for one in Action if one.partition(":")[0] in prefixes]


def _of_role(role: Role) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what a role opens, by subject: each action's sentence with of what alone, or ""."""
    found = []
    for title, prefixes in SUBJECTS:
        lines = [(str(ACTIONS[one]), alone(role, one)) for one in _actions(prefixes) if access_table.opens(role, one)]
        if lines:
            found.append((str(title), lines))
    return found


def _rows() -> Iterator[Row]:
    for route in access_table.routes(current_app._get_current_object()):  # type: ignore[attr-defined]  # noqa: SLF001
        if route.action is None:
            yes = _("Yes") if route.endpoint in PUBLIC else ""
            yield [route.address, route.method, "", _("Public"), yes, *(yes for _role in Role)]
        else:
            opened = [cell(role, route.action) for role in Role]
            yield [route.address, route.method, route.action, str(ACTIONS[route.action]), _("No"), *opened]
