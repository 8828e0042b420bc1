"""The session, the queue of events, the engine settings, and `transaction()`, the only place that commits.

The order at the end of a transaction: handlers of events, which may record further events; callbacks and buffers;
commit. All of them belong to the transaction: an error in one undoes the use case. Tests: `tests/db/test_session.py`.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar, cast

from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, CursorResult, Engine, Executable, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, scoped_session
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from app.db.base import Base
from app.kernel import clock, context
from app.kernel.events import NOT_YET, Event

Handler = Callable[[Any], None]
Subscriptions = Mapping[type[Event], tuple[Handler, ...]]
db = SQLAlchemy(model_class=Base)
# SQLite lets writers of one process try again after growing pauses, in no order; a queue before it is fair and faster
_one_writer = threading.Lock()
PATIENCE = 5.0  # seconds, as long as SQLite itself waits
WRITING: Mapping[str, Mapping[str, Any]] = {
    "sqlite": {"write": True},
    "postgresql": {"write": True, "isolation_level": "READ COMMITTED"},
}
_UNIQUE_VIOLATION = "23505"  # SQLSTATE of PostgreSQL
_ENGINES = frozenset({"sqlalchemy"})  # the extension of an application that holds its engines
T = TypeVar("T")


class Buffer(Generic[T]):
    """Values of one transaction that are handled together, once, right before it commits.

    An early one is flushed before the others, so that its lock comes before that of the audit log.
    """

    def __init__(self, flush: Callable[[list[T]], None], *, early: bool = False) -> None:
        self._flush, self._early = flush, early

    def add(self, value: T) -> None:
        """Add a value; `flush` gets all values right before the commit."""
        _unit_of_work().buffers.setdefault(self, []).append(value)
        before_commit(self._flush_all, early=self._early)

    def _flush_all(self) -> None:
        self._flush(_unit_of_work().buffers.pop(self, []))


@dataclass(slots=True)
class UnitOfWork:
    """The state of a session until its transaction ends: events, callbacks and buffers."""

    is_open: bool = False
    has_flushed_outside: bool = False
    events: list[Event] = field(default_factory=list)
    callbacks: dict[Callable[[], None], bool] = field(default_factory=dict)  # ordered, each once; whether it is early
    buffers: dict[Buffer[Any], list[Any]] = field(default_factory=dict)


def _unit_of_work(session: Session | None = None) -> UnitOfWork:
    info = (db.session() if session is None else session).info
    return cast("UnitOfWork", info.setdefault("unit_of_work", UnitOfWork()))


def subscribe(app: Flask, handlers: Subscriptions) -> None:
    """Store the handlers of all events in the application."""
    app.extensions["subscriptions"] = handlers


def subscriptions() -> Subscriptions:
    """Return the handlers of all events by event class."""
    return cast("Subscriptions", current_app.extensions["subscriptions"])


def record(happened: Event) -> None:
    """Queue an event with its time, actor and request id; its handlers run before the transaction commits."""
    _unit_of_work().events.append(
        replace(
            happened,
            at=clock.now() if happened.at == NOT_YET else happened.at,
            actor_id=happened.actor_id or context.actor_id.get(),
            request_id=happened.request_id or context.request_id.get(),
        )
    )


def queued_events() -> tuple[Event, ...]:
    """Return the queued events that are not handled yet, for a handler that would repeat the same work."""
    return tuple(_unit_of_work().events)


def before_commit(work: Callable[[], None], *, early: bool = False) -> None:
    """Queue a callback, once, that runs after all handlers, right before the transaction commits; early ones first."""
    _unit_of_work().callbacks[work] = early


def is_in_transaction() -> bool:
    """Return whether a `transaction()` is open."""
    return _unit_of_work().is_open


@contextmanager
def transaction() -> Iterator[None]:
    """Run one use case and its handlers, then commit; roll back all of it on an error.

    Raises RuntimeError if a transaction is open already, or if objects were changed outside a transaction.
    """
    session = db.session()
    unit = _unit_of_work(session)
    _check_unchanged(session, unit)
    session.rollback()  # leave the snapshot that the user loader read from; the write starts fresh
    unit.is_open = True
    queued = db.engine.dialect.name == "sqlite" and _one_writer.acquire(timeout=PATIENCE)
    try:
        session.connection(execution_options=WRITING[db.engine.dialect.name])
        yield
        _dispatch(session, unit)
        _end(session, unit)
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        if queued:
            _one_writer.release()
        session.info.clear()


def _check_unchanged(session: Session, unit: UnitOfWork) -> None:
    if unit.is_open:
        raise RuntimeError("transaction() does not nest")
    if unit.has_flushed_outside or session.new or session.dirty or session.deleted:
        raise RuntimeError("something was changed outside transaction()")


def changed_rows(statement: Executable) -> int:
    """Execute a statement that updates or deletes, and return the number of rows it changed."""
    return int(cast("CursorResult[Any]", db.session.execute(statement)).rowcount)


def is_duplicate(error: IntegrityError) -> bool:
    """Return whether the error is the violation of a unique constraint."""
    sqlstate = getattr(error.orig, "sqlstate", "")
    return sqlstate == _UNIQUE_VIOLATION or str(error.orig).startswith("UNIQUE constraint failed")


def prepare(engine: Engine) -> None:
    """Configure an engine: WAL and full synchronisation on SQLite, autocommit for reading on PostgreSQL."""
    if engine.dialect.name != "sqlite":
        event.listen(engine, "engine_connect", _read_alone)
        return
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)


def prepare_for_migration(engine: Engine) -> Engine:
    """Return an engine for migrations: on SQLite one that writes, with foreign keys off while tables are copied."""
    if engine.dialect.name != "sqlite":
        return engine.execution_options(write=True)
    # SQLite changes a table by copying it; to drop the old one would empty every table that refers to it
    copying = create_engine(engine.url, poolclass=NullPool, execution_options={"write": True})
    event.listen(copying, "connect", _configure)
    event.listen(copying, "connect", _foreign_keys_off)
    event.listen(copying, "begin", _begin)
    return copying


@contextmanager
def other_database(url: str, **options: object) -> Iterator[None]:
    """Let `db.session` use another database of the same tables inside the block, such as a restored copy.

    Settings, keys and event handlers stay the same. `options` are those of `create_engine`.
    """
    app = Flask(__name__, static_folder=None)
    app.config.from_mapping(SQLALCHEMY_DATABASE_URI=url, SQLALCHEMY_ENGINE_OPTIONS={"poolclass": NullPool, **options})
    app.extensions.update({name: value for name, value in current_app.extensions.items() if name not in _ENGINES})
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)
        try:
            yield
        finally:
            db.session.remove()
            db.engine.dispose()


def watch_for_stray_flushes(session: scoped_session[Any]) -> None:
    """Note flushes outside `transaction()`, so that the next `transaction()` raises RuntimeError."""

    def note(flushed: Session, _context: object) -> None:
        unit = _unit_of_work(flushed)
        if not unit.is_open:
            unit.has_flushed_outside = True

    event.listen(session, "after_flush", note)


def durability_faults() -> list[str]:
    """Return a message for each database setting with which a committed write could be lost."""
    if db.engine.dialect.name == "sqlite":
        wanted = {"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1"}
        ask = "PRAGMA {}"
    else:
        wanted = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
        ask = "SHOW {}"
    with db.engine.connect() as connection:
        actual = {name: str(connection.exec_driver_sql(ask.format(name)).scalar()) for name in wanted}
    return [f"{name} is {actual[name]}, must be {value}" for name, value in wanted.items() if actual[name] != value]


def _read_alone(connection: Connection) -> None:
    # under READ COMMITTED each statement has its own snapshot: to begin and to roll back around reading says nothing,
    # and costs two ways to the database a page
    if not connection.get_execution_options().get("write"):
        connection.execution_options(isolation_level="AUTOCOMMIT")


def _configure(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # sqlite3: no BEGIN behind our back
    cursor = connection.cursor()
    for setting in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000"):
        cursor.execute(f"PRAGMA {setting}")
    cursor.close()


def _foreign_keys_off(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    connection.execute("PRAGMA foreign_keys=OFF")


def _begin(connection: Connection) -> None:
    # The write lock comes at the start of a write: taken midway it fails at once instead of waiting.
    write = connection.get_execution_options().get("write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _dispatch(session: Session, unit: UnitOfWork) -> None:
    handlers = subscriptions()
    while unit.events:
        happened = unit.events.pop(0)
        session.flush()
        for kind in type(happened).__mro__:
            for handler in handlers.get(kind, ()):
                handler(happened)


def _end(session: Session, unit: UnitOfWork) -> None:
    if unit.callbacks:
        session.flush()
    for work in sorted(unit.callbacks, key=lambda work: not unit.callbacks[work]):
        work()
