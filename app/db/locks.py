"""PostgreSQL advisory locks, for writers that share no row: by key, and one for all rollups.

Pass all keys of a transaction in one call: only keys of one call are sorted, and another order may end in a deadlock.
"""

from sqlalchemy import func, select

from app.db.session import db

KEY_DIGITS = 15  # hexadecimal: 60 bits, which a signed bigint holds


def lock_key(*keys: str) -> None:
    """Lock these keys until the transaction ends, in sorted order; a key is text of hexadecimal digits.

    SQLite has one writer, so it needs no lock. On PostgreSQL, two transactions that count attempts at the same time
    would both find the count below the limit.
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
