"""Where a person stands with an event: the steps of the way, what to say of it, what can be done now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.access.policy import Action, Actor, allows
from app.i18n import babel
from app.i18n.babel import joined
from app.workshops import labels
from app.workshops.domain.attendance import is_earned
from app.workshops.domain.events import WorkshopState
from app.workshops.domain.seats import BookingState
from app.workshops.shapes import BookingLine, WorkshopFacts


class Moment(StrEnum):
    """The time of an event as one sees it."""

    BEFORE = "before"  # and booking is possible
    SHUT = "shut"  # booking is over, the event has not begun
    UNDER_WAY = "under_way"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Participation:
    """An event and one's own part in it.

    `share`: how much of its sessions one was there, None without a mark; `missing`: name and address of the courses;
    `for_roles`: the event's roles in words where the person has none of them, else "".
    """

    workshop: WorkshopFacts
    booking: BookingLine | None
    share: float | None
    free: int
    waiting: int
    missing: Sequence[tuple[str, str]]
    now: datetime
    for_roles: str = ""

    @property
    def moment(self) -> Moment:
        """Return the time of the event."""
        if self.now >= self.workshop.ends_at:
            return Moment.OVER
        if self.now >= self.workshop.starts_at:
            return Moment.UNDER_WAY
        open_now = self.workshop.state is WorkshopState.ANNOUNCED and self.now < self.workshop.booking_closes_at
        return Moment.BEFORE if open_now else Moment.SHUT

    @property
    def seated(self) -> bool:
        """Say whether one has a seat."""
        return self.booking is not None and self.booking.state is BookingState.SEATED

    @property
    def in_line(self) -> bool:
        """Say whether one waits."""
        return self.booking is not None and self.booking.state is BookingState.WAITING

    @property
    def earned(self) -> bool:
        """Say whether the certificate of attendance is there."""
        over = self.moment is Moment.OVER and self.workshop.state is not WorkshopState.CANCELLED
        return self.seated and over and is_earned(self.share, self.workshop.attendance_share)


def notice(participation: Participation) -> dict[str, str] | None:
    """Return what comes first on the page of an event that is not open, or None."""
    workshop = participation.workshop
    if workshop.state is WorkshopState.CANCELLED:
        return {"title": _("This event is cancelled"), "text": workshop.reason, "kind": "bad"}
    if workshop.state in {WorkshopState.DRAFT, WorkshopState.CLEARED}:
        return {
            "title": _("Not announced yet"),
            "text": _("Only those who prepare it see this page."),
            "kind": "warning",
        }
    if workshop.closed_at is not None:
        closed = babel.words(labels.local_day(workshop.closed_at, workshop.time_zone))
        return {"title": _("This event is over"), "text": _("It was closed on %(day)s.", day=closed), "kind": ""}
    return None


def route(participation: Participation) -> list[dict[str, str]]:
    """Return the steps of an event with open enrolment; nothing for one that does not take place."""
    if participation.workshop.state is WorkshopState.CANCELLED:
        return []
    announced = participation.workshop.state in {WorkshopState.ANNOUNCED, WorkshopState.CLOSED}
    steps = [
        _step(
            _("Announced"),
            _("Booking until %(day)s", day=labels.short_day(participation.workshop.booking_until)),
            announced,
        ),
        _booking_step(participation),
        _step(
            _("Held"),
            labels.days(participation.workshop.first_day, participation.workshop.last_day),
            participation.moment is Moment.OVER,
        ),
        _certificate_step(participation),
    ]
    return _with_here(steps) if _goes_on(participation) else steps


def saying(participation: Participation) -> str:
    """Return one or two sentences: what is so, and what follows."""
    if participation.workshop.state is WorkshopState.CANCELLED:
        return _("Nothing is left to do.") if participation.booking else ""
    if participation.seated:
        return _of_seated(participation)
    if participation.in_line:
        return _of_waiting(participation)
    return _of_others(participation)


def action(participation: Participation, actor: Actor) -> dict[str, Any] | None:
    """Return the one thing to do now: book, wait, withdraw, or first the course that is missing."""
    workshop = participation.workshop
    if workshop.state is not WorkshopState.ANNOUNCED:
        return None
    if participation.booking is not None:
        if participation.moment not in {Moment.BEFORE, Moment.SHUT}:
            return None
        label = _("Withdraw") if participation.seated else _("Leave the waiting list")
        return {"kind": "withdraw", "label": label, "url": url_for("workshops.withdraw", workshop_id=workshop.id)}
    if (
        participation.moment is not Moment.BEFORE
        or participation.for_roles
        or not allows(actor, Action.BOOK_SEAT, workshop)
    ):
        return None
    if participation.missing:
        first = next((href for _name, href in participation.missing if href), "")
        return {"kind": "course", "label": _("Go to the course"), "url": first} if first else None
    label = _("Book a seat") if participation.free > 0 and not participation.waiting else _("Join the waiting list")
    return {"kind": "book", "label": label, "url": url_for("workshops.book", workshop_id=workshop.id)}


def _step(name: str, small: str, done: bool) -> dict[str, str]:
    return {"name": name, "small": small, "node": "done" if done else ""}


def _goes_on(participation: Participation) -> bool:
    """Say whether a next step awaits the person."""
    if participation.booking is None:
        return participation.moment is Moment.BEFORE
    if participation.in_line:
        return participation.moment is not Moment.OVER
    return not (participation.moment is Moment.OVER and participation.share is not None)


def _with_here(steps: list[dict[str, str]]) -> list[dict[str, str]]:
    current = next((number for number, step in enumerate(steps) if not step["node"]), None)
    return [step | {"node": "here"} if number == current else step for number, step in enumerate(steps)]


def _booking_step(participation: Participation) -> dict[str, str]:
    if participation.booking is None:
        small = _("Not booked yet") if participation.moment is Moment.BEFORE else _("Booking is over")
        return _step(_("Your seat"), small, done=False)
    booked = labels.short_day(labels.local_day(participation.booking.changed_at, participation.workshop.time_zone))
    if participation.seated:
        return _step(_("Your seat"), _("Yours since %(day)s", day=booked), done=True)
    return _step(_("Waiting list"), _("Place %(n)s", n=participation.booking.place or 1), done=False)


def _certificate_step(participation: Participation) -> dict[str, str]:
    if participation.earned:
        return _step(_("Certificate"), _("You were there"), done=True)
    asked = round(participation.workshop.attendance_share * 100)
    if participation.seated and participation.moment is Moment.OVER:
        if participation.share is None:
            return _step(_("Certificate"), _("When your trainer has recorded attendance"), done=False)
        had = round(participation.share * 100)
        small = _("You were at %(had)s %% of the sessions, %(asked)s %% are needed", had=had, asked=asked)
        return _step(_("Certificate"), small, done=False)
    return _step(_("Certificate"), _("For %(asked)s %% of the sessions", asked=asked), done=False)


def _of_seated(participation: Participation) -> str:
    if participation.moment is Moment.OVER:
        return _("Your certificate of attendance is ready.") if participation.earned else ""
    if participation.moment is Moment.UNDER_WAY:
        return _("You have a seat.")
    return _("You have a seat. If you cannot come, withdraw: the next person in line gets it.")


def _of_waiting(participation: Participation) -> str:
    if participation.moment in {Moment.OVER, Moment.UNDER_WAY}:
        return _("No seat came free.")
    if participation.for_roles or participation.missing:
        until_then = _("Your position is saved, but you get no seat until then.")
        return f"{_passed_over(participation)} {until_then}"
    position = participation.booking.place if participation.booking else 1
    return _("You are on the waiting list, place %(n)s. You get a notice as soon as a seat is yours.", n=position)


def _of_others(participation: Participation) -> str:
    if participation.moment is not Moment.BEFORE:
        return _("Booking is over.") if participation.workshop.state is WorkshopState.ANNOUNCED else ""
    if participation.for_roles or participation.missing:
        return _passed_over(participation)
    if participation.free > 0 and not participation.waiting:
        return ngettext("%(num)s seat is free.", "%(num)s seats are free.", participation.free)
    full = _("All seats are taken.")
    waiting = ngettext("%(num)s person waits.", "%(num)s people wait.", participation.waiting)
    return f"{full} {waiting}" if participation.waiting else full


def _passed_over(participation: Participation) -> str:
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
