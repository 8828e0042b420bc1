"""Indexing identities anew: what is found by a keyed hash is hashed again from what it was made of."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row, Table, bindparam, delete, func, insert, select, text, update

from app.db import blind_index
from app.db.session import db
from app.identity.models import Identity, NameToken
from app.identity.queries.postings import nearest, postings
from app.invitations.models import Invitation
from app.kernel import clock
from app.sign_in.models import OneTimeCode

PORTION = 500
PEOPLE, INVITED, TOKENS = (cast("Table", model.__table__) for model in (Identity, Invitation, NameToken))


def reindex() -> int:
    """Index every identity and invitation anew under the newest key; return how many. In the caller's transaction.

    All at once: a half that is indexed otherwise would not be found, and two people could have one mail address.
    """
    _stop_writers()
    count = 0
    for rows in _portions(PEOPLE, PEOPLE.c.person_id):
        _people(rows)
        count += len(rows)
    for rows in _portions(INVITED, INVITED.c.id):
        _invitations([row for row in rows if row.mail_index])  # one that is over holds nothing to index
        count += len(rows)
    return count


def catch_up() -> int:
    """Index anew what somebody wrote under the old key before they found the new one; return how many."""
    _stop_writers()
    count = 0
    for rows, renew in (
        (_portions(PEOPLE, PEOPLE.c.person_id), _people),
        (_portions(INVITED, INVITED.c.id), _invitations),
    ):
        for portion in rows:
            old = [row for row in portion if row.mail_index and row.mail_index != blind_index.index("mail", row.mail)]
            if old:
                renew(old)
            count += len(old)
    return count


def unindexed() -> int:
    """Return how many identities and open invitations the newest key does not find: not indexed anew, or swapped."""
    people = (row for rows in _portions(PEOPLE, PEOPLE.c.person_id) for row in rows)
    invited = (row for rows in _portions(INVITED, INVITED.c.id) for row in rows if row.mail_index)
    return sum(row.mail_index != blind_index.index("mail", row.mail) for each in (people, invited) for row in each)


def codes_made_before(moment: datetime) -> int:
    """Return how many codes of before this moment still serve: nobody can hash them anew, for nobody knows them."""
    codes = select(func.count()).select_from(OneTimeCode)
    unused = codes.where(OneTimeCode.used_at.is_(None), OneTimeCode.made_at < moment)
    letters = select(func.count()).select_from(Invitation)
    good = letters.where(Invitation.letter_ends_at > clock.real_now(), Invitation.made_at < moment)
    return (db.session.scalar(unused) or 0) + (db.session.scalar(good) or 0)


def _stop_writers() -> None:
    """Let nobody write an identity until the end, and wait for those who do: SQLite has one writer anyway."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("LOCK TABLE identity, invitation, name_token IN SHARE ROW EXCLUSIVE MODE"))


def _portions(table: Table, key: Any) -> Iterator[Sequence[Row[*tuple[Any, ...]]]]:
    """Yield all rows, a portion at a time, in the order of their key."""
    query = select(table).order_by(key).limit(PORTION)
    rows = db.session.execute(query).all()
    while rows:
        yield rows
        rows = db.session.execute(query.where(key > getattr(rows[-1], key.name))).all()


def _people(rows: Sequence[Row[*tuple[Any, ...]]]) -> None:
    served, today = postings([row.person_id for row in rows]), clock.today()
    marks, tokens = [], []
    for row in rows:
        marks.append({"key": row.person_id, **_marks(row)})
        posting = nearest(served.get(row.person_id, []), today)
        words = blind_index.tokens(posting.country if posting else "", row.name, row.latin_name or "")
        tokens += [{"person_id": row.person_id, "token": token} for token in sorted(words)]
    connection = db.session.connection()
    connection.execute(update(PEOPLE).where(PEOPLE.c.person_id == bindparam("key")), marks)
    connection.execute(delete(TOKENS).where(TOKENS.c.person_id.in_([row.person_id for row in rows])))
    if tokens:
        connection.execute(insert(TOKENS), tokens)


def _invitations(rows: Sequence[Row[*tuple[Any, ...]]]) -> None:
    marks = [{"key": row.id, "token_hash": blind_index.index("invitation", row.token), **_marks(row)} for row in rows]
    if marks:
        db.session.connection().execute(update(INVITED).where(INVITED.c.id == bindparam("key")), marks)


def _marks(row: Row[*tuple[Any, ...]]) -> dict[str, str | None]:
    number = row.service_number
    return {
        "mail_index": blind_index.index("mail", row.mail),
        "service_index": blind_index.index("service", number) if number else None,
    }
