"""Menu entries and links between pages of a person, by policy, and the user's data in the layout; for `factory`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from flask import current_app, request, url_for
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from flask_login import current_user

from app.access.people_rules import PersonCard
from app.access.policy import Action, Actor, allows, is_staff, own_scope
from app.identity.domain.people import Appearance
from app.messages import queries as messages
from app.ports import PersonSection
from app.sign_in.views.current_session import time_left
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
class PersonLink:
    """A link to a page about a person: its endpoint, with the one parameter `person_id`, and that of the linking page.

    The view of the endpoint declares by `applies_to` for which people there is such a page.
    """

    label: LazyString
    endpoint: str
    parent: str = "directory.show_person"


MENU = (
    MenuItem(
        _("My learning"),
        "home.show_start",
        Action.LEARN,
        frozenset({"home.show_start", "/path", "/practice", "checks.confirm_request"}),
    ),
    MenuItem(
        _("Courses"),
        "learning.courses",
        Action.LEARN,
        frozenset({"/courses", "/attempts", "/cases", "/suggestions", "/treaties"}),
    ),
    MenuItem(_("Workshops"), "workshops.show_workshops", Action.SEE_WORKSHOPS, frozenset({"/workshops"})),
    MenuItem(_("Record"), "home.record", Action.SEE_OWN_RECORD, frozenset({"/record"})),
    MenuItem(
        _("My country"),
        "home.show_country",
        Action.SEE_OWN_COUNTRY,
        frozenset({"/country", "checks.show_requests", "checks.show_request_group", "checks.decline_requests"}),
    ),
    MenuItem(
        _("My officers"),
        "competence.show_supervised_officers",
        Action.SEE_SUPERVISED,
        frozenset({"/supervision", "home.show_officer_learning"}),
    ),
    MenuItem(_("Watched checks"), "checks.show_sittings", Action.SEE_SITTINGS, frozenset({"/sittings"})),
    MenuItem(_("Teaching"), "workshops.show_teaching", Action.TEACH, frozenset({"/teaching"})),
    MenuItem(_("Plan"), "plan.show_overview", Action.SEE_PLAN, frozenset({"/plan"})),
    MenuItem(_("Reports"), "reports.show_reports", Action.SEE_REPORTS, frozenset({"/reports"})),
    MenuItem(_("People"), "directory.show_people", Action.SEE_PEOPLE, frozenset({"/people"})),
    MenuItem(
        _("Operations"),
        "operations.show_status",
        Action.SEE_OPERATIONS,
        frozenset({"/operations", "/audit", "/welcome"}),
    ),
)
PERSON_LINKS = (
    PersonLink(_("Roles"), "rights.roles"),
    PersonLink(_("Path and competencies"), "competence.show_officer"),
    PersonLink(_("Courses and workshops"), "home.show_officer_learning"),
    PersonLink(_("Who watched"), "checks.show_watchers"),
    PersonLink(_("Who viewed"), "privacy.show_officer_access_log"),
    PersonLink(_("Supervision"), "rights.show_supervisor"),
    PersonLink(_("Extra time in tests"), "directory.show_extra_time"),
    PersonLink(_("Posting, departure, protection"), "directory.show_posting"),
    PersonLink(_("Access: restoring, signing out, closing"), "recovery.show_account_access"),
    PersonLink(_("Review the erasure"), "privacy.confirm_erasure", "directory.show_posting"),
)
MOST = 5  # entries of the menu
# with more, these entries are left out, in this order; the first parent in the menu is current for their pages
PARENTS = (
    (
        "checks.show_sittings",
        (
            "home.show_country",
            "workshops.show_teaching",
            "competence.show_supervised_officers",
            "directory.show_people",
            "home.show_start",
        ),
    ),
    ("home.record", ("home.show_start",)),
    ("reports.show_reports", ("plan.show_overview",)),
    ("plan.show_overview", ("home.show_country",)),
    ("workshops.show_workshops", ("workshops.show_teaching",)),
    ("competence.show_supervised_officers", ("directory.show_people", "home.show_start")),
    ("directory.show_people", ("home.show_country", "plan.show_overview")),
)


def read() -> Reader:
    """Return the data about the user that the layout shows."""
    if not current_user.is_authenticated:
        return Reader()
    signed, actor = current_user.signed, current_user.actor
    return Reader(
        me=Me(signed.alias, url_for("settings.show_profile"), *time_left(signed)),
        menu=[_entry(item) for item in menu_items()],
        notices=_unread(signed.person_id),
        theme="" if signed.appearance is Appearance.DEVICE else str(signed.appearance),
        contrast="more" if signed.more_contrast else "",
        data_saver=signed.data_saver,
        shared_computer=signed.shared_computer,
        path_url=url_for("home.path") if allows(actor, Action.SEE_OWN_PATH) else "",
        incident=signed.incident_at is not None and is_staff(actor),
    )


def _unread(person_id: UUID) -> int:
    """Return the number of unread notices, from the request state if a page has counted them already."""
    unread = request_state().unread
    return messages.unread(person_id) if unread is None else unread


def person_links(person: PersonCard, *, parent: str = "directory.show_person") -> list[PersonSection]:
    """Return the pages about a person that a page links to and that the user may open."""
    return [
        PersonSection(str(link.label), url_for(link.endpoint, person_id=person.person_id))
        for link in PERSON_LINKS
        if link.parent == parent and _is_open(link, person)
    ]


def _is_open(link: PersonLink, person: PersonCard) -> bool:
    """Return whether the page exists for the person, and the policy allows it."""
    declared = current_app.view_functions[link.endpoint].__dict__
    applies_to: Callable[[Actor, PersonCard], bool] | None = declared["applies_to"]
    if applies_to is not None and not applies_to(current_user.actor, person):
        return False
    return allows(current_user.actor, declared["action"], person)


def menu_items() -> list[MenuItem]:
    """Return the menu entries that the policy allows the user, at most `MOST` if enough of them have a parent."""
    actor = current_user.actor
    own = own_scope(actor)
    items = [item for item in MENU if allows(actor, item.action, own)]
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
