import io
import zipfile

import docx
import pytest
from docx.document import Document as WordDocument
from docx.oxml.ns import qn

from app.reports.domain.document import Cell, ReportColumn, ReportDocument, Row, digest, encode
from app.reports.service import word
from app.reports.service.word import draw_word
from tests.support import frozen_reports

pytestmark = pytest.mark.usefixtures("context")

RIGHT_TO_LEFT = ("w:bidi", "w:rtl", "w:bidiVisual")


def _draw(document: ReportDocument) -> bytes:
    content = encode(document)
    return draw_word(document, content, digest(content))


def _open(document: ReportDocument) -> WordDocument:
    return docx.Document(io.BytesIO(_draw(document)))


def _count(opened: WordDocument, name: str) -> int:
    return len(list(opened.element.body.iter(qn(name))))


def test_headings_follow_the_sections() -> None:
    opened = _open(frozen_reports.document(sections=3))
    headings = [paragraph.text for paragraph in opened.paragraphs if paragraph.style.name == "Heading 1"]
    assert headings == ["Quarterly report", "Outcome 1", "Outcome 2"]


def test_tables_repeat_their_heads_and_have_captions() -> None:
    opened = _open(frozen_reports.document(sections=2))
    tables = [table for table in opened.tables if len(table.columns) == 7]
    assert len(tables) == 2
    assert all(table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None for table in tables)
    captions = [paragraph.text for paragraph in opened.paragraphs if paragraph.style.name == "Caption"]
    assert "Indicators of the outcome 1" in captions
    assert tables[0].cell(1, 6).text == "\u25b2 At risk"


@pytest.mark.usefixtures("pango")
def test_trend_is_a_picture_with_alternative_text() -> None:
    opened = _open(frozen_reports.document(sections=2))
    assert len(opened.inline_shapes) == 1
    described = opened.inline_shapes[0]._inline.docPr.get("descr")
    assert described == frozen_reports.WORDINGS["en"].described


def test_trend_is_a_table_without_pango(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word, "draw_charts", lambda *_arguments: [])
    opened = _open(frozen_reports.document(sections=2))
    assert len(opened.inline_shapes) == 0
    heads = [[cell.text for cell in table.rows[0].cells] for table in opened.tables]
    assert ["Date", "Counted", "Without new records", "As booked", "Needed"] in heads


@pytest.mark.parametrize(("language", "expected"), [("en", False), ("ar", True)])
def test_document_has_the_direction_of_its_language(language: str, expected: bool) -> None:
    opened = _open(frozen_reports.document(language, sections=2))
    assert [_count(opened, name) > 0 for name in RIGHT_TO_LEFT] == [expected] * 3
    assert (opened.styles["Normal"].element.rPr.find(qn("w:lang")).get(qn("w:bidi")) == "ar-SA") is expected


def test_arabic_runs_have_face_and_language() -> None:
    opened = _open(frozen_reports.document("ar", sections=1))
    title = next(paragraph for paragraph in opened.paragraphs if paragraph.style.name == "Title")
    look = title.runs[0]._r.rPr
    assert look.find(qn("w:rFonts")).get(qn("w:cs")) == "Arial"
    assert look.find(qn("w:lang")).get(qn("w:bidi")) == "ar-SA"


def test_properties_have_title_and_hash() -> None:
    document = frozen_reports.document(sections=1)
    properties = _open(document).core_properties
    assert properties.title == document.title
    assert properties.identifier == digest(encode(document))


def test_hostile_texts_and_long_tables_are_written() -> None:
    rows = tuple(Row(cells=(Cell(text=f"<b>&\x00\x0b {n}" + "w" * 99),)) for n in range(10_000))
    opened = _open(frozen_reports.with_table(rows, (ReportColumn(head="h\x1f"),), "T\x07<w:p/>"))
    table = next(table for table in opened.tables if table.rows[0].cells[0].text == "h")
    assert len(table._tbl.tr_lst) == 501
    assert table.cell(1, 0).text.replace("\u200b", "") == "<b>& 0" + "w" * 99


def test_links_lead_to_no_other_file() -> None:
    with zipfile.ZipFile(io.BytesIO(_draw(frozen_reports.document(sections=2)))) as archive:
        relations = [archive.read(name) for name in archive.namelist() if name.endswith(".rels")]
    assert not any(b"External" in relation for relation in relations)
