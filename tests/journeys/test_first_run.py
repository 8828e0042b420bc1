"""From an empty database and a code of the console to the operations page, and to a drill of the incident switch."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pyotp
import pytest
from playwright.sync_api import Page, expect

from app.db.session import db
from app.factory import create_app
from tests.support import databases
from tests.support.examples import views
from tests.support.page_checks import look
from tests.support.served_academy import Academy, living
from tests.support.settings import settings_for
from tests.support.visitors import PHONE, Open, Visitor, press

pytestmark = pytest.mark.browser
PASSWORD = "five plain words in a row"


@pytest.fixture
def nothing(tmp_path: Path) -> Iterator[Academy]:
    """An academy whose database has tables and nothing in them."""
    (tmp_path / "made").mkdir()
    app = create_app(settings_for(databases.sqlite_url(tmp_path / "made")))
    with app.app_context():
        db.create_all()
        db.session.remove()
        db.engine.dispose()
    (tmp_path / "served").mkdir()
    with living(
        tmp_path / "served", shutil.copy(tmp_path / "made" / "academy.sqlite", tmp_path / "empty.db")
    ) as served:
        yield served


def _seen(one: Visitor, language: str, faults: list[str]) -> Page:
    """Let the page be looked at before it is left."""
    faults += [f"{one.page.url}: {fault}" for fault in look(one, language, thorough=False)]
    return one.page


@pytest.mark.parametrize("language", views("en", "ar"))
def test_from_nothing_to_operations(nothing: Academy, window: Open, language: str) -> None:
    printed = nothing.app.test_cli_runner().invoke(args=["first-admin"]).output
    one = window(nothing, UUID(int=0), "keeper@example.org", language, PHONE)
    faults: list[str] = []
    page = one.go("/welcome")
    page.locator("#code").fill("1234")
    press(page.locator("main .primary"))
    expect(_seen(one, language, faults).locator("#code-error")).to_be_visible()
    page.locator("#code").fill(re.findall(r"\d{6} \d{6}", printed)[0])
    press(page.locator("main .primary"))
    for name, value in {"name": "كريم حسن", "alias": "Keeper 1", "mail": one.mail, "agency": "Secretariat"}.items():
        page.locator(f"#{name}").fill(value)
    page.locator("#country").select_option("BG")
    press(page.locator("main .primary"))
    expect(_seen(one, language, faults).locator("#new-error")).to_be_visible()
    page.locator("#new").fill(PASSWORD)
    press(page.locator("main .primary"))
    press(page.locator("form[action$='/sign-in/factors/app'] button"))
    seed = page.locator("main code").inner_text().replace(" ", "")
    page.locator("#code").fill(pyotp.TOTP(seed).now())
    press(page.locator("main .primary"))
    press(page.locator("main .primary"))  # the codes are kept
    for end in ("languages", "mail", "start"):
        assert page.url == f"{one.url}/welcome/{end}"
        _seen(one, language, faults)
        if end != "start":
            press(page.locator("main .primary"))
    press(page.locator("form[action$='/welcome/start'] button"))
    expect(_seen(one, language, faults).locator("main .notice a[href='/welcome/start']")).to_be_visible()
    press(page.locator("form[action$='/welcome/finish'] button"))
    assert page.url == f"{one.url}/welcome/next"
    press(_seen(one, language, faults).locator("main a[href='/operations']"))
    assert page.url == f"{one.url}/operations"
    assert page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    press(page.locator("main a[href='/operations/incident']"))
    page.locator("#reason").select_option("drill")
    page.locator("#password").fill(PASSWORD)
    press(page.locator("main .danger"))
    expect(_seen(one, language, faults).locator("aside .notice")).to_be_visible()  # the banner for staff
    page.locator("#password").fill(PASSWORD)
    press(page.locator("form[action$='/incident/end'] .primary"))
    expect(page.locator("aside .notice")).to_have_count(0)
    answer = page.goto(f"{one.url}/welcome")
    assert answer is not None
    assert answer.status == 404
    said = [one for one in one.complaints if "status of 4" not in one]
    assert faults + said == []
