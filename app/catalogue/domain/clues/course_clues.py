"""The clues of several courses, each measured against the others."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from app.catalogue.domain.clues.choices import single_choices
from app.catalogue.domain.clues.gates import missed_gates
from app.catalogue.domain.clues.measures import BankClues, bank_clues
from app.catalogue.domain.clues.solver import found_by_words
from app.catalogue.domain.items import Item
from app.catalogue.domain.library import Library

Banks = Mapping[str, Sequence[Item]]


def source_banks(library: Library) -> dict[str, tuple[Item, ...]]:
    """Return the items of each course that has any, in its source language, by the name of its folder."""
    banks = {}
    for slug, folder in library.courses.items():
        bank = folder.banks.get(folder.course.source_language)
        if bank is not None and bank.items:
            banks[slug] = bank.items
    return banks


def chosen_banks(banks: Banks, slugs: Collection[str]) -> Banks:
    """Return the banks of these courses, all of them if none is named."""
    return {slug: items for slug, items in banks.items() if not slugs or slug in slugs}


def clues_of(banks: Banks, slug: str) -> BankClues:
    """Return the clues of a course; the words of its options are judged by those of the other courses."""
    return bank_clues(banks[slug], _others(banks, slug))


def clues_of_all(banks: Banks, by_course: Mapping[str, BankClues]) -> BankClues:
    """Return the clues of all items together; `across` is the mean over the single choices of the courses."""
    clues = bank_clues([item for items in banks.values() for item in items], [])
    judged = [(course.across, course.single) for course in by_course.values() if course.across is not None]
    single = sum(count for _rate, count in judged)
    return replace(clues, across=sum(rate * count for rate, count in judged) / single if single else None)


def items_given_away(banks: Banks, slug: str) -> list[str]:
    """Return the ids of the items of a course that words alone give away."""
    return found_by_words(single_choices(_others(banks, slug)), single_choices(banks[slug]))


def missed_lines(by_course: Mapping[str, BankClues]) -> list[str]:
    """Return the missed gates of all courses as lines for the console."""
    return [
        f"{slug}: {missed.gate} {missed.text}" for slug, clues in by_course.items() for missed in missed_gates(clues)
    ]


def _others(banks: Banks, slug: str) -> list[Item]:
    return [item for other, items in banks.items() if other != slug for item in items]
