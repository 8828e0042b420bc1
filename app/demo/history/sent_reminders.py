"""Reminders of the demonstration: fourteen in all states, to contact points, a supervisor and officers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from app.catalogue.queries import versions
from app.coordination.domain.late import LateKind, LateRule
from app.coordination.domain.reminders import (
    EXPIRY,
    AnswerKind,
    AnswerReason,
    ReminderAnswer,
    ReminderOffice,
    ReminderRecipient,
    ReminderSubject,
)
from app.coordination.service import reminders as service
from app.coordination.service.reminders import NewReminder
from app.demo.history.manual_entries import DemoStaff as Staff
from app.demo.history.timeline import TimedAction

ANSWER_TIME = timedelta(days=14)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SentReminder:
    """A reminder with what became of it. Days count from the first day of the tour (today).

    `course` is the code of the late course, "" for invitations. The default recipient are the contact points.
    """

    country: str
    day: int
    course: str = "M01"
    rule: LateRule = LateRule.CONTACT_POINT
    office: ReminderOffice = ReminderOffice.CONTACT_POINT
    message: str = ""
    opened: int | None = None
    answered: int | None = None
    answer: AnswerKind = AnswerKind.DONE
    done_by: int = 0
    reason: AnswerReason | None = None
    text: str = ""
    resolved: int | None = None
    expires: bool = False


REMINDERS = (
    # Azerbaijan: three without answer
    SentReminder(country="AZ", day=-62, rule=LateRule.MANY_OVERDUE, expires=True),
    SentReminder(country="AZ", day=-40, rule=LateRule.MANY_OVERDUE, expires=True),
    SentReminder(country="AZ", day=-11, rule=LateRule.MANY_OVERDUE, message="Please call if you need help."),
    SentReminder(
        country="BD", day=-18, course="", rule=LateRule.INVITATIONS, opened=-17, answered=-16,
        answer=AnswerKind.DONE_BY, done_by=14,
    ),
    SentReminder(country="BD", day=-29, opened=-28),
    SentReminder(
        country="PK", day=-14, opened=-13, answered=-12, answer=AnswerKind.NOT_POSSIBLE,
        reason=AnswerReason.WRONG_LIST, text="The list of May names officers who moved to another service.",
    ),
    SentReminder(country="BG", day=-50, opened=-49, answered=-47, resolved=-45),
    SentReminder(country="RS", day=-6, opened=-5, message="Lesson 5 seems to be hard for many."),
    SentReminder(country="HU", day=-3),
    SentReminder(
        country="BA", day=-12, opened=-11, answered=-10, answer=AnswerKind.DONE_BY, done_by=3,
    ),
    SentReminder(country="AT", day=-33, opened=-30, expires=True),
    SentReminder(country="IQ", day=-5, rule=LateRule.SUPERVISOR, office=ReminderOffice.SUPERVISOR),
    SentReminder(
        country="IQ", day=-30, rule=LateRule.SUPERVISOR, office=ReminderOffice.OFFICER, opened=-29, answered=-28,
        resolved=-26,
    ),
    SentReminder(country="IQ", day=-4, course="M02", rule=LateRule.OFFICER, office=ReminderOffice.OFFICER, opened=-3),
)  # fmt: skip


def actions(staff: Staff) -> Iterator[TimedAction]:
    """Return the reminders and what became of them."""
    for sent in REMINDERS:
        yield from _steps(staff, sent)


def _steps(staff: Staff, sent: SentReminder) -> Iterator[TimedAction]:
    to = _recipient(staff, sent)
    is_office = to.office is ReminderOffice.CONTACT_POINT
    if not is_office and to.person_id is None:
        return  # a demonstration with few people has no such officer
    sender = staff.staff["Coordinator 1"] if is_office else staff.contacts[sent.country]
    recipient = staff.contacts[sent.country] if to.person_id is None else to.person_id
    ids: list[UUID] = []
    at = staff.at(sent.day)
    yield TimedAction(at, sender, lambda: ids.extend(_send(sent, to, sender, at)))
    if sent.opened is not None:
        opened = staff.at(sent.opened)
        yield TimedAction(opened, recipient, lambda: service.open_once(ids[0], opened))
    if sent.answered is not None:
        answered, answer = staff.at(sent.answered), _answer(staff, sent)
        yield TimedAction(answered, recipient, lambda: service.answer(ids[0], answer, by=recipient, now=answered))
    yield from _end(staff, sent, ids)


def _end(staff: Staff, sent: SentReminder, ids: list[UUID]) -> Iterator[TimedAction]:
    if sent.resolved is not None:
        resolved = staff.at(sent.resolved)
        yield TimedAction(resolved, None, lambda: service.end_some(ids, (), resolved))
    if sent.expires:
        expired = staff.at(sent.day) + ANSWER_TIME + EXPIRY + DAY
        yield TimedAction(expired, None, partial(service.end_some, (), ids, expired))


def _recipient(staff: Staff, sent: SentReminder) -> ReminderRecipient:
    person_id = None
    if sent.office is ReminderOffice.SUPERVISOR:
        person_id = staff.staff["Supervisor 1"]
    if sent.office is ReminderOffice.OFFICER:
        person_id = staff.officer(sent.country, "first_responder", staff.at(sent.day))
    return ReminderRecipient(office=sent.office, country=sent.country, person_id=person_id)


def _send(sent: SentReminder, to: ReminderRecipient, by: UUID, at: datetime) -> list[UUID]:
    cells = {record.code: str(record.id) for record in versions.course_records()}
    kind = LateKind.COURSE if sent.course else LateKind.INVITATIONS
    subject = ReminderSubject(kind, cells[sent.course] if sent.course else "", sent.rule)
    new = NewReminder(recipient=to, subjects=[subject], wanted_by=(at + ANSWER_TIME).date(), message=sent.message)
    return list(service.send_each([new], by=by, now=at).ids)


def _answer(staff: Staff, sent: SentReminder) -> ReminderAnswer:
    by = staff.now.date() + timedelta(days=sent.done_by) if sent.answer is AnswerKind.DONE_BY else None
    return ReminderAnswer(kind=sent.answer, by=by, reason=sent.reason, text=sent.text)
