"""Items and banks for the tests of this room, written out and as strategies."""

from hypothesis import strategies as st

from app.catalogue.domain import items
from app.catalogue.domain.items import Answers, Bank, Item, ItemForm, ItemKind
from app.quizzes.domain.answers import (
    Answer,
    ChosenOption,
    ChosenOptions,
    Essay,
    Filled,
    FilledFields,
    MarkedLines,
    Matched,
    Numeric,
    PairedLines,
    Picked,
    Proved,
    Rated,
    Sequence,
    Sorted,
    TypedText,
)
from app.quizzes.domain.selection import DrawnQuestion


def item(kind: ItemKind, answers: Answers, name: str = "M01-Q01", **more: object) -> Item:
    return Item(name, kind, "LRE-01", "Stem", answers, **more)  # type: ignore[arg-type]


def choices(*shares: float) -> items.Choices:
    return items.Choices(tuple(items.Option(f"Option {place}", share) for place, share in enumerate(shares)))


def entries(count: int) -> tuple[items.ListEntry, ...]:
    return tuple(items.ListEntry(f"Entry {place}") for place in range(count))


SINGLE = item(ItemKind.SINGLE, choices(0.0, 1.0, 0.5, -0.5))
SEVERAL = item(ItemKind.SEVERAL, choices(1.0, 1.0, 0.0, 0.0))
TRUEFALSE = item(ItemKind.TRUEFALSE, choices(1.0, 0.0))
ORDER = item(ItemKind.ORDER, items.Order(entries(4)))
MATCH = item(
    ItemKind.MATCH,
    items.Match(
        ("Act", "Name"),
        (items.Pair("a", "A"), items.Pair("", "X"), items.Pair("b", "B"), items.Pair("c", "B")),
    ),
)
SORT = item(ItemKind.SORT, items.Sort((items.Group("One", entries(2)), items.Group("Two", entries(1)))))
NUMBER = item(
    ItemKind.NUMBER, items.Number((items.NumberAnswer("12.5", "0.5"), items.NumberAnswer("12.5", "2", 0.5))), unit="km"
)
SHORT = item(ItemKind.SHORT, items.Short((items.ShortAnswer("the means"), items.ShortAnswer("*mean*", 0.5))))
GAPS = item(
    ItemKind.GAPS,
    items.Gaps(
        ("Of ", " and ", "."), (items.Gap("typed", ("act", "deed")), items.Gap("chosen", ("b",), ("a", "b", "c")))
    ),
)
PASSAGES = item(
    ItemKind.PASSAGES,
    items.Passages(("", "", "", ""), (items.Passage("x", True), items.Passage("y", False), items.Passage("z", True))),
)
OPEN = item(ItemKind.OPEN, items.Open(("Criterion", "Points", "What"), (items.Criterion("a", 2.0, "b"),)))
RATING = item(ItemKind.RATING, items.Rating((items.Statement("s", 4, 5), items.Statement("t", 1, 2))))
PAPERS = {"document": ("M01-D01", "M01-D02"), "units": (8, 6)}


def target(line: int, document: str = "M01-D01") -> items.LineTarget:
    return items.LineTarget(line=line, document=document)


MARK = item(
    ItemKind.MARK,
    items.Mark(
        (
            items.MarkedLine(target(2), "+", "The debt."),
            items.MarkedLine(target(5), "+"),
            items.MarkedLine(target(3), "-", "A price."),
            items.MarkedLine(target(4), "~"),
            items.MarkedLine(target(1, "M01-D02"), "+"),
        )
    ),
    **PAPERS,
)
PAIR = item(
    ItemKind.PAIR,
    items.Pairs(
        (
            items.LinePair(target(2), target(4, "M01-D02"), right=True, feedback="Two sums."),
            items.LinePair(target(3), target(6), right=True),
            items.LinePair(target(1), target(6), right=False, feedback="No."),
        )
    ),
    **PAPERS,
)
FIELDS = item(
    ItemKind.FIELDS,
    items.Fields(
        (
            items.FieldEntry("Hours", (items.FieldKey("160", "0.5"), items.FieldKey("*about 160*")), "Add.", 3, 1),
            items.FieldEntry("Name", (items.FieldKey("A. Belik"),), "", 1, 1),
            items.FieldEntry("Agency", (), "Leave it empty.", 4, 1),
        )
    ),
    **PAPERS,
)
PROVED = item(ItemKind.SINGLE, choices(0.0, 1.0, 0.5), prove=(target(6), target(7)), **PAPERS)
ALL = (
    *(SINGLE, SEVERAL, TRUEFALSE, ORDER, MATCH, SORT, NUMBER, SHORT, GAPS, PASSAGES, OPEN, RATING),
    *(MARK, PAIR, FIELDS),
)

# One answer of each kind that says something, and its form fields.
ANSWERS: dict[ItemKind, tuple[Answer, dict[str, list[str]]]] = {
    ItemKind.SINGLE: (ChosenOption(2), {"choice": ["2"]}),
    ItemKind.TRUEFALSE: (ChosenOption(0), {"choice": ["0"]}),
    ItemKind.SEVERAL: (ChosenOptions((0, 2)), {"choices": ["0", "2"]}),
    ItemKind.ORDER: (Sequence((2, 0, 3)), {"place-0": ["2"], "place-1": [""], "place-2": ["1"], "place-3": ["4"]}),
    ItemKind.MATCH: (Matched((1, None, None, 2)), {"match-0": ["1"], "match-3": ["2"]}),
    ItemKind.SORT: (Sorted((0, None, 1)), {"group-0": ["0"], "group-2": ["1"]}),
    ItemKind.NUMBER: (Numeric("12,5"), {"answer": ["12,5"]}),
    ItemKind.SHORT: (TypedText("The means"), {"answer": ["The means"]}),
    ItemKind.GAPS: (Filled(("Act", 1)), {"gap-0": ["Act"], "gap-1": ["1"]}),
    ItemKind.PASSAGES: (Picked((2,)), {"choices": ["2"]}),
    ItemKind.OPEN: (Essay("I would ask."), {"answer": ["I would ask."]}),
    ItemKind.RATING: (Rated((5, None)), {"rate-0": ["5"], "rate-1": [""]}),
    ItemKind.MARK: (MarkedLines(((0, 5), (1, 1))), {"lines": ["0-5", "1-1"]}),
    ItemKind.PAIR: (
        PairedLines((((0, 2), (1, 4)),)),
        {"pair-0-a": ["2"], "pair-0-b": ["4"], "pair-0-b-in": ["1"], "pair-1-a": ["3"]},
    ),
    ItemKind.FIELDS: (
        FilledFields({3: "160", 1: "A. B."}),
        {"field-3": ["160"], "field-1": ["A. B."], "field-4": [""]},
    ),
}
PROVED_ANSWER = Proved(ChosenOption(1), (0, 6))


def with_other_key(kind: ItemKind) -> tuple[Item, Item]:
    """Return two items of a kind with the same texts and another key."""
    words = [items.ListEntry(text) for text in ("ask", "note", "call", "wait")]
    if kind is ItemKind.ORDER:
        return item(kind, items.Order(tuple(words))), item(kind, items.Order(tuple(reversed(words))))
    if kind is ItemKind.SORT:
        groups = [items.Sort((items.Group("a", tuple(words[:n])), items.Group("b", tuple(words[n:])))) for n in (1, 3)]
        return item(kind, groups[0]), item(kind, items.Sort(groups[1].groups))
    cells = [[items.Pair(left, right) for left, right in zip("abc", rights, strict=True)] for rights in ("xyz", "zxy")]
    first, second = (items.Match(("l", "r"), tuple(rows)) for rows in cells)
    return item(kind, first), item(kind, second)


def shown_texts(question: DrawnQuestion) -> list[str]:
    """Return the texts of a question in the order shown."""
    answers = question.item.answers
    if isinstance(answers, items.Match):
        return [answers.pairs[row].right for row in question.order]
    groups = answers.groups if isinstance(answers, items.Sort) else ()
    texts = answers.entries if isinstance(answers, items.Order) else [e for group in groups for e in group.entries]
    return [texts[position].text for position in question.order]


_shares = st.sampled_from([1.0, 0.0, 0.5, 0.25, 1 / 3, -0.25, -1.0])


@st.composite
def several_items(draw: st.DrawFn) -> Item:
    """Items of kind several with at least one right option, part marks and minus among them."""
    shares = draw(st.lists(_shares, min_size=1, max_size=8).filter(lambda found: any(share > 0 for share in found)))
    return item(ItemKind.SEVERAL, choices(*shares))


@st.composite
def banks(draw: st.DrawFn) -> Bank:
    """Banks of up to 30 items of three competencies, all forms and several kinds."""
    kinds = st.sampled_from([SINGLE, TRUEFALSE, ORDER, MATCH, SORT, GAPS, OPEN, RATING])
    found = []
    for number in range(draw(st.integers(0, 30))):
        like = draw(kinds)
        found.append(
            Item(
                f"M01-Q{number:02}",
                like.kind,
                draw(st.sampled_from(["A-01", "B-01", "C-01"])),
                "Stem",
                like.answers,
                form=draw(st.sampled_from([None, *ItemForm])),
                shuffle=draw(st.booleans()),
            )
        )
    return Bank(tuple(found))
