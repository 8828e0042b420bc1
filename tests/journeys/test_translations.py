from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from app.access.policy import Role, Scope
from tests.support.visitors import DESKTOP, PHONE, Invite, press

pytestmark = pytest.mark.browser
TRAINER = ((Role.TRAINER, Scope.EVENT, str(uuid4())),)


def _is_within_the_window(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


@pytest.mark.parametrize(
    ("interface", "target", "direction", "width"),
    [("en", "ar", "rtl", PHONE), ("ar", "de", "ltr", PHONE), ("en", "ar", "rtl", DESKTOP)],
)
def test_trainer_translates_a_course_text_paragraph_by_paragraph(
    visitor: Invite, interface: str, target: str, direction: str, width: int
) -> None:
    trainer = visitor(interface, width, grants=TRAINER)
    page = trainer.go("/teaching/courses/new")
    page.locator("#title").fill(f"A course {uuid4().hex[:6]}")
    page.locator("#paragraph").fill("What it is about, in a long sentence that needs more than a line of a phone.")
    page.locator("#outcomes").fill("write down what you saw")
    page.locator("main details summary").click()
    page.locator("#code").fill(f"T{uuid4().int % 10**6}")
    press(page.locator("main form button.primary"))
    trainer.go(f"{page.url.removeprefix(trainer.url)}/translations?language={target}")
    assert _is_within_the_window(page)
    press(page.locator(".tasks a").first)
    assert page.locator("#target-1").evaluate("area => getComputedStyle(area).direction") == direction
    assert _is_within_the_window(page)
    visible = page.locator("[data-desk] > li:visible")
    expect(visible).to_have_count(1 if width == PHONE else page.locator("[data-desk] > li").count())
    page.locator("#target-1").fill("# x")
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator("#target-2")).to_be_focused()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("#target-1")).to_be_focused()
    press(page.locator("#block-1 button[name=next]"))
    assert page.url.endswith("#block-2")
    expect(page.locator("#target-2")).to_be_visible()
    expect(page.locator("#target-1")).to_have_value("# x")
    assert _is_within_the_window(page)
    assert trainer.complaints == []
