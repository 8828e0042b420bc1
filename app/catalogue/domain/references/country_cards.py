"""`countries.toml` and its texts: eight facts on the law and practice of each country, with their sources."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

import msgspec

from app.catalogue.domain.problems import Problem
from app.catalogue.domain.references.entries import Country, Id, Moment, first_day, read_entries, read_entry
from app.catalogue.domain.references.located import Located, locate
from app.catalogue.domain.references.texts import Texts, Wanted, read_all_texts
from app.catalogue.domain.references.toml_writer import plain, toml_text
from app.catalogue.domain.text import TextFile

TABLES = ("card", "source")
NUMBER_VALID = timedelta(days=366)  # twelve months: how long the copy of a telephone number may be shown
OLD_YEARS = 3


class FactName(StrEnum):
    """The eight facts of a card, in the order of its page."""

    OFFENCE = "offence"
    SMUGGLING = "smuggling"
    IDENTIFYING_BODY = "identifying_body"
    REFLECTION = "reflection"
    CHILD = "child"
    LABOUR_INSPECTION = "labour_inspection"
    HOTLINE = "hotline"
    NON_PUNISHMENT = "non_punishment"


class FactStatus(StrEnum):
    """Whether a fact was read in a source; `not_found` never means that there is none."""

    READ = "read"
    NOT_FOUND = "not_found"


class CopyAge(StrEnum):
    """How far the day of a copy lets a reader rely on it."""

    RECENT = "recent"
    OLD = "old"
    UNDATED = "undated"


class CardSource(msgspec.Struct, frozen=True):
    """A copy of a public page. `copy_as_of` is None if the copy shows no date; `language` is that of the page.

    `secondary`: it tells about the law or the service, and is neither its text nor an official or monitoring report.
    """

    id: Id
    title: str
    address: str
    publisher: str
    language: str
    copy_as_of: Moment | None = None
    secondary: bool = False

    def age(self, today: date) -> CopyAge:
        """Return whether the copy is recent on a day: of this year or of the three years before."""
        if self.copy_as_of is None:
            return CopyAge.UNDATED
        return CopyAge.OLD if int(self.copy_as_of[:4]) < today.year - OLD_YEARS else CopyAge.RECENT

    def confirms_number(self, day: date) -> bool:
        """Return whether the copy is of the twelve months before a day; of a year or a month its first day counts."""
        copy = first_day(self.copy_as_of or "")
        return copy is not None and day - copy <= NUMBER_VALID


class CardFact(msgspec.Struct, frozen=True):
    """A fact of a country; `service` and `number` are those of a hotline.

    `source` is the id of the main source, `also` of further ones. `human_check` is in the source language.
    """

    status: FactStatus
    law: str = ""
    service: str = ""
    number: str = ""
    source: str = ""
    also: tuple[str, ...] = ()
    human_check: str = ""
    read_on: date | None = None


class CountryCard(msgspec.Struct, frozen=True):
    """The card of a country; `id` is its code. The other fields are those of `FactName`."""

    id: Country
    offence: CardFact
    smuggling: CardFact
    identifying_body: CardFact
    reflection: CardFact
    child: CardFact
    labour_inspection: CardFact
    hotline: CardFact
    non_punishment: CardFact

    def fact(self, name: FactName) -> CardFact:
        """Return the fact of a name."""
        fact: CardFact = getattr(self, name)
        return fact

    def facts(self) -> Iterator[tuple[FactName, CardFact]]:
        """Yield the eight facts with their names."""
        return ((name, self.fact(name)) for name in FactName)


class CountryCards(msgspec.Struct, frozen=True):
    """All cards; `texts` by language: a block for each country, with a part for each fact that was read."""

    as_of: date | None = None
    cards: tuple[CountryCard, ...] = ()
    sources: tuple[CardSource, ...] = ()
    texts: dict[str, Texts] = {}

    def get(self, country: str) -> CountryCard | None:
        """Return the card of a country, or None."""
        return next((card for card in self.cards if card.id == country), None)

    def source(self, name: str) -> CardSource | None:
        """Return the source of an id, or None."""
        return next((source for source in self.sources if source.id == name), None)

    def text(self, country: str, name: FactName, language: str, source_language: str = "en") -> tuple[str, str]:
        """Return the text of a fact in a language, else in the source language, else ""; and its language."""
        for code in (language, source_language):
            block = self.texts[code].get(country) if code in self.texts else None
            if block is not None and name in block.parts:
                return block.parts[name], code
        return "", source_language

    def confirmed_number(self, fact: CardFact, today: date) -> str:
        """Return the number of a hotline if its source is of the last twelve months, else ""."""
        source = self.source(fact.source)
        return fact.number if source is not None and source.confirms_number(today) else ""


class _CardsHead(msgspec.Struct, frozen=True):
    as_of: date


_NOT_FOUND = {"status": "not_found"}


def read_country_cards(
    toml_source: TextFile, md_sources: Mapping[str, TextFile], *, source_language: str = "en"
) -> tuple[CountryCards, Located, list[Problem]]:
    """Return the cards, the file with the lines of its keys, and the problems of form of its files."""
    file, problems = locate(toml_source)
    top = {key: value for key, value in file.data.items() if key not in TABLES}
    head, new_problems = read_entry(file, top, _CardsHead) if file.data else (None, [])
    problems += new_problems
    right, new_problems = _with_right_facts(file)
    problems += new_problems
    cards, new_problems = read_entries(right, "card", CountryCard)
    problems += new_problems
    sources, new_problems = read_entries(right, "source", CardSource)
    problems += new_problems
    texts, new_problems = read_all_texts(md_sources, _wanted(file), source_language=source_language)
    return CountryCards(head.as_of if head else None, cards, sources, texts), file, problems + new_problems


def write_country_cards(cards: CountryCards, before: str = "") -> str:
    """Write `countries.toml` into its earlier text; `write_texts` writes the texts of a language."""
    values: dict[str, Any] = {"as_of": cards.as_of} if cards.as_of else {}
    groups = zip(TABLES, (cards.cards, cards.sources), strict=True)
    return toml_text(values | {table: [plain(entry) for entry in group] for table, group in groups if group}, before)


def read_names(written: str) -> tuple[list[FactName], list[str]]:
    """Return the facts that a text such as "offence, child" names, and the names that are none."""
    names = [name.strip() for name in written.split(",") if name.strip()]
    fact_names: Collection[str] = set(FactName)
    unknown_names = [name for name in names if name not in fact_names]
    return [FactName(name) for name in names if name in fact_names], unknown_names


def _with_right_facts(file: Located) -> tuple[Located, list[Problem]]:
    """Return the file with "not found" for each fact of the wrong form, and the problems of these."""
    problems: list[Problem] = []
    tables = []
    for index, values in enumerate(file.tables("card")):
        facts = {}
        for name in FactName:
            if isinstance(values.get(name), dict):
                line = file.line("card", index, name)
                entry, new_problems = read_entry(file, values[name], CardFact, at=line)
                problems += new_problems
                facts[str(name)] = plain(entry) if entry is not None else _NOT_FOUND
        tables.append({**values, **facts})
    data = {**file.data, "card": tables} if tables else file.data
    return msgspec.structs.replace(file, data=data), problems


def _wanted(file: Located) -> dict[str, Wanted]:
    """Return the texts that are needed: of each card the facts that were read."""
    return {
        values["id"]: Wanted(tuple(name for name in FactName if _is_read(values.get(name))))
        for values in file.tables("card")
        if isinstance(values.get("id"), str)
    }


def _is_read(fact: Any) -> bool:
    return isinstance(fact, dict) and fact.get("status") == FactStatus.READ
