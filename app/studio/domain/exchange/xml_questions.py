"""Parse a Moodle XML file into its question elements, with limits against hostile files."""

from io import BytesIO
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from app.studio.domain.exchange.drafts import too_many_questions, unreadable_file
from app.studio.domain.exchange.plain_files import file_too_large
from app.studio.domain.exchange.shapes import MAX_FILE_BYTES, MAX_QUESTIONS, ImportResult

MAX_XML_DEPTH = 40
MAX_XML_ELEMENTS = 400_000

_HINT = "Export the questions again as Moodle XML."


class _LimitError(Exception):
    """The file is nested too deep or has too many elements."""


def questions_of_file(content: bytes) -> list[Element] | ImportResult:
    """Return the question elements of a Moodle XML file, or the result with the error if it cannot be read."""
    if len(content) > MAX_FILE_BYTES:
        return file_too_large()
    root = _root(content)
    if isinstance(root, ImportResult):
        return root
    if root.tag != "quiz":
        return unreadable_file("The file is XML, but not of Moodle questions.", _HINT)
    questions = root.findall("question")
    return questions if len(questions) <= MAX_QUESTIONS else too_many_questions()


def _root(content: bytes) -> Element | ImportResult:
    try:
        return _parse(content)
    except DefusedXmlException:
        return unreadable_file("The file has a DOCTYPE or entities, which are not allowed.", _HINT)
    except ParseError as error:
        return unreadable_file("The file is not valid XML, line %(line)s.", _HINT, line=error.position[0])
    except _LimitError:
        return unreadable_file("The file is nested too deep or has too many elements.", _HINT)
    except (ValueError, LookupError):  # an encoding that is unknown or does not fit
        return unreadable_file("The encoding of the file is not supported.", "Save it as UTF-8.")


def _parse(content: bytes) -> Element:
    depth = elements = 0
    root: Element | None = None
    for event, element in iterparse(BytesIO(content), ("start", "end"), forbid_dtd=True):
        if event == "end":
            depth -= 1
            continue
        root = element if root is None else root
        depth += 1
        elements += 1
        if depth > MAX_XML_DEPTH or elements > MAX_XML_ELEMENTS:
            raise _LimitError
    if root is None:
        raise ValueError
    return root
