import gzip
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Page

from app.web import assets
from tests.support import factories
from tests.support.busy_academy import Busy
from tests.support.served_academy import GUIDE, LAW, Academy
from tests.support.settings import REPOSITORY
from tests.support.visitors import PHONE, Enter, Invite

pytestmark = pytest.mark.browser
SHORT = LESSON = f"/courses/{GUIDE}/lessons/finding-your-way"
NEXT = f"/courses/{GUIDE}/lessons/answers-are-never-lost"
# lessons with documents; a question in whose lines something is marked has a copy of its own
DESK = f"/courses/{LAW}/lessons/the-definition"
NEXT_DESK = f"/courses/{LAW}/lessons/consent-and-children"
FOLDER = REPOSITORY / "courses"
COURSES = sorted({path.parts[-3] for path in FOLDER.glob("*/lessons/*.en.md")})
# what a learner's browser loads: nothing of the staff's
LEARNER = ("hand_in.js", "outbox.js", "quiz.js", "reader.js")
AUTHORS = ("desk.js", "drafts.js", "editor.js", "form_drafts.js", "outline.js", "pictures.js")
SIGNING_IN = ("passkey.js", "show.js")
EVENTS = ("attendance.js", "check_in.js", "later.js")  # days of events
SITTINGS = ("sitting.js", "watched.js")  # of the invigilator, and of an officer at work


class Wire:
    """Counts what a page brings over the line, headers among it; what the browser's cache gives weighs nothing."""

    def __init__(self, page: Page) -> None:
        self.requests: list[str] = []
        self.bytes = 0
        self.sizes: dict[str, int] = {}
        self._urls: dict[str, str] = {}
        self._cached: set[str] = set()
        client = page.context.new_cdp_session(page)
        client.send("Network.enable")
        client.on("Network.requestServedFromCache", self._kept)
        client.on("Network.responseReceived", self._came)
        client.on("Network.loadingFinished", self._ended)
        self.page = page

    def load(self, url: str) -> tuple[int, int]:
        """Return the number of requests and the bytes of a page."""
        self.requests, self.bytes = [], 0
        self.page.goto(url)
        self.page.wait_for_load_state("networkidle")
        return len(self.requests), self.bytes

    def press(self, what: str, url: str) -> tuple[int, int]:
        """Return the number of requests and the bytes of what a press brings."""
        self.requests, self.bytes = [], 0
        self.page.locator(what).click()
        self.page.wait_for_url(url)
        self.page.wait_for_load_state("networkidle")
        return len(self.requests), self.bytes

    def _came(self, event: dict[str, Any]) -> None:
        url = event["response"]["url"]
        if not event["response"].get("fromDiskCache") and not url.startswith("data:"):
            self._urls[event["requestId"]] = url

    def _kept(self, event: dict[str, Any]) -> None:
        self._cached.add(event["requestId"])

    def _ended(self, event: dict[str, Any]) -> None:
        if event["requestId"] in self._urls.keys() - self._cached:
            self.requests.append(self._urls[event["requestId"]])
            self.bytes += int(event["encodedDataLength"])
            self.sizes[self.requests[-1]] = int(event["encodedDataLength"])


@pytest.mark.parametrize(("language", "most"), [("en", 6000), ("ar", 7200)])
def test_a_lesson_opens_on_a_weak_line(visitor: Invite, language: str, most: int) -> None:
    learner = visitor(language, PHONE)
    wire = Wire(learner.page)
    count, size = wire.load(learner.url + LESSON)
    assert size <= 25_000, (size, wire.requests)
    assert count <= 5, wire.requests
    # "Done" goes out, then the lesson comes in; Arabic letters take two bytes each, and 630 bytes of each are headers
    count, size = wire.press("form[data-turn] button", learner.url + NEXT)
    assert count == 2, wire.requests
    assert wire.sizes[learner.url + NEXT] <= most, wire.sizes
    assert size - wire.sizes[learner.url + NEXT] <= 1000, wire.sizes


# a long lesson with its frame, as a browser without script or a bookmark loads it
@pytest.mark.parametrize(("language", "most"), [("en", 8600), ("ar", 9900)])
def test_a_whole_page_stays_light(visitor: Invite, language: str, most: int) -> None:
    learner = visitor(language, PHONE)
    wire = Wire(learner.page)
    wire.load(learner.url + LESSON)
    for path, limit in ((NEXT, most), (SHORT, most - 2000)):
        count, size = wire.load(learner.url + path)
        assert count == 1, wire.requests
        assert size <= limit, (path, size)


def test_a_lesson_with_documents_opens_on_a_weak_line(visitor: Invite) -> None:
    learner = visitor("en", PHONE)
    wire = Wire(learner.page)
    count, size = wire.load(learner.url + DESK)
    assert count <= 5, wire.requests
    assert size <= 29_500, (size, wire.requests)
    count, size = wire.load(learner.url + NEXT_DESK)
    assert count == 1, wire.requests
    assert size <= 15_000, (size, wire.requests)


# 17,300 bytes are styles, scripts and headers. Of the 16,400 bytes of the heaviest page, 9,000 are the text of the
# lesson and of its nine documents; the rest is markup: forms of questions, ids and fields of lines. No part of it that
# could be left out has more than 600 bytes.
@pytest.mark.parametrize("course", COURSES)
@pytest.mark.parametrize(("language", "most"), [("en", 34_000), ("ar", 36_000)])
def test_heaviest_lesson_of_a_course_opens_on_a_weak_line(
    academy: Academy, visitor: Invite, course: str, language: str, most: int
) -> None:
    learner = visitor(language, PHONE)
    lesson = _heaviest_lesson(academy, learner.person_id, course)
    wire = Wire(learner.page)
    count, size = wire.load(learner.url + lesson)
    assert count <= 5, wire.requests
    assert size <= most, (lesson, size, wire.requests)


def _heaviest_lesson(academy: Academy, person_id: UUID, course: str) -> str:
    """Return the address of the lesson whose page has the most bytes."""
    client = factories.sign_in(academy.app, person_id)
    lessons = [path.name.removesuffix(".en.md") for path in (FOLDER / course / "lessons").glob("*.en.md")]
    pages = {
        path: client.get(path, headers={"Accept-Encoding": "br"})
        for path in (f"/courses/{course}/lessons/{lesson}" for lesson in lessons)
    }
    assert {page.status_code for page in pages.values()} == {200}
    return max(pages, key=lambda path: len(pages[path].data))


def test_later_pages_are_light(visitor: Invite) -> None:
    learner = visitor("ar", PHONE)
    wire = Wire(learner.page)
    for path in ("/", "/courses", f"/courses/{LAW}", "/record", "/settings"):
        wire.load(learner.url + path)
        _count, size = wire.load(learner.url + path)
        assert size <= 12_000, (path, size)


# pages of numbers are the widest: tables with charts beside them
@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("coordinator", "/plan"),
        ("coordinator", "/plan/indicators/OC2.1"),
        ("officer", "/path"),
        ("officer", "/path/VIC-02"),
        ("officer", "/workshops/{booked}"),
        ("assessor", "/teaching/workshops/{running}/assess"),
    ],
)
def test_numbers_and_events_open_on_a_weak_line(busy: Busy, enter: Enter, name: str, path: str) -> None:
    learner = enter(name, "ar", PHONE)
    wire = Wire(learner.page)
    url = learner.url + path.format(**busy.events)
    count, size = wire.load(url)
    assert size <= 45_000, (size, wire.requests)
    assert count <= 5, wire.requests
    _count, size = wire.load(url)
    assert size <= 12_000, size


def test_scripts_and_styles_stay_small(academy: Academy) -> None:
    made = assets.assets(academy.app).by_name
    for own in ("quiz.js", "reader.js"):  # a page loads one of them
        assert len(made["outbox.js"].brotli) + len(made[own].brotli) <= 6_000
    assert sum(len(made[name].brotli) for name in SIGNING_IN) <= 1000
    assert sum(len(made[name].brotli) for name in AUTHORS) <= 5800
    assert sum(len(made[name].brotli) for name in SITTINGS) <= 2200
    assert sum(len(made[name].brotli) for name in EVENTS) <= 2000
    assert len(made["academy.css"].brotli) <= 7150
    assert len(made["staff.css"].brotli) <= 5150
    assert len(made["documents.css"].brotli) <= 2500
    assert {path.name for path in (assets.STATIC / "js").glob("*.js")} == {
        *LEARNER,
        *SIGNING_IN,
        *SITTINGS,
        *EVENTS,
        *AUTHORS,
    }
    assert gzip.decompress(made["academy.css"].packed) == made["academy.css"].plain
