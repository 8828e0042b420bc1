"""Draw a frozen report: every form is drawn from the document and contains its JSON."""

from typing import assert_never

from app.kernel.pdf_library import NoPdfError, is_available as pdf_is_available
from app.reports.domain.document import ReportDocument
from app.reports.domain.forms import ReportFormat
from app.reports.service.pdf import draw_pdf
from app.reports.service.word import draw_word
from app.reports.service.workbook import draw_workbook

__all__ = ["NoPdfError", "draw", "pdf_is_available"]


def draw(form: ReportFormat, document: ReportDocument, content: bytes, sha256: str) -> bytes:
    """Return a report as a file; `content` is the canonical JSON of the document and `sha256` its digest.

    Raises NoPdfError for a PDF if `pdf_is_available()` is false.
    """
    match form:
        case ReportFormat.PDF:
            return draw_pdf(document, content, sha256)
        case ReportFormat.DOCX:
            return draw_word(document, content, sha256)
        case ReportFormat.XLSX:
            return draw_workbook(document, content, sha256)
        case ReportFormat.JSON:
            return content
        case _:
            assert_never(form)
