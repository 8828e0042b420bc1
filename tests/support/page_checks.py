"""Checks of a page in the browser: accessibility, width, headings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.support.visitors import DESKTOP, HEIGHT, PHONE, Visitor

SMALLEST = 320
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# axe need not copy the style sheets: of these rules, none reads the copies
OPTIONS = {"resultTypes": ["violations"], "preload": {"assets": ["media"]}}
ALL_RULES = {**OPTIONS, "runOnly": TAGS}
# what depends on width and colour scheme; the other rules read the document, which is the same
APPEARANCE = {**OPTIONS, "runOnly": {"type": "rule", "values": ["color-contrast", "target-size"]}}
# contrast takes half of the time and is measured on the first page of each kind
ALL_BUT_CONTRAST = {**ALL_RULES, "rules": {"color-contrast": {"enabled": False}}}
TARGETS = {**OPTIONS, "runOnly": {"type": "rule", "values": ["target-size"]}}
HAS_AXE = "() => 'axe' in window"
# the fourth row of a table and the sixth entry of a list are as the first ones
AXE = """async (options) => (await axe.run(
  {exclude: ["tbody > tr:nth-child(n+4)", "main li:nth-child(n+6)"]}, options
)).violations.map((found) =>
  `${found.id}: ${found.nodes.slice(0, 2).map((node) => node.html.slice(0, 160)).join(' | ')}`)"""
# the bar at the thumb covers a target only until one scrolls on: the check sees the page where it covers nothing
UNSTUCK = "() => document.querySelector('.thumb-bar')?.style.setProperty('position', 'static')"
FRAME = """() => ({
  lang: document.documentElement.lang,
  dir: document.documentElement.dir,
  headings: [...document.querySelectorAll('h1')].filter((it) => it.checkVisibility()).length,
  leave: [...document.querySelectorAll('a.leave[rel=noreferrer]')].filter((it) => it.checkVisibility()).length,
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


@dataclass(frozen=True, slots=True)
class View:
    """A width in pixels and a colour scheme; with rules of axe the page is checked by them, without only its width."""

    width: int
    scheme: Literal["light", "dark"]
    rules: Mapping[str, Any] | None


# each of the four combinations in one of the two languages: colours and the menu do not depend on it
FIRST_OF_ITS_KIND: Mapping[str, tuple[View, ...]] = {
    "en": (View(SMALLEST, "light", None), View(PHONE, "light", ALL_RULES), View(DESKTOP, "dark", APPEARANCE)),
    "ar": (View(SMALLEST, "dark", None), View(PHONE, "dark", APPEARANCE), View(DESKTOP, "light", ALL_RULES)),
}
# pages that are seen in both languages: the document is the same, its colours and its width are not;
# what differs between a narrow and a wide frame is on the pages above
IN_BOTH_LANGUAGES: Mapping[str, tuple[View, ...]] = {
    "en": (View(SMALLEST, "light", None), View(PHONE, "light", ALL_RULES), View(DESKTOP, "light", None)),
    "ar": (View(SMALLEST, "light", None), View(DESKTOP, "dark", APPEARANCE)),
}
# every other of these pages: contrast is measured in the other language
IN_BOTH_BUT_CONTRAST: Mapping[str, tuple[View, ...]] = {
    "en": (View(SMALLEST, "light", None), View(PHONE, "light", ALL_BUT_CONTRAST), View(DESKTOP, "light", None)),
    "ar": (View(SMALLEST, "light", None), View(DESKTOP, "dark", TARGETS)),
}
# a second page of the same kind has other contents, in one language
NEXT_OF_ITS_KIND: Mapping[str, tuple[View, ...]] = {
    "en": (View(SMALLEST, "light", None), View(PHONE, "light", ALL_BUT_CONTRAST), View(DESKTOP, "light", None)),
    "ar": (View(SMALLEST, "light", None), View(DESKTOP, "light", None)),
}


def look(visitor: Visitor, language: str, *, thorough: bool) -> list[str]:
    """Return the faults of the open page: of its frame, by axe, and where it is wider than the screen.

    A thorough look has all rules of axe.
    """
    return _faults(visitor, language, (FIRST_OF_ITS_KIND if thorough else NEXT_OF_ITS_KIND)[language], thorough)


def look_in_both(visitor: Visitor, language: str, *, thorough: bool, with_contrast: bool) -> list[str]:
    """Return the faults of a page that a test opens in both languages, light in one and dark in the other."""
    first_of_its_kind = IN_BOTH_LANGUAGES if with_contrast else IN_BOTH_BUT_CONTRAST
    return _faults(visitor, language, (first_of_its_kind if thorough else NEXT_OF_ITS_KIND)[language], thorough)


def _faults(visitor: Visitor, language: str, views: Sequence[View], thorough: bool) -> list[str]:
    page = visitor.page
    faults = frame_faults(page, language)
    page.evaluate(UNSTUCK)
    if any(view.rules for view in views):
        _bring_axe(page)
    for view in views:
        page.set_viewport_size({"width": view.width, "height": HEIGHT})
        if wide := page.evaluate(SIDEWAYS):
            faults.append(f"wider than {view.width}: {wide}")
        if view.rules:
            page.emulate_media(color_scheme=view.scheme, reduced_motion="reduce")
            faults += [f"{view.scheme} {view.width}: {fault}" for fault in page.evaluate(AXE, view.rules)]
    if thorough:
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
    return faults


def _bring_axe(page: Page) -> None:
    """Load axe into the page, and into the later ones of its browser: sending it each time takes longer than a page."""
    if not page.evaluate(HAS_AXE):
        page.context.add_init_script(AXE_SCRIPT)
        page.evaluate(AXE_SCRIPT)


def frame_faults(page: Page, language: str) -> list[str]:
    wanted = {"lang": language, "dir": "rtl" if language == "ar" else "ltr", "headings": 1, "leave": 1}
    values = page.evaluate(FRAME)
    return [f"{name} is {values[name]}, not {value}" for name, value in wanted.items() if values[name] != value]


# what a crawl reaches: it looks at these with all rules, and at other pages as at a second one of their kind
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
    "anonymous": {
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
