"""Completion, late work, reminders, actions, exemptions and suggestions of a busy academy, in the states of pages."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import update

from app.access.policy import Actor, Role
from app.catalogue.queries import courses as catalogue
from app.catalogue.shapes import Outline
from app.coordination.domain.actions import Office, Owner
from app.coordination.domain.late import LateKind, LateRule
from app.coordination.domain.reminders import ReminderOffice, ReminderRecipient, ReminderSubject
from app.coordination.service import actions, matrix, reminders
from app.coordination.service.actions import NewAction
from app.coordination.service.matrix import BulkSuggestion
from app.coordination.service.reminders import NewReminder
from app.db.session import db, transaction
from app.identity.queries import people as accounts
from app.kernel import clock
from app.learning.domain import Suggester
from app.learning.domain.requirements import ExemptionKind, ExemptionReason, NewExemption, NewRequirement
from app.learning.models.completion import Assignment
from app.learning.service import exemptions, requirements

COUNTRY = "IQ"
DAY = timedelta(days=1)


def make(people: Mapping[str, UUID], crowd: Sequence[UUID], slugs: tuple[str, str]) -> dict[str, str]:
    """Require the first course of `slugs` and suggest the second; return ids by what they are.

    The officers of `crowd` are overdue; newcomer and officer are exempt, or will be.
    """
    reader = Actor(people["officer"], COUNTRY, frozenset({Role.PRACTITIONER}))
    required, suggested = (catalogue.visible(reader, slug) for slug in slugs)
    ids = _requirements(people, required)
    _be_overdue(crowd, required)
    ids |= _exempt(people, required)
    ids |= _reminders(people, required)
    ids |= {"action": str(_action(people))}
    ids |= {
        "batch": str(_suggest(people["contact point"], Suggester.CONTACT_POINT, crowd[:2], suggested)),
        "team batch": str(_suggest(people["supervisor"], Suggester.SUPERVISOR, [people["officer"]], suggested)),
    }
    return ids | {"overdue": f"{crowd[0]}:{required.course_id}", "course of all": str(required.course_id)}


def _requirements(people: Mapping[str, UUID], course: Outline) -> dict[str, str]:
    first, second = (
        Actor(people[name], "BG", frozenset({Role.COORDINATOR})) for name in ("coordinator", "second coordinator")
    )
    new = NewRequirement(starts=clock.today(), due_days=30, reason="Agreed by the board.")
    with transaction():
        agreed = requirements.draft(course.course_id, new, by=first, now=clock.now())
    with transaction():
        requirements.agree(agreed, by=second, now=clock.now())
        later = NewRequirement(starts=clock.today() + 10 * DAY, due_days=60, reason="For new officers.")
        draft = requirements.draft(course.course_id, later, by=first, now=clock.now())
    return {"requirement": str(agreed), "requirement draft": str(draft)}


def _be_overdue(people: Sequence[UUID], course: Outline) -> None:
    today = clock.today()
    of_course = (Assignment.person_id.in_(people), Assignment.course_id == course.course_id)
    values = {"since": today - 90 * DAY, "assigned_on": today - 60 * DAY, "due_on": today - 30 * DAY}
    with transaction():
        db.session.execute(update(Assignment).where(*of_course).values(**values))


def _exempt(people: Mapping[str, UUID], course: Outline) -> dict[str, str]:
    """Exempt the newcomer, and let a longer exemption of the officer wait for a second person."""
    ids = {}
    for name, days, author, role in (
        ("newcomer", 60, "contact point", Role.CONTACT_POINT),
        ("officer", 200, "supervisor", Role.SUPERVISOR),
    ):
        by, until = Actor(people[author], COUNTRY, frozenset({role})), clock.today() + days * DAY
        new = NewExemption(kind=ExemptionKind.EXEMPT, until=until, reason=ExemptionReason.TRAINED_ELSEWHERE)
        with transaction():
            ids[f"exemption by the {author}"] = str(
                exemptions.set_exemption(people[name], course.course_id, new, country=COUNTRY, by=by, now=clock.now())
            )
    return ids


def _reminders(people: Mapping[str, UUID], course: Outline) -> dict[str, str]:
    subject = ReminderSubject(LateKind.COURSE, str(course.course_id), LateRule.CONTACT_POINT)
    office = ReminderRecipient(office=ReminderOffice.CONTACT_POINT, country=COUNTRY)
    officer = ReminderRecipient(office=ReminderOffice.OFFICER, country=COUNTRY, person_id=people["officer"])
    ids = {}
    for name, recipient, by in (("reminder", office, "coordinator"), ("officer reminder", officer, "contact point")):
        new = NewReminder(
            recipient=recipient, subjects=[subject], wanted_by=clock.today() + 10 * DAY, message="Before the meeting."
        )
        with transaction():
            ids[name] = str(reminders.send_each([new], by=people[by], now=clock.now()).ids[0])
    return ids


def _action(people: Mapping[str, UUID]) -> UUID:
    new = NewAction(
        text="Plan watched checks in spring",
        owner=Owner(office=Office.CONTACT_POINT, country=COUNTRY),
        due_on=clock.today() + 5 * DAY,
    )
    by, now = people["coordinator"], clock.now()
    with transaction():
        action_id = actions.create(new, members=frozenset({COUNTRY}), by=by, now=now)
        actions.add_note(action_id, "The hall is booked.", by=by, now=now)
        actions.move(action_id, clock.today() + 20 * DAY, by=by, now=now)
    return action_id


def _suggest(by: UUID, suggested_as: Suggester, officers: Sequence[UUID], course: Outline) -> UUID:
    actor = Actor(by, COUNTRY, frozenset({Role(suggested_as.value)}))
    new = BulkSuggestion(current=course, by=actor, suggested_as=suggested_as, due_on=clock.today() + 30 * DAY)
    lines = accounts.officers_of(COUNTRY, clock.today(), having=lambda person_id: person_id.in_(officers), size=9)
    with transaction():
        suggestion_id, _count = matrix.suggest(lines, new, clock.now())
    assert suggestion_id is not None
    return suggestion_id
