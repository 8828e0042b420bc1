"""Build the page /workshops/<id>: facts, sessions and requirements of an event, and the user's participation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.access.policy import Action, Actor, allows
from app.catalogue.domain.references.competencies import Competencies
from app.catalogue.queries import courses as catalogue
from app.competence.labels.competencies import level, role_titles
from app.i18n import babel, stored_translations as texts
from app.i18n.babel import joined
from app.i18n.languages import Language, current, direction, language
from app.i18n.stored_translations import TranslatedText
from app.learning import domain as learning_domain, labels as learning_pages
from app.learning.queries import progress as learning
from app.learning.shapes import CourseStatus
from app.web.pages import Page
from app.workshops import labels
from app.workshops.domain.eligibility import Obstacle, ObstacleKind
from app.workshops.domain.events import ACTIVE, Format, WorkshopKind, WorkshopState, is_for
from app.workshops.domain.nominations import LanguageLevel
from app.workshops.domain.seats import BookingState
from app.workshops.forms.interest import BookingForm
from app.workshops.pages import (
    after_links,
    event,
    obstacles,
    own_nomination,
    own_request,
    participant_documents,
    participation,
)
from app.workshops.pages.dashboard import TeachingTask
from app.workshops.pages.event import EventHeading
from app.workshops.pages.obstacles import CourseLinks, ObstacleLine
from app.workshops.pages.own_day import OwnDay, own_day
from app.workshops.pages.own_nomination import NominationSection
from app.workshops.pages.participant_documents import ParticipantDocuments
from app.workshops.pages.participation import BookingAction, PageNotice, Participation, RouteStep
from app.workshops.queries import bookings, eligibility, own_nominations, visit_reports
from app.workshops.shapes import BookingLine, SessionFacts, WorkshopFacts

BLOCKING = frozenset({ObstacleKind.COMPETENCIES, ObstacleKind.OVERLAP})  # the others have lines of their own


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLine:
    """A session in the time of the event; `own_hours` in the time zone of the user, if it differs.

    Day and hours are empty while the event has no days; room and link as well for people without a seat.
    """

    title: TranslatedText
    kind: str
    language: Language | None  # None: the working language of the event
    iso: str = ""
    day: str = ""
    hours: str = ""
    own_hours: str = ""
    room: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageQuestion:
    """What is asked before booking of a user who uses none of the languages of the event."""

    form: BookingForm
    requirement: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkshopPage(Page):
    """An event for practitioners; the first language is the working language.

    `earlier_days`: before it was moved or postponed, or ""; `role` are the required roles; the `kind` of a required
    course is its state; `nomination`: the user's request for a seat that countries share, in place of `route`,
    `status_text` and `action`; `after`: what a participant is asked after the event; `summary`: of a study visit, once
    approved; `language`: the question of the booking, None for a user who uses a language of the event.
    """

    template: ClassVar[str] = "workshops/workshop.html"
    heading: EventHeading
    earlier_days: str
    lead: TranslatedText
    seats: int
    sensitivity: str
    notice: PageNotice | None
    route: Sequence[RouteStep]
    status_text: str
    action: BookingAction | None
    language: LanguageQuestion | None
    nomination: NominationSection | None
    documents: ParticipantDocuments | None
    own_day: OwnDay | None
    calendar_url: str
    certificate_url: str
    practise: TranslatedText
    practise_lines: Sequence[str]
    outcomes: Sequence[tuple[str, str]]
    role: TeachingTask | None
    courses: Sequence[TeachingTask]
    obstacles: Sequence[ObstacleLine]
    sessions: Sequence[SessionLine]
    facts: Sequence[tuple[str, str]]
    languages: Sequence[Language]
    venue: str
    after: Sequence[TeachingTask]
    summary: str


def page(
    actor: Actor,
    workshop: WorkshopFacts,
    booking: BookingLine | None,
    *,
    attendance_rate: float | None,
    form: BookingForm | None = None,
    now: datetime,
) -> WorkshopPage:
    """Return the page of an event; `attendance_rate` is that of the user, `form` a booking with errors."""
    ids = [workshop.id, *(session.id for session in workshop.sessions)]
    translations = texts.translations_for(ids, learning_pages.wanted())
    framework = catalogue.competencies()
    role_names = role_titles(framework, current())
    asked = _requirements(actor, workshop, booking, role_names, now)
    practise = labels.translated(translations.get((workshop.id, "practise")), "")
    own = _participation(workshop, booking, attendance_rate, asked, now)
    return WorkshopPage(
        heading=replace(event.heading(workshop, translations), days=_days(workshop)),
        earlier_days=_earlier_days(workshop, now),
        lead=labels.translated(translations.get((workshop.id, "summary")), ""),
        seats=workshop.capacity,
        sensitivity=learning_pages.sensitivity(workshop.sensitivity),
        notice=participation.notice(own),
        route=participation.route(own),
        status_text=participation.status_text(own),
        action=participation.action(own, actor),
        language=_language_question(workshop, form) if asked.needs_language else None,
        nomination=_nomination(actor, workshop, asked.courses, now),
        documents=participant_documents.participant_documents(actor, workshop, booking, now),
        own_day=own_day(workshop, booking, now),
        calendar_url=_calendar_url(own),
        certificate_url=_certificate_url(own),
        practise=practise,
        practise_lines=list(filter(str.strip, practise.text.splitlines())),
        outcomes=_outcomes(workshop, framework),
        role=asked.role,
        courses=asked.courses,
        obstacles=asked.obstacles,
        sessions=_sessions(own, translations),
        facts=_facts(workshop, role_names),
        languages=[*map(language, workshop.languages)],
        venue=_venue(own),
        after=after_links.participant_tasks(workshop, booking, now),
        summary=_summary(workshop, now),
    )


@dataclass(frozen=True, slots=True)
class _Requirements:
    """What a user needs for an event; `obstacles` are those that no line of the others shows."""

    courses: Sequence[TeachingTask]
    role: TeachingTask | None
    other_roles: str  # those of an event that is not for the user's
    obstacles: Sequence[ObstacleLine]
    needs_language: bool


def _participation(
    workshop: WorkshopFacts, booking: BookingLine | None, rate: float | None, asked: _Requirements, now: datetime
) -> Participation:
    taken, waiting = bookings.counts([workshop.id])[workshop.id]
    return Participation(
        workshop,
        booking,
        rate,
        free=workshop.capacity - taken,
        waiting=waiting,
        missing=[(course.name, course.href) for course in asked.courses if course.kind != "done"],
        now=now,
        for_roles=asked.other_roles,
        is_blocked=bool(asked.obstacles),
    )


def _requirements(
    actor: Actor, workshop: WorkshopFacts, booking: BookingLine | None, role_names: Mapping[str, str], now: datetime
) -> _Requirements:
    own_roles = _own_roles(actor, workshop, booking, now)
    lacks = _lacks(actor, workshop, booking, own_roles, now)
    role = _role_requirement(workshop, own_roles, role_names)
    return _Requirements(
        courses=needed_courses(actor, workshop),
        role=role,
        other_roles=labels.audience(workshop.roles, role_names) if role and role.kind != "good" else "",
        obstacles=obstacles.lines(workshop, [line for line in lacks if line.kind in BLOCKING], (), {}),
        needs_language=any(line.kind is ObstacleKind.LANGUAGE for line in lacks),
    )


def _certificate_url(own: Participation) -> str:
    return url_for("workshops.certificate", workshop_id=own.workshop.id) if own.has_certificate else ""


def _sessions(own: Participation, translations: labels.Translations) -> list[SessionLine]:
    workshop = own.workshop
    return [_session(workshop, session, translations, is_seated=own.is_seated) for session in workshop.sessions]


def _summary(workshop: WorkshopFacts, now: datetime) -> str:
    """Return the approved summary of a study visit that is over."""
    is_over = workshop.kind is WorkshopKind.STUDY_VISIT and workshop.has_ended(now)
    return visit_reports.approved_summary(workshop.id) if is_over else ""


def _days(workshop: WorkshopFacts) -> str:
    """Return the days of an event, "" while it is postponed without new ones."""
    return babel.days(workshop.first_day, workshop.last_day) if workshop.has_days else ""


def _earlier_days(workshop: WorkshopFacts, now: datetime) -> str:
    """Return the days before an event to come was moved or postponed, or ""."""
    is_postponed = workshop.state is WorkshopState.POSTPONED
    is_to_come = is_postponed or (workshop.state in ACTIVE and now < workshop.starts_at)
    if workshop.earlier_days is None or not is_to_come:
        return ""
    days = babel.days(*workshop.earlier_days)
    return days if is_postponed or days != _days(workshop) else ""


def _nomination(
    actor: Actor, workshop: WorkshopFacts, courses: Sequence[TeachingTask], now: datetime
) -> NominationSection | None:
    """Return the user's request for a seat, or None for an event with open enrolment."""
    if workshop.nomination is None:
        return None
    request = own_request.own_request(actor, workshop, workshop.nomination, now)
    return own_nomination.section(request, course_links(workshop, courses))


def course_links(workshop: WorkshopFacts, courses: Sequence[TeachingTask]) -> CourseLinks:
    """Return title and address of the courses that an event needs, by code."""
    return {code: (course.name, course.href) for code, course in zip(workshop.prerequisites, courses, strict=True)}


def _calendar_url(own: Participation) -> str:
    is_to_come = own.is_seated and own.workshop.state in ACTIVE and own.now < own.workshop.ends_at
    return url_for("workshops.calendar", workshop_id=own.workshop.id) if is_to_come else ""


def _venue(own: Participation) -> str:
    if not own.workshop.venue or own.is_seated:
        return own.workshop.venue
    return _("Shown to those with a seat")


def _outcomes(workshop: WorkshopFacts, framework: Competencies | None) -> list[tuple[str, str]]:
    titles = catalogue.titles_of(framework, current())
    return [(titles.get(name, name), level(at)) for name, at in workshop.outcomes]


def needed_courses(actor: Actor, workshop: WorkshopFacts) -> list[TeachingTask]:
    """Return the courses that are required for booking, with the progress of the user."""
    if not workshop.prerequisites:
        return []
    courses = {course.outline.code: course for course in learning.visible_courses(actor)}
    not_open = _("This course is not open to you.")
    return [
        _course(courses[code]) if code in courses else TeachingTask(name=code, href="", sub=not_open)
        for code in workshop.prerequisites
    ]


def _lacks(
    actor: Actor,
    workshop: WorkshopFacts,
    booking: BookingLine | None,
    own_roles: Sequence[str] | None,
    now: datetime,
) -> list[Obstacle]:
    """Return what the user lacks to book, with the languages if the user uses none of them."""
    if workshop.nomination is not None or booking is not None or now >= workshop.booking_closes_at:
        return []
    if own_roles is None:
        return []
    return own_nominations.obstacles(workshop, actor.id, LanguageLevel.NONE, now.date(), own_roles)


def _language_question(workshop: WorkshopFacts, form: BookingForm | None) -> LanguageQuestion:
    working, *interpreted = (language(code).name for code in workshop.languages)
    requirement = _("The working language is %(language)s.", language=working)
    if interpreted:
        requirement += " " + _("It is interpreted into: %(languages)s.", languages=joined(interpreted))
    return LanguageQuestion(form=form or BookingForm(), requirement=requirement)


def _own_roles(
    actor: Actor, workshop: WorkshopFacts, booking: BookingLine | None, now: datetime
) -> Sequence[str] | None:
    """Return the roles in which the user serves; None for a user who has a seat or cannot book."""
    is_seated = booking is not None and booking.state is BookingState.SEATED
    if is_seated or now >= workshop.starts_at or not allows(actor, Action.BOOK_SEAT, workshop):
        return None
    return eligibility.own_roles(actor.id, now.date())


def _role_requirement(
    workshop: WorkshopFacts, own_roles: Sequence[str] | None, role_names: Mapping[str, str]
) -> TeachingTask | None:
    """Return the required roles, None for an event without or for a user who is not asked."""
    if own_roles is None or not workshop.roles:
        return None
    titles = labels.audience(own_roles, role_names)
    own = _("Your role: %(roles)s", roles=titles) if own_roles else _("You have no role yet.")
    word, kind = (
        (_("Fits your role"), "good") if is_for(workshop.roles, own_roles) else (_("Not for your role"), "none")
    )
    name = _("For: %(roles)s", roles=labels.audience(workshop.roles, role_names))
    return TeachingTask(name=name, href="", sub=own, word=word, kind=kind)


def _course(course: CourseStatus) -> TeachingTask:
    outline, code = course.outline, learning_pages.shown(course.outline)
    completed = course.enrolment is not None and course.enrolment.completed_at is not None
    progress = learning_domain.progress(course.asks, course.standing)
    state = {"here": "started"}.get(learning_pages.state(course), "open")
    return TeachingTask(
        name=f"{outline.code} {outline.title(code)}",
        href=url_for("learning.course", course=outline.slug),
        sub=_("%(n)s of %(m)s lessons done", n=progress.done, m=progress.total),
        kind="done" if completed else state,
        lang=code,
        dir=direction(code),
    )


def _session(
    workshop: WorkshopFacts, session: SessionFacts, translations: labels.Translations, *, is_seated: bool
) -> SessionLine:
    if not workshop.has_days:
        return _session_without_time(session, translations)
    hours = labels.hours(session.starts, session.ends)
    return SessionLine(
        title=labels.session_title(session, translations),
        kind=labels.session_kind(session.kind),
        iso=session.day.isoformat(),
        day=babel.short_day(session.day),
        hours=_("%(hours)s %(place)s", hours=hours, place=labels.clock_of(workshop)),
        own_hours=labels.own_hours(session, current_user.signed.time_zone),
        language=language(session.language) if session.language else None,
        room=session.room if is_seated else "",
        link=session.link if is_seated else "",
    )


def _session_without_time(session: SessionFacts, translations: labels.Translations) -> SessionLine:
    """Return a session of an event without days: when and where it takes place is not known."""
    return SessionLine(
        title=labels.session_title(session, translations),
        kind=labels.session_kind(session.kind),
        language=language(session.language) if session.language else None,
    )


def _facts(workshop: WorkshopFacts, role_names: Mapping[str, str]) -> list[tuple[str, str]]:
    return [
        (_("For"), labels.audience(workshop.roles, role_names) if workshop.roles else _("Any officer")),
        (_("Where"), labels.place_and_country(workshop)),
        *_enrolment_facts(workshop),
        (_("Form"), _form(workshop.form)),
        (_("Code"), workshop.code),
    ]


def _enrolment_facts(workshop: WorkshopFacts) -> list[tuple[str, str]]:
    rules = workshop.nomination
    if rules is None:
        return [(_("Booking until"), labels.deadline(workshop))]
    return [
        (_("Seats"), own_nomination.seats(workshop, rules)),
        (_("Nominations"), babel.days(rules.opens, rules.deadline)),
    ]


def _form(form: Format) -> str:
    return {Format.IN_PERSON: _("In person"), Format.ONLINE: _("Online"), Format.BLENDED: _("In person and online")}[
        form
    ]
