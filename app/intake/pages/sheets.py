"""What there is to choose from in a sheet, its columns and example, and the own officers in the same form."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from babel import Locale

from app.access.labels import ROLES
from app.access.people_rules import PEOPLE_OF_A_COUNTRY
from app.access.policy import Actor, Role
from app.i18n.languages import INTERFACE, current, language
from app.identity.queries import people
from app.intake.domain.headers import Column, head, key
from app.intake.domain.rows import EXAMPLE, Offered
from app.intake.labels import Choices, meaning
from app.intake.service.export import ALONE, LARGEST
from app.intake.service.sheet_import import country_of
from app.invitations.domain.invitations import gives
from app.invitations.queries import matching
from app.invitations.queries.matching import Account
from app.kernel import clock
from app.ports import ports
from app.web.table_files import Row

# beside the words of the page, those of the other languages: a sheet may come from anywhere
ROLE_WORDS: Mapping[Role, tuple[str, ...]] = {
    Role.PRACTITIONER: ("Officer", "الموظف", "موظف", "Agent"),
    Role.SUPERVISOR: ("Supervisor", "المشرف", "مشرف", "Supérieur hiérarchique"),
    Role.CONTACT_POINT: ("Contact point", "نقطة الاتصال", "Point de contact"),
    Role.TRAINER: ("Trainer", "المدرب", "مدرب", "Formateur"),
    Role.CO_CHAIR: ("Co-chair", "الرئيس المشارك", "Coprésidence"),
    Role.COORDINATOR: ("Coordinator", "المنسق", "منسق", "Coordinateur"),
}
NAMES = ("Samira Example", "سميرة مثال")


def columns(actor: Actor) -> list[Column]:
    """Return the columns of somebody's sheet: the country where there may be several, what officers alone have."""
    left_out = set() if is_anywhere(actor) else {Column.COUNTRY}
    if Role.PRACTITIONER not in gives(actor.roles):
        left_out.add(Column.POSTING)
    return [one for one in Column if one not in left_out]


def is_anywhere(actor: Actor) -> bool:
    """Say whether somebody's sheets reach beyond one country."""
    return not country_of(actor)


def offered(actor: Actor) -> Offered:
    """Return what a sheet's cells may say, in any of the languages."""
    services = people.agencies("" if is_anywhere(actor) else actor.country)
    named: dict[str, dict[str, tuple[UUID, str]]] = {}
    for one, country, name in services:
        named.setdefault(country, {})[key(name)] = (one, name)
    codes = people.countries() if is_anywhere(actor) else [actor.country]
    locales = [Locale(code) for code in INTERFACE]
    countries = {
        key(word): code for code in codes for word in (code, *(str(it.territories.get(code, code)) for it in locales))
    }
    postings = {key(word): one for code in INTERFACE for one, title in _postings(code) for word in (one, title)}
    given = gives(actor.roles)
    roles = {key(word): role for role in given for word in (role, str(ROLES[role]), *ROLE_WORDS.get(role, ()))}
    return Offered(
        country="" if is_anywhere(actor) else actor.country, countries=countries, agencies=named, postings=postings,
        roles=roles, languages=_languages(),
    )  # fmt: skip


def choices(actor: Actor) -> Choices:
    """Return what a cell may say, in the words of the page."""
    return Choices(
        roles=[str(ROLES[role]) for role in gives(actor.roles)],
        postings=dict(_postings(current())),
        languages=[language(code).name for code in INTERFACE],
        own_country=not is_anywhere(actor),
        language=current(),
    )


def title(role: Role, posting: Sequence[str]) -> str:
    """Return what the alias of an invitation begins with: the English title of the first role."""
    titles = dict(_postings("en"))
    return titles.get(posting[0], posting[0]) if posting else ROLE_WORDS[role][0]


def explained(actor: Actor) -> list[dict[str, Any]]:
    """Return what each column holds, and what a new person needs."""
    needed = {Column.MAIL, Column.NAME, Column.AGENCY, Column.COUNTRY}
    needed.add(Column.ROLE if is_anywhere(actor) else Column.POSTING)
    said = choices(actor)
    values = {
        Column.POSTING: list(said.postings.values()),
        Column.ROLE: list(said.roles),
        Column.LANGUAGE: list(said.languages),
    }
    return [
        {"head": head(one, current()), "means": meaning(one), "needed": one in needed, "values": values.get(one, [])}
        for one in columns(actor)
    ]


def services(actor: Actor) -> list[str]:
    """Return the services of the own country, as they are called here; none where there are several countries."""
    return [] if is_anywhere(actor) else [name for _one, _country, name in people.agencies(actor.country)]


def empty(actor: Actor) -> tuple[list[str], list[Row]]:
    """Return the heads of an empty sheet, and a row that shows how; it is left out when the sheet comes back."""
    said = choices(actor)
    services = people.agencies("" if is_anywhere(actor) else actor.country)
    postings = list(said.postings.values())
    example: dict[Column, str] = {
        Column.MAIL: EXAMPLE,
        Column.NAME: NAMES[1 if current() == "ar" else 0],
        Column.LATIN_NAME: NAMES[0] if current() == "ar" else "",
        Column.SERVICE_NUMBER: "0012345",
        Column.COUNTRY: services[0][1] if services else "",
        Column.AGENCY: services[0][2] if services else "",
        Column.POSTING: "" if is_anywhere(actor) else "; ".join(postings[:2]),
        Column.ROLE: said.roles[0] if said.roles else "",
        Column.LANGUAGE: language(current()).name,
    }
    wanted = columns(actor)
    return heads(actor), [[example[one] for one in wanted]]


def heads(actor: Actor) -> list[str]:
    """Return the heads of somebody's sheet."""
    return [head(one, current()) for one in columns(actor)]


def officers(actor: Actor, found: Iterable[Account]) -> list[Row]:
    """Return the own officers as rows of a sheet that changes nothing when it comes back."""
    found = list(found)
    agencies = matching.agency_names({one.posting.agency_id for one in found if one.posting})
    titles = dict(_postings(current()))
    return [_officer(one, agencies, titles, columns(actor)) for one in found]


def are_more(actor: Actor) -> bool:
    """Say whether there are more officers in the own country than one may take along alone."""
    return len(matching.officer_aliases(actor.country, clock.today())) > ALONE


def parts(actor: Actor, *, whole: bool) -> list[dict[str, Any]]:
    """Return the files in which the own officers go out: all, or of each service as many as one may alone.

    No file holds more than the largest does: where they are more, another one begins after it.
    """
    found = matching.officer_aliases(actor.country, clock.today())
    if whole or len(found) <= ALONE:
        return _parts("", "", [alias for alias, _agency, _name in found], LARGEST)
    by_service: dict[tuple[str, UUID], list[str]] = {}
    for alias, agency_id, name in found:
        by_service.setdefault((name, agency_id), []).append(alias)
    services = sorted(by_service.items(), key=lambda one: one[0][0])
    return [one for (name, agency_id), aliases in services for one in _parts(name, str(agency_id), aliases, ALONE)]


def _parts(name: str, agency: str, aliases: Sequence[str], size: int) -> list[dict[str, Any]]:
    return [
        {
            "name": name, "count": len(aliases[start : start + size]), "first": start + 1, "agency": agency,
            "after": aliases[start - 1] if start else "",
        }
        for start in range(0, len(aliases), size)
    ]  # fmt: skip


def _officer(
    one: Account, agencies: Mapping[UUID, str], titles: Mapping[str, str], wanted: Sequence[Column]
) -> list[str]:
    posting = one.posting
    roles = posting.roles if posting else ()
    values: dict[Column, str] = {
        Column.MAIL: one.mail,
        Column.NAME: one.name,
        Column.LATIN_NAME: one.latin_name,
        Column.SERVICE_NUMBER: one.service_number,
        Column.COUNTRY: posting.country if posting else "",
        Column.AGENCY: agencies.get(posting.agency_id, "") if posting else "",
        Column.POSTING: "; ".join(titles.get(role, role) for role in roles),
        Column.ROLE: next((str(ROLES[role]) for role in PEOPLE_OF_A_COUNTRY if role in one.roles), ""),
        Column.LANGUAGE: "",
    }
    return [values[column] for column in wanted]


def _postings(code: str) -> list[tuple[str, str]]:
    return list(ports().posting_titles(code))


def _languages() -> dict[str, str]:
    locales = [Locale(code) for code in INTERFACE]
    return {
        key(word): code
        for code in INTERFACE
        for word in (code, language(code).name, *(str(it.languages.get(code, code)) for it in locales))
    }
