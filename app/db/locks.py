"""Locks by key, for writers that share no row."""

from sqlalchemy import func, select

from app.db.session import db

KEY_DIGITS = 15  # hexadecimal: 60 bits, which a signed bigint holds


def lock_key(*keys: str) -> None:
    """Lock these keys until the transaction ends, in their order; a key is text of hexadecimal digits.

    SQLite has one writer anyway; on PostgreSQL two who count at once would both find room for one more failure.
    """
    if db.engine.dialect.name == "postgresql":
        for key in sorted(keys):
            db.session.execute(select(func.pg_advisory_xact_lock(int(key[:KEY_DIGITS], 16))))


_LOCK_ROLLUPS = select(func.pg_advisory_xact_lock(0x706C616E))


def lock_rollups() -> None:
    """Lock all roll-ups until the transaction ends: writers update the same few cells, in any order.

    SQLite has one writer at a time, so it needs no lock.
    """
    if db.engine.dialect.name == "postgresql":
        db.session.connection().execute(_LOCK_ROLLUPS)
