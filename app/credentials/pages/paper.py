"""Draw the PDF of a certificate: one upright page, with the fonts of reports."""

from functools import cache
from pathlib import Path

from app.credentials.pages.certificate import PaperPage
from app.kernel import pdf_library
from app.web.pages import render

_STYLE = Path(__file__).resolve().parent.parent / "templates" / "credentials" / "paper.css"


def draw(page: PaperPage) -> bytes:
    """Return a certificate as PDF, tagged for screen readers. Raises NoPdfError without Pango."""
    return pdf_library.draw(render(page), _style())


@cache
def _style() -> str:
    return _STYLE.read_text("utf-8")
