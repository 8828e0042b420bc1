import pytest
from flask import Flask

from app.reports.service.drawing import pdf_is_available


@pytest.fixture(autouse=True)
def _context(lite_app: Flask):
    """The application, for texts in the language of a report."""
    with lite_app.app_context():
        yield


@pytest.fixture
def pango() -> None:
    """Skip a test of PDF files where the system library is missing."""
    if not pdf_is_available():
        pytest.skip("Pango is not installed: no PDF")
