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
from app.learning.shapes import CourseStatus
from app.workshops import labels
from app.workshops.domain.events import Format, is_for
from app.workshops.domain.seats import BookingState
from app.workshops.pages.participation import Participation, action, notice, route, saying
from app.workshops.queries import bookings, eligibility
from app.workshops.shapes import BookingLine, SessionFacts, WorkshopFacts


def page(
    actor: Actor, workshop: WorkshopFacts, booking: BookingLine | None, *, attendance_rate: float | None, now: datetime
) -> dict[str, Any]:
    """Return everything that the page of an event shows; `share` of its sessions is how much one was there."""
    translations = texts.translations_for(
        [workshop.id, *(one.id for one in workshop.sessions)], labels.content_language()
    )
    courses = _needed(actor, workshop)
    role = _role(actor, workshop, booking, now)
    taken, waiting = bookings.counts([workshop.id])[workshop.id]
    participation = Participation(
        workshop,
        booking,
        attendance_rate,
        free=workshop.capacity - taken,
        waiting=waiting,
        missing=[(one["name"], one["href"]) for one in courses if one["state"] != "done"],
        now=now,
        for_roles=labels.audience(workshop.roles) if role and not role["fits"] else "",
    )
    seated = booking is not None and booking.state is BookingState.SEATED
    return {
        "workshop": _heading(workshop, translations),
        "notice": notice(participation),
        "route": route(participation),
        "saying": saying(participation),
        "action": action(participation, actor),
        "calendar": url_for("workshops.calendar", workshop_id=workshop.id) if seated and now < workshop.ends_at else "",
        "certificate": url_for("workshops.certificate", workshop_id=workshop.id) if participation.earned else "",
        "practise": _lines(translations.get((workshop.id, "practise"))),
        "outcomes": _outcomes(workshop),
        "role": role,
        "needed": courses,
        "sessions": [_session(workshop, one, translations) for one in workshop.sessions],
        "facts": _facts(workshop),
        "languages": [_spoken(code) for code in workshop.languages],
        "venue": (workshop.venue if seated else _("Shown to those with a seat")) if workshop.venue else "",
    }


def _heading(workshop: WorkshopFacts, translations: Mapping[tuple[UUID, str], TranslatedText]) -> dict[str, Any]:
    return {
        "title": labels.translated(translations.get((workshop.id, "title")), workshop.code),
        "lead": labels.translated(translations.get((workshop.id, "summary")), ""),
        "code": workshop.code,
        "kind": labels.kind(workshop.kind),
        "iso": workshop.first_day.isoformat(),
        "days": labels.days(workshop.first_day, workshop.last_day),
        "place": labels.place_and_country(workshop),
        "seats": workshop.capacity,
        "mark": learning_pages.sensitivity(workshop.sensitivity),
    }


def _lines(translations: TranslatedText | None) -> dict[str, Any]:
    text = labels.translated(translations, "")
    return text | {"lines": [line for line in text["text"].splitlines() if line.strip()]}


def _outcomes(workshop: WorkshopFacts) -> list[dict[str, str]]:
    titles = catalogue.competency_titles(current()) if workshop.outcomes else {}
    return [{"name": titles.get(name, name), "level": level(at)} for name, at in workshop.outcomes]


def _needed(actor: Actor, workshop: WorkshopFacts) -> list[dict[str, Any]]:
    """Return the courses that are needed before, with how far one is; one that the reader may not see has no link."""
    if not workshop.prerequisites:
        return []
    courses = {participation.outline.code: participation for participation in learning.visible_courses(actor)}
    return [_course(courses[code]) if code in courses else _unknown(code) for code in workshop.prerequisites]


def _role(actor: Actor, workshop: WorkshopFacts, booking: BookingLine | None, now: datetime) -> dict[str, Any] | None:
    """Return whether an event fits the reader; None for who has a seat or cannot book, or where any role fits."""
    seated = booking is not None and booking.state is BookingState.SEATED
    if not workshop.roles or seated or now >= workshop.starts_at or not allows(actor, Action.BOOK_SEAT, workshop):
        return None
    own = eligibility.own_roles(actor.id, now.date())
    fits = is_for(workshop.roles, own)
    return {
        "name": _("For: %(roles)s", roles=labels.audience(workshop.roles)),
        "sub": _("Your role: %(roles)s", roles=labels.audience(own)) if own else _("You have no role yet."),
        "fits": fits,
        "word": _("Fits your role") if fits else _("Not for your role"),
        "kind": "good" if fits else "none",
    }


def _course(participation: CourseStatus) -> dict[str, Any]:
    outline, code = participation.outline, learning_pages.shown(participation.outline)
    completed = participation.way is not None and participation.way.completed_at is not None
    progress = learning_domain.progress(participation.asks, participation.standing)
    state = {"here": "started"}.get(learning_pages.state(participation), "open")
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
    workshop: WorkshopFacts, session: SessionFacts, translations: Mapping[tuple[UUID, str], TranslatedText]
) -> dict[str, Any]:
    return {
        "title": labels.translated(translations.get((session.id, "title")), _("Session %(n)s", n=session.number)),
        "kind": labels.session_kind(session.kind),
        "iso": session.day.isoformat(),
        "day": labels.short_day(session.day),
        "hours": _(
            "%(hours)s %(place)s", hours=labels.hours(session.starts, session.ends), place=labels.clock_of(workshop)
        ),
        "own": labels.own_hours(session, current_user.signed.time_zone),
    }


def _facts(workshop: WorkshopFacts) -> list[tuple[str, str]]:
    audience = labels.audience(workshop.roles) if workshop.roles else _("Any officer")
    facts = [
        (_("For"), audience),
        (_("Where"), labels.place_and_country(workshop)),
        (_("Booking until"), labels.deadline(workshop)),
    ]
    return [*facts, (_("Form"), form(workshop.form)), (_("Code"), workshop.code)]


def form(workshop: Format) -> str:
    """Return how one takes part."""
    return {Format.IN_PERSON: _("In person"), Format.ONLINE: _("Online"), Format.BLENDED: _("In person and online")}[
        workshop
    ]


def _spoken(code: str) -> dict[str, str]:
    spoken_language = language(code)
    return {"code": spoken_language.code, "name": spoken_language.name, "dir": spoken_language.direction}
