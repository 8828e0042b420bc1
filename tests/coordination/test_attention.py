"""Late work and actions among what needs attention on the page of the plan."""

import re
from itertools import pairwise

import pytest
from flask import Flask

from app.coordination.domain.actions import Office, Owner
from app.coordination.service import actions
from app.coordination.service.actions import NewAction
from app.db.session import transaction
from app.kernel import clock
from tests.support import late_scenes
from tests.support.late_scenes import LateScene
from tests.support.plan_pages import text, words_of


@pytest.fixture
def late(app: Flask) -> LateScene:
    return late_scenes.make(app)


def _add_overdue_action(late: LateScene) -> None:
    with late.app.app_context(), transaction():
        new = NewAction(text="Plan a refresher", owner=Owner(office=Office.TRAINERS), due_on=clock.today())
        actions.create(new, members=frozenset(), by=late.scene.people["coordinator"], now=clock.now())
    late_scenes.days_later(1)


def _attention(late: LateScene, reader: str = "coordinator") -> str:
    page = text(late.scene.client(reader), "/plan")
    return words_of(page.split('id="late"')[1].split('id="outcomes"')[0])


def test_rows_have_an_owner_and_a_button(late: LateScene) -> None:
    late_scenes.be_late(late, "IQ", 6)
    _add_overdue_action(late)
    rows = _attention(late)
    assert "6 of 6 officers due are overdue." in rows
    assert "Next: Contact point of Iraq. Open details Remind Assign an action Overdue" in rows
    assert "Action: Plan a refresher" in rows
    assert "Next: Trainers." in rows


def test_one_reminder_is_offered_for_all_late_countries(late: LateScene) -> None:
    late_scenes.be_late(late, "IQ", 6)
    assert "Remind all" not in _attention(late)
    late_scenes.be_late(late, "DE", 6)
    assert "Remind all 2 contact points" in _attention(late)
    page = text(late.scene.client("coordinator"), "/plan")
    [href] = re.findall(r'href="(/plan/late/remind\?row=[^"]+&amp;row=[^"]+)"', page)
    form = text(late.scene.client("coordinator"), href.replace("&amp;", "&"))
    assert "Remind 2 contact points" in form


def test_rows_follow_their_order(late: LateScene) -> None:
    late_scenes.be_late(late, "IQ", 6)
    _add_overdue_action(late)
    rows = _attention(late)
    places = [rows.index(words) for words in ("officers due are overdue", "Action: Plan a refresher")]
    assert all(first < second for first, second in pairwise(places))


def test_those_who_completed_in_time_count_as_due(late: LateScene) -> None:
    late_scenes.be_late(late, "IQ", 6)
    late_scenes.complete(late, late_scenes.be_late(late, "IQ", 13))
    assert "6 of 19 officers due are overdue." in _attention(late)
    late_scenes.be_late(late, "IQ", 5, days=-30)  # not due yet
    assert "6 of 19 officers due are overdue." in _attention(late)
    late_scenes.complete(late, late_scenes.be_late(late, "IQ", 1))
    assert "officers due" not in _attention(late)


def test_few_overdue_officers_need_no_attention(late: LateScene) -> None:
    late_scenes.be_late(late, "IQ", 4)
    assert "overdue" not in _attention(late)


def test_officers_under_threat_are_not_counted(late: LateScene) -> None:
    late_scenes.be_late(late, "IQ", 6, threatened=True)
    assert "overdue" not in _attention(late)


@pytest.mark.parametrize("reader", ["co-chair", "contact point"])
def test_other_readers_see_no_late_work_of_countries(late: LateScene, reader: str) -> None:
    late_scenes.be_late(late, "IQ", 6)
    assert "officers due" not in _attention(late, reader)


def test_action_of_a_row_begins_with_its_text(late: LateScene) -> None:
    late_scenes.be_late(late, "IQ", 6)
    client = late.scene.client("coordinator")
    page = text(client, "/plan")
    links = [part.rpartition('href="')[2].split('"')[0] for part in page.split(">Assign an action")[:-1]]
    [href] = [link.replace("&amp;", "&") for link in links if "course" in link]
    form = text(client, href)
    assert 'name="origin" value="attention"' in form
    assert "officers due are overdue" in form
