"""Build the page /check-in of a participant and the screen of the room."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

import segno
from flask import url_for
from flask_babel import gettext as _, ngettext

from app.i18n import babel, stored_translations as texts
from app.i18n.stored_translations import TranslatedText
from app.learning import labels as learning_pages
from app.web.pages import Page
from app.workshops import labels
from app.workshops.domain import check_in as rules
from app.workshops.domain.check_in import CheckInState
from app.workshops.forms.on_the_day import CheckInForm
from app.workshops.pages import event
from app.workshops.pages.event import EventHeading
from app.workshops.queries import bookings, check_ins, workshops
from app.workshops.shapes import SessionFacts, WorkshopFacts

SHOWN_FOR = timedelta(days=3)  # own check-ins on the page


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCheckIn:
    """A check-in of the user; `kind` is the shape of its state."""

    title: TranslatedText
    hours: str
    word: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInPage(Page):
    """The field for the code, and the user's check-ins of the last days; `has_session` is whether one is open."""

    template: ClassVar[str] = "workshops/check_in.html"
    form: CheckInForm
    code: str
    has_session: bool
    check_ins: Sequence[OwnCheckIn]
    action: str
    later_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomPage(Page):
    """The screen of the room: code, QR code and numbers, no person. Without `code` it says how to open it."""

    template: ClassVar[str] = "teaching/room.html"
    heading: EventHeading
    title: TranslatedText
    number: int
    day: str
    hours: str
    code: str
    picture: str
    address: str
    seconds: int
    checked_in: str
    waiting: str
    refusal: str
    action: str
    attendance_url: str


def check_in_page(person_id: UUID, form: CheckInForm, now: datetime, code: str = "") -> CheckInPage:
    """Return the page of a participant; `code` is that of the QR code."""
    seats = check_ins.open_seats(person_id, now)
    return CheckInPage(
        form=form,
        code=code,
        has_session=any(rules.is_open(seat.starts_at, seat.ends_at, now) for seat in seats),
        check_ins=_own_check_ins(person_id, now),
        action=url_for("workshops.check_in"),
        later_url=url_for("workshops.check_in_later"),
    )


def room_page(workshop: WorkshopFacts, session: SessionFacts, now: datetime) -> RoomPage:
    """Return the screen of the room for a session."""
    translations = texts.translations_for([workshop.id, session.id], learning_pages.wanted())
    is_open = rules.is_open(session.starts_at, session.ends_at, now)
    code = _code(session.id, now) if is_open else ""
    counts = check_ins.counts([session.id])
    waiting = counts.get((session.id, CheckInState.WAITING), 0)
    link = url_for("workshops.show_check_in_code", code=code, _external=True) if code else ""
    return RoomPage(
        heading=event.heading(workshop, translations),
        title=labels.session_title(session, translations),
        number=session.number,
        day=babel.short_day(session.day),
        hours=labels.hours(session.starts, session.ends),
        code=rules.in_halves(code) if code else "",
        picture=_picture(link) if link else "",
        address=url_for("workshops.show_check_in", _external=True).partition("://")[2],
        seconds=rules.seconds_left(now),
        checked_in=_checked_in(workshop, sum(counts.values()) - waiting),
        waiting=ngettext("%(num)s sent later waits", "%(num)s sent later wait", waiting) if waiting else "",
        refusal="" if is_open else _not_open(session, now),
        action=url_for("workshops.open_room", workshop_id=workshop.id, number=session.number),
        attendance_url=url_for("workshops.attendance", workshop_id=workshop.id, number=session.number),
    )


def state_label(state: CheckInState) -> tuple[str, str]:
    """Return the label of the state of a check-in, and its shape."""
    return {
        CheckInState.RECORDED: (_("Checked in"), "good"),
        CheckInState.WAITING: (_("Sent later: your trainer confirms it"), "wait"),
        CheckInState.CONFIRMED: (_("Confirmed by the trainer"), "good"),
        CheckInState.DECLINED: (_("Not confirmed. Ask your trainer."), "bad"),
    }[state]


def _code(session_id: UUID, now: datetime) -> str:
    """Return the code that a session shows now, or "" before its screen was opened."""
    secret = check_ins.secret_of(session_id)
    return rules.code_at(secret, rules.step_of(now)) if secret else ""


def _picture(link: str) -> str:
    return segno.make(link, error="m").svg_data_uri(scale=8, light="#fff", dark="#000")


def _checked_in(workshop: WorkshopFacts, number: int) -> str:
    seats = bookings.counts([workshop.id])[workshop.id][0]
    return _("%(n)s of %(m)s checked in", n=number, m=seats)


def _not_open(session: SessionFacts, now: datetime) -> str:
    if now >= session.ends_at:
        return _("The session is over. Record who is missing in the attendance list.")
    return _("The code can be shown from half an hour before the session until its end.")


def _own_check_ins(person_id: UUID, now: datetime) -> list[OwnCheckIn]:
    lines = check_ins.own(person_id, now - SHOWN_FOR)
    if not lines:
        return []
    sessions = {
        session.id: session
        for workshop_id in dict.fromkeys(line.workshop_id for line in lines)
        for session in workshops.get(workshop_id).sessions
    }
    translations = texts.translations_for([line.session_id for line in lines], learning_pages.wanted())
    rows = []
    for line in lines:
        session = sessions[line.session_id]
        word, kind = state_label(line.state)
        hours = labels.hours(session.starts, session.ends)
        rows.append(
            OwnCheckIn(
                title=labels.session_title(session, translations),
                hours=_("%(day)s, %(hours)s", day=babel.short_day(session.day), hours=hours),
                word=word,
                kind=kind,
            )
        )
    return rows
