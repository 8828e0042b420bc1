"""Set the day of a follow-up, open it, take the answers of participants and supervisors, remind, and close it."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import select

from app.access.targets import Target
from app.db.session import db, record
from app.identity.queries import roles as accounts
from app.kernel.errors import DomainError
from app.messages.domain import NoticeKind
from app.messages.service import outbox as messages
from app.ports import ports
from app.rights.queries import supervision
from app.workshops.domain import follow_up, times
from app.workshops.domain.follow_up import ChangeSeen, FollowUpAnswers, FollowUpState
from app.workshops.events.afterwards import FollowUpAnswered, FollowUpClosed, FollowUpOpened, FollowUpPlanned
from app.workshops.models import FollowUp, Workshop
from app.workshops.queries import report_figures
from app.workshops.service.store import afterwards as store, locking


def plan_follow_up(workshop_id: UUID, day: date, *, by: UUID, now: datetime) -> None:
    """Set the day on which the follow-up opens: three to six months after the event, and not in the past."""
    workshop = locking.lock_workshop(workshop_id)
    row = store.afterwards(workshop_id)
    if row.follow_up_opened_on is not None:
        raise DomainError("The follow-up of this event has begun.")
    if not follow_up.is_possible(day, workshop.last_day) or day < now.date():
        raise DomainError("Choose a day three to six months after the event.")
    row.follow_up_on = day
    record(FollowUpPlanned(at=now, actor_id=by, workshop_id=workshop_id, day=day))


def open_follow_up(workshop_id: UUID, now: datetime) -> int:
    """Ask those who attended, and their supervisors, on the day of the follow-up; return how many officers are asked.

    Without an officer who still serves, the follow-up is closed at once.
    """
    workshop = locking.lock_workshop(workshop_id)
    row = store.afterwards(workshop_id)
    day = row.follow_up_on or follow_up.first_day(workshop.last_day)
    if row.follow_up_opened_on is not None or now < times.start_of(day, workshop.time_zone):
        return 0
    present = report_figures.present([workshop_id]).get(workshop_id, set())
    officers = sorted(accounts.practitioners(sorted(present), now.date())) if present else []
    row.follow_up_opened_on = now.date()
    rows = [_follow_up(workshop_id, person_id, now.date()) for person_id in officers]
    db.session.add_all(rows)
    db.session.flush()
    _notify(workshop, rows, 0, now)
    record(FollowUpOpened(at=now, workshop_id=workshop_id, asked=len(rows)))
    if not rows:
        row.follow_up_closed_on = now.date()
        record(FollowUpClosed(at=now, workshop_id=workshop_id, unanswered=0))
    return len(rows)


def _follow_up(workshop_id: UUID, person_id: UUID, today: date) -> FollowUp:
    return FollowUp(
        id=uuid4(),
        workshop_id=workshop_id,
        person_id=person_id,
        state=FollowUpState.OPEN,
        opened_on=today,
        closes_on=follow_up.closes_on(today),
        reminders=0,
    )


def answer(workshop_id: UUID, person_id: UUID, answers: FollowUpAnswers, now: datetime) -> bool:
    """Save the answers of a participant; return False for a repeated request, DomainError if it is closed."""
    workshop = locking.lock_workshop(workshop_id)
    row = db.session.scalars(
        select(FollowUp).where(FollowUp.workshop_id == workshop_id, FollowUp.person_id == person_id)
    ).one()
    if row.state is FollowUpState.ANSWERED:
        return False
    if row.state is not FollowUpState.OPEN or _is_over(workshop, row, now):
        raise DomainError("These questions are closed.")
    row.state, row.answered_on = FollowUpState.ANSWERED, now.date()
    row.occasion, row.passed_on, row.contacted = answers.occasion, answers.passed_on, answers.contacted
    row.used, row.helped, row.hindered = (" ".join(part) for part in (answers.used, answers.helped, answers.hindered))
    row.referral, row.capture, row.request = answers.referral, answers.capture, answers.request
    record(FollowUpAnswered(at=now, workshop_id=workshop_id, person_id=person_id))
    return True


def answer_as_supervisor(follow_up_id: UUID, change: ChangeSeen, *, would_help: str, by: UUID, now: datetime) -> bool:
    """Save what a supervisor saw; return False if a supervisor has answered before, DomainError if it is closed."""
    workshop_id = db.session.scalars(select(FollowUp.workshop_id).where(FollowUp.id == follow_up_id)).one()
    workshop = locking.lock_workshop(workshop_id)
    row = db.session.get_one(FollowUp, follow_up_id, populate_existing=True)
    if row.change_seen is not None:
        return False
    if _is_over(workshop, row, now) or row.person_id == by:
        raise DomainError("These questions are closed.")
    row.change_seen, row.supervised_by, row.supervised_on = change, by, now.date()
    row.would_help = would_help.strip()[: follow_up.MOST_CHARACTERS]
    record(FollowUpAnswered(at=now, actor_id=by, workshop_id=workshop_id, person_id=row.person_id))
    return True


def remind_or_close(workshop_id: UUID, now: datetime) -> int:
    """Remind those who have not answered after 7 and 14 days, close the follow-up after 21; return how many rows."""
    workshop = locking.lock_workshop(workshop_id)
    rows = store.follow_ups(workshop_id)
    if rows and _is_over(workshop, rows[0], now):
        return _close(workshop_id, [row for row in rows if row.state is FollowUpState.OPEN], now)
    due = [row for row in rows if row.reminders < follow_up.reminders_due(row.opened_on, now.date())]
    for row in due:
        row.reminders = follow_up.reminders_due(row.opened_on, now.date())
    if due:
        _notify(workshop, due, due[0].reminders, now)
    return len(due)


def delete_texts(person_id: UUID) -> None:
    """Delete what supervisors wrote about a person whose identity was removed."""
    for row in db.session.scalars(select(FollowUp).where(FollowUp.person_id == person_id)):
        row.would_help = ""


def _close(workshop_id: UUID, unanswered: Collection[FollowUp], now: datetime) -> int:
    store.afterwards(workshop_id).follow_up_closed_on = now.date()
    for row in unanswered:
        row.state = FollowUpState.UNANSWERED
    record(FollowUpClosed(at=now, workshop_id=workshop_id, unanswered=len(unanswered)))
    return len(unanswered)


def _is_over(workshop: Workshop, row: FollowUp, now: datetime) -> bool:
    return now >= times.end_of(row.closes_on, workshop.time_zone)


def _notify(workshop: Workshop, rows: Collection[FollowUp], number: int, now: datetime) -> None:
    """Notify participants and supervisors who have not answered; `number` is 0, or that of the reminder."""
    waiting = [row.person_id for row in rows if row.state is FollowUpState.OPEN]
    unseen = [row.person_id for row in rows if row.change_seen is None]
    supervisors = supervision.supervisors_of_each(unseen, now.date()) if unseen else {}
    people = {supervisor for each in supervisors.values() for supervisor in each}
    until = rows and next(iter(rows)).closes_on.isoformat()
    facts = {"workshop": workshop.code, "until": until}
    occasion = f"follow-up:{workshop.id}:{number}"
    path = ports().path_to(Target.FOLLOW_UP, workshop.id)
    messages.tell_all(waiting, NoticeKind.FOLLOW_UP_ASKED, occasion=occasion, facts=facts, path=path, now=now)
    messages.tell_all(
        sorted(people),
        NoticeKind.SUPERVISOR_ASKED,
        occasion=f"{occasion}:supervisor",
        facts=facts,
        path=ports().path_to(Target.SUPERVISED_EVENTS),
        now=now,
    )
