"""What a template reads of its page exists in the page's class."""

import re
from importlib import import_module
from pathlib import Path

import pytest

from app.web.pages import Page
from tests.architecture.page_models import Problem, problems

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"\{#-? page: (?P<module>app(?:\.\w+)+)\.(?P<name>\w+)")
TEMPLATES = sorted((ROOT / "app").rglob("templates/**/*.html"))
WITH_PAGE = [path for path in TEMPLATES if NAMED.match(path.read_text("utf-8"))]


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", WITH_PAGE, ids=_name)
def test_template_reads_existing_fields_of_its_page(path: Path) -> None:
    text = path.read_text("utf-8")
    named = NAMED.match(text)
    assert named is not None
    page = getattr(import_module(named["module"]), named["name"])
    assert issubclass(page, Page)
    assert path.as_posix().endswith(f"templates/{page.template}")
    assert problems(text, page) == []


class _Line:
    title: str


class _Example(Page):
    lines: tuple[_Line, ...]
    first: _Line | None
    by_code: dict[str, _Line]


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("{{ page.lines }}{{ page.first.title }}", []),
        ("{{ page.rows }}", ["page.rows"]),
        ("{{ page.first.name }}", ["page.first.name"]),
        ("{% for line in page.lines %}{{ line.name }}{% endfor %}", ["line.name"]),
        ("{% for line in page.lines if line.name %}{{ line.title }}{% endfor %}", ["line.name"]),
        ("{% for code, line in page.by_code.items() %}{{ line.title }}{{ line.x }}{% endfor %}", ["line.x"]),
        ("{% set line = page.first %}{{ line.name }}", ["line.name"]),
    ],
)
def test_problems_name_missing_fields(text: str, missing: list[Problem]) -> None:
    assert problems(text, _Example) == missing
