import re
from collections.abc import Callable, Collection, Mapping
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from docx import Document
from hypothesis import given, settings, strategies as st

from app.catalogue.domain.folder_names import Part
from app.studio.domain.exchange.archive import RefusedFileError
from app.studio.domain.exchange.translation_table import read_table, write_table
from app.studio.domain.exchange.translation_units import ImportedUnit, TranslationFile, UnitState, changes_of
from app.studio.domain.exchange.translation_xliff import read_xliff, write_xliff
from app.studio.domain.translated_parts import TranslatedPart
from app.studio.domain.translation_blocks import Translation, split, with_target
from tests.support.examples import examples

COURSE = Path(__file__).parents[3] / "courses" / "recognising-victims"
LESSON = TranslatedPart(Part.LESSON, "quay")
PATH = "lessons/quay.ar.md"
SOURCE = "# The quay\n\nWalk the quay [@port-rules].\n\n- lamp\n- note\n"
Write = Callable[[TranslationFile], bytes]
Read = Callable[[bytes, str, str], list[ImportedUnit]]
FORMATS = pytest.mark.parametrize(
    ("write", "read"), [(write_xliff, read_xliff), (write_table, read_table)], ids=["xliff", "docx"]
)


def _nothing(hashes: Collection[str]) -> Mapping[str, str]:
    return {}


def _empty() -> Translation:
    return split(LESSON, SOURCE, None, _nothing)


def _file(translation: Translation, path: str = PATH, language: str = "ar") -> TranslationFile:
    return TranslationFile(path, "en", "ltr", language, "rtl", translation)


@FORMATS
@pytest.mark.parametrize(
    ("part", "path"),
    [
        (TranslatedPart(Part.BANK), "test.ar.md"),
        (TranslatedPart(Part.SCENARIO), "scenario.ar.md"),
        (TranslatedPart(Part.LESSON, "how-indicators-work"), "lessons/how-indicators-work.ar.md"),
    ],
)
def test_exported_translation_changes_nothing_when_imported(
    write: Write, read: Read, part: TranslatedPart, path: str
) -> None:
    source, target = (COURSE / part.path("en")).read_text(), (COURSE / path).read_text()
    translation = split(part, source, target, _nothing)
    units = read(write(_file(translation, path)), path, "ar")
    assert len(units) > 5
    assert changes_of(part, translation, units) == []
    assert changes_of(part, split(part, source, None, _nothing), units)


_TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.just("\n"), max_size=60)


@FORMATS
@settings(max_examples=examples(10), deadline=None)
@given(text=_TEXTS)
def test_any_text_is_the_same_after_export_and_import(write: Write, read: Read, text: str) -> None:
    translation = with_target(with_target(_empty(), 0, "# رصيف"), 1, text)
    units = read(write(_file(translation)), PATH, "ar")
    assert changes_of(LESSON, translation, units) == []


@FORMATS
def test_file_of_another_text_or_language_is_refused(write: Write, read: Read) -> None:
    content = write(_file(with_target(_empty(), 0, "# رصيف")))
    with pytest.raises(RefusedFileError):
        read(content, "lessons/another.ar.md", "ar")
    with pytest.raises(RefusedFileError):
        read(content, PATH, "fr")


@FORMATS
def test_file_without_a_translation_is_refused(write: Write, read: Read) -> None:
    with pytest.raises(RefusedFileError, match="no translated paragraph"):
        read(write(_file(_empty())), PATH, "ar")


@FORMATS
@pytest.mark.parametrize("content", [b"", b"<xliff", b"PK\x03\x04 nothing", b"<a/>"])
def test_damaged_file_is_refused(write: Write, read: Read, content: bytes) -> None:
    with pytest.raises(RefusedFileError):
        read(content, PATH, "ar")


def test_xliff_with_a_doctype_is_refused() -> None:
    content = write_xliff(_file(with_target(_empty(), 0, "# رصيف")))
    bomb = content.replace(b"<xliff", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><xliff', 1)
    with pytest.raises(RefusedFileError, match="DOCTYPE"):
        read_xliff(bomb, PATH, "ar")


def test_xliff_cut_into_segments_is_one_unit() -> None:
    content = write_xliff(_file(with_target(_empty(), 1, "امش. [@port-rules]"))).decode()
    cut = content.replace(
        "امش. [@port-rules]</target></segment>",
        "امش.</target></segment><ignorable><source> </source></ignorable>"
        "<segment><source>x</source><target>[@port-rules]</target></segment>",
    )
    assert [unit.text for unit in read_xliff(cut.encode(), PATH, "ar")] == ["امش. [@port-rules]"]


def test_new_paragraph_in_a_cell_is_a_line_of_the_text() -> None:
    content = write_table(_file(with_target(_empty(), 2, "- مصباح")))
    document = Document(BytesIO(content))
    document.tables[0].rows[3].cells[2].add_paragraph("- ورقة")
    stream = BytesIO()
    document.save(stream)
    assert [unit.text for unit in read_table(stream.getvalue(), PATH, "ar")] == ["- مصباح\n- ورقة"]


def test_tracked_deletion_and_insertion_give_the_new_text() -> None:
    content = write_table(_file(with_target(_empty(), 0, "# قديم")))
    new = "<w:ins><w:r><w:t># جديد</w:t></w:r></w:ins>"
    changed = _with_document(content, lambda xml: re.sub(r"<w:r>((?!<w:r>).)*# قديم</w:t></w:r>", new, xml))
    assert [unit.text for unit in read_table(changed, PATH, "ar")] == ["# جديد"]


def test_table_that_claims_millions_of_cells_is_read_at_once() -> None:
    content = write_table(_file(with_target(_empty(), 0, "# رصيف")))
    span = '<w:tcPr><w:gridSpan w:val="900000000"/>'
    changed = _with_document(content, lambda xml: xml.replace("<w:tcPr>", span))
    assert len(read_table(changed, PATH, "ar")) == 1


def test_document_that_is_nested_too_deeply_is_refused() -> None:
    content = write_table(_file(with_target(_empty(), 0, "# رصيف")))
    deep = "<w:p>" * 5_000 + "</w:p>" * 5_000
    with pytest.raises(RefusedFileError):
        read_table(_with_document(content, lambda xml: xml.replace("<w:tbl>", f"{deep}<w:tbl>", 1)), PATH, "ar")


def test_document_with_a_doctype_is_refused() -> None:
    content = write_table(_file(with_target(_empty(), 0, "# رصيف")))
    changed = _with_document(content, lambda xml: xml.replace("<w:document", "<!DOCTYPE x><w:document", 1))
    with pytest.raises(RefusedFileError, match="DOCTYPE"):
        read_table(changed, PATH, "ar")


def _with_document(content: bytes, change: Callable[[str], str]) -> bytes:
    """Return a Word file with a changed text of its main part."""
    stream = BytesIO()
    with ZipFile(BytesIO(content)) as before, ZipFile(stream, "w") as after:
        for name in before.namelist():
            part = before.read(name)
            after.writestr(name, change(part.decode()) if name == "word/document.xml" else part)
    return stream.getvalue()


def test_unit_whose_source_changed_does_not_match() -> None:
    units = read_xliff(write_xliff(_file(with_target(_empty(), 1, "امش [@port-rules]."))), PATH, "ar")
    now = split(LESSON, SOURCE.replace("Walk", "Run along"), None, _nothing)
    (change,) = changes_of(LESSON, now, units)
    assert (change.state, change.index) == (UnitState.SOURCE_CHANGED, None)


def test_unit_without_a_reference_of_the_source_is_reported() -> None:
    units = read_xliff(write_xliff(_file(with_target(_empty(), 1, "امش."))), PATH, "ar")
    (change,) = changes_of(LESSON, _empty(), units)
    assert change.state is UnitState.CHANGES
    assert [problem.values for problem in change.problems] == [{"name": "[@port-rules]"}]


def test_unit_that_would_become_two_paragraphs_is_refused() -> None:
    units = read_xliff(write_xliff(_file(with_target(_empty(), 1, "امش.\n\nقف."))), PATH, "ar")
    (change,) = changes_of(LESSON, _empty(), units)
    assert change.state is UnitState.REFUSED
