"""Rules of saved answers: which save counts, whatever their order, repeats, devices and connections.

A save has a sequence number: a counter that the device sets one above the highest it received, shifted left 16 bits,
plus 16 bits of the device. So a later save always has a higher number, and two devices never have the same one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

import msgspec

from app.kernel.errors import DomainError, InputError

_DEVICE_BITS = 16
MOST_DEVICE = 2**_DEVICE_BITS - 1
MOST_COUNTER = 2 ** (63 - _DEVICE_BITS) - 1
MOST_AHEAD = 10_000  # how far the counter of a new save may be above the highest stored one of its attempt
LAST = 10  # saves of a question that are stored beside the one that counts
MOST_A_MINUTE = 3_000  # saves and practice answers of one person


class NumberTooHighError(DomainError):
    """The sequence number of a save is too far above `highest`, the highest stored number of its attempt."""

    def __init__(self, highest: int) -> None:
        super().__init__("The number of this save is out of range.")
        self.highest = highest


class Certainty(IntEnum):
    """The confidence that a person states for an answer: asked and shown, never scored."""

    GUESS = 1
    UNSURE = 2
    SURE = 3


@dataclass(frozen=True, slots=True)
class Save:
    """A save of an answer. `question` is its number in the attempt; `body` are JSON values, None if it was withdrawn.

    `marked`: "come back to this".
    """

    question: int
    sequence: int
    body: object
    certainty: Certainty | None = None
    marked: bool = False


def sequence(counter: int, device: int) -> int:
    """Return the 64-bit number of a save; raise InputError when counter or device is out of range."""
    if not (0 <= counter <= MOST_COUNTER and 0 <= device <= MOST_DEVICE):
        raise InputError("The number of this save is out of range.")
    return counter << _DEVICE_BITS | device


def counter_of(number: int) -> int:
    """Return the counter in a sequence number."""
    return number >> _DEVICE_BITS


def next_sequence(numbers: Iterable[int], device: int) -> int:
    """Return the sequence number of a new save on this device, above all existing numbers."""
    return sequence(max(map(counter_of, numbers), default=0) + 1, device)


def check_numbers(numbers: Iterable[int], highest: int) -> None:
    """Raise NumberTooHighError for a number so high that other devices could soon not exceed it."""
    if any(counter_of(number) > counter_of(highest) + MOST_AHEAD for number in numbers):
        raise NumberTooHighError(highest)


def seconds_until_more(count: int, real_now: datetime) -> int:
    """Return the seconds until the next minute if `count` saves in this minute exceed the limit, else 0."""
    return 60 - real_now.second if count > MOST_A_MINUTE else 0


def minute_of(real_now: datetime) -> int:
    """Return the minutes since 1970-01-01 UTC."""
    return int(real_now.timestamp()) // 60


def merge(*groups: Iterable[Save]) -> dict[int, Save]:
    """Return the save that counts for each question; order, grouping and repeats make no difference."""
    best: dict[int, Save] = {}
    for group in groups:
        for save in group:
            current = best.get(save.question)
            if current is None or _rank(save) > _rank(current):
                best[save.question] = save
    return best


def distinct(sent: Iterable[Save]) -> list[Save]:
    """Return one save for each question and sequence, the one that counts."""
    best: dict[tuple[int, int], Save] = {}
    for save in sent:
        key = (save.question, save.sequence)
        current = best.get(key)
        if current is None or _rank(save) > _rank(current):
            best[key] = save
    return list(best.values())


def answer_text(body: object) -> str:
    """Return an answer as the text to store and compare: equal answers have equal texts."""
    return msgspec.json.encode(body, order="deterministic").decode()


def _rank(save: Save) -> tuple[int, bytes, int, bool]:
    # One number with two bodies is a fault of the device; the body then decides, so that every server decides alike.
    # `service` asks the database for the same comparison.
    return save.sequence, answer_text(save.body).encode(), save.certainty or 0, save.marked
