"""What the list of a country's people shows its contact point, and whom a search finds, as plain values."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from app.access.policy import Role
from app.accounts import person_pages, seeing
from app.accounts.finding import Found
from app.accounts.people import PersonLine
from app.accounts.seeing import Grant, Name
from app.i18n.babel import joined
from app.i18n.languages import country_name
from app.kernel import clock
from app.kernel.folding import fold


def people(country: str, found: Sequence[PersonLine], titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return people of a country as rows, with what they do in the service and at the academy."""
    roles = _roles(country, {one.person_id: one.agency_id for one in found})
    return [_person(one, roles.get(one.person_id, ()), titles) for one in found]


def found(country: str, it: Found, names: Mapping[UUID, Name], titles: Mapping[str, str]) -> dict[str, Any]:
    """Return whom a search found: rows with names, whether there are more, and whether they are only called alike."""
    rows = people(country, it.people, titles)
    named = [names.get(one.person_id, Name("", "")) for one in it.people]
    shown = [{**row, "name": one.name, "latin_name": one.latin_name} for row, one in zip(rows, named, strict=True)]
    return {"people": shown, "more": it.more, "alike": it.alike}


def services(found: Sequence[tuple[UUID, str, str]], *, with_country: bool) -> list[tuple[str, str]]:
    """Return services to choose from: by the names of their countries in the reader's language, then by their own."""
    named = [(country_name(code) if with_country else "", name, str(one)) for one, code, name in found]
    return [
        (one, _("%(country)s, %(agency)s", country=country, agency=name) if country else name)
        for country, name, one in sorted(named, key=lambda each: (fold(each[0]), fold(each[1]), each[2]))
    ]


def _person(line: PersonLine, held: Collection[str], titles: Mapping[str, str]) -> dict[str, Any]:
    return {
        "alias": line.alias,
        "href": url_for("person.show", person_id=line.person_id),
        "agency": line.agency,
        "roles": joined([titles.get(role, role) for role in line.roles]) if line.roles else "",
        "held": joined(list(held)) if held else "",
        **person_pages.account(line.state),
    }


def _roles(country: str, people: Mapping[UUID, UUID]) -> dict[UUID, list[str]]:
    """Return the roles at the academy that these people, by id with their service's, hold today, in words.

    That of an officer stands where it is alone.
    """
    if not people:
        return {}
    today = clock.today()
    return {key: _said(country, people[key], held, today) for key, held in seeing.grants(people.keys(), today).items()}


def _said(country: str, agency_id: UUID, grants: Sequence[Grant], today: date) -> list[str]:
    held = [one.held for one in grants if seeing.holds(one.held, country, agency_id, today)]
    staff = [one for one in held if one.role is not Role.PRACTITIONER]
    return list(dict.fromkeys(person_pages.role(one) for one in staff or held))
