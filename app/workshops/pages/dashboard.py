"""What trainers, assessors and coordinators see first: what to do, their events, their courses."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext, pgettext

from app.access.policy import Action, Actor, Role, Scope, allows
from app.i18n import babel
from app.i18n import stored_translations as texts
from app.i18n.languages import direction
from app.i18n.stored_translations import TranslatedText
from app.identity.queries import roles as accounts
from app.learning import labels as learning_pages
from app.learning.queries import progress as learning
from app.workshops import labels
from app.workshops.domain import scoring
from app.workshops.domain.attendance import CORRECTED_WITHIN
from app.workshops.domain.events import HistoryKind, WorkshopState
from app.workshops.queries import bookings, participants, workshops
from app.workshops.shapes import WorkshopLine

MOST_TO_DO = 12
DAY = timedelta(days=1)  # a session is shorter
OPEN = (WorkshopState.DRAFT, WorkshopState.CLEARED, WorkshopState.ANNOUNCED)
Named = Mapping[tuple[UUID, str], TranslatedText]
Asked = Mapping[UUID, frozenset[HistoryKind]]


def page(actor: Actor, now: datetime) -> dict[str, Any]:
    """Return everything that the first page of teaching shows."""
    lines = workshops.teaching(actor)
    translations = texts.translations_for([one.id for one in lines], learning_pages.wanted())
    seats = bookings.counts([one.id for one in lines])
    runs = _reaches(actor, Role.TRAINER, now)
    assesses = _reaches(actor, Role.ASSESSOR, now)
    coordinates = Role.COORDINATOR in actor.roles
    run = [one for one in lines if coordinates or str(one.id) in runs]
    return {
        "to_do": _to_do(
            run, [one for one in lines if str(one.id) in assesses], translations, coordinates=coordinates, now=now
        ),
        "events": [_event(one, translations, seats[one.id], runs=one in run, now=now) for one in lines],
        "courses": _courses(actor, now),
        "new_url": url_for("workshops.new_workshop") if allows(actor, Action.MAKE_WORKSHOP) else "",
    }


def state(workshop: WorkshopLine, now: datetime, *, seats: tuple[int, int] = (0, 0)) -> tuple[str, str]:
    """Return the state of an event as a word and its shape; whether it is under way says the clock.

    `seats` are how many are taken and how many people wait.
    """
    if workshop.state is WorkshopState.ANNOUNCED:
        today = labels.local_day(now, workshop.time_zone)
        if today > workshop.last_day:
            return _("Held, not closed"), "risk"
        if today >= workshop.first_day:
            return _("Under way"), "here"
        return _before(workshop, now, *seats)
    return {
        WorkshopState.DRAFT: (_("Draft"), "here"),
        WorkshopState.CLEARED: (_("Cleared"), "wait"),
        WorkshopState.CLOSED: (pgettext("event", "Closed"), "good"),
        WorkshopState.CANCELLED: (_("Cancelled"), "bad"),
    }[workshop.state]


def _before(workshop: WorkshopLine, now: datetime, taken: int, waiting: int) -> tuple[str, str]:
    if now >= workshop.booking_closes_at:
        return _("Booking is over"), "none"
    return (_("Full"), "wait") if taken >= workshop.capacity or waiting else (_("Open for booking"), "open")


def _reaches(actor: Actor, role: Role, now: datetime) -> frozenset[str]:
    if role not in actor.roles:
        return frozenset()
    return frozenset(accounts.reaches(actor.id, Scope.EVENT, (role,), now.date()))


def _to_do(
    run: Sequence[WorkshopLine],
    assessed: Sequence[WorkshopLine],
    translations: Named,
    *,
    coordinates: bool,
    now: datetime,
) -> list[dict[str, Any]]:
    """Return what waits: attendance, scores, then steps of events; the oldest first within each."""
    announced = [one for one in (*run, *assessed) if one.state is WorkshopState.ANNOUNCED]
    asked = participants.asked({one.id for one in announced})
    attendance = _attendance(run, translations, asked, coordinates=coordinates, now=now)
    rows = [
        *attendance,
        *_scores(assessed, translations, asked, now),
        *_steps(run, translations, asked, now, coordinates=coordinates),
    ]
    return rows[:MOST_TO_DO]


def _attendance(
    run: Sequence[WorkshopLine], translations: Named, asked: Asked, *, coordinates: bool, now: datetime
) -> list[dict[str, Any]]:
    """Return sessions without attendance; where only a coordinator can enter it, the question to them, once."""
    announced = {one.id: one for one in run if one.state is WorkshopState.ANNOUNCED}
    rows = []
    for workshop_id, number, starts_at in participants.unmarked(announced.keys(), now):
        workshop = announced[workshop_id]
        over = now > max(starts_at, workshop.reopened_at or starts_at) + CORRECTED_WITHIN + DAY and not coordinates
        if over and HistoryKind.ATTENDANCE_ASKED in asked[workshop_id]:
            continue
        ask = _("Ask the coordinator: attendance of session %(n)s", n=number)
        rows.append(
            {
                "name": ask if over else _("Record attendance of session %(n)s", n=number),
                "sub": _about(workshop, translations),
                "href": url_for("workshops.attendance", workshop_id=workshop_id, number=number),
                "word": _("Time is over") if over else _("Due"),
                "kind": "none" if over else "risk",
            }
        )
    return rows


def _scores(assessed: Sequence[WorkshopLine], translations: Named, asked: Asked, now: datetime) -> list[dict[str, Any]]:
    """Return events with open scores; where the time is over, the question to the coordinators, once."""
    open_now = [
        workshop
        for workshop in assessed
        if workshop.state is WorkshopState.ANNOUNCED and workshop.first_day <= now.date()
    ]
    ids = [workshop.id for workshop in open_now]
    seats, outcomes, scored = bookings.counts(ids), workshops.outcomes_of(ids), participants.scored_counts(ids)
    rows = []
    for workshop in open_now:
        left = seats[workshop.id][0] * len(outcomes[workshop.id]) - scored[workshop.id]
        over = now >= scoring.open_until(workshop.last_day, workshop.time_zone, workshop.reopened_at)
        if left <= 0 or (over and HistoryKind.SCORES_ASKED in asked[workshop.id]):
            continue
        due = ngettext("%(num)s score is open", "%(num)s scores are open", left)
        ask = ngettext("Ask the coordinator: %(num)s score", "Ask the coordinator: %(num)s scores", left)
        rows.append(
            {
                "name": ask if over else due,
                "sub": _about(workshop, translations),
                "href": url_for("workshops.participants", workshop_id=workshop.id),
                "word": _("Time is over") if over else _("Due"),
                "kind": "none" if over else "risk",
            }
        )
    return rows


def _steps(
    run: Sequence[WorkshopLine], translations: Named, asked: Asked, now: datetime, *, coordinates: bool
) -> list[dict[str, Any]]:
    rows = []
    for one in reversed(run):
        name = _step(one, now)
        if coordinates and asked.get(one.id):
            name = _("Its staff ask you: reopen it, or close it")
        if name:
            word, kind = state(one, now)
            href = url_for("workshops.show_event", workshop_id=one.id)
            rows.append({"name": name, "sub": _about(one, translations), "href": href, "word": word, "kind": kind})
    return rows


def _step(workshop: WorkshopLine, now: datetime) -> str:
    """Return the next step of an event; before it is announced its dates must lie ahead."""
    if workshop.state is WorkshopState.ANNOUNCED:
        return _("Close it") if labels.local_day(now, workshop.time_zone) > workshop.last_day else ""
    if workshop.state not in OPEN:
        return ""
    if now >= workshop.booking_closes_at:
        return _("Its dates are over: change them, or cancel it")
    return _("A second person clears it") if workshop.state is WorkshopState.DRAFT else _("Announce it")


def _event(
    workshop: WorkshopLine, translations: Named, seats: tuple[int, int], *, runs: bool, now: datetime
) -> dict[str, Any]:
    word, kind = state(workshop, now, seats=seats)
    taken, waiting = seats
    to_come = (
        workshop.state is WorkshopState.ANNOUNCED and labels.local_day(now, workshop.time_zone) < workshop.first_day
    )
    endpoint = "workshops.show_event" if runs else "workshops.participants"
    return {
        "title": _title(workshop, translations),
        "href": url_for(endpoint, workshop_id=workshop.id),
        "code": workshop.code,
        "iso": workshop.first_day.isoformat(),
        "days": labels.days(workshop.first_day, workshop.last_day),
        "place": labels.place(workshop),
        "seats": _("%(n)s of %(m)s", n=taken, m=workshop.capacity),
        "waiting": waiting if to_come else 0,
        "word": word,
        "kind": kind,
    }


def _courses(actor: Actor, now: datetime) -> list[dict[str, str]]:
    """Return the courses that a trainer's role reaches to."""
    if Role.TRAINER not in actor.roles:
        return []
    named = set(accounts.reaches(actor.id, Scope.COURSE, (Role.TRAINER,), now.date()))
    if not named:
        return []
    courses = []
    for line in learning.visible_courses(actor):
        outline, code = line.outline, learning_pages.shown(line.outline)
        if named & {outline.slug, outline.code, str(outline.course_id)}:
            href = url_for("learning.course", course=outline.slug)
            courses.append({"name": outline.title(code), "lang": code, "dir": direction(code), "href": href})
    return courses


def _title(workshop: WorkshopLine, translations: Named) -> dict[str, str]:
    return labels.translated(translations.get((workshop.id, "title")), workshop.code)


def _about(workshop: WorkshopLine, translations: Named) -> str:
    return _("%(title)s, %(day)s", title=_title(workshop, translations)["text"], day=babel.words(workshop.first_day))
