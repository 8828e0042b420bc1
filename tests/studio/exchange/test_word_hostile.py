import io
import random
import zipfile

import pytest
from hypothesis import given, settings, strategies as st

from app.catalogue.domain.lesson_reader import read_lesson, write_lesson
from app.catalogue.domain.lessons import LessonSource
from app.catalogue.domain.text import TextFile
from app.kernel.archives import OLE
from app.studio.domain.exchange import word_parts
from app.studio.domain.exchange.archive import WORD_LIMITS, RefusedFileError
from app.studio.domain.exchange.word_lesson import ImportedLessons, read_lessons
from tests.support.examples import examples
from tests.support.word_documents import DOCUMENT, new_document, paragraph, part_of, saved, tampered, with_body

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TYPES = "[Content_Types].xml"
_PLAIN = with_body(paragraph("Text"))
_BOMB = (
    '<!DOCTYPE w:document [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {after} "{f"&{before};" * 10}">' for before, after in zip("abcdefgh", "bcdefghi", strict=True))
    + f"]><w:document {_W}><w:body><w:p><w:r><w:t>&i;</w:t></w:r></w:p></w:body></w:document>"
)


def _refusal(content: bytes) -> str:
    with pytest.raises(RefusedFileError) as caught:
        read_lessons(content)
    note = caught.value.reason
    return f"{note.message % note.values} {note.hint % note.values}"


def test_document_over_10_megabytes_is_refused() -> None:
    content = tampered(_PLAIN, {"word/media/a.png": random.Random(1).randbytes(WORD_LIMITS.packed)})
    assert _refusal(content).startswith("The file is larger than 10 MB.")


def test_document_that_unpacks_to_too_much_is_refused() -> None:
    grain = b"".join(random.Random(1).randbytes(1) + b"a" * 40 for _ in range(50_000))  # packs about thirty to one
    content = tampered(_PLAIN, {f"word/media/{n}.png": grain for n in range(32)})
    assert len(content) < WORD_LIMITS.packed
    assert _refusal(content).startswith("The file would unpack to more than 60 MB.")


def test_bomb_of_zeros_is_refused() -> None:
    content = tampered(_PLAIN, {"word/media/a.png": b"\0" * 30_000_000})
    assert "more than 100 times its size" in _refusal(content)


@pytest.mark.parametrize("part", [DOCUMENT, "word/styles.xml", "docProps/core.xml", "word/_rels/document.xml.rels"])
@pytest.mark.parametrize(
    "xml",
    [
        _BOMB.encode(),
        _BOMB.encode("utf-16"),
        b'<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
        b"<!DOCTYPE a><a/>",
    ],
    ids=["entities", "utf-16", "outside", "file", "bare"],
)
def test_document_with_a_declaration_is_refused(part: str, xml: bytes) -> None:
    assert "DOCTYPE" in _refusal(tampered(_PLAIN, {part: xml}))


def test_part_that_is_not_named_as_xml_never_reaches_the_reader() -> None:
    relations = part_of(_PLAIN, "word/_rels/document.xml.rels").replace("styles.xml", "media/styles.png")
    content = tampered(
        _PLAIN, {"word/media/styles.png": _BOMB.encode(), "word/_rels/document.xml.rels": relations.encode()}
    )
    assert _refusal(content).startswith("The document is damaged.")


@pytest.mark.parametrize("path", ["../outside.xml", "/outside.xml", "word/../../outside.xml", "word\\..\\outside.xml"])
def test_path_outside_the_document_is_refused(path: str) -> None:
    assert "has a path that is not allowed" in _refusal(tampered(_PLAIN, {path: b"<a/>"}))


def test_link_inside_the_document_is_refused() -> None:
    file = io.BytesIO(_PLAIN)
    with zipfile.ZipFile(file, "a") as archive:
        entry = zipfile.ZipInfo("word/media/a.png")
        entry.external_attr = 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    assert "is a link to another file" in _refusal(file.getvalue())


def test_encrypted_entry_is_refused() -> None:
    content = bytearray(_PLAIN)
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert _refusal(bytes(content)).startswith("The file is protected with a password.")


@pytest.mark.parametrize(
    "parts",
    [
        {"word/vbaProject.bin": OLE},
        {"word/other.bin": OLE, _TYPES: part_of(_PLAIN, _TYPES).replace("bin", "vbaProject")},
        {
            _TYPES: part_of(_PLAIN, _TYPES).replace(
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
                "application/vnd.ms-word.document.macroEnabled.main+xml",
            )
        },
    ],
    ids=["part", "type of a part", "type of the document"],
)
def test_document_with_macros_is_refused(parts: dict[str, bytes | str]) -> None:
    if "word/other.bin" in parts:
        kind = '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'
        parts = parts | {_TYPES: part_of(_PLAIN, _TYPES).replace("</Types>", kind)}
    content = tampered(_PLAIN, {name: part.encode() if isinstance(part, str) else part for name, part in parts.items()})
    assert _refusal(content).startswith("The document contains macros.")


def test_old_document_is_refused() -> None:
    assert _refusal(OLE + b"\0" * 2_000).startswith("The file has an old Office format, or a password.")


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"{\\rtf1 text}", b"<html></html>"])
def test_file_that_is_no_document_is_refused(content: bytes) -> None:
    assert _refusal(content).startswith("The file is not a ZIP archive.")


@pytest.mark.parametrize("replaced", ["spreadsheetml.sheet", "presentationml.presentation"])
def test_archive_of_another_program_is_refused(replaced: str) -> None:
    types = part_of(_PLAIN, _TYPES).replace("wordprocessingml.document", replaced)
    assert _refusal(tampered(_PLAIN, {_TYPES: types.encode()})).startswith("The file is not a Word document.")


def test_ordinary_archive_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("course.toml", "id = 'M01'")
    assert _refusal(file.getvalue()).startswith("The file is not a Word document.")


def test_deep_document_is_refused() -> None:
    table = "<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"
    assert "too deep inside each other" in _refusal(with_body(table[0] * 500 + table[1] * 500))


def test_deepest_document_is_read() -> None:
    table = "<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"
    levels = (word_parts.DEEPEST - 6) // 3
    content = with_body(table[0] * levels + paragraph("Text") + table[1] * levels)
    assert read_lessons(content).lessons[0].body_markdown == "Text"


def test_document_with_too_many_elements_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_parts, "MOST_NODES", 1_000)
    assert _refusal(with_body("<w:p/>" * 1_001)).startswith("The document is too long.")
    attributes = " ".join(f'a{n}=""' for n in range(1_001))
    assert _refusal(with_body(f"<w:p {attributes}/>")).startswith("The document is too long.")


def test_document_with_too_much_xml_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_parts, "MOST_XML_BYTES", 1_000)
    assert _refusal(_PLAIN).startswith("The document is too long.")


def test_file_outside_the_document_is_not_read_but_noted() -> None:
    relation = (
        '<Relationship Id="rX" TargetMode="External" Target="file:///etc/passwd" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"/>'
    )
    inside = (
        "<w:p><w:r><w:drawing><wp:inline><a:graphic><a:graphicData>"
        "<pic:pic xmlns:pic='http://schemas.openxmlformats.org/drawingml/2006/picture'><pic:blipFill>"
        "<a:blip r:link='rX'/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )
    content = with_body(paragraph("Text") + inside)
    relations = part_of(content, "word/_rels/document.xml.rels").replace("</Rel", f"{relation}</Rel")
    imported = read_lessons(tampered(content, {"word/_rels/document.xml.rels": relations.encode()}))
    assert imported.lessons[0].body_markdown == "Text"
    assert imported.lessons[0].pictures == ()
    assert "Links to templates or files outside the document, not followed: %(count)s." in [
        note.message for note in imported.notes
    ]


def test_style_map_that_a_document_brings_is_ignored() -> None:
    content = tampered(_PLAIN, {"mammoth/style-map": b"p => script"})
    assert read_lessons(content).lessons[0].body_markdown == "Text"


def test_script_in_text_stays_text() -> None:
    document = new_document()
    document.add_paragraph("<script>alert(1)</script>")
    assert read_lessons(saved(document)).lessons[0].body_markdown == "&lt;script>alert(1)&lt;/script>"


def _end(content: bytes) -> ImportedLessons | None:
    """Return the lessons; None for a refusal. Every other error is a defect."""
    try:
        return read_lessons(content)
    except RefusedFileError:
        return None


_SAMPLE = with_body(
    paragraph("Title", properties="<w:pPr><w:pStyle w:val='Title'/></w:pPr>")
    + paragraph("entry", properties="<w:pPr><w:pStyle w:val='ListBullet'/></w:pPr>")
    + f"<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val='2'/></w:tcPr>{paragraph('a')}</w:tc><w:tc/></w:tr></w:tbl>"
    + "<w:p><w:hyperlink w:anchor='a'><w:r><w:rPr><w:b/></w:rPr><w:t>link</w:t></w:r></w:hyperlink></w:p>"
)
_SAMPLE_XML = part_of(_SAMPLE)
_CHANGES = st.sampled_from(["", "<w:p>", "</w:p>", "1e9", "-1", "&#1;"])


@given(st.integers(0, len(_SAMPLE_XML)), st.integers(0, 60), _CHANGES)
@settings(max_examples=examples(60), deadline=None)
def test_changed_document_never_raises_other_errors(position: int, length: int, change: str) -> None:
    xml = _SAMPLE_XML[:position] + change + _SAMPLE_XML[position + length :]
    content = tampered(_SAMPLE, {DOCUMENT: xml.encode()})
    assert _end(content) == _end(content)


_RUN = st.builds(
    "<w:r><w:rPr>{0}{1}</w:rPr><w:t xml:space='preserve'>{2}</w:t></w:r>".format,
    st.sampled_from(["", "<w:b/>"]),
    st.sampled_from(["", "<w:i/>"]),
    st.text(st.sampled_from("ab \\`*_{}[]()#+-.!|/~=:;@^1"), max_size=12),
)
_PARAGRAPH = st.builds(
    "<w:p><w:pPr><w:pStyle w:val='{0}'/></w:pPr>{1}</w:p>".format,
    st.sampled_from(["Normal", "Heading1", "Heading3", "ListBullet", "ListNumber2", "Quote", "Title"]),
    st.lists(_RUN, max_size=4).map("".join),
)


@given(st.lists(_PARAGRAPH, min_size=1, max_size=6).map("".join), st.booleans())
@settings(max_examples=examples(20), deadline=None)
def test_every_document_becomes_valid_lessons(inside: str, split: bool) -> None:
    imported = read_lessons(with_body(inside + paragraph("Text")), name="a.docx", split=split)
    for lesson in imported.lessons:
        text = write_lesson(LessonSource(lesson.title, lesson.body_markdown))
        read, problems = read_lesson(TextFile("a.en.md", text))
        assert problems == []
        assert (read.title, read.body) == (lesson.title, lesson.body_markdown)
