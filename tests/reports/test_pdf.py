import ctypes
import io
import socket

import msgspec
import pypdfium2
import pytest
from PIL import Image
from pypdfium2 import raw

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
from app.reports.service.arrangement import MOST_ROWS, arrange
from app.reports.service.pdf import draw_charts, draw_pdf
from tests.support import frozen_reports

pytestmark = pytest.mark.usefixtures("context", "pango")
ACCENT = (11, 85, 99)
HOSTILE = (
    '<script>alert(1)</script><img src="http://192.0.2.1/a.png"><link rel=stylesheet href="http://192.0.2.1/a.css">'
    '<style>@import "http://192.0.2.1/b.css";</style><a rel=attachment href="file:///etc/passwd">x</a>'
)


def _pdf(document: ReportDocument) -> bytes:
    content = encode(document)
    return draw_pdf(document, content, digest(content))


def _texts(file: bytes) -> list[str]:
    with pypdfium2.PdfDocument(file) as opened:
        texts = []
        for page in opened:
            text = page.get_textpage()
            texts.append(text.get_text_range())
            text.close()
            page.close()
        return texts


def _with_title(document: ReportDocument, title: str) -> ReportDocument:
    return msgspec.structs.replace(document, title=title)


def test_pdf_has_hash_on_each_page_and_all_of_it_on_the_last() -> None:
    document = frozen_reports.document(sections=3)
    sha256 = digest(encode(document))
    texts = _texts(_pdf(document))
    start = " ".join(sha256[n : n + 4] for n in range(0, 16, 4))
    assert len(texts) > 3
    assert all(start in text for text in texts)
    assert [sha256 in text for text in texts] == [False] * (len(texts) - 1) + [True]


def test_pdf_numbers_its_pages() -> None:
    texts = _texts(_pdf(frozen_reports.document(sections=2)))
    assert [f"Page {n} of {len(texts)}" in text for n, text in enumerate(texts, 1)] == [True] * len(texts)


def test_pdf_has_the_texts_of_all_blocks() -> None:
    text = " ".join(" ".join(_texts(_pdf(frozen_reports.document(sections=2)))).split())
    wording = frozen_reports.WORDINGS["en"]
    for part in (wording.tile, wording.caption, wording.chart, wording.comment, "too few to show", "Azerbaijan"):
        assert part in text
    assert all(label in text for label in (*wording.signatures, *wording.statuses))


def test_arabic_pdf_has_arabic_text_and_language() -> None:
    file = _pdf(frozen_reports.document("ar", sections=2))
    assert "أذربيجان" in " ".join(_texts(file))
    with pypdfium2.PdfDocument(file) as opened:
        assert _language(opened) == "ar"


def _language(opened: pypdfium2.PdfDocument) -> str:
    buffer = ctypes.create_string_buffer(64)
    size = raw.FPDFCatalog_GetLanguage(opened, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), 64)
    return buffer.raw[: size - 2].decode("utf-16-le")


def test_pdf_is_tagged_with_title_and_attachment() -> None:
    document = frozen_reports.document(sections=1)
    with pypdfium2.PdfDocument(_pdf(document)) as opened:
        assert raw.FPDFCatalog_IsTagged(opened)
        assert opened.get_metadata_dict()["Title"] == document.title
        assert opened.count_attachments() == 1
        attachment = opened.get_attachment(0)
        assert attachment.get_name() == "report.json"
        assert bytes(attachment.get_data()) == encode(document)


def test_charts_are_pictures_in_colour_one_for_each() -> None:
    layout = arrange(frozen_reports.document("ar", sections=3), "")
    charts = [block for section in layout.sections for block in section.blocks if block.kind == "trend"]
    pictures = draw_charts(charts, "ar", "t")
    assert len(pictures) == len(charts) == 2
    with Image.open(io.BytesIO(pictures[0])) as picture:
        colours = {colour for _count, colour in picture.getcolors(100_000)}
    assert ACCENT in colours


def test_no_message_of_the_library_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    _pdf(frozen_reports.document(sections=2))
    assert [record.getMessage() for record in caplog.records if record.name.startswith("weasyprint")] == []


def test_donor_report_is_landscape() -> None:
    document = msgspec.structs.replace(frozen_reports.document(sections=1), kind="donor")
    with pypdfium2.PdfDocument(_pdf(document)) as opened:
        width, height = opened.get_page_size(0)
    assert (round(width), round(height)) == (842, 595)


def test_pdf_opens_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object, **_options: object) -> None:
        raise AssertionError("a connection was opened")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    document = _with_title(frozen_reports.document(sections=1), HOSTILE)
    section = Section(key="a", title=HOSTILE, sheet="A", blocks=(ReportParagraph(text=HOSTILE),))
    file = _pdf(msgspec.structs.replace(document, sections=(section,)))
    text = " ".join(_texts(file)).replace("\r\n", " ")
    assert "<script>alert(1)" in text
    with pypdfium2.PdfDocument(file) as opened:
        assert opened.count_attachments() == 1


def test_control_characters_and_long_words_are_drawn() -> None:
    columns = tuple(ReportColumn(head="h" * 200) for _n in range(6))
    rows = (Row(cells=tuple(Cell(text="a\x00\x0b\u202e" + "w" * 900) for _n in range(6))),)
    file = _pdf(frozen_reports.with_table(rows, columns, "T\x07\u2028" + "t" * 400))
    with pypdfium2.PdfDocument(file) as opened:
        right = max(_right_edge(page) for page in opened)
        assert right <= opened.get_page_size(0)[0] - 40


def _right_edge(page: pypdfium2.PdfPage) -> float:
    """Return the right edge of the text of a page."""
    text = page.get_textpage()
    boxes = [text.get_charbox(n) for n in range(0, text.count_chars(), 7)]
    text.close()
    page.close()
    return max(box[2] for box in boxes)


def test_long_table_is_cut_with_a_sentence() -> None:
    rows = tuple(Row(cells=(Cell(text=f"row {n}"),)) for n in range(2_000))
    text = " ".join(" ".join(_texts(_pdf(frozen_reports.with_table(rows, (ReportColumn(head="h"),))))).split())
    assert f"row {MOST_ROWS - 1}" in text
    assert f"row {MOST_ROWS} " not in text
    assert "The table shows the first 500 of 2000 rows." in text
