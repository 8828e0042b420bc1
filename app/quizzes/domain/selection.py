"""Drawing a paper: which items, and they and their options in which order. The same seed draws the same paper."""

from collections.abc import Iterable, Mapping, Sequence
from random import Random
from statistics import fmean

import msgspec

from app.catalogue.domain import items
from app.catalogue.domain.courses import Draw
from app.catalogue.domain.items import Bank, Item, ItemForm, ItemKind
from app.kernel.errors import DomainError
from app.quizzes.domain.answers import sort_targets


class ShortBankError(DomainError):
    """The bank has too few items for the blueprint."""


class DrawnQuestion(msgspec.Struct, frozen=True):
    """An item as it was drawn, with its text frozen.

    `order` holds places of the source in the order shown: options; entries of an order or sort; the right cells of a
    match, cells with the same words once. Kinds without such a list have none. `gap_orders` is the same for each gap.
    """

    item: Item
    order: tuple[int, ...] = ()
    gap_orders: tuple[tuple[int, ...], ...] = ()
    revision: int = 1


class Paper(msgspec.Struct, frozen=True):
    """The questions of one sitting, in their order."""

    questions: tuple[DrawnQuestion, ...]

    @property
    def items(self) -> tuple[Item, ...]:
        """Return the items in the order of the questions."""
        return tuple(question.item for question in self.questions)


class PaperQuestion(msgspec.Struct, frozen=True):
    """A question of a paper as it is kept: the item by its id, since the version it comes from never changes."""

    item: str
    order: tuple[int, ...] = ()
    gap_orders: tuple[tuple[int, ...], ...] = ()
    revision: int = 1


def to_slips(paper: Paper) -> tuple[PaperQuestion, ...]:
    """Return what has to be kept of a paper."""
    return tuple(
        PaperQuestion(question.item.id, question.order, question.gap_orders, question.revision)
        for question in paper.questions
    )


def from_slips(slips: Iterable[PaperQuestion], items_by_id: Mapping[str, Item]) -> Paper:
    """Return the paper that was kept, with the items of its version."""
    return Paper(
        tuple(DrawnQuestion(items_by_id[slip.item], slip.order, slip.gap_orders, slip.revision) for slip in slips)
    )


def alone(item: Item) -> DrawnQuestion:
    """Return an item to be asked by itself, as practice: always in the same order."""
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
) -> Paper:
    """Draw exactly what the blueprint asks for: form B for a test, A before and long after the course, None otherwise.

    Items without a form fill up a short form; a form given, the other form is never drawn; reserve never is. Items in
    `avoid` (seen lately) come behind the others, those in `last` (asked in the lessons) behind all. Raises
    ShortBankError.
    """
    random = Random(seed)  # noqa: S311 - a draw that can be repeated, no secret
    drawn: dict[str, Item] = {}
    for need in blueprint:
        pool = [item for item in _pool(bank, form) if need.takes(item) and item.id not in drawn]
        drawn |= _drawn_items(need, _preferred(pool, form, (last, avoid), random))
    order = list(drawn.values())
    random.shuffle(order)
    known_revisions = revisions or {}
    return Paper(tuple(_question(item, random, known_revisions.get(item.id, 1)) for item in order))


def _drawn_items(need: Draw, pool: Sequence[Item]) -> dict[str, Item]:
    """Return the first items of the pool, as many as are needed. Raises ShortBankError."""
    chosen = pool[: need.items]
    if len(chosen) < need.items:
        raise ShortBankError(f"{need.competency}: {need.items} questions are asked for, {len(chosen)} are there.")
    return {item.id: item for item in chosen}


def scaled(blueprint: Sequence[Draw], total: int) -> tuple[Draw, ...]:
    """Return the blueprint shrunk or grown to a number of items, shares kept by largest remainder."""
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
    """Return the mean pass value of the items (Angoff), the mark that evidence uses; None while none was judged."""
    values = [item.pass_value for item in drawn if item.pass_value is not None]
    return fmean(values) if values else None


def _pool(bank: Bank, form: ItemForm | None) -> list[Item]:
    """Return what may be drawn: a paper gives its result at once, so that nothing in it waits for a person's mark."""
    live = [item for item in bank.items if item.kind is not ItemKind.OPEN and item.form is not ItemForm.RESERVE]
    return live if form is None else [item for item in live if item.form in (form, None)]


def _preferred(
    pool: list[Item], form: ItemForm | None, behind: tuple[frozenset[str], frozenset[str]], random: Random
) -> list[Item]:
    """Return the pool by chance, but what stands behind at the end, and before it the ones of the form first."""
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
    if isinstance(answers, items.Order):
        return _disordered(len(answers.entries), random)
    if isinstance(answers, items.Match):
        return _shuffled(_distinct_rows(answers), random)
    if isinstance(answers, items.Sort):
        return _shuffled(range(len(sort_targets(answers))), random)
    return ()


def _distinct_rows(answers: items.Match) -> list[int]:
    """Return the rows whose right cells differ: of cells with the same words the first one."""
    first = {pair.right: row for row, pair in reversed(list(enumerate(answers.pairs)))}
    return sorted(first.values())


def _gap_orders(item: Item, random: Random) -> tuple[tuple[int, ...], ...]:
    if not isinstance(item.answers, items.Gaps):
        return ()
    places = [range(len(gap.options)) for gap in item.answers.gaps]
    return tuple(_shuffled(positions, random) if item.shuffle else tuple(positions) for positions in places)


def _shuffled(places: Sequence[int], random: Random) -> tuple[int, ...]:
    mixed = list(places)
    random.shuffle(mixed)
    return tuple(mixed)


def _disordered(count: int, random: Random) -> tuple[int, ...]:
    """Return the places in any order but the right one, which only a single entry is shown in."""
    right = tuple(range(count))
    mixed = _shuffled(right, random)
    while mixed == right and count > 1:
        mixed = _shuffled(right, random)
    return mixed
