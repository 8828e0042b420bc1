import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from app.catalogue.domain.items import Item, ItemKind
from tests.support.lesson_journey import answer, main, shown_question
from tests.support.served_academy import LAW, VICTIMS, Academy, Key
from tests.support.visitors import DESKTOP, PHONE, Invite, Visitor, press

pytestmark = pytest.mark.browser
OUTBOX = "() => Object.keys(localStorage).filter((name) => name.startsWith('outbox:')).length"
SEQUENCES = """() => Object.entries(localStorage)
    .filter(([name]) => name.startsWith('outbox:'))
    .map(([, entry]) => JSON.parse(entry).sequence)"""


@dataclass
class Sitting:
    """A test that a visitor has begun, with its key."""

    academy: Academy
    one: Visitor
    attempt: str
    keys: dict[int, tuple[Item, Key]]

    @property
    def page(self) -> Page:
        return self.one.page

    def give(self, number: int, page: Page | None = None) -> None:
        """Give the right answer to the question that is shown, and go on to the next one."""
        section = shown_question(page or self.page, number)
        answer(section, *self.keys[number])
        section.locator("button.primary").click()

    def go(self, number: int) -> None:
        self.one.go(f"/attempts/{self.attempt}/{number}")

    def held(self) -> dict[int, Any]:
        return dict(self.academy.held(self.one.person_id, self.attempt))

    def right(self) -> dict[int, Any]:
        """Return what the server must hold when each answer of the key arrived."""
        return {number: key for number, (_item, key) in self.keys.items()}

    def wait_until_held(self, count: int) -> None:
        self.academy.wait_for(lambda: len(self.held()) == count)

    def hand_in(self) -> None:
        """Hand in from the list of answers, where the last question led."""
        expect(self.page).to_have_url(re.compile("/check$"))
        press(self.page.locator("form[data-hand-in] button"))
        expect(self.page).to_have_url(re.compile("/result$"))


Begin = Callable[..., Sitting]


@pytest.fixture
def begin(academy: Academy, visitor: Invite) -> Begin:
    def start(language: str = "en", width: int = DESKTOP, *, shared: bool = False, course: str = LAW) -> Sitting:
        one = visitor(language, width, shared=shared)
        one.go(f"/courses/{course}/test")
        press(main(one.page).locator("form button.primary"))
        attempt = one.page.url.split("/")[-2]
        return Sitting(academy, one, attempt, academy.keys(one.person_id, attempt))

    return start


@pytest.mark.parametrize(("language", "width", "course"), [("en", DESKTOP, LAW), ("ar", PHONE, VICTIMS)])
def test_no_answer_is_lost_by_a_dead_line_a_reload_and_an_ended_session(
    begin: Begin, academy: Academy, language: str, width: int, course: str
) -> None:
    sitting = begin(language, width, course=course)
    page, count = sitting.page, len(sitting.keys)
    for number in (1, 2, 3):
        sitting.give(number)
    sitting.wait_until_held(3)
    sitting.one.context.set_offline(True)
    for number in range(4, count):
        sitting.give(number)
    expect(page.locator('[data-state="waits"]')).to_be_visible()
    assert len(sitting.held()) == 3
    academy.end_sessions(sitting.one.person_id)
    sitting.one.context.set_offline(False)
    page.reload()
    expect(page).to_have_url(re.compile("/sign-in"))
    sitting.one.sign_in()
    expect(page).to_have_url(re.compile(f"/attempts/{sitting.attempt}/"))
    sitting.wait_until_held(count - 1)
    sitting.go(count)
    sitting.give(count)
    sitting.hand_in()
    assert sitting.held() == sitting.right()
    assert academy.share(sitting.one.person_id, sitting.attempt) == 1.0
    assert page.evaluate(OUTBOX) == 0


def test_answers_whose_acknowledgement_is_lost_are_sent_again_and_counted_once(begin: Begin, academy: Academy) -> None:
    sitting = begin()
    page = sitting.page
    with academy.line.down("/saves", answers=True):
        sitting.give(1)
        expect(page.locator('[data-state="waits"]')).to_be_visible()
        # an answer of several fields is saved in steps, and the page pauses up to 30 seconds: wait for the last one
        whose = (sitting.one.person_id, sitting.attempt)
        academy.wait_for(lambda: page.evaluate(SEQUENCES) == [academy.newest_save(*whose)], seconds=60)
        assert sitting.held() == {1: sitting.right()[1]}
    stored = academy.saves(*whose)
    page.reload()
    expect(page.locator('[data-state="saved"]')).to_be_visible()
    assert page.evaluate(OUTBOX) == 0
    assert academy.saves(*whose) == stored
    assert sitting.held() == {1: sitting.right()[1]}


def test_answers_given_while_the_server_is_away_go_out_by_themselves(begin: Begin, academy: Academy) -> None:
    sitting = begin()
    page = sitting.page
    page.clock.install()
    page.reload()
    with academy.line.down("/saves"):
        sitting.give(1)
        sitting.give(2)
        expect(page.locator('[data-state="waits"]')).to_be_visible()
        assert sitting.held() == {}
    page.clock.fast_forward(31_000)  # no event says that a server is back: the page tries again
    sitting.wait_until_held(2)
    expect(page.locator('[data-state="saved"]')).to_be_visible()


def test_a_line_that_hangs_is_given_up_and_tried_again(begin: Begin) -> None:
    sitting = begin()
    page = sitting.page
    page.clock.install()
    page.reload()
    page.route("**/saves", lambda _route: None)  # neither an answer nor an error, as on a line that died silently
    sitting.give(1)
    expect(page.locator('[data-state="device"]')).to_be_visible()
    page.clock.fast_forward(21_000)
    expect(page.locator('[data-state="waits"]')).to_be_visible()
    page.unroute("**/saves")
    page.clock.fast_forward(31_000)
    sitting.wait_until_held(1)


def test_answers_of_a_closed_tab_are_sent_from_the_next_page_one_opens(begin: Begin, academy: Academy) -> None:
    sitting = begin()
    with academy.line.down("/saves"):
        sitting.give(1)
        sitting.give(2)
        expect(sitting.page.locator('[data-state="waits"]')).to_be_visible()
        sitting.page.close()
    sitting.one.page = sitting.one.another_page()
    sitting.one.go("/")
    sitting.wait_until_held(2)
    academy.wait_for(lambda: sitting.page.evaluate(OUTBOX) == 0)
    assert {n: sitting.right()[n] for n in (1, 2)} == sitting.held()


def test_of_two_tabs_the_later_answer_counts(begin: Begin, academy: Academy) -> None:
    sitting = begin()
    number = next(n for n, (item, _key) in sitting.keys.items() if item.kind in {ItemKind.SINGLE, ItemKind.TRUEFALSE})
    sitting.go(number)
    other = sitting.one.another_page()
    other.goto(sitting.page.url)
    right = int(sitting.keys[number][1]["choice"][0])
    wrong = 0 if right else 1
    first, second = (page.locator(f'[data-question="{number}"]') for page in (sitting.page, other))
    for section, place in ((first, wrong), (second, right)):
        section.locator(f'[name=choice][value="{place}"]').check()
        academy.wait_for(lambda place=place: sitting.held().get(number) == {"choice": [str(place)]})
    sitting.page.reload()
    expect(first.locator(f'[name=choice][value="{right}"]')).to_be_checked()


def test_a_shared_computer_stores_nothing_and_says_so(begin: Begin, academy: Academy) -> None:
    sitting = begin(shared=True)
    page = sitting.page
    sitting.one.context.set_offline(True)
    sitting.give(1)
    assert page.evaluate("localStorage.length") == 0
    sitting.one.context.set_offline(False)
    sitting.wait_until_held(1)
    with academy.line.down("/saves"):
        section = shown_question(page, 2)
        answer(section, *sitting.keys[2])
        expect(page.locator('[data-state="page"], [data-state="waits"]').filter(visible=True)).to_have_count(1)
        assert page.evaluate("localStorage.length") == 0
    page.evaluate("dispatchEvent(new Event('online'))")
    sitting.wait_until_held(2)


def test_signing_out_sends_what_waits_and_empties_the_outbox(begin: Begin, academy: Academy) -> None:
    sitting = begin()
    page = sitting.page
    with academy.line.down("/saves"):
        sitting.give(1)
        expect(page.locator('[data-state="waits"]')).to_be_visible()
    sign_out(page)
    sitting.wait_until_held(1)
    assert page.evaluate(OUTBOX) == 0


def test_signing_out_asks_first_when_answers_cannot_be_sent(begin: Begin, academy: Academy) -> None:
    sitting = begin()
    page = sitting.page
    with academy.line.down("/saves"):
        sitting.give(1)
        expect(page.locator('[data-state="waits"]')).to_be_visible()
        page.locator("details.pick.later > summary").click()
        button = page.locator(".pick form[data-sign-out] button")
        button.click()
        expect(button).to_have_text(re.compile("lose unsent answers"))
        press(button)
    expect(page).to_have_url(re.compile("/sign-in"))
    assert page.evaluate(OUTBOX) == 0
    assert sitting.held() == {}


def sign_out(page: Page) -> None:
    page.locator("details.pick.later > summary").click()
    press(page.locator(".pick form[data-sign-out] button"))
    expect(page).to_have_url(re.compile("/sign-in"))
