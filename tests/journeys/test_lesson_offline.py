import re
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import func, select

from app.db.session import db
from app.learning.models import CountedStep, Enrolment, LessonProgress
from app.quizzes.models import PracticeAnswer
from app.web.public.offline import SCRIPTS
from tests.support.examples import views
from tests.support.lesson_journey import go_on, open_part_with_check
from tests.support.served_academy import LAW, Academy
from tests.support.visitors import DESKTOP, PHONE, Invite, Visitor, press

pytestmark = pytest.mark.browser
FIRST, SECOND = (f"/courses/{LAW}/lessons/{lesson}" for lesson in ("the-definition", "consent-and-children"))
STEPS = "() => Object.keys(localStorage).filter((name) => name.startsWith('step:')).length"
WAITING = "() => Object.keys(localStorage).map((name) => JSON.parse(localStorage[name]).kind).sort()"
STORED = """async () => ({
  local: localStorage.length,
  caches: await caches.keys(),
  workers: (await navigator.serviceWorker.getRegistrations()).length,
})"""
CACHED = """async () => {
  const found = [];
  for (const name of await caches.keys()) {
    for (const request of await (await caches.open(name)).keys()) found.push(new URL(request.url).pathname);
  }
  return found;
}"""


@pytest.mark.parametrize(("language", "width"), views(("ar", PHONE), ("en", DESKTOP)))
def test_lesson_is_read_without_connection_and_counted_once(
    academy: Academy, visitor: Invite, language: str, width: int
) -> None:
    one = visitor(language, width)
    page = one.go(FIRST)
    one.context.set_offline(True)
    check = open_part_with_check(page)
    check.locator('input:not([type="hidden"])').first.check()
    check.locator(".actions button").click()
    expect(page.locator('[data-state="answer"]')).to_be_visible()
    page.locator(".onward form button").click()
    expect(page.locator('[data-state="next"]')).to_be_visible()
    assert page.evaluate(WAITING) == ["check", "done", "part"]
    assert counts(academy, one.person_id) == {"steps": 0, "answers": 0, "ended": 0}
    one.context.set_offline(False)
    expect(page).to_have_url(re.compile(f"{SECOND}$"))  # by itself, once the server has the step
    academy.wait_for(lambda: page.evaluate(STEPS) == 0)
    assert counts(academy, one.person_id) == {"steps": 3, "answers": 1, "ended": 1}
    one.go(FIRST)
    expect(page.locator("form.is-check section")).to_have_count(1)
    assert counts(academy, one.person_id) == {"steps": 3, "answers": 1, "ended": 1}


def test_steps_whose_acknowledgement_is_lost_are_counted_once(academy: Academy, visitor: Invite) -> None:
    one = visitor()
    page = one.go(FIRST)
    with academy.line.down("/lessons/steps", answers=True):
        page.locator(".onward form button").click()
        expect(page.locator('[data-state="next"]')).to_be_visible()
        assert counts(academy, one.person_id)["steps"] == 1
        assert page.evaluate(STEPS) == 1
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page).to_have_url(re.compile(f"{SECOND}$"))
    assert counts(academy, one.person_id) == {"steps": 1, "answers": 0, "ended": 1}


def test_next_lesson_opens_without_connection_when_loaded(academy: Academy, visitor: Invite) -> None:
    one = visitor()
    page = one.go(FIRST)
    with page.expect_response(lambda answer: answer.url.endswith(SECOND)):
        page.locator(".parts summary").click()
        page.locator(".parts a").last.click()
    one.context.set_offline(True)
    page.locator(".onward form button").click()
    expect(page).to_have_url(re.compile(f"{SECOND}$"))
    assert counts(academy, one.person_id)["ended"] == 0
    one.context.set_offline(False)
    academy.wait_for(lambda: counts(academy, one.person_id)["ended"] == 1)


def test_stopped_lesson_continues_at_the_saved_part(academy: Academy, visitor: Invite) -> None:
    one = visitor("en", PHONE)
    page = one.go(FIRST)
    go_on(page)
    at = page.locator(".lessonbar .at")
    expect(at).to_have_text(re.compile(r"^Part 2 of 8\.\s+About \d+ minutes left\.$"))
    one.context.set_offline(True)
    shown(page).locator(".pause button").click()
    expect(page.locator('[data-state="stopped"]')).to_be_visible()
    one.context.set_offline(False)
    expect(page).to_have_url(re.compile(f"/courses/{LAW}$"))
    press(page.locator("main .actions a.primary"))
    expect(page.locator(".lessonbar .at")).to_have_text(re.compile("^Part 3 of 8"))
    expect(shown(page).locator("h2").first).to_be_in_viewport()


def test_part_is_found_by_hash_and_by_the_way_back(visitor: Invite) -> None:
    one = visitor()
    page = one.go(FIRST)
    at = page.locator(".lessonbar .at")
    go_on(page)
    go_on(page)
    expect(at).to_have_text(re.compile("^Part 3 of 8"))
    page.go_back()
    expect(at).to_have_text(re.compile("^Part 2 of 8"))
    page.go_back()
    expect(at).to_have_text(re.compile("^Part 1 of 8"))
    assert not one.complaints


def test_bar_with_title_and_part_stays_visible(visitor: Invite) -> None:
    page = visitor("en", PHONE).go(FIRST)
    page.locator(".part:not([data-away]) > *").last.scroll_into_view_if_needed()
    for place in (".lessonbar b", ".lessonbar .at", ".thumb-bar"):
        expect(page.locator(place)).to_be_in_viewport(ratio=1)
    assert page.locator(".lessonbar").evaluate("it => it.getBoundingClientRect().height") <= 80


def test_shared_computer_stores_no_step_and_no_page(academy: Academy, visitor: Invite) -> None:
    one = visitor(shared=True, worker=True)
    page = one.go(FIRST)
    one.context.set_offline(True)
    page.locator(".onward form button").click()
    expect(page.locator('[data-state="unsaved"]')).to_be_visible()
    assert page.evaluate(STORED) == {"local": 0, "caches": [], "workers": 0}
    one.context.set_offline(False)
    expect(page).to_have_url(re.compile(f"{SECOND}$"))
    assert counts(academy, one.person_id)["ended"] == 1


@pytest.mark.parametrize("language", ["en", "ar", "fr"])
def test_own_page_shows_when_a_page_does_not_come(academy: Academy, visitor: Invite, language: str) -> None:
    one = visitor(language, PHONE, worker=True)
    page = with_worker(one, FIRST)
    with academy.line.down("/courses"):
        page.goto(one.url + "/courses")
        expect(page.locator("h1")).to_have_text(OFFLINE_HEADING[language])
        assert page.evaluate("document.documentElement.lang") == language
        assert page.evaluate("getComputedStyle(document.body).maxInlineSize") != "none"
    press(page.locator("main a"))
    expect(page.locator(".cards")).to_be_visible()
    cached = page.evaluate(CACHED)
    # the page, and its scripts for a saved attendance list: no page of a person
    assert sorted(re.sub("/a/[0-9a-f]{12}/", "/", path) for path in cached) == [
        f"/about/offline/{language}",
        *(f"/static/{name}" for name in sorted(SCRIPTS)),
    ]


def test_worker_leaves_a_computer_that_becomes_shared(visitor: Invite) -> None:
    one = visitor(worker=True)
    page = with_worker(one, "/")
    one.context.clear_cookies()
    one.go("/sign-in")
    one.sign_in(shared=True)
    expect(page.locator("html")).to_have_attribute("data-shared", "yes")
    page.wait_for_function("async () => !(await navigator.serviceWorker.getRegistrations()).length")
    page.wait_for_function("async () => !(await caches.keys()).length")


OFFLINE_HEADING = {"en": "No connection", "ar": "لا يوجد اتصال", "fr": "Pas de connexion"}


def with_worker(one: Visitor, path: str) -> Page:
    page = one.go(path)
    page.wait_for_function("async () => Boolean((await navigator.serviceWorker.ready).active)")
    page.reload()  # a page that was loading while the worker began is not its own
    page.wait_for_function("() => Boolean(navigator.serviceWorker.controller)")
    return page


def shown(page: Page) -> Locator:
    return page.locator(".part:not([data-away])")


def counts(academy: Academy, person_id: UUID) -> dict[str, Any]:
    """Return how many steps, answers to questions and ended lessons of a person the server has."""
    ended = (
        select(func.count())
        .select_from(LessonProgress)
        .join(Enrolment, Enrolment.id == LessonProgress.enrolment_id)
        .where(Enrolment.person_id == person_id, LessonProgress.done_at.is_not(None))
    )
    steps = select(func.count()).select_from(CountedStep).where(CountedStep.person_id == person_id)
    answers = select(func.count()).select_from(PracticeAnswer).where(PracticeAnswer.person_id == person_id)
    with academy.app.app_context():
        queries = {"steps": steps, "answers": answers, "ended": ended}
        return {name: db.session.scalar(query) for name, query in queries.items()}
