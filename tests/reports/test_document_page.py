import itertools
import re

import msgspec
import pytest
from flask import Flask, current_app
from jinja2 import ChoiceLoader, PackageLoader

from app.reports.domain.document import (
    Cell,
    ReportColumn,
    ReportDocument,
    ReportParagraph,
    Row,
    Section,
    digest,
    encode,
)
from tests.support import frozen_reports

pytestmark = pytest.mark.usefixtures("context")


def _html(document: ReportDocument) -> str:
    template = current_app.jinja_env.from_string(
        '{% from "reports/document.html" import draw_document %}{{ draw_document(document, sha256) }}'
    )
    return template.render(document=document, sha256=digest(encode(document)))


@pytest.fixture(autouse=True)
def _templates(lite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Find the templates of the package, also before it has pages."""
    loaders = [lite_app.jinja_env.loader, PackageLoader("app.reports")]
    monkeypatch.setattr(lite_app.jinja_env, "loader", ChoiceLoader(loaders))


@pytest.mark.parametrize(("language", "expected"), [("en", "ltr"), ("ar", "rtl")])
def test_document_has_its_language_and_direction(language: str, expected: str) -> None:
    assert f'lang="{language}" dir="{expected}"' in _html(frozen_reports.document(language))


def test_headings_descend_by_steps_of_one_level() -> None:
    levels = [int(level) for level in re.findall(r"<h([1-6])", _html(frozen_reports.document(sections=4)))]
    assert levels[0] == 2
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_contents_lead_to_all_sections() -> None:
    html = _html(frozen_reports.document(sections=5))
    targets = re.findall(r'href="#([^"]+)"', html)
    assert targets == [f"section-{n}" for n in range(1, 6)]
    assert all(f'id="{target}"' in html for target in targets)


def test_tables_have_captions_and_scopes() -> None:
    html = _html(frozen_reports.document(sections=2))
    assert html.count("<caption>") == html.count("<table") == 2
    assert html.count('scope="col"') == 14
    assert html.count('scope="row"') == 15


def test_numbers_are_isolated() -> None:
    html = _html(frozen_reports.document("ar", sections=2))
    assert '<bdi dir="ltr">-5</bdi>' in html
    assert '<bdi dir="rtl">أذربيجان</bdi>' in html


def test_chart_is_described_mirrored_and_without_style() -> None:
    wording = frozen_reports.WORDINGS["ar"]
    html = _html(frozen_reports.document("ar", sections=2))
    drawing = html[html.index('class="chart"') :]
    assert f"<title>{wording.described}</title>" in drawing
    assert re.findall(r">(\d\d/\d{4})<", drawing)[0] == "03/2026"
    assert re.findall(r'x="100%"[^>]*text-anchor="(\w+)"', drawing) == ["end"] * 3
    assert "style=" not in html
    assert "<style" not in html


def test_texts_are_escaped() -> None:
    hostile = "<script>alert(1)</script>\"'&"
    document = frozen_reports.with_table(
        (Row(cells=(Cell(text=hostile),)),), (ReportColumn(head=hostile),), title=hostile
    )
    section = Section(key="a", title=hostile, sheet="A", blocks=(ReportParagraph(text=hostile),))
    html = _html(msgspec.structs.replace(document, sections=(*document.sections, section)))
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_texts_of_all_reports_have_the_language_of_the_document() -> None:
    html = _html(frozen_reports.document("ar"))
    assert "المحتويات" in html
    assert "Contents" not in html
