"""Make the commitments of a study visit, record their results, confirm them, and remind of those that are due."""

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import select

from app.access.targets import Target
from app.db.session import db, record
from app.kernel.errors import DomainError
from app.messages.domain import NoticeKind
from app.messages.service import outbox as messages
from app.ports import ports
from app.workshops.domain import commitments
from app.workshops.domain.commitments import CommitmentState
from app.workshops.domain.events import WorkshopKind
from app.workshops.events.afterwards import CommitmentChanged, CommitmentConfirmed
from app.workshops.models import Commitment, Workshop
from app.workshops.queries import bookings
from app.workshops.service.store import locking

DELETED = "–"  # in place of a text about a person whose identity was removed


def make_commitment(workshop_id: UUID, person_id: UUID, *, text: str, due: date, now: datetime) -> Commitment:
    """Add a commitment of a participant of a visit; a repeated text returns the first one.

    Raises DomainError before the visit begins, for a third one, and for a day that is not possible.
    """
    workshop = locking.lock_workshop(workshop_id)
    _check_participant(workshop, person_id, now)
    existing = {commitment.text: commitment for commitment in _own(workshop_id, person_id)}
    if text.strip() in existing:
        return existing[text.strip()]
    if len(existing) >= commitments.MOST:
        raise DomainError("You have two commitments already.")
    commitments.check_due(due, workshop.last_day, now.date())
    commitment = Commitment(
        id=uuid4(),
        workshop_id=workshop_id,
        person_id=person_id,
        number=len(existing) + 1,
        text=text.strip(),
        due=due,
        made_on=now.date(),
        state=CommitmentState.UNDER_WAY,
    )
    db.session.add(commitment)
    db.session.flush()
    _record(commitment, now)
    return commitment


def _check_participant(workshop: Workshop, person_id: UUID, now: datetime) -> None:
    if workshop.kind is not WorkshopKind.STUDY_VISIT or now < locking.first_start(workshop.id):
        raise DomainError("Commitments are made at a study visit that has begun.")
    booking = bookings.booking_of(workshop.id, person_id)
    if booking is None or booking.seat is None:
        raise DomainError("Only participants of the visit make commitments.")


def end_commitment(
    workshop_id: UUID, person_id: UUID, number: int, *, state: CommitmentState, note: str, now: datetime
) -> None:
    """Record that a commitment is done, or why it was dropped; a repeated request changes nothing."""
    locking.lock_workshop(workshop_id)
    commitment = next(row for row in _own(workshop_id, person_id) if row.number == number)
    if commitment.state is state:
        return
    commitments.check_step(commitment.state, state, note)
    commitment.state, commitment.note, commitment.ended_on = state, note.strip(), now.date()
    _record(commitment, now)


def confirm(commitment_id: UUID, *, by: UUID, now: datetime) -> bool:
    """Confirm an ended commitment as a supervisor; return False if it is confirmed already."""
    workshop_id = db.session.scalars(select(Commitment.workshop_id).where(Commitment.id == commitment_id)).one()
    locking.lock_workshop(workshop_id)
    commitment = db.session.get_one(Commitment, commitment_id, populate_existing=True)
    if commitment.confirmed_by is not None:
        return False
    if commitment.state not in commitments.FINAL or commitment.person_id == by:
        raise DomainError("This commitment is under way. It can be confirmed later.")
    commitment.confirmed_by, commitment.confirmed_on = by, now.date()
    record(
        CommitmentConfirmed(
            at=now, actor_id=by, workshop_id=workshop_id, person_id=commitment.person_id, number=commitment.number
        )
    )
    return True


def remind(now: datetime) -> int:
    """Notify people whose commitments are due within 14 days, once for each; return how many are due."""
    query = (
        select(Commitment, Workshop.code)
        .join(Workshop, Workshop.id == Commitment.workshop_id)
        .where(
            Commitment.state == CommitmentState.UNDER_WAY,
            Commitment.due.between(now.date(), now.date() + commitments.REMINDED_BEFORE),
        )
        .order_by(Commitment.id)
    )
    rows = db.session.execute(query).all()
    for commitment, code in rows:
        messages.notify(
            commitment.person_id,
            NoticeKind.COMMITMENT_DUE,
            occasion=f"commitment:{commitment.id}",
            facts={"workshop": code, "until": commitment.due.isoformat()},
            path=ports().path_to(Target.COMMITMENTS, commitment.workshop_id),
            now=now,
        )
    return len(rows)


def delete_texts(person_id: UUID) -> None:
    """Delete the texts of a person whose identity was removed; their states still count."""
    for row in db.session.scalars(select(Commitment).where(Commitment.person_id == person_id)):
        row.text, row.note = DELETED, DELETED if row.note else ""


def _own(workshop_id: UUID, person_id: UUID) -> list[Commitment]:
    query = select(Commitment).where(Commitment.workshop_id == workshop_id, Commitment.person_id == person_id)
    return list(db.session.scalars(query.order_by(Commitment.number).execution_options(populate_existing=True)))


def _record(commitment: Commitment, now: datetime) -> None:
    record(
        CommitmentChanged(
            at=now,
            workshop_id=commitment.workshop_id,
            person_id=commitment.person_id,
            number=commitment.number,
            state=str(commitment.state),
        )
    )
