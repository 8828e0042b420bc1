"""A sitting of eight officers from code to evidence: two invigilators, one officer late, one with a dead phone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.checks.domain.sittings import SeatState
from app.checks.models import EvidenceWatcher, Sitting, SittingSeat
from app.competence.models import Evidence
from app.db.session import db, transaction
from app.kernel import clock
from app.quizzes.queries import watched
from tests.support import factories, sites, sitting_scene, watched_course
from tests.support.served_academy import Academy, living, publish
from tests.support.visitors import PHONE, Open, Visitor, press

pytestmark = pytest.mark.browser
OFFICERS = 8


@pytest.fixture
def room(tmp_path: Path, window: Open) -> Iterator["Room"]:
    """An academy of its own with the fictional course alone, eight officers, two invigilators, a planned sitting."""
    publish(tmp_path / "empty.db", [])
    (tmp_path / "room").mkdir()
    with living(tmp_path / "room", tmp_path / "empty.db") as academy:
        with academy.app.app_context():
            watched_course.publish()
            people = [factories.person(name=f"Name of officer {n}") for n in range(1, OFFICERS + 1)]
            first = factories.person(roles=(), grants=sitting_scene.INVIGILATOR)
            second = factories.person(roles=(), grants=sitting_scene.INVIGILATOR)
            sitting_id = sitting_scene.plan(people, by=first)
            db.session.remove()
        yield Room(academy, window, sitting_id, first, second, people)


@dataclass
class Room:
    """The room of the sitting; `clients` are the officers without a browser."""

    academy: Academy
    window: Open
    sitting_id: UUID
    first: UUID
    second: UUID
    officers: list[UUID]
    clients: dict[UUID, FlaskClient] = field(default_factory=dict)

    def browser(self, person_id: UUID, width: int = PHONE, *, script: bool = True) -> Visitor:
        """Open a browser in which a person is signed in."""
        visitor = self.window(self.academy, person_id, "", "en", width, script=script)
        visitor.take(self.academy.session(person_id))
        return visitor

    def post(self, client: FlaskClient, path: str, **fields: str) -> str:
        """Send a form and return the address to which it leads."""
        answer = sites.post(self.academy.app, client, path, fields)
        assert answer.status_code == 302, answer.text
        return answer.location

    def confirm_all(self) -> None:
        """Let the second invigilator confirm all who wait."""
        client = factories.sign_in(self.academy.app, self.second)
        page = client.get(f"/sittings/{self.sitting_id}").text
        for path in re.findall(r'action="([^"]+/confirm)"', page):
            self.post(client, path)

    def work(self, person_id: UUID, code: str, *, right: int) -> None:
        """Let an officer without a browser begin and hand in so many right answers."""
        client = self.clients[person_id]
        attempt = UUID(self.post(client, f"/sittings/{code}/parts/1").split("/")[2])
        with self.academy.app.app_context():
            items = [line.item.id for line in watched.answers_of(attempt)]
        for number, item in enumerate(items[:right], 1):
            self.post(client, f"/attempts/{attempt}/{number}", step="next", **self.answer(attempt, number, item))
        self.post(client, f"/attempts/{attempt}/hand-in")

    def answer(self, attempt: UUID, number: int, item: str) -> dict[str, str]:
        """Return the field of the right answer as its page has it: options are shown in another order."""
        fields = watched_course.right_answer(item)
        if "choice" not in fields:
            return fields
        with self.academy.app.app_context():
            order = sitting_scene.order_of(attempt, number)
        return {"choice": str(order.index(0))}


def _take_seat(visitor: Visitor, code: str) -> Page:
    page = visitor.go("/sittings")
    page.locator("#code").fill(code.upper())
    press(page.get_by_role("button", name="Take my seat"))
    return page


def _answer_first(page: Page) -> str:
    """Answer the question that is shown, without pressing a button, and wait until the server has it."""
    text = page.locator("input.input[name=answer]")
    if text.count():
        text.fill("port")
    else:
        page.locator("[name=choice]").first.check()
    expect(page.locator("[data-state=saved]")).to_be_visible()
    return page.url


def _is_answered(page: Page) -> bool:
    text = page.locator("input.input[name=answer]")
    return text.input_value() == "port" if text.count() else page.locator("[name=choice]").first.is_checked()


def test_sitting_of_eight_officers_from_code_to_evidence(room: Room) -> None:
    desk = room.browser(room.first, 1280)
    page = desk.go(f"/sittings/{room.sitting_id}")
    press(page.get_by_role("button", name="Open the sitting"))
    expect(page.get_by_text("The list updates itself every 15 seconds.")).to_be_visible()
    expect(page.get_by_text("The list shows the state when this page was loaded.")).to_be_hidden()
    code = page.locator("[data-code]").inner_text().replace(" ", "").lower()
    page.get_by_text("Second invigilator", exact=True).click()
    with room.academy.app.app_context():
        page.locator("#alias").fill(sitting_scene.people_alias(room.second))
    press(page.get_by_role("button", name="Add invigilator"))

    # an officer with a phone, confirmed on the desk; a reload in the middle loses nothing
    phone = room.browser(room.officers[0])
    own = _take_seat(phone, code)
    expect(own.locator("[data-name]")).to_have_text("Name of officer 1")
    page.reload()
    press(page.get_by_role("button", name="Confirm identity"))
    own.get_by_role("link", name="Look again").click()
    press(own.get_by_role("button", name="Begin"))
    _answer_first(own)
    own.reload()
    assert _is_answered(own)
    assert own.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('outbox:')).length") == 0

    # a phone that dies: the officer goes on in another browser, after a look at the card
    dying = room.browser(room.officers[1])
    _take_seat(dying, code)
    room.confirm_all()
    dying.go(f"/sittings/{code}")
    press(dying.page.get_by_role("button", name="Begin"))
    question = _answer_first(dying.page)
    dying.context.close()
    other = room.browser(room.officers[1])
    _take_seat(other, code)
    expect(other.page.locator(".error").first).to_contain_text("another device")
    with room.academy.app.app_context():
        seat = sitting_scene.seat_of(room.sitting_id, room.officers[1])
        db.session.remove()
    page.goto(f"{room.academy.url}/sittings/{room.sitting_id}/seats/{seat.id}")
    press(page.get_by_role("button", name="Continue on another device"))
    _take_seat(other, code)
    room.confirm_all()
    other.go(f"/sittings/{code}")
    press(other.page.get_by_role("button", name="Go on"))
    assert other.page.url == question
    assert _is_answered(other.page)

    # the others, the last of them late
    for person_id in room.officers[2:7]:
        _enter(room, person_id, code)
    room.confirm_all()
    for person_id in room.officers[2:7]:
        room.work(person_id, code, right=10)
    _open_earlier(room)
    _enter(room, room.officers[7], code)
    room.confirm_all()
    page.goto(f"{room.academy.url}/sittings/{room.sitting_id}")
    expect(page.get_by_role("row").filter(has_text="late")).to_have_count(1)
    room.work(room.officers[7], code, right=12)

    # the first officer is finished and signs out; the second one is handed in by the close
    own.goto(own.url.rpartition("/")[0] + "/check")
    press(own.get_by_role("button", name="Submit answers"))
    expect(own.get_by_role("heading", name="You are finished. Sign out now.")).to_be_visible()
    press(own.get_by_role("main").get_by_role("button", name="Sign out"))
    page.reload()
    page.get_by_text("Close the sitting", exact=True).first.click()
    page.locator("#close-note").fill("One phone died, one officer came late.")
    press(page.get_by_role("button", name="Close the sitting"))
    expect(page.get_by_text("One phone died, one officer came late.")).to_be_visible()
    _check_evidence(room)
    assert desk.complaints == phone.complaints == []


def _enter(room: Room, person_id: UUID, code: str) -> None:
    room.clients[person_id] = factories.sign_in(room.academy.app, person_id)
    room.post(room.clients[person_id], "/sittings", code=code)


def _open_earlier(room: Room) -> None:
    """Let the sitting be open for twenty minutes."""
    with room.academy.app.app_context(), transaction():
        db.session.get_one(Sitting, room.sitting_id).opened_at = clock.now() - timedelta(minutes=20)


def _check_evidence(room: Room) -> None:
    with room.academy.app.app_context():
        rows = {row.person_id: row for row in db.session.scalars(select(Evidence))}
        assert rows.keys() == set(room.officers)
        assert all(row.watched and row.items == 12 and row.kind == "check" for row in rows.values())
        assert rows[room.officers[7]].share == 1.0
        assert rows[room.officers[2]].share == pytest.approx(10 / 12)
        watchers = {row.person_id for row in db.session.scalars(select(EvidenceWatcher))}
        assert watchers == {room.first, room.second}
        seats = db.session.scalars(select(SittingSeat).where(SittingSeat.sitting_id == room.sitting_id)).all()
        assert {seat.state for seat in seats} == {SeatState.FINISHED}
        assert [seat.moves for seat in seats if seat.person_id == room.officers[1]] == [1]
        assert sum(seat.is_late for seat in seats) == 1
        db.session.remove()


def test_officer_takes_the_check_without_script(room: Room) -> None:
    with room.academy.app.app_context():
        sitting_scene.open_it(room.sitting_id, room.first)
        code = sitting_scene.details(room.sitting_id).code
        db.session.remove()
    desk = room.browser(room.first, 1280, script=False).go(f"/sittings/{room.sitting_id}")
    expect(desk.get_by_text("The list shows the state when this page was loaded.")).to_be_visible()
    expect(desk.get_by_text("The list updates itself every 15 seconds.")).to_be_hidden()
    phone = room.browser(room.officers[0], script=False)
    page = _take_seat(phone, code)
    desk.get_by_role("link", name="Look again").click()
    expect(desk.get_by_role("button", name="Confirm identity")).to_be_visible()
    room.second = room.first
    room.confirm_all()
    press(page.get_by_role("link", name="Look again"))
    press(page.get_by_role("button", name="Begin"))
    for _number in range(12):
        text = page.locator("input.input[name=answer]")
        if text.count():
            text.fill("port")
        else:
            page.locator("[name=choice]").first.check()
        press(page.locator("button[name=step]").first)
    press(page.get_by_role("button", name="Submit answers"))
    expect(page.get_by_role("heading", name="You are finished. Sign out now.")).to_be_visible()
