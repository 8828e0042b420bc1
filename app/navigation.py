"""Menu entries and the action each needs; what the frame of a page shows of its reader."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from flask import current_app, request, url_for
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from flask_login import current_user

from app.access.policy import STAFF, Action, Role, allows
from app.accounts.domain import Appearance
from app.accounts.extra_time import is_officer
from app.accounts.recovery_rules import Account, counted, may_help
from app.accounts.sign_in import time_left
from app.messages import queries as messages
from app.ports import Person
from app.web.frame import Entry, Me, Reader
from app.web.request_state import request_state


@dataclass(frozen=True, slots=True)
class Item:
    """A menu entry: its words, where it leads, what one must be allowed, which pages belong to it."""

    label: LazyString
    endpoint: str
    action: Action
    pages: frozenset[str]


@dataclass(frozen=True, slots=True)
class Link:
    """A page about a person: its words and its endpoint, whose one parameter is `person_id`."""

    label: LazyString
    endpoint: str


OF_PEOPLE = frozenset(
    {"people", "person", "access", "service", "supervisor", "intake", "officer", "looks"} | {"proposals", "extra_time"}
)
MENU = (
    Item(_("My learning"), "home.show", Action.LEARN, frozenset({"home.show", "home.path", "home.competency"})),
    Item(
        _("Courses"),
        "learning.courses",
        Action.LEARN,
        frozenset({"learning", "sittings", "quizzes", "scenarios", "home.show_treaties"}),
    ),
    Item(_("Workshops"), "workshops.show_list", Action.SEE_WORKSHOPS, frozenset({"workshops"})),
    Item(_("Record"), "home.record", Action.SEE_OWN_RECORD, frozenset({"home.record"})),
    Item(
        _("My country"),
        "country.show",
        Action.SEE_OWN_COUNTRY,
        frozenset({"officers", "country", "country_settings"}),
    ),
    Item(_("My officers"), "supervision.show", Action.SEE_SUPERVISED, frozenset({"supervision", "officer"})),
    Item(_("Teaching"), "teaching.show_all", Action.TEACH, frozenset({"teaching", "drafting", "scoring"})),
    Item(_("Plan"), "plan.show", Action.SEE_PLAN, frozenset({"plan", "figures"})),
    Item(_("People"), "people.show_all", Action.SEE_PEOPLE, OF_PEOPLE),
    Item(
        _("Operations"),
        "operations.show",
        Action.SEE_OPERATIONS,
        frozenset({"operations", "audit", "incident", "welcome"}),
    ),
)
# from the page of a person to the pages about them, by their addresses; each is there by its own action
LINKS = (
    Link(_("Roles"), "person.roles"),
    Link(_("Path and competencies"), "officers.show"),
    Link(_("Courses and workshops"), "officer.show"),
    Link(_("Who viewed"), "looks.show"),
    Link(_("Supervision"), "supervisor.show"),
    Link(_("Extra time in tests"), "extra_time.show"),
    Link(_("Posting, leaving, threat"), "service.show"),
    Link(_("Access: restoring, signing out, closing"), "access.show"),
)
MOST = 5  # entries (ux, 7)
# above that, in this order, what is reached from another entry, which then stands for its pages
ELSEWHERE = (
    ("home.record", ("home.show",)),
    ("plan.show", ("country.show",)),
    ("workshops.show_list", ("teaching.show_all",)),
    ("supervision.show", ("people.show_all", "home.show")),
    ("people.show_all", ("country.show", "plan.show")),
)


def read() -> Reader:
    """Return what the frame needs to know of who reads the page."""
    if not current_user.is_authenticated:
        return Reader()
    signed = current_user.signed
    return Reader(
        me=Me(signed.alias, url_for("accounts.settings"), *time_left(signed)),
        menu=[_entry(item) for item in _offered()],
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
    return seen.active and may_help(current_user.actor, account)


# what the policy does not ask of a person
FITS: Mapping[str, Callable[[Person], bool]] = {
    "officers.show": _serves_here,
    "officer.show": _learns_here,
    "looks.show": _is_another,
    "supervisor.show": _may_be_supervised,
    "extra_time.show": lambda seen: _is_another(seen) and is_officer(seen),
    "service.show": _is_another,
    "access.show": _may_be_helped,
}


def _offered() -> list[Item]:
    found = [item for item in MENU if allows(current_user.actor, item.action)]
    for endpoint, ways in ELSEWHERE:
        there = {item.endpoint: item for item in found}
        way = next((one for one in ways if one in there), None)
        if len(found) > MOST and endpoint in there and way is not None:
            found = [_with(item, there[endpoint]) if item.endpoint == way else item for item in found]
            found = [item for item in found if item.endpoint != endpoint]
    return found


def _with(item: Item, other: Item) -> Item:
    """Return an entry that stands for the pages of another one, too."""
    return replace(item, pages=item.pages | other.pages)


def _entry(item: Item) -> Entry:
    here = request.endpoint in item.pages or (request.blueprint or "") in item.pages
    return Entry(str(item.label), url_for(item.endpoint), here)
