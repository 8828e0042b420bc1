"""Steps of a person who takes a course in the browser."""

import re

from playwright.sync_api import Locator, Page, expect

from app.catalogue.domain.items import Item, ItemKind
from tests.support.served_academy import LAW, Key
from tests.support.visitors import press

TICKED = {*map(ItemKind, ("single", "several", "truefalse", "passages", "rating", "mark"))}
COURSE = f"/courses/{LAW}"
LESSONS = (
    "the-definition",
    "consent-and-children",
    "smuggling-of-migrants",
    "from-one-to-the-other",
    "non-punishment",
    "equality-and-our-own-errors",
)


def main(page: Page) -> Locator:
    return page.locator("main")


def go_on(page: Page) -> None:
    """Go on to the next part of the lesson that is open."""
    before = page.url
    page.locator(".part:not([data-away]) .pause a").click()
    expect(page).not_to_have_url(before)
    expect(page.locator(":target")).to_be_visible()


def open_part_with_check(page: Page) -> Locator:
    """Go on to the first part that holds a question, and return its form."""
    check = page.locator(".part:not([data-away]) form.is-check")
    while not check.count():
        go_on(page)
    return check.first


def shown_question(page: Page, number: int) -> Locator:
    section = page.locator(f'[data-question="{number}"]')
    expect(section).to_be_visible()
    return section


def answer(section: Locator, item: Item, key: Key) -> None:
    """Fill a question in with the right answer, and say that one is sure."""
    for name, values in key.items():
        field = section.locator(f'[name="{name}"]')
        for value in values:
            if item.kind in TICKED or name == "proof":
                section.locator(f'[name="{name}"][value="{value}"]').check()
            elif name.endswith("-in"):  # the document of a line of a pair, by its position; none if there is only one
                if field.count():
                    field.select_option(index=int(value))
            elif field.evaluate("field => field.matches('select')"):
                field.select_option(value)
            else:
                field.fill(value)
    if section.locator("[name=certainty]").count():
        section.locator('[name=certainty][value="3"]').check()


def play_case(page: Page, url: str) -> None:
    """Go through the case by always taking the first way, to the debrief."""
    page.goto(f"{url}{COURSE}/cases/scenario")
    press(main(page).locator("form button.primary"))
    for _step in range(30):
        if page.url.endswith("/debrief"):
            break
        main(page).locator("[name=move]").first.check()
        press(main(page).locator("form button.primary"))
    expect(page).to_have_url(re.compile("/debrief$"))


def touch(check: Locator) -> None:
    """Give some answer to a check of any kind: choose the first option, or write a figure."""
    field = check.locator('input:not([type="hidden"]), select, textarea').first
    kind = field.evaluate("it => it.matches('[type=radio], [type=checkbox]') ? 'tick' : it.tagName")
    if kind == "tick":
        field.check()
    elif kind == "SELECT":
        field.select_option(index=1)
    else:
        field.fill("1")
