"""From the invitation to the first page: the contact point prints a letter, the officer types its code."""

import pytest
from playwright.sync_api import Page, expect

from app.access.policy import Role, Scope
from app.db.session import transaction
from tests.support import factories
from tests.support.examples import views
from tests.support.served_academy import Academy
from tests.support.visitors import DESKTOP, PHONE, Invite, Open, give_a_key, press

pytestmark = pytest.mark.browser
PASSWORD = "five plain words in a row"


def _primary(page: Page) -> None:
    """Press the one button, or link, of the page that leads on."""
    press(page.locator("main .primary"))


@pytest.mark.parametrize(
    ("language", "second_factor"), [*views(("ar", True), ("en", True)), *views(("en", False), ("ar", False))]
)
def test_a_letter_leads_to_an_account(
    academy: Academy, visitor: Invite, window: Open, language: str, second_factor: bool
) -> None:
    # each of the four has a country of its own: one academy serves them all
    country = {("en", False): "IQ", ("en", True): "JO", ("ar", False): "LB", ("ar", True): "AT"}[
        language, second_factor
    ]
    with academy.app.app_context(), transaction():
        factories.agency(country, second_factor=second_factor)
    mail = f"karim-{country.lower()}@police.example"
    inviter = visitor(
        language, DESKTOP, roles=(), country=country, grants=((Role.CONTACT_POINT, Scope.COUNTRY, country),)
    )
    page = inviter.go("/country/officers")
    press(page.locator("nav a[href='/people']"))
    _primary(page)
    page.locator("#mail").fill(mail)
    page.locator("#name").fill("كريم حسن")
    page.locator("#latin_name").fill("Karim Hassan")
    page.locator("#role").select_option("practitioner")
    page.locator("#agency").select_option(index=1)
    page.locator("#language").select_option(language)
    _primary(page)
    expect(page.locator("#posting-error")).to_be_visible()
    expect(page.locator("#mail")).to_have_value(mail)
    page.locator("[name=posting]").first.check()
    _primary(page)
    expect(page.locator("main")).to_contain_text(mail)
    _primary(page)
    letter = page.locator("article")
    assert letter.get_attribute("lang") == language
    code = letter.locator("code").inner_text()
    page.emulate_media(media="print")
    expect(page.locator(".top")).to_be_hidden()
    expect(letter.locator("code")).to_be_visible()

    # a passkey needs scripts, the rest does without
    officer = window(academy, inviter.person_id, mail, language, PHONE, script=second_factor)
    if second_factor:
        give_a_key(officer)
    page = officer.go("/invitation")
    page.locator("#mail").fill(mail)
    page.locator("#code").fill(code)
    _primary(page)
    assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    expect(page.locator("main")).not_to_contain_text(mail)
    _primary(page)
    expect(page.locator("#name")).to_have_value("كريم حسن")
    alias = page.locator("#alias").input_value()
    _primary(page)
    page.locator("#new").fill("too short")
    _primary(page)
    expect(page.locator("#new-error")).to_be_visible()
    page.locator("#new").fill(PASSWORD)
    _primary(page)
    expect(page.locator("main")).to_contain_text(alias)
    _primary(page)
    if second_factor:
        expect(page).to_have_url(f"{officer.url}/sign-in/factors")
        press(page.locator("form[action$='/factors/passkey'] button"))
        expect(page.locator("main ol code")).to_have_count(10)
        _primary(page)
    expect(page).to_have_url(f"{officer.url}/")
    said = [*inviter.complaints, *officer.complaints]
    assert [one for one in said if "status of 422" not in one] == []
