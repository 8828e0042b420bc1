"""Check `countries.toml`: a card for each country, a source for each fact, no number without a recent source."""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from functools import partial

from app.catalogue.domain.problems import Problem, Weight
from app.catalogue.domain.references.country_cards import (
    CardFact,
    CountryCard,
    CountryCards,
    FactName,
    FactStatus,
    read_country_cards,
)
from app.catalogue.domain.references.entries import first_day
from app.catalogue.domain.references.located import Located, locate
from app.catalogue.domain.references.texts import Texts
from app.catalogue.domain.text import TextFile

MOST_WORDS = 40
_ADDRESS = re.compile(r"https?://[^/\\\s?#][^\s\\]*")
_HOTLINE = ("service", "number")
_OF_READ = ("law", "number", "human_check")  # keys that a fact needs to be read for
_OF_SOURCE = ("source", "also", "read_on")


def read_checked_cards(
    toml_source: TextFile,
    md_sources: Mapping[str, TextFile],
    *,
    countries: Collection[str],
    source_language: str = "en",
) -> tuple[CountryCards, list[Problem]]:
    """Return the cards and every problem of their files; each of the countries has a card."""
    cards, file, problems = read_country_cards(toml_source, md_sources, source_language=source_language)
    problems += check_countries(file, countries) + check_cards(file, cards)
    for language, texts in cards.texts.items():
        problems += _long_texts(texts, Weight.ERROR if language == source_language else Weight.WARNING)
    return cards, problems


def check_countries(file: Located, countries: Collection[str]) -> list[Problem]:
    """Return a problem for each country without a card and each card of an unknown country."""
    named = file.ids("card")
    message, hint = "%(name)s is not one of the countries.", "Write one of: %(known)s."
    known_countries = ", ".join(countries)
    problems = [
        Problem(file.file, file.line("card", index, "id"), message, hint, {"name": name, "known": known_countries})
        for index, name in enumerate(named)
        if name not in countries
    ]
    message, hint = "%(name)s has no card.", 'Add one; a fact that was not read has status = "not_found".'
    line = file.line("card", max(0, len(named) - 1))
    missing = [country for country in countries if country not in named]
    return problems + [Problem(file.file, line, message, hint, {"name": country}) for country in missing]


def check_cards(file: Located, cards: CountryCards) -> list[Problem]:
    """Return a problem for each contradiction in a fact, each unknown source and each unused source."""
    problems: list[Problem] = []
    used: set[str] = set()
    for card in cards.cards:
        for name, fact in card.facts():
            used |= {fact.source, *fact.also}
            problem = partial(Problem, file.file, _line(file, card, name))
            for message, hint, values in _fact_errors(name, fact, cards, file.ids("source")):
                problems.append(problem(message, hint, values))
    return problems + _source_problems(file, cards, used)


def expired_numbers(toml_source: TextFile, cards: CountryCards, today: date) -> list[Problem]:
    """Return a warning for each number of a hotline that pages no longer show."""
    file, _ = locate(toml_source)
    message = "The number of the hotline of %(id)s is from a copy older than twelve months: pages no longer show it."
    hint = "Look for a newer source, or remove the number."
    return [
        Problem(file.file, _line(file, card, FactName.HOTLINE), message, hint, {"id": card.id}, Weight.WARNING)
        for card in cards.cards
        if card.hotline.number and not cards.confirmed_number(card.hotline, today)
    ]


Error = tuple[str, str, dict[str, str | int | float]]


def _line(file: Located, card: CountryCard, name: FactName) -> int:
    return file.line("card", file.ids("card").index(card.id), name)


def _fact_errors(name: FactName, fact: CardFact, cards: CountryCards, source_ids: Collection[str]) -> Iterator[Error]:
    for source in (fact.source, *fact.also):
        if source and source not in source_ids:
            yield "There is no source %(name)s.", "Name one of this file, or add it there.", {"name": source}
    yield from _misplaced_keys(name, fact)
    if fact.status is FactStatus.READ:
        yield from _read_errors(fact)
    else:
        yield from _not_found_errors(fact)
    if fact.number:
        yield from _number_errors(fact, cards)


def _misplaced_keys(name: FactName, fact: CardFact) -> Iterator[Error]:
    for key in _HOTLINE:
        if getattr(fact, key) and name is not FactName.HOTLINE:
            yield "The key %(key)s is of the fact hotline alone.", "Move or remove it.", {"key": key}


def _read_errors(fact: CardFact) -> Iterator[Error]:
    if not fact.source:
        yield "A fact that was read needs a source.", 'Name one, or write status = "not_found".', {}
    if fact.read_on is None:
        yield "A fact that was read needs the day of reading.", "Add read_on.", {}


def _not_found_errors(fact: CardFact) -> Iterator[Error]:
    keys = [key for key in (*_OF_READ, *(() if fact.service else _OF_SOURCE)) if getattr(fact, key)]
    for key in keys:
        yield "A fact that was not found has no %(key)s.", 'Remove it, or write status = "read".', {"key": key}
    if fact.service and not fact.source:
        yield "A service needs the source of its name.", "Add source, or remove the service.", {}


def _number_errors(fact: CardFact, cards: CountryCards) -> Iterator[Error]:
    """Yield an error unless the source was of the last twelve months when the number was read."""
    if not fact.service:
        yield "A number needs the name of its service.", "Add service.", {}
    if fact.read_on and not cards.confirmed_number(fact, fact.read_on):
        message = "The number %(number)s has no source of the twelve months before it was read."
        yield message, "Remove the number, or find a newer source with a date.", {"number": fact.number}


def _source_problems(file: Located, cards: CountryCards, used: Collection[str]) -> list[Problem]:
    problems = []
    for source in cards.sources:
        index = file.ids("source").index(source.id)
        if not _ADDRESS.fullmatch(source.address):
            message, hint = "%(address)s is not an address.", "Write it with https:// and without spaces."
            values: dict[str, str | int | float] = {"address": source.address}
            problems.append(Problem(file.file, file.line("source", index, "address"), message, hint, values))
        if source.copy_as_of and first_day(source.copy_as_of) is None:
            message, values = "This date does not exist: %(day)s.", {"day": source.copy_as_of}
            line = file.line("source", index, "copy_as_of")
            problems.append(Problem(file.file, line, message, "Correct the date.", values))
        if source.id not in used:
            message, values = "No fact names the source %(id)s.", {"id": source.id}
            line = file.line("source", index)
            problems.append(Problem(file.file, line, message, "Remove it.", values, Weight.WARNING))
    return problems


def _long_texts(texts: Texts, weight: Weight) -> list[Problem]:
    message, hint = "The text of %(part)s of %(id)s has %(words)d words.", "Write at most %(most)d."
    return [
        Problem(
            texts.file, block.line, message, hint,
            {"id": block.id, "part": part, "words": len(text.split()), "most": MOST_WORDS}, weight,
        )
        for block in texts.blocks
        for part, text in block.parts.items()
        if len(text.split()) > MOST_WORDS
    ]  # fmt: skip
