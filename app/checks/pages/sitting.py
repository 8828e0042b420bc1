"""`/sittings/<id>`: the page of an invigilator with the code and the list of officers, and that of one seat."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _, ngettext

from app.access.policy import Action, Actor, allows
from app.checks.domain import seats as seat_rules, sittings as rules
from app.checks.domain.seats import AT_WORK, SeatStep
from app.checks.domain.sittings import RUNNING, SeatState, SittingState, SittingStep, WorkState
from app.checks.forms.sittings import InvigilatorForm, MinutesForm, MoreOfficersForm, SittingNoteForm
from app.checks.labels import sittings as labels
from app.checks.pages import sitting_resting, sitting_titles
from app.checks.pages.sitting_titles import TaskTitle
from app.checks.queries import protocol, sittings as queries, surprise
from app.checks.shapes import OfficerSeatLine, SittingDetails, WorkLine
from app.i18n.babel import joined
from app.identity.queries import people
from app.quizzes.queries import watched
from app.quizzes.queries.watched import WatchedProgress
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatRow:
    """A seat in the list: alias, arrival, confirmation, answers, state, minutes left, and what needs attention.

    The addresses of what the user may not do now are empty.
    """

    alias: str
    arrived: str
    confirmed: str
    progress: str
    status: tuple[str, str]
    minutes: str
    notes: Sequence[str]
    confirm_url: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Forms:
    """The forms of the page of a sitting, with the input that was rejected."""

    close: SittingNoteForm
    interrupt: SittingNoteForm
    invigilator: InvigilatorForm
    officers: MoreOfficersForm


@dataclass(frozen=True, slots=True, kw_only=True)
class SittingPage(Page):
    """The page of an invigilator; the addresses of what the user may not do now are empty."""

    template: ClassVar[str] = "checks/sitting.html"
    tasks: Sequence[TaskTitle]
    resting: Sequence[str]
    status: tuple[str, str]
    planned_for: datetime
    location: str
    invigilators: str
    code: str
    lead: str
    attention: Sequence[str]
    rows: Sequence[SeatRow]
    moments: Sequence[tuple[str, str]]
    note: str
    forms: Forms
    error: str
    error_field: str
    open_url: str
    interrupt_url: str
    resume_url: str
    close_url: str
    cancel_url: str
    invigilator_url: str
    officers_url: str
    self_url: str
    back: str
    is_running: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkRow:
    """The work of a seat on a task: its state, and answers with the time of the last one."""

    task: TaskTitle
    status: tuple[str, str]
    progress: str
    minutes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatDetailPage(Page):
    """The page of one seat for an invigilator; the addresses of what cannot be done now are empty."""

    template: ClassVar[str] = "checks/seat_detail.html"
    alias: str
    status: tuple[str, str]
    arrived: str
    confirmed: str
    moves: int
    notes: Sequence[str]
    warning: str
    works: Sequence[WorkRow]
    refuse_form: SittingNoteForm
    minutes_form: MinutesForm
    error: str
    error_field: str
    confirm_url: str
    move_url: str
    minutes_url: str
    refuse_url: str
    back: str


def empty_forms() -> Forms:
    """Return the forms without input."""
    return Forms(
        close=SittingNoteForm(), interrupt=SittingNoteForm(), invigilator=InvigilatorForm(), officers=MoreOfficersForm()
    )


def sitting_page(
    details: SittingDetails, actor: Actor, *, forms: Forms, error: tuple[str, str], now: datetime
) -> SittingPage:
    """Return the page of a sitting. `error` is a field with its message, both empty without an error."""
    seats = queries.seats_of(details.id)
    aliases = _aliases(details, seats)
    watches = allows(actor, Action.RUN_SITTING, details)
    rows = _rows(details, seats, aliases, watches=watches, now=now)
    tasks = sitting_titles.titles(details)
    word, kind = labels.SITTINGS[details.state]
    running = details.state in RUNNING
    return SittingPage(
        tasks=tasks,
        resting=sitting_resting.notes(details, seats, now),
        status=(str(word), kind),
        planned_for=details.planned_for,
        location=details.location,
        invigilators=joined([aliases[person_id] for person_id in details.invigilators]),
        code=rules.in_halves(details.code) if running and watches else "",
        lead=_lead(details.state, seats),
        attention=_attention(rows) if running else [],
        rows=rows,
        moments=_moments(details),
        note=details.note,
        forms=forms,
        error=error[1],
        error_field=error[0],
        open_url=_step(details, SittingStep.OPEN, "checks.open_sitting", allowed=watches),
        interrupt_url=_step(details, SittingStep.INTERRUPT, "checks.interrupt_sitting", allowed=watches),
        resume_url=_step(details, SittingStep.RESUME, "checks.resume_sitting", allowed=watches),
        close_url=_step(details, SittingStep.CLOSE, "checks.close_sitting", allowed=watches),
        cancel_url=_step(details, SittingStep.CANCEL, "checks.cancel_sitting", allowed=_may_change(actor, details)),
        invigilator_url=_while_live(details, "checks.add_invigilator", actor),
        officers_url=_while_live(details, "checks.add_officers", actor),
        self_url=url_for("checks.show_sitting", sitting_id=details.id),
        back=url_for("checks.show_sittings"),
        is_running=running,
    )


def seat_page(
    details: SittingDetails,
    seat: OfficerSeatLine,
    actor: Actor,
    *,
    forms: tuple[SittingNoteForm, MinutesForm],
    error: tuple[str, str],
    now: datetime,
) -> SeatDetailPage:
    """Return the page of a seat. `error` is a field with its message, both empty without an error."""
    aliases = people.names([seat.confirmed_by] if seat.confirmed_by else [])
    return SeatDetailPage(
        alias=seat.alias,
        status=_status(seat),
        arrived=labels.hour(seat.arrived_at) if seat.arrived_at else "",
        confirmed=_confirmed(seat, aliases),
        moves=seat.moves,
        notes=seat.note.splitlines(),
        warning=_warning(details, seat, actor, now),
        works=_work_rows(details, seat, now),
        refuse_form=forms[0],
        minutes_form=forms[1],
        error=error[1],
        error_field=error[0],
        confirm_url=_seat_step(details, seat, SeatStep.CONFIRM, "checks.confirm_identity"),
        move_url=_seat_step(details, seat, SeatStep.MOVE, "checks.move_device"),
        minutes_url=_seat_url(details, seat, "checks.add_minutes") if _has_open_work(details, seat) else "",
        refuse_url=_seat_step(details, seat, SeatStep.REFUSE, "checks.refuse_seat"),
        back=url_for("checks.show_sitting", sitting_id=details.id),
    )


def _warning(details: SittingDetails, seat: OfficerSeatLine, actor: Actor, now: datetime) -> str:
    """Return what an invigilator of the own chain has to know about a surprise check, or ""."""
    is_live = seat.is_surprise and details.state in rules.LIVE and actor.id in details.invigilators
    if not is_live or not surprise.needs_other(details, seat.person_id, now):
        return ""
    return _("You belong to the officer's own chain. Add an invigilator of another agency, or it does not count.")


def shared_browsers(seats: Iterable[OfficerSeatLine]) -> frozenset[str]:
    """Return the browsers in which several officers are at work at once."""
    at_work = [seat.browser_id for seat in seats if seat.browser_id and seat.state in AT_WORK]
    return frozenset(browser for browser, count in Counter(at_work).items() if count > 1)


def _aliases(details: SittingDetails, seats: Sequence[OfficerSeatLine]) -> Mapping[UUID, str]:
    """Return the aliases of the invigilators of a sitting, and of those who confirmed an officer."""
    return people.names({*details.invigilators, *(seat.confirmed_by for seat in seats if seat.confirmed_by)})


def _rows(
    details: SittingDetails,
    seats: Sequence[OfficerSeatLine],
    aliases: Mapping[UUID, str],
    *,
    watches: bool,
    now: datetime,
) -> list[SeatRow]:
    progress = watched.progress([attempt for seat in seats for attempt in _open_attempts(seat)])
    shared = shared_browsers(seats)
    return [_row(details, seat, aliases, progress, shared=shared, watches=watches, now=now) for seat in seats]


def _row(
    details: SittingDetails,
    seat: OfficerSeatLine,
    aliases: Mapping[UUID, str],
    progress: Mapping[UUID, WatchedProgress],
    *,
    shared: frozenset[str],
    watches: bool,
    now: datetime,
) -> SeatRow:
    own = [progress[attempt] for attempt in _open_attempts(seat) if attempt in progress]
    return SeatRow(
        alias=seat.alias,
        arrived=_arrived(seat),
        confirmed=_confirmed(seat, aliases),
        progress=_progress(own, seat),
        status=_status(seat),
        minutes=_minutes(details, own, now),
        notes=_notes(seat, shared),
        confirm_url=_seat_step(details, seat, SeatStep.CONFIRM, "checks.confirm_identity") if watches else "",
        href=_seat_url(details, seat, "checks.show_seat_detail") if watches else "",
    )


def _status(seat: OfficerSeatLine) -> tuple[str, str]:
    """Return the state of a seat in words, with the shape of the word."""
    word, kind = labels.SEATS[seat.state]
    if seat.state is SeatState.EXPECTED and seat.moves > 0:
        return _("Waits for another device"), kind
    if seat.state is SeatState.ABSENT and seat.arrived_at is not None:
        return _("Began nothing"), kind
    return str(word), kind


def _arrived(seat: OfficerSeatLine) -> str:
    if seat.arrived_at is None:
        return ""
    hour = labels.hour(seat.arrived_at)
    return _("%(hour)s, late", hour=hour) if seat.is_late else hour


def _confirmed(seat: OfficerSeatLine, aliases: Mapping[UUID, str]) -> str:
    if seat.confirmed_at is None or seat.confirmed_by is None:
        return ""
    return _("%(hour)s by %(alias)s", hour=labels.hour(seat.confirmed_at), alias=aliases.get(seat.confirmed_by, ""))


def _progress(own: Sequence[WatchedProgress], seat: OfficerSeatLine) -> str:
    if own:
        return _answered(own[0])
    done = sum(work.state in (WorkState.SUBMITTED, WorkState.COUNTED) for work in seat.works)
    return _("Parts: %(done)s of %(parts)s", done=done, parts=len(seat.works)) if done else ""


def _answered(progress: WatchedProgress) -> str:
    return _("%(answered)s of %(questions)s", answered=progress.answered, questions=progress.questions)


def _minutes(details: SittingDetails, own: Sequence[WatchedProgress], now: datetime) -> str:
    if details.state is SittingState.INTERRUPTED:
        return _("stopped") if own else ""
    left = rules.minutes_left(own[0].deadline_at, now) if own else None
    return "" if left is None else str(left)


def _notes(seat: OfficerSeatLine, shared: frozenset[str]) -> list[str]:
    notes = [_("Two officers at once on this device")] if seat.browser_id in shared else []
    if seat.device_refused_at is not None:
        notes.append(_("A second device was refused at %(hour)s", hour=labels.hour(seat.device_refused_at)))
    if seat.is_surprise:
        notes.append(_("Surprise check"))
    return notes + seat.note.splitlines()


def _lead(state: SittingState, seats: Sequence[OfficerSeatLine]) -> str:
    officers = ngettext("%(num)s officer.", "%(num)s officers.", len(seats))
    if state not in RUNNING:
        return officers
    present = sum(seat.state in AT_WORK for seat in seats)
    finished = sum(seat.state is SeatState.FINISHED for seat in seats)
    return officers + " " + _("%(present)s here, %(finished)s finished.", present=present, finished=finished)


def _attention(rows: Sequence[SeatRow]) -> list[str]:
    waiting = [row.alias for row in rows if row.confirm_url]
    shared = [row.alias for row in rows if any(note == _("Two officers at once on this device") for note in row.notes)]
    lines = []
    if waiting:
        lines.append(_("Compare name and service card: %(aliases)s", aliases=joined(waiting)))
    if shared:
        lines.append(_("At once on the same device: %(aliases)s", aliases=joined(shared)))
    return lines


def _moments(details: SittingDetails) -> list[tuple[str, str]]:
    """Return what happened, with the time of day, in order."""
    moments = [(details.opened_at, _("Opened"))] if details.opened_at else []
    for line in protocol.interruptions(details.id):
        moments.append((line.began_at, _("Interrupted: %(reason)s", reason=line.reason)))
        if line.ended_at is not None:
            moments.append((line.ended_at, _("Resumed")))
    if details.closed_at:
        moments.append((details.closed_at, _closed(details)))
    return [(labels.hour(at), text) for at, text in sorted(moments)]


def _closed(details: SittingDetails) -> str:
    if details.note:
        return _("Closed by an invigilator")
    return _("Closed by the server: it was left open for 12 hours after its planned end")


def _open_attempts(seat: OfficerSeatLine) -> list[UUID]:
    return [work.attempt_id for work in seat.works if work.state is WorkState.OPEN and work.attempt_id is not None]


def _work_rows(details: SittingDetails, seat: OfficerSeatLine, now: datetime) -> list[WorkRow]:
    progress = watched.progress([work.attempt_id for work in seat.works if work.attempt_id is not None])
    titles = {task.position: task for task in sitting_titles.titles(details)}
    return [_work_row(details, work, titles[work.position], progress, now) for work in seat.works]


def _work_row(
    details: SittingDetails,
    work: WorkLine,
    task: TaskTitle,
    progress: Mapping[UUID, WatchedProgress],
    now: datetime,
) -> WorkRow:
    word, kind = labels.WORKS[work.state]
    own = [progress[work.attempt_id]] if work.attempt_id in progress and work.attempt_id else []
    return WorkRow(
        task=task,
        status=(str(word), kind),
        progress=_answered(own[0]) if own else "",
        minutes=_minutes(details, own, now) if work.state is WorkState.OPEN else "",
    )


def _has_open_work(details: SittingDetails, seat: OfficerSeatLine) -> bool:
    return details.state in RUNNING and bool(_open_attempts(seat))


def _may_change(actor: Actor, details: SittingDetails) -> bool:
    return allows(actor, Action.CHANGE_SITTING, details)


def _step(details: SittingDetails, step: SittingStep, endpoint: str, *, allowed: bool) -> str:
    can = allowed and rules.can(details.state, step)
    return url_for(endpoint, sitting_id=details.id) if can else ""


def _while_live(details: SittingDetails, endpoint: str, actor: Actor) -> str:
    can = details.state in rules.LIVE and _may_change(actor, details)
    return url_for(endpoint, sitting_id=details.id) if can else ""


def _seat_step(details: SittingDetails, seat: OfficerSeatLine, step: SeatStep, endpoint: str) -> str:
    can = details.state in RUNNING and seat_rules.can(seat.state, step)
    return _seat_url(details, seat, endpoint) if can else ""


def _seat_url(details: SittingDetails, seat: OfficerSeatLine, endpoint: str) -> str:
    return url_for(endpoint, sitting_id=details.id, seat_id=seat.id)
