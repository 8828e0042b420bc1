"""Files as trainers bring them: a Word document of 20 pages, and Moodle XML with questions to correct."""

import io
from collections.abc import Sequence

from docx.document import Document
from docx.enum.text import WD_BREAK
from docx.oxml import parse_xml
from docx.text.paragraph import Paragraph
from PIL import Image

from tests.support.question_exchange import moodle_file, moodle_question
from tests.support.word_documents import WORD_NAMESPACE, new_document, paragraph, part_of, saved, tampered

LESSONS = ("Signs at the border", "The first talk", "Signs at work", "Papers", "Who to call")
PAGES_OF_A_LESSON = 4
LESSONS_WITH_A_NOTE = 3
WITHOUT_A_RIGHT_ANSWER = (7, 28, 49)  # of these numbers in the Moodle file
WITHOUT_A_KIND = 60  # of a kind that no academy has: it is left out

_W = f'xmlns:w="{WORD_NAMESPACE}"'
_NOTES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_NOTES_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
_TEXT = "The officer looks at the person first and asks one open question in a quiet room. " * 4
_ROWS = (("Sign", "Question"), ("Fear", "Who is with you?"), ("Debt", "Who pays?"))


def document_of_20_pages() -> bytes:
    """Return five lessons of four pages with lists, tables, footnotes, a picture and a tracked change."""
    document = new_document()
    for number, title in enumerate(LESSONS):
        document.add_heading(title, 1)
        for page in range(1, PAGES_OF_A_LESSON + 1):
            _add_page(document, page)
        if number < LESSONS_WITH_A_NOTE:
            _refer_to_note(document.add_paragraph("A rule of the manual"), number + 2)
    _add_picture(document)
    _track_change(document.add_paragraph("Ask "))
    return _with_notes(saved(document))


def _add_page(document: Document, page: int) -> None:
    document.add_heading(f"Step {page}", 2)
    for part in range(1, 6):
        document.add_paragraph(f"Part {part}. {_TEXT}")
    for step in ("Look", "Ask", "Write down"):
        document.add_paragraph(step, "List Bullet" if page % 2 else "List Number")
    table = document.add_table(rows=0, cols=2)
    for texts in _ROWS:
        for cell, text in zip(table.add_row().cells, texts, strict=True):
            cell.text = text
    document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)


def _add_picture(document: Document) -> None:
    shape = document.add_picture(io.BytesIO(_picture()))
    shape._inline.docPr.set("descr", "A quay at night")


def _picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (320, 200), "navy").save(file, "PNG")
    return file.getvalue()


def _track_change(text: Paragraph) -> None:
    """Write a deletion and an insertion that are not accepted yet."""
    text._p.append(parse_xml(f'<w:del {_W} w:id="1" w:author="A"><w:r><w:delText>twice</w:delText></w:r></w:del>'))
    text._p.append(parse_xml(f'<w:ins {_W} w:id="2" w:author="A"><w:r><w:t>once only</w:t></w:r></w:ins>'))


def _refer_to_note(text: Paragraph, number: int) -> None:
    text._p.append(parse_xml(f'<w:r {_W}><w:footnoteReference w:id="{number}"/></w:r>'))


def _with_notes(content: bytes) -> bytes:
    """Return a document with the part that has the texts of its footnotes."""
    notes = "".join(
        f'<w:footnote w:id="{number}">{paragraph(f"Manual, rule {number}.")}</w:footnote>'
        for number in range(2, LESSONS_WITH_A_NOTE + 2)
    )
    types, relations = "[Content_Types].xml", "word/_rels/document.xml.rels"
    override = f'<Override PartName="/word/footnotes.xml" ContentType="{_NOTES_TYPE}"/></Types>'
    relation = f'<Relationship Id="rNotes" Type="{_NOTES_RELATION}" Target="footnotes.xml"/></Relationships>'
    parts = {
        "word/footnotes.xml": f"<w:footnotes {_W}>{notes}</w:footnotes>".encode(),
        types: part_of(content, types).replace("</Types>", override).encode(),
        relations: part_of(content, relations).replace("</Relationships>", relation).encode(),
    }
    return tampered(content, parts)


def moodle_file_of(count: int, *, faulty: Sequence[int] = (), unknown: Sequence[int] = ()) -> bytes:
    """Return Moodle XML; questions with a number in `faulty` have no right answer, in `unknown` no kind."""
    return moodle_file(*(_question(number, faulty, unknown) for number in range(1, count + 1)))


def moodle_file_of_60() -> bytes:
    """Return 60 questions: three name no right answer, one has a kind that is not read."""
    return moodle_file_of(60, faulty=WITHOUT_A_RIGHT_ANSWER, unknown=(WITHOUT_A_KIND,))


def _question(number: int, faulty: Sequence[int], unknown: Sequence[int]) -> str:
    if number in unknown:
        return moodle_question("calculatedsimple", "", stem=f"<p>Calculate case {number}.</p>")
    if number in faulty:
        return moodle_question("multichoice", _choices(0), stem=f"<p>What comes first in case {number}?</p>")
    kind, body = _KINDS[number % len(_KINDS)]
    return moodle_question(kind, body, stem=f"<p>What is <b>right</b> in case {number}?</p>")


def _choices(fraction: int) -> str:
    options = (("Look at the person", fraction), ("Ask for papers", 0), ("Call a colleague", 0))
    answers = "".join(_answer(text, part, f"<p>About: {text}.</p>") for text, part in options)
    return f"<single>true</single><shuffleanswers>true</shuffleanswers>{answers}"


def _answer(text: str, fraction: int, feedback: str = "") -> str:
    response = f'<feedback format="html"><text><![CDATA[{feedback}]]></text></feedback>' if feedback else ""
    return f'<answer fraction="{fraction}" format="html"><text><![CDATA[{text}]]></text>{response}</answer>'


def _pairs() -> str:
    pairs = (("Fear", "Ask who is with the person"), ("Debt", "Ask who pays"), ("No papers", "Ask who has them"))
    rows = (
        f'<subquestion format="html"><text>{left}</text><answer><text>{right}</text></answer></subquestion>'
        for left, right in pairs
    )
    return "".join(rows)


_KINDS = (
    ("multichoice", _choices(100)),
    ("truefalse", _answer("true", 100) + _answer("false", 0)),
    ("shortanswer", _answer("look", 100) + _answer("look first", 100)),
    ("numerical", _answer("3", 100)),
    ("matching", _pairs()),
    ("multichoice", _choices(100)),
    ("multichoice", _choices(100)),
)
