"""Three minutes of practice on a phone: begun in two presses, gone on without a connection, stopped at any time."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Locator, Page, expect

from app.access.policy import Actor, Role
from app.catalogue.domain.items import Item, Level
from app.catalogue.queries import courses as catalogue
from app.competence.domain.evidence import EvidenceKind
from app.competence.queries import competencies as competence
from app.db.session import transaction
from app.kernel import clock
from app.learning.service import lesson_progress
from tests.support import competence_site
from tests.support.examples import views
from tests.support.lesson_journey import answer, main, shown_question
from tests.support.served_academy import VICTIMS, Academy, Key
from tests.support.visitors import PHONE, Invite, Visitor, press

pytestmark = pytest.mark.browser
COMPETENCY = "VIC-01"


def _learner(academy: Academy, visitor: Invite, language: str, *, signed_in: bool = True) -> Visitor:
    """Add an officer who began the course and was verified on the competency some weeks ago."""
    learner = visitor(language, PHONE, signed_in=signed_in, roles=("first_responder",), country="BG")
    with academy.app.app_context():
        course = catalogue.visible(Actor(learner.person_id, "", frozenset({Role.PRACTITIONER})), VICTIMS)
        with transaction():
            lesson_progress.begin(learner.person_id, course, clock.now() - timedelta(days=40))
        competence_site.verify(learner.person_id, COMPETENCY, Level.FOUNDATION, ago=30)
    return learner


def _start(page: Page) -> None:
    press(main(page).locator("form[action='/practice'] button"))
    expect(page).to_have_url(re.compile("/attempts/[^/]+/1$"))


def _answer(section: Locator, item_and_key: tuple[Item, Key]) -> None:
    answer(section, *item_and_key)
    section.locator("button[name=step][value=next]").click()


def _reviews(academy: Academy, person_id: UUID) -> int:
    with academy.app.app_context():
        lines = competence.evidence_of(person_id, COMPETENCY)
        return sum(line.kind is EvidenceKind.REVIEW for line in lines)


@pytest.mark.parametrize("language", views("ar", "en"))
def test_practice_goes_on_without_a_connection_and_counts_once(
    academy: Academy, visitor: Invite, language: str
) -> None:
    learner = _learner(academy, visitor, language)
    page = learner.go("/")
    press(main(page).locator("a[href^='/practice']").first)
    _start(page)
    attempt = page.url.split("/")[-2]
    keys = academy.keys(learner.person_id, attempt)
    with page.expect_navigation():
        _answer(shown_question(page, 1), keys[1])
    expect(page.locator("[data-question='1'] form[data-locked]")).to_be_visible()
    page.locator("[data-question='1'] a[data-goto='2']").click()
    learner.context.set_offline(True)
    _answer(shown_question(page, 2), keys[2])
    _answer(shown_question(page, 3), keys[3])
    shown_question(page, 4)
    expect(page.locator("[data-offline]")).to_be_visible()
    learner.context.set_offline(False)
    for number in (2, 3):
        expect(page.locator(f"[data-question='{number}'] form[data-locked]")).to_be_attached()
    expect(page.locator("[data-offline]")).to_be_hidden()
    for number in (4, 5):
        with page.expect_navigation():
            _answer(shown_question(page, number), keys[number])
        if number == 4:
            page.locator("[data-question='4'] a[data-goto='5']").click()
    press(page.locator("[data-question='5'] a[href$='/check']"))
    press(page.locator("form[data-hand-in] button"))
    expect(page).to_have_url(re.compile("/result$"))
    assert academy.held(learner.person_id, attempt) == {number: key for number, (_item, key) in keys.items()}
    assert _reviews(academy, learner.person_id) == 1
    page.reload()
    assert _reviews(academy, learner.person_id) == 1


def test_practice_from_the_notice_of_the_weekly_mail_stops_after_two_answers(academy: Academy, visitor: Invite) -> None:
    learner = _learner(academy, visitor, "en", signed_in=False)
    page = learner.go(f"/path/{COMPETENCY}")
    learner.sign_in()
    expect(page).to_have_url(re.compile(f"/path/{COMPETENCY}$"))
    press(main(page).locator("a.button.primary").first)
    _start(page)
    attempt = page.url.split("/")[-2]
    keys = academy.keys(learner.person_id, attempt)
    with page.expect_navigation():
        _answer(shown_question(page, 1), keys[1])
    page.locator("[data-question='1'] a[data-goto='2']").click()
    section = shown_question(page, 2)
    answer(section, *keys[2])
    stop = section.locator("button[name=step][value=check]")
    expect(stop).to_have_text("Stop here")
    press(stop)
    expect(page).to_have_url(re.compile("/check$"))
    press(page.locator("form[data-hand-in] button"))
    expect(page).to_have_url(re.compile("/result$"))
    assert sorted(academy.held(learner.person_id, attempt)) == [1, 2]
    assert _reviews(academy, learner.person_id) == 0
