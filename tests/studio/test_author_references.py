import re
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from app.access.policy import Role, Scope
from app.catalogue.domain.blueprint_checks import DRAWN
from app.catalogue.domain.disk import files_on_disk
from app.catalogue.domain.folder import read_folder
from app.catalogue.domain.items import ItemKind
from app.catalogue.domain.lessons import BlockType
from app.studio.domain.course_edits import RESERVED, slug_of
from app.studio.domain.format_examples import MarkdownPart
from app.studio.forms.references import ReferenceFilter
from app.studio.pages.format_reference import SHORTCUTS
from app.studio.pages.reference_lists import sources_page, terms_page
from app.studio.pages.rendered_examples import EXAMPLE_ADDRESS, rendered_examples
from tests.support import factories, sites
from tests.support.sites import Site

ROOT = Path(__file__).resolve().parents[2]
REFERENCES = read_folder(files_on_disk(ROOT / "tests/catalogue/courses"))[0].references
BEFORE_CHECK = date(2026, 1, 1)
DRAWN_BY_PAGES = {BlockType.COUNTRY_FACTS, BlockType.DESK, BlockType.WORKED, BlockType.CARD, BlockType.AUDIO}
PAGES = ("/teaching/courses/reference", "/teaching/courses/sources", "/teaching/courses/terms")


def _filter(text: str) -> ReferenceFilter:
    return ReferenceFilter(MultiDict({"q": text}))


@pytest.fixture
def trainer(site: Site) -> FlaskClient:
    """A trainer who writes no course yet."""
    return site.client("trainer")


@pytest.mark.parametrize("kind", ItemKind)
def test_each_kind_of_question_is_rendered(context: Flask, kind: ItemKind) -> None:
    question = rendered_examples().questions[kind]
    assert question.stem.startswith("<p>")
    assert all(answer.text for answer in question.answers)


@pytest.mark.parametrize("block", BlockType)
def test_each_block_is_rendered(context: Flask, block: BlockType) -> None:
    sections = rendered_examples().blocks[block].sections
    if block in DRAWN_BY_PAGES:
        assert sections
    else:
        assert any(f"is-{block}" in section.html or section.question for section in sections)


@pytest.mark.parametrize(
    ("part", "tag"),
    [
        (MarkdownPart.HEADING, "<h2"),
        (MarkdownPart.EMPHASIS, "<strong"),
        (MarkdownPart.LIST, "<ul"),
        (MarkdownPart.NUMBERS, "<ol"),
        (MarkdownPart.LINK, 'class="outside"'),
        (MarkdownPart.CITATION, 'class="cite"'),
        (MarkdownPart.TERM, 'class="term"'),
        (MarkdownPart.PICTURE, f'src="{EXAMPLE_ADDRESS}"'),
        (MarkdownPart.TABLE, "<table"),
        (MarkdownPart.DEFINITIONS, "<dl"),
        (MarkdownPart.FOOTNOTE, 'class="footnotes"'),
        (MarkdownPart.QUOTATION, "<blockquote"),
        (MarkdownPart.CODE, "<pre"),
    ],
)
def test_markdown_is_rendered_as_its_element(context: Flask, part: MarkdownPart, tag: str) -> None:
    assert tag in "".join(section.html for section in rendered_examples().markdown[part].sections)


def test_reference_shows_each_example_and_which_kinds_are_not_asked(trainer: FlaskClient) -> None:
    page = trainer.get(PAGES[0]).text
    for name in (*MarkdownPart, *BlockType, *ItemKind):
        assert f'id="format-{name}"' in page
    assert page.count("Asked in lessons and desk tasks only") == len(set(ItemKind) - DRAWN)
    assert EXAMPLE_ADDRESS not in page


def test_reference_has_each_id_once_and_no_link_to_a_missing_id(trainer: FlaskClient) -> None:
    page = trainer.get(PAGES[0]).text
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'\shref="#(format-[^"]+)"', page)) <= set(ids)


def test_shortcuts_are_those_of_the_toolbar_and_save() -> None:
    toolbar = (ROOT / "app/studio/templates/studio/toolbar.html").read_text("utf-8")
    assert {*re.findall(r'key="([A-Z])"', toolbar), "S"} == set(SHORTCUTS)


@pytest.mark.parametrize("text", ["", "PORT", "belmora-port"])
def test_source_that_contains_the_text_is_listed_with_the_text_to_copy(text: str) -> None:
    (line,) = sources_page(REFERENCES, _filter(text), BEFORE_CHECK).sources
    assert (line.title, line.paste, line.is_due) == (
        "Rules of the port of Belmora", "[@belmora-port-rules, art. ]", False,
    )  # fmt: skip


def test_source_is_marked_when_its_check_is_overdue() -> None:
    (line,) = sources_page(REFERENCES, _filter(""), date.max).sources
    assert line.is_due


def test_other_sources_and_terms_are_left_out() -> None:
    assert sources_page(REFERENCES, _filter("treaty of the moon"), BEFORE_CHECK).sources == []
    assert terms_page(REFERENCES, _filter("moon"), "en").terms == []


@pytest.mark.parametrize(("text", "language"), [("", "en"), ("BERTH", "ar")])
def test_term_is_listed_in_english_where_the_language_lacks_it(text: str, language: str) -> None:
    (line,) = terms_page(REFERENCES, _filter(text), language).terms
    assert (line.paste, line.lang, line.dir) == ("[[berth]]", "en", "ltr")


def test_empty_lists_say_so(trainer: FlaskClient) -> None:
    assert "No sources" in trainer.get(PAGES[1], query_string={"q": "treaty of the moon"}).text
    assert "No terms" in trainer.get(PAGES[2], query_string={"q": "moon"}).text


@pytest.mark.parametrize("page", PAGES[1:])
def test_filter_that_is_too_long_is_refused(trainer: FlaskClient, page: str) -> None:
    assert trainer.get(page, query_string={"q": "x" * 201}).status_code == 422


@pytest.mark.parametrize("page", PAGES)
def test_pages_are_for_trainers(site: Site, page: str) -> None:
    assert site.client("owner").get(page).status_code == 403


def test_lesson_editor_links_to_the_pages(site: Site) -> None:
    with site.app.app_context():
        trainer = factories.person(grants=((Role.TRAINER, Scope.ALL, ""),))
    client = factories.sign_in(site.app, trainer)
    page = client.get(f"/teaching/courses/{sites.RESTRICTED}/lessons/the-berth-list").text
    assert all(f'href="{path}"' in page for path in PAGES)


def test_course_is_not_named_like_a_page(app: Flask) -> None:
    rules = [rule.rule.split("/") for rule in app.url_map.iter_rules() if rule.rule.startswith("/teaching/courses/")]
    fixed = {parts[3] for parts in rules if not parts[3].startswith("<")}
    assert fixed == RESERVED
    assert slug_of("Reference", RESERVED) == "reference-2"
