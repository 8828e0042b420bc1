import pytest

from app.kernel import pdf_library
from app.reports.domain.document import digest, encode
from app.reports.domain.forms import ReportFormat
from app.reports.service.drawing import NoPdfError, draw, pdf_is_available
from app.reports.service.embedded import frozen_json
from tests.support import frozen_reports

pytestmark = pytest.mark.usefixtures("context")


@pytest.mark.usefixtures("pango")
@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("form", [ReportFormat.PDF, ReportFormat.DOCX, ReportFormat.XLSX])
def test_json_in_each_form_equals_the_frozen_one(form: ReportFormat, language: str) -> None:
    document = frozen_reports.document(language, sections=2)
    content = encode(document)
    assert frozen_json(draw(form, document, content, digest(content))) == content


def test_json_form_is_the_frozen_json() -> None:
    content = encode(frozen_reports.document())
    assert draw(ReportFormat.JSON, frozen_reports.document(), content, digest(content)) is content


def test_pdf_raises_error_without_pango(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_library.importlib, "import_module", _missing)
    assert not pdf_is_available()
    document = frozen_reports.document(sections=1)
    with pytest.raises(NoPdfError):
        draw(ReportFormat.PDF, document, encode(document), digest(encode(document)))


def _missing(_name: str) -> None:
    raise OSError("cannot load library 'libpango-1.0-0'")
