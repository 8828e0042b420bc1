import pytest
from playwright.sync_api import expect

from tests.support.served_academy import LAW
from tests.support.visitors import DESKTOP, PHONE, Invite

pytestmark = pytest.mark.browser
FIRST = f"/courses/{LAW}/lessons/the-definition"
PLACE_ON_DEVICE = "() => Object.keys(localStorage).some((name) => name.startsWith('step:'))"
SECOND = f"/courses/{LAW}/lessons/consent-and-children"


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_next_lesson_comes_without_its_frame_and_back_leads_back(visitor: Invite, language: str) -> None:
    one = visitor(language, PHONE)
    page = one.page
    page.goto(one.url + FIRST)
    page.evaluate("window.stayed = true")
    title, heading = page.title(), page.locator("h1").inner_text()
    page.locator("form[data-turn] button").click()
    page.wait_for_url(one.url + SECOND)
    expect(page.locator("h1")).not_to_have_text(heading)
    assert page.title() != title
    assert page.evaluate("document.activeElement.tagName") == "H1"
    assert page.evaluate("window.stayed") is True
    page.go_back()
    expect(page.locator("h1")).to_have_text(heading)
    assert page.title() == title


def test_a_lesson_of_the_rail_turns_the_page_and_its_place_is_kept(visitor: Invite) -> None:
    one = visitor("en", DESKTOP)
    page = one.page
    page.goto(one.url + FIRST)
    page.locator(".rail a").nth(2).click()
    page.wait_for_url("**/smuggling-of-migrants")
    page.mouse.wheel(0, 1500)
    page.wait_for_function(PLACE_ON_DEVICE)
    page.locator("form[data-turn] button").click()
    page.wait_for_url("**/from-one-to-the-other")
    expect(page.locator(".rail .done")).to_have_count(1)


def test_the_last_lesson_leads_back_to_the_course(visitor: Invite) -> None:
    one = visitor("en", DESKTOP)
    page = one.page
    page.goto(f"{one.url}/courses/{LAW}/lessons/equality-and-our-own-errors")
    page.locator("form[data-turn] button").click()
    page.wait_for_url(f"{one.url}/courses/{LAW}")
    expect(page.locator(".way")).to_be_visible()


def test_a_dead_line_leaves_the_page_to_the_browser(visitor: Invite) -> None:
    one = visitor("en", DESKTOP)
    page = one.page
    page.goto(one.url + FIRST)
    one.context.set_offline(True)
    page.locator(".rail a").nth(1).click()
    page.wait_for_timeout(300)
    one.context.set_offline(False)
    page.goto(one.url + FIRST)
    expect(page.locator("h1")).to_be_visible()
