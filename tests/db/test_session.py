import threading
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select

from app.audit.models import Entry
from app.db.session import (
    Buffer,
    before_commit,
    db,
    durability_faults,
    queued_events,
    record,
    subscribe,
    subscriptions,
    transaction,
)
from app.identity import service as accounts
from app.identity.models import Country
from app.kernel import context as acting
from app.kernel.events import Event


def _codes() -> list[str]:
    return sorted(db.session.scalars(select(Country.code)))


@pytest.mark.each_database
def test_failed_use_case_changes_nothing(context: Flask) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        accounts.add_country("IQ", "UTC")
        record(Event())
        raise ZeroDivisionError
    assert (_codes(), list(db.session.scalars(select(Entry)))) == ([], [])


def test_transaction_does_not_nest(context: Flask) -> None:
    with pytest.raises(RuntimeError, match="nest"), transaction(), transaction():
        pass
    assert _codes() == []


def test_changes_outside_a_transaction_are_refused(context: Flask) -> None:
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


@pytest.mark.each_database
@pytest.mark.usefixtures("patient")
def test_the_database_is_set_up_to_lose_nothing(context: Flask) -> None:
    assert durability_faults() == []


@pytest.mark.each_database
def test_writers_wait_instead_of_failing(app: Flask) -> None:
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


@dataclass(frozen=True, kw_only=True)
class _First(Event):
    pass


@dataclass(frozen=True, kw_only=True)
class _Second(Event):
    pass


@pytest.fixture
def handlers(context: Flask, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of what ran, in order: the handler of the first event records the second."""
    ran: list[str] = []
    buffer = Buffer[str](lambda values: ran.append(f"flush {values}"))

    def on_first(_event: _First) -> None:
        ran.append("first")
        record(_Second())
        buffer.add("a")
        before_commit(lambda: ran.append("callback"))

    def on_second(_event: _Second) -> None:
        ran.append("second")
        buffer.add("b")

    monkeypatch.setitem(context.extensions, "subscriptions", subscriptions())
    subscribe(context, {_First: (on_first,), _Second: (on_second,), Event: (lambda _event: ran.append("any"),)})
    return ran


def test_callbacks_run_once_after_all_handlers(handlers: list[str]) -> None:
    with transaction():
        record(_First())
        record(_First())
        ran_inside = list(handlers)
    assert ran_inside == []
    assert handlers == [
        "first", "any", "first", "any", "second", "any", "second", "any",
        "flush ['a', 'a', 'b', 'b']", "callback", "callback",
    ]  # fmt: skip


def test_buffer_is_empty_when_the_transaction_failed(handlers: list[str]) -> None:
    buffer = Buffer[int](lambda values: handlers.append(str(values)))
    with pytest.raises(ZeroDivisionError), transaction():
        buffer.add(1)
        record(_Second())
        raise ZeroDivisionError
    assert queued_events() == ()
    with transaction():
        buffer.add(2)
    assert handlers == ["[2]"]


def test_early_buffer_is_flushed_before_the_others(app: Flask) -> None:
    order: list[str] = []
    late, early = Buffer[str](order.extend), Buffer[str](order.extend, early=True)
    with app.app_context(), transaction():
        late.add("late")
        early.add("early")
    assert order == ["early", "late"]
