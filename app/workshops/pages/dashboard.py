"""Build the page /teaching: tasks, events and courses of trainers, assessors and coordinators."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _, ngettext, pgettext

from app.access.policy import Action, Actor, Role, Scope, allows, trainer
from app.access.targets import Target
from app.access.workshop_rules import runs_every_workshop
from app.i18n import babel, stored_translations as texts
from app.i18n.languages import direction
from app.i18n.stored_translations import TranslatedText
from app.identity.queries import roles as accounts
from app.learning import labels as learning_pages
from app.learning.queries import progress as learning
from app.ports import TaskLink, ports
from app.web.pages import Page
from app.workshops import labels
from app.workshops.domain import scoring
from app.workshops.domain.attendance import CORRECTED_WITHIN
from app.workshops.domain.events import ACTIVE, EnrolmentMode, HistoryKind, WorkshopState
from app.workshops.domain.nominations import NominationState
from app.workshops.domain.phases import NominationRules
from app.workshops.pages import nominated_tasks
from app.workshops.queries import bookings, participants, selection, workshops
from app.workshops.shapes import WorkshopLine

MOST_TO_DO = 12
DAY = timedelta(days=1)  # a session is shorter
OPEN = (WorkshopState.DRAFT, WorkshopState.CLEARED, *ACTIVE, WorkshopState.POSTPONED)


@dataclass(frozen=True, slots=True, kw_only=True)
class TeachingTask:
    """A line of a list of tasks; `word` and `kind` are its state and the shape of the state."""

    name: str
    href: str
    sub: str = ""
    word: str = ""
    kind: str = "open"
    lang: str = ""
    dir: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TeachingEvent:
    """An event in a table; `waiting` counts the waiting list of an event that has not begun."""

    title: TranslatedText
    href: str
    code: str
    iso: str
    days: str
    location: str
    seats: str
    waiting: int
    word: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TeachingPage(Page):
    """Tasks, events and courses of the actor."""

    template: ClassVar[str] = "teaching/desk.html"
    tasks: Sequence[TeachingTask]
    course_tasks: Sequence[TeachingTask]
    events: Sequence[TeachingEvent]
    courses: Sequence[TeachingTask]
    new_url: str
    courses_url: str
    cascades_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Context:
    """The values that all lists of tasks need; `asked` are open questions to the coordinators by event.

    `rules` and `nominations`, the number of nominations in each state, are those of nominated events.
    """

    translations: labels.Translations
    asked: Mapping[UUID, frozenset[HistoryKind]]
    seats: Mapping[UUID, tuple[int, int]]
    rules: Mapping[UUID, NominationRules]
    nominations: Mapping[UUID, Mapping[NominationState, int]]
    is_coordinator: bool
    now: datetime


def page(actor: Actor, now: datetime) -> TeachingPage:
    """Return the first page of teaching."""
    lines = workshops.teaching(actor)
    run, assessed = _run_and_assessed(actor, lines)
    context = _context(actor, lines, now)
    return TeachingPage(
        tasks=[*_reviews(actor), *_tasks(run, assessed, context)][:MOST_TO_DO],
        course_tasks=_course_tasks(actor),
        events=[_event(line, context, runs=line in run) for line in lines],
        courses=_courses(actor, now),
        new_url=url_for("workshops.new_workshop") if allows(actor, Action.MAKE_WORKSHOP) else "",
        courses_url=ports().path_to(Target.TEACHING_COURSES) if allows(actor, Action.CREATE_COURSE) else "",
        cascades_url=url_for("workshops.show_cascades") if allows(actor, Action.SEE_CASCADES) else "",
    )


def _run_and_assessed(
    actor: Actor, lines: Sequence[WorkshopLine]
) -> tuple[Sequence[WorkshopLine], Sequence[WorkshopLine]]:
    """Return the events that the actor runs, and those that the actor assesses."""
    if not lines:
        return [], []
    staffed = workshops.staffed_events(actor)
    run, assessed = ([line for line in lines if line.id in staffed[role]] for role in (Role.TRAINER, Role.ASSESSOR))
    return (lines if runs_every_workshop(actor) else run), assessed


def _context(actor: Actor, lines: Sequence[WorkshopLine], now: datetime) -> _Context:
    ids = [line.id for line in lines]
    announced = {line.id for line in lines if line.state in ACTIVE}
    nominated = [line.id for line in lines if line.enrolment is EnrolmentMode.NOMINATED]
    return _Context(
        translations=texts.translations_for(ids, learning_pages.wanted()),
        asked=participants.open_coordinator_questions(announced),
        seats=bookings.counts(ids) if ids else {},
        rules=selection.rules_of(nominated),
        nominations=selection.counts_by_state(nominated),
        is_coordinator=runs_every_workshop(actor),
        now=now,
    )


def _reviews(actor: Actor) -> list[TeachingTask]:
    """Return the drafts of courses that the user reviews, corrects or publishes."""
    return [_linked(task) for task in ports().teaching_tasks(actor)]


def _course_tasks(actor: Actor) -> list[TeachingTask]:
    """Return the open work in the courses that the user writes."""
    return [_linked(task) for task in ports().course_tasks(actor)]


def _linked(task: TaskLink) -> TeachingTask:
    return TeachingTask(
        name=task.name, href=task.href, sub=task.sub, word=task.word, kind=task.kind, lang=task.lang, dir=task.dir
    )


def state(
    workshop: WorkshopLine, now: datetime, *, seats: tuple[int, int] = (0, 0), rules: NominationRules | None = None
) -> tuple[str, str]:
    """Return the state of an event and its shape; `seats` are the numbers of taken seats and of waiting people.

    `rules` are those of a nominated event.
    """
    if workshop.state in ACTIVE:
        today = labels.local_day(now, workshop.time_zone)
        if today > workshop.last_day:
            return _("Over, not closed"), "risk"
        if today >= workshop.first_day:
            return _("Under way"), "here"
        return nominated_tasks.state(workshop, rules, now) if rules else _before(workshop, now, *seats)
    return {
        WorkshopState.DRAFT: (_("Draft"), "here"),
        WorkshopState.CLEARED: (_("Cleared"), "wait"),
        WorkshopState.POSTPONED: (_("Postponed"), "risk"),
        WorkshopState.CLOSED: (pgettext("event", "Closed"), "good"),
        WorkshopState.CANCELLED: (_("Cancelled"), "bad"),
    }[workshop.state]


def _before(workshop: WorkshopLine, now: datetime, taken: int, waiting: int) -> tuple[str, str]:
    if now >= workshop.booking_closes_at:
        return _("Booking is over"), "none"
    return (_("Full"), "wait") if taken >= workshop.capacity or waiting else (_("Open for booking"), "open")


def _tasks(run: Sequence[WorkshopLine], assessed: Sequence[WorkshopLine], context: _Context) -> list[TeachingTask]:
    """Return tasks: attendance, scores, nominations, then steps of events; the oldest first within each group."""
    return [
        *_attendance(run, context),
        *_scores(assessed, context),
        *_nominations(run, context),
        *_steps(run, context),
    ]


def _nominations(run: Sequence[WorkshopLine], context: _Context) -> Iterator[TeachingTask]:
    for workshop in reversed(run):
        rules = context.rules.get(workshop.id)
        if rules is None:
            continue
        title = labels.title_of(workshop, context.translations).text
        counts = context.nominations[workshop.id]
        for task in nominated_tasks.tasks(workshop, rules, counts, title, context.now):
            word, kind = (_("Due"), "risk") if task.is_due else (pgettext("step", "Open"), "open")
            yield TeachingTask(name=task.name, sub=task.sub, href=task.href, word=word, kind=kind)


def _attendance(run: Sequence[WorkshopLine], context: _Context) -> Iterator[TeachingTask]:
    """Yield sessions without attendance; after the deadline, one question to the coordinators for each event."""
    announced = {workshop.id: workshop for workshop in run if workshop.state in ACTIVE}
    for workshop_id, number, starts_at in participants.sessions_without_attendance(announced.keys(), context.now):
        workshop = announced[workshop_id]
        last_start = max(filter(None, (starts_at, workshop.reopened_at)))
        is_over = context.now > last_start + CORRECTED_WITHIN + DAY and not context.is_coordinator
        if is_over and HistoryKind.ATTENDANCE_ASKED in context.asked[workshop_id]:
            continue
        due = _("Record attendance of session %(n)s", n=number)
        name = _("Ask the coordinator: attendance of session %(n)s", n=number) if is_over else due
        href = url_for("workshops.attendance", workshop_id=workshop_id, number=number)
        yield _due_task(workshop, name, href, context, is_over=is_over)


def _scores(assessed: Sequence[WorkshopLine], context: _Context) -> Iterator[TeachingTask]:
    """Yield events with missing scores; after the deadline, one question to the coordinators for each event."""
    announced = [workshop for workshop in assessed if workshop.state in ACTIVE]
    begun = [workshop for workshop in announced if workshop.first_day <= context.now.date()]
    ids = [workshop.id for workshop in begun]
    if not ids:
        return
    outcomes = workshops.outcomes_of(ids)
    scored = participants.scored_counts(ids)
    for workshop in begun:
        missing = context.seats[workshop.id][0] * len(outcomes[workshop.id]) - scored[workshop.id]
        if missing > 0:
            yield from _missing_scores(workshop, missing, context)


def _missing_scores(workshop: WorkshopLine, missing: int, context: _Context) -> Iterator[TeachingTask]:
    is_over = context.now >= scoring.open_until(workshop.last_day, workshop.time_zone, workshop.reopened_at)
    if is_over and HistoryKind.SCORES_ASKED in context.asked[workshop.id]:
        return
    due = ngettext("%(num)s score is open", "%(num)s scores are open", missing)
    ask = ngettext("Ask the coordinator: %(num)s score", "Ask the coordinator: %(num)s scores", missing)
    href = url_for("workshops.participants", workshop_id=workshop.id)
    yield _due_task(workshop, ask if is_over else due, href, context, is_over=is_over)


def _due_task(workshop: WorkshopLine, name: str, href: str, context: _Context, *, is_over: bool) -> TeachingTask:
    word, kind = (_("Time is over"), "none") if is_over else (_("Due"), "risk")
    return TeachingTask(name=name, sub=_about(workshop, context.translations), href=href, word=word, kind=kind)


def _steps(run: Sequence[WorkshopLine], context: _Context) -> Iterator[TeachingTask]:
    for workshop in reversed(run):
        name = _step(workshop, context.now)
        if context.is_coordinator and context.asked.get(workshop.id):
            name = _("Its staff ask you: reopen it, or close it")
        if name:
            word, kind = state(workshop, context.now, rules=context.rules.get(workshop.id))
            href = url_for("workshops.show_event", workshop_id=workshop.id)
            sub = _about(workshop, context.translations)
            yield TeachingTask(name=name, sub=sub, href=href, word=word, kind=kind)


def _step(workshop: WorkshopLine, now: datetime) -> str:
    """Return the label of the next step, or ""; an event whose booking has closed cannot be announced any more."""
    if workshop.state in ACTIVE:
        return _("Close it") if labels.local_day(now, workshop.time_zone) > workshop.last_day else ""
    if workshop.state not in OPEN:
        return ""
    if _are_dates_over(workshop, now):
        return _("Its dates are over: change them, or cancel it")
    if workshop.state is WorkshopState.POSTPONED:
        return _("Resume it")
    return _("A second person clears it") if workshop.state is WorkshopState.DRAFT else _("Announce it")


def _are_dates_over(workshop: WorkshopLine, now: datetime) -> bool:
    if workshop.state is WorkshopState.POSTPONED:  # it can be resumed after its nominations have closed
        return labels.local_day(now, workshop.time_zone) >= workshop.first_day
    return now >= workshop.booking_closes_at


def _event(workshop: WorkshopLine, context: _Context, *, runs: bool) -> TeachingEvent:
    taken, waiting = context.seats[workshop.id]
    word, kind = state(workshop, context.now, seats=(taken, waiting), rules=context.rules.get(workshop.id))
    has_begun = labels.local_day(context.now, workshop.time_zone) >= workshop.first_day
    endpoint = "workshops.show_event" if runs else "workshops.participants"
    return TeachingEvent(
        title=labels.title_of(workshop, context.translations),
        href=url_for(endpoint, workshop_id=workshop.id),
        code=workshop.code,
        iso=workshop.first_day.isoformat(),
        days=labels.event_days(workshop),
        location=labels.place(workshop),
        seats=_("%(n)s of %(m)s", n=taken, m=workshop.capacity),
        waiting=waiting if workshop.state in ACTIVE and not has_begun else 0,
        word=word,
        kind=kind,
    )


def _courses(actor: Actor, now: datetime) -> list[TeachingTask]:
    """Return the courses of a trainer's role."""
    ids = set(accounts.reaches(actor.id, Scope.COURSE, (Role.TRAINER,), now.date())) if trainer(actor, None) else None
    if not ids:
        return []
    courses = []
    for line in learning.visible_courses(actor):
        outline, code = line.outline, learning_pages.shown(line.outline)
        if ids & {outline.slug, outline.code, str(outline.course_id)}:
            href = ports().path_to(Target.TEACHING_COURSE, outline.slug)
            courses.append(TeachingTask(name=outline.title(code), href=href, lang=code, dir=direction(code)))
    return courses


def _about(workshop: WorkshopLine, translations: labels.Translations) -> str:
    title = labels.title_of(workshop, translations).text
    if not workshop.has_days:
        return title
    return _("%(title)s, %(day)s", title=title, day=babel.words(workshop.first_day))
