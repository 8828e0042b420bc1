"""The files of a course that are translated, cut into the blocks that a translator works on."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.catalogue.domain.course_reader import read_course_text
from app.catalogue.domain.course_writer import blocks_of_course_text
from app.catalogue.domain.folder_names import Part, path_in_course
from app.catalogue.domain.item_reader import read_bank
from app.catalogue.domain.item_writer import blocks_of_bank
from app.catalogue.domain.lesson_reader import blocks_of_lesson, read_lesson
from app.catalogue.domain.markdown_blocks import cut
from app.catalogue.domain.scenario_reader import read_scenario
from app.catalogue.domain.scenario_writer import blocks_of_scenario
from app.catalogue.domain.source_lines import Report, SourceLines, lines_of_file, stripped_text
from app.catalogue.domain.text import TextFile
from app.catalogue.domain.translations import block_hash, cut_front
from app.studio.domain.document_blocks import DocumentBlock, source_blocks_of, target_blocks_of

OPENING: Final = "opening"  # the title of a bank or case with the text below it
SECTION: Final = "section"  # an item of a bank, or a node of a case
_KEY = re.compile(
    r"(kind|competency|level|form|cite|shuffle|pass_value|scale|unit|skip|id|truth|start"
    r"|document|prove|idea|needs|stance|words):( .*)?"
)
_KEYS: Mapping[Part, str] = {
    Part.TEXT: "course", Part.LESSON: "lesson", Part.BANK: "questions", Part.SCENARIO: "case",
    Part.DOCUMENT: "document",
}  # fmt: skip
_PROSE = frozenset({Part.TEXT, Part.LESSON})
_IN_ORDER = _PROSE | {Part.DOCUMENT}


@dataclass(frozen=True, slots=True)
class TranslatedPart:
    """A part of a course with texts; `name` is that of a lesson, of a document or of a further case."""

    part: Part
    name: str = ""

    @property
    def is_prose(self) -> bool:
        """Return whether the blocks are Markdown blocks: not items of a bank or nodes of a case."""
        return self.part in _PROSE

    @property
    def is_in_order(self) -> bool:
        """Return whether blocks of source and translation belong together by their order, not by an id."""
        return self.part in _IN_ORDER

    @property
    def key(self) -> str:
        """Return the name of the part in addresses; `part_of` is its inverse."""
        return "-".join([_KEYS[self.part], *([self.name] if self.name else [])])

    def path(self, language: str) -> str:
        """Return the path of the text in a language within the folder of the course."""
        return path_in_course(self.part, language, self.name)


def part_of(key: str) -> TranslatedPart | None:
    """Return the part of a name in addresses; None if there is no such kind of part."""
    kind, _, name = key.partition("-")
    part = next((part for part, word in _KEYS.items() if word == kind), None)
    return TranslatedPart(part, name) if part else None


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A block of a text: `id` of an item or node ("" for all others), `line` of its first line.

    `kind` is that of a Markdown block or of a document, OPENING or SECTION. `empty_nodes` are ids of nodes without text
    that follow it. In a document, `before` and `after` stand around the text; no empty line is before a joined block.
    """

    id: str
    kind: str
    text: str
    line: int = 0
    empty_nodes: tuple[str, ...] = ()
    before: str = ""
    after: str = ""
    is_joined: bool = False

    @property
    def hash(self) -> str:
        """Return the hash by which a translation follows this block."""
        return block_hash(self.text)

    @property
    def is_copied(self) -> bool:
        """Return whether the block has no text to translate: a question of the bank within a lesson."""
        return self.kind == "/// check"


def source_blocks(part: TranslatedPart, text: str) -> tuple[TextBlock, ...]:
    """Return the blocks of a text in the source language, with the hashes that the checker of the format computes."""
    return _READERS[part.part](TextFile("", text))


def target_blocks(part: TranslatedPart, text: str) -> tuple[TextBlock, ...]:
    """Return the blocks of a translation as written, without its header, ids and keys; `line` is within the file."""
    body = cut_front(TextFile("", text))[1]
    if part.part is Part.DOCUMENT:
        return _document_blocks(target_blocks_of(body))
    if part.is_prose:
        return tuple(TextBlock("", block.kind, block.text, block.line) for block in cut(body.lines))
    whole = lines_of_file(body, Report(""))
    opening = whole.before("## ").trimmed()
    blocks = [_block("", OPENING, opening, 1)] if opening.lines else []
    blocks += [_section(section) for section in whole.sections("## ")]
    return tuple(block for block in blocks if block.text)


def _section(section: SourceLines) -> TextBlock:
    name = section.lines[0][3:].split()
    return _block(name[0] if name else "", SECTION, section, 1)


def _block(name: str, kind: str, lines: SourceLines, heading: int) -> TextBlock:
    """Return a block without its key lines, which follow the heading; an opening has its heading in its text."""
    end = heading
    while end < len(lines.lines) and _KEY.fullmatch(lines.lines[end].rstrip()):
        end += 1
    title = list(lines.lines[:heading]) if kind == OPENING else []
    return TextBlock(name, kind, stripped_text([*title, *lines.lines[end:]]), lines.first)


def _prose(blocks: Sequence[str]) -> tuple[TextBlock, ...]:
    written = cut("\n\n".join(blocks).split("\n"))
    return tuple(TextBlock("", block.kind, block.text, block.line) for block in written)


def _course_text(source: TextFile) -> tuple[TextBlock, ...]:
    text = read_course_text(source)[0]
    return _prose(blocks_of_course_text(text)) if text else ()


def _lesson(source: TextFile) -> tuple[TextBlock, ...]:
    return _prose(blocks_of_lesson(read_lesson(source)[0]))


def _bank(source: TextFile) -> tuple[TextBlock, ...]:
    bank = read_bank(source)[0]
    texts = blocks_of_bank(bank)
    opening = [TextBlock("", OPENING, texts[0])] if len(texts) > len(bank.items) else []
    items = zip(bank.items, texts[len(opening) :], strict=True)
    return (*opening, *(TextBlock(item.id, SECTION, text, item.line) for item, text in items))


def _scenario(source: TextFile) -> tuple[TextBlock, ...]:
    scenario = read_scenario(source)[0]
    if scenario is None:
        return ()
    opening, *texts = blocks_of_scenario(scenario)
    blocks = [TextBlock("", OPENING, opening)]
    for node in scenario.nodes:
        if node.text or node.moves:
            blocks.append(TextBlock(node.id, SECTION, texts.pop(0), node.line))
        else:
            blocks[-1] = replace(blocks[-1], empty_nodes=(*blocks[-1].empty_nodes, node.id))
    return tuple(blocks)


def _document(source: TextFile) -> tuple[TextBlock, ...]:
    return _document_blocks(source_blocks_of(source))


def _document_blocks(blocks: Sequence[DocumentBlock]) -> tuple[TextBlock, ...]:
    return tuple(
        TextBlock(
            "", block.kind, block.text, block.line, before=block.before, after=block.after, is_joined=block.is_joined
        )
        for block in blocks
    )


_READERS: Mapping[Part, Callable[[TextFile], tuple[TextBlock, ...]]] = {
    Part.TEXT: _course_text,
    Part.LESSON: _lesson,
    Part.BANK: _bank,
    Part.SCENARIO: _scenario,
    Part.DOCUMENT: _document,
}


def write_block(block: TextBlock, text: str) -> str:
    """Return a block of a translation as it is written in the file, with the nodes without text that follow it."""
    heading = [f"## {block.id}"] * (block.kind == SECTION)
    return "\n\n".join([*heading, f"{block.before}{text}{block.after}", *(f"## {node}" for node in block.empty_nodes)])
