"""Load the input of `event_rules`: evaluation, follow-up, commitments and seats of an event."""

from collections.abc import Callable, Collection, Mapping
from uuid import UUID

from app.plan.domain.event_records import (
    EventAnswers,
    EventCommitments,
    EventFollowUp,
    EventSeats,
    NomineeCounts,
    OfferedSeat,
    OfficerCommitment,
    OfficerFollowUp,
)
from app.plan.domain.spans import PostingInterval, served_on
from app.workshops.domain.follow_up import FollowUpState
from app.workshops.queries import plan_figures
from app.workshops.queries.plan_figures import ToldCounts

Postings = Mapping[UUID, tuple[PostingInterval, ...]]
Served = Callable[[Collection[UUID]], Postings]  # reads the postings of people


def evaluation(workshop_id: UUID) -> EventAnswers:
    """Return the answers of an evaluation."""
    closed = plan_figures.evaluation(workshop_id)
    return EventAnswers(closed.closed_on, closed.answers)


def follow_up(workshop_id: UUID, served: Served) -> EventFollowUp:
    """Return the follow-up of an event with the postings of the day on which the questions opened."""
    event = plan_figures.follow_up(workshop_id)
    postings = served({line.person_id for line in event.people}) if event.people else {}
    return EventFollowUp(
        event.competencies,
        tuple(
            OfficerFollowUp(
                id=line.id,
                person_id=line.person_id,
                served=served_on(postings.get(line.person_id, ()), line.opened_on),
                answered=line.answered_on,
                closed=event.closed_on if line.state is FollowUpState.UNANSWERED else None,
                answers=line.answers,
                change_seen=line.change_seen,
                supervised=line.supervised_on,
            )
            for line in event.people
        ),
    )


def commitments(workshop_id: UUID, served: Served) -> EventCommitments:
    """Return the commitments of a visit with the postings of the day on which they were made."""
    lines = plan_figures.commitments(workshop_id)
    postings = served({line.person_id for line in lines}) if lines else {}
    return EventCommitments(
        tuple(
            OfficerCommitment(
                id=line.id,
                person_id=line.person_id,
                served=served_on(postings.get(line.person_id, ()), line.made_on),
                made_on=line.made_on,
                ended=line.ended_on,
                is_done=line.is_done,
            )
            for line in lines
        )
    )


def seats(workshop_id: UUID, served: Served) -> EventSeats:
    """Return the offered seats of a nominated event with the postings of its last day."""
    event = plan_figures.seats(workshop_id)
    postings = served({line.person_id for line in event.offered}) if event.offered else {}
    return EventSeats(
        event.closed_on,
        tuple(
            OfferedSeat(
                nomination_id=line.id,
                person_id=line.person_id,
                served=served_on(postings.get(line.person_id, ()), event.last_day),
                is_used=line.is_used,
            )
            for line in event.offered
        ),
        _counts(event.counts),
    )


def _counts(counts: ToldCounts | None) -> NomineeCounts | None:
    if counts is None:
        return None
    return NomineeCounts(
        nominees=counts.nominees, women=counts.women, attended=counts.attended, attended_women=counts.attended_women
    )
