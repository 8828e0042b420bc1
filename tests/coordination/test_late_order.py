"""Order, pages and texts of the list of late work: the reader's alphabet, at most 50 rows, the number to remind."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

from app.coordination.domain.late import LateKind, LateOffice, LateRule
from app.coordination.domain.reminders import EarlierReminder, ReminderState
from app.coordination.pages import late as pages
from app.coordination.shapes import LateLine
from app.coordination.views import late as views
from app.kernel import clock
from tests.support import late_scenes, plans
from tests.support.late_scenes import LateScene
from tests.support.plan_pages import text, words_of

SENDER = UUID(int=1)


@pytest.fixture
def late(app: Flask) -> LateScene:
    scene = late_scenes.make(app)
    for country in ("BG", "DE", "FR", "IQ"):
        late_scenes.be_late(scene, country, 1)
    return scene


def test_countries_are_in_the_alphabet_of_the_reader(late: LateScene) -> None:
    page = words_of(text(late.scene.client("coordinator"), "/plan/late"))
    places = [page.index(f"{country}: ") for country in ("Bulgaria", "France", "Germany", "Iraq")]
    assert places == sorted(places)


def test_long_list_has_pages_that_keep_the_filter(late: LateScene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "PAGE", 2)
    client = late.scene.client("coordinator")
    first, second = (text(client, f"/plan/late?days=7&page={page}") for page in (1, 2))
    assert "/plan/late?page=2&amp;days=7" in first
    assert ("Bulgaria:" in first, "Iraq:" in first) == (True, False)
    assert ("Bulgaria:" in second, "Iraq:" in second) == (False, True)
    assert "4 courses are overdue." in second


@pytest.mark.parametrize(
    ("countries", "reminded", "expected"),
    [
        (["IQ"], [], "Remind"),
        (["BG", "DE", "FR", "IQ"], [], "Remind all 4"),
        (["BG", "DE", "FR", "IQ"], ["FR"], "Remind the other 3"),
    ],
)
def test_link_says_how_many_can_be_reminded(
    lite_app: Flask, countries: list[str], reminded: list[str], expected: str
) -> None:
    now = clock.now()
    line = LateLine(
        kind=LateKind.FIGURE,
        cell="T2:2026-12-31",
        country="",
        rule=LateRule.FIGURE,
        acts=((LateOffice.CONTACT_POINT, len(countries)),),
        countries=countries,
        count=len(countries),
    )
    sent = EarlierReminder(SENDER, now - timedelta(days=1), ReminderState.SENT)
    earlier = {(country, line.kind, line.cell): [sent] for country in reminded}
    with lite_app.test_request_context():
        [row] = pages.rows([line], plans.plan(plans.toml()), {}, earlier, sender_id=SENDER, now=now)
    assert row.remind_text == expected
