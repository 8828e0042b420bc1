import re

import pytest
from playwright.sync_api import expect

from tests.support.lesson_journey import COURSE, LESSONS, answer, main, play_case, shown_question, touch
from tests.support.served_academy import GUIDE, Academy
from tests.support.visitors import PHONE, Invite, press

pytestmark = pytest.mark.browser


def test_the_guide_is_done_without_script(visitor: Invite) -> None:
    learner = visitor("en", script=False)
    page = learner.go(f"/courses/{GUIDE}")
    press(main(page).locator("form button.primary"))
    lessons = page.locator(".thread a").count()
    assert lessons >= 4
    for _lesson in range(lessons):
        press(page.locator(".onward form button"))
    expect(page).to_have_url(re.compile(f"/courses/{GUIDE}$"))
    learner.go("/record")
    expect(main(page).locator("table a")).to_have_attribute("href", f"/courses/{GUIDE}")


def test_the_law_course_is_done_without_script(academy: Academy, visitor: Invite) -> None:
    learner = visitor("ar", PHONE, script=False)
    page = learner.go(COURSE)
    press(main(page).locator("form button.primary"))
    check = page.locator("form.is-check").first
    touch(check)
    press(check.locator("button"))
    expect(page).to_have_url(re.compile("#check-"))
    expect(page.locator("form.is-check section li").first).not_to_be_empty()
    for _lesson in LESSONS:
        press(page.locator(".onward form button"))
    learner.go(f"{COURSE}/test")
    press(main(page).locator("form button.primary"))
    attempt = page.url.split("/")[-2]
    for number, (item, key) in academy.keys(learner.person_id, attempt).items():
        section = shown_question(page, number)
        answer(section, item, key)
        press(section.locator("button.primary"))
    press(page.locator("form[data-hand-in] button"))
    expect(page).to_have_url(re.compile("/result$"))
    assert academy.share(learner.person_id, attempt) == 1.0
    play_case(page, learner.url)
    learner.go("/record")
    expect(main(page).locator("table a")).to_have_attribute("href", COURSE)


def test_lesson_is_one_page_with_anchors_without_script(visitor: Invite) -> None:
    learner = visitor("en", PHONE, script=False)
    page = learner.go(f"{COURSE}/lessons/{LESSONS[0]}")
    parts = page.locator(".part")
    assert parts.count() > 1
    for part in parts.all():
        expect(part).to_be_visible()
    page.locator(".pause a").nth(1).click()
    expect(page.locator(".part h2:target")).to_be_in_viewport()
    press(page.locator(".pause button").nth(1))
    expect(page).to_have_url(re.compile(f"{COURSE}$"))
    press(main(page).locator(".actions a.primary"))
    expect(parts.nth(2).locator("h2").first).to_be_in_viewport()
