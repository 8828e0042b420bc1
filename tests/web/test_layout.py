import re
from pathlib import Path

import pytest
from flask import Flask

from app.web import assets, layout
from app.web.http import headers

APP = Path(assets.__file__).resolve().parents[1]
CLASS = re.compile(r"\.([a-z][\w-]*)")
# templates that staff alone open, and parts of which pages use some
STAFF_PLACES = (
    "studio/templates",
    "checks/templates/checks/calibration.html",
    "checks/templates/checks/product.html",
    "checks/templates/checks/rubric_parts.html",
    "directory/templates",
    "invitations/templates",
    "recovery/templates",
    "rights/templates",
    "workshops/templates/workshops/country_nomination_parts.html",
    "workshops/templates/workshops/nominate.html",
    "intake/templates",
    "operations/templates",
    "workshops/templates/teaching",
)


def classes(sheet: str) -> set[str]:
    texts = [(assets.STATIC / "css" / f"{layer}.css").read_text("utf-8") for layer in assets.SHEETS[sheet]]
    return set(CLASS.findall(re.sub(r'/\*.*?\*/|url\("[^"]*"\)|\{[^{}]*\}', " ", "\n".join(texts), flags=re.S)))


@pytest.mark.parametrize(
    ("endpoint", "path", "names"),
    [
        ("learning.lesson", "/courses/M01/lessons/start", ["academy.css"]),
        ("learning.course", "/courses/M01", ["academy.css", "pages.css"]),
        ("directory.show_people", "/people", ["academy.css", "staff.css"]),
        ("plan.show_figure", "/plan/figures/1", ["academy.css", "staff.css"]),
        ("plan.show_overview", "/plan", ["academy.css", "pages.css"]),
        (None, "/peoples", ["academy.css", "pages.css"]),
    ],
)
def test_page_loads_the_sheets_of_its_area(endpoint: str | None, path: str, names: list[str]) -> None:
    assert layout.sheets(endpoint, path, demo=False) == names
    assert layout.sheets(endpoint, path, demo=True) == [*names, "demo.css"]


def test_prefixes_of_staff_pages_are_routes(lite_app: Flask) -> None:
    rules = {rule.rule for rule in lite_app.url_map.iter_rules()}
    for prefix in set(layout.STAFF_PREFIXES) - {"/_components"}:
        assert any(layout.is_within(rule, [prefix]) for rule in rules)
    assert {rule.endpoint for rule in lite_app.url_map.iter_rules()} >= headers.READING


def test_lesson_needs_the_first_sheet_alone() -> None:
    used = set()
    components = ("buttons", "icons", "lang", "notice", "question", "save_state", "status", "thread", "way")
    files = [APP / "templates" / "components" / f"{name}.html" for name in components]
    for path in (APP / "learning/templates/learning/lesson.html", APP / "templates/layout.html", *files):
        for value in re.findall(r'class="([^"]*)"', path.read_text("utf-8")):
            used |= set(re.sub(r"\{[{%].*?[%}]\}", " ", value).split())
    # kinds of questions for which a lesson loads pages.css (`has_fields`), and the ornament of other pages
    others = {
        "ask",
        "cloze",
        "pick-text",
        "scale",
        "weave",
        "f",
        "field",
        "mid",
        "langs",
        "n",
        "plainbar",
        "tbar",
        "short",
    }
    elsewhere = classes("pages.css") - classes("academy.css")
    assert used & elsewhere - others - {"bed", "val", "aim", "hole", "more", "tight"} == set()


def test_styles_of_staff_are_used_by_staff_alone() -> None:
    own = classes("staff.css") - classes("pages.css") - classes("academy.css")
    assert own
    strays = []
    for path in APP.rglob("templates/**/*.html"):
        name = path.relative_to(APP).as_posix()
        if name.startswith((*STAFF_PLACES, "templates/components_page")):
            continue
        values = re.findall(r'class="([^"{]*)', path.read_text("utf-8"))
        strays += [f"{name}: {word}" for value in values for word in value.split() if word in own]
    assert strays == []
