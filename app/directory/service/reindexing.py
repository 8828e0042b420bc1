"""Recalculate the blind indexes of identities and invitations with the newest key, for `flask keys`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row, Table, bindparam, delete, insert, text, update

from app.db import blind_index
from app.db.portions import read_portions
from app.db.session import db
from app.identity.models import Identity, NameToken
from app.identity.queries.postings import PostingSpan, nearest, postings
from app.invitations.service import reindexing as invitations
from app.kernel import clock
from app.sign_in.queries import factors

IDENTITIES, TOKENS = (cast("Table", model.__table__) for model in (Identity, NameToken))
Rows = Sequence[Row[*tuple[Any, ...]]]


def reindex() -> int:
    """Index every identity and invitation with the newest key; return their number. In the caller's transaction.

    All at once: rows with an older index would not be found, and two people could have one mail address.
    """
    _lock_tables()
    count = 0
    for rows in read_portions(IDENTITIES, IDENTITIES.c.person_id):
        _index(rows)
        count += len(rows)
    return count + invitations.reindex()


def catch_up() -> int:
    """Index what was written with the old key before all processes had the new one; return the number of rows."""
    _lock_tables()
    count = 0
    for rows in read_portions(IDENTITIES, IDENTITIES.c.person_id):
        outdated = [row for row in rows if row.mail_index and row.mail_index != blind_index.index("mail", row.mail)]
        if outdated:
            _index(outdated)
        count += len(outdated)
    return count + invitations.reindex_outdated()


def unindexed() -> int:
    """Return how many identities and open invitations have an index that is outdated or of another address."""
    identities = (row for rows in read_portions(IDENTITIES, IDENTITIES.c.person_id) for row in rows)
    count: int = sum(row.mail_index != blind_index.index("mail", row.mail) for row in identities)
    return count + invitations.unindexed()


def codes_made_before(moment: datetime) -> int:
    """Return how many codes from before this moment are still valid: only their hashes exist, under the old key."""
    return factors.unused_codes(moment) + invitations.unused_letter_codes(moment)


def _lock_tables() -> None:
    """Lock the tables of identities against other writers until the end; SQLite has a single writer anyway."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("LOCK TABLE identity, invitation, name_token IN SHARE ROW EXCLUSIVE MODE"))


def _index(rows: Rows) -> None:
    spans = postings([row.person_id for row in rows])
    tokens = [token for row in rows for token in _tokens(row, nearest(spans.get(row.person_id, []), clock.today()))]
    indexes = [{"key": row.person_id, **blind_index.contact_indexes(row.mail, row.service_number)} for row in rows]
    connection = db.session.connection()
    connection.execute(update(IDENTITIES).where(IDENTITIES.c.person_id == bindparam("key")), indexes)
    connection.execute(delete(TOKENS).where(TOKENS.c.person_id.in_([row.person_id for row in rows])))
    if tokens:
        connection.execute(insert(TOKENS), tokens)


def _tokens(row: Row[*tuple[Any, ...]], posting: PostingSpan | None) -> list[dict[str, object]]:
    tokens = blind_index.tokens(posting.country if posting else "", row.name, row.latin_name or "")
    return [{"person_id": row.person_id, "token": token} for token in sorted(tokens)]
