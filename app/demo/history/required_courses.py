"""Requirements of the demonstration: twenty-four, most of them agreed by two coordinators."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from app.access.policy import Actor, Role
from app.catalogue.queries import versions
from app.demo.cast import roster
from app.demo.history.manual_entries import DemoStaff
from app.demo.history.timeline import TimedAction
from app.learning.domain.requirements import NewRequirement
from app.learning.service import requirements

AGREED_AFTER = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class DemoRequirement:
    """A requirement of a course by its code. Days count from the first day of the demonstration."""

    code: str
    day: int
    due: int | None = None
    due_days: int | None = None
    role: str = ""
    countries: tuple[str, ...] = ()
    renew_months: int | None = None
    agreed: bool = True
    by_second: bool = False  # drafted by the second coordinator, so that the one of the tour may agree
    reason: str = ""


# overdue since a month, due in two weeks, after joining, for roles, for countries, a renewal, a course that is not
# published, and three drafts
REQUIREMENTS = (
    DemoRequirement("M01", -150, due=-31, renew_months=12, reason="The common ground of all officers."),
    DemoRequirement("M02", -120, due=10, reason="Asked for by outcome OC2."),
    DemoRequirement("M03", -100, due_days=120, role="victim_liaison", reason="Interviews are led by victim liaisons."),
    DemoRequirement("M05", -80, due=75, role="digital_investigator", reason="Asked for by outcome OC2."),
    DemoRequirement("M03", -60, due=45, countries=(roster.FIRST,), reason="Agreed with the contact point."),
    DemoRequirement("M05", -3, due=90, agreed=False, reason="Proposed for all investigators.", role="investigator"),
    DemoRequirement("H01", -165, due=20, reason="Every officer begins with the guide."),
    DemoRequirement("M01", -140, due_days=30, renew_months=5, countries=("AT",), reason="The law changed in spring."),
    DemoRequirement("M03", -90, due=25, countries=("RS",), reason="Agreed with the contact point."),
    DemoRequirement("M03", -90, due=30, countries=("BG", "MK"), reason="Both countries interview at the border."),
    DemoRequirement("M03", -70, due=120, countries=("BD", "PK"), reason="Agreed with both contact points."),
    DemoRequirement("M03", -62, due=100, countries=("BA", "HU"), reason="Agreed with both contact points."),
    DemoRequirement("M03", -55, due=90, countries=("AT", "DE", "FR", "NL"), reason="Agreed at the meeting in April."),
    DemoRequirement("M03", -50, due=150, countries=("AZ",), reason="Later, because of the officers of spring."),
    DemoRequirement("M02", -110, due_days=60, role="victim_liaison", reason="Needed before the interview course."),
    DemoRequirement("M05", -75, due=60, role="investigator", countries=("BG", "RS"), reason="Both host the unit."),
    DemoRequirement("M05", -75, due=90, role="investigator", countries=("IQ", "PK"), reason="Asked for by OC1."),
    DemoRequirement("M05", -66, due=100, role="investigator", countries=("BD", "AZ"), reason="Asked for by OC1."),
    DemoRequirement(
        "M05", -64, due=110, role="investigator", countries=("AT", "BA", "HU", "MK"), reason="Asked for by OC1.",
    ),
    DemoRequirement("M05", -58, due=110, role="investigator", countries=("DE", "FR", "NL"), reason="Asked for by OC1."),
    DemoRequirement("M05", -44, due=130, role="prosecutor_liaison", reason="Prosecutors read what officers collect."),
    # being written: no officer can be asked before it is published
    DemoRequirement("C01", -7, due=80, countries=("FR",), reason="Asked for by the contact point."),
    DemoRequirement("M02", -4, due=200, renew_months=12, agreed=False, reason="Renewal once a year.", by_second=True),
    DemoRequirement("M03", -2, due=140, role="investigator", agreed=False, reason="For all of them.", by_second=True),
)  # fmt: skip


def actions(office: DemoStaff) -> Iterator[TimedAction]:
    """Return the requirements, of courses that exist on their day."""
    for required in REQUIREMENTS:
        yield from _requirement(office, required)


def _requirement(office: DemoStaff, required: DemoRequirement) -> Iterator[TimedAction]:
    first, second = (_coordinator(office, alias) for alias in ("Coordinator 1", "Coordinator 2"))
    if required.by_second:
        first, second = second, first
    at = office.at(required.day)
    drafted: list[UUID] = []

    def draft() -> None:
        courses = [record.id for record in versions.course_records() if record.code == required.code]
        new = _input(office, required)
        drafted.extend(requirements.draft(course_id, new, by=first, now=at) for course_id in courses)

    def agree() -> None:
        for requirement_id in drafted:
            requirements.agree(requirement_id, by=second, now=at + AGREED_AFTER)

    yield TimedAction(at, first.id, draft)
    if required.agreed:
        yield TimedAction(at + AGREED_AFTER, second.id, agree)


def _input(office: DemoStaff, required: DemoRequirement) -> NewRequirement:
    return NewRequirement(
        role=required.role,
        countries=required.countries,
        due_on=None if required.due is None else _day(office, required.due),
        due_days=required.due_days,
        renew_months=required.renew_months,
        starts=office.at(required.day).date(),
        reason=required.reason,
    )


def _coordinator(office: DemoStaff, alias: str) -> Actor:
    return Actor(office.staff[alias], "AT", frozenset({Role.COORDINATOR}))


def _day(office: DemoStaff, day: int) -> date:
    return office.now.date() + timedelta(days=day)
