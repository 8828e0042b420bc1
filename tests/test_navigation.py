import itertools
import re
from collections import Counter
from types import SimpleNamespace
from uuid import UUID

import pytest
from flask import Flask

from app import navigation
from app.access.policy import Actor, Role, Scope
from app.db.session import db
from tests.support import factories, plans

EVERYTHING = (
    *((role, Scope.COUNTRY, "IQ") for role in (Role.CONTACT_POINT, Role.SUPERVISOR)),
    *((role, Scope.ALL, "") for role in (Role.COORDINATOR, Role.ADMINISTRATOR, Role.TRAINER)),
)


@pytest.mark.parametrize(
    ("grants", "expected"),
    [
        ((), ["/", "/courses", "/workshops", "/record"]),
        (((Role.CONTACT_POINT, Scope.COUNTRY, "IQ"),), ["/", "/courses", "/workshops", "/country", "/people"]),
        (((Role.SUPERVISOR, Scope.COUNTRY, "IQ"),), ["/", "/courses", "/workshops", "/record", "/supervision"]),
        (((Role.COORDINATOR, Scope.ALL, ""),), ["/", "/courses", "/teaching", "/plan", "/people"]),
        (((Role.ADMINISTRATOR, Scope.ALL, ""),), ["/", "/courses", "/workshops", "/people", "/operations"]),
        (EVERYTHING, ["/", "/courses", "/country", "/teaching", "/operations"]),
    ],
)
def test_menu_has_at_most_five_entries(
    lite_app: Flask, grants: tuple[tuple[Role, Scope, str], ...], expected: list[str]
) -> None:
    with lite_app.app_context():
        person_id = factories.person(grants=grants)
    page = factories.sign_in(lite_app, person_id).get("/").text
    menu = page.split('<nav class="menu"')[1].split('class="phone-only"')[0]
    assert re.findall(r'href="([^"]+)"', menu) == expected
    assert page.count('href="/record"') == 1  # one way: by the menu, or below where the menu is full


@pytest.mark.parametrize(
    ("grants", "path", "here"),
    [
        (((Role.CONTACT_POINT, Scope.COUNTRY, "IQ"),), "/people", "/people"),
        (((Role.CONTACT_POINT, Scope.COUNTRY, "IQ"),), "/country", "/country"),
        (((Role.CONTACT_POINT, Scope.COUNTRY, "IQ"),), "/plan/countries/IQ", "/country"),
        (((Role.COORDINATOR, Scope.ALL, ""),), "/workshops", "/teaching"),
        (((Role.COORDINATOR, Scope.ALL, ""),), "/people/invite", "/people"),
        (EVERYTHING, "/people", "/country"),
    ],
)
def test_page_outside_menu_has_one_current_entry(
    lite_app: Flask, grants: tuple[tuple[Role, Scope, str], ...], path: str, here: str
) -> None:
    with lite_app.app_context():
        plans.load()
        person_id = factories.person(roles=(), grants=grants)
        db.session.remove()
    page = factories.sign_in(lite_app, person_id).get(path).text
    menu = page.split('<nav class="menu"')[1].split('class="phone-only"')[0]
    assert re.findall(r'href="([^"]+)" aria-current="page"', menu) == [here]


def test_page_has_at_most_one_menu_entry_for_any_roles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages of officers belong to two entries, and the menu of who has both has room for one of them."""
    wrong = []
    for count in range(len(Role) + 1):
        for roles in itertools.combinations(Role, count):
            who = SimpleNamespace(actor=Actor(UUID(int=1), "IQ", frozenset(roles)))
            monkeypatch.setattr(navigation, "current_user", who)
            pages = Counter(page for item in navigation.menu_items() for page in item.pages)
            wrong += [(roles, page) for page, times in pages.items() if times > 1]
    assert wrong == []
