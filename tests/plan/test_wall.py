"""Numbers of other countries cannot be derived from several pages together."""

import random
import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import insert, update

from app.access.policy import Role, Scope
from app.catalogue.domain.items import Level
from app.competence.models import CountryMonth
from app.competence.shapes import CapacityLine
from app.db.session import db, transaction
from app.identity.models import Posting
from app.plan.service import consistency_checks, manual_figures, store
from app.plan.service.store import ContributionKey, ContributionValue
from app.plan.views import results
from tests.support import factories, plan_figures as numbers
from tests.support.plan_figures import Scene
from tests.support.plan_pages import hand_in, row_of, send, table, text, words_of
from tests.support.settings import NOW
from tests.support.sql_statements import counted

HIDDEN = "Not shown"
NAMES = {"BG": "Bulgaria", "DE": "Germany", "FR": "France", "IQ": "Iraq"}
CUTS = ["country=DE", "role=first_responder", "agency_kind=police"]


@pytest.fixture
def scene(lite_app: Flask) -> Scene:
    return numbers.make(lite_app)


@pytest.mark.parametrize("code", ["OP2.1", "OC2.1", "OP2.4"])
@pytest.mark.parametrize("cut", CUTS)
def test_two_lists_of_records_cannot_be_combined(scene: Scene, code: str, cut: str) -> None:
    client = scene.client("coordinator")
    path = f"/plan/indicators/{code}/rows"
    page = text(client, f"{path}?{cut}")
    assert "/plan/records/" not in page
    assert "2026-12-15" not in page
    assert "not listed" in page or "This number is not shown" in page
    assert len(table(client, f"{path}.csv?{cut}")) == 1
    assert "/plan/records/" in text(client, path)


def test_number_of_records_does_not_reveal_rounded_ratio(scene: Scene) -> None:
    page = words_of(text(scene.client("coordinator"), "/plan/indicators/OC2.1/rows?country=FR"))
    assert "10 to 14 of 20" in page
    assert not re.search(r"\b(20|12|8) records?\b", page)


@pytest.mark.parametrize(("name", "expected"), [("co-chair", date(2026, 12, 31)), ("coordinator", date(2027, 1, 31))])
def test_competence_of_another_country_is_of_a_published_day(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, name: str, expected: date
) -> None:
    asked: list[date] = []

    def by_country(day: date, _without: object) -> dict[str, list[CapacityLine]]:
        asked.append(day)
        return {}

    monkeypatch.setattr(results.capacity_lines, "by_country", by_country)
    client = scene.client(name)
    for day in ("2027-02-10", "2027-02-11"):
        text(client, f"/plan/countries/DE?on={day}")
    assert set(asked) == {expected}


def test_competence_of_the_own_country_is_of_any_day(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[date] = []

    def capacity(day: date, **_rest: object) -> list[object]:
        asked.append(day)
        return []

    monkeypatch.setattr(results.competence, "capacity", capacity)
    text(scene.client("contact point"), "/plan/countries/IQ?on=2027-02-10")
    assert set(asked) == {date(2027, 2, 10)}


def test_attendance_of_two_foreign_officers_is_hidden_from_contact_point(scene: Scene) -> None:
    _sessions(scene, {"IQ": 10, "DE": 2}, day=date(2026, 6, 15))
    client = scene.client("contact point")
    assert "Fewer than 5" in words_of(row_of(text(client, "/plan"), "OP3.2"))
    assert "Fewer than 5" in words_of(row_of(text(client, "/plan?on=2026-11-01"), "OP3.2"))
    assert "Fewer than 5" not in words_of(row_of(text(scene.client("coordinator"), "/plan"), "OP3.2"))


def test_past_of_a_ratio_of_few_officers_is_hidden(scene: Scene) -> None:
    _sessions(scene, {"DE": 3}, day=date(2026, 6, 15))
    _sessions(scene, {"FR": 9}, day=date(2026, 12, 20))
    client = scene.client("co-chair")
    listed = {row[1]: row for row in table(client, "/plan.csv")}
    quarters = listed["OP3.2"][-6:]
    assert {told for told in quarters if told != "Not reported yet"} == {"Fewer than 5", "60"}
    over_time = [row[4] for row in table(client, "/plan/indicators/OP3.2.csv") if row[1] == "Over time" and row[4]]
    assert len(over_time) == 1


def test_contact_point_without_posting_has_no_country(scene: Scene) -> None:
    with scene.app.app_context(), transaction():
        _end_posting(scene, "contact point")
    client = scene.client("contact point")
    for path in ("/plan", "/plan/indicators/OP2.1/rows", "/plan/figures", "/plan/countries/IQ", "/country/officers"):
        assert client.get(path).status_code in {403, 404}, path


def test_moved_contact_point_does_not_see_the_new_country(scene: Scene) -> None:
    with scene.app.app_context(), transaction():
        _end_posting(scene, "contact point")
        agency = factories.agency("DE")
        person_id = scene.people["contact point"]
        db.session.add(Posting(person_id=person_id, country="DE", agency_id=agency, roles="", since=NOW.date()))
    client = scene.client("contact point")
    for path in ("/plan", "/plan/indicators/OP2.1/rows", "/plan/countries/DE", "/country/officers"):
        assert client.get(path).status_code in {403, 404}, path


def test_reports_of_another_country_are_not_among_the_records(scene: Scene) -> None:
    first, second = scene.client("another contact point"), scene.client("coordinator")
    figure = {"code": "OC2.3", "country": "DE", "day": "2027-02-01", "value": "17", "source": "Review of Hamburg"}
    _status, place = send(scene, first, "/plan/figures/new", **figure)
    assert hand_in(scene, first, place) == 302
    assert send(scene, second, f"{place}/approve")[0] == 302
    [path] = re.findall(r'href="(/plan/records/\d+)', text(second, "/plan/indicators/OC2.3/rows"))
    assert "Hamburg" in text(first, path)
    stranger = scene.client("contact point")
    assert path not in text(stranger, "/plan/indicators/OC2.3/rows")
    assert len(table(stranger, "/plan/indicators/OC2.3/rows.csv")) == 1
    assert stranger.get(path).status_code == 404


def test_past_day_needs_no_more_statements(scene: Scene) -> None:
    _sessions(scene, {"DE": 3}, day=date(2026, 6, 15))
    client = scene.client("contact point")
    with counted(scene.app) as told:
        text(client, "/plan")
    assert len(told) <= 12


@pytest.mark.parametrize(("counted", "told"), [(4, "fewer than 5"), (9, "9")])
def test_check_reveals_no_number_below_five(scene: Scene, counted: int, told: str) -> None:
    cell = {"country": "AT", "role": "*", "competency": "LRE-04", "level": "foundation", "month": 24_000}
    with scene.app.app_context():
        with transaction():
            db.session.execute(insert(CountryMonth).values(**cell, n=counted))
        found = [one for one in consistency_checks.standings() if "(AT" in one]
        with transaction():
            manual_figures.record_check(found, checked=1, began_at=NOW, ended_at=NOW)
        db.session.remove()
    page = text(scene.client("administrator"), "/plan/checks")
    assert f"cap_month_c: {told} counted, fewer than 5 held (AT, *, LRE-04" in page
    assert "cap_month_c" not in text(scene.client("coordinator"), "/plan/checks")


def test_messages_of_a_check_are_shown_to_operators_only(scene: Scene) -> None:
    fault = "cap_month_c: fewer than 5 counted, 9 held (AT, LRE-04)"
    with scene.app.app_context(), transaction():
        manual_figures.record_check([fault], checked=9, began_at=NOW, ended_at=NOW)
    assert fault in text(scene.client("administrator"), "/plan/checks")
    page = text(scene.client("coordinator"), "/plan/checks")
    assert "The check found 1 fault" in page
    assert "cap_month_c" not in page


@pytest.mark.parametrize(
    ("need", "held", "outside", "exact"),
    [
        (20, 15, "15 of 20", "15"),
        (20, 16, "Not shown: too few", "16"),
        (20, 4, "Not shown: too few", "4"),
        (40, 17, "45%", "17"),
        (20, 20, "Not shown: too few", "20"),
    ],
)
def test_few_unverified_officers_are_hidden_like_few_verified(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, need: int, held: int, outside: str, exact: str
) -> None:
    line = CapacityLine("LRE-01", Level.FOUNDATION, need, held, None, None, None)
    monkeypatch.setattr(results.capacity_lines, "by_country", lambda *_: {"": [line]})
    for name, told in (("co-chair", outside), ("coordinator", exact)):
        client = scene.client(name)
        assert [row[4] for row in table(client, "/plan/capacity.csv")[1:]] == [told]
        assert told in words_of(row_of(text(client, "/plan/capacity"), "LRE-01"))


def test_contact_point_sees_records_of_own_country_only(scene: Scene) -> None:
    with scene.app.app_context():
        stranger = factories.person(country="DE", roles=(), grants=((Role.CONTACT_POINT, Scope.COUNTRY, "IQ"),))
        db.session.remove()
    assert factories.sign_in(scene.app, stranger).get("/country/officers").status_code == 403


def _end_posting(scene: Scene, name: str) -> None:
    over = NOW.date() - timedelta(days=1)
    query = update(Posting).where(Posting.person_id == scene.people[name]).values(since=over, until=over)
    db.session.execute(query)


def _sessions(scene: Scene, people: dict[str, int], *, day: date) -> None:
    """Add ten seats at sessions of an event for each officer, of which six were attended."""
    event = uuid4()
    wanted = {
        ContributionKey("OP3.2", 1, event, f"session:{n}:{person_id}", day): ContributionValue(
            None, country, "border", "first_responder", float(n < 6), 1.0, person_id
        )
        for country, count in people.items()
        for person_id in scene.officers[country][:count]
        for n in range(10)
    }
    with scene.app.app_context(), transaction():
        store.replace({}, wanted)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", ["coordinator", "co-chair"])
def test_cell_is_the_same_on_all_pages(lite_app: Flask, name: str, seed: int) -> None:
    chance = random.Random(seed)
    scene = numbers.make(lite_app, completed={country: chance.randrange(12) for country in numbers.MEMBERS})
    client = scene.client(name)
    matrix = table(client, "/plan/countries.csv")
    seen: dict[tuple[str, str], set[str]] = {}
    for code in ("OP2.1", "OP2.4", "OC2.1"):
        for row in table(client, f"/plan/indicators/{code}.csv")[1:]:
            if row[1] == "By country":
                seen.setdefault((row[2], code), set()).add(_said(row[4]))
        for row in matrix[1:]:
            seen[row[0], code].add(_said(row[matrix[0].index(code)]))
        for short in numbers.MEMBERS:
            [figure] = [row[3] for row in table(client, f"/plan/countries/{short}.csv") if row[1] == code]
            seen[NAMES[short], code].add(_said(figure))
            if name == "coordinator":
                rows = words_of(text(client, f"/plan/indicators/{code}/rows?country={short}"))
                made = re.search(r"In total: (.+?)\.", rows)
                seen[NAMES[short], code].add(_said(made.group(1)) if made else HIDDEN)
    assert {cell: told for cell, told in seen.items() if len(told) > 1} == {}
    assert ({HIDDEN} in seen.values()) == (name == "co-chair")


def _said(value: str) -> str:
    """Return a number of a page or file in one form."""
    return f"{float(value.removesuffix('%')):g}" if re.fullmatch(r"[\d.]+%?", value) else value
