"""A double click sends a form once; a press that comes later goes, as the first answer may be lost."""

import time
from contextlib import suppress

import pytest
from playwright.sync_api import Error, Request, Route, expect

from tests.support.served_academy import Academy
from tests.support.visitors import Invite, press

pytestmark = pytest.mark.browser
TWICE = "button => { button.click(); setTimeout(() => button.click(), 200); }"


def slow(route: Route) -> None:
    time.sleep(1)
    route.continue_()


def test_a_double_click_sends_a_form_once(academy: Academy, visitor: Invite) -> None:
    one = visitor()
    page = one.go("/settings")
    sent: list[str] = []

    def note(request: Request) -> None:
        if request.method == "POST":
            sent.append(request.url)

    page.on("request", note)
    page.route("**/settings", slow)
    button = page.locator("main form[action='/settings'] button.primary")
    with page.expect_navigation():
        button.evaluate(TWICE)
    assert sent == [f"{one.url}/settings"]
    page.unroute("**/settings")
    with academy.line.down("/settings"), suppress(Error):
        press(button)
    page.wait_for_url("chrome-error://**")
    one.go("/settings")  # a page that failed is no place to press again
    with page.expect_navigation():
        button.evaluate(TWICE)
    expect(page).to_have_url(f"{one.url}/settings")
    assert len(sent) == 3


def test_get_form_is_sent_again_at_once(visitor: Invite) -> None:
    # two buttons of one form download two files: the page remains, and no answer can be lost
    page = visitor().go("/search")
    page.route("**/search?*", lambda route: route.fulfill(status=204))
    page.locator("main form [name=q]").fill("visa")
    for _press in range(2):
        with page.expect_request("**/search?*"):
            page.locator("main form button").first.evaluate("button => button.click()")
