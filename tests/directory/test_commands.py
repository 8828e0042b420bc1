import re

import pytest
from click.testing import Result
from flask import Flask

from app.access.policy import Role, Scope
from app.db.session import db, transaction
from app.identity.domain.people import PersonState
from app.identity.queries import people, roles
from app.kernel import clock
from app.sign_in.domain import CodeKind, network
from app.sign_in.queries import sessions
from app.sign_in.service import second_factor
from app.sign_in.views.sign_in import passwords
from tests.support import factories, sites

ADD = ["people", "add", "--alias", "Trainer 1", "--name", "Test Person", "--mail", "one@example.org", "--country", "iq"]
WORDS = "a long enough passphrase\n" * 2


def _run(app: Flask, *words: str, keyed: str = WORDS) -> Result:
    return app.test_cli_runner().invoke(args=list(words), input=keyed)


def _add(app: Flask) -> Result:
    return _run(app, *ADD, "--agency", "Border service", "--work", "first_responder", "--role", "trainer")


def test_command_adds_the_first_person(app: Flask) -> None:
    assert _add(app).exit_code == 0
    with app.app_context():
        person, hashed = sessions.credentials_by_name("one@example.org")
        assert passwords.matches(hashed, "a long enough passphrase")
        assert roles.roles_of(person, clock.today()) == {Role.PRACTITIONER, Role.TRAINER}
        assert people.countries() == ["IQ"]


def test_command_rejects_existing_alias(app: Flask) -> None:
    _add(app)
    answer = _add(app)
    assert (answer.exit_code, "already" in answer.output) == (1, True)


@pytest.mark.parametrize("keyed", ["short\nshort\n", "x" * 129 + "\n" + "x" * 129 + "\n"])
def test_command_rejects_passwords_of_wrong_length(app: Flask, keyed: str) -> None:
    answer = _run(app, *ADD, "--agency", "Border service", keyed=keyed)
    assert "15 to 128 characters" in answer.output
    with app.app_context():
        assert people.person_by_alias("Trainer 1") is None


@pytest.mark.parametrize(
    ("option", "text"),
    [
        ("--mail", "unknown"),
        ("--country", "Iraq"),
        ("--country", "XX"),
        ("--time-zone", "Mars/Base"),
        ("--alias", "x" * 81),
        ("--alias", " "),
        ("--name", "two\nlines"),
        ("--agency", "y" * 201),
    ],
)
def test_command_names_the_invalid_option(lite_app: Flask, option: str, text: str) -> None:
    answer = _run(lite_app, *ADD, "--agency", "Border service", option, text)
    assert (answer.exit_code, f"Invalid value for '{option}'" in answer.output) == (2, True)
    with lite_app.app_context():
        assert people.countries() == []


def test_new_password_ends_sessions_of_person(app: Flask) -> None:
    _add(app)
    with app.app_context():
        person = people.person_by_alias("Trainer 1")
        client = factories.sign_in(app, person)
    assert client.get("/").status_code == 200
    assert _run(app, "people", "password", "Trainer 1").exit_code == 0
    assert client.get("/").status_code == 302


def test_console_code_replaces_lost_factor(app: Flask) -> None:
    _add(app)
    told = _run(app, "people", "let-back-in", "Trainer 1")
    found = re.search(r"(\d{4} \d{4})$", told.output.strip())
    assert found is not None
    client = app.test_client()
    sites.post(app, client, "/sign-in", {"name": "one@example.org", "password": "a long enough passphrase"})
    with app.app_context(), transaction():
        person = people.person_by_alias("Trainer 1")
        second_factor.make_codes(person, CodeKind.PRINTED, clock.real_now())  # what was lost
    sent = sites.post(app, client, "/sign-in/second-step", {"code": found[1]})
    assert sent.headers["Location"] == "/sign-in/factors"
    assert client.get("/sign-in/factors").status_code == 200
    assert client.get("/").status_code == 302
    assert _run(app, "people", "let-back-in", "Unknown").exit_code == 1


def test_command_closes_account(app: Flask) -> None:
    _add(app)
    assert _run(app, "people", "deactivate", "Trainer 1").exit_code == 0
    with app.app_context():
        assert sessions.credentials_by_name("one@example.org") is None
    assert _run(app, "people", "deactivate", "Trainer 1").exit_code == 1


def test_command_does_not_close_last_administrator(app: Flask) -> None:
    with app.app_context():
        grants = ((Role.ADMINISTRATOR, Scope.ALL, ""),)
        for alias in ("Keeper 1", "Keeper 2"):
            factories.person(alias=alias, roles=(), grants=grants)
    assert _run(app, "people", "deactivate", "Keeper 1").exit_code == 0
    told = _run(app, "people", "deactivate", "Keeper 2")
    assert (told.exit_code, "Keeper 2 is the last administrator." in told.output) == (1, True)
    with app.app_context():
        found = people.person_by_alias("Keeper 2")
        assert found is not None
        assert people.get(found).state is PersonState.ACTIVE


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),  # as a listener for both kinds writes it
        ("::FFFF:c000:0208", "192.0.2.8"),
        ("::1", "::/64"),
        ("", ""),
        ("nowhere", "nowhere"),
    ],
)
def test_ipv6_network_counts_as_one_address(address: str, counted: str) -> None:
    assert network(address) == counted


def test_command_assigns_second_administrator(app: Flask) -> None:
    with app.app_context():
        person = factories.person(alias="Watcher 1", roles=())
        db.session.remove()
    assert _run(app, "people", "role", "Unknown 1", "administrator").exit_code == 1
    assert _run(app, "people", "role", "Watcher 1", "administrator").exit_code == 0
    assert _run(app, "people", "role", "Watcher 1", "administrator").exit_code == 1  # held already
    assert _run(app, "people", "role", "Watcher 1", "contact_point").exit_code == 0
    with app.app_context():
        assert roles.roles_of(person, clock.today()) == {Role.ADMINISTRATOR, Role.CONTACT_POINT}
        assert roles.reaches(person, Scope.COUNTRY, [Role.CONTACT_POINT], clock.today()) == ["IQ"]
