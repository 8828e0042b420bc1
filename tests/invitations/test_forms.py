"""The form of an invitation has no default for a choice that binds a person to a country."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.access.policy import Role, Scope
from app.db.session import db, transaction
from app.identity import service
from app.identity.domain.people import AgencyKind
from tests.support import courses, factories, sites

FIELDS = {"mail": "new@police.example", "name": "Amina Test", "language": "en"}


@pytest.fixture
def clients(lite_app: Flask) -> dict[str, FlaskClient]:
    """Bring a coordinator and a contact point of the Netherlands, and services of four countries."""
    with lite_app.app_context():
        courses.publish()
        one = factories.person(country="AT", roles=(), grants=((Role.COORDINATOR, Scope.ALL, ""),))
        other = factories.person(country="NL", roles=(), grants=((Role.CONTACT_POINT, Scope.COUNTRY, "NL"),))
        with transaction():
            for country in ("BD", "BA", "IQ"):
                factories.agency(country)
            service.add_agency("BA", AgencyKind.OTHER, "A first service")
        db.session.remove()
    return {"coordinator": factories.sign_in(lite_app, one), "contact point": factories.sign_in(lite_app, other)}


def services(page: str) -> list[tuple[str, str]]:
    found = page.split('id="agency"')[1].split("</select>", maxsplit=1)[0]
    assert "selected" not in found.split("</option>", 1)[1]
    return re.findall(r'<option value="([^"]*)"[^>]*>([^<]*)', found)


def _countries(names: list[tuple[str, str]]) -> list[str]:
    return list(dict.fromkeys(name.partition(",")[0] for _value, name in names[1:]))


def test_no_service_is_chosen_and_all_stand_in_the_order_of_the_readers_alphabet(
    lite_app: Flask, clients: dict[str, FlaskClient]
) -> None:
    names = services(clients["coordinator"].get("/people/invite").text)
    assert names[0] == ("", "Choose")
    assert _countries(names) == ["Austria", "Bangladesh", "Bosnia &amp; Herzegovina", "Iraq", "Netherlands"]
    bosnian = [name for _value, name in names if name.startswith("Bosnia")]
    assert len(bosnian) == 2
    assert bosnian[0].endswith(", A first service")
    sites.post(lite_app, clients["coordinator"], "/sign-in/language", {"to": "fr", "next": "/"})
    names = services(clients["coordinator"].get("/people/invite").text)
    assert _countries(names) == ["Autriche", "Bangladesh", "Bosnie-Herzégovine", "Irak", "Pays-Bas"]


def test_without_a_service_nobody_is_invited(lite_app: Flask, clients: dict[str, FlaskClient]) -> None:
    for sent in ({**FIELDS, "role": "contact_point", "agency": ""}, {**FIELDS, "role": "contact_point"}):
        answer = sites.post(lite_app, clients["coordinator"], "/people/invite", sent)
        assert answer.status_code == 422
        assert 'id="agency-error"' in answer.text
        assert "Choose an agency from the list." in answer.text


def test_the_only_service_of_a_country_need_not_be_chosen(lite_app: Flask, clients: dict[str, FlaskClient]) -> None:
    [(value, name)] = services(clients["contact point"].get("/people/invite").text)
    assert value
    assert "Netherlands" not in name  # the own country says nothing
    with lite_app.app_context(), transaction():
        service.add_agency("NL", AgencyKind.OTHER, "A first service")
    found = services(clients["contact point"].get("/people/invite").text)
    assert [each for each in found if each[1] in {"Choose", "A first service"}] == found[:2]


def test_the_role_in_the_service_is_asked_of_officers_alone(lite_app: Flask, clients: dict[str, FlaskClient]) -> None:
    assert 'name="posting"' not in clients["coordinator"].get("/people/invite").text
    page = clients["contact point"].get("/people/invite").text
    assert 'class="of-officers"' in page
    sent = {**FIELDS, "role": "supervisor", "agency": services(page)[0][0], "posting": "first_responder"}
    answer = sites.post(lite_app, clients["contact point"], "/people/invite", sent)
    assert answer.status_code == 302  # what a supervisor was asked by mistake counts nothing
