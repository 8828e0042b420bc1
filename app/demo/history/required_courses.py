"""Requirements of the demonstration, agreed by two coordinators, and exemptions by contact points."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from uuid import UUID

from app.access.policy import Actor, Role
from app.demo.cast import roster
from app.demo.cast.careers import CourseMaterial
from app.demo.history.manual_entries import DemoStaff
from app.demo.history.timeline import TimedAction
from app.learning.domain.requirements import ExemptionKind, ExemptionReason, NewExemption, NewRequirement
from app.learning.service import exemptions, requirements

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
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DemoExemption:
    """An exemption of the officer of a country with a role from a course."""

    country: str
    role: str
    code: str
    day: int
    days: int
    kind: ExemptionKind
    reason: ExemptionReason


# overdue since a month, due in two weeks, after joining, for one role, for one country, and a draft
REQUIREMENTS = (
    DemoRequirement("M01", -150, due=-31, renew_months=12, reason="The common ground of all officers."),
    DemoRequirement("M02", -120, due=10, reason="Asked for by outcome OC2."),
    DemoRequirement("M03", -100, due_days=120, role="victim_liaison", reason="Interviews are led by victim liaisons."),
    DemoRequirement("M05", -80, due=75, role="digital_investigator", reason="Asked for by outcome OC2."),
    DemoRequirement("M03", -60, due=45, countries=(roster.FIRST,), reason="Agreed with the contact point."),
    DemoRequirement("M05", -3, due=90, agreed=False, reason="Proposed for all investigators.", role="investigator"),
)
EXEMPTIONS = (
    DemoExemption("HU", "first_responder", "M02", -12, 60, ExemptionKind.EXEMPT, ExemptionReason.LONG_ABSENCE),
    DemoExemption("HU", "investigator", "M01", -20, 80, ExemptionKind.EXEMPT, ExemptionReason.TRAINED_ELSEWHERE),
    DemoExemption("BA", "first_responder", "M02", -5, 40, ExemptionKind.LATER, ExemptionReason.LANGUAGE),
    DemoExemption("RS", "investigator", "M01", -4, 200, ExemptionKind.EXEMPT, ExemptionReason.NOT_IN_THIS_DUTY),
)


def actions(office: DemoStaff, courses: Sequence[CourseMaterial]) -> Iterator[TimedAction]:
    """Return the requirements and exemptions of courses that are published."""
    by_code = {course.outline.code: course.outline.course_id for course in courses}
    for required in REQUIREMENTS:
        if required.code in by_code:
            yield from _requirement(office, required, by_code[required.code])
    for exempted in EXEMPTIONS:
        officer = office.officer(exempted.country, exempted.role, office.at(exempted.day))
        if exempted.code in by_code and officer is not None:
            yield _exemption(office, exempted, by_code[exempted.code], officer)


def _requirement(office: DemoStaff, required: DemoRequirement, course_id: UUID) -> Iterator[TimedAction]:
    first, second = (_coordinator(office, alias) for alias in ("Coordinator 1", "Coordinator 2"))
    at = office.at(required.day)
    drafted: list[UUID] = []

    def draft() -> None:
        new = NewRequirement(
            role=required.role,
            countries=required.countries,
            due_on=None if required.due is None else _day(office, required.due),
            due_days=required.due_days,
            renew_months=required.renew_months,
            starts=at.date(),
            reason=required.reason,
        )
        drafted.append(requirements.draft(course_id, new, by=first, now=at))

    def agree() -> None:
        requirements.agree(drafted[0], by=second, now=at + AGREED_AFTER)

    yield TimedAction(at, first.id, draft)
    if required.agreed:
        yield TimedAction(at + AGREED_AFTER, second.id, agree)


def _exemption(office: DemoStaff, exempted: DemoExemption, course_id: UUID, officer: UUID) -> TimedAction:
    at, contact_point = office.at(exempted.day), office.contacts[exempted.country]
    new = NewExemption(kind=exempted.kind, until=at.date() + timedelta(days=exempted.days), reason=exempted.reason)
    actor = Actor(contact_point, exempted.country, frozenset({Role.CONTACT_POINT}))
    act = partial(exemptions.set_exemption, officer, course_id, new, country=exempted.country, by=actor, now=at)
    return TimedAction(at, contact_point, act)


def _coordinator(office: DemoStaff, alias: str) -> Actor:
    return Actor(office.staff[alias], "AT", frozenset({Role.COORDINATOR}))


def _day(office: DemoStaff, day: int) -> date:
    return office.at(day).date()
