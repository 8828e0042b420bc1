"""What binds a country, or links two: the table of treaties in words, with what each is good for and where to look."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from app.catalogue.domain.lessons import COUNTRIES
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
from app.catalogue.domain.translations import FrontState, TranslationState
from app.i18n.babel import as_known
from app.i18n.languages import country_name, direction
from app.i18n.stored_translations import SOURCE
from app.learning.domain import content_language
from app.learning.labels import asked, drafts_shown, wanted

KINDS = {
    InstrumentKind.TREATY: lazy_gettext("Treaties"),
    InstrumentKind.EU_ACT: lazy_gettext("EU acts"),
    InstrumentKind.MEMBERSHIP: lazy_gettext("Bodies"),
}
# in words, and as a shape: a no, and what is not known, never look alike
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


@dataclass(frozen=True, slots=True)
class Chosen:
    """Whose treaties are shown, with whom ("" for nobody) they are compared, on which day."""

    country: str
    other: str
    today: date

    @property
    def countries(self) -> tuple[str, ...]:
        """Return the one country or the two; none before one was chosen."""
        if not self.country:
            return ()
        return (self.country, self.other) if self.other and self.other != self.country else (self.country,)


@dataclass(frozen=True, slots=True)
class _Speaker:
    """Says the table in one language."""

    table: Treaties
    code: str
    chosen: Chosen

    def text(self, name: str) -> dict[str, str]:
        """Return a text with its language."""
        found, code = self.table.text(name, self.code)
        parts = {"title": name, "body": "", "in_force": ""}
        if found is not None:
            parts = {"title": found.title, "body": found.body, "in_force": found.parts.get("in_force", "")}
        return {**parts, "lang": code, "dir": direction(code)}

    def readings(self, cell: TreatyCell) -> list[TreatyReading]:
        """Return where a cell was read, the newest copy first."""
        held = {one.id: one for one in self.table.readings}
        found = [held[name] for name in cell.readings if name in held]
        return sorted(found, key=lambda one: one.copy_until or one.copy_as_of or "", reverse=True)


def countries() -> list[tuple[str, str]]:
    """Return the countries of the table by code with their names, in the order of these."""
    return sorted(((code, country_name(code)) for code in COUNTRIES), key=lambda pair: pair[1])


def own(country: str) -> str:
    """Return the reader's country where the table has it, or nothing."""
    return country if country in COUNTRIES else ""


def show(table: Treaties | None, chosen: Chosen) -> dict[str, Any] | None:
    """Return what the page shows; None where no table was loaded."""
    if table is None or not table.instruments:
        return None
    offered = {
        code: TranslationState.DRAFT if texts.front.state is FrontState.DRAFT else TranslationState.CURRENT
        for code, texts in table.texts.items()
        if texts.front is not None
    }
    code = content_language(wanted(), offered, SOURCE, drafts=drafts_shown())
    says = _Speaker(table, code, chosen)
    links = [one.link(*chosen.countries) for one in table.instruments] if len(chosen.countries) == 2 else []
    treaties = [link for one, link in zip(table.instruments, links, strict=False) if one.kind is InstrumentKind.TREATY]
    return {
        "as_of": table.as_of,
        "countries": chosen.countries,
        "asked": asked(code),
        "draft": offered.get(code) is TranslationState.DRAFT,
        "linked": treaties.count(CountryLink.LINKED),
        "not_known": treaties.count(CountryLink.UNKNOWN),
        "groups": [
            {"title": str(words), "rows": [_row(says, one) for one in table.instruments if one.kind is kind]}
            for kind, words in KINDS.items()
        ],
        "notes": [_note(says, one) for one in table.instruments],
    }


def _row(says: _Speaker, one: Instrument) -> dict[str, Any]:
    found = [one.cells[code] for code in says.chosen.countries]
    row = {
        "id": one.id,
        "text": says.text(one.id),
        "cells": [_cell(says, cell) for cell in found],
        "check": one.is_due(says.chosen.today) or any(cell.recheck_soon for cell in found),
    }
    if len(found) == 2:
        word, kind = LINKS[one.link(*says.chosen.countries)]
        row["link"] = {"word": str(word), "kind": kind}
    return row


def _cell(says: _Speaker, cell: TreatyCell) -> dict[str, Any]:
    word, kind = STATUSES[cell.status]
    readings = says.readings(cell)
    return {
        "word": str(FORMS[cell.form] if cell.form else word),
        "kind": kind,
        "note": says.text(cell.note) if cell.note else None,
        "memory": not cell.checked and cell.status is not TreatyStatus.UNKNOWN,
        "since": _since(cell),
        "read": _copy(readings[0]) if readings else "",
        "how": [str(BASES[cell.basis])] * (cell.basis is not Basis.LISTED)
        + [_("A secondary source alone")] * cell.secondary,
    }


def _since(cell: TreatyCell) -> dict[str, Any] | None:
    if cell.date is None or cell.date_is is None:
        return None
    further = [_("The day is from memory")] if not (cell.checked and cell.date_checked) else []
    if cell.date_1967_protocol:
        further.append(_("Protocol of 1967: %(day)s", day=as_known(cell.date_1967_protocol)))
    return {"iso": cell.date, "day": as_known(cell.date), "what": str(DATES[cell.date_is]), "further": further}


def _copy(reading: TreatyReading) -> str:
    """Return in words of which day the copy is that was read."""
    if reading.copy_as_of is None:
        return _("From memory: nothing was read")
    day = as_known(reading.copy_as_of)
    if reading.copy_until:
        return _("%(first)s to %(last)s", first=day, last=as_known(reading.copy_until))
    return {
        CopyIs.OF: day,
        CopyIs.ABOUT: _("About %(day)s", day=day),
        CopyIs.OR_LATER: _("%(day)s or later", day=day),
    }[reading.copy_is]


def _note(says: _Speaker, one: Instrument) -> dict[str, Any]:
    return {
        "id": one.id,
        "text": says.text(one.id),
        "in_force": one.in_force,
        "in_force_checked": one.in_force_checked,
        "depositary": str(DEPOSITARIES[one.depositary]),
        "check_by": one.check_by,
        "due": one.is_due(says.chosen.today),
        "in_motion": one.in_motion,
        "read": list(_read(says, one)),
    }


def _read(says: _Speaker, one: Instrument) -> Iterator[dict[str, Any]]:
    """Yield each copy in which the cells that are shown were read, once."""
    cells = [one.cells[code] for code in says.chosen.countries]
    found = {reading.id: reading for cell in cells for reading in says.readings(cell)}
    for reading in found.values():
        if reading.copy_as_of is None:
            yield {"name": "", "said": _copy(reading)}
            continue
        said = _("%(kind)s; copy: %(day)s", kind=READINGS[reading.kind], day=_copy(reading))
        yield {"name": reading.name, "said": said}
