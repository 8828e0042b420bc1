"""Hypothesis strategies for items of each kind, and for scenarios, as a reader may yield them."""

import re
from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from app.catalogue.domain.items import (
    Bank,
    Choices,
    Criterion,
    FieldEntry,
    FieldKey,
    Fields,
    Gap,
    Gaps,
    Group,
    Item,
    ItemForm,
    ItemKind,
    Level,
    LinePair,
    LineTarget,
    ListEntry,
    Mark,
    MarkedLine,
    Match,
    Needs,
    Number,
    NumberAnswer,
    Open,
    Option,
    Order,
    Pair,
    Pairs,
    Passage,
    Passages,
    Rating,
    Short,
    ShortAnswer,
    Sort,
    Stance,
    Statement,
)
from app.catalogue.domain.scenarios import ErrorKind, Move, MoveRating, Node, Scenario, Truth
from app.catalogue.domain.source_lines import stripped_text
from app.catalogue.domain.text import normalise

T = TypeVar("T")
R = TypeVar("R")
PIECES = [
    *"aZ9 .,:;()[]{}|<>*_=-+~#\\/±%&\"'",
    "الجواب",
    "سۆرانی",
    "اردو",
    "\u200f",
    "\u202b",
    "é",
    "[x] ",
    "[ ] ",
    " [50%]",
    " -> d2 (best)",
    "(best)",
    " = 1..2",
    "- ",
    "1. ",
    "kind: single",
    " (miss)",
    "`a|b`",
    "`{=x}`",
    "{{x}}",
]
_KEYS = re.compile(
    r"(kind|competency|level|form|cite|shuffle|pass_value|scale|unit|skip|id|truth|start"
    r"|document|prove|idea|needs|stance|words|tags):"
)
_TAIL = re.compile(r"(.* |)\((miss|false_alarm)\)(\n|$)")
FENCE = "```\n## M01-Q77\n{=x} {{+ y }}\n/// hint\n> z\n```"


def _line(pieces: Sequence[str] = PIECES) -> SearchStrategy[str]:
    return st.lists(st.sampled_from(pieces), min_size=1, max_size=6).map(
        lambda texts: normalise("".join(texts)).strip()
    )


def _good(line: str) -> bool:
    return bool(line) and not line.startswith(("## ", "///", "```", "~~~", "# ")) and line not in ("---", "##")


line = _line().filter(_good)


def _text(lines: Sequence[str]) -> str:
    return stripped_text("\n".join(lines).split("\n")).lstrip()


block = (
    st.lists(line | st.sampled_from(["", "  - nested", FENCE, "| a | b |\n| --- | --- |\n| = 3 | - 4 |"]), max_size=4)
    .map(_text)
    .filter(bool)
)
stem = block.filter(lambda text: not _KEYS.match(text))
answer = block.filter(lambda text: not re.search(r"^ ?>", text.replace(FENCE, ""), re.MULTILINE))
feedback = st.just("") | block.filter(lambda text: not text.startswith(">") or True)
cell = line
share = st.integers(-100, 100).map(lambda percent: percent / 100)
part = st.integers(1, 100).map(lambda percent: percent / 100)
figure = st.decimals(-1000, 1000, places=2, allow_nan=False).map(lambda number: f"{number:f}")


def many(element: SearchStrategy[T], least: int = 1, most: int = 4) -> SearchStrategy[tuple[T, ...]]:
    return st.lists(element, min_size=least, max_size=most).map(tuple)


entry = st.builds(ListEntry, answer, feedback)
choices = st.builds(Choices, many(st.builds(Option, answer, st.sampled_from([0.0, 1.0]) | share, feedback)))
single = st.builds(
    Choices,
    many(
        st.builds(
            Option,
            answer.filter(lambda text: not _TAIL.match(text)),
            st.sampled_from([0.0, 1.0]),
            feedback,
            st.sampled_from(["", "miss", "false_alarm"]),
        )
    ),
)
order = st.builds(Order, many(entry))
match = st.builds(Match, st.tuples(cell, cell), many(st.builds(Pair, st.just("") | cell, cell)))
sort = st.builds(Sort, many(st.builds(Group, line, many(entry))))
number = st.builds(
    Number,
    many(st.builds(NumberAnswer, figure, st.just("") | figure.map(lambda text: text.lstrip("-")), part, feedback)),
)
short = st.builds(Short, many(st.builds(ShortAnswer, line, part, feedback)))
rubric = st.builds(
    Open,
    st.tuples(cell, cell, cell),
    many(st.builds(Criterion, cell, st.integers(0, 400).map(lambda n: n / 4), cell)),
)
rating = st.builds(
    Rating,
    many(st.builds(Statement, line, st.integers(1, 3), st.integers(3, 5), feedback)),
)
tags = st.lists(st.sampled_from(["night", "کۆمەڵ", "air: port", "50%", "a;b"]), unique=True).map(tuple)
# A run of backticks or a lone brace in a text would join with the next gap: no reader yields that.
_plain_part = _line(["a", " b", ".", "الجواب", "`{=x}`", "{", "|", "\\{=", "{{x}}", "\n\nq"]).map(
    lambda text: f" {text} "
)
parts = st.lists(_plain_part.filter(lambda text: not text.strip().startswith(("```", "~~~"))), min_size=5, max_size=5)
word = _line([*"a\\|{}=`~", "سۆر"]).filter(bool)


@st.composite
def _chosen(draw: st.DrawFn) -> Gap:
    options = draw(st.lists(word, min_size=2, max_size=4, unique=True))
    rights = draw(st.lists(st.sampled_from(options), min_size=1, unique=True))
    return Gap("chosen", tuple(option for option in options if option in rights), tuple(options))


@st.composite
def _around(draw: st.DrawFn, marks: SearchStrategy[T], make: Callable[[tuple[str, ...], tuple[T, ...]], R]) -> R:
    drawn = draw(st.lists(marks, min_size=1, max_size=4))
    texts = draw(parts)[: len(drawn) + 1]
    texts[0], texts[-1] = texts[0].lstrip(), texts[-1].rstrip()
    return make(tuple(texts), tuple(drawn))


gaps = _around(st.builds(lambda words: Gap("typed", words), many(word)) | _chosen(), Gaps)
candidate = _line(["a", " b", "|", "الجواب", "`}}`", "+ ", "\nc"]).filter(bool)
passages = _around(st.builds(Passage, candidate, st.booleans()), Passages)

unit_name = st.sampled_from(["april", "debt-begins", "x", "sum-2"])
target = st.builds(LineTarget, st.just(0), unit_name, st.sampled_from(["", "SF-D10"])) | st.builds(
    LineTarget, st.integers(1, 120), st.just(""), st.sampled_from(["", "M02-D21"])
)
mark = st.builds(Mark, many(st.builds(MarkedLine, target, st.sampled_from("+-~"), feedback)))
pairs = st.builds(Pairs, many(st.builds(LinePair, target, target, st.booleans(), feedback)))
# what follows a sign in a field's line is read first: no reader yields a label or an entry with one
_label = _line(["Sum", " of", "debt", ",", "الاسم", "(", ")", " -", "|", "*", "."]).filter(
    lambda text: bool(text) and not text.startswith(("/", "-", "#")) and not text.endswith(" -")
)
_entry_text = _line(["belik", " *", "28 may", "\\*", "الجواب", "=", "!", "-", "3"]).filter(bool)
field_key = st.builds(FieldKey, _entry_text) | st.builds(FieldKey, st.sampled_from(["3", "-2.5"]), st.just("0.5"))
fields = st.lists(
    st.builds(FieldEntry, _label, many(field_key, 0, 3), st.just("") | line),
    min_size=1,
    max_size=4,
    unique_by=lambda f: f.label,
).map(lambda entries: Fields(tuple(entries)))

ANSWERS = {
    ItemKind.SINGLE: single,
    ItemKind.SEVERAL: choices,
    ItemKind.TRUEFALSE: choices,
    ItemKind.ORDER: order,
    ItemKind.MATCH: match,
    ItemKind.SORT: sort,
    ItemKind.NUMBER: number,
    ItemKind.SHORT: short,
    ItemKind.GAPS: gaps,
    ItemKind.PASSAGES: passages,
    ItemKind.OPEN: rubric,
    ItemKind.RATING: rating,
    ItemKind.MARK: mark,
    ItemKind.PAIR: pairs,
    ItemKind.FIELDS: fields,
}
trailer = st.just("") | block
key_text = _line(list("ab: 9الج,")).filter(bool)


def item(kind: ItemKind) -> SearchStrategy[Item]:
    return st.builds(
        Item,
        id=st.just("M01-Q01"),
        kind=st.just(kind),
        competency=st.just("LRE-01"),
        stem=stem,
        answers=ANSWERS[kind],
        level=st.sampled_from(Level),
        form=st.none() | st.sampled_from(ItemForm),
        cite=many(_line(["a", "b, art. 3(a)"]).map(lambda text: " ".join(text.split())), 0, 2),
        shuffle=st.booleans(),
        pass_value=st.none() | st.integers(0, 100).map(lambda percent: percent / 100),
        scale=st.sampled_from([(1, 5), (0, 10), (-2, 2)]),
        unit=st.just("") | key_text,
        skip=st.just("") | key_text,
        hint=trailer,
        general=trailer,
        document=st.sampled_from([(), ("SF-D10",), ("SF-D10", "M02-D21")]),
        prove=st.sampled_from(
            [(), (LineTarget(3),), (LineTarget(0, "april"), LineTarget(5)), (LineTarget(2, "", "SF-D10"),)]
        ),
        idea=st.sampled_from(["", "signs-refer"]),
        needs=st.none() | st.sampled_from(Needs),
        stance=st.none() | st.sampled_from(Stance),
        length=st.sampled_from([None, (6, 25), (0, 0)]),
        good=trailer,
        weak=trailer,
        tags=tags,
    )


def exported(source: Item) -> Item:
    """Return an item with what other formats can carry as well: neither model answers nor errors of options."""
    answers = source.answers
    if isinstance(answers, Choices):
        answers = Choices(tuple(Option(option.text, option.share, option.feedback) for option in answers.options))
    return msgspec.structs.replace(source, answers=answers, good="", weak="")


def bank(kind: ItemKind) -> SearchStrategy[Bank]:
    return st.builds(lambda single, title, intro: Bank((single,), title, intro), item(kind), line, trailer)


any_bank = st.builds(
    lambda items, title: Bank(tuple(_numbered(items)), title),
    st.lists(st.sampled_from(ItemKind).flatmap(item), min_size=1, max_size=3),
    line,
)


def _numbered(items: Sequence[Item]) -> list[Item]:
    return [replace_id(numbered, f"M01-Q{place:02}") for place, numbered in enumerate(items)]


def replace_id(source: Item, name: str) -> Item:
    return Item(**{field: getattr(source, field) for field in source.__struct_fields__} | {"id": name})


_consequence = st.just("") | block.filter(lambda text: not re.search(r"^Why:", text, re.MULTILINE))
move = st.builds(
    Move,
    answer,
    st.sampled_from(["d1", "r1", "end"]),
    st.sampled_from(MoveRating),
    st.none() | st.sampled_from(ErrorKind),
    _consequence,
    st.just("") | block,
)
# a line of an end that reads as an option is refused, so no reader yields one
_end = stem.filter(lambda text: not re.search(r"^- .*->", text, re.MULTILINE))
_judged = st.none() | st.integers(0, 100).map(lambda percent: percent / 100)
_nodes = st.tuples(
    st.builds(Node, st.just("d1"), stem, many(move), st.booleans(), pass_value=_judged),
    st.builds(Node, st.just("r1"), stem, many(move), st.booleans(), pass_value=_judged),
    st.builds(Node, st.just("end"), st.just("") | _end),
)
scenario = st.builds(Scenario, st.just("S01"), line, st.sampled_from(Truth), st.just("d1"), stem, _nodes)
