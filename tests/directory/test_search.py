"""A contact point finds who stands before them; what was typed for it stays nowhere."""

import logging
import re
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.access.policy import Actor, Role, Scope
from app.audit.models import Entry
from app.db.session import db, transaction
from app.directory.queries import search as directory_search
from app.directory.queries.people import PeopleFilter
from app.directory.queries.search import PersonMatch
from app.identity import service as accounts
from app.identity.models import Identity, Person
from app.identity.service import NewPerson
from app.kernel import clock
from tests.support import factories, sites, sql_statements
from tests.support.settings import NOW

STATEMENTS = 15  # of them four for the trail


def named(alias: str, name: str, latin: str | None = None, *, country: str = "IQ", number: str | None = None) -> UUID:
    """Add an officer with these names, with a mail address made of the alias."""
    with transaction():
        new = NewPerson(
            alias=alias, name=name, latin_name=latin, mail=f"{alias.replace(' ', '.')}@police.example",
            service_number=number, password_hash=factories.PASSWORD_HASH, country=country,
            agency_id=factories.agency(country), roles=("first_responder",), language="en", time_zone="UTC",
        )  # fmt: skip
        return accounts.add_person(new, NOW)


def contact_point(country: str = "IQ") -> UUID:
    return factories.person(country=country, roles=(), grants=((Role.CONTACT_POINT, Scope.COUNTRY, country),))


def found(text: str, sought: PeopleFilter | None = None, country: str = "IQ") -> PersonMatch:
    actor = Actor(UUID(int=0), country, frozenset({Role.CONTACT_POINT}))
    return directory_search.find(actor, text, clock.today(), sought or PeopleFilter())


def aliases(text: str, sought: PeopleFilter | None = None, country: str = "IQ") -> list[str]:
    return [one.alias for one in found(text, sought, country).people]


def search(app: Flask, client: FlaskClient, text: str, where: str = "/people") -> TestResponse:
    return sites.post(app, client, where, {"who": text})


@pytest.mark.parametrize(
    "text",
    [
        "رنا أحمد",
        "احمد رنا",  # in any order, and without the hamza
        "رنــا",  # with tatweel
        "Rana Ahmed",
        "RANA",
        "ran",
        "Ahm ran",
        "Heron 7",
        "heron 7",
        "Heron.7@police.example",
        " HERON.7@Police.Example ",
        "IQ-4711",
        "iq-٤٧١١",
    ],
)
def test_search_finds_person_by_name_alias_mail_and_number(context: Flask, text: str) -> None:
    named("Heron 7", "رنا أحمد", "Rana Ahmed", number="IQ-4711")
    named("Egret 3", "Randa Karim")
    named("Stork 1", "Rana Ahmed", country="BG", number="BG-1")
    assert "Heron 7" in aliases(text)
    assert "Stork 1" not in aliases(text)
    if not found(text).alike and text not in {"ran"}:
        assert aliases(text) == ["Heron 7"]


@pytest.mark.each_database
def test_three_letters_find_all_who_begin_so_and_more_letters_first_those_who_are_called_so(context: Flask) -> None:
    named("Heron 7", "Rana Ahmed")
    named("Egret 3", "Randa Karim")
    assert aliases("ran") == ["Egret 3", "Heron 7"]
    assert aliases("rana") == ["Heron 7"]
    assert not found("rana").alike
    assert aliases("Ranya") == ["Egret 3", "Heron 7"]  # no exact match: these begin with the same letters
    assert found("Ranya").alike
    assert aliases("Ranya Ahmad") == ["Heron 7"]
    assert aliases("rana karim") == ["Egret 3"]  # Karim begins the one, ran the other word
    assert aliases("ra") == []
    assert not found("zzz").alike


@pytest.mark.parametrize("text", ["Rana", "Stork.1@police.example", "BG-1", "Stork 1"])
def test_search_finds_own_country_only(context: Flask, text: str) -> None:
    named("Stork 1", "Rana Ahmed", country="BG", number="BG-1")
    assert aliases(text) == []
    assert aliases(text, country="BG") == ["Stork 1"]


@pytest.mark.each_database
def test_search_applies_filter_of_the_list(context: Flask) -> None:
    one = named("Heron 7", "Rana Ahmed")
    assert aliases("Rana", PeopleFilter(role="first_responder")) == ["Heron 7"]
    assert aliases("Rana", PeopleFilter(role="investigator")) == []
    assert aliases("Rana", PeopleFilter(after="Zebra")) == []
    with transaction():
        accounts.deactivate(one, clock.today())
    assert aliases("Rana") == ["Heron 7"]  # a person who left still belongs to the country


def test_twenty_are_shown_and_that_there_are_more(app: Flask) -> None:
    with app.app_context():
        for number in range(directory_search.MOST + 1):
            named(f"Heron {number}", "Rana Ahmed")
        client = factories.sign_in(app, contact_point())
        db.session.remove()
    page = search(app, client, "Rana").text
    assert page.count('<th scope="row"') == directory_search.MOST
    assert "There are more than 20." in page
    with app.app_context():
        looks = db.session.scalars(select(Entry).where(Entry.name == "IdentitySeen")).all()
        assert len(looks) == directory_search.MOST


def test_own_contact_point_finds_protected_officer(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    db.session.get_one(Person, named("Heron 7", "Rana Ahmed")).protected = True
    db.session.flush()
    assert aliases("Rana") == ["Heron 7"]
    monkeypatch.setattr("app.access.visibility.VIEWERS_OF_PROTECTED", frozenset())
    assert aliases("Rana") == []


def test_search_records_views_but_not_the_search_text(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    with app.app_context():
        officer, colleague = named("Heron 7", "رنا أحمد", "Rana Ahmed", number="IQ-4711"), named("Egret 3", "Karim Ali")
        me = contact_point()
        db.session.remove()
    client = factories.sign_in(app, me)
    logging.getLogger("academy").propagate = True
    caplog.set_level(logging.DEBUG)
    try:
        answers = [
            search(app, client, text) for text in ("رنا", "Rana", "Heron.7@police.example", "IQ-4711", "Unknown")
        ]
    finally:
        logging.getLogger("academy").propagate = False
    for answer in answers:
        assert answer.status_code == 200
        assert answer.request.full_path.rstrip("?") == "/people"
        assert "no-store" in answer.headers["Cache-Control"]
        addresses = " ".join(re.findall(r'(?:href|action)="([^"]*)"', answer.text))
        title = re.findall(r"<title>(.*?)</title>", answer.text)[0]
        for said in (addresses, title, caplog.text, str([record.__dict__ for record in caplog.records])):
            assert not re.search("رنا|Rana|police.example|[Ii][Qq]-?4711", said)
    assert all("Rana Ahmed" in answer.text and "رنا أحمد" in answer.text for answer in answers[:-1])
    assert "No matches" in answers[-1].text
    with app.app_context():
        looks = list(db.session.scalars(select(Entry).where(Entry.name == "IdentitySeen")))
        assert [(one.actor_id, one.person_id) for one in looks] == [(me, officer)] * 4
        assert colleague not in {one.person_id for one in looks}
        rows = db.session.execute(select(Entry.__table__)).all()
        assert not re.search("رنا|Rana|police.example|[Ii][Qq]-?4711", str(rows))
        assert db.session.get_one(Identity, officer).name == "رنا أحمد"


def test_view_is_recorded_before_the_name_is_shown(lite_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with lite_app.app_context():
        named("Heron 7", "Rana Ahmed")
        me = contact_point()
        db.session.remove()
    client = factories.sign_in(lite_app, me)

    def refuse(_event: object) -> None:
        raise RuntimeError("no trail")

    monkeypatch.setattr("app.directory.views.people.record", refuse)
    monkeypatch.setattr("app.identity.queries.person_details.names", lambda _ids: pytest.fail("a name was read"))
    with pytest.raises(RuntimeError, match="no trail"):
        search(lite_app, client, "Rana")


def test_to_find_oneself_is_no_look(app: Flask) -> None:
    with app.app_context():
        me = contact_point()
        alias = db.session.get_one(Person, me).alias
        db.session.remove()
    client = factories.sign_in(app, me)
    assert "Test Person" in search(app, client, alias).text
    with app.app_context():
        assert db.session.scalars(select(Entry).where(Entry.name == "IdentitySeen")).all() == []


@pytest.mark.parametrize("text", ["", "   ", "---", "\u200f", "x" * 201])
def test_nothing_and_too_much_are_refused_in_words(lite_app: Flask, text: str) -> None:
    with lite_app.app_context():
        me = contact_point()
        db.session.remove()
    answer = search(lite_app, factories.sign_in(lite_app, me), text)
    assert answer.status_code == 422
    assert 'id="who-error"' in answer.text
    assert "People of your country" in answer.text


def test_search_form_keeps_filter_of_the_list(lite_app: Flask) -> None:
    with lite_app.app_context():
        named("Heron 7", "Rana Ahmed")
        me = contact_point()
        db.session.remove()
    client = factories.sign_in(lite_app, me)
    page = client.get("/people?state=active").text
    assert 'method="post" action="/people?state=active"' in page
    assert "Heron 7" in search(lite_app, client, "Rana", "/people?state=active").text
    page = search(lite_app, client, "Rana", "/people?state=deactivated").text
    assert "No person matches the search and the filter." in page
    assert 'href="/people?state=deactivated"' in page  # back to the list as it was narrowed


def test_list_shows_roles_at_the_academy(lite_app: Flask) -> None:
    with lite_app.app_context():
        named("Heron 7", "Rana Ahmed")
        me = contact_point()
        alias = db.session.get_one(Person, me).alias
        db.session.remove()
    page = factories.sign_in(lite_app, me).get("/people").text
    rows = {each.split("</bdi>")[0].rpartition("<bdi>")[2]: each for each in page.split('<th scope="row"')[1:]}
    assert ">Officer</td>" in rows["Heron 7"]
    assert ">Contact point</td>" in rows[alias]  # who has no role in the service


def test_search_takes_constant_number_of_queries(app: Flask) -> None:
    with app.app_context():
        named("Heron 0", "Rana Ahmed")
        me = contact_point()
        db.session.remove()
    client = factories.sign_in(app, me)
    search(app, client, "Rana")
    with sql_statements.counted(app) as one:
        search(app, client, "Rana")
    with app.app_context():
        for number in range(1, directory_search.MOST):
            named(f"Heron {number}", "Rana Ahmed")
        db.session.remove()
    with sql_statements.counted(app) as twenty:
        search(app, client, "Rana")
    # SQLite is asked whether the country is large, too
    each = STATEMENTS if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite") else STATEMENTS - 1
    assert (len(one), len(twenty)) == (each, each)
    with sql_statements.counted(app) as listed:
        client.get("/people")
    assert len(listed) == each - 5  # no trail, no names
