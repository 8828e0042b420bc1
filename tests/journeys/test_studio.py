import re
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from app.access.policy import Role, Scope
from tests.support.served_academy import Academy
from tests.support.visitors import DESKTOP, PHONE, Invite, Visitor, press

pytestmark = pytest.mark.browser
TRAINER = ((Role.TRAINER, Scope.EVENT, str(uuid4())),)


def _course(trainer: Visitor, title: str) -> str:
    """Create a course by its form; return the path of its outline."""
    page = trainer.go("/teaching/courses/new")
    page.locator("#title").fill(title)
    page.locator("#paragraph").fill("What it is about.")
    page.locator("#outcomes").fill("write down what you saw")
    page.locator("main details summary").click()
    page.locator("#code").fill(f"T{uuid4().int % 10**6}")
    press(page.locator("main form button.primary"))
    return page.url.removeprefix(trainer.url)


def _lesson(page: Page, title: str) -> None:
    """Add a lesson to the outline that is open; its editor opens."""
    page.locator(".add-lesson #title").fill(title)
    press(page.locator(".add-lesson button"))
    expect(page.locator("[data-editor]")).to_be_visible()


def _type(page: Page, text: str) -> None:
    page.locator("#body").fill(text)


def _saved(page: Page) -> None:
    expect(page.locator("[data-state]")).to_contain_text(re.compile(r"\d"), timeout=20_000)


@pytest.mark.parametrize(("language", "width"), [("en", DESKTOP), ("ar", PHONE)])
def test_a_new_trainer_writes_a_lesson_and_sees_it_as_learners_do(visitor: Invite, language: str, width: int) -> None:
    trainer = visitor(language, width, grants=TRAINER)
    outline = _course(trainer, f"A course {uuid4().hex[:6]}")
    page = trainer.page
    _lesson(page, "Signs at the border")
    page.locator("#body").focus()
    page.keyboard.type("Look at the person first.")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.locator("[data-block^='/// note']").click()
    expect(page.locator("[data-output] .block, [data-output] aside")).to_have_count(1, timeout=20_000)
    expect(page.locator("[data-output]")).to_contain_text("Look at the person first.")
    _saved(page)
    press(page.locator(".dock button.primary"))
    trainer.go(f"{outline}/preview/signs-at-the-border")
    expect(page.locator("article")).to_contain_text("Look at the person first.")
    assert trainer.complaints == []


def test_text_typed_without_a_connection_is_there_after_a_reload(visitor: Invite, academy: Academy) -> None:
    trainer = visitor(grants=TRAINER)
    _course(trainer, f"A course {uuid4().hex[:6]}")
    page = trainer.page
    _lesson(page, "Signs at the border")
    with academy.line.down("autosave"):
        _type(page, "Typed while the connection was cut.")
        expect(page.locator("[data-state]")).not_to_be_empty(timeout=20_000)
        page.wait_for_function("localStorage.getItem('draft:' + location.pathname)")
        page.reload()
        expect(page.locator("#body")).to_have_value("Typed while the connection was cut.")
    _saved(page)
    page.wait_for_function("!localStorage.getItem('draft:' + location.pathname)")
    page.reload()
    expect(page.locator("#body")).to_have_value("Typed while the connection was cut.")


def test_nothing_is_stored_on_a_shared_computer(visitor: Invite, academy: Academy) -> None:
    trainer = visitor(grants=TRAINER, shared=True)
    _course(trainer, f"A course {uuid4().hex[:6]}")
    page = trainer.page
    _lesson(page, "Signs at the border")
    with academy.line.down("autosave"):
        _type(page, "Typed while the connection was cut.")
        expect(page.locator("[data-state]")).not_to_be_empty(timeout=20_000)
    assert page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('draft:')).length") == 0


def test_two_people_in_one_lesson_overwrite_nothing(visitor: Invite) -> None:
    first, second = visitor(grants=TRAINER), visitor(grants=((Role.TRAINER, Scope.ALL, ""),))
    outline = _course(first, f"A course {uuid4().hex[:6]}")
    _lesson(first.page, "Signs at the border")
    _type(first.page, "One.\n\nTwo.\n\nThree.")
    press(first.page.locator(".dock button.primary"))
    second.go(f"{outline}/lessons/signs-at-the-border")
    _type(first.page, "One, changed.\n\nTwo.\n\nThree.")
    press(first.page.locator(".dock button.primary"))
    _type(second.page, "One.\n\nTwo.\n\nThree, changed.")
    press(second.page.locator(".dock button.primary"))
    expect(second.page.locator("#body")).to_have_value("One, changed.\n\nTwo.\n\nThree, changed.")
    first.go(f"{outline}/lessons/signs-at-the-border")
    _type(first.page, "One, changed.\n\nTwo of the first.\n\nThree, changed.")
    _type(second.page, "One, changed.\n\nTwo of the second.\n\nThree, changed.")
    press(first.page.locator(".dock button.primary"))
    press(second.page.locator(".dock button.primary"))
    expect(second.page.locator(".pair")).to_contain_text("Two of the first.")
    expect(second.page.locator("#body")).to_have_value(re.compile("Two of the second."))
    press(second.page.locator(".dock button.primary"))
    first.go(f"{outline}/lessons/signs-at-the-border")
    expect(first.page.locator("#body")).to_have_value(re.compile("Two of the second."))


def test_a_lesson_is_written_without_a_script(visitor: Invite) -> None:
    trainer = visitor(script=False, grants=TRAINER)
    outline = _course(trainer, f"A course {uuid4().hex[:6]}")
    page = trainer.page
    _lesson(page, "Signs at the border")
    _type(page, "Look at the person first.")
    press(page.locator(".dock button.primary"))
    expect(page.locator("[data-output]")).to_contain_text("Look at the person first.")
    trainer.go(outline)
    _lesson(page, "Signs at work")
    trainer.go(outline)
    press(page.locator(".movers button").first)
    assert page.locator(".outline a[dir]").all_inner_texts() == ["1. Signs at work", "2. Signs at the border"]
