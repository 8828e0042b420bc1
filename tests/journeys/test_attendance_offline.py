from uuid import UUID

import pytest
from playwright.sync_api import expect

from app.access.policy import Role, Scope
from app.db.session import db
from app.workshops.domain.attendance import Attendance
from app.workshops.models import AttendanceMark
from app.workshops.queries import participants, workshops
from tests.support import workshop_events
from tests.support.event_days import start_session
from tests.support.served_academy import Academy
from tests.support.visitors import PHONE, Invite

pytestmark = pytest.mark.browser
PEOPLE = 30
READY = "async () => Boolean((await navigator.serviceWorker.ready).active)"
POSTS = "() => Object.keys(localStorage).filter((name) => name.startsWith('post:')).length"
LIST = "() => localStorage[Object.keys(localStorage).find((name) => name.startsWith('list:'))]"


def event(academy: Academy) -> UUID:
    """Return an event with 30 participants whose first session is taking place."""
    with academy.app.app_context():
        workshop_id = workshop_events.announced(capacity=PEOPLE, outcomes=())
        workshop_events.booked(workshop_id, PEOPLE)
        start_session(workshop_id)
    return workshop_id


def test_attendance_of_thirty_is_taken_offline_and_counted_once(academy: Academy, visitor: Invite) -> None:
    workshop_id = event(academy)
    trainer = visitor(width=PHONE, worker=True, grants=((Role.TRAINER, Scope.EVENT, str(workshop_id)),))
    page = trainer.go(f"/teaching/workshops/{workshop_id}/sessions/1/attendance")
    assert page.evaluate(READY)
    page.reload()
    trainer.context.set_offline(True)
    page.reload()
    expect(page.locator("form select")).to_have_count(PEOPLE)
    page.locator("form select").nth(3).select_option(str(Attendance.ABSENT))
    page.get_by_role("button", name="Save attendance").click()
    expect(page.locator("[data-state]")).to_contain_text("Saved on this device")
    assert page.evaluate(POSTS) == 1
    assert "Iraq" not in page.evaluate(LIST)  # aliases only
    trainer.context.set_offline(False)
    expect(page.locator("nav.menu")).to_have_count(1, timeout=20_000)  # the page of the server, by itself
    assert page.evaluate(POSTS) == 0
    trainer.go(f"/teaching/workshops/{workshop_id}/sessions/1/attendance")
    with academy.app.app_context():
        marks = participants.marks_of(workshops.get(workshop_id).sessions[0].id)
        rows = db.session.query(AttendanceMark).filter(AttendanceMark.booking_id.in_(marks)).count()
    assert (len(marks), rows) == (PEOPLE, PEOPLE)
    assert list(marks.values()).count(Attendance.ABSENT) == 1
