"""Queue, claim, settle and delete notices and mails: one for an occasion and person, however often requested."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID, uuid4

import msgspec
from sqlalchemy import delete, func, or_, select, update

from app.db.base import table_of
from app.db.session import Buffer, changed_rows, db, record
from app.db.upsert import insert_ignore
from app.messages import domain, queries
from app.messages.domain import MOST_TRIES, MailKind, MailState, NoticeKind, NoticeResult, Refusal
from app.messages.events import MailFailed, MailSent, MailsRetried
from app.messages.models import Notice, OutgoingMail

NO_FACTS: Mapping[str, object] = {}
PORTION = 500  # invitations a statement
LOST = Refusal("the last try never ended", for_good=True)


def notify(
    person_id: UUID,
    kind: NoticeKind,
    *,
    occasion: str,
    facts: Mapping[str, object] = NO_FACTS,
    path: str,
    now: datetime,
) -> bool:
    """Create a notice for a person; return False and do nothing if the person has one for the occasion.

    `facts` are the plain values that the kind's text needs; `path` is a path of this site.
    """
    row = {"person_id": person_id, "occasion": occasion, "kind": kind, "facts": _json(facts), "path": path, "at": now}
    return _insert_once(Notice, row)


def tell_all(
    people: Iterable[UUID],
    kind: NoticeKind,
    *,
    occasion: str,
    facts: Mapping[str, object] = NO_FACTS,
    path: str,
    now: datetime,
) -> None:
    """Create the same notice for many people; skip people who have one for the occasion."""
    row = {"occasion": occasion, "kind": kind, "facts": _json(facts), "path": path, "at": now}
    rows = [row | {"id": uuid4(), "person_id": person_id} for person_id in people]
    if rows:
        db.session.execute(insert_ignore(Notice), rows)


def mail(
    recipient_id: UUID,
    kind: MailKind,
    *,
    occasion: str,
    facts: Mapping[str, object] = NO_FACTS,
    due_at: datetime,
    now: datetime,
) -> bool:
    """Queue a mail; return False and do nothing if the recipient has one for the occasion."""
    row = _mail_row(kind, occasion, recipient_id, facts, due_at=due_at, now=now)
    return _insert_once(OutgoingMail, row | {"recipient_id": recipient_id})


def mail_all(
    people: Iterable[UUID], kind: MailKind, *, occasion: str, facts: Mapping[str, object] = NO_FACTS, now: datetime
) -> None:
    """Queue the same mail for many people, due at once; once for an occasion and person."""
    mail_each([NewMail(person_id, occasion, facts) for person_id in people], kind, now)


@dataclass(frozen=True, slots=True)
class NewMail:
    """Recipient, occasion and facts of a mail."""

    recipient_id: UUID
    occasion: str
    facts: Mapping[str, object]


def mail_each(letters: Sequence[NewMail], kind: MailKind, now: datetime) -> int:
    """Queue mails of a kind, due at once, once for an occasion and person; return the number of new mails.

    Mails that existed before are not counted.
    """
    rows = [
        _mail_row(kind, letter.occasion, letter.recipient_id, letter.facts, due_at=now, now=now)
        | {"recipient_id": letter.recipient_id}
        for letter in letters
    ]
    if not rows:
        return 0
    return len(db.session.scalars(insert_ignore(OutgoingMail).returning(OutgoingMail.id), rows).all())


def mail_invitation(invitation_id: UUID, number: int, *, due_at: datetime, now: datetime) -> None:
    """Queue the mail with an invitation's link; `number` counts the mails of this invitation.

    The mails of one transaction are written together at its end, because a sheet can have thousands.
    """
    row = _mail_row(MailKind.INVITATION, f"invitation {number}", invitation_id, NO_FACTS, due_at=due_at, now=now)
    _LINKS.add(row | {"invitation_id": invitation_id})


def _mail_row(
    kind: MailKind, occasion: str, to: UUID, facts: Mapping[str, object], *, due_at: datetime, now: datetime
) -> dict[str, object]:
    """Return the columns of a new mail to a person or invitation, without the recipient."""
    return {
        "occasion": occasion,
        "kind": kind,
        "facts": _json(facts),
        "due_at": due_at,
        "made_at": now,
        "state": MailState.QUEUED,
        "message_id": domain.message_id(occasion, to),
    }


def mark_all_read(person_id: UUID, now: datetime) -> int:
    """Mark a person's notices as read; return how many were unread."""
    unread = update(Notice).where(Notice.person_id == person_id, Notice.read_at.is_(None))
    return _changed(unread.values(read_at=now))


def settle_notices(occasion: str, became: NoticeResult, now: datetime, *, path: str = "", over_as: str = "") -> None:
    """Settle the notices of an occasion: they show the result instead of the request, and count as read.

    `path` replaces the link if its page no longer exists; `over_as` renames the occasion, so that it can occur again.
    """
    values = _settled(became, now)
    if path:
        values["path"] = path
    if over_as:
        values["occasion"] = over_as
    _changed(update(Notice).where(Notice.occasion == occasion).values(values))


def settle_open(people: Collection[UUID], kind: NoticeKind, path: str, became: NoticeResult, now: datetime) -> None:
    """Settle the notices of a kind and path to these people, read ones included."""
    asked = (Notice.person_id.in_(people), Notice.kind == kind, Notice.path == path)
    _changed(update(Notice).where(*asked).values(_settled(became, now)))


def _settled(became: NoticeResult, now: datetime) -> dict[str, object]:
    return {"facts": _json({"became": became}), "read_at": func.coalesce(Notice.read_at, now)}


def delete_notices(occasions: Collection[str]) -> None:
    """Delete the notices of occasions that were undone."""
    _changed(delete(Notice).where(Notice.occasion.in_(occasions)))


def remove_notices(notices: Collection[UUID]) -> int:
    """Delete expired notices; return their number."""
    return _changed(delete(Notice).where(Notice.id.in_(notices)))


def remove_mails(mails: Collection[int]) -> int:
    """Delete expired mails, never one that may still be sent; return their number."""
    return _changed(delete(OutgoingMail).where(OutgoingMail.id.in_(mails), OutgoingMail.state.in_(domain.DONE)))


def without_unread(people: Collection[UUID], kind: NoticeKind) -> list[UUID]:
    """Return the people who have no unread notice of a kind."""
    unread = (Notice.person_id.in_(people), Notice.kind == kind, Notice.read_at.is_(None))
    waiting = set(db.session.scalars(select(Notice.person_id).where(*unread)))
    return sorted(set(people) - waiting)


def delete_unsent(invitations: Sequence[UUID], real_now: datetime) -> None:
    """Delete the unsent mails of invitations; a mail that a sender has claimed is deleted by the sender."""
    for start in range(0, len(invitations), PORTION):
        some = invitations[start : start + PORTION]
        unsent = delete(OutgoingMail).where(OutgoingMail.invitation_id.in_(some), *queries.sendable(real_now))
        _changed(unsent)


def discard_mail(mail_id: int) -> None:
    """Delete a mail that is no longer needed."""
    _changed(delete(OutgoingMail).where(OutgoingMail.id == mail_id, OutgoingMail.state.in_(domain.OPEN)))


def delete_mail(recipient_id: UUID, invitations: Collection[UUID]) -> int:
    """Delete the mails to a person, and those of the invitations of the person; return their number."""
    to = or_(OutgoingMail.recipient_id == recipient_id, OutgoingMail.invitation_id.in_(invitations))
    return _changed(delete(OutgoingMail).where(to))


def claim(mail_id: int, real_now: datetime) -> bool:
    """Claim a mail for a try; return False if another sender has it, or it needs no more tries or is deleted.

    One conditional statement, so that only one of several senders gets it. If the sender dies, the claim ends after the
    pause.
    """
    row = db.session.get(OutgoingMail, mail_id, populate_existing=True)
    if row is None:
        return False
    conditions = (OutgoingMail.id == mail_id, OutgoingMail.tries == row.tries, OutgoingMail.tries < MOST_TRIES)
    tries = row.tries + 1
    taken = update(OutgoingMail).where(*conditions, *queries.sendable(real_now))
    return _changed(taken.values(tries=tries, next_try_at=domain.next_try(tries, real_now))) == 1


def hand_back(mail_id: int) -> None:
    """Undo the claim of a mail that could not be tried: a missing key of this site does not count as a try."""
    row = queries.mail(mail_id)
    before = row.tries - 1
    taken = update(OutgoingMail).where(OutgoingMail.id == mail_id, OutgoingMail.tries == row.tries)
    _changed(taken.values(tries=before, next_try_at=OutgoingMail.next_try_at if before else None))


def record_sent(mail_id: int, real_now: datetime) -> None:
    """Record that the mail server accepted a mail; do nothing if another sender has recorded it."""
    row = queries.mail(mail_id)
    unsent = update(OutgoingMail).where(OutgoingMail.id == mail_id, OutgoingMail.state != MailState.SENT)
    if _changed(unsent.values(state=MailState.SENT, sent_at=real_now, last_error="")):
        to, invited = row.recipient_id, row.invitation_id
        record(MailSent(mail_id=mail_id, recipient_id=to, invitation_id=invited, kind=row.kind))


def record_refusal(mail_id: int, refusal: Refusal) -> None:
    """Record a failed try, and give the mail up after the last try or if another try would not help."""
    row = queries.mail(mail_id)
    state = domain.after_refusal(row.tries, refusal)
    still_open = update(OutgoingMail).where(OutgoingMail.id == mail_id, OutgoingMail.state.in_(domain.OPEN))
    changed = _changed(still_open.values(state=state, last_error=refusal.reason))
    if changed and state is MailState.GIVEN_UP:
        to, invited = row.recipient_id, row.invitation_id
        record(
            MailFailed(mail_id=mail_id, recipient_id=to, invitation_id=invited, kind=row.kind, reason=refusal.reason)
        )


def retry_given_up() -> int:
    """Queue all mails that were given up again, as if they had never been tried; return their number.

    A mail whose link or invitation has ended is given up once more.
    """
    given_up = update(OutgoingMail).where(OutgoingMail.state == MailState.GIVEN_UP)
    count = _changed(given_up.values(state=MailState.QUEUED, tries=0, next_try_at=None, last_error=""))
    if count:
        record(MailsRetried(count=count))
    return count


def _write_links(rows: list[dict[str, object]]) -> None:
    db.session.connection().execute(insert_ignore(OutgoingMail.__table__), rows)


_LINKS = Buffer(_write_links)


def _json(facts: Mapping[str, object]) -> str:
    return msgspec.json.encode(facts, order="deterministic").decode()


def _insert_once(model: type[Notice | OutgoingMail], row: Mapping[str, object]) -> bool:
    return db.session.connection().execute(_telling(model, db.engine.dialect.name), row).first() is not None


@cache
def _telling(model: type[Notice | OutgoingMail], dialect: str) -> Any:
    """Return the cached statement that inserts a row once and returns its id."""
    table = table_of(model)
    return insert_ignore(table, dialect=dialect).returning(table.c.id)


def _changed(statement: Any) -> int:
    # rows in the session are stale now; callers that need them load them again
    return changed_rows(statement.execution_options(synchronize_session=False))
