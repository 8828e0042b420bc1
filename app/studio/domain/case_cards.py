"""A case on paper for a group in a room: numbered cards with lettered choices, each leading to another card."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from app.catalogue.domain.scenarios import Node, Scenario

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class CardChoice:
    """A choice of a card: its letter, the index of its move in the text, and the number of the next card."""

    letter: str
    move: int
    leads_to: int


@dataclass(frozen=True, slots=True)
class CaseCard:
    """A card with its number from 1; an end has no choices."""

    number: int
    node: Node
    choices: Sequence[CardChoice]


def cards(scenario: Scenario) -> list[CaseCard]:
    """Return the cards of a case in the order of their numbers; the start is card 1.

    Other cards and all choices are shuffled, always alike: writers put the best choice, and the way to it, first.
    """
    nodes = {node.id: node for node in scenario.nodes}
    others = [name for name in nodes if name != scenario.start]
    Random(scenario.id).shuffle(others)  # noqa: S311 - an order to print, no secret
    numbers = {name: number for number, name in enumerate([scenario.start, *others], 1)}
    return [CaseCard(number, nodes[name], _choices(nodes[name], numbers)) for name, number in numbers.items()]


def _choices(node: Node, numbers: Mapping[str, int]) -> list[CardChoice]:
    places = list(range(len(node.moves)))
    Random(f"paper:{node.id}").shuffle(places)  # noqa: S311 - an order to print, no secret
    return [
        CardChoice(LETTERS[position], index, numbers[node.moves[index].to]) for position, index in enumerate(places)
    ]
