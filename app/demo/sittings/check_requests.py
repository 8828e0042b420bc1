"""Officers who ask the contact point for a check: open, planned and declined requests."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from uuid import UUID

from app.catalogue.domain.items import Level
from app.checks.domain.requests import AskRefusal
from app.checks.service import requests
from app.demo.history.accounts import DemoOfficer
from app.demo.history.manual_entries import DemoStaff
from app.demo.history.timeline import TimedAction
from app.demo.sittings.programme import FIRST_CONTACT_POINT
from app.kernel import clock

REASON = "A workshop on this is in three weeks, and you have a seat in it. Ask again if it is cancelled."


@dataclass(frozen=True, slots=True)
class OfficerRequest:
    """A request of an officer, counted from 0, for a competency; `is_declined` with `REASON`."""

    officer: int
    competency: str
    level: Level
    days_ago: int
    is_declined: bool = False


QUESTIONS = (
    OfficerRequest(0, "ONL-04", Level.PRACTITIONER, 3),
    OfficerRequest(1, "ONL-04", Level.PRACTITIONER, 2),
    OfficerRequest(2, "ONL-04", Level.PRACTITIONER, 1),
    OfficerRequest(3, "PRO-02", Level.PRACTITIONER, 5),
    OfficerRequest(1, "COP-01", Level.FOUNDATION, 4),
    OfficerRequest(2, "VIC-01", Level.PRACTITIONER, 8, is_declined=True),
)


def actions(office: DemoStaff, officers: Sequence[DemoOfficer]) -> Iterator[TimedAction]:
    """Return the requests of officers of the first country, and the answers."""
    by = office.staff[FIRST_CONTACT_POINT]
    for number, request in enumerate(QUESTIONS):
        if request.officer >= len(officers):
            continue
        person_id = officers[request.officer].id
        at = office.now - timedelta(days=request.days_ago, minutes=11 * number)
        ids: list[UUID] = []
        yield TimedAction(at, person_id, partial(_ask, person_id, request, ids))
        if request.is_declined:
            yield TimedAction(at + timedelta(days=1), by, partial(_decline, ids, by))


def _ask(person_id: UUID, request: OfficerRequest, ids: list[UUID]) -> None:
    asked = requests.ask(person_id, request.competency, request.level, clock.now())
    if not isinstance(asked, AskRefusal):  # verified for long: nothing to ask
        ids.append(asked)


def _decline(ids: Sequence[UUID], by: UUID) -> None:
    requests.decline(ids, by=by, reason=REASON, now=clock.now())
