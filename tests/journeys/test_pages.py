import re
from collections import Counter, deque
from collections.abc import Sequence
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import expect
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from app.access.policy import Actor, Role, Scope
from app.catalogue.queries import courses as catalogue
from tests.support import course_attempts, factories, sites
from tests.support.page_checks import WANTED, look
from tests.support.served_academy import GUIDE, LAW, Academy
from tests.support.visitors import Invite, Visitor, press, reach

pytestmark = pytest.mark.browser
MOST = 2  # pages of one kind whose links are followed
COURSE = f"/courses/{LAW}"
HREF = re.compile(r'<a\b[^>]*\bhref="([^"]+)"')
# which files and other doors a crawl leaves alone
APART = re.compile(r"^/(static|media|demo)/|/v\d+/|^/audit/export|\.(csv|xlsx)$")


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("role", ["practitioner", "administrator", "anonymous"])
def test_no_page_has_a_fault(academy: Academy, visitor: Invite, role: str, language: str) -> None:
    user = ROLES[role](academy, visitor, language)
    client = academy.app.test_client() if role == "anonymous" else factories.sign_in(academy.app, user.person_id)
    pages = first_pages(academy, client, SEEDS[role], language)
    assert WANTED[role] <= pages.keys(), f"not reached: {WANTED[role] - pages.keys()}"
    faults: list[str] = []
    for number, kind in enumerate(sorted(WANTED[role])):  # test_states.py looks at the others
        user.go(pages[kind])
        faults += [f"{pages[kind]}: {fault}" for fault in look(user, language, thorough=True, with_frame=number == 0)]
    missed = [c for c in user.complaints if "the server responded with a status of 404" not in c]
    assert not faults + missed, "\n".join(faults + missed)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_next_step_is_reached_by_the_keyboard(academy: Academy, visitor: Invite, language: str) -> None:
    one = practitioner(academy, visitor, language)
    for path in (
        "/",
        f"{COURSE}/pretest",
        f"{COURSE}/lessons/the-definition",
        f"{COURSE}/cases/scenario",
        "/settings",
        "/search",
    ):
        page = one.go(path)
        wanted = page.locator("main .button.primary").last
        expect(wanted).to_be_visible()
        page.evaluate("document.activeElement.blur()")
        reach(wanted)
        style = wanted.evaluate("it => getComputedStyle(it).outlineStyle + ' ' + getComputedStyle(it).outlineWidth")
        assert style == "solid 3px", (path, style)
        expect(wanted).to_be_in_viewport(ratio=1)


def test_a_question_is_answered_by_the_keyboard_alone(visitor: Invite) -> None:
    one = visitor()
    page = one.go(f"{COURSE}/pretest")
    press(page.locator("main form button.primary"))
    shown = page.locator("section:not([hidden])[data-question]")
    choice = shown.locator("input:not([type=hidden]), select, textarea").first
    reach(choice)
    if choice.evaluate("it => it.matches('[type=radio], [type=checkbox]')"):
        page.keyboard.press("Space")
    else:
        page.keyboard.press("ArrowDown" if choice.evaluate("it => it.matches('select')") else "1")
    next_one = shown.locator("button.primary")
    reach(next_one)
    page.keyboard.press("Enter")
    expect(page.locator('[data-question="2"] h1')).to_be_focused()
    expect(page.locator('.grid-nav [data-goto="2"]')).to_have_attribute("aria-current", "step")


def first_pages(academy: Academy, client: FlaskClient, seeds: Sequence[str], language: str) -> dict[str, str]:
    """Return the address of the first page of each kind that links lead to."""
    door = academy.app.url_map.bind("localhost")
    queue, seen, kinds, pages = deque(seeds), set(seeds), Counter[str](), dict[str, str]()
    while queue:
        path = queue.popleft()
        try:
            kind = door.match(urlsplit(path).path)[0]
        except RequestRedirect:
            continue
        except HTTPException:
            kind = "missing"
        kinds[kind] += 1
        if kinds[kind] > MOST:
            continue
        pages.setdefault(kind, path)
        response = client.get(path, headers={"Accept-Language": language})
        for href in HREF.findall(response.text):
            part = urlsplit(urljoin(f"http://localhost{path}", unescape(href)))
            onward = part.path + (f"?{part.query}" if part.query else "")
            if part.netloc == "localhost" and onward not in seen and not APART.search(part.path):
                seen.add(onward)
                queue.append(onward)
        if kind == "quizzes.question":  # a button leads there
            queue.append(urljoin(path, "check"))
    return pages


def practitioner(academy: Academy, visitor: Invite, language: str) -> Visitor:
    """Return an officer with ended and open tests, cases and lessons, and with notices."""
    one = visitor(language)
    client = factories.sign_in(academy.app, one.person_id)
    app = academy.app
    sites.post(app, client, f"{COURSE}/enrolment")
    sites.post(app, client, f"{COURSE}/lessons/the-definition/done")
    sites.post(app, client, f"{COURSE}/lessons/consent-and-children/skip")
    for lesson in ("finding-your-way", "answers-are-never-lost", "what-is-seen-of-you", "what-a-result-means"):
        sites.post(app, client, f"/courses/{GUIDE}/lessons/{lesson}/done")
    with app.app_context():  # the course asks again today
        reader = Actor(one.person_id, "IQ", frozenset({Role.PRACTITIONER}))
        course_attempts.sit(one.person_id, catalogue.visible(reader, LAW))
    ended = _begin(academy, client, f"{COURSE}/test")
    sites.post(app, client, f"/attempts/{ended}/hand-in")
    walk = _begin(academy, client, f"{COURSE}/cases/scenario")
    for step in range(1, 30):
        sites.post(app, client, f"/cases/{walk}/choice", {"step": str(step), "move": "0"})
    _begin(academy, client, f"{COURSE}/cases/scenario")
    _begin(academy, client, f"{COURSE}/pretest")
    return one


def administrator(academy: Academy, visitor: Invite, language: str) -> Visitor:
    return visitor(language, country="BG", roles=(), grants=((Role.ADMINISTRATOR, Scope.ALL, ""),))


def anonymous(academy: Academy, visitor: Invite, language: str) -> Visitor:
    return visitor(language, signed_in=False)


def _begin(academy: Academy, client: Any, path: str) -> UUID:
    answer = sites.post(academy.app, client, path)
    assert answer.status_code == 302, answer.status
    return UUID(answer.headers["Location"].split("/")[2])


ROLES = {"practitioner": practitioner, "administrator": administrator, "anonymous": anonymous}
SEEDS = {
    "practitioner": (
        "/",
        f"{COURSE}/lessons/the-definition",
        "/search?q=consent",
        "/search?q=zzz",
        f"{COURSE}/pretest",
        "/no-such-page",
    ),
    "administrator": ("/operations", "/no-such-page"),
    "anonymous": ("/sign-in", "/_components", "/no-such-page"),
}
