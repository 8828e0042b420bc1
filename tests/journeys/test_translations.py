from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from app.catalogue.domain.folder_names import Part
from app.studio.domain.translated_parts import TranslatedPart
from app.studio.domain.translation_blocks import TranslationBlockState as State
from app.studio.queries import translations, workspaces
from tests.support import studio_site
from tests.support.course_authors import TRAINER, TRAINER_OF_ALL, change_text, course_of
from tests.support.served_academy import GUIDE, Academy
from tests.support.visitors import DESKTOP, PHONE, Invite, press

pytestmark = pytest.mark.browser
LESSON = "what-a-result-means"  # no other journey changes it
CHANGES = {
    "what he can do at the roadside.": "what he can do at the border.",
    "You may try again after a wait.": "You may try again after some days.",
    "A case has a mark, too.": "A case has a mark, also.",
}


def _is_within_the_window(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


@pytest.mark.parametrize(
    ("interface", "target", "direction", "width"),
    [("en", "ar", "rtl", PHONE), ("ar", "de", "ltr", PHONE), ("en", "ar", "rtl", DESKTOP)],
)
def test_trainer_translates_a_course_text_paragraph_by_paragraph(
    academy: Academy, visitor: Invite, interface: str, target: str, direction: str, width: int
) -> None:
    trainer = visitor(interface, width, grants=TRAINER)
    page = trainer.go(f"{course_of(academy, trainer)}/translations?language={target}")
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


def test_translator_brings_changed_paragraphs_up_to_date_on_a_phone(academy: Academy, visitor: Invite) -> None:
    change_text(academy, GUIDE, f"lessons/{LESSON}.en.md", CHANGES)
    translator = visitor("ar", PHONE, grants=TRAINER_OF_ALL)
    page = translator.go(f"/teaching/courses/{GUIDE}/translations?language=ar")
    press(page.locator(f".tasks a[href*='/{LESSON}/']"))
    block = page.locator("[data-desk] > li:visible")
    for position, new in enumerate(CHANGES.values()):
        expect(block).to_have_count(1)
        expect(block.locator(".diff-text").first).to_contain_text(new)
        expect(block.locator("del, ins").first).to_be_visible()
        assert _is_within_the_window(page)
        if position == 1:
            press(block.locator("button[name=accept]"))
            page.locator(".title a[href*='#block-']").click()
        else:
            target = block.locator("textarea")
            target.fill(f"{target.input_value()} (بعد المراجعة)")
            press(block.locator("button[name=next]"))
    expect(page.locator("[data-desk] button[name=accept]")).to_have_count(0)
    assert _changed_paragraphs(academy, translator.person_id) == (0, 2)
    assert translator.complaints == []


def _changed_paragraphs(academy: Academy, person_id: UUID) -> tuple[int, int]:
    """Return how many paragraphs follow an earlier source, and how many have the translator's words."""
    with academy.app.app_context():
        workspace = workspaces.workspace(studio_site.actor(person_id), GUIDE)
        file = translations.translated_file(workspace, TranslatedPart(Part.LESSON, LESSON), "ar")
        words = sum("(بعد المراجعة)" in block.target for block in file.translation.blocks)
        return file.translation.count(State.CHANGED), words
