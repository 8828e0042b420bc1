"""Build the pages for a step of an event with its consequences, for its staff and its seats; for `views.teaching`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _, ngettext

from app.access.policy import Actor
from app.i18n import babel, stored_translations as texts
from app.identity.domain.alias_order import alias_key
from app.identity.queries import people as accounts, roles
from app.learning import labels as learning_pages
from app.web.pages import Page
from app.workshops import labels
from app.workshops.domain.closing import ResultGaps
from app.workshops.domain.events import ACTIVE, OVER, TRANSITIONS, WorkshopStep
from app.workshops.forms.scoring import CapacityForm, PersonForm, StepReasonForm
from app.workshops.pages import conflict_texts, event, nominated_steps
from app.workshops.pages.dashboard import TeachingTask
from app.workshops.pages.event import EventHeading
from app.workshops.queries import bookings, participants
from app.workshops.queries.workshops import EVENT_ROLES
from app.workshops.service import closing
from app.workshops.shapes import WorkshopFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class StepPage(Page):
    """A step of an event; `refusal` is why it is not possible now, or ""."""

    template: ClassVar[str] = "teaching/step.html"
    heading: EventHeading
    title: str
    verb: str
    consequences: Sequence[str]
    refusal: str
    missing: Sequence[TeachingTask]
    asks_why: bool
    reason_hint: str
    is_dangerous: bool
    form: StepReasonForm
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffPage(Page):
    """The trainers and assessors of an event, each as (alias, address to remove the person, or "")."""

    template: ClassVar[str] = "teaching/people.html"
    heading: EventHeading
    trainers: Sequence[tuple[str, str]]
    assessors: Sequence[tuple[str, str]]
    trainers_note: str
    form: PersonForm
    refusal: str
    conflicts: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatNumberPage(Page):
    """The form to change the number of seats."""

    template: ClassVar[str] = "teaching/capacity.html"
    heading: EventHeading
    form: CapacityForm
    taken: int
    waiting: int


def page(actor: Actor, workshop: WorkshopFacts, step: WorkshopStep, form: StepReasonForm, *, now: datetime) -> StepPage:
    """Return the page of a step with its consequences."""
    title, verb = _question(step)
    missing = participants.missing_results(workshop) if step is WorkshopStep.CLOSE else None
    return StepPage(
        heading=event.heading_of(workshop),
        title=title,
        verb=verb,
        consequences=_consequences(workshop, step),
        refusal=_refusal(workshop, step, by=actor.id, now=now),
        missing=_missing(actor, workshop, missing) if missing else [],
        asks_why=asks_why(workshop, step),
        reason_hint=_reason_hint(step),
        is_dangerous=step is WorkshopStep.CANCEL,
        form=form,
        action=_action(workshop, step),
    )


def asks_why(workshop: WorkshopFacts, step: WorkshopStep) -> bool:
    """Return whether a step needs a reason: closing needs one only while marks or scores are missing."""
    if step in nominated_steps.STEPS:
        return nominated_steps.asks_why(workshop, step)
    if step is WorkshopStep.CLOSE:
        return workshop.state in ACTIVE and bool(participants.missing_results(workshop))
    return step in {WorkshopStep.CANCEL, WorkshopStep.REOPEN}


def done(step: WorkshopStep) -> str:
    """Return the message after a step."""
    if step in nominated_steps.STEPS:
        return nominated_steps.done(step)
    return {
        WorkshopStep.ANNOUNCE: _("Announced. Officers see it now."),
        WorkshopStep.CANCEL: _("Cancelled. Everyone with a seat or on the waiting list will be notified."),
        WorkshopStep.CLOSE: _("Closed. It counts in the plan from now on."),
        WorkshopStep.REOPEN: _("Reopened. Its trainers and assessors get a notice."),
    }[step]


def staff_page(workshop: WorkshopFacts, form: PersonForm, refusal: str) -> StaffPage:
    """Return the trainers and assessors by alias; the last trainer cannot be removed."""
    names = accounts.names([*workshop.trainers, *workshop.assessors])
    is_fixed = workshop.state in OVER
    is_last = len(workshop.trainers) == 1
    return StaffPage(
        heading=event.heading_of(workshop),
        trainers=_staff(workshop, workshop.trainers, names, removable=not is_fixed and not is_last),
        assessors=_staff(workshop, workshop.assessors, names, removable=not is_fixed),
        trainers_note=_("The last trainer cannot be removed. Add another one first.")
        if is_last and not is_fixed
        else "",
        form=form,
        refusal=refusal,
        conflicts=conflict_texts.lines(workshop),
    )


def staff_to_choose(workshop: WorkshopFacts, actor: Actor, now: datetime) -> list[str]:
    """Return the aliases of the trainers and assessors of other events and courses."""
    people = {person_id for role in EVENT_ROLES for person_id in roles.active_people(role, now.date())}
    names = accounts.names(people - {actor.id} - (workshop.trainers & workshop.assessors))
    return sorted(names.values(), key=alias_key)


def seats_page(workshop: WorkshopFacts, form: CapacityForm) -> SeatNumberPage:
    """Return the form to change the number of seats."""
    taken, waiting = bookings.counts([workshop.id])[workshop.id]
    return SeatNumberPage(heading=event.heading_of(workshop), form=form, taken=taken, waiting=waiting)


def _staff(
    workshop: WorkshopFacts, people: Iterable[UUID], names: Mapping[UUID, str], *, removable: bool
) -> list[tuple[str, str]]:
    rows = []
    for person_id in sorted(people, key=lambda person_id: alias_key(names.get(person_id, ""))):
        url = url_for("workshops.remove_staff", workshop_id=workshop.id, person_id=person_id)
        rows.append((names.get(person_id, ""), url if removable else ""))
    return rows


def _action(workshop: WorkshopFacts, step: WorkshopStep) -> str:
    if step is WorkshopStep.CLEAR:
        return url_for("workshops.clear", workshop_id=workshop.id)
    return url_for("workshops.take_step", workshop_id=workshop.id, step=event.step_name(step))


def _reason_hint(step: WorkshopStep) -> str:
    """Return who reads the reason of a step, if participants do, and what it must not contain."""
    forbidden = _("No names or details of real cases.")
    read = _("Participants read this reason.")
    return f"{read} {forbidden}" if step in {WorkshopStep.CANCEL, WorkshopStep.POSTPONE} else forbidden


def _question(step: WorkshopStep) -> tuple[str, str]:
    """Return the title of the page of a step, and its verb."""
    if step in nominated_steps.STEPS:
        return nominated_steps.question(step)
    return {
        WorkshopStep.CLEAR: (_("Clear this event?"), _("Clear")),
        WorkshopStep.ANNOUNCE: (_("Announce this event?"), _("Announce")),
        WorkshopStep.CANCEL: (_("Cancel this event?"), _("Cancel the event")),
        WorkshopStep.REOPEN: (_("Reopen this event?"), _("Reopen the event")),
        WorkshopStep.CLOSE: (_("Close this event?"), _("Close")),
    }[step]


def _consequences(workshop: WorkshopFacts, step: WorkshopStep) -> list[str]:
    if step is WorkshopStep.CANCEL:
        return _if_cancelled(workshop)
    if step in nominated_steps.STEPS:
        return nominated_steps.consequences(workshop, step)
    return {
        WorkshopStep.CLEAR: [
            _("You confirm that you checked facts, safety and wording, and did not write it yourself."),
            _("After that it can be announced. A later change needs a second person again."),
        ],
        WorkshopStep.ANNOUNCE: [
            _once_announced(workshop),
            _("Its code, kind, mark, host country and competencies stay as they are."),
        ],
        WorkshopStep.REOPEN: [
            _("Attendance and scores can be entered again for 14 days."),
            _("It leaves the plan until it is closed again."),
            _("Its trainers and assessors get a notice. Your reason is kept in its history."),
        ],
        WorkshopStep.CLOSE: [
            _("It counts in the plan, and officers find their certificates of attendance."),
            _("From then on it can only be read: no more scores, and only a coordinator corrects attendance."),
        ],
    }[step]


def _once_announced(workshop: WorkshopFacts) -> str:
    rules = workshop.nomination
    if rules is None:
        return _("Officers see it in the list and can book until %(day)s.", day=labels.deadline(workshop))
    days = babel.days(rules.opens, rules.deadline)
    return _("Officers see it in the list. Countries nominate: %(days)s.", days=days)


def _if_cancelled(workshop: WorkshopFacts) -> list[str]:
    if workshop.nomination is not None:
        notified = nominated_steps.notified(workshop)
    else:
        number = sum(bookings.counts([workshop.id])[workshop.id])
        notified = ngettext("%(num)s person will be notified.", "%(num)s people will be notified.", number)
    return [notified, _("It cannot be opened again. The record stays.")]


def _missing(actor: Actor, workshop: WorkshopFacts, missing: ResultGaps) -> list[TeachingTask]:
    """Return what is missing: marks by session, then scores, each with the page to enter them."""
    translations = texts.translations_for([session.id for session in workshop.sessions], learning_pages.wanted())
    rows = []
    for session in workshop.sessions:
        if session.id in missing.marks:
            title = labels.session_title(session, translations)
            sub = ngettext("%(num)s mark is missing", "%(num)s marks are missing", missing.marks[session.id])
            href = url_for("workshops.attendance", workshop_id=workshop.id, number=session.number)
            rows.append(TeachingTask(name=title.text, lang=title.lang, dir=title.dir, sub=sub, href=href))
    if missing.scores:
        sub = ngettext("%(num)s score is missing", "%(num)s scores are missing", missing.scores)
        href = url_for("workshops.participants", workshop_id=workshop.id) if actor.id in workshop.assessors else ""
        rows.append(TeachingTask(name=_("Scores by rubric"), sub=sub, href=href))
    return rows


def _refusal(workshop: WorkshopFacts, step: WorkshopStep, *, by: UUID, now: datetime) -> str:
    """Return why the step is not possible now, or ""."""
    if (workshop.state, step) not in TRANSITIONS:
        return _("This step is not possible now. Look at the event again.")
    if step in nominated_steps.STEPS:
        return nominated_steps.refusal(workshop, step, now)
    has_begun = workshop.state in ACTIVE and now >= workshop.starts_at
    is_refused, reason = {
        WorkshopStep.CLEAR: (
            by in {workshop.made_by, workshop.changed_by},
            _("You wrote it. A second person clears it."),
        ),
        WorkshopStep.REOPEN: (
            not closing.may_reopen(workshop, now),
            _("It is open. Attendance and scores can still be entered."),
        ),
        WorkshopStep.CLOSE: (now < workshop.ends_at, _("It can be closed after its last session.")),
        WorkshopStep.CANCEL: (has_begun, _("It has begun. It can no longer be cancelled.")),
        WorkshopStep.ANNOUNCE: (
            now >= workshop.booking_closes_at,
            _("Booking would be over already. Change the dates first."),
        ),
    }[step]
    return reason if is_refused else ""
