"""Read reminders: those to a user, the log, earlier ones of a row, near dates for mails, those that may have ended."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.exc import NoResultFound

from app.access.policy import Action, Actor, Role, allows, own_scope
from app.coordination.domain.late import LateKind
from app.coordination.domain.reminders import (
    LIVE,
    OPEN,
    EarlierReminder,
    ReminderOffice,
    ReminderRecipient,
    ReminderState,
    ReminderSubject,
)
from app.coordination.models import Reminder, ReminderRow
from app.coordination.shapes import AskedDate, ReminderLine
from app.db.session import db
from app.identity.queries import roles

Key = tuple[LateKind, str]
Earlier = Mapping[tuple[str | UUID, LateKind, str], Sequence[EarlierReminder]]
_COLUMNS = (
    Reminder.id,
    Reminder.office,
    Reminder.country,
    Reminder.recipient_id,
    Reminder.sender_id,
    Reminder.sent_at,
    Reminder.wanted_by,
    Reminder.request_text.label("message"),
    Reminder.state,
    Reminder.opened_at,
    Reminder.answer,
    Reminder.answer_on,
    Reminder.answer_reason,
    Reminder.answer_text,
    Reminder.answered_at,
    Reminder.ended_at,
)


def received(actor: Actor, *, size: int) -> list[ReminderLine]:
    """Return the newest reminders to the actor, or to the contact points of the own country."""
    query = select(*_COLUMNS).where(_to(actor)).order_by(Reminder.sent_at.desc(), Reminder.id).limit(size)
    return _lines(query)


def visible(actor: Actor, reminder_id: UUID) -> ReminderLine:
    """Return a reminder to the actor or the actor's office, or raise NoResultFound."""
    lines = _lines(select(*_COLUMNS).where(Reminder.id == reminder_id))
    if not lines or not allows(actor, Action.ANSWER_REMINDER, lines[0]):
        raise NoResultFound
    return lines[0]


def log(actor: Actor, *, state: ReminderState | None = None, offset: int, size: int) -> list[ReminderLine]:
    """Return the reminders of the actor's log, the newest first."""
    query = select(*_COLUMNS).where(*_logged(actor, state)).order_by(Reminder.sent_at.desc(), Reminder.id)
    return _lines(query.offset(offset).limit(size))


def count(actor: Actor, *, state: ReminderState | None = None) -> int:
    """Return how many reminders are in the actor's log."""
    return db.session.scalar(select(func.count()).select_from(Reminder).where(*_logged(actor, state))) or 0


def earlier(*, countries: Collection[str] = (), people: Collection[UUID] = ()) -> Earlier:
    """Return the earlier reminders by recipient and row: of contact points by country, or of these people."""
    chosen = Reminder.recipient_id.in_(people) if people else Reminder.recipient_id.is_(None)
    recipient = Reminder.recipient_id if people else Reminder.country
    columns = (recipient, ReminderRow.kind, ReminderRow.cell, Reminder.sender_id, Reminder.sent_at, Reminder.state)
    query = select(*columns).join(ReminderRow, ReminderRow.reminder_id == Reminder.id).where(chosen)
    if countries:
        query = query.where(Reminder.country.in_(countries))
    sent: dict[tuple[str | UUID, LateKind, str], list[EarlierReminder]] = defaultdict(list)
    rows: Iterable[Any] = db.session.execute(query.order_by(Reminder.sent_at))
    for to, kind, cell, sender_id, sent_at, state in rows:
        sent[to, kind, cell].append(EarlierReminder(sender_id, sent_at, state))
    return sent


def earlier_to(recipient: ReminderRecipient, subjects: Collection[ReminderSubject]) -> Earlier:
    """Return the earlier reminders of these rows to a recipient."""
    if recipient.person_id is not None:
        sent = earlier(people=[recipient.person_id])
    else:
        sent = earlier(countries=[recipient.country])
    wanted = {subject.key for subject in subjects}
    return {key: reminders for key, reminders in sent.items() if (key[1], key[2]) in wanted}


def by_country() -> dict[str, list[EarlierReminder]]:
    """Return the reminders to the contact points by country, each once."""
    query = select(Reminder.country, Reminder.sender_id, Reminder.sent_at, Reminder.state)
    sent: dict[str, list[EarlierReminder]] = defaultdict(list)
    rows = db.session.execute(query.where(Reminder.office == ReminderOffice.CONTACT_POINT))
    for country, sender_id, sent_at, state in rows:
        sent[country].append(EarlierReminder(sender_id, sent_at, state))
    return sent


def sent_with(submission: str) -> UUID | None:
    """Return the reminder that a form sent to a recipient, or None."""
    return db.session.scalar(select(Reminder.id).where(Reminder.submission == submission))


def recipients(line: ReminderRecipient | ReminderLine, today: date) -> list[UUID]:
    """Return the people who answer a reminder."""
    person_id = line.person_id
    return [person_id] if person_id is not None else roles.offices(Role.CONTACT_POINT, today).get(line.country, [])


def people_asked(days: tuple[date, date], today: date, after: UUID | None, size: int) -> list[UUID]:
    """Return the next people by id with a reminder, sent or received, whose date is between these days."""
    people = {asked.person_id for asked in _asked(Reminder.wanted_by.between(*days), today)}
    return sorted(person_id for person_id in people if after is None or person_id > after)[:size]


def asked(people: Collection[UUID], days: tuple[date, date], today: date) -> list[AskedDate]:
    """Return the dates between these days that reminders ask of these people, or for which they got answers."""
    wanted = set(people)
    return [asked for asked in _asked(Reminder.wanted_by.between(*days), today) if asked.person_id in wanted]


def open_counts(people: Collection[UUID], today: date) -> dict[UUID, int]:
    """Return how many reminders wait for an answer, by person; people without one are left out."""
    wanted, counts = set(people), dict[UUID, int]()
    for date_asked in _asked(Reminder.state.in_(OPEN), today):
        if date_asked.person_id in wanted:
            counts[date_asked.person_id] = counts.get(date_asked.person_id, 0) + 1
    return counts


def live_page(after: UUID | None, size: int) -> list[ReminderLine]:
    """Return the next reminders by id that may be resolved or expire."""
    query = select(*_COLUMNS).where(Reminder.state.in_(LIVE)).order_by(Reminder.id).limit(size)
    return _lines(query.where(Reminder.id > after) if after is not None else query)


def lock(reminder_id: UUID) -> Reminder:
    """Lock a reminder until the transaction ends and return it, or raise NoResultFound."""
    query = select(Reminder).where(Reminder.id == reminder_id).with_for_update()
    return db.session.scalars(query.execution_options(populate_existing=True)).one()


def tasks(actor: Actor) -> Mapping[str, Select[Any]]:
    """Return the queries that count the reminders that wait for an answer of the actor, and their nearest date."""
    waiting = (Reminder.state.in_(OPEN), _to(actor))
    return {
        "reminders": select(func.count()).select_from(Reminder).where(*waiting),
        "reminders_by": select(func.min(Reminder.wanted_by)).where(*waiting),
    }


def _asked(condition: ColumnElement[bool], today: date) -> list[AskedDate]:
    """Return the dates of reminders that wait for an answer, and of answered ones for their senders."""
    columns = (Reminder.id, Reminder.recipient_id, Reminder.sender_id, Reminder.wanted_by, Reminder.country)
    query = select(*columns, Reminder.office, Reminder.state)
    rows = db.session.execute(query.where(condition, Reminder.state.in_(LIVE)).order_by(Reminder.id)).all()
    offices = roles.offices(Role.CONTACT_POINT, today) if any(row.recipient_id is None for row in rows) else {}
    return [date_asked for row in rows for date_asked in _dates_of(row, offices)]


def _dates_of(row: Any, offices: Mapping[str, Sequence[UUID]]) -> list[AskedDate]:
    """Return the date of a reminder for each person of its office, or for its sender once it is answered."""
    office_people = offices.get(row.country, []) if row.recipient_id is None else [row.recipient_id]
    is_answered = row.state is ReminderState.ANSWERED
    people, office = ([row.sender_id], None) if is_answered else (office_people, row.office)
    values = {"reminder_id": row.id, "wanted_by": row.wanted_by, "country": row.country, "office": office}
    return [AskedDate(person_id=person_id, **values) for person_id in people]


def _lines(query: Select[*tuple[Any, ...]]) -> list[ReminderLine]:
    lines = [ReminderLine(**row) for row in db.session.execute(query).mappings()]
    rows = select(ReminderRow.reminder_id, ReminderRow.kind, ReminderRow.cell, ReminderRow.rule)
    ids = [line.id for line in lines]
    subjects: dict[UUID, list[ReminderSubject]] = defaultdict(list)
    for reminder_id, kind, cell, rule in (
        db.session.execute(rows.where(ReminderRow.reminder_id.in_(ids))) if ids else ()
    ):
        subjects[reminder_id].append(ReminderSubject(kind, cell, rule))
    return [replace(line, subjects=sorted(subjects[line.id])) for line in lines]


def _to(actor: Actor) -> ColumnElement[bool]:
    """Return the SQL twin of ANSWER_REMINDER."""
    own = Reminder.recipient_id == actor.id
    if not allows(actor, Action.SEE_OWN_COUNTRY, own_scope(actor)):
        return own
    return or_(own, and_(Reminder.office == ReminderOffice.CONTACT_POINT, Reminder.country == actor.country))


def _logged(actor: Actor, state: ReminderState | None) -> list[ColumnElement[bool]]:
    """Return the conditions of the log: to all contact points for a coordinator, else of the own country, else own."""
    if allows(actor, Action.SEE_LATE):
        scope = or_(Reminder.office == ReminderOffice.CONTACT_POINT, Reminder.sender_id == actor.id)
    elif allows(actor, Action.SEE_OWN_COUNTRY, own_scope(actor)):
        scope = Reminder.country == actor.country
    else:
        scope = Reminder.sender_id == actor.id
    return [scope] if state is None else [scope, Reminder.state == state]
