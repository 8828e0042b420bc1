"""Recalculate blind indexes of invitations under the newest key; `directory.service.reindexing` locks the table."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row, Table, bindparam, func, select, update

from app.db import blind_index
from app.db.portions import read_portions
from app.db.session import db
from app.invitations.models import Invitation
from app.kernel import clock

TABLE = cast("Table", Invitation.__table__)
Rows = Sequence[Row[*tuple[Any, ...]]]


def reindex() -> int:
    """Index every invitation with the newest key; return the number of invitations, closed ones included."""
    count = 0
    for rows in read_portions(TABLE, TABLE.c.id):
        _index([row for row in rows if row.mail_index])  # a closed invitation has nothing to index
        count += len(rows)
    return count


def reindex_outdated() -> int:
    """Index the invitations that an older key indexed; return their number."""
    count = 0
    for rows in read_portions(TABLE, TABLE.c.id):
        outdated = [row for row in rows if row.mail_index and row.mail_index != blind_index.index("mail", row.mail)]
        _index(outdated)
        count += len(outdated)
    return count


def unindexed() -> int:
    """Return the number of open invitations that the newest key does not find."""
    return sum(row.mail_index != blind_index.index("mail", row.mail) for row in _open_invitations())


def unused_letter_codes(made_before: datetime) -> int:
    """Return how many valid letters belong to invitations that were created before this moment."""
    query = select(func.count()).select_from(Invitation)
    valid = query.where(Invitation.letter_ends_at > clock.real_now(), Invitation.made_at < made_before)
    return db.session.scalar(valid) or 0


def _open_invitations() -> Iterator[Row[*tuple[Any, ...]]]:
    for rows in read_portions(TABLE, TABLE.c.id):
        yield from (row for row in rows if row.mail_index)


def _index(rows: Rows) -> None:
    values = [
        {
            "key": row.id,
            "token_hash": blind_index.index("invitation", row.token),
            **blind_index.contact_indexes(row.mail, row.service_number),
        }
        for row in rows
    ]
    if values:
        db.session.connection().execute(update(TABLE).where(TABLE.c.id == bindparam("key")), values)
