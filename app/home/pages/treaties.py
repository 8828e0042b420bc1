"""Page model of `/treaties`: the treaties that bind a country or link two, with their purpose and sources."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from flask_babel import gettext as _, lazy_gettext

from app.catalogue.domain.lessons import COUNTRIES
from app.catalogue.domain.references.country_cards import CountryCards
from app.catalogue.domain.references.treaties import (
    AgreementForm,
    Basis,
    CopyIs,
    CountryLink,
    DateIs,
    Depositary,
    Instrument,
    InstrumentKind,
    ReadingKind,
    Treaties,
    TreatyCell,
    TreatyReading,
    TreatyStatus,
)
from app.catalogue.domain.translations import TranslationState
from app.home.forms import TreatyForm
from app.i18n.babel import as_known
from app.i18n.languages import country_name
from app.i18n.stored_translations import SOURCE, TranslatedText
from app.learning.domain import content_language
from app.learning.labels import Fallback, asked, drafts_shown, offered, wanted
from app.web.pages import Page

KINDS = {
    InstrumentKind.TREATY: lazy_gettext("Treaties"),
    InstrumentKind.EU_ACT: lazy_gettext("EU acts"),
    InstrumentKind.MEMBERSHIP: lazy_gettext("Bodies"),
}
# as a word and a shape: "no" and "not known" have different shapes
STATUSES = {
    TreatyStatus.PARTY: (lazy_gettext("Party"), "good"),
    TreatyStatus.SIGNED: (lazy_gettext("Signed, not bound"), "here"),
    TreatyStatus.RATIFIED: (lazy_gettext("Ratified, not in force yet"), "wait"),
    TreatyStatus.NOT_PARTY: (lazy_gettext("Not a party"), "bad"),
    TreatyStatus.BOUND: (lazy_gettext("Bound"), "good"),
    TreatyStatus.NOT_BOUND: (lazy_gettext("Not bound"), "bad"),
    TreatyStatus.MEMBER: (lazy_gettext("Member"), "good"),
    TreatyStatus.NOT_MEMBER: (lazy_gettext("Not a member"), "bad"),
    TreatyStatus.AGREEMENT: (lazy_gettext("Agreement"), "good"),
    TreatyStatus.UNKNOWN: (lazy_gettext("Not known: check it"), "none"),
}
FORMS = {
    AgreementForm.OPERATIONAL: lazy_gettext("Operational agreement"),
    AgreementForm.COOPERATION: lazy_gettext("Cooperation agreement"),
}
LINKS = {
    CountryLink.LINKED: (lazy_gettext("Links both"), "good"),
    CountryLink.BY_AGREEMENT: (lazy_gettext("By an agreement"), "good"),
    CountryLink.NOT_LINKED: (lazy_gettext("Does not link both"), "bad"),
    CountryLink.UNKNOWN: (lazy_gettext("Not known: check it"), "none"),
}
DATES = {
    DateIs.SIGNATURE: lazy_gettext("Signature"),
    DateIs.RATIFICATION: lazy_gettext("Ratification"),
    DateIs.ACCEPTANCE: lazy_gettext("Acceptance"),
    DateIs.ACCESSION: lazy_gettext("Accession"),
    DateIs.SUCCESSION: lazy_gettext("Succession"),
    DateIs.ENTRY_INTO_FORCE: lazy_gettext("Entry into force"),
    DateIs.TRANSPOSITION_DUE: lazy_gettext("National law was due"),
    DateIs.APPLICATION: lazy_gettext("Applies from this day"),
    DateIs.ADMISSION: lazy_gettext("Admission"),
}
BASES = {
    Basis.LISTED: "",
    Basis.ABSENT_FROM_LIST: lazy_gettext("Not named in a list of all who take part"),
    Basis.INFERRED: lazy_gettext("Follows from what was read"),
}
READINGS = {
    ReadingKind.OFFICIAL: lazy_gettext("official"),
    ReadingKind.OFFICIAL_SECOND_HAND: lazy_gettext("official, a second-hand copy"),
    ReadingKind.REPORT_SECOND_HAND: lazy_gettext("report of a government, a second-hand copy"),
    ReadingKind.OFFICIAL_AND_PRESS: lazy_gettext("official, and press"),
    ReadingKind.ORGANISATION: lazy_gettext("international organisation"),
    ReadingKind.CIVIL_SOCIETY: lazy_gettext("civil society"),
    ReadingKind.CONFERENCE: lazy_gettext("international conference"),
    ReadingKind.PRESS: lazy_gettext("press"),
    ReadingKind.SECONDARY: lazy_gettext("secondary source"),
    ReadingKind.INFERRED: lazy_gettext("follows from what was read"),
    ReadingKind.MEMORY: lazy_gettext("from memory"),
}
DEPOSITARIES = {
    Depositary.UN: lazy_gettext("UN Treaty Collection"),
    Depositary.COUNCIL_OF_EUROPE: lazy_gettext("Council of Europe Treaty Office"),
    Depositary.ILO: lazy_gettext("ILO, NORMLEX"),
    Depositary.EU: lazy_gettext("EUR-Lex"),
    Depositary.INTERPOL: lazy_gettext("INTERPOL"),
    Depositary.EUROPOL: lazy_gettext("Europol"),
    Depositary.EUROJUST: lazy_gettext("Eurojust"),
    Depositary.SELEC: lazy_gettext("SELEC"),
    Depositary.EGMONT_GROUP: lazy_gettext("Egmont Group"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatyDate:
    """A date of a country and a treaty; `event` is the label of its meaning."""

    iso: str
    day: str
    event: str
    further: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryCell:
    """The status of a country; `memory` marks a status without a source, `how` explains how it was found."""

    word: str
    kind: str
    note: TranslatedText | None
    memory: bool
    since: TreatyDate | None
    read: str
    how: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatyRow:
    """A treaty with a cell for each country; `word` and `kind` are the link between two countries."""

    id: str
    title: TranslatedText
    cells: Sequence[CountryCell]
    check: bool
    word: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatyNote:
    """The purpose of a treaty and where to check it; `read` are the names and details of the copies that were read."""

    instrument: Instrument
    title: TranslatedText
    body: str
    in_force: str
    depositary: str
    due: bool
    read: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatiesPage(Page):
    """The treaties of one country or two; without `notes` no treaties were loaded, or the form has `mistakes`.

    `cards` are the countries with a card, the own one first: codes and names.
    `linked` and `not_known` count the treaties between two countries; `groups` are titles with rows.
    """

    template: ClassVar[str] = "home/treaties.html"
    form: TreatyForm
    mistakes: Sequence[tuple[str, object]] = ()
    cards: Sequence[tuple[str, str]] = ()
    as_of: date | None = None
    countries: Sequence[str] = ()
    asked: Fallback | None = None
    draft: bool = False
    linked: int = 0
    not_known: int = 0
    groups: Sequence[tuple[str, Sequence[TreatyRow]]] = ()
    notes: Sequence[TreatyNote] = ()


@dataclass(frozen=True, slots=True)
class _SelectedTable:
    """The treaties in one language for the selected countries."""

    treaties: Treaties
    code: str
    countries: tuple[str, ...]
    today: date

    def title(self, name: str) -> TranslatedText:
        text, code = self.treaties.text(name, self.code)
        return TranslatedText(text.title if text else name, code)

    def cells(self, instrument: Instrument) -> list[TreatyCell]:
        return [instrument.cells[code] for code in self.countries]

    def link(self, instrument: Instrument) -> CountryLink | None:
        return instrument.link(*self.countries) if len(self.countries) == 2 else None

    def treaty_links(self) -> list[CountryLink | None]:
        return [self.link(treaty) for treaty in self.treaties.instruments if treaty.kind is InstrumentKind.TREATY]

    def readings(self, cell: TreatyCell) -> list[TreatyReading]:
        """Return the copies in which a cell was read, the newest first."""
        readings = {reading.id: reading for reading in self.treaties.readings}
        of_cell = [readings[name] for name in cell.readings if name in readings]
        return sorted(of_cell, key=lambda reading: reading.copy_until or reading.copy_as_of or "", reverse=True)


def countries(first: str = "") -> list[tuple[str, str]]:
    """Return the countries of the table by code with their names, sorted by name after the first one."""
    pairs = ((code, country_name(code)) for code in COUNTRIES)
    return sorted(pairs, key=lambda pair: (pair[0] != first, pair[1]))


def countries_with_card(cards: CountryCards, own_country: str) -> list[tuple[str, str]]:
    """Return the countries with a card by code with their names, the own one first."""
    return [pair for pair in countries(own_country) if cards.get(pair[0])]


def treaties_page(
    treaties: Treaties | None, cards: CountryCards, form: TreatyForm, own_country: str, today: date
) -> TreatiesPage:
    """Return the treaties of the countries of the form, of the own country if it names none."""
    form.country.data = form.country.data or (own_country if own_country in COUNTRIES else "")
    cards_offered = countries_with_card(cards, own_country)
    if treaties is None or not treaties.instruments:
        return TreatiesPage(form=form, cards=cards_offered)
    translations = offered(treaties.texts)
    code = content_language(wanted(), translations, SOURCE, drafts=drafts_shown())
    selected = _SelectedTable(treaties, code, form.countries(), today)
    links = selected.treaty_links()
    return TreatiesPage(
        form=form,
        cards=cards_offered,
        as_of=treaties.as_of,
        countries=selected.countries,
        asked=asked(code),
        draft=translations.get(code) is TranslationState.DRAFT,
        linked=links.count(CountryLink.LINKED),
        not_known=links.count(CountryLink.UNKNOWN),
        groups=[(str(label), _rows(selected, kind)) for kind, label in KINDS.items()],
        notes=[_note(selected, instrument) for instrument in treaties.instruments],
    )


def _rows(selected: _SelectedTable, kind: InstrumentKind) -> list[TreatyRow]:
    return [_row(selected, instrument) for instrument in selected.treaties.instruments if instrument.kind is kind]


def _row(selected: _SelectedTable, instrument: Instrument) -> TreatyRow:
    cells, link = selected.cells(instrument), selected.link(instrument)
    word, kind = LINKS[link] if link else ("", "")
    return TreatyRow(
        id=instrument.id,
        title=selected.title(instrument.id),
        cells=[_cell(selected, cell) for cell in cells],
        check=instrument.is_due(selected.today) or any(cell.recheck_soon for cell in cells),
        word=str(word),
        kind=kind,
    )


def _cell(selected: _SelectedTable, cell: TreatyCell) -> CountryCell:
    word, kind = STATUSES[cell.status]
    readings = selected.readings(cell)
    return CountryCell(
        word=str(FORMS[cell.form] if cell.form else word),
        kind=kind,
        note=selected.title(cell.note) if cell.note else None,
        memory=not cell.checked and cell.status is not TreatyStatus.UNKNOWN,
        since=_since(cell),
        read=_copy(readings[0]) if readings else "",
        how=[str(BASES[cell.basis])] * (cell.basis is not Basis.LISTED)
        + [_("A secondary source alone")] * cell.secondary,
    )


def _since(cell: TreatyCell) -> TreatyDate | None:
    if cell.date is None or cell.date_is is None:
        return None
    further = [_("The day is from memory")] if not (cell.checked and cell.date_checked) else []
    if cell.date_1967_protocol:
        further.append(_("Protocol of 1967: %(day)s", day=as_known(cell.date_1967_protocol)))
    return TreatyDate(iso=cell.date, day=as_known(cell.date), event=str(DATES[cell.date_is]), further=further)


def _copy(reading: TreatyReading) -> str:
    """Return the day of a copy in words."""
    if reading.copy_as_of is None:
        return _("From memory, without a source")
    day = as_known(reading.copy_as_of)
    if reading.copy_until:
        return _("%(first)s to %(last)s", first=day, last=as_known(reading.copy_until))
    return {
        CopyIs.OF: day,
        CopyIs.ABOUT: _("About %(day)s", day=day),
        CopyIs.OR_LATER: _("%(day)s or later", day=day),
    }[reading.copy_is]


def _note(selected: _SelectedTable, instrument: Instrument) -> TreatyNote:
    text, _code = selected.treaties.text(instrument.id, selected.code)
    readings = {reading.id: reading for cell in selected.cells(instrument) for reading in selected.readings(cell)}
    return TreatyNote(
        instrument=instrument,
        title=selected.title(instrument.id),
        body=text.body if text else "",
        in_force=text.parts.get("in_force", "") if text else "",
        depositary=str(DEPOSITARIES[instrument.depositary]),
        due=instrument.is_due(selected.today),
        read=[_reading(reading) for reading in readings.values()],
    )


def _reading(reading: TreatyReading) -> tuple[str, str]:
    """Return the name of a copy, "" if nothing was read, and its details."""
    if reading.copy_as_of is None:
        return "", _copy(reading)
    return reading.name, _("%(kind)s; copy: %(day)s", kind=READINGS[reading.kind], day=_copy(reading))
