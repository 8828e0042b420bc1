from collections.abc import Iterator

import pytest
from flask import Flask

from app.reports.service.drawing import pdf_is_available


@pytest.fixture
def context(lite_app: Flask) -> Iterator[None]:
    """Let texts be in the language of a report; not for tests with requests, which would share the context."""
    with lite_app.app_context():
        yield


@pytest.fixture
def pango() -> None:
    """Skip a test of PDF files where the system library is missing."""
    if not pdf_is_available():
        pytest.skip("Pango is not installed: no PDF")
