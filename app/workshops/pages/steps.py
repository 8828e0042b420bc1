"""What a step of an event means, said before it is taken; and who runs and assesses it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.access.policy import Actor
from app.i18n import stored_translations as texts
from app.identity.domain.alias_order import alias_key
from app.identity.queries import people as accounts
from app.learning import labels as learning_pages
from app.workshops import labels
from app.workshops.domain.closing import ResultGaps
from app.workshops.domain.events import OVER, TRANSITIONS, WorkshopState, WorkshopStep
from app.workshops.pages import event
from app.workshops.queries import bookings, participants
from app.workshops.service import closing
from app.workshops.shapes import WorkshopFacts


def page(actor: Actor, workshop: WorkshopFacts, step: WorkshopStep, *, now: datetime) -> dict[str, Any]:
    """Return the page that names the consequences of a step; `shut` says why it cannot be taken now."""
    title, verb, consequences = _about(workshop, step)
    missing = participants.gaps(workshop) if step is WorkshopStep.CLOSE else None
    return {
        "workshop": event.named(workshop),
        "title": title,
        "verb": verb,
        "consequences": consequences,
        "shut": _shut(workshop, step, by=actor.id, now=now),
        "missing": _missing(actor, workshop, missing) if missing else [],
        "asks_why": step in {WorkshopStep.CANCEL, WorkshopStep.REOPEN} or bool(missing),
        "danger": step is WorkshopStep.CANCEL,
        "action": _action(workshop, step),
    }


def asks_why(workshop: WorkshopFacts, step: WorkshopStep) -> bool:
    """Return whether a step is taken with a reason alone: closing, while something is missing."""
    if step is WorkshopStep.CLOSE:
        return workshop.state is WorkshopState.ANNOUNCED and bool(participants.gaps(workshop))
    return step in {WorkshopStep.CANCEL, WorkshopStep.REOPEN}


def done(step: WorkshopStep) -> str:
    """Return what happened and what follows."""
    return {
        WorkshopStep.ANNOUNCE: _("Announced. Officers see it now and can book."),
        WorkshopStep.CANCEL: _("Cancelled. Everyone with a seat or on the waiting list will be notified."),
        WorkshopStep.CLOSE: _("Closed. It counts in the plan from now on."),
        WorkshopStep.REOPEN: _("Reopened. Its trainers and assessors get a notice."),
    }[step]


def staff(workshop: WorkshopFacts) -> dict[str, Any]:
    """Return trainers and assessors by alias, each with where to take them off: nowhere for the last trainer."""
    names = accounts.names([*workshop.trainers, *workshop.assessors])
    fixed, last = workshop.state in OVER, len(workshop.trainers) == 1
    return {
        "trainers": _staff(workshop, workshop.trainers, names, can_go=not fixed and not last),
        "assessors": _staff(workshop, workshop.assessors, names, can_go=not fixed),
        "last": last and not fixed,
    }


def _staff(
    workshop: WorkshopFacts, people: Iterable[UUID], names: Mapping[UUID, str], *, can_go: bool
) -> list[dict[str, str]]:
    return [
        {
            "alias": alias,
            "url": url_for("workshops.remove_staff", workshop_id=workshop.id, person_id=person_id) if can_go else "",
        }
        for alias, person_id in sorted(
            ((names.get(person_id, ""), person_id) for person_id in people), key=lambda pair: alias_key(pair[0])
        )
    ]


def _action(workshop: WorkshopFacts, step: WorkshopStep) -> str:
    if step is WorkshopStep.CLEAR:
        return url_for("workshops.clear", workshop_id=workshop.id)
    return url_for("workshops.take_step", workshop_id=workshop.id, step=str(step))


def _about(workshop: WorkshopFacts, step: WorkshopStep) -> tuple[str, str, list[str]]:
    match step:
        case WorkshopStep.CLEAR:
            return _("Clear this event?"), _("Clear"), [
                _("You confirm that you checked facts, safety and wording, and did not write it yourself."),
                _("After that it can be announced. A later change needs a second person again."),
            ]  # fmt: skip
        case WorkshopStep.ANNOUNCE:
            return _("Announce this event?"), _("Announce"), [
                _("Officers see it in the list and can book until %(day)s.", day=labels.deadline(workshop)),
                _("Its code, kind, mark, host country and competencies stay as they are."),
            ]  # fmt: skip
        case WorkshopStep.CANCEL:
            return _("Cancel this event?"), _("Cancel the event"), _if_cancelled(workshop)
        case WorkshopStep.REOPEN:
            return _("Reopen this event?"), _("Reopen the event"), [
                _("Attendance and scores can be entered again for 14 days."),
                _("It leaves the plan until it is closed again."),
                _("Its trainers and assessors get a notice. Your reason is kept in its history."),
            ]  # fmt: skip
        case _:
            return _("Close this event?"), _("Close"), [
                _("It counts in the plan, and officers find their certificates of attendance."),
                _("From then on it can only be read: no more scores, and only a coordinator corrects attendance."),
            ]  # fmt: skip


def _if_cancelled(workshop: WorkshopFacts) -> list[str]:
    taken, waiting = bookings.counts([workshop.id])[workshop.id]
    notified = ngettext("%(num)s person will be notified.", "%(num)s people will be notified.", taken + waiting)
    return [notified, _("It cannot be opened again. The record stays."), _("The people notified can read your reason.")]


def _missing(actor: Actor, workshop: WorkshopFacts, missing: ResultGaps) -> list[dict[str, str]]:
    """Return what is missing: marks by session, then scores, each with the page on which it is entered."""
    translations = texts.translations_for([one.id for one in workshop.sessions], learning_pages.wanted())
    rows = [
        event.session_title(one, translations)
        | {
            "sub": ngettext("%(num)s mark is missing", "%(num)s marks are missing", missing.marks[one.id]),
            "href": url_for("workshops.attendance", workshop_id=workshop.id, number=one.number),
        }
        for one in workshop.sessions
        if one.id in missing.marks
    ]
    if missing.scores:
        sub = ngettext("%(num)s score is missing", "%(num)s scores are missing", missing.scores)
        href = url_for("workshops.participants", workshop_id=workshop.id) if actor.id in workshop.assessors else ""
        rows.append({"text": _("Scores by rubric"), "lang": "", "dir": "", "sub": sub, "href": href})
    return rows


def _shut(workshop: WorkshopFacts, step: WorkshopStep, *, by: UUID, now: datetime) -> str:
    if (workshop.state, step) not in TRANSITIONS:
        return _("This step is not possible now. Look at the event again.")
    match step:
        case WorkshopStep.CLEAR:
            wrong, why = by in {workshop.made_by, workshop.changed_by}, _("You wrote it. A second person clears it.")
        case WorkshopStep.REOPEN:
            wrong = not closing.may_reopen(workshop, now)
            why = _("It is open. Attendance and scores can still be entered.")
        case WorkshopStep.CLOSE:
            wrong, why = now < workshop.ends_at, _("It can be closed after its last session.")
        case WorkshopStep.CANCEL:
            wrong = workshop.state is WorkshopState.ANNOUNCED and now >= workshop.starts_at
            why = _("It has begun. It can no longer be cancelled.")
        case _:
            wrong = now >= workshop.booking_closes_at
            why = _("Booking would be over already. Change the dates first.")
    return why if wrong else ""
