"""Officers who are late in a required course, and reminders about them, on top of the scene of the plan."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from flask import Flask

from app.access.policy import Role, Scope
from app.coordination.domain.late import LateKind, LateRule
from app.coordination.domain.reminders import ReminderOffice, ReminderRecipient, ReminderSubject
from app.coordination.service import reminders
from app.coordination.service.reminders import NewReminder
from app.db.session import db, transaction
from app.kernel import clock
from app.learning.domain.completion import AssignmentSource
from app.learning.models.completion import Assignment
from app.rights.service import supervision
from tests.support import courses, factories, plan_figures
from tests.support.plan_figures import Scene
from tests.support.site_snapshots import kept

DAY = timedelta(days=1)
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class LateScene:
    """The scene of the plan with a published course."""

    scene: Scene
    course_id: UUID

    @property
    def app(self) -> Flask:
        """Return the application."""
        return self.scene.app


@kept
def make(app: Flask) -> LateScene:
    """Make the scene of the plan and publish a course."""
    scene = plan_figures.make(app)
    with app.app_context():
        course_id = courses.publish().outline.course_id
        plan_figures.load_plan()  # publishing stored another one
        db.session.remove()
    return LateScene(scene, course_id)


def be_late(late: LateScene, country: str, count: int, *, days: int = 30, threatened: bool = False) -> list[UUID]:
    """Add officers of a country who are overdue in the course for some days (negative: due later)."""
    with late.app.app_context():
        people = [factories.person(country=country, alias=f"Hidden {country} {next(_numbers)}") for _ in range(count)]
        with transaction():  # after the one that added them, which derives their assignments
            db.session.add_all(
                overdue(person_id, late.course_id, country, days=days, threatened=threatened) for person_id in people
            )
    return people


def overdue(person_id: UUID, course_id: UUID, country: str, *, days: int = 30, threatened: bool = False) -> Assignment:
    """Return the assignment of an officer who is overdue in a course for some days."""
    today = clock.today()
    return Assignment(
        person_id=person_id,
        course_id=course_id,
        cycle=1,
        since=today - 200 * DAY,
        country=country,
        role="first_responder",
        counted=not threatened,
        source=AssignmentSource.REQUIREMENT,
        required=True,
        assigned_on=today - 10 * DAY,
        due_on=today - days * DAY,
        late=False,
    )


def complete(late: LateScene, people: Sequence[UUID]) -> None:
    """Let officers complete the course today."""
    with late.app.app_context(), transaction():
        for row in db.session.query(Assignment).filter(Assignment.person_id.in_(people)):
            row.begun_on = row.last_step_on = row.completed_on = clock.today()


def supervisor(late: LateScene, officers: Sequence[UUID], country: str) -> UUID:
    """Add a supervisor of these officers."""
    with late.app.app_context():
        grants = ((Role.SUPERVISOR, Scope.COUNTRY, country),)
        person_id = factories.person(country=country, roles=(), alias="Supervisor of the scene", grants=grants)
        with transaction():
            for officer in officers:
                assert supervision.assign(officer, person_id, clock.today()) is None
    return person_id


def course_subject(late: LateScene) -> ReminderSubject:
    """Return the row of the course."""
    return ReminderSubject(LateKind.COURSE, str(late.course_id), LateRule.CONTACT_POINT)


def remind(late: LateScene, *, country: str = "IQ", person_id: UUID | None = None, days: int = 10) -> list[UUID]:
    """Send a reminder about the course: to the contact points of a country, or to an officer."""
    office = ReminderOffice.CONTACT_POINT if person_id is None else ReminderOffice.OFFICER
    to = ReminderRecipient(office=office, country=country, person_id=person_id)
    wanted_by = clock.today() + days * DAY
    new = NewReminder(recipient=to, subjects=[course_subject(late)], wanted_by=wanted_by, message="Please look.")
    with late.app.app_context(), transaction():
        by = late.scene.people["coordinator"]
        return list(reminders.send_each([new], by=by, now=clock.now()).ids)


def days_later(days: float) -> None:
    """Move the clock of the academy ahead."""
    now = clock.now()
    clock.move(lambda: now + days * DAY - clock.real_now())
