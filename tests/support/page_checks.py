"""Checks of a page in the browser: accessibility, width, headings."""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.support.visitors import DESKTOP, HEIGHT, PHONE, Visitor

SMALLEST = 320
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
AXE = """async (options) => (await axe.run(options)).violations.map((found) =>
  `${found.id}: ${found.nodes.slice(0, 2).map((node) => node.html.slice(0, 160)).join(' | ')}`)"""
# the bar at the thumb covers a target only until one scrolls on: the check sees the page where it covers nothing
UNSTUCK = "() => document.querySelector('.thumb-bar')?.style.setProperty('position', 'static')"
FRAME = """() => ({
  lang: document.documentElement.lang,
  dir: document.documentElement.dir,
  headings: [...document.querySelectorAll('h1')].filter((it) => it.checkVisibility()).length,
  leave: [...document.querySelectorAll('a[rel=noreferrer]')].filter((it) => it.checkVisibility()).length,
})"""
SIDEWAYS = """() => {
  const width = document.documentElement.clientWidth;
  if (document.scrollingElement.scrollWidth <= width) return '';
  const wide = [...document.body.querySelectorAll('*')].filter((it) => {
    const box = it.getBoundingClientRect();
    return box.right > width + 1 || box.left < -1;
  });
  return wide.slice(-2).map((it) => it.outerHTML.slice(0, 120)).join(' | ') || 'the page itself';
}"""


def look(one: Visitor, language: str, *, thorough: bool) -> list[str]:
    """Return what is wrong with the page that is open: thoroughly, in light and dark, on a phone and at a desk."""
    page = one.page
    page.evaluate(AXE_SCRIPT)
    faults = frame_faults(page, language)
    for width, scheme in WAYS[language] if thorough else AGAIN[language]:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.evaluate(UNSTUCK)
        faults += [f"{scheme} {width}: {fault}" for fault in page.evaluate(AXE, RULES)]
    for width in (DESKTOP, PHONE, SMALLEST):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        if wide := page.evaluate(SIDEWAYS):
            faults.append(f"wider than {width}: {wide}")
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size({"width": DESKTOP, "height": HEIGHT})
    return faults


# each of the four ways in one of the two languages: colours and the menu do not depend on it
WAYS: dict[str, tuple[tuple[int, Any], ...]] = {
    "en": ((PHONE, "light"), (DESKTOP, "dark")),
    "ar": ((DESKTOP, "light"), (PHONE, "dark")),
}
# a second page of the same kind is checked in one language only
AGAIN: dict[str, tuple[tuple[int, Any], ...]] = {"en": WAYS["en"][:1], "ar": ()}


def frame_faults(page: Page, language: str) -> list[str]:
    wanted = {"lang": language, "dir": "rtl" if language == "ar" else "ltr", "headings": 1, "leave": 1}
    found = page.evaluate(FRAME)
    return [f"{name} is {found[name]}, not {value}" for name, value in wanted.items() if found[name] != value]


WANTED = {
    "practitioner": {
        "home.show_start",
        "home.record",
        "home.notices",
        "home.search_site",
        "learning.courses",
        "learning.course",
        "learning.lesson",
        "learning.test",
        "learning.pretest",
        "learning.later",
        "learning.case",
        "quizzes.question",
        "quizzes.check",
        "quizzes.result",
        "scenarios.show",
        "scenarios.debrief",
        "settings.show_profile",
        "missing",
    },
    "administrator": {
        "operations.show_status",
        "settings.show_profile",
        "home.notices",
        "directory.show_person",
        "rights.roles",
    },
    "nobody": {
        "sign_in.sign_in",
        "about.accessibility",
        "about.help",
        "about.privacy",
        "about.show",
        "rights.show_access_table",
        "components.show_components",
        "missing",
    },
}
