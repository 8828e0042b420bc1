"""Data classes of an item bank: `Bank`, `Item` and the answers of the fifteen item kinds."""

from enum import StrEnum
from typing import Literal

import msgspec


class ItemKind(StrEnum):
    SINGLE = "single"
    SEVERAL = "several"
    TRUEFALSE = "truefalse"
    ORDER = "order"
    MATCH = "match"
    SORT = "sort"
    NUMBER = "number"
    SHORT = "short"
    GAPS = "gaps"
    PASSAGES = "passages"
    OPEN = "open"
    RATING = "rating"
    MARK = "mark"
    PAIR = "pair"
    FIELDS = "fields"


class Level(StrEnum):
    FOUNDATION = "foundation"
    PRACTITIONER = "practitioner"
    SPECIALIST = "specialist"


class ItemForm(StrEnum):
    A = "A"
    B = "B"
    PRACTICE = "practice"
    RESERVE = "reserve"


class Stance(StrEnum):
    """The right answer of an item: a firm act, a careful one, or neither; only for the balance of a bank."""

    FIRM = "firm"
    CARE = "care"
    NONE = "none"


class Needs(StrEnum):
    """What an item asks of its reader: a rule that was taught, a rule in the text, or careful reading alone."""

    RULE = "rule"
    GIVEN = "given"
    READING = "reading"


class LineTarget(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line of a document as a writer names it: by number, or by a name of the document.

    `document` is empty if the item has one document. `line` counts from 1; it is 0 for a name until
    `documents.resolve` found the line.
    """

    line: int = 0
    name: str = ""
    document: str = ""


class Option(msgspec.Struct, frozen=True):
    """An option of a choice item. `share` is 1.0 if right, 0.0 if wrong, or a part of it (negative: a deduction).

    `error` says which of both errors a wrong option is, if the writer says so.
    """

    text: str
    share: float
    feedback: str = ""
    error: Literal["", "miss", "false_alarm"] = ""


class Choices(msgspec.Struct, frozen=True, tag="choices"):
    """Options of single, several and truefalse (first option true); the index identifies an option."""

    options: tuple[Option, ...]


class ListEntry(msgspec.Struct, frozen=True):
    """A line of an order or sort item, with its feedback; `@3` or `@SF-D10:3` is the text of a document's line."""

    text: str
    feedback: str = ""


class Order(msgspec.Struct, frozen=True, tag="order"):
    """The entries in the right order."""

    entries: tuple[ListEntry, ...]


class Pair(msgspec.Struct, frozen=True):
    """A row of a match table. An empty `left` makes `right` a distractor."""

    left: str
    right: str


class Match(msgspec.Struct, frozen=True, tag="match"):
    """`heads` are the two column titles."""

    heads: tuple[str, str]
    pairs: tuple[Pair, ...]


class Group(msgspec.Struct, frozen=True):
    title: str
    entries: tuple[ListEntry, ...]


class Sort(msgspec.Struct, frozen=True, tag="sort"):
    """Entries to be sorted into groups."""

    groups: tuple[Group, ...]


class NumberAnswer(msgspec.Struct, frozen=True):
    """An accepted number, written as in the file (decimal point), with its tolerance."""

    value: str
    tolerance: str = ""
    share: float = 1.0
    feedback: str = ""


class Number(msgspec.Struct, frozen=True, tag="number"):
    answers: tuple[NumberAnswer, ...]


class ShortAnswer(msgspec.Struct, frozen=True):
    r"""An accepted wording; `*` matches any text, `\*` a star."""

    pattern: str
    share: float = 1.0
    feedback: str = ""


class Short(msgspec.Struct, frozen=True, tag="short"):
    answers: tuple[ShortAnswer, ...]


class Gap(msgspec.Struct, frozen=True):
    """A gap: typed (all `accepted`), or chosen (`options` in file order, `accepted` are the right ones among them)."""

    mode: Literal["typed", "chosen"]
    accepted: tuple[str, ...]
    options: tuple[str, ...] = ()


class Gaps(msgspec.Struct, frozen=True, tag="gaps"):
    """`parts` are the texts around the gaps: always one more than `gaps`."""

    parts: tuple[str, ...]
    gaps: tuple[Gap, ...]


class Passage(msgspec.Struct, frozen=True):
    text: str
    right: bool


class Passages(msgspec.Struct, frozen=True, tag="passages"):
    """`parts` are the texts around the candidates: always one more than `passages`."""

    parts: tuple[str, ...]
    passages: tuple[Passage, ...]


class Criterion(msgspec.Struct, frozen=True):
    name: str
    points: float
    earns: str


class Open(msgspec.Struct, frozen=True, tag="open"):
    """`heads` are the three column titles of the rubric table."""

    heads: tuple[str, str, str]
    criteria: tuple[Criterion, ...]


class Statement(msgspec.Struct, frozen=True):
    """`low` to `high` are the accepted ratings, inclusive."""

    text: str
    low: int
    high: int
    feedback: str = ""


class Rating(msgspec.Struct, frozen=True, tag="rating"):
    statements: tuple[Statement, ...]


class MarkedLine(msgspec.Struct, frozen=True):
    """A line to be marked (`+`), a tempting one (`-`), or one that earns and costs nothing (`~`)."""

    target: LineTarget
    sign: Literal["+", "-", "~"]
    feedback: str = ""


class Mark(msgspec.Struct, frozen=True, tag="mark"):
    """Lines of the documents; every line that is not named is wrong without a reason of its own."""

    lines: tuple[MarkedLine, ...]


class LinePair(msgspec.Struct, frozen=True):
    """Two lines that contradict each other, or a tempting pair that does not."""

    first: LineTarget
    second: LineTarget
    right: bool
    feedback: str = ""


class Pairs(msgspec.Struct, frozen=True, tag="pair"):
    pairs: tuple[LinePair, ...]


class FieldKey(msgspec.Struct, frozen=True):
    """An accepted entry of a form's field: a number with its tolerance, or a wording as in `ShortAnswer`."""

    text: str
    tolerance: str = ""


class FieldEntry(msgspec.Struct, frozen=True):
    """A field of the form by its label. Without `accepted` it must stay empty; `feedback` if it is wrong or missing.

    `line` of the form and `document`, its position in `Item.document`, are set when the course is prepared.
    """

    label: str
    accepted: tuple[FieldKey, ...] = ()
    feedback: str = ""
    line: int = 0
    document: int = 0


class Fields(msgspec.Struct, frozen=True, tag="fields"):
    """Fields of the item's document of the kind `form`."""

    fields: tuple[FieldEntry, ...]


Answers = Choices | Order | Match | Sort | Number | Short | Gaps | Passages | Open | Rating | Mark | Pairs | Fields


class Item(msgspec.Struct, frozen=True):
    """An item, stored as JSON. Texts are Markdown; `scale`: for ratings; `pass_value`: None until trainers set it.

    `document`: ids of the documents that are open beside it, up to three. `prove`: lines of which the learner must
    point to one. `length`: words asked of an open answer, the key `words`. `good`, `weak`: its models, with reasons.
    `units`: number of lines of each document, set when the course is prepared. `tags`: words for filters of authors.
    """

    id: str
    kind: ItemKind
    competency: str
    stem: str
    answers: Answers
    level: Level = Level.FOUNDATION
    form: ItemForm | None = None
    cite: tuple[str, ...] = ()
    shuffle: bool = True
    pass_value: float | None = None
    scale: tuple[int, int] = (1, 5)
    unit: str = ""
    skip: str = ""
    hint: str = ""
    general: str = ""
    line: int = 0
    document: tuple[str, ...] = ()
    prove: tuple[LineTarget, ...] = ()
    idea: str = ""
    needs: Needs | None = None
    stance: Stance | None = None
    length: tuple[int, int] | None = None
    good: str = ""
    weak: str = ""
    units: tuple[int, ...] = ()
    tags: tuple[str, ...] = ()


class Bank(msgspec.Struct, frozen=True):
    """An item bank: title and introduction of the file, and the items."""

    items: tuple[Item, ...]
    title: str = ""
    intro: str = ""
