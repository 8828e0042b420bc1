"""Role and settings changes of the demonstration: a proposed contact point, and extra time in tests."""

from collections.abc import Iterator
from functools import partial

from app.access.policy import Actor, Role
from app.demo.cast import roster
from app.demo.history.manual_entries import DemoStaff
from app.demo.history.timeline import TimedAction
from app.directory.service import extra_time
from app.rights.service import proposals
from app.rights.service.proposals import NewProposal

PROPOSED_DAY, EXTRA_TIME_DAY = -2, -45
PROPOSED_ROLE, SLOWER_ROLE = (
    "victim_liaison",
    "investigator",
)  # of the two officers
PERCENT = 25


def actions(office: DemoStaff) -> Iterator[TimedAction]:
    """Return an open proposal and the extra time of an officer, both in the first country."""
    at, coordinator = office.at(PROPOSED_DAY), office.staff["Coordinator 1"]
    proposed = office.officer(roster.FIRST, PROPOSED_ROLE, at)
    if proposed is not None:
        new = NewProposal(Role.CONTACT_POINT, roster.FIRST, at.date(), person_id=proposed)
        yield TimedAction(at, coordinator, partial(proposals.propose, new, coordinator, at))
    at, contact_point = office.at(EXTRA_TIME_DAY), office.contacts[roster.FIRST]
    officer = office.officer(roster.FIRST, SLOWER_ROLE, at)
    if officer is not None:
        actor = Actor(contact_point, roster.FIRST, frozenset({Role.CONTACT_POINT}))
        yield TimedAction(at, contact_point, partial(extra_time.change, actor, officer, PERCENT))
