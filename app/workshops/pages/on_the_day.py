"""Build the tasks of the days of an event on the page of its staff: code for the room, late check-ins, tests."""

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _, ngettext

from app.workshops.domain import check_in as rules
from app.workshops.domain.check_in import CheckInState
from app.workshops.domain.event_tests import EventTestPart
from app.workshops.domain.events import ACTIVE, WorkshopState
from app.workshops.pages.dashboard import TeachingTask
from app.workshops.queries import check_ins, event_tests
from app.workshops.shapes import SessionFacts, WorkshopFacts


def tasks(workshop: WorkshopFacts, now: datetime) -> list[TeachingTask]:
    """Return the tasks of the days of an event that is announced or closed."""
    if workshop.state not in {*ACTIVE, WorkshopState.CLOSED}:
        return []
    return [*_rooms(workshop, now), *_late(workshop), _tests(workshop)]


def _rooms(workshop: WorkshopFacts, now: datetime) -> list[TeachingTask]:
    running = [session for session in workshop.sessions if rules.is_open(session.starts_at, session.ends_at, now)]
    return [_room(workshop, session) for session in running if workshop.state in ACTIVE]


def _room(workshop: WorkshopFacts, session: SessionFacts) -> TeachingTask:
    return TeachingTask(
        name=_("Code for the screen of the room"),
        sub=_("Session %(n)s", n=session.number),
        href=url_for("workshops.show_room", workshop_id=workshop.id, number=session.number),
        word=_("Now"),
        kind="here",
    )


def _late(workshop: WorkshopFacts) -> list[TeachingTask]:
    counts = check_ins.counts([session.id for session in workshop.sessions])
    rows = []
    for session in workshop.sessions:
        waiting = counts.get((session.id, CheckInState.WAITING), 0)
        if waiting:
            name = ngettext("%(num)s check-in was sent later", "%(num)s check-ins were sent later", waiting)
            href = url_for("workshops.attendance", workshop_id=workshop.id, number=session.number)
            sub = _("Session %(n)s", n=session.number)
            rows.append(TeachingTask(name=name, sub=sub, href=href, word=_("Confirm or decline"), kind="risk"))
    return rows


def _tests(workshop: WorkshopFacts) -> TeachingTask:
    tests = event_tests.tests_of(workshop.id)
    is_open = any(test.closed_at is None for test in tests.values())
    word, kind = (_("Open for participants"), "here") if is_open else (_("Not opened"), "open")
    if EventTestPart.AFTER in tests and not is_open:
        word, kind = _("Done"), "good"
    return TeachingTask(
        name=_("Tests before and after"),
        sub=_("Open them, and see the gain of the group."),
        href=url_for("workshops.show_tests", workshop_id=workshop.id),
        word=word,
        kind=kind,
    )
