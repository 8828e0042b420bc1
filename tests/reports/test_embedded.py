import io
import zipfile
import zlib

import pytest

from app.reports.domain.document import digest, encode
from app.reports.service import embedded
from app.reports.service.embedded import frozen_json
from app.reports.service.embedding import NAMESPACE, chunks, encoded, joined_chunks
from app.reports.service.workbook import draw_workbook
from tests.support import frozen_reports

pytestmark = pytest.mark.usefixtures("context")

JSON = b'{"a": 1}'
BOMB = (
    b'<!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]>'
    b'<report xmlns="urn:colep-academy:report">&c;</report>'
)


def _archive(**files: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return file.getvalue()


def _pdf(stream: bytes, dictionary: bytes = b"/Type /EmbeddedFile /Filter /FlateDecode") -> bytes:
    return b"%PDF-1.7\n1 0 obj\n<<" + dictionary + b">>\nstream\n" + stream + b"\nendstream\nendobj\n"


@pytest.mark.parametrize("size", [1, 22_500, 22_501, 100_000])
def test_chunks_are_joined_in_any_order(size: int) -> None:
    content = bytes(n % 251 for n in range(size))
    parts = chunks(content)
    assert all(len(part) < 32_767 for part in parts)
    assert joined_chunks(parts[::-1]) == content


@pytest.mark.parametrize(
    "texts",
    [
        [],
        ["colep-report 1/2 YQ=="],
        ["colep-report 1/1 a!"],
        ["colep-report x"],
        ["colep-report 1/1"],
        ["colep-report"],
    ],
)
def test_incomplete_chunks_are_no_json(texts: list[str]) -> None:
    assert not joined_chunks(texts)


def test_json_is_read_after_other_streams_of_a_pdf() -> None:
    assert frozen_json(_pdf(zlib.compress(JSON))) == JSON
    assert frozen_json(_pdf(zlib.compress(b"other")) + _pdf(zlib.compress(JSON))) == JSON
    assert frozen_json(_pdf(JSON, b"/Type /EmbeddedFile")) == JSON


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7",
        b"PK\x03\x04",
        b"{}",
        _pdf(b"damaged"),
        _pdf(zlib.compress(JSON)[:-6]),
        _pdf(zlib.compress(JSON), b"/Type /Metadata"),
        b"%PDF-1.7\n" + b"/EmbeddedFile" * 2_000,
        b"%PDF-1.7\n" + b"1 0 obj <<" * 20_000,
        _archive(a_xml=b"<a/>"),
        _archive(customXml__item1_xml=BOMB),
        _archive(customXml__item1_xml=f'<a xmlns="{NAMESPACE}">'.encode()),
        _archive(xl__sharedStrings_xml=b"<sst><t>colep-report 1/1 YQ==</t>"),
    ],
    ids=range(13),
)
def test_other_files_have_no_json(content: bytes) -> None:
    assert frozen_json(content) is None


def test_files_that_unpack_too_large_have_no_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "MOST_JSON_BYTES", 10_000)
    large = b"{" + bytes(100_000)
    assert frozen_json(_pdf(zlib.compress(large))) is None
    zeros = _archive(customXml__item1_xml=bytes(2_000_000))
    assert len(zeros) < 10_000
    assert frozen_json(zeros) is None


def test_parts_with_too_many_elements_have_no_json(monkeypatch: pytest.MonkeyPatch) -> None:
    part = f'<a>{"<b/>" * 20}<report xmlns="{NAMESPACE}">{encoded(JSON)}</report></a>'.encode()
    file = _archive(customXml__item1_xml=part)
    assert frozen_json(file) == JSON
    monkeypatch.setattr(embedded, "_MOST_ELEMENTS", 10)
    assert frozen_json(file) is None


def test_files_over_the_limit_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    part = f'<report xmlns="{NAMESPACE}">{encoded(JSON)}</report>'.encode()
    file = _archive(customXml__item1_xml=part)
    assert frozen_json(file) == JSON
    monkeypatch.setattr(embedded, "MOST_BYTES", len(file) - 1)
    assert frozen_json(file) is None


def test_changed_json_is_returned_as_it_is() -> None:
    document = frozen_reports.document(sections=1)
    changed = encode(document).replace(b"120", b"121")
    assert frozen_json(draw_workbook(document, changed, digest(encode(document)))) == changed
