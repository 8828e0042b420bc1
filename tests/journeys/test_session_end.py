"""The end of a session is announced five minutes before, and one press puts it off."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select, update

from app.accounts.models import SignInSession
from app.db.session import db, transaction
from app.kernel import clock
from tests.journeys.academy import Academy
from tests.journeys.conftest import Invite

pytestmark = pytest.mark.browser
HALF_AN_HOUR = timedelta(minutes=30)


def test_one_press_puts_the_end_off(academy: Academy, visitor: Invite) -> None:
    one = visitor()
    one.page.clock.install()
    one.go("/courses")
    said, stay = one.page.locator("#ends"), one.page.get_by_role("button", name="Stay signed in")
    one.page.clock.run_for(40 * 60_000)  # of 50 minutes
    expect(said).to_be_hidden()
    one.page.clock.run_for(6 * 60_000)
    expect(said).to_be_visible()
    mine = update(SignInSession).where(SignInSession.person_id == one.person_id)
    with academy.app.app_context(), transaction():
        earlier = clock.real_now() - HALF_AN_HOUR
        db.session.execute(mine.values(seen_at=earlier))
    with one.page.expect_response(lambda answer: answer.url.endswith("/about")):
        stay.click()
    expect(said).to_be_hidden()
    with academy.app.app_context():
        seen = select(SignInSession.seen_at).where(SignInSession.person_id == one.person_id)
        assert db.session.scalars(seen).one() > earlier + HALF_AN_HOUR / 2
    one.page.clock.run_for(44 * 60_000)
    expect(said).to_be_hidden()
    one.page.clock.run_for(2 * 60_000)
    expect(said).to_be_visible()
    assert one.complaints == []


def test_who_comes_back_to_the_page_keeps_it_awake(visitor: Invite) -> None:
    one = visitor()
    one.page.clock.install()
    one.go("/courses")
    one.page.clock.run_for(46 * 60_000)
    expect(one.page.locator("#ends")).to_be_visible()
    with one.page.expect_response(lambda answer: answer.url.endswith("/about")):
        one.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(one.page.locator("#ends")).to_be_hidden()


def test_the_last_end_cannot_be_put_off(academy: Academy, visitor: Invite) -> None:
    one = visitor()
    with academy.app.app_context(), transaction():
        mine = update(SignInSession).where(SignInSession.person_id == one.person_id)
        db.session.execute(mine.values(ends_at=clock.real_now() + timedelta(minutes=6)))
    one.page.clock.install()
    one.go("/courses")
    one.page.clock.run_for(2 * 60_000)
    expect(one.page.locator("#ends")).to_be_visible()
    expect(one.page.get_by_role("button", name="Stay signed in")).to_be_hidden()
