"""A working example for each part of the course format: blocks, Markdown in the text, and kinds of questions.

The format reference shows each text with its rendering; a test checks that each member of the enums has an example.
"""

from collections.abc import Mapping
from enum import StrEnum

from app.catalogue.domain.item_reader import read_bank
from app.catalogue.domain.items import Item, ItemKind
from app.catalogue.domain.lessons import BlockType
from app.catalogue.domain.text import TextFile
from app.kernel.errors import DomainError
from app.studio.domain.item_examples import ITEMS

__all__ = ["BLOCKS", "ITEMS", "MARKDOWN", "PICTURE", "SOURCE", "TERM", "MarkdownPart", "example_item"]

SOURCE = "tip-protocol-2000"
"""The id of the source that the examples cite."""

TERM = "competency"
"""The id of the glossary term that the examples open."""

PICTURE = "../media/sign.svg"
"""The path of the picture in the examples."""


class MarkdownPart(StrEnum):
    """What authors write in the text of a lesson, outside blocks."""

    HEADING = "heading"
    EMPHASIS = "emphasis"
    LIST = "list"
    NUMBERS = "numbers"
    LINK = "link"
    CITATION = "citation"
    TERM = "term"
    PICTURE = "picture"
    TABLE = "table"
    DEFINITIONS = "definitions"
    FOOTNOTE = "footnote"
    QUOTATION = "quotation"
    CODE = "code"


MARKDOWN: Mapping[MarkdownPart, str] = {
    MarkdownPart.HEADING: "## At the quay\n\n### Before you speak",
    MarkdownPart.EMPHASIS: "Ask *how* she is, and **never** ask in front of others.",
    MarkdownPart.LIST: "- A quiet room\n- An interpreter\n    - not chosen by the driver\n- Water and time",
    MarkdownPart.NUMBERS: "1. Separate the driver.\n2. Call an interpreter.\n3. Ask about needs.",
    MarkdownPart.LINK: "The office has a [page for visitors](https://www.example.org/visitors).",
    MarkdownPart.CITATION: f"The definition has three elements [@{SOURCE}, art. 3(a)].",
    MarkdownPart.TERM: f"Each [[{TERM}]] has a level. The text of the link can change: [[{TERM}|what you can do]].",
    MarkdownPart.PICTURE: f'![A white line joins two points on a dark square]({PICTURE} "The sign of the academy")',
    MarkdownPart.TABLE: "| Sign | What to ask |\n|---|---|\n| No papers | Who has them? |\n| No phone | Since when? |",
    MarkdownPart.DEFINITIONS: "Sign\n:   A fact that needs an explanation\n\nProof\n:   What a court asks for",
    MarkdownPart.FOOTNOTE: "The harbour has two gates.[^gates]\n\n[^gates]: The north gate is closed at night.",
    MarkdownPart.QUOTATION: "> We were told to wait. The driver did not say for how long.",
    MarkdownPart.CODE: "Write the code `NAME` as it is.\n\n```\nGATE  NORTH\nOPEN  06:00\n```",
}

BLOCKS: Mapping[BlockType, str] = {
    BlockType.NOTE: "/// note | Two gates\nThe harbour has two gates. Both have a guard.\n///",
    BlockType.TIP: "/// tip\nWrite the time beside each sign.\n///",
    BlockType.WARNING: "/// warning | Not in front of others\nDo not ask about the debt while the driver listens.\n///",
    BlockType.SENSITIVE: (
        "/// sensitive | Threats against a family\n"
        "This lesson describes threats in words. There are no pictures. You can skip the second part.\n"
        "///"
    ),
    BlockType.SCENARIO: "/// scenario | A van at night\nNine workers, one driver. What do you do first?\n///",
    BlockType.DETAILS: "/// details | Why the order matters\nA person who is afraid speaks only when alone.\n///",
    BlockType.TRANSCRIPT: "/// transcript | A call to the harbour\n- Guard: Who is there?\n- Driver: Me alone.\n///",
    BlockType.COUNTRY: "/// country | IQ\nThe rule that differs in Iraq, with its source [@national-law].\n///",
    BlockType.COUNTRY_FACTS: "/// country-facts | offence, child\n///",
    BlockType.CHECK: "/// check | E01-Q01\n///",
    BlockType.DESK: (
        "/// desk | Ten minutes with two papers\n"
        "document: E01-D01, E01-D02\nitems: E01-Q13 E01-Q14\nminutes: 10\n\n"
        "The inspector puts two papers on your desk. What do you ask first?\n///"
    ),
    BlockType.WORKED: (
        "/// worked | From a line to a question\ndocument: E01-D01\n"
        "1. Line 1 is a price.\n   > Who can pay it owes nothing.\n"
        "2. ? Which line begins a debt?\n   > Line 2: the sum is missing.\n///"
    ),
    BlockType.CARD: "/// card | Before you decide\n1. Who has your papers?\n2. What do you owe, and to whom?\n///",
    BlockType.AUDIO: "/// audio | A call in the morning\nmedia: call.opus\ndocument: E01-D01\n///",
}


def example_item(kind: ItemKind) -> Item:
    """Return the example of a kind as the format reads it; raise DomainError if it has a problem."""
    bank, problems = read_bank(TextFile("", f"# Examples\n\n{ITEMS[kind]}\n"))
    if problems or not bank.items:
        raise DomainError(f"The example of {kind} has mistakes.")
    return bank.items[0]
