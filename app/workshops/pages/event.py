"""Build the page /teaching/workshops/<id>: tasks, participants, waiting list and history for staff of an event."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _, ngettext, pgettext

from app.access.policy import Actor
from app.access.workshop_rules import can_name_staff, runs_every_workshop
from app.i18n import babel, stored_translations as texts
from app.i18n.babel import joined
from app.i18n.stored_translations import TranslatedText
from app.learning import labels as learning_pages
from app.web.pages import Page
from app.workshops import labels
from app.workshops.domain import closing as closing_rules
from app.workshops.domain.attendance import is_earned
from app.workshops.domain.events import ACTIVE, OVER, PUBLISHED, WorkshopState, WorkshopStep
from app.workshops.domain.nominations import USED_SEATS, NominationState
from app.workshops.pages import after_links, conflict_texts, dashboard, event_facts, on_the_day, selection_texts
from app.workshops.pages.dashboard import TeachingTask
from app.workshops.pages.document_links import DocumentLink, staff_links
from app.workshops.pages.event_history import HistoryRow, history
from app.workshops.queries import bookings, participants, selection
from app.workshops.queries.participants import Participant
from app.workshops.service import closing
from app.workshops.shapes import SessionFacts, WorkshopFacts

DONE, DUE, LATER, OFF = ("good", "risk", "open", "none")
NOT_NOMINATED = (NominationState.INTERESTED, NominationState.ENDORSED)
Scored = Collection[tuple[UUID, str]]  # pairs of booking and competency


@dataclass(frozen=True, slots=True, kw_only=True)
class EventHeading:
    """The title of an event with its dates; `href` is its page for staff."""

    title: TranslatedText
    href: str
    kind: str
    iso: str
    days: str
    location: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParticipantRow:
    """A participant by alias; `attendance_rate` is empty before the end of the event.

    `admission_reason` is empty unless the participant was admitted without a requirement.
    """

    seat: int
    alias: str
    country: str
    recorded: str
    attendance_rate: str
    scored: str
    admission_reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPage(Page):
    """An event for its staff; a row of the waiting list is (position, alias, country, admission reason).

    `tiles` are numbers of a nominated event with their meaning, `no_participants` is how people get a seat.
    `conflicts` are sentences about rooms and staff that another event needs at the same time.
    """

    template: ClassVar[str] = "teaching/event.html"
    heading: EventHeading
    word: str
    kind: str
    next_step: str
    before: Sequence[TeachingTask]
    during: Sequence[TeachingTask]
    after: Sequence[TeachingTask]
    documents: Sequence[DocumentLink]
    cancel_url: str
    reopen_url: str
    capacity: int
    waiting: int
    tiles: Sequence[tuple[int, str]]
    copy_url: str
    admission_url: str
    no_participants: str
    participants: Sequence[ParticipantRow]
    waiting_list: Sequence[tuple[int, str, str, str]]
    history: Sequence[HistoryRow]
    facts: Sequence[tuple[str, str]]
    is_scored: bool
    conflicts: Sequence[str]


def page(actor: Actor, workshop: WorkshopFacts, now: datetime) -> EventPage:
    """Return the page of an event for its staff."""
    ids = [workshop.id, *(session.id for session in workshop.sessions)]
    translations = texts.translations_for(ids, learning_pages.wanted())
    people = participants.participants(workshop, now.date(), actor)
    waiting_list = participants.waiting_list(workshop.id, now.date(), actor)
    scored = {(line.booking_id, line.competency) for line in participants.assessments(workshop.id)}
    by_booking = Counter(booking_id for booking_id, _competency in scored)
    word, kind = dashboard.state(workshop, now, seats=(len(people), len(waiting_list)), rules=workshop.nomination)
    nominations = _nominations(workshop)
    sessions = [
        _session(workshop, session, people, labels.session_title(session, translations), now)
        for session in workshop.sessions
    ]
    return EventPage(
        heading=heading(workshop, translations),
        word=word,
        kind=kind,
        next_step=_next_step(workshop, now),
        before=[*_before(actor, workshop, now), *_selection(workshop, nominations)],
        during=[*sessions, *on_the_day.tasks(workshop, now), *_scores(actor, workshop, people, scored, now)],
        documents=staff_links(workshop, now),
        after=[*_after(workshop, people, now), *after_links.staff_tasks(workshop, now)],
        cancel_url=_cancel_url(workshop, now),
        reopen_url=_reopen_url(actor, workshop, now),
        capacity=workshop.capacity,
        waiting=bookings.counts([workshop.id])[workshop.id][1],
        tiles=_tiles(workshop, nominations),
        copy_url=url_for("workshops.copy_workshop", workshop_id=workshop.id),
        admission_url=_admission_url(workshop, now),
        no_participants=_no_participants(workshop),
        participants=[_participant(person, workshop, by_booking[person.booking_id], now) for person in people],
        waiting_list=[
            (entry.position, entry.alias, labels.country(entry.country), entry.admission_reason)
            for entry in waiting_list
        ],
        history=history(workshop.id),
        facts=event_facts.facts(workshop),
        is_scored=bool(workshop.outcomes),
        conflicts=conflict_texts.lines(workshop),
    )


def heading(workshop: WorkshopFacts, translations: labels.Translations) -> EventHeading:
    """Return the title of an event with the line above it."""
    return EventHeading(
        title=labels.title_of(workshop, translations),
        href=url_for("workshops.show_event", workshop_id=workshop.id),
        kind=labels.kind(workshop.kind),
        iso=workshop.first_day.isoformat(),
        days=labels.event_days(workshop),
        location=labels.place_and_country(workshop),
    )


def heading_of(workshop: WorkshopFacts) -> EventHeading:
    """Return the heading; only the texts of the event itself are read."""
    return heading(workshop, texts.translations_for([workshop.id], learning_pages.wanted()))


def _nominations(workshop: WorkshopFacts) -> Mapping[NominationState, int]:
    """Return the number of nominations in each state, none for an event with open enrolment."""
    return selection.counts_by_state([workshop.id])[workshop.id] if workshop.nomination else {}


def _tiles(workshop: WorkshopFacts, nominations: Mapping[NominationState, int]) -> list[tuple[int, str]]:
    """Return the numbers of nominees and open offers of a nominated event."""
    if workshop.nomination is None:
        return []
    nominees, offers = _nominees(nominations), nominations.get(NominationState.OFFERED, 0)
    return [
        (nominees, ngettext("nominee", "nominees", nominees)),
        (offers, ngettext("open offer", "open offers", offers)),
    ]


def _nominees(nominations: Mapping[NominationState, int]) -> int:
    """Return how many people the countries nominated, whatever became of it."""
    return sum(number for state, number in nominations.items() if state not in NOT_NOMINATED)


def _admission_url(workshop: WorkshopFacts, now: datetime) -> str:
    """Return the address to admit an officer, "" outside the time of booking and for nominated events."""
    is_open = workshop.state in ACTIVE and workshop.nomination is None and now < workshop.booking_closes_at
    return url_for("workshops.show_admission", workshop_id=workshop.id) if is_open else ""


def _no_participants(workshop: WorkshopFacts) -> str:
    if workshop.nomination:
        return _("Nominees appear here when they confirm the offered seat.")
    return _("Officers book by themselves once the event is announced.")


def _next_step(workshop: WorkshopFacts, now: datetime) -> str:
    if workshop.nomination and (workshop.state is WorkshopState.POSTPONED or now < workshop.starts_at):
        return selection_texts.phase_text(workshop, workshop.nomination, now)
    if workshop.state in ACTIVE:
        return _held(workshop, now)
    return {
        WorkshopState.DRAFT: _("Only its staff can see it. Next: a second person approves it."),
        WorkshopState.CLEARED: _("A second person cleared it. Next: announce it, so that officers can book."),
        WorkshopState.CANCELLED: _("It was cancelled: %(reason)s", reason=workshop.reason),
        WorkshopState.CLOSED: _("It can only be read now. A coordinator can still correct attendance."),
    }[workshop.state]


def _held(workshop: WorkshopFacts, now: datetime) -> str:
    if now < workshop.starts_at:
        return _("Officers book by %(day)s. Then the event takes place.", day=labels.deadline(workshop))
    if now < workshop.ends_at:
        return _("The event is taking place. Record the attendance of each session.")
    if closing.may_reopen(workshop, now):
        return _("The time for attendance and scores is over. Close it, or let a coordinator reopen it.")
    return _("The event is over. Complete attendance and scores, then close it.")


def _before(actor: Actor, workshop: WorkshopFacts, now: datetime) -> list[TeachingTask]:
    cleared = workshop.state is not WorkshopState.DRAFT and workshop.cleared_by is not None
    over = workshop.state in OVER
    is_fixed = _is_fixed(workshop, now)
    return [
        _row(
            _("Facts and sessions"),
            ngettext("%(num)s session", "%(num)s sessions", len(workshop.sessions)),
            "" if is_fixed else url_for("workshops.edit_workshop", workshop_id=workshop.id),
            done=True,
        ),
        _staff(actor, workshop),
        _row(
            _("Cleared by a second person"),
            _("A second person, not the author, checks facts, safety and wording."),
            "" if cleared or over else url_for("workshops.clearing", workshop_id=workshop.id),
            done=cleared,
        ),
        _row(
            _("Announced"),
            _once_announced(workshop),
            _step(workshop, WorkshopStep.ANNOUNCE) if workshop.state is WorkshopState.CLEARED else "",
            done=workshop.state in {*PUBLISHED, WorkshopState.CLOSED},
        ),
        _row(
            _("Number of seats"),
            ngettext("%(num)s seat", "%(num)s seats", workshop.capacity),
            "" if is_fixed else url_for("workshops.capacity", workshop_id=workshop.id),
            done=True,
        ),
    ]


def _is_fixed(workshop: WorkshopFacts, now: datetime) -> bool:
    """Return whether facts and number of seats can no longer change: an announced event has begun, or it is over."""
    return workshop.state in OVER or (workshop.state in ACTIVE and now >= workshop.starts_at)


def _selection(workshop: WorkshopFacts, nominations: Mapping[NominationState, int]) -> Iterable[TeachingTask]:
    """Yield the link to the selection of a nominated event, with the numbers of nominees and open offers."""
    if workshop.nomination is None:
        return
    is_made = any(nominations.get(state) for state in USED_SEATS)
    yield _row(
        _("Selection of nominees"),
        joined([_("%(number)s %(what)s", number=number, what=text) for number, text in _tiles(workshop, nominations)]),
        url_for("workshops.show_selection", workshop_id=workshop.id),
        done=is_made,
    )


def _once_announced(workshop: WorkshopFacts) -> str:
    if workshop.nomination:
        return _("From then on officers see it and countries nominate.")
    return _("From then on officers see it and book.")


def _staff(actor: Actor, workshop: WorkshopFacts) -> TeachingTask:
    trainers = ngettext("%(num)s trainer", "%(num)s trainers", len(workshop.trainers))
    assessors = ngettext("%(num)s assessor", "%(num)s assessors", len(workshop.assessors))
    enough = bool(workshop.trainers) and (bool(workshop.assessors) or not workshop.outcomes)
    href = url_for("workshops.show_staff", workshop_id=workshop.id) if can_name_staff(actor, workshop) else ""
    return _row(_("Trainers and assessors"), joined([trainers, assessors]), href, done=enough)


def _session(
    workshop: WorkshopFacts, session: SessionFacts, people: Sequence[Participant], title: TranslatedText, now: datetime
) -> TeachingTask:
    has_begun = now >= session.starts_at and workshop.state in {*ACTIVE, WorkshopState.CLOSED}
    word, kind = _attendance_state(session, people) if has_begun else (_("Not begun"), LATER)
    url = url_for("workshops.attendance", workshop_id=workshop.id, number=session.number)
    hours = labels.hours(session.starts, session.ends)
    time = _("%(day)s, %(hours)s", day=babel.short_day(session.day), hours=hours)
    return TeachingTask(
        name=title.text,
        lang=title.lang,
        dir=title.dir,
        sub=time if workshop.has_days else _("Before: %(day)s", day=time),
        href=url if has_begun and people else "",
        word=word,
        kind=kind,
    )


def _attendance_state(session: SessionFacts, people: Sequence[Participant]) -> tuple[str, str]:
    if not people:
        return _("No bookings"), OFF
    is_recorded = all(session.id in person.marks for person in people)
    return (_("Attendance recorded"), DONE) if is_recorded else (_("Attendance due"), DUE)


def _scores(
    actor: Actor, workshop: WorkshopFacts, people: Sequence[Participant], scored: Scored, now: datetime
) -> list[TeachingTask]:
    if not workshop.outcomes:
        return []
    gaps = closing_rules.gaps(
        [session.id for session in workshop.sessions],
        {person.booking_id: person.marks for person in people},
        [name for name, _level in workshop.outcomes],
        scored,
    )
    number = gaps.scores_due - gaps.scores
    sub = ngettext("%(n)s of %(num)s score given", "%(n)s of %(num)s scores given", gaps.scores_due, n=number)
    href = url_for("workshops.participants", workshop_id=workshop.id) if actor.id in workshop.assessors else ""
    word, kind = _scores_state(workshop, now, is_complete=bool(gaps.scores_due) and not gaps.scores)
    return [TeachingTask(name=_("Scores by rubric"), sub=sub, href=href, word=word, kind=kind)]


def _scores_state(workshop: WorkshopFacts, now: datetime, *, is_complete: bool) -> tuple[str, str]:
    if is_complete:
        return _("Done"), DONE
    if now < workshop.starts_at or not workshop.has_days:
        return _("Not begun"), LATER
    return (_("Time is over"), OFF) if closing.may_reopen(workshop, now) else (_("Due"), DUE)


def _after(workshop: WorkshopFacts, people: Sequence[Participant], now: datetime) -> list[TeachingTask]:
    has_ended = workshop.has_ended(now)
    open_marks = sum(session.id not in person.marks for person in people for session in workshop.sessions)
    complete = has_ended and not open_marks
    open_text = ngettext("%(num)s mark is open", "%(num)s marks are open", open_marks) if open_marks else ""
    can_close = workshop.state in ACTIVE and has_ended
    return [
        _row(_("Attendance complete"), open_text, "", done=complete),
        _row(_("Certificates of attendance"), _certificates(workshop, people, now), "", done=complete),
        _row(
            pgettext("event", "Closed"),
            _("Then it counts in the plan and can only be read."),
            _step(workshop, WorkshopStep.CLOSE) if can_close else "",
            done=workshop.state is WorkshopState.CLOSED,
        ),
    ]


def _certificates(workshop: WorkshopFacts, people: Sequence[Participant], now: datetime) -> str:
    if not workshop.has_ended(now):
        return _("Known after the last session")
    needed = workshop.attendance_share
    return _(
        "%(n)s of %(m)s were at %(percent)s %% of the sessions or more",
        n=sum(is_earned(person.attendance_rate, needed) for person in people),
        m=len(people),
        percent=round(needed * 100),
    )


def _participant(person: Participant, workshop: WorkshopFacts, scored: int, now: datetime) -> ParticipantRow:
    rate = person.attendance_rate if workshop.has_ended(now) else None
    return ParticipantRow(
        seat=person.seat,
        alias=person.alias,
        country=labels.country(person.country),
        recorded=_("%(n)s of %(m)s", n=len(person.marks), m=len(workshop.sessions)),
        attendance_rate="–" if rate is None else _("%(n)s %%", n=round(rate * 100)),
        scored=_("%(n)s of %(m)s", n=scored, m=len(workshop.outcomes)),
        admission_reason=person.admission_reason,
    )


def _cancel_url(workshop: WorkshopFacts, now: datetime) -> str:
    has_begun = workshop.state is not WorkshopState.POSTPONED and now >= workshop.starts_at
    is_fixed = workshop.state in OVER or has_begun
    return "" if is_fixed else _step(workshop, WorkshopStep.CANCEL)


def _reopen_url(actor: Actor, workshop: WorkshopFacts, now: datetime) -> str:
    is_offered = runs_every_workshop(actor) and closing.may_reopen(workshop, now)
    return _step(workshop, WorkshopStep.REOPEN) if is_offered else ""


def _row(name: str, sub: str, href: str, *, done: bool) -> TeachingTask:
    word, kind = (_("Done"), DONE) if done else (pgettext("step", "Open"), LATER)
    return TeachingTask(name=name, sub=sub, href=href, word=word, kind=kind)


def _step(workshop: WorkshopFacts, step: WorkshopStep) -> str:
    return url_for("workshops.step", workshop_id=workshop.id, step=step_name(step))


def step_name(step: WorkshopStep) -> str:
    """Return the name of a step in an address."""
    return step.value.replace("_", "-")
