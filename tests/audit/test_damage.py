"""The damage corpus: whatever is done to a copy of the trail is found."""

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import Connection, delete, insert, select, update

from app.audit.domain import chain
from app.audit.domain.chain import ChainEntry, ChainFault, FaultKind, link
from app.audit.domain.checkpoints import public_keys
from app.audit.models import AuditHead, Entry, Signed
from app.audit.service import entries, verification
from app.db.session import db, record, transaction
from app.identity.events import PersonAdded, SettingsChanged
from app.kernel import clock
from app.sign_in.events import SignedIn, SignInFailed
from tests.support import databases
from tests.support.settings import KEYS, NOW

COUNT, SIGNED_AT = 200, 150
PUBLIC = public_keys(KEYS.audit)
TABLE, HEAD, SIGNED = (model.__table__ for model in (Entry, AuditHead, Signed))
# another value for each column: never the existing one
OTHERS: dict[str, Callable[[Any], Any]] = {
    "id": lambda value: value + COUNT,
    "at": lambda value: value.replace(microsecond=value.microsecond ^ 1),
    "name": lambda value: value + "s",
    "actor_id": lambda value: None if value else uuid4(),
    "request_id": lambda value: value + "0",
    "person_id": lambda value: None if value else uuid4(),
    "thing_id": lambda value: None if value else uuid4(),
    "country": lambda value: None if value else "AT",
    "facts": lambda value: value.replace("{", '{ "x":1, ', 1),
    "hash": lambda value: bytes([value[0] ^ 1]) + value[1:],
}


NUMBERS = st.integers(1, COUNT)
MANY = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.fixture
def trail(context: Flask) -> Iterator[Connection]:
    """A trail of 200 entries with a checkpoint at 150."""
    _write(SIGNED_AT)
    with transaction():
        entries.sign(KEYS.audit[0], clock.now())
    _write(COUNT - SIGNED_AT)
    assert _verdict() is None
    with db.engine.connect() as connection, databases.guards_off(connection):
        yield connection


def _write(count: int) -> None:
    kinds: list[Callable[[], Any]] = [
        lambda: PersonAdded(person_id=uuid4(), country="IQ"),
        lambda: SignedIn(person_id=uuid4(), shared_computer=False, actor_id=uuid4()),
        lambda: SignInFailed(account="0" * 64),
        lambda: SettingsChanged(person_id=uuid4(), changed=("language",)),
    ]
    for start in range(0, count, 10):
        with transaction():
            for n in range(start, start + 10):
                record(kinds[n % len(kinds)]())


def _verdict() -> ChainFault | None:
    return verification.verify(PUBLIC).fault


def _found(connection: Connection, damage: Callable[[Connection], object]) -> ChainFault | None:
    """Do damage, say what is found, and undo it: a copy for each damage."""
    before = {table: connection.execute(select(table)).mappings().all() for table in (TABLE, HEAD, SIGNED)}
    damage(connection)
    connection.commit()
    fault = _verdict()
    for table, rows in before.items():
        connection.execute(delete(table))
        connection.execute(insert(table), [dict(row) for row in rows])
    connection.commit()
    return fault


def _row(connection: Connection, number: int) -> dict[str, Any]:
    return dict(connection.execute(select(TABLE).where(TABLE.c.id == number)).mappings().one())


def test_a_change_of_any_column_of_any_row_is_found(trail: Connection) -> None:
    lines, head = list(verification._lines(COUNT)), verification._head()
    for column, (place, (line, stored)) in product(OTHERS, enumerate(lines)):
        other = OTHERS[column](stored if column == "hash" else getattr(line, column))
        damaged = (line, other) if column == "hash" else (line._replace(**{column: other}), stored)
        fault = next(chain.faults([*lines[:place], damaged, *lines[place + 1 :]], head, {}), None)
        assert fault == ChainFault(FaultKind.MISSING if column == "id" else FaultKind.CHANGED, line.id)


@pytest.mark.each_database
@MANY
@given(number=NUMBERS, column=st.sampled_from(sorted(OTHERS)))
def test_a_change_in_the_table_is_found(trail: Connection, column: str, number: int) -> None:
    def change(connection: Connection) -> None:
        values = {column: OTHERS[column](_row(connection, number)[column])}
        connection.execute(update(TABLE).where(TABLE.c.id == number).values(values))

    assert _found(trail, change) == ChainFault(FaultKind.MISSING if column == "id" else FaultKind.CHANGED, number)


def test_damage_covers_every_column() -> None:
    assert set(OTHERS) == {column.name for column in TABLE.columns}


def test_every_removed_row_is_found(trail: Connection) -> None:
    lines, head = list(verification._lines(COUNT)), verification._head()
    for place in range(COUNT):
        fault = next(chain.faults([*lines[:place], *lines[place + 1 :]], head, {}), None)
        assert fault == ChainFault(FaultKind.MISSING, place + 1)
    trail.execute(delete(TABLE).where(TABLE.c.id == 77))
    trail.commit()
    assert _verdict() == ChainFault(FaultKind.MISSING, 77)


@MANY
@given(one=NUMBERS, other=NUMBERS)
def test_swapped_rows_are_found(trail: Connection, one: int, other: int) -> None:
    if one == other:
        return

    def swap(connection: Connection) -> None:
        first, second = _row(connection, one), _row(connection, other)
        connection.execute(delete(TABLE).where(TABLE.c.id.in_([one, other])))
        connection.execute(insert(TABLE), [first | {"id": other}, second | {"id": one}])

    assert _found(trail, swap) == ChainFault(FaultKind.CHANGED, min(one, other))


@MANY
@given(number=st.integers(-3, COUNT + 3), copied=NUMBERS)
def test_inserted_rows_are_found(trail: Connection, number: int, copied: int) -> None:
    def put_in(connection: Connection) -> None:
        row = _row(connection, copied)
        later = [dict(each) for each in connection.execute(select(TABLE).where(TABLE.c.id >= number)).mappings()]
        connection.execute(delete(TABLE).where(TABLE.c.id >= number))
        moved = [each | {"id": each["id"] + 1} for each in later] if 1 <= number <= COUNT else later
        connection.execute(insert(TABLE), [row | {"id": number}, *moved])

    fault = _found(trail, put_in)
    assert fault is not None
    assert fault.entry == (number + 1 if number == copied else number)  # a true copy of itself stands rightly


@MANY
@given(left=st.integers(0, COUNT - 1))
def test_a_cut_end_is_found(trail: Connection, left: int) -> None:
    def cut(connection: Connection) -> None:
        connection.execute(delete(TABLE).where(TABLE.c.id > left))

    assert _found(trail, cut) == ChainFault(FaultKind.MISSING, left + 1)


@MANY
@given(left=st.integers(1, SIGNED_AT - 1))
def test_a_cut_with_a_new_end_is_found_by_the_checkpoint(trail: Connection, left: int) -> None:
    def cut(connection: Connection) -> None:
        connection.execute(delete(TABLE).where(TABLE.c.id > left))
        connection.execute(update(HEAD).values(last_id=left, hash=_row(connection, left)["hash"]))

    assert _found(trail, cut) == ChainFault(FaultKind.MISSING, left + 1)


@pytest.mark.each_database
@MANY
@given(number=st.integers(1, SIGNED_AT))
def test_rewritten_audit_log_is_found_by_the_checkpoint(trail: Connection, number: int) -> None:
    def rewrite(connection: Connection) -> None:
        before = _row(connection, number - 1)["hash"] if number > 1 else bytes(32)
        for row in connection.execute(select(TABLE).where(TABLE.c.id >= number).order_by(TABLE.c.id)).mappings().all():
            values = dict(row) | ({"name": "Other"} if row["id"] == number else {})
            before = link(before, ChainEntry(**{name: values[name] for name in ChainEntry._fields}))
            changed = {"name": values["name"], "hash": before}
            connection.execute(update(TABLE).where(TABLE.c.id == row["id"]).values(changed))
        connection.execute(update(HEAD).values(hash=before))

    assert _found(trail, rewrite) == ChainFault(FaultKind.REWRITTEN, SIGNED_AT)


def test_a_forged_checkpoint_is_found(trail: Connection) -> None:
    other: dict[str, object] = {
        "last_id": 149,
        "hash": bytes(32),
        "count": 149,
        "at": NOW,
        "key_id": "2",
        "signature": bytes(64),
    }
    for column, value in other.items():
        forge = update(SIGNED).values({column: value})
        fault = _found(trail, lambda connection, forge=forge: connection.execute(forge))  # type: ignore[misc]
        assert fault == ChainFault(FaultKind.FORGED, 149 if column == "last_id" else SIGNED_AT)


@pytest.mark.each_database
def test_a_changed_or_removed_end_is_found(trail: Connection) -> None:
    def back(connection: Connection) -> None:
        connection.execute(update(HEAD).values(last_id=190, hash=_row(connection, 190)["hash"]))

    assert _found(trail, lambda connection: connection.execute(delete(HEAD))) == ChainFault(FaultKind.HEAD, COUNT)
    assert _found(trail, lambda connection: connection.execute(update(HEAD).values(hash=bytes(32)))) == ChainFault(
        FaultKind.HEAD, COUNT
    )
    assert _found(trail, back) == ChainFault(FaultKind.ADDED, 191)


def test_unreadable_value_is_found(trail: Connection) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("only SQLite keeps what is not of a column's type")
    for column, value in (("at", "yesterday"), ("actor_id", "unknown"), ("person_id", 7), ("facts", b"x"), ("name", 1)):

        def garble(connection: Connection, column: str = column, value: object = value) -> None:
            connection.exec_driver_sql(f"UPDATE audit_entry SET {column} = ? WHERE id = 77", (value,))

        assert _found(trail, garble) == ChainFault(FaultKind.CHANGED, 77), column
