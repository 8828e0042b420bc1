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
from app.identity.queries.person_details import GrantedRole, PersonName
from app.kernel import clock
from app.rights import labels as rights_labels


def people(country: str, lines: Sequence[PersonLine], titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return people of a country as rows, with what they do in the service and at the academy."""
    roles = _roles(country, {line.person_id: line.agency_id for line in lines})
    return [_person(line, roles.get(line.person_id, ()), titles) for line in lines]


def matches(
    country: str, match: PersonMatch, names: Mapping[UUID, PersonName], titles: Mapping[str, str]
) -> dict[str, Any]:
    """Return the matches of a search: rows with names, whether there are more, and whether only beginnings match."""
    rows = people(country, match.people, titles)
    named = [names.get(line.person_id, PersonName("", "")) for line in match.people]
    shown = [{**row, "name": name.name, "latin_name": name.latin_name} for row, name in zip(rows, named, strict=True)]
    return {"people": shown, "more": match.more, "alike": match.alike}


def _person(line: PersonLine, academy_roles: Collection[str], titles: Mapping[str, str]) -> dict[str, Any]:
    return {
        "alias": line.alias,
        "href": url_for("directory.show_person", person_id=line.person_id),
        "agency": line.agency,
        "roles": joined([titles.get(role, role) for role in line.roles]) if line.roles else "",
        "held": joined(list(academy_roles)) if academy_roles else "",
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
        key: _role_labels(country, people[key], assignments, today)
        for key, assignments in person_details.grants(people.keys(), today).items()
    }


def _role_labels(country: str, agency_id: UUID, grants: Sequence[GrantedRole], today: date) -> list[str]:
    assignments = [grant.assignment for grant in grants]
    assigned = [role for role in assignments if person_details.has_role(role, country, agency_id, today)]
    staff = [role for role in assigned if role.role is not Role.PRACTITIONER]
    return list(dict.fromkeys(rights_labels.role_label(role) for role in staff or assigned))
