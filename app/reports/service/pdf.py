"""A report as PDF by WeasyPrint, which needs the system library Pango and is imported when needed.

The variant is PDF/UA-1: tagged for screen readers, and it may contain the attached JSON.
"""

import io
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from flask_babel import force_locale

from app.i18n.languages import direction
from app.kernel import pdf_library
from app.reports.domain.document import ReportDocument
from app.reports.service import html
from app.reports.service.arrangement import ArrangedBlock, ReportLabels, hash_start, labels_of, without_unsafe
from app.reports.service.embedding import JSON_NAME

_STYLE = Path(__file__).resolve().parent.parent / "templates" / "reports" / "pdf.css"
_DOTS = 200  # an inch
_PDFIUM = Lock()  # it is not safe for threads
_LONGEST_TITLE = 90  # characters in the margin
_LANDSCAPE = "donor"  # how the kinds of reports with wide tables begin


def draw_pdf(document: ReportDocument, content: bytes, sha256: str) -> bytes:
    """Return the report as PDF with its JSON attached. Raises NoPdfError without Pango."""
    weasyprint = pdf_library.load()
    look = "wide" if document.kind.startswith(_LANDSCAPE) else "upright"
    clean = without_unsafe(document)
    page = _page(html.report_html(clean, sha256, look))
    attachment = weasyprint.Attachment(
        string=content,
        name=JSON_NAME,
        description=sha256,
        url_fetcher=pdf_library.closed_fetcher(),
        created=datetime.fromisoformat(document.frozen_at),
        modified=datetime.fromisoformat(document.frozen_at),
        relationship="Source",
    )
    styles = [_stylesheet(_style()), _stylesheet(_margins(clean, sha256))]
    return bytes(page.write_pdf(stylesheets=styles, attachments=[attachment], pdf_variant="pdf/ua-1"))


def draw_charts(charts: Sequence[ArrangedBlock], language: str, title: str) -> list[bytes]:
    """Return a PNG picture for each trend, [] without Pango: pages of a PDF at 200 dots an inch."""
    if not charts or not pdf_library.is_available():
        return []
    import pypdfium2  # a large library

    file = _page(html.charts_html(charts, language, title)).write_pdf(stylesheets=[_stylesheet(_style())])
    with _PDFIUM, pypdfium2.PdfDocument(file) as drawings:
        return [_png(drawings, number) for number in range(len(drawings))]


def _png(drawings: Any, number: int) -> bytes:
    """Return a page as picture; all objects of PDFium are closed in the order in which it needs them."""
    page = drawings[number]
    bitmap = page.render(scale=_DOTS / 72)
    file = io.BytesIO()
    bitmap.to_pil().save(file, "PNG")
    bitmap.close()
    page.close()
    return file.getvalue()


def _page(text: str) -> Any:
    return pdf_library.load().HTML(string=text, url_fetcher=pdf_library.closed_fetcher())


def _stylesheet(text: str) -> Any:
    return pdf_library.load().CSS(string=text, url_fetcher=pdf_library.closed_fetcher())


@cache
def _style() -> str:
    return _STYLE.read_text("utf-8")


def _margins(document: ReportDocument, sha256: str) -> str:
    """Return the style of the page margins: title, state, hash and page number, in the direction of the text."""
    with force_locale(document.language.replace("-", "_")):
        labels = labels_of(document)
    start, end = ("right", "left") if direction(document.language) == "rtl" else ("left", "right")
    code = f"{labels.hash_start}: \u2068{hash_start(sha256)}\u2069"
    boxes = (
        (f"top-{start}", _quoted(_short(document.title)), 75),
        (f"top-{end}", _quoted(labels.state), 25),
        (f"bottom-{start}", _quoted(code), 70),
        (f"bottom-{end}", _page_number(labels), 30),
    )
    rules = [_margin_box(name, content, width) for name, content, width in boxes]
    return f"@page {{ {' '.join(rules)} }}"


def _margin_box(name: str, content: str, width: int) -> str:
    """Return the rule of a box in the page margin; `width` in percent."""
    return f"@{name} {{ content: {content}; text-align: {name.partition('-')[2]}; width: {width}%; }}"


def _page_number(labels: ReportLabels) -> str:
    """Return the content of a margin with the page and the number of pages."""
    quoted = _quoted(labels.page)
    return quoted.replace("\\1 ", '" counter(page) "').replace("\\2 ", '" counter(pages) "')


def _short(title: str) -> str:
    return title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1]}\u2026"


def _quoted(text: str) -> str:
    """Return a text as a string of CSS; everything but letters, digits and blanks is escaped."""
    return '"' + "".join(sign if sign.isalnum() or sign == " " else f"\\{ord(sign):x} " for sign in text) + '"'
