"""Exemptions of the demonstration by contact points: thirty-one, most of them in Hungary."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from uuid import UUID

from app.access.policy import Actor, Role
from app.demo.cast.careers import CourseMaterial
from app.demo.history.manual_entries import DemoStaff
from app.demo.history.timeline import TimedAction
from app.learning.domain import EnrolmentState
from app.learning.domain.requirements import ExemptionKind, ExemptionReason, NewExemption
from app.learning.queries import progress
from app.learning.service import exemptions


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


@dataclass(frozen=True, slots=True)
class ExemptOfficers:
    """Exemptions of several officers of a country who have not completed a course, one on each day."""

    country: str
    code: str
    officers: int
    day: int  # of the first
    days: int
    reason: ExemptionReason


@dataclass(slots=True)
class _Chosen:
    """The officers who are exempt from a course already, by course."""

    by_course: dict[UUID, set[UUID]] = field(default_factory=dict)


EXEMPTIONS = (
    DemoExemption("HU", "first_responder", "M02", -12, 60, ExemptionKind.EXEMPT, ExemptionReason.LONG_ABSENCE),
    DemoExemption("HU", "investigator", "M01", -20, 80, ExemptionKind.EXEMPT, ExemptionReason.TRAINED_ELSEWHERE),
    DemoExemption("BA", "first_responder", "M02", -5, 40, ExemptionKind.LATER, ExemptionReason.LANGUAGE),
    DemoExemption("RS", "investigator", "M01", -4, 200, ExemptionKind.EXEMPT, ExemptionReason.NOT_IN_THIS_DUTY),
)
GROUPS = (
    ExemptOfficers("HU", "M01", 4, -19, 85, ExemptionReason.TRAINED_ELSEWHERE),
    ExemptOfficers("HU", "M02", 8, -16, 75, ExemptionReason.LONG_ABSENCE),
    ExemptOfficers("HU", "M03", 14, -14, 80, ExemptionReason.NOT_IN_THIS_DUTY),
    ExemptOfficers("DE", "M03", 1, -8, 70, ExemptionReason.NOT_IN_THIS_DUTY),
)


def actions(office: DemoStaff, courses: Sequence[CourseMaterial]) -> Iterator[TimedAction]:
    """Return the exemptions of single officers from courses that are published."""
    by_code = {course.outline.code: course.outline.course_id for course in courses}
    for exempted in EXEMPTIONS:
        officer = office.officer(exempted.country, exempted.role, office.at(exempted.day))
        if exempted.code in by_code and officer is not None:
            yield _exemption(office, exempted, by_code[exempted.code], officer)


def group_actions(office: DemoStaff, courses: Sequence[CourseMaterial]) -> Iterator[TimedAction]:
    """Return the exemptions of groups, for a demonstration with many officers in each country."""
    by_code = {course.outline.code: course.outline.course_id for course in courses}
    chosen = _Chosen()
    for group in GROUPS:
        for number in range(group.officers):
            at = office.at(group.day) + timedelta(minutes=7 * number)
            act = partial(_exempt_next, office, group, by_code[group.code], chosen)
            yield TimedAction(at, office.contacts[group.country], act)


def _exempt_next(office: DemoStaff, group: ExemptOfficers, course_id: UUID, chosen: _Chosen) -> None:
    """Exempt the last officer of the country who has not completed the course and is not exempt."""
    taken = chosen.by_course.setdefault(course_id, set())
    at = office.at(group.day)
    for officer in reversed(office.officers):
        if officer.player.country != group.country or officer.id in taken or _has_completed(officer.id, course_id):
            continue
        taken.add(officer.id)
        new = NewExemption(kind=ExemptionKind.EXEMPT, until=at.date() + timedelta(days=group.days), reason=group.reason)
        by = Actor(office.contacts[group.country], group.country, frozenset({Role.CONTACT_POINT}))
        exemptions.set_exemption(officer.id, course_id, new, country=group.country, by=by, now=at)
        return


def _has_completed(person_id: UUID, course_id: UUID) -> bool:
    enrolment = progress.enrolment_summary(person_id, course_id)
    return enrolment is not None and enrolment.state is EnrolmentState.COMPLETED


def _exemption(office: DemoStaff, exempted: DemoExemption, course_id: UUID, officer: UUID) -> TimedAction:
    at, contact_point = office.at(exempted.day), office.contacts[exempted.country]
    new = NewExemption(kind=exempted.kind, until=at.date() + timedelta(days=exempted.days), reason=exempted.reason)
    actor = Actor(contact_point, exempted.country, frozenset({Role.CONTACT_POINT}))
    act = partial(exemptions.set_exemption, officer, course_id, new, country=exempted.country, by=actor, now=at)
    return TimedAction(at, contact_point, act)
