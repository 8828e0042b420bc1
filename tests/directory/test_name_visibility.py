"""A sign-in name is read as a mail address first, then as a service number if no account has the address."""

from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import event, update

from app.db import blind_index
from app.db.session import db, transaction
from app.identity import service
from app.identity.models import Identity
from app.identity.service import NewPerson
from app.kernel import clock
from app.recovery import queries as recovery_queries
from app.sign_in.queries import sessions
from tests.support import factories

MAIL, NUMBER = "boss@example.org", "BP 0017"


def _person(mail: str, number: str | None) -> UUID:
    with transaction():
        new = NewPerson(
            alias=f"Officer of {mail}",
            name="Test Person",
            mail=mail,
            service_number=None if number == MAIL else number,
            password_hash=f"hash of {mail}",
            country="IQ",
            agency_id=factories.agency("IQ"),
            roles=("first_responder",),
            language="en",
            time_zone="UTC",
        )
        made = service.add_person(new, clock.now())
        if number == MAIL:  # as one was written before numbers with "@" were refused
            held = update(Identity).where(Identity.person_id == made)
            db.session.execute(held.values(service_number=number, service_index=blind_index.index("service", number)))
        return made


def _by_link(name: str) -> UUID | None:
    return recovery_queries.by_indexes(blind_index.index("mail", name), blind_index.index("service", name))


@pytest.mark.each_database
@pytest.mark.parametrize("order", [1, -1], ids=["first", "last"])
def test_service_number_equal_to_mail_address_finds_mail_owner(context: Flask, order: int) -> None:
    made = {mail: _person(mail, number) for mail, number in [(MAIL, None), ("stooge@example.org", MAIL)][::order]}
    assert sessions.credentials_by_name(MAIL) == (made[MAIL], f"hash of {MAIL}")
    assert _by_link(MAIL) == made[MAIL]
    with transaction():
        service.deactivate(made[MAIL], clock.today())
    assert sessions.credentials_by_name(MAIL) is None
    assert _by_link(MAIL) is None


@pytest.mark.each_database
def test_service_number_is_searched_only_without_mail_match(context: Flask) -> None:
    one = _person(MAIL, NUMBER)
    assert sessions.credentials_by_name("bp 0017") == (one, f"hash of {MAIL}")
    assert _by_link(NUMBER) == one
    assert (sessions.credentials_by_name("bp 0018"), _by_link("bp 0018")) == (None, None)


@pytest.mark.parametrize("name", [MAIL, NUMBER, "unknown@example.org"])
def test_lookup_of_any_name_takes_one_statement(context: Flask, name: str) -> None:
    _person(MAIL, NUMBER)
    asked: list[str] = []
    db.session.rollback()

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("SELECT"):
            asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        sessions.credentials_by_name(name)
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    assert len(asked) == 1
