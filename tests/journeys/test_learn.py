import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.examples import views
from tests.support.lesson_journey import (
    COURSE,
    LESSONS,
    answer,
    go_on,
    main,
    open_part_with_check,
    play_case,
    shown_question,
    touch,
)
from tests.support.served_academy import Academy
from tests.support.visitors import DESKTOP, PHONE, Invite, Visitor, press

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("language", "width"), views(("en", DESKTOP), ("ar", PHONE), ("en", PHONE), ("ar", DESKTOP)))
def test_continue_leads_to_the_paragraph_where_one_stopped(
    academy: Academy, visitor: Invite, language: str, width: int
) -> None:
    one = visitor(language, width)
    page = one.page
    begin(one)
    expect(page).to_have_url(re.compile(f"{COURSE}/lessons/{LESSONS[0]}$"))
    go_on(page)
    stopped = page.locator('.part:not([data-away]) > [id^="h-"]').nth(3)
    place = stopped.get_attribute("id")
    stopped.evaluate("it => it.scrollIntoView()")
    one.go("/")  # leaving the page says where one stopped; no waiting for a timer
    academy.wait_for(lambda: f"h-{academy.place(one.person_id, LESSONS[0])}" == place)
    one.go("/")
    press(main(page).locator(".hero a.button"))  # the one press of the promise
    expect(page).to_have_url(re.compile(f"{COURSE}/lessons/{LESSONS[0]}(#.*)?$"))
    expect(page.locator(f"#{place}")).to_be_in_viewport()
    top = page.evaluate(TOP_BLOCK)
    assert top == place
    assert not one.complaints


@pytest.mark.parametrize(("language", "width"), views(("ar", PHONE), ("en", DESKTOP)))
def test_whole_course_is_done_and_the_record_shows_it(
    academy: Academy, visitor: Invite, language: str, width: int
) -> None:
    one = visitor(language, width)
    page = one.page
    begin(one)
    answer_a_check(page)
    for lesson in LESSONS:
        expect(page).to_have_url(re.compile(f"/lessons/{lesson}"))
        press(page.locator(".onward form button"))
    one.go(f"{COURSE}/test")
    press(main(page).locator("form button.primary"))
    attempt = page.url.split("/")[-2]
    keys = academy.keys(one.person_id, attempt)
    for number, (item, key) in keys.items():
        section = shown_question(page, number)
        answer(section, item, key)
        press(section.locator("button.primary"))
    expect(page).to_have_url(re.compile("/check$"))
    press(page.locator("form[data-hand-in] button"))
    expect(page).to_have_url(re.compile("/result$"))
    assert academy.share(one.person_id, attempt) == 1.0
    play_case(page, one.url)
    one.go(COURSE)
    expect(main(page).locator(".row.done")).to_have_count(len(LESSONS) + 2)
    one.go("/record")
    expect(main(page).locator("table a")).to_have_attribute("href", COURSE)
    assert page.evaluate("document.documentElement.dir") == ("rtl" if language == "ar" else "ltr")
    assert not one.complaints


TOP_BLOCK = """() => [...document.querySelectorAll('[data-place] [id^="h-"]')]
  .find((block) => /^h-\\d+$/.test(block.id) && block.getBoundingClientRect().bottom > 80).id"""


def begin(one: Visitor) -> None:
    """Go from home over the list of courses into the first lesson."""
    page = one.go("/")
    main(page).locator('a[href="/courses"]').first.click()
    press(main(page).locator(f'a[href="{COURSE}"]'))
    press(main(page).locator("form button.primary"))


def answer_a_check(page: Page) -> None:
    """Answer the first check of the lesson that is open; the feedback comes at its place in the text."""
    check = open_part_with_check(page)
    touch(check)
    check.locator(".actions button").click()
    expect(check.locator("section")).to_be_in_viewport()
    expect(check.locator("section li").first).not_to_be_empty()
