"""Query the notices of a person, and the due, lost, expired and sent mails of the outbox."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select

from app.db.session import db
from app.messages.domain import (
    DONE,
    LASTING,
    MAIL_KEPT,
    MOST_TRIES,
    OPEN,
    READ_KEPT,
    UNREAD_KEPT,
    MailKind,
    MailState,
    NoticeKind,
)
from app.messages.models import Notice, OutgoingMail

PAGE = 20
# put together once: the frame of every page asks this
_UNREAD = (
    select(func.count()).select_from(Notice).where(Notice.person_id == bindparam("person_id"), Notice.read_at.is_(None))
)


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice as a page shows it; `labels.sentence(kind, facts)` returns its text."""

    id: UUID
    kind: NoticeKind
    facts: Mapping[str, Any]
    path: str
    at: datetime
    unread: bool


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail of the outbox; `sent_at` is the machine's time."""

    id: int
    recipient_id: UUID | None
    invitation_id: UUID | None
    kind: MailKind
    facts: Mapping[str, Any]
    state: MailState
    tries: int
    message_id: str
    sent_at: datetime | None


def with_notices(people: Collection[UUID], occasions: Collection[str]) -> frozenset[tuple[UUID, str]]:
    """Return the people among these who have a notice for one of these occasions, with the occasion."""
    query = select(Notice.person_id, Notice.occasion)
    rows = db.session.execute(query.where(Notice.person_id.in_(people), Notice.occasion.in_(occasions)))
    return frozenset((row[0], row[1]) for row in rows)


def counting_unread(person_id: UUID) -> Select[int]:
    """Return the query of `unread`, for a statement that counts several values at once."""
    return _UNREAD.params(person_id=person_id)


def unread(person_id: UUID) -> int:
    """Return the number of unread notices of a person."""
    return db.session.scalar(_UNREAD, {"person_id": person_id}) or 0


def notices(person_id: UUID, page: int, size: int = PAGE) -> list[NoticeLine]:
    """Return a page (from 1) of a person's notices, the newest first."""
    query = (
        select(Notice)
        .where(Notice.person_id == person_id)
        .order_by(Notice.at.desc(), Notice.id)
        .limit(size)
        .offset((max(page, 1) - 1) * size)
    )
    return [
        NoticeLine(notice.id, notice.kind, _facts(notice.facts), notice.path, notice.at, notice.read_at is None)
        for notice in db.session.scalars(query)
    ]


def count(person_id: UUID) -> int:
    """Return the number of notices of a person."""
    return db.session.scalar(select(func.count()).select_from(Notice).where(Notice.person_id == person_id)) or 0


def was_notified(after: UUID, limit: int) -> list[UUID]:
    """Return the ids of people with notices, in order, after a given id."""
    query = select(Notice.person_id).where(Notice.person_id > after).distinct()
    return list(db.session.scalars(query.order_by(Notice.person_id).limit(limit)))


def outlived_notices(people: Collection[UUID], now: datetime, limit: int) -> list[UUID]:
    """Return the ids of expired notices of these people, using the index of people and times."""
    gone = or_(
        and_(Notice.read_at.is_not(None), Notice.at <= now - READ_KEPT),
        and_(Notice.read_at.is_(None), Notice.at <= now - UNREAD_KEPT),
    )
    addressed = (Notice.person_id.in_(people), Notice.at <= now - READ_KEPT)
    return list(db.session.scalars(select(Notice.id).where(*addressed, gone, Notice.kind.not_in(LASTING)).limit(limit)))


def outlived_mails(*, now: datetime, real_now: datetime, limit: int) -> list[int]:
    """Return the ids of expired mails that were sent or given up, using the index of states and times.

    Deletion causes no repeats: jobs queue mails for occasions of at most a week ago, later occasions have other names.
    """
    sent = or_(OutgoingMail.sent_at.is_(None), OutgoingMail.sent_at <= real_now - MAIL_KEPT)
    query = select(OutgoingMail.id).where(OutgoingMail.state.in_(DONE), OutgoingMail.due_at <= now - MAIL_KEPT, sent)
    return list(db.session.scalars(query.limit(limit)))


@dataclass(frozen=True, slots=True)
class TriedMail:
    """The state of a test mail; `error` is "" unless sending failed."""

    state: MailState
    error: str
    at: datetime


def last_test(person_id: UUID) -> TriedMail | None:
    """Return the last test mail to a person, or None."""
    query = select(OutgoingMail.state, OutgoingMail.last_error, OutgoingMail.made_at).where(
        OutgoingMail.recipient_id == person_id, OutgoingMail.kind == MailKind.TEST
    )
    row = db.session.execute(query.order_by(OutgoingMail.id.desc()).limit(1)).first()
    return TriedMail(*row) if row else None


def due(*, now: datetime, real_now: datetime, limit: int) -> list[int]:
    """Return the ids of mails that are due and not claimed by a sender, oldest first."""
    query = (
        select(OutgoingMail.id)
        .where(OutgoingMail.due_at <= now, OutgoingMail.tries < MOST_TRIES, *sendable(real_now))
        .order_by(OutgoingMail.due_at, OutgoingMail.id)
        .limit(limit)
    )
    return list(db.session.scalars(query))


def lost(real_now: datetime, limit: int) -> list[int]:
    """Return the ids of mails whose last try never ended because its sender was killed."""
    query = select(OutgoingMail.id).where(OutgoingMail.tries >= MOST_TRIES, *sendable(real_now)).limit(limit)
    return list(db.session.scalars(query))


def sendable(real_now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions for mails that are open and not claimed by a sender."""
    rested = or_(OutgoingMail.next_try_at.is_(None), OutgoingMail.next_try_at <= real_now)
    return (OutgoingMail.state.in_(OPEN), rested)


def mail(mail_id: int) -> Mail:
    """Return a mail or raise NoResultFound."""
    return _mail(db.session.get_one(OutgoingMail, mail_id, populate_existing=True))


def facts_of(people: Collection[UUID], occasions: Collection[str]) -> Mapping[UUID, Mapping[str, Mapping[str, Any]]]:
    """Return the facts of the mails to these people for these occasions; people without a mail are left out."""
    query = select(OutgoingMail.recipient_id, OutgoingMail.occasion, OutgoingMail.facts).where(
        OutgoingMail.recipient_id.in_(people), OutgoingMail.occasion.in_(occasions)
    )
    facts_by_person: dict[UUID, dict[str, Mapping[str, Any]]] = {}
    for person_id, occasion, facts in db.session.execute(query):
        if person_id is not None:
            facts_by_person.setdefault(person_id, {})[occasion] = _facts(facts)
    return facts_by_person


def counts() -> Mapping[MailState, int]:
    """Return the number of mails in each state."""
    rows = db.session.execute(select(OutgoingMail.state, func.count()).group_by(OutgoingMail.state)).all()
    return dict.fromkeys(MailState, 0) | {row[0]: row[1] for row in rows}


@dataclass(frozen=True, slots=True)
class OutboxGroup:
    """Mails of the outbox with the same kind, state and error; `oldest_at` is the academy's time."""

    kind: MailKind
    state: MailState
    error: str
    count: int
    oldest_at: datetime
    next_try_at: datetime | None


def outbox_groups() -> list[OutboxGroup]:
    """Return all mails in groups."""
    columns = (OutgoingMail.kind, OutgoingMail.state, OutgoingMail.last_error)
    sums = (func.count(), func.min(OutgoingMail.made_at), func.min(OutgoingMail.next_try_at))
    return [OutboxGroup(*row) for row in db.session.execute(select(*columns, *sums).group_by(*columns))]


def last_sent(limit: int) -> list[Mail]:
    """Return the mails that went out last (in the demonstration: would have gone out), the newest first."""
    query = (
        select(OutgoingMail)
        .where(OutgoingMail.state == MailState.SENT)
        .order_by(OutgoingMail.sent_at.desc(), OutgoingMail.id.desc())
        .limit(limit)
    )
    return [_mail(each) for each in db.session.scalars(query)]


def _mail(row: OutgoingMail) -> Mail:
    return Mail(
        row.id,
        row.recipient_id,
        row.invitation_id,
        row.kind,
        _facts(row.facts),
        row.state,
        row.tries,
        row.message_id,
        row.sent_at,
    )


def _facts(text: str) -> Mapping[str, Any]:
    return msgspec.json.decode(text, type=dict[str, Any])
