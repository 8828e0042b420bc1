"""Checks of a page in the browser: accessibility, width, headings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.support.visitors import DESKTOP, HEIGHT, Visitor

Scheme = Literal["light", "dark"]
SMALLEST = 320
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# axe need not copy the style sheets: of these rules, none reads the copies
OPTIONS = {"resultTypes": ["violations"], "preload": {"assets": ["media"]}}
ALL_RULES = {**OPTIONS, "runOnly": TAGS}
# what depends on width and colour scheme; the other rules read the document, which is the same
APPEARANCE = {**OPTIONS, "runOnly": {"type": "rule", "values": ["color-contrast", "target-size"]}}
# contrast takes a third of the time and is measured on the first page of each kind
ALL_BUT_CONTRAST = {**ALL_RULES, "rules": {"color-contrast": {"enabled": False}}}
TARGETS = {**OPTIONS, "runOnly": {"type": "rule", "values": ["target-size"]}}
# the fourth row of a table and the sixth entry of a list are as the first ones
REPEATED = ["tbody > tr:nth-child(n+4)", "main li:nth-child(n+6)"]
# what axe looks at: the page with its frame; the same without the frame's elements; what the page has of its own
WITH_FRAME = {"exclude": REPEATED}
WITHOUT_FRAME = {"exclude": [*REPEATED, "body > header", "body > footer"]}
OWN_PART = {"include": ["main", ".thumb-bar"], "exclude": REPEATED}
AXE = """async ([part, options]) => (await axe.run(part, options)).violations.map((violation) =>
  `${violation.id}: ${violation.nodes.slice(0, 2).map((node) => node.html.slice(0, 160)).join(' | ')}`)"""
# the bar at the thumb covers a target only until the user scrolls on: the check sees the page where it covers nothing
UNSTICK = """() => {
  document.querySelector('.thumb-bar')?.style.setProperty('position', 'static');
  return 'axe' in window;
}"""
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
    scheme: Scheme = "light"
    rules: Mapping[str, Any] | None = None


# each of the four combinations in one of the two languages: colours and the menu do not depend on it
FIRST_OF_ITS_KIND: Mapping[str, tuple[View, ...]] = {
    "en": (View(SMALLEST, "light", ALL_RULES), View(DESKTOP, "dark", APPEARANCE)),
    "ar": (View(SMALLEST, "dark", APPEARANCE), View(DESKTOP, "light", ALL_RULES)),
}
# a second page of the same kind has other contents
NEXT_OF_ITS_KIND: Mapping[str, tuple[View, ...]] = {
    "en": (View(SMALLEST, "light", ALL_BUT_CONTRAST), View(DESKTOP)),
    "ar": (View(SMALLEST), View(DESKTOP)),
}
# pages that are seen in both languages: the document is the same, its width is not. Contrast is measured in English:
# axe takes most Arabic words for icons that ligatures draw, and passes over them. What differs between a narrow and a
# wide frame, and on wide pages in English, is on the pages above.
IN_BOTH_LANGUAGES: Mapping[str, tuple[View, ...]] = {
    "en": (View(SMALLEST, rules=ALL_RULES),),
    "ar": (View(SMALLEST), View(DESKTOP, rules=TARGETS)),
}
# what makes a page wider than a phone is there in both languages, or on the first page of the kind in Arabic
NEXT_IN_BOTH: Mapping[str, tuple[View, ...]] = {
    "en": (View(SMALLEST, rules=ALL_BUT_CONTRAST),),
    "ar": (View(DESKTOP),),
}


def look(visitor: Visitor, language: str, *, thorough: bool, with_frame: bool = False) -> list[str]:
    """Return the faults of the open page: of its frame, by axe, and where it is wider than the screen.

    A thorough look has all rules of axe. The elements of the frame are looked at by axe on request: on the first page
    of a person.
    """
    views = (FIRST_OF_ITS_KIND if thorough else NEXT_OF_ITS_KIND)[language]
    return _faults(visitor.page, language, views, _part(thorough=thorough, with_frame=with_frame))


def look_in_both(page: Page, language: str, *, thorough: bool, scheme: Scheme, with_frame: bool = False) -> list[str]:
    """Return the faults of a page that a test opens in both languages.

    A thorough look in English measures contrast in one colour scheme.
    """
    views = (IN_BOTH_LANGUAGES if thorough else NEXT_IN_BOTH)[language]
    if thorough and language == "en":
        views = tuple(replace(view, scheme=scheme) for view in views)
    return _faults(page, language, views, _part(thorough=thorough, with_frame=with_frame))


def _part(*, thorough: bool, with_frame: bool) -> Mapping[str, Any]:
    if with_frame:
        return WITH_FRAME
    return WITHOUT_FRAME if thorough else OWN_PART


def _faults(page: Page, language: str, views: Sequence[View], part: Mapping[str, Any]) -> list[str]:
    faults = frame_faults(page, language)
    if not page.evaluate(UNSTICK) and any(view.rules for view in views):
        _bring_axe(page)
    assert page.viewport_size is not None
    width, scheme = page.viewport_size["width"], "light"
    for view in sorted(views, key=lambda view: view.width != width):  # each change of the width is paid for
        if view.width != width:
            page.set_viewport_size({"width": view.width, "height": HEIGHT})
            width = view.width
        if wide := page.evaluate(SIDEWAYS):
            faults.append(f"wider than {view.width}: {wide}")
        if view.rules:
            if view.scheme != scheme:
                page.emulate_media(color_scheme=view.scheme, reduced_motion="reduce")
                scheme = view.scheme
            violations = page.evaluate(AXE, [part, view.rules])
            faults += [f"{view.scheme} {view.width}: {violation}" for violation in violations]
    if scheme != "light":
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
    return faults


def _bring_axe(page: Page) -> None:
    """Load axe into the page, and into the later ones of its tab: sending it each time takes as long as a page."""
    page.add_init_script(AXE_SCRIPT)
    page.evaluate(AXE_SCRIPT)


def frame_faults(page: Page, language: str) -> list[str]:
    wanted = {"lang": language, "dir": "rtl" if language == "ar" else "ltr", "headings": 1, "leave": 1}
    values = page.evaluate(FRAME)
    return [f"{name} is {values[name]}, not {value}" for name, value in wanted.items() if values[name] != value]


# pages that a crawl of test_pages.py reaches and looks at with all rules
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
