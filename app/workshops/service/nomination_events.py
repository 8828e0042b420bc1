"""Decide whether a nominated event takes place, postpone and resume it, delete answers."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from uuid import UUID

import msgspec
from sqlalchemy import select, update
from sqlalchemy.exc import NoResultFound

from app.access.policy import Action, Actor, allows
from app.db.session import db
from app.kernel.errors import DomainError
from app.messages.domain import NoticeKind
from app.workshops.domain import changes
from app.workshops.domain.events import EnrolmentMode, HistoryKind, WorkshopStep
from app.workshops.domain.nominations import NominationState
from app.workshops.models import Nomination, NominationChange, SeatDecision, Workshop, WorkshopHistory
from app.workshops.queries import workshops
from app.workshops.service import nomination_sex, nomination_steps as steps, notifications, offers
from app.workshops.service.bookings import check_not_begun
from app.workshops.service.closing import take_step
from app.workshops.service.store import locking, nominations as store
from app.workshops.shapes import earlier_days

DELETED = "-"  # where a text must not be empty


def confirm_seats(workshop_id: UUID, actor: Actor, *, reason: str = "", now: datetime) -> None:
    """Decide that an event takes place; raise DomainError without a reason if too few people confirmed."""
    workshop = _run_by(workshop_id, actor)
    check_not_begun(workshop, now)
    confirmed = len(store.nominations(workshop_id, (NominationState.CONFIRMED,))) - store.count_observers(workshop_id)
    if confirmed < workshop.minimum and not reason.strip():
        raise DomainError("Fewer people than the minimum confirmed. Say why the event takes place.")
    take_step(workshop, WorkshopStep.CONFIRM_SEATS, by=actor.id, now=now)
    _add_history(workshop, HistoryKind.SEATS_CONFIRMED, actor.id, reason, now)


def postpone(workshop_id: UUID, actor: Actor, *, reason: str, now: datetime) -> None:
    """Postpone an event with its nominations, and notify every nominee, who can read the reason.

    Raises DomainError without a reason.
    """
    workshop = _run_by(workshop_id, actor)
    check_not_begun(workshop, now)
    reason = reason.strip()[:300]
    if not reason:
        raise DomainError("Say why the event is postponed.")
    take_step(workshop, WorkshopStep.POSTPONE, by=actor.id, now=now)
    _add_history(workshop, HistoryKind.POSTPONED, actor.id, reason, now)
    occasion = f"postponed:{now.isoformat()}"
    workshop.earlier_first_day, workshop.earlier_last_day = workshop.first_day, workshop.last_day
    workshop.postponed_reason = reason
    _tell_everyone(workshop, occasion, now, changes.postponed_facts((workshop.first_day, workshop.last_day), reason))
    notifications.dates_cancelled(workshop, occasion, now)


def resume(workshop_id: UUID, actor: Actor, now: datetime) -> None:
    """Resume a postponed event that has a date to come; open offers get a new end, and their nominees one mail."""
    workshop = _run_by(workshop_id, actor)
    if locking.first_start(workshop_id) <= now:
        raise DomainError("Set a date to come first.")
    is_selected = store.last_round(workshop_id) > 0
    take_step(workshop, WorkshopStep.RESUME_SELECTED if is_selected else WorkshopStep.RESUME, by=actor.id, now=now)
    _add_history(workshop, HistoryKind.RESUMED, actor.id, "", now)
    workshop.postponed_reason = ""
    occasion = f"resumed:{now.isoformat()}"
    facts = changes.resumed_facts(earlier_days(workshop), (workshop.first_day, workshop.last_day))
    mailed = offers.renew_offers(workshop, now)
    _tell_everyone(workshop, occasion, now, facts, mailed=mailed)
    notifications.dates_changed(workshop, (), occasion, now)


def _tell_everyone(
    workshop: Workshop, occasion: str, now: datetime, facts: Mapping[str, str], *, mailed: Collection[UUID] = ()
) -> None:
    """Write a notice for people with a booking, who get a mail with the dates; notify other nominees by both.

    `mailed` have a mail already.
    """
    notifications.all_of(workshop, NoticeKind.WORKSHOP_CHANGED, occasion, now, facts)
    steps.tell_unbooked(workshop, NoticeKind.WORKSHOP_CHANGED, occasion, now, facts, mailed=mailed)


def delete_answers(workshop_id: UUID, today: date) -> None:
    """Delete the answers of the nominees of a past event, and who was counted as a woman once the event is closed."""
    workshop = locking.lock_workshop(workshop_id)
    rows = store.nominations(workshop_id, tuple(NominationState))
    keeps_sex = not nomination_sex.is_countable(workshop, today) and any(row.counted_as for row in rows)
    if not keeps_sex:
        nomination_sex.save_counts(workshop, rows)
        _delete_compared_sex(workshop_id)
    for row in rows:
        _delete_answers(row, keeps_sex=keeps_sex)


def _delete_compared_sex(workshop_id: UUID) -> None:
    decisions = select(SeatDecision).join(Nomination, Nomination.id == SeatDecision.nomination_id)
    for decision in db.session.scalars(decisions.where(Nomination.workshop_id == workshop_id)):
        competitors = msgspec.json.decode(decision.competitors)
        without = [{key: value for key, value in competitor.items() if key != "women"} for competitor in competitors]
        decision.competitors = msgspec.json.encode(without).decode()


def delete_texts(person_id: UUID) -> None:
    """Delete what was written by and about a person whose identity was removed."""
    rows = db.session.scalars(select(Nomination).where(Nomination.person_id == person_id)).all()
    for row in rows:
        _delete_answers(row)
        row.nomination_text = ""
        row.decision_reason = _deleted(row.decision_reason)
        row.admission_reason = _deleted(row.admission_reason)
    ids = [row.id for row in rows]
    db.session.execute(update(NominationChange).where(NominationChange.nomination_id.in_(ids)).values(reason=""))
    exceptions = update(SeatDecision).where(SeatDecision.nomination_id.in_(ids), SeatDecision.exception_reason != "")
    db.session.execute(exceptions.values(exception_reason=DELETED))


def _deleted(text: str) -> str:
    return DELETED if text else ""


def _delete_answers(row: Nomination, *, keeps_sex: bool = False) -> None:
    row.use_time = row.language_level = None
    row.aim = ""
    if not keeps_sex:
        row.counted_as = None


def _add_history(workshop: Workshop, kind: HistoryKind, by: UUID, reason: str, now: datetime) -> None:
    db.session.add(
        WorkshopHistory(workshop_id=workshop.id, kind=kind, person_id=by, at=now, reason=reason.strip()[:300])
    )


def _run_by(workshop_id: UUID, actor: Actor) -> Workshop:
    workshop = locking.lock_workshop(workshop_id)
    if workshop.enrolment is not EnrolmentMode.NOMINATED or not allows(
        actor, Action.SHARE_SEATS, workshops.get(workshop_id)
    ):
        raise NoResultFound
    return workshop
