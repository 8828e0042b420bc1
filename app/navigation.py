"""Menu entries with their actions, and the data about the user that the layout shows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from flask import current_app, request, url_for
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from flask_login import current_user

from app.access.people_rules import can_restore_access
from app.access.policy import STAFF, Action, Role, allows, own_scope
from app.directory.service.extra_time import is_officer
from app.identity.domain.people import Appearance
from app.messages import queries as messages
from app.ports import Person
from app.recovery.domain import Account, counted
from app.sign_in.web.current_session import time_left
from app.web.layout import Me, MenuEntry, Reader, is_within
from app.web.request_state import request_state


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A menu entry with its action; `pages` are endpoints and prefixes of paths on which it is current."""

    label: LazyString
    endpoint: str
    action: Action
    pages: frozenset[str]


@dataclass(frozen=True, slots=True)
class Link:
    """A page about a person: its words and its endpoint, whose one parameter is `person_id`."""

    label: LazyString
    endpoint: str


MENU = (
    MenuItem(_("My learning"), "home.show_start", Action.LEARN, frozenset({"home.show_start", "/path"})),
    MenuItem(
        _("Courses"),
        "learning.courses",
        Action.LEARN,
        frozenset({"/courses", "/attempts", "/cases", "/suggestions", "/treaties"}),
    ),
    MenuItem(_("Workshops"), "workshops.show_workshops", Action.SEE_WORKSHOPS, frozenset({"/workshops"})),
    MenuItem(_("Record"), "home.record", Action.SEE_OWN_RECORD, frozenset({"/record"})),
    MenuItem(_("My country"), "home.show_country", Action.SEE_OWN_COUNTRY, frozenset({"/country"})),
    MenuItem(
        _("My officers"),
        "competence.show_supervised_officers",
        Action.SEE_SUPERVISED,
        frozenset({"/supervision", "home.show_officer_learning"}),
    ),
    MenuItem(_("Teaching"), "workshops.show_teaching", Action.TEACH, frozenset({"/teaching"})),
    MenuItem(_("Plan"), "plan.show_overview", Action.SEE_PLAN, frozenset({"/plan"})),
    MenuItem(_("People"), "directory.show_people", Action.SEE_PEOPLE, frozenset({"/people"})),
    MenuItem(
        _("Operations"),
        "operations.show_status",
        Action.SEE_OPERATIONS,
        frozenset({"/operations", "/audit", "/welcome"}),
    ),
)
# from the page of a person to the pages about them, by their addresses; each is there by its own action
LINKS = (
    Link(_("Roles"), "rights.roles"),
    Link(_("Path and competencies"), "competence.show_officer"),
    Link(_("Courses and workshops"), "home.show_officer_learning"),
    Link(_("Who viewed"), "privacy.show_officer_access_log"),
    Link(_("Supervision"), "rights.show_supervisor"),
    Link(_("Extra time in tests"), "directory.show_extra_time"),
    Link(_("Posting, leaving, threat"), "privacy.show_posting"),
    Link(_("Access: restoring, signing out, closing"), "recovery.show_account_access"),
)
MOST = 5  # entries (ux, 7)
# with more, these entries are left out, in this order; the first parent in the menu is current for their pages
PARENTS = (
    ("home.record", ("home.show_start",)),
    ("plan.show_overview", ("home.show_country",)),
    ("workshops.show_workshops", ("workshops.show_teaching",)),
    ("competence.show_supervised_officers", ("directory.show_people", "home.show_start")),
    ("directory.show_people", ("home.show_country", "plan.show_overview")),
)


def read() -> Reader:
    """Return what the layout shows about the user."""
    if not current_user.is_authenticated:
        return Reader()
    signed = current_user.signed
    return Reader(
        me=Me(signed.alias, url_for("settings.show_profile"), *time_left(signed)),
        menu=[_entry(item) for item in menu_items()],
        notices=_unread(signed.person_id),
        theme="" if signed.appearance is Appearance.DEVICE else str(signed.appearance),
        contrast="more" if signed.more_contrast else "",
        data_saver=signed.data_saver,
        shared_computer=signed.shared_computer,
        path_url=url_for("home.path") if allows(current_user.actor, Action.SEE_OWN_PATH) else "",
        incident=signed.incident_at is not None and bool(signed.roles & STAFF),
    )


def _unread(person_id: UUID) -> int:
    """Return the number of unread notices; a page may have asked already."""
    unread = request_state().unread
    return messages.unread(person_id) if unread is None else unread


def person_links(seen: Person) -> list[dict[str, str]]:
    """Return the pages about a person that exist here and that the policy opens to the reader."""
    found = []
    for link in LINKS:
        action = getattr(current_app.view_functions.get(link.endpoint), "action", None)
        if action is not None and _fits(link, seen) and allows(current_user.actor, action, seen):
            found.append({"label": str(link.label), "href": url_for(link.endpoint, person_id=seen.person_id)})
    return found


def _fits(link: Link, seen: Person) -> bool:
    """Say whether the page is there for such a person."""
    return link.endpoint not in FITS or FITS[link.endpoint](seen)


def _is_another(seen: Person) -> bool:
    return bool(seen.person_id != current_user.id)


def _serves_here(seen: Person) -> bool:
    return seen.active and bool(seen.posting_roles) and seen.country == current_user.actor.country


def _learns_here(seen: Person) -> bool:
    # a supervisor comes from the own list: here is no telling who is assigned
    return Role.CONTACT_POINT in current_user.actor.roles and _serves_here(seen) and _is_another(seen)


def _may_be_supervised(seen: Person) -> bool:
    holds = any(one.held.role is Role.SUPERVISOR for one in seen.grants)
    return seen.active and _is_another(seen) and (holds or bool(seen.posting_roles))


def _may_be_helped(seen: Person) -> bool:
    roles = counted((one.held.role, one.held.scope) for one in seen.grants)
    account = Account(seen.person_id, seen.alias, seen.country, roles)
    return seen.active and can_restore_access(current_user.actor, account)


# what the policy does not ask of a person
FITS: Mapping[str, Callable[[Person], bool]] = {
    "competence.show_officer": _serves_here,
    "home.show_officer_learning": _learns_here,
    "privacy.show_officer_access_log": _is_another,
    "rights.show_supervisor": _may_be_supervised,
    "directory.show_extra_time": lambda seen: _is_another(seen) and is_officer(seen),
    "privacy.show_posting": _is_another,
    "recovery.show_account_access": _may_be_helped,
}


def menu_items() -> list[MenuItem]:
    """Return the menu entries that the policy allows the user, at most `MOST` if enough of them have a parent."""
    items = [item for item in MENU if allows(current_user.actor, item.action, own_scope(current_user.actor))]
    for endpoint, parents in PARENTS:
        if len(items) > MOST:
            items = _folded(items, endpoint, parents)
    return items


def _folded(items: list[MenuItem], endpoint: str, parents: Sequence[str]) -> list[MenuItem]:
    """Return the entries without one of them, whose first parent in the menu gets its pages."""
    by_endpoint = {item.endpoint: item for item in items}
    parent = next((by_endpoint[name] for name in parents if name in by_endpoint), None)
    folded = by_endpoint.get(endpoint)
    if parent is None or folded is None:
        return items
    joined = replace(parent, pages=parent.pages | folded.pages)
    return [joined if item is parent else item for item in items if item is not folded]


def _entry(item: MenuItem) -> MenuEntry:
    is_current = request.endpoint in item.pages or is_within(request.path, item.pages)
    return MenuEntry(str(item.label), url_for(item.endpoint), is_current)
