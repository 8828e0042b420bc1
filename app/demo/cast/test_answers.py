"""Saved answers of simulated attempts, with a chosen ratio of right ones; for `history` and `rows`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import exp, log
from random import Random

from app.catalogue.domain import items
from app.catalogue.domain.items import Item
from app.quizzes.domain import answers, saves
from app.quizzes.domain.answers import Answer, ChosenOption, ChosenOptions, to_json
from app.quizzes.domain.grading import grade
from app.quizzes.domain.keys import key
from app.quizzes.domain.saves import Certainty, Save
from app.quizzes.domain.selection import DrawnQuestions

DEVICE = 7
ROUNDING = 1e-9  # 0.7 of 10 is 7
MISLED = 0.8  # ratio of officers who fall for a misleading question
STEEPNESS, SPREAD = 1.5, 0.8  # of the chance of a right answer by skill; of the difficulties, in logits
TRIES = 40  # until the result of a paper fits


@dataclass(frozen=True, slots=True)
class AnswerStyle:
    """How officers answer: `by_difficulty`: by their skill and the difficulty of a question, so that questions agree.

    Most fall for the item `misleading`. With `pass_mark`, a paper is passed if and only if its ratio reaches it.
    """

    by_difficulty: bool = False
    misleading: str = ""
    pass_mark: float = 0.8


ANY_QUESTION = AnswerStyle()


def answers_for(
    paper: DrawnQuestions, right: float, random: Random, style: AnswerStyle = ANY_QUESTION
) -> Sequence[Save]:
    """Return saves from one device for all questions, the first one answered twice.

    `right` is the ratio of questions with the full score; the others score nothing.
    """
    count = len(paper.items)
    good = _answered_rightly(paper.items, max(0.0, min(1.0, right)), random, style)
    bodies = [_body(item, wanted=index in good, style=style, random=random) for index, item in enumerate(paper.items)]
    order = [0, *range(count)] if count else []  # the first question is answered, and answered again
    return [
        Save(
            index + 1,
            saves.sequence(number, DEVICE),
            bodies[index],
            Certainty(random.choice((1, 2, 3, 3))),
            marked=number == 1,
        )
        for number, index in enumerate(order, 1)
    ]


def first_half(saved: Sequence[Save]) -> Sequence[Save]:
    """Return the first half of the saves, and one more."""
    return saved[: len(saved) // 2 + 1]


def _answered_rightly(asked: Sequence[Item], ratio: float, random: Random, style: AnswerStyle) -> set[int]:
    """Return the positions of the questions that are answered rightly."""
    count = int(ratio * len(asked) + ROUNDING)
    if style.by_difficulty:
        passes = ratio >= style.pass_mark - ROUNDING
        for _try in range(TRIES):
            good = {index for index, item in enumerate(asked) if random.random() < _chance(item, ratio, style)}
            if (len(good) >= style.pass_mark * len(asked) - ROUNDING) == passes:
                return good
    return set(random.sample(range(len(asked)), count))


def _chance(item: Item, ratio: float, style: AnswerStyle) -> float:
    """Return the chance of a right answer."""
    skill = log(max(0.05, min(0.95, ratio)) / (1 - max(0.05, min(0.95, ratio))))
    chance = 1 / (1 + exp(-STEEPNESS * skill + _difficulty(item)))
    return chance * (1 - MISLED) if item.id == style.misleading else chance


def _difficulty(item: Item) -> float:
    """Return the difficulty of an item in logits, the same for the same item."""
    return Random(item.id).uniform(-SPREAD, SPREAD)  # noqa: S311 - invented people


def _body(item: Item, *, wanted: bool, style: AnswerStyle, random: Random) -> object:
    """Return an answer as it is saved, the right one if `wanted`, else one that scores nothing; None for no answer."""
    answer = key(item) if wanted else _failing_answer(item, style, random)
    return None if answer is None else to_json(answer)


def _failing_answer(item: Item, style: AnswerStyle, random: Random) -> Answer | None:
    """Return the first answer that scores nothing; with `by_difficulty` any of them, except of the misleading item."""
    failing = (other for other in _other_answers(item) if grade(item, other).share == 0)
    if not style.by_difficulty or item.id == style.misleading:
        return next(failing, None)
    candidates = list(failing)
    return random.choice(candidates) if candidates else None


def _other_answers(item: Item) -> Iterator[Answer]:
    """Return answers of which some are wrong, for choices and orders only."""
    if isinstance(item.answers, items.Choices):
        for index in range(len(item.answers.options)):
            yield ChosenOptions((index,)) if item.kind is items.ItemKind.SEVERAL else ChosenOption(index)
    elif isinstance(item.answers, items.Order):
        yield answers.Sequence(tuple(reversed(range(len(item.answers.entries)))))
