import re

import pytest
from flask import Flask

from app.access.policy import Role
from app.accounts.domain import Scope
from tests import factories


@pytest.mark.parametrize(
    ("grants", "expected"),
    [
        ((), ["/", "/courses", "/workshops", "/record"]),
        (((Role.CONTACT_POINT, Scope.COUNTRY, "IQ"),), ["/", "/courses", "/workshops", "/country", "/plan"]),
        (((Role.SUPERVISOR, Scope.COUNTRY, "IQ"),), ["/", "/courses", "/workshops", "/record", "/supervision"]),
        (((Role.COORDINATOR, Scope.ALL, ""),), ["/", "/courses", "/workshops", "/teaching", "/plan"]),
    ],
)
def test_the_menu_has_five_entries_at_most(
    lite_app: Flask, grants: tuple[tuple[Role, Scope, str], ...], expected: list[str]
) -> None:
    with lite_app.app_context():
        person_id = factories.person(grants=grants)
    page = factories.sign_in(lite_app, person_id).get("/").text
    menu = page.split('<nav class="menu"')[1].split('class="phone-only"')[0]
    assert re.findall(r'href="([^"]+)"', menu) == expected
    assert page.count('href="/record"') == 1  # one way: by the menu, or below where the menu is full
