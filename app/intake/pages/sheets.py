"""View model of `/people/sheet`; columns, allowed values and example of a sheet; officers as rows of an export."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, TypeVar
from uuid import UUID

from babel import Locale
from flask import url_for

from app.access.labels import ROLES
from app.access.people_rules import PEOPLE_OF_A_COUNTRY
from app.access.policy import Action, Actor, Role, allows, own_scope
from app.i18n.languages import INTERFACE, current, language
from app.identity.queries import people
from app.intake.domain.headers import Column, header_text, key
from app.intake.domain.rows import EXAMPLE, AllowedValues
from app.intake.forms import SheetForm
from app.intake.labels import MEANINGS, CellChoices
from app.intake.queries import imports
from app.intake.service import export
from app.intake.service.export import ALONE, LARGEST
from app.intake.service.sheet_import import country_of
from app.intake.shapes import BatchSummary, ExportRequest
from app.invitations.domain.invitations import invitable_roles
from app.invitations.queries import matching
from app.invitations.queries.matching import MatchedAccount
from app.kernel import clock
from app.ports import ports
from app.web.pages import Page
from app.web.table_files import Row

V = TypeVar("V")
# a sheet may be written in any of these languages
ROLE_NAMES: Mapping[Role, tuple[str, ...]] = {
    Role.PRACTITIONER: ("Officer", "الموظف", "موظف", "Agent"),
    Role.SUPERVISOR: ("Supervisor", "المشرف", "مشرف", "Supérieur hiérarchique"),
    Role.CONTACT_POINT: ("Contact point", "نقطة الاتصال", "Point de contact"),
    Role.TRAINER: ("Trainer", "المدرب", "مدرب", "Formateur"),
    Role.CO_CHAIR: ("Co-chair", "الرئيس المشارك", "Coprésidence"),
    Role.COORDINATOR: ("Coordinator", "المنسق", "منسق", "Coordinateur"),
}
LATIN_NAME, ARABIC_NAME = "Samira Example", "سميرة مثال"


@dataclass(frozen=True, slots=True)
class ColumnHelp:
    """A column of the sheet: header, meaning and allowed values."""

    header: str
    meaning: str
    is_required: bool
    values: Sequence[str]


@dataclass(frozen=True, slots=True)
class OfficersFile:
    """A file of officers: its agency ("" for all), number of people, and the alias before the first one."""

    name: str
    count: int
    first: int
    agency_id: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPage(Page):
    """The page that takes sheets. `own_request` is the one for a second person; `may_export` shows files."""

    template: ClassVar[str] = "intake/sheet.html"
    form: SheetForm
    columns: Sequence[ColumnHelp]
    agencies: Sequence[str]
    checked_sheets: Sequence[tuple[str, datetime]]
    batches: Sequence[BatchSummary]
    requests: Sequence[ExportRequest]
    may_export: bool = False
    is_approved: bool = False
    own_request: ExportRequest | None = None
    needs_approval: bool = False
    files: Sequence[OfficersFile] = ()


def sheet_page(actor: Actor, form: SheetForm) -> SheetPage:
    """Return the page that takes sheets, with earlier sheets and imports, and the files of officers."""
    may_export = allows(actor, Action.EXPORT_OFFICERS, own_scope(actor))
    is_approved = may_export and export.has_approval(actor, clock.real_now())
    agencies = [] if is_anywhere(actor) else people.agencies(actor.country)
    officers = matching.officer_aliases(actor.country, clock.today()) if may_export else []
    return SheetPage(
        form=form,
        columns=column_help(actor),
        agencies=[name for _id, _country, name in agencies],
        checked_sheets=[(url_for("intake.show", sheet_id=sheet_id), at) for sheet_id, at in imports.sheets(actor)],
        batches=imports.batches(actor),
        requests=export.answerable_requests(actor),
        may_export=may_export,
        is_approved=is_approved,
        own_request=export.own_request(actor, clock.real_now()) if may_export else None,
        needs_approval=len(officers) > ALONE,
        files=_officers_files(officers, whole=is_approved),
    )


def columns(actor: Actor) -> list[Column]:
    """Return the columns of the actor's sheet: the country if there are several, the posting if it has officers."""
    left_out = set() if is_anywhere(actor) else {Column.COUNTRY}
    if Role.PRACTITIONER not in invitable_roles(actor.roles):
        left_out.add(Column.POSTING)
    return [column for column in Column if column not in left_out]


def is_anywhere(actor: Actor) -> bool:
    """Return whether the actor's sheets may have rows of several countries."""
    return not country_of(actor)


def offered(actor: Actor) -> AllowedValues:
    """Return the allowed values of cells, with their names in each language."""
    country = country_of(actor)
    agencies: dict[str, dict[str, tuple[UUID, str]]] = {}
    for agency_id, agency_country, name in people.agencies(country):
        agencies.setdefault(agency_country, {})[key(name)] = (agency_id, name)
    codes = [country] if country else people.countries()
    return AllowedValues(
        country=country,
        countries=_by_name((code, (code, *_translations("territories", code))) for code in codes),
        agencies=agencies,
        postings=_by_name((role, (role, title)) for code in INTERFACE for role, title in ports().posting_titles(code)),
        roles=_by_name(
            (role, (role, str(ROLES[role]), *ROLE_NAMES.get(role, ()))) for role in invitable_roles(actor.roles)
        ),
        languages=_by_name(
            (code, (code, language(code).name, *_translations("languages", code))) for code in INTERFACE
        ),
    )


def choices(actor: Actor) -> CellChoices:
    """Return the allowed values of cells in the language of the page."""
    return CellChoices(
        roles=[str(ROLES[role]) for role in invitable_roles(actor.roles)],
        postings=dict(ports().posting_titles(current())),
        languages=[language(code).name for code in INTERFACE],
        own_country=not is_anywhere(actor),
        language=current(),
    )


def title(role: Role, posting: Sequence[str]) -> str:
    """Return the first words of the alias of an invitation: the English title of the first role."""
    titles = dict(ports().posting_titles("en"))
    return titles.get(posting[0], posting[0]) if posting else ROLE_NAMES[role][0]


def column_help(actor: Actor) -> list[ColumnHelp]:
    """Return the explanation of each column; `is_required` is for new people."""
    required = {Column.MAIL, Column.NAME, Column.AGENCY, Column.COUNTRY}
    required.add(Column.ROLE if is_anywhere(actor) else Column.POSTING)
    texts = choices(actor)
    values: Mapping[Column, Sequence[str]] = {
        Column.POSTING: list(texts.postings.values()),
        Column.ROLE: texts.roles,
        Column.LANGUAGE: texts.languages,
    }
    return [
        ColumnHelp(header_text(column, current()), str(MEANINGS[column]), column in required, values.get(column, ()))
        for column in columns(actor)
    ]


def empty(actor: Actor) -> tuple[list[str], list[Row]]:
    """Return the headers of an empty sheet and an example row, which is ignored when the sheet is sent."""
    texts = choices(actor)
    _id, country, agency = next(iter(people.agencies(country_of(actor))), (None, "", ""))
    is_arabic = current() == "ar"
    example: dict[Column, str] = {
        Column.MAIL: EXAMPLE,
        Column.NAME: ARABIC_NAME if is_arabic else LATIN_NAME,
        Column.LATIN_NAME: LATIN_NAME if is_arabic else "",
        Column.SERVICE_NUMBER: "0012345",
        Column.COUNTRY: country,
        Column.AGENCY: agency,
        Column.POSTING: "" if is_anywhere(actor) else "; ".join(list(texts.postings.values())[:2]),
        Column.ROLE: next(iter(texts.roles), ""),
        Column.LANGUAGE: language(current()).name,
    }
    return heads(actor), [[example[column] for column in columns(actor)]]


def heads(actor: Actor) -> list[str]:
    """Return the headers of the actor's sheet."""
    return [header_text(column, current()) for column in columns(actor)]


def officers(actor: Actor, accounts: Iterable[MatchedAccount]) -> list[Row]:
    """Return officers as rows of a sheet that changes nothing when it is imported."""
    accounts = list(accounts)
    agencies = matching.agency_names({account.posting.agency_id for account in accounts if account.posting})
    titles = dict(ports().posting_titles(current()))
    return [_officer(account, agencies, titles, columns(actor)) for account in accounts]


def _officers_files(officers: Sequence[tuple[str, UUID, str]], *, whole: bool) -> list[OfficersFile]:
    """Return the files of officers: all together, or at most ALONE people of each agency, in files of one size."""
    if whole or len(officers) <= ALONE:
        return _files("", "", [alias for alias, _agency, _name in officers], LARGEST)
    by_agency: dict[tuple[str, UUID], list[str]] = {}
    for alias, agency_id, name in officers:
        by_agency.setdefault((name, agency_id), []).append(alias)
    agencies = sorted(by_agency.items(), key=lambda agency: agency[0][0])
    return [file for (name, agency_id), aliases in agencies for file in _files(name, str(agency_id), aliases, ALONE)]


def _files(name: str, agency_id: str, aliases: Sequence[str], size: int) -> list[OfficersFile]:
    before = ("", *aliases)  # the alias before each person
    return [
        OfficersFile(name, len(aliases[start : start + size]), start + 1, agency_id, before[start])
        for start in range(0, len(aliases), size)
    ]


def _officer(
    account: MatchedAccount, agencies: Mapping[UUID, str], titles: Mapping[str, str], wanted: Sequence[Column]
) -> list[str]:
    posting = account.posting
    roles = posting.roles if posting else ()
    values: dict[Column, str] = {
        Column.MAIL: account.mail,
        Column.NAME: account.name,
        Column.LATIN_NAME: account.latin_name,
        Column.SERVICE_NUMBER: account.service_number,
        Column.COUNTRY: posting.country if posting else "",
        Column.AGENCY: agencies.get(posting.agency_id, "") if posting else "",
        Column.POSTING: "; ".join(titles.get(role, role) for role in roles),
        Column.ROLE: next((str(ROLES[role]) for role in PEOPLE_OF_A_COUNTRY if role in account.roles), ""),
        Column.LANGUAGE: "",
    }
    return [values[column] for column in wanted]


def _by_name(values: Iterable[tuple[V, Iterable[str]]]) -> dict[str, V]:
    """Return values by each of their names, in the form of `headers.key`."""
    return {key(name): value for value, names in values for name in names}


def _translations(kind: str, code: str) -> list[str]:
    """Return the names of a territory or a language, from the data of Babel."""
    return [str(getattr(Locale(locale), kind).get(code, code)) for locale in INTERFACE]
