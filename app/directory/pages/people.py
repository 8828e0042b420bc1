"""What the list of a country's people shows its contact point, and whom a search finds, as plain values."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask import url_for

from app.access.policy import Role
from app.directory.queries.people import PersonLine
from app.directory.queries.search import PersonMatch
from app.i18n.babel import joined
from app.identity import labels
from app.identity.queries import person_details
from app.identity.queries.person_details import Grant, PersonName
from app.kernel import clock
from app.rights import labels as rights_labels


def people(country: str, found: Sequence[PersonLine], titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return people of a country as rows, with what they do in the service and at the academy."""
    roles = _roles(country, {one.person_id: one.agency_id for one in found})
    return [_person(one, roles.get(one.person_id, ()), titles) for one in found]


def found(country: str, it: PersonMatch, names: Mapping[UUID, PersonName], titles: Mapping[str, str]) -> dict[str, Any]:
    """Return whom a search found: rows with names, whether there are more, and whether they are only called alike."""
    rows = people(country, it.people, titles)
    named = [names.get(one.person_id, PersonName("", "")) for one in it.people]
    shown = [{**row, "name": one.name, "latin_name": one.latin_name} for row, one in zip(rows, named, strict=True)]
    return {"people": shown, "more": it.more, "alike": it.alike}


def _person(line: PersonLine, held: Collection[str], titles: Mapping[str, str]) -> dict[str, Any]:
    return {
        "alias": line.alias,
        "href": url_for("directory.show_person", person_id=line.person_id),
        "agency": line.agency,
        "roles": joined([titles.get(role, role) for role in line.roles]) if line.roles else "",
        "held": joined(list(held)) if held else "",
        **labels.account_state(line.state),
    }


def _roles(country: str, people: Mapping[UUID, UUID]) -> dict[UUID, list[str]]:
    """Return the roles at the academy that these people, by id with their service's, hold today, in words.

    That of an officer stands where it is alone.
    """
    if not people:
        return {}
    today = clock.today()
    return {
        key: _said(country, people[key], held, today)
        for key, held in person_details.grants(people.keys(), today).items()
    }


def _said(country: str, agency_id: UUID, grants: Sequence[Grant], today: date) -> list[str]:
    held = [one.held for one in grants if person_details.has_role(one.held, country, agency_id, today)]
    staff = [one for one in held if one.role is not Role.PRACTITIONER]
    return list(dict.fromkeys(rights_labels.role_label(one) for one in staff or held))
