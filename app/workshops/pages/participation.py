"""Describe a person's participation in an event: steps, text of the state, next action; for /workshops."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from flask import url_for
from flask_babel import gettext as _, ngettext

from app.access.policy import Action, Actor, allows
from app.i18n import babel
from app.i18n.babel import joined
from app.workshops import labels
from app.workshops.domain.attendance import is_earned
from app.workshops.domain.events import ACTIVE, EnrolmentMode, WorkshopState
from app.workshops.domain.seats import BookingState
from app.workshops.shapes import BookingLine, WorkshopFacts


class EventPhase(StrEnum):
    """The phase of an event for its participants."""

    BEFORE = "before"  # and booking is possible
    SHUT = "shut"  # booking is over, the event has not begun
    UNDER_WAY = "under_way"
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageNotice:
    """A notice above the content of a page; `kind` is its colour."""

    title: str
    text: str
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteStep:
    """A step of an event; `node` is "done", "here" or ""."""

    name: str
    small: str
    node: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingAction:
    """The next action: `kind` is "book", "withdraw" (both are submitted) or "course" (a link)."""

    kind: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Participation:
    """An event with the booking of a person.

    `attendance_rate`: of its sessions, None without a mark; `missing`: name and address of the courses to complete;
    `for_roles`: the names of the event's roles if the person has none of them, else ""; `is_blocked`: a competency is
    missing, or another event is on the same days.
    """

    workshop: WorkshopFacts
    booking: BookingLine | None
    attendance_rate: float | None
    free: int
    waiting: int
    missing: Sequence[tuple[str, str]]
    now: datetime
    for_roles: str = ""
    is_blocked: bool = False

    @property
    def is_open_enrolment(self) -> bool:
        """Return whether the person books; `own_nomination` describes a request for a seat that countries share."""
        return self.workshop.enrolment is EnrolmentMode.OPEN

    @property
    def moment(self) -> EventPhase:
        """Return the time of the event."""
        if self.now >= self.workshop.ends_at:
            return EventPhase.OVER
        if self.now >= self.workshop.starts_at:
            return EventPhase.UNDER_WAY
        open_now = self.workshop.state in ACTIVE and self.now < self.workshop.booking_closes_at
        return EventPhase.BEFORE if open_now else EventPhase.SHUT

    @property
    def is_seated(self) -> bool:
        """Return whether the person has a seat."""
        return self.booking is not None and self.booking.state is BookingState.SEATED

    @property
    def is_waiting(self) -> bool:
        """Return whether the person is on the waiting list."""
        return self.booking is not None and self.booking.state is BookingState.WAITING

    @property
    def has_certificate(self) -> bool:
        """Return whether the person has earned the certificate of attendance."""
        over = self.moment is EventPhase.OVER and self.workshop.state is not WorkshopState.CANCELLED
        return self.is_seated and over and is_earned(self.attendance_rate, self.workshop.attendance_share)


def notice(participation: Participation) -> PageNotice | None:
    """Return the notice about an event that is not open for booking, or None."""
    workshop = participation.workshop
    if workshop.state is WorkshopState.CANCELLED:
        return PageNotice(title=_("This event is cancelled"), text=workshop.reason, kind="bad")
    if workshop.state is WorkshopState.POSTPONED:
        return PageNotice(
            title=_("This event is postponed"),
            text=labels.postponed_text(workshop.postponed_reason),
            kind="warning",
        )
    if workshop.state in {WorkshopState.DRAFT, WorkshopState.CLEARED}:
        return PageNotice(
            title=_("Not announced yet"), text=_("Only those who prepare it see this page."), kind="warning"
        )
    if workshop.closed_at is not None:
        closed = babel.words(labels.local_day(workshop.closed_at, workshop.time_zone))
        return PageNotice(title=_("This event is over"), text=_("It was closed on %(day)s.", day=closed))
    return None


def route(participation: Participation) -> list[RouteStep]:
    """Return the steps of an event with open enrolment, or an empty list for a cancelled one."""
    if participation.workshop.state is WorkshopState.CANCELLED or not participation.is_open_enrolment:
        return []
    workshop = participation.workshop
    announced = workshop.state in {*ACTIVE, WorkshopState.CLOSED}
    booking_until = _("Booking until %(day)s", day=babel.short_day(workshop.booking_until))
    days = babel.days(workshop.first_day, workshop.last_day)
    steps = [
        _step(_("Announced"), booking_until, done=announced),
        _booking_step(participation),
        _step(_("Held"), days, done=participation.moment is EventPhase.OVER),
        _certificate_step(participation),
    ]
    return _with_current(steps) if _has_next_step(participation) else steps


def status_text(participation: Participation) -> str:
    """Return the state of the participation, and what follows, in one or two sentences."""
    if not participation.is_open_enrolment:
        return ""
    if participation.workshop.state is WorkshopState.CANCELLED:
        return _("Nothing is left to do.") if participation.booking else ""
    if participation.is_seated:
        return _seated_text(participation)
    if participation.is_waiting:
        return _waiting_text(participation)
    return _unbooked_text(participation)


def action(participation: Participation, actor: Actor) -> BookingAction | None:
    """Return the next action: book, withdraw, or open the first missing course; None if nothing can be done."""
    if participation.workshop.state not in ACTIVE or not participation.is_open_enrolment:
        return None
    if participation.booking is not None:
        return _withdraw_action(participation)
    if not _is_bookable(participation):
        return None
    return _book_action(participation) if allows(actor, Action.BOOK_SEAT, participation.workshop) else None


def _is_bookable(participation: Participation) -> bool:
    """Return whether the person can book now, or could after the missing courses."""
    if participation.moment is not EventPhase.BEFORE or participation.for_roles:
        return False
    return not participation.is_blocked or bool(participation.missing)


def _withdraw_action(participation: Participation) -> BookingAction | None:
    if participation.moment not in {EventPhase.BEFORE, EventPhase.SHUT}:
        return None
    label = _("Withdraw") if participation.is_seated else _("Leave the waiting list")
    url = url_for("workshops.withdraw", workshop_id=participation.workshop.id)
    return BookingAction(kind="withdraw", label=label, url=url)


def _book_action(participation: Participation) -> BookingAction | None:
    if participation.missing:
        first = next((href for _name, href in participation.missing if href), "")
        return BookingAction(kind="course", label=_("Go to the course"), url=first) if first else None
    label = _("Book a seat") if _has_free_seat(participation) else _("Join the waiting list")
    return BookingAction(kind="book", label=label, url=url_for("workshops.book", workshop_id=participation.workshop.id))


def _has_free_seat(participation: Participation) -> bool:
    return participation.free > 0 and not participation.waiting


def _step(name: str, small: str, *, done: bool) -> RouteStep:
    return RouteStep(name=name, small=small, node="done" if done else "")


def _has_next_step(participation: Participation) -> bool:
    if participation.booking is None:
        return participation.moment is EventPhase.BEFORE
    if participation.is_waiting:
        return participation.moment is not EventPhase.OVER
    return not (participation.moment is EventPhase.OVER and participation.attendance_rate is not None)


def _with_current(steps: list[RouteStep]) -> list[RouteStep]:
    current = next((number for number, step in enumerate(steps) if not step.node), None)
    return [replace(step, node="here") if number == current else step for number, step in enumerate(steps)]


def _booking_step(participation: Participation) -> RouteStep:
    if participation.booking is None:
        small = _("Not booked yet") if participation.moment is EventPhase.BEFORE else _("Booking is over")
        return _step(_("Your seat"), small, done=False)
    booked = babel.short_day(labels.local_day(participation.booking.changed_at, participation.workshop.time_zone))
    if participation.is_seated:
        return _step(_("Your seat"), _("Yours since %(day)s", day=booked), done=True)
    return _step(_("Waiting list"), _("Place %(n)s", n=participation.booking.position or 1), done=False)


def _certificate_step(participation: Participation) -> RouteStep:
    if participation.has_certificate:
        return _step(_("Certificate"), _("You were there"), done=True)
    asked = round(participation.workshop.attendance_share * 100)
    if participation.is_seated and participation.moment is EventPhase.OVER:
        if participation.attendance_rate is None:
            return _step(_("Certificate"), _("When your trainer has recorded attendance"), done=False)
        had = round(participation.attendance_rate * 100)
        small = _("You were at %(had)s %% of the sessions, %(asked)s %% are needed", had=had, asked=asked)
        return _step(_("Certificate"), small, done=False)
    return _step(_("Certificate"), _("For %(asked)s %% of the sessions", asked=asked), done=False)


def _seated_text(participation: Participation) -> str:
    if participation.moment is EventPhase.OVER:
        return _("Your certificate of attendance is ready.") if participation.has_certificate else ""
    if participation.moment is EventPhase.UNDER_WAY:
        return _("You have a seat.")
    return _("You have a seat. If you cannot come, withdraw: the next person in line gets it.")


def _waiting_text(participation: Participation) -> str:
    if participation.moment in {EventPhase.OVER, EventPhase.UNDER_WAY}:
        return _("No seat came free.")
    if participation.for_roles or participation.missing:
        until_then = _("Your position is saved, but you get no seat until then.")
        return f"{_obstacle(participation)} {until_then}"
    position = participation.booking.position if participation.booking else 1
    return _("You are on the waiting list, place %(n)s. You get a notice as soon as a seat is yours.", n=position)


def _unbooked_text(participation: Participation) -> str:
    if participation.moment is not EventPhase.BEFORE:
        return _("Booking is over.") if participation.workshop.state in ACTIVE else ""
    if participation.for_roles or participation.missing:
        return _obstacle(participation)
    if _has_free_seat(participation):
        return ngettext("%(num)s seat is free.", "%(num)s seats are free.", participation.free)
    full = _("All seats are taken.")
    waiting = ngettext("%(num)s person waits.", "%(num)s people wait.", participation.waiting)
    return f"{full} {waiting}" if participation.waiting else full


def _obstacle(participation: Participation) -> str:
    """Return why the person gets no seat, and what changes it."""
    if participation.for_roles:
        return role_mismatch(participation.for_roles)
    return courses_missing([name for name, _href in participation.missing])


def role_mismatch(roles: str) -> str:
    """Return that an event is for other roles, and who can change the person's role."""
    return _("This event is for: %(roles)s. If your role is wrong, your contact point can change it.", roles=roles)


def courses_missing(names: Sequence[str]) -> str:
    """Return which courses come before booking."""
    return _("Before you can book, complete: %(courses)s.", courses=joined(list(names)))
