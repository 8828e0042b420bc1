"""What a step of an event means, said before it is taken; and who runs and assesses it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts import queries as accounts
from app.accounts.alias_order import alias_key
from app.workshops import queries, roster
from app.workshops.domain.events import MOVES, OVER, WorkshopState, WorkshopStep
from app.workshops.pages import event, words
from app.workshops.shapes import WorkshopFacts


def page(given: WorkshopFacts, step: WorkshopStep, *, by: UUID, now: datetime) -> dict[str, Any]:
    """Return the page that names the consequences of a step; `shut` says why it cannot be taken now."""
    title, verb, consequences = _about(given, step, now)
    return {
        "workshop": event.named(given),
        "title": title,
        "verb": verb,
        "consequences": consequences,
        "shut": _shut(given, step, by=by, now=now),
        "asks_why": step is WorkshopStep.CANCEL,
        "action": _action(given, step),
    }


def done(step: WorkshopStep) -> str:
    """Return what happened and what follows."""
    return {
        WorkshopStep.ANNOUNCE: _("Announced. Officers see it now and can book."),
        WorkshopStep.CANCEL: _("Cancelled. Everybody with a seat or on the waiting list is told."),
        WorkshopStep.CLOSE: _("Closed. It counts in the plan from now on."),
    }[step]


def staff(given: WorkshopFacts) -> dict[str, Any]:
    """Return trainers and assessors by alias, each with where to take them off: nowhere for the last trainer."""
    names = accounts.names([*given.trainers, *given.assessors])
    fixed, last = given.state in OVER, len(given.trainers) == 1
    return {
        "trainers": _staff(given, given.trainers, names, can_go=not fixed and not last),
        "assessors": _staff(given, given.assessors, names, can_go=not fixed),
        "last": last and not fixed,
    }


def _staff(
    given: WorkshopFacts, people: Iterable[UUID], names: Mapping[UUID, str], *, can_go: bool
) -> list[dict[str, str]]:
    return [
        {
            "alias": alias,
            "url": url_for("teaching.take_off", workshop_id=given.id, person_id=one) if can_go else "",
        }
        for alias, one in sorted(((names.get(one, ""), one) for one in people), key=lambda pair: alias_key(pair[0]))
    ]


def _action(given: WorkshopFacts, step: WorkshopStep) -> str:
    if step is WorkshopStep.CLEAR:
        return url_for("teaching.clear", workshop_id=given.id)
    return url_for("teaching.take_step", workshop_id=given.id, step=str(step))


def _about(given: WorkshopFacts, step: WorkshopStep, now: datetime) -> tuple[str, str, list[str]]:
    match step:
        case WorkshopStep.CLEAR:
            return _("Clear this event?"), _("Clear"), [
                _("You say that you looked at facts, safety and words, and did not write it yourself."),
                _("After that it can be announced. A later change needs a second person again."),
            ]  # fmt: skip
        case WorkshopStep.ANNOUNCE:
            return _("Announce this event?"), _("Announce"), [
                _("Officers see it in the list and can book until %(day)s.", day=words.deadline(given)),
                _("Its code, kind, mark, host country and competencies stay as they are."),
            ]  # fmt: skip
        case WorkshopStep.CANCEL:
            return _("Cancel this event?"), _("Cancel the event"), _if_cancelled(given)
        case _:
            return _("Close this event?"), _("Close"), _if_closed(given, now)


def _if_cancelled(given: WorkshopFacts) -> list[str]:
    taken, waiting = queries.counts([given.id])[given.id]
    told = ngettext("%(num)s person is told.", "%(num)s people are told.", taken + waiting)
    return [told, _("It cannot be opened again. The record stays."), _("Those who are told can read your reason.")]


def _if_closed(given: WorkshopFacts, now: datetime) -> list[str]:
    open_sessions = len(roster.unmarked([given.id], now))
    found = [
        _("It counts in the plan, and officers find their certificates of attendance."),
        _("From then on it can only be read: no more scores, and only a coordinator corrects attendance."),
    ]
    if open_sessions:
        missing = ngettext(
            "%(num)s session has no attendance yet. It would count as missed by everybody.",
            "%(num)s sessions have no attendance yet. They would count as missed by everybody.",
            open_sessions,
        )
        return [missing, *found]
    return found


def _shut(given: WorkshopFacts, step: WorkshopStep, *, by: UUID, now: datetime) -> str:
    if (given.state, step) not in MOVES:
        return _("This step is not possible now. Look at the event again.")
    if step is WorkshopStep.CLEAR and by in {given.made_by, given.changed_by}:
        return _("You wrote it. A second person clears it.")
    if step is WorkshopStep.CLOSE and now < given.ends_at:
        return _("It can be closed after its last session.")
    if step is WorkshopStep.CANCEL and given.state is WorkshopState.ANNOUNCED and now >= given.starts_at:
        return _("It has begun. It can no longer be cancelled.")
    if step is WorkshopStep.ANNOUNCE and now >= given.booking_closes_at:
        return _("Booking would be over already. Change the dates first.")
    return ""
