"""`/plan/indicators/<code>/rows` and `/plan/records/<number>`: records behind a figure, and their evidence."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _, lazy_gettext

from app.i18n.babel import as_known, words as day_words
from app.i18n.stored_translations import TranslatedText
from app.plan import labels
from app.plan.domain.definitions import MEANS, SHARES, StoredDefinition
from app.plan.labels import RECORD_KINDS
from app.plan.pages import evidence
from app.plan.pages.filters import PlanFilter
from app.plan.pages.frame import Frame
from app.plan.queries import published
from app.plan.queries.evidence import EvidenceItem
from app.plan.shapes import CountedRecord
from app.web import table_files
from app.web.pages import Page

PAGE = 100
GAIN = "gain:"  # how the name of a record with a gain begins
UNTOLD = ("follow_up:", "women")  # answers of an officer, and sums about few people, are never shown
# of records that count below the line alone
NOT_COUNTED = {
    "core": lazy_gettext("Required, not all verified"),
    "enrolment": lazy_gettext("Course begun, not completed in time"),
    "retained": lazy_gettext("Delayed questions, not retained"),
    "case": lazy_gettext("First finished case, with an error"),
    "agreement": lazy_gettext("Result on which two assessors differ"),
    "session": lazy_gettext("Seat at a session, not taken"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRow:
    """A record in a list; officers only by alias, to their own contact point."""

    number: int
    href: str
    kind: str
    since: str
    until: str
    counts: str
    of: str
    alias: str
    role: str
    agency_kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordList:
    """A page of records; `has_denominator`: each counts of a number; `people`: officers have an alias."""

    rows: Sequence[RecordRow] = ()
    people: bool = False
    has_denominator: bool = False
    onward: str = ""
    first: str = ""


@dataclass(frozen=True, slots=True)
class Selection:
    """The records behind a number: definition, cut, day, the number in words, whether it and its records are shown."""

    defined: StoredDefinition
    cut: dict[str, str]
    day: date
    total: str
    shown: bool
    listed: bool
    count: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordsPage(Page):
    """The records behind a number."""

    template: ClassVar[str] = "plan/rows.html"
    frame: Frame
    selection: Selection
    records: RecordList
    code: str
    title: TranslatedText
    href: str
    officers: int
    chips: Sequence[tuple[str, str]]
    links: Mapping[str, str]

    @property
    def is_locked(self) -> bool:
        """Return whether the number is that of a locked quarter."""
        return self.selection.defined.frozen_on(self.selection.day) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDetails:
    """A record with its evidence; `asked_only`: required, with no evidence yet."""

    row: RecordRow
    has_denominator: bool
    officer_href: str
    about_officer: bool
    asked_only: bool
    links: Sequence[evidence.EvidenceText]
    counts: Sequence[tuple[str, int]]  # kinds of evidence, of an officer of another country


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPage(Page):
    """The evidence behind a record."""

    template: ClassVar[str] = "plan/record.html"
    frame: Frame
    record: RecordDetails
    code: str
    title: TranslatedText
    href: str
    rows_href: str


def kind(row: CountedRecord) -> str:
    """Return the label of a record."""
    thing = row.thing.partition(":")[0]
    if not row.numerator and thing in NOT_COUNTED:
        return str(NOT_COUNTED[thing])
    return str(RECORD_KINDS[thing]) if thing in RECORD_KINDS else _("A record")


def listing(
    rows: Sequence[CountedRecord],
    asked: PlanFilter,
    defined: StoredDefinition,
    *,
    aliases: Mapping[UUID, str],
    more: bool,
) -> RecordList:
    """Return a page of records: of the own country by alias, across borders by number alone."""
    onward, first = "", ""
    if more:
        onward = asked.link("plan.rows", code=defined.code, after=rows[-1].number, **asked.chosen_cut)
    if asked.after:
        first = asked.link("plan.rows", code=defined.code, **asked.chosen_cut)
    return RecordList(
        rows=[
            _row(row, asked, aliases.get(row.person_id, "") if row.person_id and asked.own_country else "")
            for row in rows
        ],
        people=shows_people(defined, asked),
        has_denominator=defined.rule in SHARES | MEANS,
        onward=onward,
        first=first,
    )


def shows_people(defined: StoredDefinition, asked: PlanFilter) -> bool:
    """Return whether the list names officers by alias: only to a contact point, only of the own country."""
    return bool(asked.own_country) and published.about_officers(defined.indicator)


def heads(defined: StoredDefinition, asked: PlanFilter) -> table_files.Row:
    """Return the heads of the file of records."""
    names = [_("Record number"), _("What it is"), _("Since"), _("Until"), _("Counts")]
    if defined.rule in SHARES | MEANS:
        names.append(_("Of"))
    return [*names, _("Officer"), _("Role"), _("Kind of agency")] if shows_people(defined, asked) else names


def file_row(
    row: CountedRecord,
    defined: StoredDefinition,
    asked: PlanFilter,
    aliases: Mapping[UUID, str],
    roles: Mapping[str, str],
) -> table_files.Row:
    """Return a record as a row of the file."""
    values: list[table_files.Value] = [
        row.number,
        kind(row),
        _file_day(row, row.since, asked),
        _file_day(row, row.until, asked),
        "" if _hides_number(row, asked) else _plain(row.numerator),
    ]
    if defined.rule in SHARES | MEANS:
        values.append("" if row.thing.startswith(UNTOLD) else _plain(row.denominator))
    if shows_people(defined, asked):
        alias = aliases.get(row.person_id, "") if row.person_id else ""
        values += [alias, roles.get(row.role, row.role), labels.agency_kind(row.agency_kind)]
    return values


def record(
    row: CountedRecord, chain: Sequence[EvidenceItem], asked: PlanFilter, *, alias: str, events: Collection[UUID]
) -> RecordDetails:
    """Return a record with its type, its days and its evidence, the oldest first.

    `alias` is of an own officer. `events` are those of the evidence that the user may read.
    """
    inside = bool(alias)
    opens = not asked.own_country or row.country == asked.own_country
    return RecordDetails(
        row=_row(row, asked, alias),
        has_denominator=bool(row.denominator),
        officer_href=url_for("competence.show_officer", person_id=row.person_id) if inside and row.person_id else "",
        about_officer=row.person_id is not None,
        asked_only=_is_asked_only(row, chain),
        links=[] if hides_days(row, asked) else _links(chain, inside=inside, opens=opens, events=events),
        counts=evidence.counts(_visible(chain, inside=inside)) if hides_days(row, asked) else (),
    )


def _links(
    chain: Sequence[EvidenceItem], *, inside: bool, opens: bool, events: Collection[UUID]
) -> list[evidence.EvidenceText]:
    return [evidence.show(link, inside=inside, opens=opens, events=events) for link in _visible(chain, inside=inside)]


def _is_asked_only(row: CountedRecord, chain: Sequence[EvidenceItem]) -> bool:
    """Return whether a record only says that something is required: there is no evidence yet."""
    return bool(row.denominator and not row.numerator) and all(link.kind == "served" for link in chain)


def _visible(chain: Sequence[EvidenceItem], *, inside: bool) -> list[EvidenceItem]:
    """Return the evidence without the posting, which only the own contact point may see."""
    return [link for link in chain if inside or link.kind != "served"]


def _row(row: CountedRecord, asked: PlanFilter, alias: str) -> RecordRow:
    return RecordRow(
        number=row.number,
        href=asked.link("plan.record", number=row.number),
        kind=kind(row),
        since=_day(row, row.since, asked),
        until="" if row.until is None else _day(row, row.until, asked),
        counts="" if _hides_number(row, asked) else labels.number(row.numerator),
        of="" if row.thing.startswith(UNTOLD) else labels.number(row.denominator),
        alias=alias,
        role=labels.roles().get(row.role, row.role) if alias else "",
        agency_kind=labels.agency_kind(row.agency_kind) if alias else "",
    )


def hides_days(row: CountedRecord, asked: PlanFilter) -> bool:
    """Return whether a record is of an officer of another country: its days and courses would tell whose it is."""
    return row.person_id is not None and not asked.own_country


def _hides_number(row: CountedRecord, asked: PlanFilter) -> bool:
    """Return whether the number of a record is not shown: a gain in another country, an answer of an officer."""
    return row.thing.startswith(UNTOLD) or (row.thing.startswith(GAIN) and not asked.own_country)


def _day(row: CountedRecord, day: date, asked: PlanFilter) -> str:
    return as_known(f"{day:%Y-%m}") if hides_days(row, asked) else day_words(day)


def _file_day(row: CountedRecord, day: date | None, asked: PlanFilter) -> table_files.Value:
    if day is None:
        return None
    return f"{day:%Y-%m}" if hides_days(row, asked) else day


def _plain(value: float) -> float:
    return int(value) if value == int(value) else round(value, 4)
