"""The what-if page: readers, numbers, addresses, and a fall in "Needs attention" with its buttons."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from app.coordination.domain.late import LateKind, LateRule
from app.coordination.models import Reminder, ReminderRow
from app.db.session import db, transaction
from app.plan.service import store
from app.plan.service.store import ContributionKey, ContributionValue
from tests.support import plan_figures as numbers
from tests.support.plan_figures import Scene
from tests.support.plan_pages import row_of, rows_of, send, text, words_of
from tests.support.settings import NOW
from tests.support.sql_statements import counted

TODAY = NOW.date()
LAST = "2027-12-31"
PATH = f"/plan/what-if?code=OC2.1&on={LAST}"
DO = "&do=practice:2027-08-01:28&do=refresher:2027-08-01:10&do=check:2027-08-01:10"


@pytest.mark.parametrize("name", ["coordinator", "contact point", "co-chair", "administrator", "practitioner"])
def test_what_if_is_for_coordinators_and_contact_points(standing: Scene, name: str) -> None:
    welcome = {"coordinator", "contact point"}
    assert standing.client(name).get(PATH).status_code == (200 if name in welcome else 403)


@pytest.mark.parametrize(("name", "nothing_new"), [("coordinator", "29 of 60"), ("contact point", "7 of 14")])
def test_reader_sees_all_countries_or_the_own(standing: Scene, name: str, nothing_new: str) -> None:
    page = text(standing.client(name), PATH)
    assert nothing_new in words_of(row_of(page, "Nothing new"))


@pytest.mark.parametrize(
    "query",
    [
        "code=OP2.1",
        "code=none",
        "on=2020-01-01",
        "on=2039-01-01",
        "on=tomorrow",
        f"on={LAST}&do=dance:2027-08-01:3",
        f"on={LAST}&do=practice:2028-08-01:3",
        f"on={LAST}&do=practice:2027-08-01:0",
        f"on={LAST}&do=workshop:A99:20:2027-08-01",
        f"on={LAST}&kind=practice&day=2027-08-01&number=",
        "on=2027-12-31" + "&do=check:2027-08-01:1" * 11,
    ],
)
def test_unknown_value_returns_400_with_the_cure(standing: Scene, query: str) -> None:
    page = text(standing.client("coordinator"), f"/plan/what-if?{query}", 400)
    assert re.search(r"Choose|Try at most ten", words_of(page))


def test_added_action_becomes_part_of_the_address(standing: Scene) -> None:
    added = "&kind=check&activity=A07&number=12&day=2027-08-01"
    answer = standing.client("coordinator").get(f"{PATH}&do=practice:2027-08-01:28{added}")
    assert answer.status_code == 302
    values = parse_qs(urlsplit(answer.location).query)
    assert values == {"code": ["OC2.1"], "on": [LAST], "do": ["practice:2027-08-01:28", "check:2027-08-01:12"]}


def test_each_action_can_be_removed_and_agreed(standing: Scene) -> None:
    page = text(standing.client("coordinator"), PATH + DO)
    removing = re.findall(r'href="(/plan/what-if[^"]*)">Remove', page)
    assert [link.count("do=") for link in removing] == [2, 2, 2]
    agreeing = re.findall(r'href="(/plan/actions/new[^"]*)">Assign', page)
    assert len(agreeing) == 3
    assert "subject=indicator%3AOC2.1" in agreeing[0]
    assert standing.client("coordinator").get(agreeing[0].replace("&amp;", "&")).status_code == 200
    assert "/plan/actions/new" not in text(standing.client("contact point"), PATH + DO)


def test_what_if_changes_nothing_in_the_database(standing: Scene) -> None:
    with counted(standing.app) as statements:
        text(standing.client("coordinator"), PATH + DO)
    changing = [sql for sql in statements if sql.startswith(("INSERT", "UPDATE", "DELETE"))]
    assert not [sql for sql in changing if "session" not in sql]


def test_without_watched_checks_able_is_explained(standing: Scene) -> None:
    assert "not enough watched checks" in text(standing.client("coordinator"), PATH)


@pytest.fixture
def scene(lite_app: Flask) -> Scene:
    return numbers.make(lite_app)


def _let_end(scene: Scene, ends: Mapping[str, date]) -> None:
    """Let the verifications of first responders of these countries end; those of others stay."""
    subjects = {person_id for people in scene.officers.values() for person_id in people}
    with scene.app.app_context(), transaction():
        stored = store.stored({"OC2.1"}, subjects)
        wanted: dict[ContributionKey, ContributionValue] = {}
        for key, (_number, value) in stored.items():
            last = ends.get(value.country) if value.numerator else None
            wanted[key] = value if last is None else replace(value, until=last)
            if last is not None:
                wanted[replace(key, since=last + timedelta(days=1))] = replace(value, numerator=0.0)
        store.replace(stored, wanted)


def test_fall_needs_attention_with_its_buttons(scene: Scene) -> None:
    _let_end(scene, {"FR": TODAY + timedelta(days=20), "IQ": TODAY + timedelta(days=25)})
    page = text(scene.client("coordinator"), "/plan")
    late = words_of(page.split('id="late"')[1].split("</section>")[0])
    assert "29 of 60 today. If nothing new is proven: 10 on 31 March 2027 and 10 on 30 June 2027." in late
    assert "19 officers need a watched check or practice before their dates end." in late
    assert "Open details What if Remind all 2 contact points Assign an action" in late


def test_contact_points_are_reminded_of_a_fall(scene: Scene) -> None:
    _let_end(scene, {"FR": TODAY + timedelta(days=20), "IQ": TODAY + timedelta(days=25)})
    client = scene.client("coordinator")
    [href] = re.findall(r'href="(/plan/late/remind\?row=fall[^"]+)"', text(client, "/plan"))
    assert "Falls: 29 today." in text(client, href)
    assert "Falls: 29 today." in text(client, "/plan/late")
    send(scene, client, "/plan/late/remind", row="fall:OC2.1:", wanted_by=(TODAY + timedelta(days=9)).isoformat())
    with scene.app.app_context():
        rows = db.session.scalars(select(ReminderRow)).all()
        assert {(row.kind, row.cell, row.rule) for row in rows} == {(LateKind.FALL, "OC2.1", LateRule.FALL)}
        own = select(Reminder.id).where(Reminder.country == "IQ")
        [reminder_id] = db.session.scalars(own)
    page = text(scene.client("contact point"), f"/reminders/{reminder_id}")
    assert "Verifications end soon" in page
    assert "/country/matrix?show=competencies" in page


@pytest.mark.parametrize(("name", "buttons"), [("co-chair", "Open details"), ("contact point", "Open details What if")])
def test_other_readers_of_a_fall_get_rounded_numbers(scene: Scene, name: str, buttons: str) -> None:
    _let_end(scene, {"FR": TODAY + timedelta(days=20), "IQ": TODAY + timedelta(days=25)})
    late = words_of(text(scene.client(name), "/plan").split('id="late"')[1].split("</section>")[0])
    assert "If nothing new is proven: 15% on 31 March 2027 and 15% on 30 June 2027." in late
    assert "Falls: 50% on 31 December 2026." in late
    assert f"{buttons} Not due" in late


def test_status_with_a_fall_is_at_most_at_risk(scene: Scene) -> None:
    client = scene.client("coordinator")
    assert "On track" in words_of(row_with_code(text(client, "/plan/outputs/OP1"), "OC2.1"))
    _let_end(scene, {"FR": TODAY + timedelta(days=20), "IQ": TODAY + timedelta(days=25)})
    assert "At risk" in words_of(row_with_code(text(client, "/plan/outputs/OP1"), "OC2.1"))


def row_with_code(page: str, code: str) -> str:
    [row] = [row for row in rows_of(page) if f">{code}<" in row]
    return row
