"""The paragraphs that the translation desk shows at a time: a filter, and a start among the paragraphs that fit it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.studio.domain.translation_blocks import OPEN_STATES, TranslationBlockState as State

MOST_BLOCKS: Final = 12  # paragraphs on a page


class DeskFilter(StrEnum):
    """The paragraphs of a text that the desk shows; OPEN are missing or changed."""

    ALL = "all"
    OPEN = "open"
    CHANGED = "changed"


_STATES: Mapping[DeskFilter, Collection[State]] = {
    DeskFilter.ALL: frozenset(State),
    DeskFilter.OPEN: OPEN_STATES,
    DeskFilter.CHANGED: frozenset({State.CHANGED}),
}


@dataclass(frozen=True, slots=True)
class DeskView:
    """What a user asks for: a filter, and the number of the first paragraph, from 1."""

    filter: DeskFilter = DeskFilter.ALL
    start: int = 1


@dataclass(frozen=True, slots=True)
class DeskWindow:
    """Numbers of the shown paragraphs; `before` and `after` are the first numbers of the neighbours, 0 without one."""

    numbers: tuple[int, ...]
    before: int
    after: int


def window(states: Sequence[State], view: DeskView) -> DeskWindow:
    """Return the paragraphs from the start that fit the filter; the last ones if none follows the start."""
    fitting = [number for number, state in enumerate(states, 1) if state in _STATES[view.filter]]
    first = sum(number < view.start for number in fitting)
    if first == len(fitting):
        first = max(0, first - MOST_BLOCKS)
    last = first + MOST_BLOCKS
    before = fitting[max(0, first - MOST_BLOCKS)] if first else 0
    return DeskWindow(tuple(fitting[first:last]), before, fitting[last] if last < len(fitting) else 0)


def count(states: Sequence[State], shown: DeskFilter) -> int:
    """Return how many paragraphs fit a filter."""
    return sum(state in _STATES[shown] for state in states)


def page_start(number: int) -> int:
    """Return the first paragraph of the page of a paragraph, if all are shown."""
    return number - (number - 1) % MOST_BLOCKS
