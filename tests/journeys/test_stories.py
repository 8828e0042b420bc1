"""The three stories of the usability trial on the officer's pages: words, dates and evidence as they now read."""

import re
from collections.abc import Iterator
from datetime import datetime, time

import pytest
from playwright.sync_api import Page, expect

from app.competence.queries import competencies as competence
from app.competence.service import evidence_records
from app.db.session import db, transaction
from app.kernel import clock
from tests.support import competence_site
from tests.support.evidence_stories import STORIES, TODAY, evidence
from tests.support.served_academy import Academy
from tests.support.settings import NOW
from tests.support.visitors import PHONE, Invite, Visitor

pytestmark = pytest.mark.browser
ROLE = "investigator"
FIGURES = {"ONL-07": 0.21, "LRE-03": 0.51}


@pytest.fixture
def story_day() -> Iterator[None]:
    """Set the academy's time to the day of the stories."""
    ahead = datetime.combine(TODAY, time(9), NOW.tzinfo) - clock.real_now()
    clock.move(lambda: ahead)
    yield
    clock.set_right()


def test_the_stories_of_the_trial_read_as_they_count(academy: Academy, visitor: Invite, story_day: None) -> None:
    officer = visitor("en", PHONE, country="IQ", roles=(ROLE,), now=NOW)
    _live(academy, officer)
    _lapsed(officer.go("/path/ONL-07"))
    _due(officer.go("/path/LRE-03"))
    _again(officer.go("/path/ONL-04"))
    page = officer.go("/record")
    expect(page.locator("section", has_text="Lapsed competencies").locator('a[href="/path/ONL-07"]')).to_be_visible()
    expect(page.locator("section", has_text="Verified competencies").locator('a[href="/path/LRE-03"]')).to_be_visible()
    assert not officer.complaints


def _live(academy: Academy, officer: Visitor) -> None:
    """Record the stories of an officer, and compare the chances that they lead to."""
    with academy.app.app_context():
        assessor = competence_site.assessor()
        for name in STORIES:
            for new in evidence(officer.person_id, name, assessor):
                with transaction():
                    evidence_records.add_evidence(new, datetime.combine(new.day, time(9), NOW.tzinfo))
        standings = {one.competency: one.p for one in competence.path(officer.person_id, [ROLE], clock.today())}
        assert {name: round(standings[name], 2) for name in FIGURES} == FIGURES
        db.session.remove()


def _lapsed(page: Page) -> None:
    expect(page.locator("#now")).to_have_text("Lapsed on 20 April 2027")
    lines = _lines(page, 3)
    assert "10 of 12 points, mark 8: mark reached. Watched by " in lines[0]
    assert "Verified until 19 April 2027." in lines[0]
    assert "0 of 2, mark 1.4: mark not reached. Not watched. It changed no date." in lines[1]
    assert "2.3 of 6, mark 3.7: mark not reached. Not watched. It changed no date." in lines[2]
    assert "unlikely, 21" in _calculated(page)


def _due(page: Page) -> None:
    expect(page.locator("#now")).to_have_text("Due: until 27 July 2027")
    expect(page.locator("main")).to_contain_text("An assessor saw you do it on 16 February 2027.")
    expect(page.locator("main")).to_contain_text("only a person who watches can give it or end it")
    lines = _lines(page, 2)
    assert "15 of 15 points, mark 10: mark reached. Watched by " in lines[0]
    assert "2.3 of 6, mark 3.7: mark not reached. Not watched. The date stayed: 27 July 2027." in lines[1]
    assert "open, 51" in _calculated(page)


def _again(page: Page) -> None:
    expect(page.locator("#now")).to_contain_text("In training")
    expect(page.locator("main")).to_contain_text("Observed, mark not reached yet.")
    lines = _lines(page, 3)
    assert "Test of a course, first attempt" in lines[0]
    assert "2 of 4, mark 2.9: mark not reached. Not watched." in lines[0]
    assert "Test of a course, later attempt" in lines[1]
    assert "4 of 4, mark 2.9: mark reached. Not watched." in lines[1]
    assert "Counts a quarter: a later attempt, new questions only. Counts as training." in lines[1]
    assert "6 of 15 points, mark 10: mark not reached. Watched by " in lines[2]
    _calculated(page)


def _lines(page: Page, count: int) -> list[str]:
    """Return the lines of evidence; none contains a percentage."""
    shown = page.locator("section", has=page.locator("#evidence")).locator(".timeline li.done")
    expect(shown).to_have_count(count)
    lines = [" ".join(text.split()) for text in shown.all_inner_texts()]
    assert not [line for line in lines if "%" in line]
    return lines


def _calculated(page: Page) -> str:
    """Open the details and return their text; the page shows no chance above 80 %."""
    fold = page.locator("details", has_text="How this is calculated")
    expect(fold.locator("p").first).to_be_hidden()
    fold.locator("summary").click()
    expect(fold.locator("p").first).to_be_visible()
    assert all(int(n) <= 80 for n in re.findall(r"(\d+)\s*%", page.locator("main").inner_text()))
    return " ".join(fold.inner_text().split())
