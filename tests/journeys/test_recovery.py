"""From the lost phone back to the first page: the contact point meets the officer and hands a code over."""

import pyotp
import pytest
from playwright.sync_api import expect

from app.access.policy import Role, Scope
from app.db.session import db, transaction
from app.identity.models import Country
from app.kernel import clock
from app.sign_in.domain import CodeKind
from app.sign_in.queries import factors
from app.sign_in.service.second_factor import make_codes
from tests.support import factories
from tests.support.examples import views
from tests.support.served_academy import Academy
from tests.support.visitors import DESKTOP, PHONE, Invite, press

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", views("ar", "en"))
def test_a_lost_phone_does_not_lock_out(academy: Academy, visitor: Invite, language: str) -> None:
    # each language has a country of its own: one academy serves them all
    country = {"en": "HU", "ar": "PK"}[language]
    with academy.app.app_context(), transaction():
        factories.agency(country, second_factor=True)
    alias = f"Investigator {country}"
    officer = visitor(language, PHONE, script=False, signed_in=False, country=country, alias=alias)
    with academy.app.app_context(), transaction():
        db.session.get_one(Country, country).printed_codes = True
        make_codes(officer.person_id, CodeKind.PRINTED, clock.real_now())

    page = officer.go("/sign-in")
    press(page.locator("main a[href='/sign-in/help']"))
    assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    page.locator("#name").fill(officer.mail)
    press(page.locator("main form button.primary"))
    expect(page.locator(".notice.is-good")).to_contain_text("30")

    helper = visitor(
        language, DESKTOP, roles=(), country=country, grants=((Role.CONTACT_POINT, Scope.COUNTRY, country),)
    )
    desk = helper.go("/people")
    press(desk.locator("main table a", has_text=alias))
    press(desk.locator(f"main a[href='/people/{officer.person_id}/access']"))
    press(desk.locator("main form button.primary"))
    expect(desk.locator("#mistakes li")).to_have_count(2)
    desk.locator("[name=how]").nth(1).check()
    desk.locator("[name=confirmed]").check()
    press(desk.locator("main form button.primary"))
    code = desk.locator("main code").inner_text()

    page = officer.go("/sign-in")
    page.locator("#name").fill(officer.mail)
    page.locator("#password").fill(factories.PASSWORD)
    press(page.locator("main form button.primary"))
    page.locator("#code").fill(code)
    press(page.locator("main form button.primary"))
    expect(page).to_have_url(f"{officer.url}/sign-in/factors")
    press(page.locator("main form button.primary"))
    with academy.app.app_context():
        shown = factors.app_seed(officer.person_id, confirmed=False)
    assert shown is not None
    page.locator("#code").fill(pyotp.TOTP(shown[1]).now())
    press(page.locator("main form button.primary"))
    press(page.locator("main a.primary"))
    expect(page).to_have_url(f"{officer.url}/")

    with academy.app.app_context():
        assert factors.factors(officer.person_id).printed == 0  # what was lost counts no longer
    said = [one for one in [*officer.complaints, *helper.complaints] if "status of 422" not in one]
    assert said == []
