"""Single-choice items as the clue measures read them: the words of each option, and the position of the right one."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.catalogue.domain.items import Bank, Choices, Item, ItemForm, ItemKind

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
BLIND_FORMS = frozenset({ItemForm.B, ItemForm.RESERVE, None})  # forms of which blind sheets are drawn


@dataclass(frozen=True, slots=True)
class SingleChoice:
    """An item with one right option; `right` is its position from 0, `tokens` the words of each option."""

    id: str
    options: tuple[str, ...]
    tokens: tuple[tuple[str, ...], ...]
    right: int

    @property
    def chance(self) -> float:
        """Return the chance of a right answer by luck."""
        return 1 / len(self.options)


def tokens(text: str) -> tuple[str, ...]:
    """Return the words of a text, folded for case; digits are left out."""
    return tuple(word.casefold() for word in _WORD.findall(text))


def single_choice(item: Item) -> SingleChoice | None:
    """Return an item as a single choice; None for other kinds, and for fewer than two options or one right option."""
    if item.kind is not ItemKind.SINGLE or not isinstance(item.answers, Choices):
        return None
    texts = tuple(option.text for option in item.answers.options)
    right = right_options(item)
    if len(texts) < 2 or len(right) != 1:
        return None
    return SingleChoice(item.id, texts, tuple(map(tokens, texts)), right[0])


def single_choices(items: Iterable[Item]) -> list[SingleChoice]:
    """Return the single choices among items."""
    return [choice for choice in map(single_choice, items) if choice is not None]


def right_options(item: Item) -> list[int]:
    """Return the positions of the options that earn something; empty for kinds without options."""
    if not isinstance(item.answers, Choices):
        return []
    return [position for position, option in enumerate(item.answers.options) if option.share > 0]


def items_of(banks: Iterable[Bank]) -> list[Item]:
    """Return the items of several banks."""
    return [item for bank in banks for item in bank.items]


def mean_chance(choices: Sequence[SingleChoice]) -> float:
    """Return the mean chance of a right answer by luck, 0 without items."""
    return sum(choice.chance for choice in choices) / len(choices) if choices else 0.0
