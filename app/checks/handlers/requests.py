"""Handlers of events of sittings and people: requests for a check follow the sittings in which officers get a seat."""

from app.checks.events import SeatPlanned, SittingCancelled, SittingClosed, WorkSubmitted
from app.checks.service import requests
from app.directory.events import IdentityRemoved


def on_seat_planned(event: SeatPlanned) -> None:
    """Note that a sitting is planned for the open requests of an officer who gets a seat."""
    requests.plan_for_seat(event.sitting_id, event.person_id, event.at, by=event.actor_id)


def on_work_submitted(event: WorkSubmitted) -> None:
    """Close the requests of an officer for a competency that a sitting has checked."""
    requests.mark_done(event.person_id, event.competency, event.at)


def on_sitting_over(event: SittingCancelled | SittingClosed) -> None:
    """Open the requests again that a cancelled sitting leaves, or a closed one of officers who were absent."""
    requests.reopen(event.sitting_id, event.at)


def on_identity_removed(event: IdentityRemoved) -> None:
    """Withdraw the requests of a person who was erased, and remove the texts about them."""
    requests.delete_texts(event.person_id, event.at)
