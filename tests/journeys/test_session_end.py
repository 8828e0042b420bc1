"""The end of a session is announced five minutes before, one press puts it off, and what has ended is said as ended."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import update

from app.db.session import db, transaction
from app.kernel import clock
from app.sign_in.models import SignInSession
from tests.support.served_academy import LAW, Academy
from tests.support.visitors import Invite, Visitor

pytestmark = pytest.mark.browser
FIRST, SECOND = (f"/courses/{LAW}/lessons/{name}" for name in ("the-definition", "consent-and-children"))
IDLE, SOON, OUT = 60, "You will be signed out in five minutes.", "You were signed out. Sign in again."
ASKED, STAYED = "/settings/session", "/settings/session?stay=1"


def _open(one: Visitor, path: str = "/courses") -> Page:
    one.page.clock.install()
    return one.go(path)


def _spend(academy: Academy, one: Visitor, minutes: float) -> None:
    """Let time pass on the server, then in the page; an earlier request of the page must not arrive in between."""
    expect(one.page.locator("#ends[data-asking]:not([data-asking='0'])")).to_have_count(0)
    gone = timedelta(minutes=minutes)
    with academy.app.app_context(), transaction():
        row = db.session.query(SignInSession).filter_by(person_id=one.person_id).one()
        row.seen_at, row.ends_at = row.seen_at - gone, row.ends_at - gone
    one.page.clock.run_for(int(minutes * 60_000))


def _expect_soon(page: Page) -> None:
    expect(page.get_by_text(SOON)).to_be_visible()
    expect(page.get_by_text(OUT)).to_be_hidden()


def _expect_out(page: Page) -> None:
    expect(page.get_by_role("alert").get_by_role("link", name=OUT)).to_be_visible()
    expect(page.get_by_text(SOON)).to_be_hidden()
    expect(page.get_by_role("button", name="Stay signed in")).to_be_hidden()


def test_one_press_puts_the_end_off(academy: Academy, visitor: Invite) -> None:
    one = visitor()
    page = _open(one)
    _spend(academy, one, IDLE - 6)
    expect(page.locator("#ends")).to_be_hidden()
    _spend(academy, one, 2)
    _expect_soon(page)
    with page.expect_response(lambda answer: answer.url.endswith(STAYED)):
        page.get_by_role("button", name="Stay signed in").click()
    expect(page.locator("#ends")).to_be_hidden()
    _spend(academy, one, IDLE - 6)
    expect(page.locator("#ends")).to_be_hidden()
    _spend(academy, one, 2)
    _expect_soon(page)
    assert one.complaints == []


def test_who_turned_a_lesson_is_told_of_the_end(academy: Academy, visitor: Invite) -> None:
    one = visitor()
    page = _open(one, FIRST)
    page.evaluate("window.stayed = true")
    page.locator("form[data-turn] button").click()
    page.wait_for_url(one.url + SECOND)
    assert page.evaluate("window.stayed") is True
    _spend(academy, one, IDLE - 4)
    _expect_soon(page)
    _spend(academy, one, 5)
    _expect_out(page)
    page.get_by_role("alert").get_by_role("link", name=OUT).click()
    page.wait_for_url("**/sign-in?next=*")
    one.sign_in()
    page.wait_for_url(one.url + SECOND)


def test_who_comes_back_to_the_page_keeps_it_awake(academy: Academy, visitor: Invite) -> None:
    one = visitor()
    page = _open(one)
    page.evaluate("Object.defineProperty(document, 'hidden', { value: true, configurable: true })")
    _spend(academy, one, IDLE - 4)
    expect(page.locator("#ends")).to_be_hidden()
    with page.expect_response(lambda answer: answer.url.endswith(STAYED)):
        page.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("#ends")).to_be_hidden()
    _spend(academy, one, IDLE - 10)
    expect(page.locator("#ends")).to_be_hidden()


def test_the_last_end_cannot_be_put_off(academy: Academy, visitor: Invite) -> None:
    one = visitor()
    with academy.app.app_context(), transaction():
        mine = update(SignInSession).where(SignInSession.person_id == one.person_id)
        db.session.execute(mine.values(ends_at=clock.real_now() + timedelta(minutes=6)))
    page = _open(one)
    _spend(academy, one, 2)
    _expect_soon(page)
    expect(page.get_by_role("button", name="Stay signed in")).to_be_hidden()
    _spend(academy, one, 5)
    _expect_out(page)


def test_nobody_stays_in_a_session_that_is_over(academy: Academy, visitor: Invite) -> None:
    one = visitor()
    page = _open(one)
    _spend(academy, one, IDLE - 4)
    _expect_soon(page)
    academy.end_sessions(one.person_id)
    # the page may have learnt of the end already, and hide the button
    page.locator("#ends button", has_text="Stay signed in").dispatch_event("click")
    _expect_out(page)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.run_for(10 * 60_000)
    _expect_out(page)
    assert asked == []


def test_a_dead_line_is_not_taken_for_an_end(academy: Academy, visitor: Invite) -> None:
    one = visitor()
    page = _open(one)
    one.context.set_offline(True)
    _spend(academy, one, IDLE - 4)
    _expect_soon(page)
    _spend(academy, one, 5)
    expect(page.locator("#ends")).to_be_hidden()  # unknown: another page may have been busy
    one.context.set_offline(False)
    page.clock.run_for(60_000)
    _expect_out(page)


def test_what_the_server_does_not_count_puts_nothing_off(academy: Academy, visitor: Invite) -> None:
    one = visitor()
    page = _open(one)
    _spend(academy, one, IDLE - 6)
    page.evaluate("fetch(document.querySelector('link[rel=stylesheet]').href)")
    with academy.line.down("/courses"):
        page.evaluate("fetch('/courses').catch(() => 0)")
    _spend(academy, one, 2)
    _expect_soon(page)
    expect(page.locator("#ends")).to_be_visible()


def test_another_page_of_the_session_keeps_this_one_quiet(academy: Academy, visitor: Invite) -> None:
    one = visitor()
    page = _open(one)
    _spend(academy, one, IDLE - 6)
    one.another_page().goto(one.url + "/record")
    with page.expect_response(lambda answer: answer.url.endswith(ASKED)):
        _spend(academy, one, 2)
    expect(page.locator("#ends")).to_be_hidden()
    _spend(academy, one, IDLE - 10)
    expect(page.locator("#ends")).to_be_hidden()
    _spend(academy, one, 6)
    _expect_soon(page)
