"""Texts and rules for the steps of a nominated event: go or no go, postpone, resume; for `pages.steps`."""

from datetime import datetime

from flask_babel import gettext as _, ngettext

from app.i18n import babel
from app.workshops.domain.events import ACTIVE, WorkshopStep
from app.workshops.domain.nominations import LIVE, NominationState
from app.workshops.queries import selection as queries
from app.workshops.shapes import WorkshopFacts

STEPS = (WorkshopStep.CONFIRM_SEATS, WorkshopStep.POSTPONE, WorkshopStep.RESUME)


def asks_why(workshop: WorkshopFacts, step: WorkshopStep) -> bool:
    """Return whether a step needs a reason: postponing always, going ahead with too few confirmed people."""
    if step is WorkshopStep.CONFIRM_SEATS:
        return _lacks_people(workshop)
    return step is WorkshopStep.POSTPONE


def question(step: WorkshopStep) -> tuple[str, str]:
    """Return the title of the page of a step, and its verb."""
    return {
        WorkshopStep.CONFIRM_SEATS: (_("Decide that this event takes place?"), _("The event takes place")),
        WorkshopStep.POSTPONE: (_("Postpone this event?"), _("Postpone the event")),
        WorkshopStep.RESUME: (_("Resume this event?"), _("Resume the event")),
    }[step]


def done(step: WorkshopStep) -> str:
    """Return the message after a step."""
    return {
        WorkshopStep.CONFIRM_SEATS: _("Decided: the event takes place."),
        WorkshopStep.POSTPONE: _("Postponed. All nominees will be notified."),
        WorkshopStep.RESUME: _("Resumed. All nominees will be notified."),
    }[step]


def consequences(workshop: WorkshopFacts, step: WorkshopStep) -> list[str]:
    """Return the consequences of a step."""
    if step is WorkshopStep.CONFIRM_SEATS:
        return _if_confirmed(workshop)
    if step is WorkshopStep.POSTPONE:
        return [
            notified(workshop),
            _("Nominations, offers and seats stay. Seats are not in calendars until there is a new date."),
            _("Set the new date in facts and sessions, then resume the event."),
        ]
    day = babel.days(workshop.first_day, workshop.last_day)
    date = _("The new date is %(day)s.", day=day) if workshop.has_days else _("It keeps its days: %(day)s.", day=day)
    return [notified(workshop), date, _("Open offers get a new last day to answer.")]


def refusal(workshop: WorkshopFacts, step: WorkshopStep, now: datetime) -> str:
    """Return why a step is not possible now, or ""."""
    has_begun = now >= workshop.starts_at
    if step is WorkshopStep.RESUME:
        return _("Set a date to come first, in facts and sessions.") if has_begun else ""
    return _("It has begun.") if has_begun and workshop.state in ACTIVE else ""


def notified(workshop: WorkshopFacts) -> str:
    """Return how many nominees a step notifies."""
    counts = queries.counts_by_state([workshop.id])[workshop.id]
    number = sum(counts.get(state, 0) for state in LIVE)
    return ngettext("%(num)s person will be notified.", "%(num)s people will be notified.", number)


def _if_confirmed(workshop: WorkshopFacts) -> list[str]:
    minimum = workshop.nomination.minimum if workshop.nomination else 0
    numbers = _("%(n)s confirmed, at least %(m)s are needed", n=_confirmed(workshop), m=minimum)
    texts = [_("%(text)s.", text=numbers), _("The decision is recorded in the history of the event.")]
    if _lacks_people(workshop):
        texts.append(_("Fewer people than the minimum confirmed. Say why the event takes place."))
    return texts


def _lacks_people(workshop: WorkshopFacts) -> bool:
    return workshop.nomination is not None and _confirmed(workshop) < workshop.nomination.minimum


def _confirmed(workshop: WorkshopFacts) -> int:
    return queries.counts_by_state([workshop.id])[workshop.id].get(NominationState.CONFIRMED, 0)
