"""Both errors of a decision: a person in need is missed, or an alarm is false. The two are never added.

Writers mark wrong options of single-choice items with `(miss)` or `(false_alarm)`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.catalogue.domain.items import Choices, Item
from app.quizzes.domain.answers import Answer, ChosenOption, Proved


@dataclass(frozen=True, slots=True)
class BothErrors:
    """Missed people and false alarms, each with the number of answers in which that error was possible."""

    misses: int = 0
    could_miss: int = 0
    alarms: int = 0
    could_alarm: int = 0

    def __add__(self, other: "BothErrors") -> "BothErrors":
        return BothErrors(
            self.misses + other.misses,
            self.could_miss + other.could_miss,
            self.alarms + other.alarms,
            self.could_alarm + other.could_alarm,
        )


def total(parts: Iterable[BothErrors]) -> BothErrors:
    """Return the sums of several items or answers."""
    return sum(parts, BothErrors())


def errors_of_answers(item: Item, chosen: Mapping[int, int]) -> BothErrors:
    """Return the errors in the answers to an item. `chosen`: how often each option was chosen, by place from 0."""
    if not isinstance(item.answers, Choices):
        return BothErrors()
    misses = _places(item.answers, "miss")
    alarms = _places(item.answers, "false_alarm")
    answers = sum(chosen.values())
    return BothErrors(
        misses=sum(chosen.get(place, 0) for place in misses),
        could_miss=answers if misses else 0,
        alarms=sum(chosen.get(place, 0) for place in alarms),
        could_alarm=answers if alarms else 0,
    )


def _places(choices: Choices, error: str) -> list[int]:
    return [place for place, option in enumerate(choices.options) if option.error == error]


def errors_of_answer(item: Item, answer: Answer | None) -> BothErrors:
    """Return the errors of one answer; an open question counts for neither."""
    option = answer.answer if isinstance(answer, Proved) else answer
    return errors_of_answers(item, {option.place: 1}) if isinstance(option, ChosenOption) else BothErrors()
