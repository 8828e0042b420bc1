"""The first page of one person: the next step, what waits, the own path, what is coming."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.catalogue.shapes import Outline
from app.competence.domain.statuses import Status, status
from app.home.domain import Task, first
from app.i18n.babel import words
from app.i18n.languages import direction
from app.i18n.stored_translations import TranslatedText
from app.learning import domain, labels
from app.learning.domain import NextCase, NextLesson, Suggester, Test
from app.learning.queries.suggestions import SuggestionLine
from app.learning.shapes import CourseStatus
from app.workshops import labels as workshops
from app.workshops.domain.events import WorkshopState
from app.workshops.domain.seats import BookingState
from app.workshops.shapes import OwnBooking

MOST_DATES = 2  # more of them stand in one line
SOON = timedelta(days=7)


def hero(begun: Sequence[CourseStatus]) -> dict[str, Any] | None:
    """Return the next step of the course touched last that is not finished."""
    stands = next((one for one in begun if labels.state(one) == "here"), None)
    if stands is None:
        return None
    step = domain.next_step(stands.asks, stands.standing)
    outline, code = stands.outline, labels.shown(stands.outline)
    slugs = [entry.slug for entry in stands.asks.lessons]
    number = slugs.index(step.slug) + 1 if isinstance(step, NextLesson) else len(slugs)
    minutes = stands.asks.lessons[number - 1].minutes if isinstance(step, NextLesson) else 0
    return {
        "kind": type(step).__name__.lower(),
        "course": outline.title(code),
        "title": _title(stands, step, code),
        "lang": code,
        "dir": direction(code),
        "number": number,
        "of": len(slugs),
        "minutes": minutes,
        "landing": labels.landing(stands, step) if isinstance(step, NextLesson) else "",
        "href": labels.next_href(stands),
        "nodes": labels.nodes(stands, step.slug if isinstance(step, NextLesson) else ""),
    }


@dataclass(frozen=True, slots=True)
class PendingItems:
    """What waits beside courses: needs with their last days, places in queues, duties, with titles."""

    today: date
    ends: Mapping[str, date | None] = field(default_factory=dict)  # of what is needed, by competency
    titles: Mapping[str, str] = field(default_factory=dict)  # of competencies
    events: Sequence[OwnBooking] = ()
    said: Mapping[tuple[UUID, str], TranslatedText] = field(default_factory=dict)
    duties: Sequence[Task] = ()  # for others


def suggested(lines: Sequence[SuggestionLine], visible: Sequence[CourseStatus], today: date) -> list[Task]:
    """Return the suggested courses that one may read and has not begun, each with the button that sets it aside."""
    open_to = {one.outline.course_id: one.outline for one in visible if one.way is None}
    return [_suggested(line, open_to[line.course_id], today) for line in lines if line.course_id in open_to]


def tasks(
    begun: Sequence[CourseStatus],
    readable: Sequence[CourseStatus],
    waiting: PendingItems,
    suggested: Sequence[Task] = (),
    *,
    first_course: str = "",
) -> list[Task]:
    """Return what waits: attempts, dates, what others wait for, suggestions, what is asked again, courses begun.

    The course of the hero has its button already; only `readable` courses, those still open to the person, ask again.
    """
    found = [*waiting.duties, *_dates(waiting), *suggested, *_queues(waiting), *_tests(begun)]
    found += _again(readable, waiting.today)
    for stands in begun:
        code = labels.shown(stands.outline)
        if labels.state(stands) == "here" and stands.outline.title(code) != first_course:
            found.append(_go_on(stands, code))
    return first(found)


def coming(
    events: Sequence[OwnBooking], said: Mapping[tuple[UUID, str], TranslatedText], today: date
) -> list[dict[str, Any]]:
    """Return the announced workshops to come, or under way, in which one has a seat, the nearest first."""
    return [
        {
            "iso": one.workshop.first_day.isoformat(),
            "date": workshops.days(one.workshop.first_day, one.workshop.last_day),
            "title": _said(one, said),
            "place": workshops.place_and_country(one.workshop),
            "href": url_for("workshops.show_workshop", workshop_id=one.workshop.id),
            "calendar": url_for("workshops.calendar", workshop_id=one.workshop.id),
        }
        for one in _announced(events, today)
        if one.booking.state is BookingState.SEATED
    ]


def needs(waiting: PendingItems) -> dict[str, int]:
    """Return how many competencies are needed, verified, due and lapsed."""
    found = [status(until is not None, until, waiting.today) for until in waiting.ends.values()]
    count = {each: found.count(each) for each in Status}
    return {
        "of": len(found),
        "verified": count[Status.VERIFIED] + count[Status.DUE],
        "due": count[Status.DUE],
        "lapsed": count[Status.LAPSED],
    }


def path(roles: Sequence[str], courses: Sequence[CourseStatus], titles: Mapping[str, str]) -> dict[str, Any] | None:
    """Return the courses that the framework's first role of a person asks for, with how far they are."""
    if not roles:
        return None
    role = roles[0]
    rows = []
    for stands in courses:
        outline, code = stands.outline, labels.shown(stands.outline)
        if role not in outline.facts.roles and outline.facts.roles:
            continue
        rows.append(
            {
                "name": f"{outline.code} {outline.title(code)}",
                "href": url_for("learning.course", course=outline.slug),
                "sub": progress(stands),
                "state": {"here": "started"}.get(labels.state(stands), labels.state(stands)),
                "lang": code,
                "dir": direction(code),
            }
        )
    return {"name": titles.get(role, role), "rows": rows} if rows else None


def _dates(waiting: PendingItems) -> list[Task]:
    """Return what is due or lapsed: one by one, or in one line when there is much of it."""
    found = [(until, name) for name, until in waiting.ends.items() if until is not None]
    ending = sorted(one for one in found if status(True, one[0], waiting.today) in {Status.DUE, Status.LAPSED})
    if len(ending) <= MOST_DATES:
        return [_date(name, until, waiting) for until, name in ending]
    name = ngettext("Practise again: %(num)s competency", "Practise again: %(num)s competencies", len(ending))
    sub = _("They are due soon or have lapsed.")
    return [Task(name, url_for("home.path"), sub, _("Due"), "risk", "", "", _end_of(ending[0][0]))]


def _date(competency: str, until: date, waiting: PendingItems) -> Task:
    name = _("Practise again: %(title)s", title=waiting.titles.get(competency, competency))
    href = url_for("home.competency", competency=competency)
    if until >= waiting.today:
        return Task(name, href, _("Due: until %(day)s", day=words(until)), _("Due"), "risk", "", "", _end_of(until))
    sub = _("Lapsed on %(day)s", day=words(until + timedelta(days=1)))
    return Task(name, href, sub, _("Lapsed"), "bad", "", "", _end_of(until))


def _suggested(line: SuggestionLine, outline: Outline, today: date) -> Task:
    course = outline.title(labels.shown(outline))
    if line.suggested_as is Suggester.SUPERVISOR:
        name = _("Suggested by your supervisor: %(course)s", course=course)
    else:
        name = _("Suggested by your contact point: %(course)s", course=course)
    href = url_for("learning.course", course=outline.slug)
    aside = url_for("learning.set_aside", suggestion_id=line.id)
    if line.due_on is None:
        return Task(name, href, "", _("When you like"), "open", "", "", None, line.reason, aside)
    word, kind = (_("Due"), "risk") if line.due_on <= today + SOON else (_("Not due"), "open")
    sub = _("by %(day)s", day=words(line.due_on))
    return Task(name, href, sub, word, kind, "", "", _end_of(line.due_on), line.reason, aside)


def _queues(waiting: PendingItems) -> list[Task]:
    return [
        Task(
            _("Waiting list: %(title)s", title=_said(one, waiting.said)["text"]),
            url_for("workshops.show_workshop", workshop_id=one.workshop.id),
            _("You are on the waiting list, place %(n)s.", n=one.booking.place or 1),
            _("Waiting"),
            "wait",
            "",
            "",
        )
        for one in waiting.events
        if one.booking.state is BookingState.WAITING
        and one.workshop.state is WorkshopState.ANNOUNCED
        and one.workshop.first_day >= waiting.today
    ]


def _tests(begun: Sequence[CourseStatus]) -> list[Task]:
    return [
        Task(
            _("Finish your test: %(course)s", course=stands.outline.title(labels.shown(stands.outline))),
            url_for("quizzes.check", attempt=stands.test.open_id),
            _("Your answers so far are saved."),
            _("In progress"),
            "here",
            "",
            "",
        )
        for stands in begun
        if stands.test is not None and stands.test.open_id is not None
    ]


def _again(readable: Sequence[CourseStatus], today: date) -> list[Task]:
    """Return what courses ask again, the longest waiting first; no day ends it."""
    waiting = [(since, place) for place, one in enumerate(readable) if (since := one.asked_since(today)) is not None]
    return [_asked(readable[place]) for _since, place in sorted(waiting)]


def _asked(stands: CourseStatus) -> Task:
    asks = stands.outline.facts.retention
    count = asks.items if asks is not None else 0
    name = ngettext("What do you still know? %(num)s question", "What do you still know? %(num)s questions", count)
    title = stands.outline.title(labels.shown(stands.outline))
    begun = stands.later.open_id if stands.later is not None else None
    if begun is not None:
        return Task(name, url_for("quizzes.check", attempt=begun), title, _("In progress"), "here", "", "")
    href = url_for("learning.later", course=stands.outline.slug)
    return Task(name, href, title, _("When you like"), "open", "", "")


def _announced(events: Sequence[OwnBooking], today: date) -> list[OwnBooking]:
    return [one for one in events if one.workshop.state is WorkshopState.ANNOUNCED and one.workshop.last_day >= today]


def _said(one: OwnBooking, said: Mapping[tuple[UUID, str], TranslatedText]) -> dict[str, Any]:
    return workshops.translated(said.get((one.workshop.id, "title")), one.workshop.code)


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time.max, UTC)


def _title(stands: CourseStatus, step: domain.NextStep, code: str) -> str:
    match step:
        case NextLesson(slug):
            return stands.outline.lesson_title(slug, code)
        case NextCase(name):
            titles = stands.outline.cases[name]
            return titles.get(code) or titles[stands.outline.facts.source_language]
        case Test():
            return _("Test")
    return stands.outline.title(code)


def _go_on(stands: CourseStatus, code: str) -> Task:
    step = domain.next_step(stands.asks, stands.standing)
    name = {
        NextLesson: _("Read on: %(title)s", title=_title(stands, step, code)),
        NextCase: _("Play the case: %(title)s", title=_title(stands, step, code)),
        Test: _("Take the test: %(course)s", course=stands.outline.title(code)),
    }.get(type(step), stands.outline.title(code))
    return Task(name, labels.next_href(stands), progress(stands), _("When you like"), "open", "", "")


def progress(stands: CourseStatus) -> str:
    """Return in words how far one is in a course."""
    far = domain.progress(stands.asks, stands.standing)
    if far.done == far.total:
        return _("All lessons done")
    if not far.done:
        return ngettext("%(num)s lesson", "%(num)s lessons", far.total)
    left = ngettext("about %(num)s minute left", "about %(num)s minutes left", far.minutes_left)
    return _("%(n)s of %(m)s lessons, %(left)s", n=far.done, m=far.total, left=left)
