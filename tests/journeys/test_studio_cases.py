import re

import pytest
from playwright.sync_api import Page, expect

from tests.support.course_authors import TRAINER, course_of
from tests.support.examples import views
from tests.support.served_academy import Academy
from tests.support.visitors import DESKTOP, PHONE, Invite, Visitor, press

pytestmark = pytest.mark.browser


def _case(trainer: Visitor, outline: str) -> Page:
    """Add a case; its editor opens."""
    page = trainer.go(f"{outline}/cases")
    page.locator(".add-lesson #title").fill("The night ferry")
    press(page.locator(".add-lesson button"))
    expect(page.locator("[data-editor]")).to_be_visible()
    return page


@pytest.mark.parametrize(("language", "width"), views(("en", DESKTOP), ("ar", PHONE)))
def test_map_follows_the_text_of_a_case(academy: Academy, visitor: Invite, language: str, width: int) -> None:
    trainer = visitor(language, width, grants=TRAINER)
    page = _case(trainer, course_of(academy, trainer))
    expect(page.locator("[data-output] .case-map .node")).to_have_count(4)
    text = page.locator("#body").input_value()
    page.locator("#body").fill(text.replace("## end", "## alone\n\nA node apart.\n\n## end"))
    expect(page.locator("[data-output] .case-map .node")).to_have_count(5, timeout=20_000)
    expect(page.locator("[data-output] .unreachable")).to_have_count(1)
    page.locator("[data-output] table a").first.click()
    assert page.evaluate("document.activeElement.id") == "body"
    expect(page.locator("[data-state]")).to_contain_text(re.compile(r"[\d٠-٩]"), timeout=20_000)
    assert trainer.complaints == []


def test_case_is_played_without_a_script(academy: Academy, visitor: Invite) -> None:
    trainer = visitor(script=False, grants=TRAINER)
    page = _case(trainer, course_of(academy, trainer))
    press(page.locator("[data-output] a[href$='/play']"))
    press(page.locator("main form button.primary"))
    expect(page.locator("#mistakes")).to_be_visible()
    for _step in range(3):
        if page.locator("#moves").count():
            page.locator(".choice").first.click()
            press(page.locator("main form button.primary"))
    expect(page.locator("main .timeline")).to_be_visible()


@pytest.mark.parametrize(("language", "width"), views(("ar", PHONE), ("en", DESKTOP)))
def test_settings_are_changed_without_a_script(academy: Academy, visitor: Invite, language: str, width: int) -> None:
    trainer = visitor(language, width, script=False, grants=TRAINER)
    outline = course_of(academy, trainer)
    page = trainer.go(f"{outline}/settings")
    press(page.locator("button[value=competency]"))
    page.locator("#hours").fill("2.5")
    press(page.locator(".dock button.primary"))
    expect(page.locator("#hours")).to_have_value("2.5")
