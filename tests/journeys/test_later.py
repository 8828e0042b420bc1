"""Half a year after a test: from home to the questions, over a lost line, to the result with the lessons to read."""

import re

import pytest
from playwright.sync_api import expect

from app.access.policy import Actor, Role
from app.catalogue.queries import courses as catalogue
from tests.support import course_attempts
from tests.support.examples import views
from tests.support.lesson_journey import answer, shown_question
from tests.support.page_checks import look
from tests.support.served_academy import LAW, Academy
from tests.support.visitors import DESKTOP, PHONE, Invite, press

pytestmark = pytest.mark.browser
COURSE = f"/courses/{LAW}"
QUESTIONS = 6


@pytest.mark.parametrize(("language", "width"), views(("ar", PHONE), ("en", DESKTOP)))
def test_what_is_still_there_is_asked_once_and_leads_to_lessons(
    academy: Academy, visitor: Invite, language: str, width: int
) -> None:
    one = visitor(language, width)
    page, faults = one.page, list[str]()
    with academy.app.app_context():
        reader = Actor(one.person_id, "IQ", frozenset({Role.PRACTITIONER}))
        course_attempts.sit(one.person_id, catalogue.visible(reader, LAW))
    one.go("/")
    line = page.locator(f'main a[href="{COURSE}/later"]')
    expect(line).to_contain_text(str(QUESTIONS))
    faults += look(one, language, thorough=True)
    one.go(COURSE)
    faults += look(one, language, thorough=True)
    press(page.locator(f'main a[href="{COURSE}/later"]'))
    faults += look(one, language, thorough=True)
    press(page.locator("main form button.primary"))
    attempt = page.url.split("/")[-2]
    keys = academy.keys(one.person_id, attempt)
    assert len(keys) == QUESTIONS
    with academy.line.down("/saves"):
        section = shown_question(page, 1)
        answer(section, *keys[1])
        section.locator("button.primary").click()
        shown_question(page, 2)
        assert academy.held(one.person_id, attempt) == {}
    page.reload()
    academy.wait_for(lambda: 1 in academy.held(one.person_id, attempt))
    one.go("/")
    press(page.locator(f'main a[href="/attempts/{attempt}/check"]'))
    press(page.locator("form[data-hand-in] button"))
    expect(page).to_have_url(re.compile("/result$"))
    expect(page.locator("main a[href*='/lessons/']").first).to_be_visible()
    faults += look(one, language, thorough=True)
    one.go("/")
    expect(page.locator(f'main a[href="{COURSE}/later"]')).to_have_count(0)
    one.go(f"{COURSE}/later")
    expect(page.locator(f'main a[href="/attempts/{attempt}/result"]')).to_be_visible()
    expect(page.locator("main form")).to_have_count(0)
    faults += look(one, language, thorough=True)
    assert not faults, "\n".join(faults)
