"""Targets of the demonstration: split by need, agreed by a second coordinator, one with an objection and replaced."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from uuid import UUID

from app.demo.history.manual_entries import DemoStaff
from app.demo.history.timeline import TimedAction
from app.plan.domain.apportionment import split_by_need
from app.plan.domain.planned_needs import ALL_ROLES
from app.plan.domain.targets import NewTarget, TargetCell, TargetOpinion, TargetState
from app.plan.queries import planned_needs, targets as queries
from app.plan.service import targets as service

COMPLETERS, WORKING_ONLINE, YEAR = "OP2.1", "OC1.1", "2027"
WHOLE, OLD_WHOLE = 900, 60  # officers of all countries: a new target, and the plan's own
RAISED_DAY, RAISED_AGREED_DAY = -94, -92
SPLIT_DAY, AGREED_DAY, OPEN_DAY = -88, -84, -1
COUNTRY, OBJECTION_DAY, LOWERED_DAY, ACCEPTED_DAY, LAST_DAY = "RS", -86, -40, -38, -36
LOWERED = 52
RAISED_REASON = "The countries entered more officers than the plan expected."
SPLIT_REASON = "Split by the planned need; by officers on the academy where it is not entered."
OBJECTION = "Thirty officers are on operations until September. Please lower this target."
LOWERED_REASON = "Agreed after the objection: thirty officers are on operations until September."
ACCEPTANCE = "We can reach this number."


def actions(office: DemoStaff) -> Iterator[TimedAction]:
    """Return the proposals of one coordinator, the agreements of the other, and the opinions of a contact point."""
    by, second = office.staff["Coordinator 2"], office.staff["Coordinator 1"]
    yield from _raise_whole(office, by, second)
    at = office.at(SPLIT_DAY)
    yield TimedAction(at, by, partial(_propose_split, office, COMPLETERS, WHOLE, by=by, now=at))
    yield _opinion(office, OBJECTION_DAY, TargetOpinion.OBJECTION, OBJECTION)
    at = office.at(AGREED_DAY)
    yield TimedAction(at, second, partial(_agree_all, by=second, now=at))
    at = office.at(LOWERED_DAY)
    lower = NewTarget(cell=TargetCell(COMPLETERS, COUNTRY, YEAR), value=LOWERED, reason=LOWERED_REASON)
    yield TimedAction(at, by, partial(service.propose_target, lower, by=by, now=at))
    yield _opinion(office, ACCEPTED_DAY, TargetOpinion.AGREEMENT, ACCEPTANCE)
    at = office.at(LAST_DAY)
    yield TimedAction(at, second, partial(_agree_all, by=second, now=at))
    at = office.at(OPEN_DAY)  # for the coordinator of the tour to agree
    yield TimedAction(at, by, partial(_propose_split, office, WORKING_ONLINE, OLD_WHOLE, by=by, now=at))


def _raise_whole(office: DemoStaff, by: UUID, second: UUID) -> Iterator[TimedAction]:
    at = office.at(RAISED_DAY)
    new = NewTarget(cell=TargetCell(COMPLETERS, "", YEAR), value=WHOLE, reason=RAISED_REASON)
    yield TimedAction(at, by, partial(service.propose_target, new, by=by, now=at))
    later = office.at(RAISED_AGREED_DAY)
    yield TimedAction(later, second, partial(_agree_all, by=second, now=later))


def _propose_split(office: DemoStaff, code: str, whole: int, *, by: UUID, now: datetime) -> None:
    """Propose the parts of the community's target, as the page "Propose from need" does."""
    serving = Counter(officer.player.country for officer in office.officers)
    planned = planned_needs.agreed_needs(now.date())
    needs = {country: planned.get(country, {}).get(ALL_ROLES, serving[country]) for country in office.contacts}
    new = [
        NewTarget(cell=TargetCell(code, country, YEAR), value=part, reason=SPLIT_REASON)
        for country, part in sorted(split_by_need(whole, needs).items())
    ]
    service.propose_targets(new, by=by, now=now)


def _agree_all(*, by: UUID, now: datetime) -> None:
    """Agree to all targets that are proposed."""
    for version in queries.versions([YEAR]):
        if version.state is TargetState.PROPOSED:
            service.agree_target(version.id, by=by, now=now)


def _opinion(office: DemoStaff, day: int, opinion: TargetOpinion, text: str) -> TimedAction:
    at, by = office.at(day), office.contacts[COUNTRY]

    def note() -> None:
        newest = queries.history_of(COMPLETERS, COUNTRY, YEAR)[0]
        service.note_target(newest.id, opinion, text, by=by, now=at)

    return TimedAction(at, by, note)
