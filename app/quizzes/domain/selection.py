"""Draw the questions of an attempt, with the order of questions and options; the same seed draws the same."""

from collections.abc import Iterable, Mapping, Sequence
from random import Random
from statistics import fmean

import msgspec

from app.catalogue.domain import items
from app.catalogue.domain.courses import Draw
from app.catalogue.domain.items import Bank, Item, ItemForm, ItemKind
from app.kernel.errors import DomainError


class ShortBankError(DomainError):
    """The bank has too few items for the blueprint."""


class DrawnQuestion(msgspec.Struct, frozen=True):
    """An item as it was drawn, with its text frozen.

    `order` has positions of the source in the order shown: options; entries of an order or sort; the right cells of a
    match, equal cells once. Kinds without such a list have none. `gap_orders` is the same for each gap.
    """

    item: Item
    order: tuple[int, ...] = ()
    gap_orders: tuple[tuple[int, ...], ...] = ()
    revision: int = 1


class DrawnQuestions(msgspec.Struct, frozen=True):
    """The drawn questions of an attempt, in their order."""

    questions: tuple[DrawnQuestion, ...]

    @property
    def items(self) -> tuple[Item, ...]:
        """Return the items in the order of the questions."""
        return tuple(question.item for question in self.questions)


class StoredQuestion(msgspec.Struct, frozen=True):
    """A drawn question as it is stored in JSON: the item by its id, because its version never changes."""

    item: str
    order: tuple[int, ...] = ()
    gap_orders: tuple[tuple[int, ...], ...] = ()
    revision: int = 1


def to_stored(paper: DrawnQuestions) -> tuple[StoredQuestion, ...]:
    """Return the drawn questions in the form that is stored."""
    return tuple(
        StoredQuestion(question.item.id, question.order, question.gap_orders, question.revision)
        for question in paper.questions
    )


def from_stored(slips: Iterable[StoredQuestion], items_by_id: Mapping[str, Item]) -> DrawnQuestions:
    """Return the drawn questions from the stored form and the items of their version."""
    return DrawnQuestions(
        tuple(DrawnQuestion(items_by_id[slip.item], slip.order, slip.gap_orders, slip.revision) for slip in slips)
    )


def practice_question(item: Item) -> DrawnQuestion:
    """Return an item as a practice question, always in the same order."""
    return _question(item, Random(item.id), 1)  # noqa: S311 - an order to show, no secret


def draw(
    bank: Bank,
    blueprint: Sequence[Draw],
    *,
    form: ItemForm | None,
    seed: int,
    avoid: frozenset[str] = frozenset(),
    last: frozenset[str] = frozenset(),
    revisions: Mapping[str, int] | None = None,
) -> DrawnQuestions:
    """Draw the questions of the blueprint: form B for a test, A for pretest and delayed questions, None for any form.

    If a form is given, items without a form fill up, and the other form is never drawn; reserve items never are.
    Items in `avoid` (seen recently) come after the others, those in `last` (asked in the lessons) after all.
    Raises ShortBankError if the bank has too few items.
    """
    random = Random(seed)  # noqa: S311 - a draw that can be repeated, no secret
    drawn: dict[str, Item] = {}
    for need in blueprint:
        pool = [item for item in _pool(bank, form) if need.takes(item) and item.id not in drawn]
        drawn |= _drawn_items(need, _preferred(pool, form, (last, avoid), random))
    order = list(drawn.values())
    random.shuffle(order)
    known_revisions = revisions or {}
    return DrawnQuestions(tuple(_question(item, random, known_revisions.get(item.id, 1)) for item in order))


def _drawn_items(need: Draw, pool: Sequence[Item]) -> dict[str, Item]:
    """Return the first items of the pool, as many as are needed. Raises ShortBankError."""
    chosen = pool[: need.items]
    if len(chosen) < need.items:
        raise ShortBankError(f"{need.competency}: {need.items} questions are asked for, {len(chosen)} are there.")
    return {item.id: item for item in chosen}


def scaled(blueprint: Sequence[Draw], total: int) -> tuple[Draw, ...]:
    """Return the blueprint scaled to a total number of items, in proportion by largest remainder."""
    full = sum(need.items for need in blueprint)
    if full == 0:
        return ()
    whole = [need.items * total // full for need in blueprint]
    rest = sorted(range(len(blueprint)), key=lambda index: (-(blueprint[index].items * total % full), index))
    for index in rest[: total - sum(whole)]:
        whole[index] += 1
    shares = zip(blueprint, whole, strict=True)
    return tuple(msgspec.structs.replace(need, items=count) for need, count in shares if count)


def pass_mark_of(drawn: Iterable[Item]) -> float | None:
    """Return the mean pass value of the items (Angoff), used for evidence; None if no item has a value."""
    values = [item.pass_value for item in drawn if item.pass_value is not None]
    return fmean(values) if values else None


def _pool(bank: Bank, form: ItemForm | None) -> list[Item]:
    """Return the items that may be drawn: results appear at once, so items that a person grades are excluded."""
    live = [item for item in bank.items if item.kind is not ItemKind.OPEN and item.form is not ItemForm.RESERVE]
    return live if form is None else [item for item in live if item.form in (form, None)]


def _preferred(
    pool: list[Item], form: ItemForm | None, behind: tuple[frozenset[str], frozenset[str]], random: Random
) -> list[Item]:
    """Return the pool in random order: the requested form first, items to avoid later, items of lessons last."""
    mixed = pool[:]
    random.shuffle(mixed)
    last, avoid = behind
    return sorted(
        mixed, key=lambda item: (item.id in last, item.id in avoid, form is not None and item.form is not form)
    )


def _question(item: Item, random: Random, revision: int) -> DrawnQuestion:
    return DrawnQuestion(item, _order(item, random), _gap_orders(item, random), revision)


def _order(item: Item, random: Random) -> tuple[int, ...]:
    answers = item.answers
    if isinstance(answers, items.Choices):
        fixed = item.kind is ItemKind.TRUEFALSE or not item.shuffle
        places = range(len(answers.options))
        return tuple(places) if fixed else _shuffled(places, random)
    return _shuffled_texts(_texts(answers), random)


def _texts(answers: items.Answers) -> dict[int, str]:
    """Return the texts whose order in the source is a part of the key, by position; of equal cells, the first."""
    if isinstance(answers, items.Match):
        first = {pair.right: row for row, pair in reversed(list(enumerate(answers.pairs)))}
        return {row: cell for cell, row in first.items()}
    return {position: entry.text for position, entry in enumerate(_entries(answers))}


def _entries(answers: items.Answers) -> Sequence[items.ListEntry]:
    if isinstance(answers, items.Sort):
        return [entry for group in answers.groups for entry in group.entries]
    return answers.entries if isinstance(answers, items.Order) else ()


def _shuffled_texts(texts: Mapping[int, str], random: Random) -> tuple[int, ...]:
    """Return the positions in a random order that depends on the texts and the seed, not on the source's order."""
    return _shuffled(sorted(texts, key=lambda position: (texts[position], position)), random)


def _gap_orders(item: Item, random: Random) -> tuple[tuple[int, ...], ...]:
    if not isinstance(item.answers, items.Gaps):
        return ()
    places = [range(len(gap.options)) for gap in item.answers.gaps]
    return tuple(_shuffled(positions, random) if item.shuffle else tuple(positions) for positions in places)


def _shuffled(places: Sequence[int], random: Random) -> tuple[int, ...]:
    mixed = list(places)
    random.shuffle(mixed)
    return tuple(mixed)
