"""Draw the papers of a test: linked items about documents, never two of one family, unmet ones first."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from msgspec.structs import replace

from app.catalogue.domain.courses import CourseFacts, Paper
from app.catalogue.domain.items import Item, ItemForm
from app.quizzes.domain.attempts import Purpose
from app.quizzes.domain.selection import DrawnQuestion, ShortBankError, drawn_question


@dataclass(frozen=True, slots=True)
class PaperRule:
    """The form of the papers of an attempt, and how many are drawn."""

    form: ItemForm
    count: int


@dataclass(frozen=True, slots=True)
class ChosenPaper:
    """A paper of an attempt; `repeated`: the person met it in an earlier attempt."""

    paper: Paper
    repeated: bool


def rule(course: CourseFacts, purpose: Purpose, *, in_lessons: Collection[str] = ()) -> PaperRule:
    """Return the papers of a test, or of the questions before a course: one of form A that no lesson uses.

    `in_lessons` are the items that lessons ask.
    """
    test = course.test
    if test is None or not test.papers or purpose not in (Purpose.TEST, Purpose.PRETEST):
        return PaperRule(ItemForm.B, 0)
    if purpose is Purpose.TEST:
        return PaperRule(ItemForm.B, test.papers)
    return PaperRule(ItemForm.A, min(1, len(possible(course, ItemForm.A, in_lessons))))


def possible(course: CourseFacts, form: ItemForm, in_lessons: Collection[str] = ()) -> list[Paper]:
    """Return the papers of a form without those with an item of a lesson or a retired one."""
    left_out = {*in_lessons, *course.retired}
    return [paper for paper in course.papers if paper.form is form and not left_out.intersection(paper.items)]


def longest(papers: Iterable[Paper], count: int) -> list[Paper]:
    """Return the papers with the most questions that one attempt can have: at most one of each family."""
    by_family: dict[str, Paper] = {}
    for paper in papers:
        if paper.family not in by_family or len(paper.items) > len(by_family[paper.family].items):
            by_family[paper.family] = paper
    return sorted(by_family.values(), key=lambda paper: -len(paper.items))[:count]


def most_in_test(course: CourseFacts) -> int:
    """Return the number of questions of the longest test that can be drawn; 0 for a course without a test."""
    if course.test is None:
        return 0
    test_rule = rule(course, Purpose.TEST)
    linked = sum(len(paper.items) for paper in longest(possible(course, test_rule.form), test_rule.count))
    return linked + sum(draw.items for draw in course.test.draw)


def items_of_papers(course: CourseFacts) -> frozenset[str]:
    """Return the items of all papers: they are never drawn alone."""
    return frozenset(item for paper in course.papers for item in paper.items)


def choose(papers: Sequence[Paper], count: int, *, met: Mapping[str, datetime], seed: int) -> list[ChosenPaper]:
    """Choose papers of different families: those that the person has not met first, then those met longest ago.

    `met` is when the person met a paper last. Raises ShortBankError if there are too few families.
    """
    mixed = list(papers)
    Random(seed).shuffle(mixed)  # noqa: S311 - a draw that can be repeated, no secret
    unmet = [paper for paper in mixed if paper.id not in met]
    ordered = unmet + sorted((paper for paper in mixed if paper.id in met), key=lambda paper: met[paper.id])
    chosen: dict[str, ChosenPaper] = {}
    for paper in ordered:
        if len(chosen) < count and paper.family not in chosen:
            chosen[paper.family] = ChosenPaper(paper, paper.id in met)
    if len(chosen) < count:
        raise ShortBankError(f"{count} papers of different families are asked for, {len(chosen)} are there.")
    return list(chosen.values())


def questions(
    chosen: Sequence[ChosenPaper], bank: Mapping[str, Item], revisions: Mapping[str, int], *, seed: int
) -> list[DrawnQuestion]:
    """Return the questions of the papers in the order in which their writers put them."""
    random = Random(seed)  # noqa: S311 - a draw that can be repeated, no secret
    return [
        replace(
            drawn_question(bank[item], random, revisions.get(item, 1)), paper=entry.paper.id, repeated=entry.repeated
        )
        for entry in chosen
        for item in entry.paper.items
        if item in bank
    ]
