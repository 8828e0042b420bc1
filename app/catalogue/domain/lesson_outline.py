"""Scan a lesson for headings, blocks, citations, terms, links, pictures: syntax only, see `lesson_reader`."""

import re

import msgspec

from app.catalogue.domain import link_scanner
from app.catalogue.domain.code_spans import blank_code
from app.catalogue.domain.lessons import BlockType, FencedBlock, Heading, LessonOutline, Mention
from app.catalogue.domain.problems import Problem, Weight
from app.catalogue.domain.text import TextFile

_HEADING = re.compile(r"^(#{1,6})(?:[ \t]+(.*?))?[ \t]*#*[ \t]*$")
_SLASHES = re.compile(r"^ {0,3}(/{3,})[ \t]*(?:([\w-]+)[ \t]*(?:\|(.*))?)?(.*)$")
_HTML = re.compile(r"(?<!\\)<(?:/?[A-Za-z][A-Za-z0-9-]*(?:\s[^<>]*)?/?>|!--|![A-Za-z]|\?[a-z])")
_TYPES = ", ".join(BlockType)
_NAMING = (BlockType.CHECK, BlockType.COUNTRY, BlockType.COUNTRY_FACTS)
_NAMING_HINT = (
    'Write "/// check | " and the id of the item, "/// country | " and the code of the country, '
    'or "/// country-facts | " and names of facts.'
)
_READERS = {
    "citations": link_scanner.citations,
    "terms": link_scanner.terms,
    "links": link_scanner.links,
    "pictures": link_scanner.pictures,
    "documents": link_scanner.documents,
}


def scan(source: TextFile) -> tuple[LessonOutline, list[Problem]]:
    """Return the outline of a lesson's text and all syntax problems; code is ignored."""
    lines = blank_code(source.lines)
    blocks, problems = _blocks(source.file, lines, source.lines)
    headings = _headings(lines)
    mentions: dict[str, list[Mention]] = {name: [] for name in _READERS}
    for number, line in enumerate(lines, start=1):
        if "[" in line:
            for name, read in _READERS.items():
                mentions[name] += read(line, number)
            problems += _broken(source.file, number, line)
    problems += _levels(source.file, headings) + _html(source.file, lines)
    outline = LessonOutline(tuple(headings), tuple(blocks), **{name: tuple(all_) for name, all_ in mentions.items()})
    return outline, problems


def _headings(lines: list[str]) -> list[Heading]:
    matches = [(number, _HEADING.match(line)) for number, line in enumerate(lines, start=1) if line.startswith("#")]
    return [Heading(len(match[1]), (match[2] or "").strip(), number) for number, match in matches if match]


def _levels(file: str, headings: list[Heading]) -> list[Problem]:
    problems = []
    level = 1
    for heading in headings[1:]:
        if heading.level == 1:
            problems.append(
                Problem(file, heading.line, "A lesson can have only one title.", 'Begin this heading with "## ".')
            )
        elif heading.level > level + 1:
            message, hint = "This heading skips a level.", 'Begin it with "%(signs)s ".'
            signs = {"signs": "#" * (level + 1)}
            problems.append(Problem(file, heading.line, message, hint, signs, Weight.WARNING))
        level = heading.level
    return problems


def _blocks(file: str, lines: list[str], written: list[str]) -> tuple[list[FencedBlock], list[Problem]]:
    blocks: list[FencedBlock] = []
    problems: list[Problem] = []
    opened = 0
    for number, slashes in _slash_lines(lines):
        if _is_end(slashes):
            if not opened:
                hint = "Delete it, or open a block above it."
                problems.append(Problem(file, number, "This line closes a block that is not open.", hint))
            opened = 0
            continue
        if opened:
            problems.append(_left_open(file, opened, number))
        block, new_problems = _block(file, number, slashes)
        if block:
            blocks.append(msgspec.structs.replace(block, body=_body(lines, written, number)))
        problems += new_problems
        opened = number
    if opened:
        problems.append(_left_open(file, opened, 0))
    return blocks, problems


def _slash_lines(lines: list[str]) -> list[tuple[int, re.Match[str]]]:
    matches = [(number, _SLASHES.match(line)) for number, line in enumerate(lines, start=1)]
    return [(number, match) for number, match in matches if match]


def _body(lines: list[str], written: list[str], opened: int) -> str:
    """Return the lines after the opening one as written, up to the next line of slashes outside code."""
    end = next((at for at in range(opened, len(lines)) if _SLASHES.match(lines[at])), len(lines))
    return "\n".join(written[opened:end])


def _is_end(slashes: re.Match[str]) -> bool:
    return not (slashes[2] or slashes[4].strip())


def _left_open(file: str, opened: int, met: int) -> Problem:
    """Return the problem of an open block; `met` is the line of the next block, or 0 at the end of the file."""
    message = "This block is not closed."
    hint = 'Close it with a line "///".'
    if met:
        hint = 'Close it with a line "///" before line %(next)s: a block cannot contain another one.'
    return Problem(file, opened, message, hint, {"next": met} if met else {})


def _block(file: str, line: int, slashes: re.Match[str]) -> tuple[FencedBlock | None, list[Problem]]:
    problems = []
    if len(slashes[1]) > 3:
        problems.append(Problem(file, line, "A block must begin with exactly three slashes.", 'Write "///".'))
    name, title = slashes[2] or "", (slashes[3] or "").strip()
    if name not in set(BlockType):
        message, hint = 'There is no block of the type "%(type)s".', "Use one of: %(types)s."
        shown = name or slashes[4].strip()
        return None, [*problems, Problem(file, line, message, hint, {"type": shown, "types": _TYPES})]
    if slashes[4].strip():
        message, hint = "The bar between the type and the title is missing.", 'Write "/// type | title".'
        problems.append(Problem(file, line, message, hint))
    block = FencedBlock(BlockType(name), title, line)
    return block, problems + _missing_title(file, block)


def _missing_title(file: str, block: FencedBlock) -> list[Problem]:
    if block.title or block.type not in _NAMING:
        return []
    return [Problem(file, block.line, "This block does not name its item, its country or its facts.", _NAMING_HINT)]


def _html(file: str, lines: list[str]) -> list[Problem]:
    text = "\n".join(lines)
    message, hint = "HTML is shown as text: %(html)s", "Write it as Markdown, or put it into `code`."
    problems = []
    line, done = 1, 0
    for tag in _HTML.finditer(text):
        line += text.count("\n", done, tag.start())
        done = tag.start()
        problems.append(Problem(file, line, message, hint, {"html": tag[0][:40]}))
    return problems


def _broken(file: str, number: int, line: str) -> list[Problem]:
    message = "This names no source and no term: %(text)s"
    hint = 'Write "[@source-id, art. 3]" for a source, "[[term-id]]" for a term, "[[@SF-D10:3]]" for a line.'
    return [Problem(file, number, message, hint, {"text": text}) for text in link_scanner.broken(line)]
