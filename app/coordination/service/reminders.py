"""Use cases of reminders: send, open, answer, resolve, expire."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from app.access.targets import Target
from app.coordination.domain import reminders as rules
from app.coordination.domain.reminders import (
    ReminderAnswer,
    ReminderOffice,
    ReminderRecipient,
    ReminderState,
    ReminderSubject,
)
from app.coordination.events import ReminderAnswered, ReminderEnded, ReminderSeen, ReminderSent
from app.coordination.models import Reminder, ReminderRow
from app.coordination.queries import reminders as queries
from app.db.locks import lock_key
from app.db.session import db, record
from app.kernel.errors import DomainError
from app.messages.domain import NoticeKind
from app.messages.service import outbox
from app.ports import ports


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReminder:
    """One message to a recipient, about one row or several."""

    recipient: ReminderRecipient
    subjects: Sequence[ReminderSubject]
    wanted_by: date
    message: str = ""


@dataclass(frozen=True, slots=True)
class SentReminders:
    """The reminders of a form, and how many recipients were left out: reminded within a week, or an empty office."""

    ids: Sequence[UUID]
    left_out: int


def send_each(reminders: Collection[NewReminder], *, by: UUID, now: datetime, submission: str = "") -> SentReminders:
    """Send one message to each recipient; the same form sent again returns the first result.

    Rows that the sender reminded of within 7 days, or three times without answer, are left out.
    Raises DomainError without a row, for a date that does not fit or a long message.
    """
    if not reminders:
        raise DomainError("Choose at least one row that is still late.")
    lock_key(hashlib.sha256(f"reminders {by}".encode()).hexdigest())
    ids = [_send(new, by=by, now=now, submission=submission) for new in reminders]
    sent = [reminder_id for reminder_id in ids if reminder_id is not None]
    return SentReminders(sent, len(ids) - len(sent))


def open_once(reminder_id: UUID, now: datetime) -> None:
    """Note that the recipient opened a reminder; do nothing if that is noted already."""
    reminder = queries.lock(reminder_id)
    if reminder.state is ReminderState.SENT:
        reminder.state, reminder.opened_at = ReminderState.SEEN, now
        record(ReminderSeen(at=now, reminder_id=reminder.id, office=reminder.office, country=reminder.country))


def answer(reminder_id: UUID, new: ReminderAnswer, *, by: UUID, now: datetime) -> None:
    """Answer a reminder and notify its sender.

    Raises IllegalMoveError if no answer is wanted any more, DomainError for a missing date or reason.
    """
    reminder = queries.lock(reminder_id)
    checked = rules.check_answer(reminder.state, new, now.date())
    reminder.state, reminder.answer = ReminderState.ANSWERED, checked.kind
    reminder.answer_on, reminder.answer_reason, reminder.answer_text = checked.by, checked.reason, checked.text
    reminder.answered_by, reminder.answered_at, reminder.opened_at = by, now, reminder.opened_at or now
    path = ports().path_to(Target.REMINDERS_SENT)
    outbox.notify(reminder.sender_id, NoticeKind.REMINDER_ANSWERED, occasion=_answered(reminder_id), path=path, now=now)
    record(
        ReminderAnswered(
            at=now,
            reminder_id=reminder.id,
            office=reminder.office,
            country=reminder.country,
            answer=checked.kind,
        )
    )


def end_some(resolved: Collection[UUID], expired: Collection[UUID], now: datetime) -> int:
    """End reminders whose rows are no longer late, and those without answer; return how many ended now."""
    return sum(
        _end(reminder_id, state, now)
        for ids, state in ((resolved, ReminderState.RESOLVED), (expired, ReminderState.EXPIRED))
        for reminder_id in sorted(ids)
    )


def _send(new: NewReminder, *, by: UUID, now: datetime, submission: str) -> UUID | None:
    message = rules.check_new(new.wanted_by, new.message, now.date())
    digest = _digest(submission, by, new.recipient)
    if digest is not None and (first := queries.sent_with(digest)) is not None:
        return first
    subjects, people = _allowed(new, by, now), queries.recipients(new.recipient, now.date())
    if not subjects or not people:
        return None
    reminder = _row(new, message, by=by, now=now, digest=digest)
    db.session.add(reminder)
    db.session.flush()
    db.session.add_all(
        ReminderRow(reminder_id=reminder.id, kind=subject.kind, cell=subject.cell, rule=subject.rule)
        for subject in subjects
    )
    _notify(reminder, people, now)
    return reminder.id


def _allowed(new: NewReminder, by: UUID, now: datetime) -> list[ReminderSubject]:
    """Return the rows that the sender may remind of now, each once."""
    to = new.recipient.person_id or new.recipient.country
    earlier = queries.earlier_to(new.recipient, new.subjects)
    subjects = {subject.key: subject for subject in new.subjects}
    limits = {key: rules.limit_of(earlier.get((to, *key), ()), by, now) for key in subjects}
    return [subject for key, subject in subjects.items() if limits[key] is None]


def _row(new: NewReminder, message: str, *, by: UUID, now: datetime, digest: str | None) -> Reminder:
    return Reminder(
        id=uuid4(),
        office=new.recipient.office,
        country=new.recipient.country,
        recipient_id=new.recipient.person_id,
        sender_id=by,
        sent_at=now,
        wanted_by=new.wanted_by,
        request_text=message,
        state=ReminderState.SENT,
        answer_text="",
        submission=digest,
    )


def _notify(reminder: Reminder, people: Collection[UUID], now: datetime) -> None:
    kind = NoticeKind.DATE_ASKED if reminder.office is ReminderOffice.OFFICER else NoticeKind.ANSWER_ASKED
    outbox.tell_all(
        people,
        kind,
        occasion=f"reminder {reminder.id}",
        facts={"by": reminder.wanted_by.isoformat()},
        path=ports().path_to(Target.REMINDER, reminder.id),
        now=now,
    )
    record(
        ReminderSent(
            at=now,
            reminder_id=reminder.id,
            office=reminder.office,
            country=reminder.country,
            wanted_by=reminder.wanted_by,
        )
    )


def _end(reminder_id: UUID, state: ReminderState, now: datetime) -> bool:
    reminder = queries.lock(reminder_id)
    fits = rules.LIVE if state is ReminderState.RESOLVED else rules.OPEN
    if reminder.state not in fits:
        return False
    reminder.state, reminder.ended_at = state, now
    office, country = reminder.office, reminder.country
    record(ReminderEnded(at=now, reminder_id=reminder_id, office=office, country=country, state=state))
    return True


def _answered(reminder_id: UUID) -> str:
    return f"reminder answered {reminder_id}"


def _digest(submission: str, by: UUID, recipient: ReminderRecipient) -> str | None:
    """Return the mark of a form and a recipient, by which a second press finds the first result."""
    return hashlib.sha256(repr((submission, by, recipient)).encode()).hexdigest() if submission else None
