"""The page of an event: what it is, where one stands, what is needed before, when and where it is held."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.access.policy import Action, Actor, allows
from app.catalogue.queries import courses as catalogue
from app.competence.labels.competencies import level
from app.i18n import stored_translations as texts
from app.i18n.languages import current, direction, language
from app.i18n.stored_translations import TranslatedText
from app.learning import domain as learning_domain
from app.learning import labels as learning_pages
from app.learning.queries import progress as learning
from app.learning.shapes import CourseStanding
from app.workshops import labels
from app.workshops.domain.events import Format, is_for
from app.workshops.domain.seats import BookingState
from app.workshops.pages.participation import Participation, action, notice, route, saying
from app.workshops.queries import bookings, eligibility
from app.workshops.shapes import BookingLine, SessionFacts, WorkshopFacts


def page(
    actor: Actor, given: WorkshopFacts, booking: BookingLine | None, *, share: float | None, now: datetime
) -> dict[str, Any]:
    """Return everything that the page of an event shows; `share` of its sessions is how much one was there."""
    said = texts.translations_for([given.id, *(one.id for one in given.sessions)], labels.content_language())
    courses = _needed(actor, given)
    role = _role(actor, given, booking, now)
    taken, waiting = bookings.counts([given.id])[given.id]
    stands = Participation(
        given,
        booking,
        share,
        free=given.capacity - taken,
        waiting=waiting,
        missing=[(one["name"], one["href"]) for one in courses if one["state"] != "done"],
        now=now,
        for_roles=labels.audience(given.roles) if role and not role["fits"] else "",
    )
    seated = booking is not None and booking.state is BookingState.SEATED
    return {
        "workshop": _heading(given, said),
        "notice": notice(stands),
        "route": route(stands),
        "saying": saying(stands),
        "action": action(stands, actor),
        "calendar": url_for("workshops.calendar", workshop_id=given.id) if seated and now < given.ends_at else "",
        "certificate": url_for("workshops.certificate", workshop_id=given.id) if stands.earned else "",
        "practise": _lines(said.get((given.id, "practise"))),
        "outcomes": _outcomes(given),
        "role": role,
        "needed": courses,
        "sessions": [_session(given, one, said) for one in given.sessions],
        "facts": _facts(given),
        "languages": [_spoken(code) for code in given.languages],
        "venue": (given.venue if seated else _("Shown to those with a seat")) if given.venue else "",
    }


def _heading(given: WorkshopFacts, said: Mapping[tuple[UUID, str], TranslatedText]) -> dict[str, Any]:
    return {
        "title": labels.translated(said.get((given.id, "title")), given.code),
        "lead": labels.translated(said.get((given.id, "summary")), ""),
        "code": given.code,
        "kind": labels.kind(given.kind),
        "iso": given.first_day.isoformat(),
        "days": labels.days(given.first_day, given.last_day),
        "place": labels.place_and_country(given),
        "seats": given.capacity,
        "mark": learning_pages.sensitivity(given.sensitivity),
    }


def _lines(said: TranslatedText | None) -> dict[str, Any]:
    found = labels.translated(said, "")
    return found | {"lines": [line for line in found["text"].splitlines() if line.strip()]}


def _outcomes(given: WorkshopFacts) -> list[dict[str, str]]:
    titles = catalogue.competency_titles(current()) if given.outcomes else {}
    return [{"name": titles.get(name, name), "level": level(at)} for name, at in given.outcomes]


def _needed(actor: Actor, given: WorkshopFacts) -> list[dict[str, Any]]:
    """Return the courses that are needed before, with how far one is; one that the reader may not see has no link."""
    if not given.prerequisites:
        return []
    known = {stands.outline.code: stands for stands in learning.visible_courses(actor)}
    return [_course(known[code]) if code in known else _unknown(code) for code in given.prerequisites]


def _role(actor: Actor, given: WorkshopFacts, booking: BookingLine | None, now: datetime) -> dict[str, Any] | None:
    """Return whether an event fits the reader; None for who has a seat or cannot book, or where any role fits."""
    seated = booking is not None and booking.state is BookingState.SEATED
    if not given.roles or seated or now >= given.starts_at or not allows(actor, Action.BOOK_SEAT, given):
        return None
    own = eligibility.own_roles(actor.id, now.date())
    fits = is_for(given.roles, own)
    return {
        "name": _("For: %(roles)s", roles=labels.audience(given.roles)),
        "sub": _("Your role: %(roles)s", roles=labels.audience(own)) if own else _("You have no role yet."),
        "fits": fits,
        "word": _("Fits your role") if fits else _("Not for your role"),
        "kind": "good" if fits else "none",
    }


def _course(stands: CourseStanding) -> dict[str, Any]:
    outline, code = stands.outline, learning_pages.shown(stands.outline)
    completed = stands.way is not None and stands.way.completed_at is not None
    progress = learning_domain.progress(stands.asks, stands.standing)
    state = {"here": "started"}.get(learning_pages.state(stands), "open")
    return {
        "name": f"{outline.code} {outline.title(code)}",
        "href": url_for("learning.course", course=outline.slug),
        "sub": _("%(n)s of %(m)s lessons done", n=progress.done, m=progress.total),
        "state": "done" if completed else state,
        "lang": code,
        "dir": direction(code),
    }


def _unknown(code: str) -> dict[str, Any]:
    return {
        "name": code,
        "href": "",
        "sub": _("This course is not open to you."),
        "state": "open",
        "lang": "",
        "dir": "",
    }


def _session(
    given: WorkshopFacts, one: SessionFacts, said: Mapping[tuple[UUID, str], TranslatedText]
) -> dict[str, Any]:
    return {
        "title": labels.translated(said.get((one.id, "title")), _("Session %(n)s", n=one.number)),
        "kind": labels.session_kind(one.kind),
        "iso": one.day.isoformat(),
        "day": labels.short_day(one.day),
        "hours": _("%(hours)s %(place)s", hours=labels.hours(one.starts, one.ends), place=labels.clock_of(given)),
        "own": labels.own_hours(one, current_user.signed.time_zone),
    }


def _facts(given: WorkshopFacts) -> list[tuple[str, str]]:
    audience = labels.audience(given.roles) if given.roles else _("Any officer")
    found = [
        (_("For"), audience),
        (_("Where"), labels.place_and_country(given)),
        (_("Booking until"), labels.deadline(given)),
    ]
    return [*found, (_("Form"), form(given.form)), (_("Code"), given.code)]


def form(given: Format) -> str:
    """Return how one takes part."""
    return {Format.IN_PERSON: _("In person"), Format.ONLINE: _("Online"), Format.BLENDED: _("In person and online")}[
        given
    ]


def _spoken(code: str) -> dict[str, str]:
    found = language(code)
    return {"code": found.code, "name": found.name, "dir": found.direction}
