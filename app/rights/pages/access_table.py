"""View model of `/about/who-sees-what`: the actions of each role from the policy; rows of the export."""

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cache
from typing import ClassVar

from babel.lists import format_list
from flask_babel import get_locale, gettext as _

from app.access import access_table, visibility
from app.access.access_table import Route
from app.access.labels import ACTIONS, IDENTITY_FIELDS, PREDICATES, ROLE_REACHES, ROLES, SUBJECTS, VIEWERS
from app.access.policy import Action, Role
from app.access.public import PUBLIC
from app.access.visibility import IdentityField
from app.web.pages import Page
from app.web.table_files import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewerLine:
    """The parts of an identity that a viewer sees of an officer of the own country, and of another country."""

    viewer: str
    own_country: str
    other_country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionLine:
    """An action that a role allows; `limit` names the objects that it is limited to, or is ""."""

    label: str
    limit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectActions:
    """The actions of a subject that a role allows."""

    title: str
    actions: tuple[ActionLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleSection:
    """The actions that a role allows, by subject."""

    role: str
    reach: str
    subjects: tuple[SubjectActions, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRow:
    """An action with one cell for each role."""

    label: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectTable:
    """The actions of a subject by role."""

    title: str
    rows: tuple[ActionRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessTablePage(Page):
    """The visible fields of an identity by viewer, and the allowed actions by role and by subject."""

    template: ClassVar[str] = "rights/who_sees_what.html"
    viewers: tuple[ViewerLine, ...]
    roles: tuple[RoleSection, ...]
    subjects: tuple[SubjectTable, ...]


def access_table_page() -> AccessTablePage:
    """Return the view model, derived from the policy."""
    subjects = [(str(title), _actions(prefixes)) for title, prefixes in SUBJECTS]
    return AccessTablePage(
        viewers=tuple(
            ViewerLine(viewer=str(VIEWERS[viewer]), own_country=_parts(own), other_country=_parts(other))
            for viewer, (own, other) in visibility.VISIBLE_FIELDS.items()
        ),
        roles=tuple(_role_section(role, subjects) for role in Role),
        subjects=tuple(
            SubjectTable(title=title, rows=tuple(map(_action_row, actions))) for title, actions in subjects if actions
        ),
    )


def cell(role: Role, action: Action) -> str:
    """Return the cell of a role and an action: yes, no, or the limit."""
    ways = access_table.conditions(role, action)
    if not ways:
        return _("No")
    if frozenset() in ways:
        return _("Yes")
    text = limit(role, action)
    return text[:1].upper() + text[1:]


def limit(role: Role, action: Action) -> str:
    """Return the objects that an action is limited to for a role, as text; "" without a limit or if not allowed."""
    ways = access_table.conditions(role, action)
    if frozenset() in ways or not ways:
        return ""
    texts = [format_list(sorted(str(PREDICATES[test]) for test in way), locale=get_locale()) for way in ways]
    return str(format_list(texts, style="or", locale=get_locale()))


def export_heads() -> list[str]:
    """Return the column heads of the file."""
    heads = [_("Address"), _("Method"), _("Action"), _("What it lets one do"), _("Not signed in")]
    return heads + [str(ROLES[role]) for role in Role]


def export_rows(routes: Iterable[Route]) -> Iterator[Row]:
    """Yield a row for each route: URL, method, action, and whether the public and each role may request it."""
    cells_of = cache(_cells)  # several routes have the same action
    for route in routes:
        if route.action is None:
            public = _("Yes") if route.endpoint in PUBLIC else ""
            yield [route.address, route.method, "", _("Public"), public, *(public for _role in Role)]
        else:
            label = str(ACTIONS[route.action])
            yield [route.address, route.method, route.action, label, _("No"), *cells_of(route.action)]


def _cells(action: Action) -> list[str]:
    return [cell(role, action) for role in Role]


def _parts(visible: Set[IdentityField]) -> str:
    """Return the parts of an officer's identity that are visible, as text."""
    if visible == visibility.ALL:
        return _("everything")
    texts = [str(IDENTITY_FIELDS[part]) for part in IdentityField if part in visible]
    return str(format_list(texts, locale=get_locale())) if texts else _("nothing")


def _actions(prefixes: Sequence[str]) -> list[Action]:
    return [action for action in Action if action.partition(":")[0] in prefixes]


def _role_section(role: Role, subjects: Iterable[tuple[str, list[Action]]]) -> RoleSection:
    opened = [(title, _action_lines(role, actions)) for title, actions in subjects]
    return RoleSection(
        role=str(ROLES[role]),
        reach=str(ROLE_REACHES[role]),
        subjects=tuple(SubjectActions(title=title, actions=lines) for title, lines in opened if lines),
    )


def _action_lines(role: Role, actions: Iterable[Action]) -> tuple[ActionLine, ...]:
    return tuple(
        ActionLine(label=str(ACTIONS[action]), limit=limit(role, action))
        for action in actions
        if access_table.is_allowed(role, action)
    )


def _action_row(action: Action) -> ActionRow:
    return ActionRow(label=str(ACTIONS[action]), cells=tuple(cell(role, action) for role in Role))
