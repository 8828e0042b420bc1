"""The audit log shows labels: each kind of event, each fact and each enum value has one."""

from dataclasses import fields
from enum import Enum
from importlib import import_module
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from flask_babel import force_locale

import app as academy
from app.access.policy import Role, Scope
from app.audit.service.entries import ENVELOPE
from app.db.session import record, transaction
from app.directory.events import CountryChanged
from app.identity.events import RoleGranted, SettingsChanged
from app.kernel.events import Event, stored_name
from app.kernel.folding import fold
from app.messages.events import MailSent
from app.operations.domain import OFFICERS_OWN
from app.operations.labels import events, fact_kinds, facts, values
from app.operations.pages.audit_log import SHOWN_APART, UNSAID
from tests.support import factories
from tests.support.settings import NOW


def _kinds(of: type[Event] = Event) -> dict[str, type[Event]]:
    """Return all kinds of events by name; a class with slots exists beside its original class."""
    found: dict[str, type[Event]] = {}
    for one in of.__subclasses__():
        if one.__module__.startswith("app."):
            found |= {stored_name(one): one} | _kinds(one)
    return found


@pytest.fixture(scope="module")
def kinds() -> dict[str, type[Event]]:
    for path in Path(academy.__file__).parent.glob("*/events*"):
        import_module(f"app.{path.parent.name}.events")
    return _kinds()


def test_every_kind_of_event_has_a_unique_label(kinds: dict[str, type[Event]]) -> None:
    assert len(kinds) > 100
    assert set(events.EVENTS) == set(kinds)
    assert set(kinds) > OFFICERS_OWN
    words = [str(word) for word in events.EVENTS.values()]
    assert len(set(words)) == len(words)
    assert not [word for word in words if len(word) > 60 or word.endswith(".") or not word[0].isupper()]


def test_every_fact_has_a_label(kinds: dict[str, type[Event]]) -> None:
    told = {f"{name}.{one.name}" for name, kind in kinds.items() for one in fields(kind)}
    named = {each.partition(".")[2] for each in told} - ENVELOPE - SHOWN_APART - UNSAID
    assert set(facts.FACTS) == named
    special = {each for each in (*fact_kinds.ENUMS, *facts.OTHER) if "." in each}
    assert special <= told


@pytest.mark.parametrize("kind", sorted(values.WORDS, key=str), ids=lambda kind: kind.__name__)
def test_every_value_has_a_label(kind: type[Enum]) -> None:
    assert set(values.WORDS[kind]) == set(kind)


def test_values_of_enum_fields_never_show_the_stored_value(lite_app: Flask) -> None:
    with lite_app.test_request_context(), force_locale("en"):
        for kind in set(fact_kinds.ENUMS.values()):
            for one in kind:
                assert values.stored_label(kind, str(one)) not in {"", str(one)}
        assert values.stored_label(Role, "unknown") == ""


@pytest.mark.parametrize("language", ["en", "ar", "fr"])
def test_kinds_are_sorted_by_the_alphabet_of_the_language(lite_app: Flask, language: str) -> None:
    with lite_app.test_request_context(), force_locale(language):
        offered = events.event_choices()
        words = [fold(word.removeprefix("ال") if language == "ar" else word) for _kind, word in offered]
    assert words == sorted(words)
    assert {kind for kind, _word in offered} == set(events.EVENTS) - OFFICERS_OWN


def test_page_shows_labels_and_export_shows_stored_names(app: Flask) -> None:
    with app.app_context():
        contact = factories.person(country="IQ", grants=((Role.CONTACT_POINT, Scope.COUNTRY, "IQ"),))
        officer = factories.person(country="IQ")
    with app.app_context(), transaction():
        record(
            RoleGranted(
                person_id=officer, role="contact_point", scope="country", reach="IQ", since=NOW.date(), until=None,
                deputy=True,
            )
        )  # fmt: skip
        record(CountryChanged(country="IQ", changed=("second_factor off", "identity_months 24")))
        record(SettingsChanged(person_id=officer, changed=("data_saver", "language")))
        record(MailSent(mail_id=7, recipient_id=officer, kind="new_sign_in", invitation_id=uuid4()))
    client = factories.sign_in(app, contact)
    page = client.get("/audit").text
    for words in (
        "Role: Contact point", "Valid for: One country", "Where it applies: Iraq", "From: 1 March 2027", "Deputy: Yes",
        "Changed: Second factor not needed and Retention of names: 24",
        "Changed: Saving data and Language of the pages", "Kind: New sign-in to your account",
    ):  # fmt: skip
        assert words in page
    assert page.index("Role: Contact point") < page.index("Where it applies: Iraq") < page.index("Deputy: Yes")
    assert not any(code in page for code in ("contact_point", "new_sign_in", "data_saver", "2027-03-01<"))
    file = client.get("/audit/export").text
    for code in ("RoleGranted", "role: contact_point", "since: 2027-03-01", "deputy: yes", "kind: new_sign_in"):
        assert code in file
