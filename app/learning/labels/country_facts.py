"""Facts on the law and practice of a country for pages: labels, the age of their sources, numbers that may be shown."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _, lazy_gettext

from app.access.targets import Target
from app.catalogue.domain.references.country_cards import (
    CardFact,
    CardSource,
    CopyAge,
    CountryCard,
    CountryCards,
    FactName,
    FactStatus,
)
from app.catalogue.domain.translations import TranslationState
from app.i18n.babel import as_known
from app.i18n.languages import country_name
from app.i18n.stored_translations import SOURCE, TranslatedText
from app.learning.domain import content_language
from app.learning.labels import Fallback, asked, drafts_shown, offered, wanted
from app.ports import NationalHotline, ports

TITLES = {
    FactName.OFFENCE: lazy_gettext("Offence of trafficking"),
    FactName.SMUGGLING: lazy_gettext("Smuggling of migrants"),
    FactName.IDENTIFYING_BODY: lazy_gettext("Who identifies victims"),
    FactName.REFLECTION: lazy_gettext("Reflection period"),
    FactName.CHILD: lazy_gettext("Child victims"),
    FactName.LABOUR_INSPECTION: lazy_gettext("Labour inspection"),
    FactName.HOTLINE: lazy_gettext("Hotline"),
    FactName.NON_PUNISHMENT: lazy_gettext("Non-punishment"),
}
AGES = {
    CopyAge.OLD: lazy_gettext("Old copy"),
    CopyAge.UNDATED: lazy_gettext("Copy without a date"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FactSource:
    """A source with the day of its copy; `warnings` are words with their shapes."""

    title: TranslatedText
    publisher: str
    address: str
    copy: str
    warnings: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FactLine:
    """A fact; without a `text` nothing was found. `warnings` are those of its main source, the first of `sources`.

    `service` and `number` are those of a hotline: the number is "" unless its source is of the last twelve months.
    """

    name: FactName
    title: str
    text: TranslatedText | None
    law: str
    service: str
    number: str
    sources: Sequence[FactSource]
    human_check: str
    read_on: date | None

    @property
    def warnings(self) -> Sequence[tuple[str, str]]:
        """Return the words on the main source."""
        return self.sources[0].warnings if self.sources else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryFacts:
    """Facts of a country; `href` is the page of its card, `fallback` names the shown language.

    `draft`: a second person has not read this translation.
    """

    country: str
    name: str
    href: str
    lines: Sequence[FactLine]
    fallback: Fallback | None
    draft: bool


def facts_of(
    cards: CountryCards, country: str, today: date, names: Collection[FactName] = tuple(FactName)
) -> CountryFacts | None:
    """Return facts of a country in the user's language, or None if it has no card."""
    card = cards.get(country)
    if card is None:
        return None
    translations = offered(cards.texts)
    code = content_language(wanted(), translations, SOURCE, drafts=drafts_shown())
    return CountryFacts(
        country=country,
        name=country_name(country),
        href=ports().path_to(Target.COUNTRY_CARD, country),
        lines=[_line(cards, card, name, code, today) for name in names],
        fallback=asked(code),
        draft=translations.get(code) is TranslationState.DRAFT,
    )


def _line(cards: CountryCards, card: CountryCard, name: FactName, code: str, today: date) -> FactLine:
    fact = card.fact(name)
    text, text_language = cards.text(card.id, name, code) if fact.status is FactStatus.READ else ("", SOURCE)
    return FactLine(
        name=name,
        title=str(TITLES[name]),
        text=TranslatedText(text, text_language) if text else None,
        law=fact.law,
        service=fact.service,
        number=cards.confirmed_number(fact, today),
        sources=_sources(cards, fact, today),
        human_check=fact.human_check,
        read_on=fact.read_on,
    )


def _sources(cards: CountryCards, fact: CardFact, today: date) -> list[FactSource]:
    sources = [cards.source(name) for name in (fact.source, *fact.also)]
    return [_source(source, today) for source in sources if source is not None]


def _source(source: CardSource, today: date) -> FactSource:
    age = source.age(today)
    warnings = [(str(AGES[age]), "risk")] if age in AGES else []
    if source.secondary:
        warnings.append((_("Secondary source"), "open"))
    return FactSource(
        title=TranslatedText(source.title, source.language),
        publisher=source.publisher,
        address=source.address,
        copy=as_known(source.copy_as_of) if source.copy_as_of else "",
        warnings=warnings,
    )


def national_hotline(cards: CountryCards, country: str, today: date) -> NationalHotline | None:
    """Return the hotline for victims of trafficking in a country, or None if it has no card."""
    card = cards.get(country)
    if card is None:
        return None
    return NationalHotline(
        country=country_name(country),
        service=card.hotline.service,
        number=cards.confirmed_number(card.hotline, today),
        href=ports().path_to(Target.COUNTRY_CARD, country),
    )
