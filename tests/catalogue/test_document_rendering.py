import re

import pytest
from flask import Flask

from app.catalogue.domain.documents import Document, DocumentKind, DocumentPart, PartKind, Unit
from app.catalogue.service import document_rendering
from app.catalogue.service.document_rendering import DocumentTooLargeError, document_texts, isolate
from app.catalogue.service.text_rendering import RenderBatch
from app.quizzes.shapes import DocumentView


@pytest.mark.parametrize(
    ("text", "isolated"),
    [
        ("الأجر 1,888.00 كرون", "الأجر <bdi>1,888.00</bdi> كرون"),
        ("من 12 إلى 14", "من 12 إلى 14"),
        ("شركة Veltra Crop Services.", "شركة <bdi>Veltra Crop Services</bdi>."),
        ("160.0، 1,424.80", "<bdi>160.0</bdi>، <bdi>1,424.80</bdi>"),
        ("الرقم +999 555 014", "الرقم <bdi>+999 555 014</bdi>"),
        ("<em>A. Belik</em> &amp; أخوه", "<em><bdi>A. Belik</bdi></em> &amp; أخوه"),
        ("<code>7d1c 03af</code>", "<code>7d1c 03af</code>"),
    ],
)
def test_latin_runs_of_right_to_left_text_are_isolated(text: str, isolated: str) -> None:
    assert isolate(text, "rtl") == isolated


def test_arabic_runs_of_left_to_right_text_are_isolated() -> None:
    assert isolate("He said سامي علي, twice.", "ltr") == "He said <bdi>سامي علي</bdi>, twice."


def _document(*parts: DocumentPart, columns: tuple[str, str] | None = None) -> Document:
    return Document(id="X01-D01", kind=DocumentKind.TABLE, title="Table", parts=parts, columns=columns)


def _row(number: int, *cells: str, name: str = "") -> Unit:
    return Unit(number=number, cells=cells, name=name)


def test_cells_are_inline_html_without_names_of_units() -> None:
    rows = (_row(1, "April", "*1,888.00*", name="april"), _row(2, "<b>", "- a"))
    (text,) = document_texts([(_document(DocumentPart(PartKind.TABLE, rows, heads=("Month", "Sum"))), "en")])
    assert [unit.cells for unit in text.parts[0].units] == [
        ("April", "<em>1,888.00</em>"),
        ("&lt;b&gt;", "- a"),
    ]
    assert "april" not in repr(text)


def test_columns_of_numbers_are_known() -> None:
    rows = (_row(1, "7", "160.0", "05:52", "one"), _row(2, "8", "", "", "2"))
    (text,) = document_texts([(_document(DocumentPart(PartKind.TABLE, rows, heads=("a", "b", "c", "d"))), "en")])
    assert text.parts[0].numeric == (1, 2)


def test_columns_of_a_contract_have_their_own_direction() -> None:
    part = DocumentPart(PartKind.TABLE, (_row(1, "Bed 180.00", "السرير 180.00"),), heads=("English", "العربية"))
    (text,) = document_texts([(_document(part, columns=("en", "ar")), "en")])
    assert text.parts[0].units[0].cells == ("Bed 180.00", "السرير <bdi>180.00</bdi>")


def test_empty_entry_of_a_form_can_be_filled() -> None:
    part = DocumentPart(PartKind.FIELDS, (_row(1, "Alias", "S-114"), _row(2, "Address", "")))
    (text,) = document_texts([(_document(part), "en")])
    assert [(unit.label, unit.fillable) for unit in text.parts[0].units] == [("Alias", False), ("Address", True)]


@pytest.mark.parametrize(("units", "length"), [(121, 1), (100, 200)])
def test_document_over_a_limit_is_refused(units: int, length: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RenderBatch, "render", lambda *_, **__: None)
    monkeypatch.setattr(RenderBatch, "__getitem__", lambda batch, index: batch._texts[index])
    rows = tuple(_row(number, "a" * length) for number in range(1, units + 1))
    with pytest.raises(DocumentTooLargeError, match=rf"X01-D01 has {units} lines"):
        document_texts([(_document(DocumentPart(PartKind.LIST, rows)), "en")])


def test_size_is_near_that_of_the_drawn_document(lite_app: Flask) -> None:
    rows = tuple(_row(number, f"Day {number}", "Cash, machine 3, Vesk", "2,800.00") for number in range(1, 61))
    (text,) = document_texts([(_document(DocumentPart(PartKind.TABLE, rows, heads=("Day", "Text", "Out"))), "en")])
    drawn = lite_app.jinja_env.from_string('{% from "components/document.html" import document %}{{ document(view) }}')
    with lite_app.test_request_context():
        html = drawn.render(view=DocumentView(text=text, language="en"))
    assert 0.8 < document_rendering.drawn_bytes(text) / len(html.encode()) < 1.25
    assert len(re.findall(r'id="doc-X01-D01-\d+"', html)) == 60
