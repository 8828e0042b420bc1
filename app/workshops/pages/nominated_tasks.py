"""Tasks and state of nominated events for their coordinators and trainers; for `pages.dashboard`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import url_for
from flask_babel import gettext as _, ngettext

from app.i18n import babel
from app.workshops import labels
from app.workshops.domain import times
from app.workshops.domain.events import WorkshopState
from app.workshops.domain.nominations import NominationState
from app.workshops.domain.phases import NominationRules
from app.workshops.shapes import WorkshopLine

SOON = timedelta(days=7)  # a decision is due soon
Counts = Mapping[NominationState, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class NominationTask:
    """What the secretariat has to do in an event, with the day in words."""

    name: str
    sub: str
    href: str
    is_due: bool


def state(workshop: WorkshopLine, rules: NominationRules, now: datetime) -> tuple[str, str]:
    """Return the state of an announced nominated event before its first day, and its shape."""
    if workshop.state is WorkshopState.SELECTION_MADE:
        return _("Selection made"), "here"
    if workshop.state is WorkshopState.SEATS_CONFIRMED:
        return _("Takes place"), "good"
    if now < times.start_of(rules.opens, workshop.time_zone):
        return _("Announced"), "open"
    return (_("Nominations open"), "open") if now < _closes_at(workshop, rules) else (_("Nominations closed"), "wait")


def tasks(
    workshop: WorkshopLine, rules: NominationRules, counts: Counts, title: str, now: datetime
) -> Iterator[NominationTask]:
    """Yield what the secretariat has to do in an announced event before its first day."""
    if labels.local_day(now, workshop.time_zone) >= workshop.first_day:
        return
    href = url_for("workshops.show_selection", workshop_id=workshop.id)
    if workshop.state is WorkshopState.ANNOUNCED and now >= _closes_at(workshop, rules):
        sub = _("%(title)s, nominations closed on %(day)s", title=title, day=babel.short_day(rules.deadline))
        yield NominationTask(name=_("Select the nominees"), sub=sub, href=href, is_due=True)
    if workshop.state is WorkshopState.SELECTION_MADE:
        yield from _after_selection(workshop, rules, counts, title, now)


def _after_selection(
    workshop: WorkshopLine, rules: NominationRules, counts: Counts, title: str, now: datetime
) -> Iterator[NominationTask]:
    href = url_for("workshops.show_selection", workshop_id=workshop.id)
    unsent = counts.get(NominationState.SELECTED, 0)
    if unsent:
        day = babel.short_day(rules.reallocation or workshop.first_day)
        name = ngettext("Send %(num)s offer", "Send %(num)s offers", unsent)
        yield NominationTask(
            name=name, sub=_("%(title)s, before %(day)s", title=title, day=day), href=href, is_due=True
        )
        return
    last_day = rules.decide_by or workshop.first_day
    is_due = now >= times.start_of(last_day, workshop.time_zone) - SOON
    sub = _("%(title)s, by %(day)s", title=title, day=babel.short_day(last_day))
    yield NominationTask(name=_("Decide whether the event takes place"), sub=sub, href=href, is_due=is_due)


def _closes_at(workshop: WorkshopLine, rules: NominationRules) -> datetime:
    return times.end_of(rules.deadline, workshop.time_zone)
