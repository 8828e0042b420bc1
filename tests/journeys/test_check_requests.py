"""Journey of a request: an officer asks for a check on the phone, the contact point goes on to the sitting."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from app.access.policy import Role, Scope
from app.catalogue.domain.items import Level
from app.kernel import clock
from tests.support import check_requests
from tests.support.page_checks import look
from tests.support.visitors import PHONE, Invite, Visitor, press

pytestmark = pytest.mark.browser
COMPETENCY, ALIAS = "VIC-01", "Investigator who asks"
KEY = f"{COMPETENCY}.practitioner"


@pytest.fixture
def ways() -> Iterator[None]:
    """Let one desk task be the only way in a sitting, whatever the courses have."""
    with check_requests.ways(tasks={(COMPETENCY, Level.PRACTITIONER): ("M02/T1",)}):
        yield


@pytest.mark.usefixtures("ways")
def test_officer_asks_and_contact_point_goes_on_to_the_sitting(visitor: Invite) -> None:
    officer = visitor("en", PHONE, alias=ALIAS, roles=("investigator",))
    page = officer.go(f"/path/{COMPETENCY}")
    expect(page.locator("main")).to_contain_text("Missing: the course with its test")
    press(page.get_by_role("link", name="Ask for a check"))
    assert look(officer, "en", thorough=False) == []
    press(page.get_by_role("button", name="Ask for a check"))
    expect(page.locator("main")).to_contain_text("Your contact point answers.")
    expect(page.get_by_role("link", name="Ask for a check")).to_have_count(0)

    contact = visitor("en", roles=(), grants=((Role.CONTACT_POINT, Scope.COUNTRY, "IQ"),))
    page = contact.go("/country")
    press(page.get_by_role("link", name="Answer 1 request for a check"))
    assert look(contact, "en", thorough=False) == []
    press(page.locator("main .tasks a"))
    expect(page.get_by_label(ALIAS)).to_be_checked()
    assert look(contact, "en", thorough=False) == []
    with page.expect_navigation(url="**/sittings/new?*"):
        page.get_by_role("button", name="Plan a sitting").click()
    query = parse_qs(urlsplit(page.url).query)
    assert query == {"competency": [KEY], "officer": [str(officer.person_id)]}
    _sit(officer, contact)
    page = officer.go(f"/path/{KEY.partition('.')[0]}")
    expect(page.locator("main")).to_contain_text("An assessor marks it by")


def _sit(officer: Visitor, contact: Visitor) -> None:
    """Plan the sitting of the filled form for now, and let the officer do its desk task."""
    desk = contact.page
    desk.locator("[name=at]").fill(clock.now().strftime("%H:%M"))
    press(desk.get_by_role("button", name="Plan the sitting"))
    assert look(contact, "en", thorough=False) == []
    press(desk.get_by_role("button", name="Open the sitting"))
    code = desk.locator("[data-code]").inner_text()
    phone = officer.go("/sittings")
    phone.locator("#code").fill(code)
    press(phone.get_by_role("button", name="Take my seat"))
    desk.reload()
    press(desk.get_by_role("button", name="Confirm identity"))
    phone.get_by_role("link", name="Look again").click()
    press(phone.get_by_role("button", name="Begin"))
    phone.goto(phone.url.rpartition("/")[0] + "/check")
    press(phone.get_by_role("button", name="Submit answers"))
    expect(phone.get_by_role("heading", name="You are finished. Sign out now.")).to_be_visible()
    desk.reload()
    desk.get_by_text("Close the sitting", exact=True).first.click()
    desk.locator("#close-note").fill("No incidents.")
    press(desk.get_by_role("button", name="Close the sitting"))
    expect(desk.get_by_text("No incidents.")).to_be_visible()
