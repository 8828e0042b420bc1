"""The clues of banks as lines of at most 100 characters for the console."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence

from app.catalogue.domain.clues.measures import BankClues

WIDTH = 100


def lines(name: str, clues: BankClues) -> Iterator[str]:
    """Yield the lines of a bank."""
    yield f"{name}: {clues.items} items, {clues.single} single (chance {_percent(clues.chance)})"
    kinds = ", ".join(f"{kind} {count}" for kind, count in clues.kinds.items())
    yield from textwrap.wrap(kinds, WIDTH - 2, initial_indent="  ", subsequent_indent="  ")
    yield f"  G1 words, trained on the other courses {_percent(clues.across)}   G2 inside {_percent(clues.inside)}"
    if clues.luck:
        luck = clues.luck
        yield f"     random keys: mean {_percent(luck.mean)}, one in twenty above {_percent(luck.one_in_twenty)}"
    yield f"  G3 longest {_percent(clues.longest)}   shortest {_percent(clues.shortest)}"
    yield f"  G4 most frequent place {_percent(clues.position)} ({_counts(clues.positions)})"
    yield (
        f"  G5 several: three right of five {_percent(clues.three_of_five)}"
        f"   sort: equal groups {_percent(clues.equal_groups)}"
    )
    yield f"  G6 true/false: true {_percent(clues.true)}   G7 stance firm {_percent(clues.firm)}"
    yield (
        f"  G8 with a document {_percent(clues.with_document)}   produced {_percent(clues.produced)}"
        f"   single in the test {_percent(clues.in_test)}"
    )
    yield f"  G9 absolute words: right {_percent(clues.absolute[0])} wrong {_percent(clues.absolute[1])}"
    yield (
        f"     hedging words: right {_percent(clues.hedged[0])} wrong {_percent(clues.hedged[1])}"
        f"   words a stem {clues.stem_words:.0f}"
    )
    if clues.betraying:
        listed = ", ".join(f"{word.text} {word.right}/{word.other}" for word in clues.betraying)
        text = f"words that betray (right/wrong options): {listed}"
        yield from textwrap.wrap(text, WIDTH - 2, initial_indent="  ", subsequent_indent="    ")


def item_lines(ids: Sequence[str]) -> list[str]:
    """Return the items that words alone give away, as lines."""
    text = ", ".join(ids) or "no item"
    return textwrap.wrap(f"words alone give away: {text}", WIDTH - 2, initial_indent="  ", subsequent_indent="    ")


def _percent(rate: float | None) -> str:
    return "  -" if rate is None else f"{rate:3.0%}"


def _counts(positions: Mapping[int, int]) -> str:
    return ", ".join(f"{position}: {count}" for position, count in positions.items())
