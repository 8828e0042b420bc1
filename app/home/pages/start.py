"""Page model of `/`: the next step, tasks, the courses for the user's role, and coming workshops."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import ClassVar, assert_never

from flask import url_for
from flask_babel import gettext as _, ngettext

from app.catalogue.shapes import Outline
from app.competence.domain.statuses import VerificationStatus, status
from app.home.domain import PartOfDay, Task, most_urgent
from app.home.pages import titles
from app.home.pages.titles import TitledLine, Translations
from app.i18n import babel
from app.i18n.babel import words
from app.i18n.stored_translations import TranslatedText
from app.learning import domain, labels
from app.learning.domain import Finished, NextCase, NextLesson, Suggester, Test
from app.learning.queries.suggestions import SuggestionLine
from app.learning.shapes import CourseStatus
from app.web.pages import Page
from app.workshops import labels as workshops
from app.workshops.domain.events import ACTIVE
from app.workshops.domain.nominations import LIVE, NominationState
from app.workshops.domain.seats import BookingState
from app.workshops.shapes import OwnBooking, OwnNominationLine, WorkshopLine

MOST_DATES = 2  # more of them share one line
SOON = timedelta(days=7)
WAITING = frozenset(LIVE) - {NominationState.CONFIRMED}
HERO_KINDS = {NextLesson: "lesson", NextCase: "case", Test: "test", Finished: "finished"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hero(TitledLine):
    """The next step of a course; `kind` is "lesson", "case" or "test", `landing` the part to open."""

    course: str
    number: int
    minutes: int
    landing: str
    nodes: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComingWorkshop:
    """A workshop in which the person has a seat."""

    workshop: WorkshopLine
    title: TranslatedText
    days: str
    location: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage(Page):
    """My learning; `area` is the label and the address of the area that a user without a role manages.

    `checks_href`: the page of watched checks, "" for a user who neither takes nor watches them. `serves_others`: tasks
    for other people are waiting, so the page begins with them.
    """

    template: ClassVar[str] = "home/home.html"
    alias: str
    part_of_day: PartOfDay
    next: Hero | None
    area: tuple[str, str] | None
    to_do: Sequence[Task]
    serves_others: bool
    role: str
    path: Sequence[TitledLine]
    needs: Task | None
    coming: Sequence[ComingWorkshop]
    checks_href: str


@dataclass(frozen=True, slots=True)
class PendingItems:
    """Needs with their last days, bookings, nominations to come, and tasks for other people, with titles."""

    today: date
    now: datetime
    ends: Mapping[str, date | None] = field(default_factory=dict)  # of what is needed, by competency
    titles: Mapping[str, str] = field(default_factory=dict)  # of competencies
    bookings: Sequence[OwnBooking] = ()
    nominations: Sequence[OwnNominationLine] = ()
    translations: Translations = field(default_factory=dict)
    tasks_for_others: Sequence[Task] = ()


def under_way(begun: Sequence[CourseStatus]) -> list[CourseStatus]:
    """Return the courses that are not finished, the latest first."""
    return [course for course in begun if labels.state(course) == "here"]


def hero(course: CourseStatus) -> Hero:
    """Return the next step of a course."""
    step = domain.next_step(course.asks, course.standing)
    lesson = step if isinstance(step, NextLesson) else None
    slugs = [entry.slug for entry in course.asks.lessons]
    number = slugs.index(lesson.slug) + 1 if lesson else len(slugs)
    return Hero(
        kind=HERO_KINDS[type(step)],
        course=titles.course_title(course.outline).text,
        title=_title(course, step),
        number=number,
        minutes=course.asks.lessons[number - 1].minutes if lesson else 0,
        landing=labels.landing(course, lesson) if lesson else "",
        href=labels.next_href(course),
        nodes=labels.nodes(course, lesson.slug if lesson else ""),
    )


def suggested(lines: Sequence[SuggestionLine], visible: Sequence[CourseStatus], today: date) -> list[Task]:
    """Return the suggested courses that the person may read and has not begun."""
    open_to = {course.outline.course_id: course.outline for course in visible if course.enrolment is None}
    return [_suggested(line, open_to[line.course_id], today) for line in lines if line.course_id in open_to]


def tasks(
    begun: Sequence[CourseStatus],
    visible: Sequence[CourseStatus],
    pending: PendingItems,
    suggestions: Sequence[Task] = (),
) -> list[Task]:
    """Return the most urgent tasks.

    The first course under way has its button already; only `visible` courses have delayed questions.
    """
    waiting = [*_nominations(pending), *_waiting_lists(pending)]
    urgent = [*pending.tasks_for_others, *_dates(pending), *suggestions, *waiting, *_tests(begun)]
    further = [_go_on(course) for course in under_way(begun)[1:]]
    return most_urgent([*urgent, *_delayed_questions(visible, pending.today), *further])


def coming(pending: PendingItems) -> list[ComingWorkshop]:
    """Return the announced workshops, coming or under way, in which the person has a seat, the nearest first."""
    return [
        ComingWorkshop(
            title=_workshop_title(booking, pending),
            workshop=booking.workshop,
            days=babel.days(booking.workshop.first_day, booking.workshop.last_day),
            location=workshops.place_and_country(booking.workshop),
        )
        for booking in pending.bookings
        if booking.booking.state is BookingState.SEATED
        and booking.workshop.state in ACTIVE
        and booking.workshop.last_day >= pending.today
    ]


def needs(pending: PendingItems) -> Task | None:
    """Return the line that sums up the needed competencies, or None without needs."""
    if not pending.ends:
        return None
    statuses = [status(until is not None, until, pending.today) for until in pending.ends.values()]
    count = {state: statuses.count(state) for state in VerificationStatus}
    total, verified = len(statuses), count[VerificationStatus.VERIFIED] + count[VerificationStatus.DUE]
    name = ngettext("%(n)s of %(num)s competency verified", "%(n)s of %(num)s competencies verified", total, n=verified)
    return Task(name, url_for("home.path"), *_needs_state(count, verified=verified, total=total))


def _needs_state(count: Mapping[VerificationStatus, int], *, verified: int, total: int) -> tuple[str, str, str]:
    """Return the details, the word and the shape of the needs."""
    if lapsed := count[VerificationStatus.LAPSED]:
        return ngettext("%(num)s has lapsed", "%(num)s have lapsed", lapsed), _("Lapsed"), "bad"
    if due := count[VerificationStatus.DUE]:
        return ngettext("%(num)s is due soon", "%(num)s are due soon", due), _("Due"), "risk"
    if verified == total:
        return _("Nothing is due soon."), _("All verified"), "good"
    word, kind = (_("Under way"), "here") if verified else (_("Not started"), "open")
    return _("Nothing is due soon."), word, kind


def path(role: str, courses: Sequence[CourseStatus]) -> list[TitledLine]:
    """Return the courses for a role with the progress of the person; the kind of a line is the state of the course."""
    states = {"here": "started"}
    return [
        titles.course_line(
            titles.coded_title(course.outline),
            course,
            sub=progress(course),
            kind=states.get(labels.state(course), labels.state(course)),
        )
        for course in courses
        if role in course.outline.facts.roles or not course.outline.facts.roles
    ]


def _dates(pending: PendingItems) -> list[Task]:
    """Return the competencies that are due or lapsed, or one task for many of them."""
    dated = [(until, competency) for competency, until in pending.ends.items() if until is not None]
    ending = sorted(
        pair
        for pair in dated
        if status(True, pair[0], pending.today) in {VerificationStatus.DUE, VerificationStatus.LAPSED}
    )
    if len(ending) <= MOST_DATES:
        return [_date(competency, until, pending) for until, competency in ending]
    name = ngettext("Practise again: %(num)s competency", "Practise again: %(num)s competencies", len(ending))
    sub = _("They are due soon or have lapsed.")
    return [Task(name, url_for("home.show_practice"), sub, _("Due"), "risk", by=end_of(ending[0][0]))]


def _date(competency: str, until: date, pending: PendingItems) -> Task:
    name = _("Practise again: %(title)s", title=pending.titles.get(competency, competency))
    if until >= pending.today:
        href = url_for("home.show_practice", competency=competency)
        return Task(name, href, _("Due: until %(day)s", day=words(until)), _("Due"), "risk", by=end_of(until))
    sub = _("Lapsed on %(day)s", day=words(until + timedelta(days=1)))
    href = url_for("home.competency", competency=competency)
    return Task(name, href, sub, _("Lapsed"), "bad", by=end_of(until))


def _suggested(line: SuggestionLine, outline: Outline, today: date) -> Task:
    course = titles.course_title(outline).text
    if line.suggested_as is Suggester.SUPERVISOR:
        name = _("Suggested by your supervisor: %(course)s", course=course)
    else:
        name = _("Suggested by your contact point: %(course)s", course=course)
    href = url_for("learning.course", course=outline.slug)
    aside = url_for("learning.set_aside", suggestion_id=line.id)
    if line.due_on is None:
        return Task(name, href, "", _("No deadline"), "open", reason=line.reason, set_aside_url=aside)
    word, kind = (_("Due"), "risk") if line.due_on <= today + SOON else (_("Not due"), "open")
    sub = _("by %(day)s", day=words(line.due_on))
    return Task(name, href, sub, word, kind, end_of(line.due_on), line.reason, aside)


def _waiting_lists(pending: PendingItems) -> list[Task]:
    return [
        Task(
            _("Waiting list: %(title)s", title=_workshop_title(booking, pending).text),
            url_for("workshops.show_workshop", workshop_id=booking.workshop.id),
            _("You are on the waiting list, place %(n)s.", n=booking.booking.position or 1),
            _("Waiting"),
            "wait",
        )
        for booking in pending.bookings
        if booking.booking.state is BookingState.WAITING
        and booking.workshop.state in ACTIVE
        and booking.workshop.first_day >= pending.today
    ]


def _nominations(pending: PendingItems) -> list[Task]:
    """Return the offers to answer, by their deadline, and the other nominations that wait for an answer."""
    lines = [line for line in pending.nominations if line.nomination.state in WAITING]
    to_come = [line for line in lines if line.deadlines.starts_at > pending.now or not line.workshop.has_days]
    return [_nomination(line, pending) for line in to_come]


def _nomination(line: OwnNominationLine, pending: PendingItems) -> Task:
    title = titles.workshop_title(line.workshop.id, line.workshop.code, pending.translations).text
    href = url_for("workshops.show_workshop", workshop_id=line.workshop.id)
    word, kind, sub = workshops.own_nomination(line, pending.now)
    if line.nomination.state is NominationState.OFFERED and line.workshop.state in ACTIVE:
        name = _("Answer the offer of a seat: %(title)s", title=title)
        return Task(name, href, sub, word, kind, by=line.nomination.offered_until)
    return Task(_("Your request: %(title)s", title=title), href, sub, word, kind)


def _tests(begun: Sequence[CourseStatus]) -> list[Task]:
    return [
        Task(
            _("Finish your test: %(course)s", course=titles.course_title(course.outline).text),
            url_for("quizzes.check", attempt=course.test.open_id),
            _("Your answers so far are saved."),
            _("In progress"),
            "here",
        )
        for course in begun
        if course.test is not None and course.test.open_id is not None
    ]


def _delayed_questions(visible: Sequence[CourseStatus], today: date) -> list[Task]:
    """Return the courses with delayed questions, the longest waiting first."""
    waiting = [(since, index) for index, course in enumerate(visible) if (since := course.asked_since(today))]
    return [_delayed_question(visible[index]) for _since, index in sorted(waiting)]


def _delayed_question(course: CourseStatus) -> Task:
    rules = course.outline.facts.retention
    count = rules.items if rules is not None else 0
    name = ngettext("What do you still know? %(num)s question", "What do you still know? %(num)s questions", count)
    title = titles.course_title(course.outline).text
    attempt_id = course.later.open_id if course.later is not None else None
    if attempt_id is not None:
        return Task(name, url_for("quizzes.check", attempt=attempt_id), title, _("In progress"), "here")
    return Task(name, url_for("learning.later", course=course.outline.slug), title, _("No deadline"), "open")


def _workshop_title(booking: OwnBooking, pending: PendingItems) -> TranslatedText:
    return titles.workshop_title(booking.workshop.id, booking.workshop.code, pending.translations)


def end_of(day: date) -> datetime:
    """Return the last moment of a UTC day, as the deadline of a task."""
    return datetime.combine(day, time.max, UTC)


def _title(course: CourseStatus, step: domain.NextStep) -> TranslatedText:
    title = titles.course_title(course.outline)
    match step:
        case NextLesson(slug):
            return TranslatedText(course.outline.lesson_title(slug, title.lang), title.lang)
        case NextCase(name):
            return titles.case_title(course.outline, name)
        case Test():
            return TranslatedText(_("Test"), title.lang)
        case Finished():
            return title
        case _:
            assert_never(step)


def _go_on(course: CourseStatus) -> Task:
    step, course_name = domain.next_step(course.asks, course.standing), titles.course_title(course.outline).text
    title = _title(course, step).text
    name = {
        NextLesson: _("Read on: %(title)s", title=title),
        NextCase: _("Play the case: %(title)s", title=title),
        Test: _("Take the test: %(course)s", course=course_name),
    }.get(type(step), course_name)
    return Task(name, labels.next_href(course), progress(course), _("No deadline"), "open")


def progress(course: CourseStatus) -> str:
    """Return the progress in a course in words."""
    lessons = domain.progress(course.asks, course.standing)
    if lessons.done == lessons.total:
        return _("All lessons done")
    if not lessons.done:
        return ngettext("%(num)s lesson", "%(num)s lessons", lessons.total)
    left = ngettext("about %(num)s minute left", "about %(num)s minutes left", lessons.minutes_left)
    return _("%(n)s of %(m)s lessons, %(left)s", n=lessons.done, m=lessons.total, left=left)
