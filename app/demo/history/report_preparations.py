"""What coordinators of the demonstration prepared for reports: texts, a donor's lines, a schedule."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import partial
from uuid import UUID

from app.demo.history.manual_entries import DemoStaff
from app.demo.history.timeline import TimedAction
from app.plan.domain.cells import published_day, quarter_end
from app.plan.queries import figures
from app.reports.domain.donors import NewDonorLine
from app.reports.domain.forms import ReportFormat
from app.reports.domain.runs import ReportKind
from app.reports.domain.schedules import SchedulePeriod
from app.reports.domain.texts import NEXT_STEPS, OUTCOME, OUTPUT, RISKS, SUMMARY
from app.reports.queries import schedules as schedule_queries
from app.reports.queries.texts import ReportKey
from app.reports.service import donors, schedules, texts
from app.reports.service.schedules import NewSchedule

DONOR = "Donor A (fictional)"
DONOR_LINES = (
    NewDonorLine(donor=DONOR, code="R1.1", wording="Officers trained online", indicator="OP2.1"),
    NewDonorLine(donor=DONOR, code="R1.2", wording="Rate of completion of online training", indicator="OP2.2"),
    NewDonorLine(donor=DONOR, code="R2.1", wording="Officers able to investigate online", indicator="OC1.1"),
    NewDonorLine(donor=DONOR, code="R2.2", wording="First responders able to recognise victims", indicator="OC2.1"),
    NewDonorLine(donor=DONOR, code="R3.1", wording="Workshops held", indicator="OP3.1"),
)
FIRST_TEXTS: Mapping[str, str] = {
    SUMMARY: (
        "The academy opened in January. Officers of all thirteen countries joined, and most began with the guide and"
        " the course on the law. The first workshop on first contact was held in March with twenty officers. Figures"
        " of what officers can do are still small, as they need a workshop with an assessor."
    ),
    OUTCOME + "OC1": "Few officers have met an assessor yet. The first workshop on online traces is in April.",
    OUTCOME + "OC2": "The first officers can do it after the workshop in Skopje. The next workshop is in May.",
    OUTPUT + "OP2": "More officers completed a course than the plan expected. Two countries began later.",
    RISKS: "One country does not answer. Workshops are full, and officers wait for a seat.",
}
SECOND_TEXTS: Mapping[str, str] = {
    SUMMARY: (
        "Draft: nearly nine hundred officers are on the academy. The figures of two countries fall at the end of"
        " September, when the results of the first workshops end."
    ),
    OUTPUT + "OP2": "Most countries are near their target. One contact point objected, and its target was lowered.",
}
COUNTRY_TEXTS: Mapping[str, str] = {
    NEXT_STEPS: "Offer a refresher before 30 September. Assign a supervisor to each officer who came in spring.",
}
FIRST_DAY, SECOND_DAY, DONOR_DAY, SCHEDULE_DAY = -71, -1, -52, 0


def actions(office: DemoStaff) -> Iterator[TimedAction]:
    """Return the texts of three reports, the lines of a donor and a schedule."""
    by, second = office.staff["Coordinator 1"], office.staff["Coordinator 2"]
    first = ReportKey(ReportKind.QUARTERLY, first_quarter())
    last = ReportKey(ReportKind.QUARTERLY, published_day(office.now.date()))
    country = ReportKey(ReportKind.COUNTRY, last.period_end, "IQ")
    yield _texts(office, FIRST_DAY, first, FIRST_TEXTS, by)
    yield _texts(office, SECOND_DAY, last, SECOND_TEXTS, second)
    yield _texts(office, SECOND_DAY, country, COUNTRY_TEXTS, by)
    at = office.at(DONOR_DAY)
    yield TimedAction(at, second, partial(_create_lines, at))
    at = office.at(SCHEDULE_DAY)
    yield TimedAction(at, by, partial(_create_schedule, office, by, at))


def first_quarter() -> date:
    """Return the end of the plan's first quarter. Raises RuntimeError if there is no plan."""
    plan = figures.plan_of()
    if plan is None or plan.head is None:
        raise RuntimeError("the demonstration has no plan")
    return quarter_end(plan.head.period.starts)


def _texts(office: DemoStaff, day: int, key: ReportKey, written: Mapping[str, str], by: UUID) -> TimedAction:
    at = office.at(day)
    return TimedAction(at, by, partial(texts.save, key, "en", written, country=key.subject, by=by, now=at))


def _create_lines(now: datetime) -> None:
    plan = figures.plan_of()
    indicators = {indicator.id for indicator in plan.indicator} if plan else set()
    for line in DONOR_LINES:
        donors.create(line, indicators=indicators, now=now)


def _create_schedule(office: DemoStaff, by: UUID, now: datetime) -> None:
    """Create a schedule for both coordinators and the co-chair: the first report is made after this quarter."""
    recipients = frozenset(office.staff[alias] for alias in ("Coordinator 1", "Coordinator 2", "Co-chair 1"))
    new = NewSchedule(
        kind=ReportKind.QUARTERLY,
        period=SchedulePeriod.QUARTERLY,
        forms=frozenset({ReportFormat.PDF, ReportFormat.XLSX}),
        languages=("en", "ar"),
        recipients=recipients,
    )
    schedules.create(new, possible=schedule_queries.possible_recipients(now.date()), by=by, now=now)
