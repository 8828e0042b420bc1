import threading
from datetime import date
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from app.access.policy import Role, Scope
from app.audit.domain.checkpoints import public_keys
from app.audit.models import AuditHead, Entry
from app.audit.service import verification
from app.db.session import db, record, transaction
from app.identity.events import IdentityViewed, PersonAdded, RoleGranted, SettingsChanged
from app.sign_in.events import SignInFailed
from app.workshops.events import SeatTaken
from tests.support import factories
from tests.support.settings import KEYS

PUBLIC = public_keys(KEYS.audit)


def _entries() -> list[Entry]:
    return list(db.session.scalars(select(Entry).order_by(Entry.id)))


@pytest.mark.each_database
def test_entries_are_numbered_in_the_order_of_the_chain(context: Flask) -> None:
    for _turn in range(2):
        with transaction():
            for _n in range(3):
                record(SignInFailed(account="a"))
    head = db.session.scalars(select(AuditHead)).one()
    entries = _entries()
    assert [entry.id for entry in entries] == [1, 2, 3, 4, 5, 6]
    assert (head.last_id, head.hash) == (6, entries[-1].hash)


@pytest.mark.each_database
def test_rolled_back_entry_leaves_no_gap(context: Flask) -> None:
    for fails in (False, True, False):
        try:
            with transaction():
                record(SignInFailed(account="a"))
                assert not fails
        except AssertionError:
            pass
    assert [entry.id for entry in _entries()] == [1, 2]
    assert verification.verify(PUBLIC).fault is None


def test_renamed_event_is_stored_under_its_old_name(context: Flask) -> None:
    person_id = uuid4()
    for _turn in range(2):
        with transaction():
            record(IdentityViewed(person_id=person_id))
    assert [entry.name for entry in _entries()] == ["IdentitySeen", "IdentitySeen"]
    assert verification.verify(PUBLIC).fault is None


def test_entry_has_its_person_and_thing(context: Flask) -> None:
    person, workshop = uuid4(), uuid4()
    with transaction():
        record(SeatTaken(workshop_id=workshop, person_id=person, seat=1))
    [entry] = _entries()
    assert (entry.person_id, entry.thing_id, entry.country) == (person, workshop, None)


@pytest.mark.each_database
def test_country_of_an_entry_is_of_event_person_or_actor(context: Flask) -> None:
    iraqi, dutch = factories.person(country="IQ"), factories.person(country="NL")
    before = len(_entries())
    with transaction():
        record(PersonAdded(person_id=dutch, country="BG", actor_id=dutch))
        record(
            RoleGranted(
                person_id=iraqi, role=Role.TRAINER, scope=Scope.ALL, reach="", since=date(2027, 3, 1), until=None,
                deputy=False, actor_id=dutch,
            )
        )  # fmt: skip
        record(SettingsChanged(person_id=uuid4(), changed=(), actor_id=dutch))
        record(SignInFailed(account="a"))
    assert [entry.country for entry in _entries()[before:]] == ["BG", "IQ", "NL", None]


@pytest.mark.each_database
def test_many_writers_at_once_lose_nothing(app: Flask) -> None:
    faults: list[BaseException] = []
    start = threading.Barrier(32)

    def write(number: int) -> None:
        start.wait()
        try:
            for turn in range(5):
                with app.app_context(), transaction():
                    record(SignInFailed(account=f"{number} {turn}"))
                    record(SettingsChanged(person_id=uuid4(), changed=()))
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    with app.app_context():
        verdict = verification.verify(PUBLIC)
        accounts = [entry.facts for entry in _entries() if entry.name == "SignInFailed"]
    assert (verdict.entries, verdict.fault) == (320, None)
    assert len(set(accounts)) == 160


def test_country_follows_the_posting_of_the_day(context: Flask) -> None:
    from app.identity.queries import postings

    person = factories.person(country="IQ")
    assert postings.countries([person, uuid4()], date(2027, 3, 1)) == {person: "IQ"}
    assert postings.countries([person], date(2000, 1, 1)) == {}
