"""The first quarter of the demonstration: locked by two coordinators, reported, and scores corrected afterwards."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from app.access.policy import Actor, Role
from app.competence.service import rollups as competence
from app.db.session import transaction
from app.demo.history import report_preparations, timeline
from app.demo.history.manual_entries import DemoStaff
from app.demo.history.timeline import TimedAction
from app.demo.workshops import delivery
from app.plan.domain.cells import published_day
from app.plan.service import periods
from app.reports.domain.forms import ReportFormat
from app.reports.domain.runs import ReportKind, ReportRequest
from app.reports.service import making, runs
from app.workshops.queries import participants, workshops
from app.workshops.queries.participants import ScoreLine
from app.workshops.service import closing, results

PROPOSED_DAY, LOCKED_DAY, REPORTED_DAY, NOTED_DAY = -72, -71, -70, -44
WORKSHOP, REOPENED_DAY, CLOSED_AFTER = "WS-2027-01", -45, timedelta(hours=5)
CORRECTED_BECAUSE = "The papers of two participants were mixed up. The assessors correct the scores of one."
BETWEEN = timedelta(minutes=5)


def lock_and_report(office: DemoStaff) -> None:
    """Lock the first quarter, with all figures calculated, and make its report; then correct scores in it."""
    end, first, second = report_preparations.first_quarter(), *_coordinators(office)
    proposed, locked = office.at(PROPOSED_DAY), office.at(LOCKED_DAY)
    lock = [
        TimedAction(proposed, first, partial(periods.propose, end, by=first, now=proposed)),
        TimedAction(locked, second, partial(periods.agree, end, by=second, now=locked)),
    ]
    timeline.carry_out(lock)
    make_report(ReportRequest(
        kind=ReportKind.QUARTERLY, period_end=end, compared_end=None, language="en", forms=frozenset(ReportFormat),
    ), by=second, at=office.at(REPORTED_DAY))  # fmt: skip
    timeline.carry_out(_correction(office))


def report_provisionally(office: DemoStaff) -> None:
    """Make the report of the last quarter, which is not locked yet, against the first."""
    end, first = published_day(office.now.date()), report_preparations.first_quarter()
    make_report(ReportRequest(
        kind=ReportKind.QUARTERLY, period_end=end, compared_end=first if first < end else None, language="en",
        forms=frozenset({ReportFormat.PDF, ReportFormat.XLSX}),
    ), by=office.staff["Coordinator 2"], at=office.now)  # fmt: skip


def make_report(new: ReportRequest, *, by: UUID, at: datetime) -> None:
    """Request a report and make it as the job does."""
    with timeline.as_of(at):
        with timeline.acting(by), transaction():
            runs.request(new, by=by, now=at)
        making.make_next()


def _coordinators(office: DemoStaff) -> tuple[UUID, UUID]:
    return office.staff["Coordinator 2"], office.staff["Coordinator 1"]


def _correction(office: DemoStaff) -> Iterator[TimedAction]:
    """Return the correction of the scores of the weakest participant of the first workshop, and what follows."""
    by, at, noted = office.staff["Coordinator 1"], office.at(REOPENED_DAY), office.at(NOTED_DAY)
    events = workshops.teaching(Actor(by, "AT", frozenset({Role.COORDINATOR})))
    workshop_id = next((event.id for event in events if event.code == WORKSHOP), None)
    if workshop_id is None:
        return
    last = at + CLOSED_AFTER
    yield TimedAction(at, by, partial(closing.reopen, workshop_id, by=by, now=at, reason=CORRECTED_BECAUSE))
    for number, score in enumerate(_weakest(workshop_id), 1):
        yield _corrected(workshop_id, score, at + number * BETWEEN)
    yield TimedAction(last, by, partial(closing.close, workshop_id, by=by, now=last, reason=CORRECTED_BECAUSE))
    yield TimedAction(noted, None, partial(periods.note_adjustments, noted))
    # the capacity of today, with the corrected scores
    yield TimedAction(office.now, None, partial(competence.sum_up, office.now.date(), office.now))


def _weakest(workshop_id: UUID) -> list[ScoreLine]:
    """Return the scores of the participant with the lowest ones."""
    by_booking: dict[UUID, list[ScoreLine]] = defaultdict(list)
    for score in participants.scores_of_event(workshop_id):
        by_booking[score.booking_id].append(score)
    return min(by_booking.values(), key=lambda scores: sum(score.score for score in scores) / len(scores), default=[])


def _corrected(workshop_id: UUID, score: ScoreLine, at: datetime) -> TimedAction:
    criteria = delivery.criteria_of(score.competency, score.level)
    act = partial(
        results.score,
        workshop_id,
        score.booking_id,
        competency=score.competency,
        scores=dict.fromkeys(criteria, delivery.HIGHEST),
        by=score.assessor_id,
        now=at,
        reason=CORRECTED_BECAUSE,
    )
    return TimedAction(at, score.assessor_id, act)
