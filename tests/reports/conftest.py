from collections.abc import Iterator

import pytest

from app.reports.service.drawing import pdf_is_available


@pytest.fixture(autouse=True)
def _context(request: pytest.FixtureRequest) -> Iterator[None]:
    """The application, for texts in the language of a report; tests with requests have a context in each of these."""
    if "app" in request.fixturenames:
        yield
        return
    with request.getfixturevalue("lite_app").app_context():
        yield


@pytest.fixture
def pango() -> None:
    """Skip a test of PDF files where the system library is missing."""
    if not pdf_is_available():
        pytest.skip("Pango is not installed: no PDF")
