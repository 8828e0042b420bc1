import pytest
from hypothesis import given, strategies as st

from app.catalogue.domain.document_reader import read_document
from app.catalogue.domain.document_translation import merge_document
from app.catalogue.domain.document_writer import write_document
from app.catalogue.domain.documents import Document, DocumentKind
from app.catalogue.domain.folder_names import Part
from app.catalogue.domain.text import TextFile
from app.catalogue.domain.translations import cut_front
from app.studio.domain.translated_parts import TranslatedPart, part_of, source_blocks
from app.studio.domain.translation_blocks import (
    Translation,
    TranslationBlockState as State,
    rebuild,
    split,
    with_target,
)
from app.studio.domain.translation_checks import structure_problem
from tests.support import documents_course
from tests.support.document_strategies import document

PART = TranslatedPart(Part.DOCUMENT, "six-payslips")
SLIPS = (
    "# Slips\nid: T10-D01\nkind: payslip\n\nName: A.\n\n"
    "| Month | Paid |\n| --- | --- |\n| May | 1 | {#may}\n| June | 2 |\n"
)


def _split(source: str, target: str | None) -> Translation:
    return split(PART, source, target, lambda _hashes: {})


def _translated(source: str) -> Translation:
    translation = _split(source, None)
    for index, block in enumerate(translation.blocks):
        assert structure_problem(PART, block.source, block.source.text) is None, block.source
        translation = with_target(translation, index, block.source.text)
    return translation


@given(st.sampled_from(DocumentKind).flatmap(document))
def test_translation_of_all_lines_is_read_as_it_was_written(written: Document) -> None:
    source = write_document(written)
    translation = _translated(source)
    text = rebuild(translation)
    again = _split(source, text)
    assert [(block.target, block.state) for block in again.blocks] == [
        (block.target, block.state) for block in translation.blocks
    ]
    original = read_document(TextFile("", source))[0]
    body = cut_front(TextFile("", text))[1]
    translated = read_document(body, kind=written.kind, translation=True)[0]
    assert original is not None
    assert translated is not None
    merged, problems = merge_document(original, translated, "")
    assert (merged.document, problems) == (written, [])


def test_lines_of_real_translations_have_their_translation() -> None:
    files = documents_course.files()
    prefix = f"{documents_course.SLUG}/documents/"
    slugs = [
        path.removeprefix(prefix).removesuffix(".ar.md") for path in files if path.endswith(".ar.md") and prefix in path
    ]
    assert len(slugs) == 4
    for slug in slugs:
        source, target = (files[f"{prefix}{slug}.{language}.md"].decode() for language in ("en", "ar"))
        translation = _split(source, target)
        assert not translation.count(State.MISSING, State.CHANGED), slug
        assert rebuild(translation) == target


def test_changed_line_is_stale_alone() -> None:
    text = rebuild(_translated(SLIPS))
    states = [block.state for block in _split(SLIPS.replace("| 2 |", "| 3 |"), text).blocks]
    assert states == [*[State.TO_REVIEW] * 4, State.CHANGED]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "Slips"),
        (1, "Two\nlines"),
        (1, "| a |"),
        (1, "- a"),
        (1, "## a"),
        (2, "Month"),
        (3, "| May |"),
        (3, "May | 1"),
    ],
)
def test_text_of_another_form_is_refused(number: int, text: str) -> None:
    assert structure_problem(PART, source_blocks(PART, SLIPS)[number], text) is not None


def test_name_in_addresses_is_read_back() -> None:
    assert part_of(PART.key) == PART
