"""Planned needs of the demonstration: most countries entered them, each agreed by a second person."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from app.access.policy import Actor, Role
from app.demo.history.manual_entries import DemoStaff
from app.demo.history.timeline import TimedAction
from app.plan.domain.planned_needs import ALL_ROLES, NewPlannedNeed
from app.plan.service import planned_needs as service

AGREED_AFTER = timedelta(days=3)
INVESTIGATORS = ("investigator", "digital_investigator")
FIRST_RESPONDER = "first_responder"
SOURCE = "Staff list of the agencies of the country (fictional)"


@dataclass(frozen=True, slots=True)
class EnteredNeed:
    """A planned need that a contact point entered. Days count from the first day of the demonstration."""

    country: str
    value: int
    day: int
    role: str = ALL_ROLES
    agreed: bool = True
    source: str = SOURCE


# the contact point of Azerbaijan is silent: no planned need
ALL_OFFICERS: Mapping[str, int] = {
    "IQ": 420, "PK": 380, "BD": 300, "BG": 140, "RS": 130, "MK": 75, "BA": 90, "AT": 60, "FR": 55, "DE": 50, "NL": 25,
}  # fmt: skip
BY_ROLE = (
    EnteredNeed("IQ", 220, -104, FIRST_RESPONDER),
    EnteredNeed("BG", 70, -95, FIRST_RESPONDER),
    EnteredNeed("RS", 65, -94, FIRST_RESPONDER),
    EnteredNeed("PK", 180, -93, FIRST_RESPONDER),
    EnteredNeed("IQ", 90, -104, INVESTIGATORS[0]),
    EnteredNeed("IQ", 35, -104, INVESTIGATORS[1]),
    EnteredNeed("BG", 40, -95, INVESTIGATORS[0]),
    EnteredNeed("BG", 20, -95, INVESTIGATORS[1]),
)
CHANGES = (
    EnteredNeed("PK", 440, -38, source="Staff list of May, with the officers of the sheet (fictional)"),
    EnteredNeed("HU", 65, -3, agreed=False),
    EnteredNeed("MK", 70, -2, agreed=False, source="Reorganisation of the border service (fictional)"),
)


def actions(office: DemoStaff) -> Iterator[TimedAction]:
    """Return the planned needs, proposed by contact points and agreed by a coordinator."""
    first = [EnteredNeed(country, value, -108 + number) for number, (country, value) in enumerate(ALL_OFFICERS.items())]
    for need in (*first, *BY_ROLE, *CHANGES):
        yield from _steps(office, need)


def _steps(office: DemoStaff, need: EnteredNeed) -> Iterator[TimedAction]:
    at, by, second = office.at(need.day), office.contacts[need.country], office.staff["Coordinator 1"]
    ids: list[UUID] = []
    new = NewPlannedNeed(
        country=need.country, role=need.role, value=need.value, day=at.date() - timedelta(days=9), source=need.source
    )
    yield TimedAction(at, by, lambda: ids.append(service.propose_need(new, by=by, now=at)))
    if need.agreed:
        later, coordinator = at + AGREED_AFTER, Actor(second, "AT", frozenset({Role.COORDINATOR}))
        yield TimedAction(later, second, lambda: service.agree_need(ids[0], by=coordinator, now=later))
