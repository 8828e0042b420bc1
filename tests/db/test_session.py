import threading

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts import service as accounts
from app.accounts.models import Country
from app.audit.models import Entry
from app.db.session import db, durability_faults, record, transaction
from app.kernel import context as acting
from app.kernel.events import Event

pytestmark = pytest.mark.each_database


def _codes() -> list[str]:
    return sorted(db.session.scalars(select(Country.code)))


def test_nothing_lands_when_the_use_case_fails(context: Flask) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        accounts.add_country("IQ", "UTC")
        record(Event())
        raise ZeroDivisionError
    assert (_codes(), list(db.session.scalars(select(Entry)))) == ([], [])


def test_it_does_not_nest(context: Flask) -> None:
    with pytest.raises(RuntimeError, match="nest"), transaction(), transaction():
        pass
    assert _codes() == []


def test_work_begun_outside_is_refused(context: Flask) -> None:
    accounts.add_country("IQ", "UTC")
    with pytest.raises(RuntimeError, match="outside"), transaction():
        pass
    db.session.flush()
    with pytest.raises(RuntimeError, match="outside"), transaction():
        pass
    db.session.rollback()
    db.session.info.clear()


def test_an_event_carries_its_actor_and_request(context: Flask) -> None:
    token = acting.request_id.set("abc")
    with transaction():
        record(Event())
    acting.request_id.reset(token)
    entry = db.session.scalars(select(Entry)).one()
    assert (entry.name, entry.request_id, entry.actor_id, entry.facts) == ("Event", "abc", None, "{}")


@pytest.mark.usefixtures("patient")
def test_the_database_is_set_up_to_lose_nothing(context: Flask) -> None:
    assert durability_faults() == []


def test_writers_queue_instead_of_failing(app: Flask) -> None:
    faults: list[BaseException] = []

    def write(n: int) -> None:
        try:
            with app.app_context(), transaction():
                _codes()
                accounts.add_country(f"{chr(65 + n % 26)}{chr(65 + n // 26)}", "UTC")
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=write, args=(n,)) for n in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        assert (faults, len(_codes())) == ([], 40)
