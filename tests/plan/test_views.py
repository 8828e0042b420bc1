"""Pages of the plan: access, links of numbers to records, files with the same numbers, hidden small cells."""

import io
import re
from datetime import date, timedelta
from html import unescape
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, func, insert, select

from app.access.policy import Role
from app.audit.models import Entry
from app.db.session import db, transaction
from app.identity.models import Country, Person, Posting
from app.intake.models import OfficersTaken
from app.intake.service import export
from app.plan.models import Contribution, Observation
from app.plan.service import store
from app.plan.service.store import ContributionKey, ContributionValue
from tests.support import factories, plan_figures as numbers, workshop_events
from tests.support.plan_figures import EARLIER, SINCE, Scene
from tests.support.plan_pages import hand_in, row_of, rows_of, send, sheet_of, table, text, words_of
from tests.support.settings import NOW
from tests.support.sql_statements import counted

PDF = b"%PDF-1.4 a report"
PUBLISHED = "2026-12-31"
PLAN_PAGES = ["/plan", "/plan/outcomes/OC1", "/plan/outputs/OP1", "/plan/indicators/OP2.1", "/plan/capacity"]
FILES = [
    "/plan.csv",
    "/plan/countries.csv",
    "/plan/outputs/OP1.csv",
    "/plan/indicators/OP2.1.csv",
    "/plan/capacity.csv",
]


@pytest.fixture
def scene(app: Flask) -> Scene:
    return numbers.make(app)


@pytest.fixture
def lite_scene(lite_app: Flask) -> Scene:
    return numbers.make(lite_app)


# who is turned away


@pytest.mark.parametrize(
    ("paths", "welcome"),
    [
        (PLAN_PAGES + FILES, {"coordinator", "co-chair", "contact point"}),
        (["/plan/indicators/OP2.1/rows", "/plan/indicators/OP2.1/rows.csv"], {"coordinator", "contact point"}),
        (["/plan/countries/IQ", "/plan/countries/IQ.csv"], {"coordinator", "co-chair", "contact point"}),
        (["/plan/figures", "/plan/figures/new"], {"coordinator", "contact point"}),
        (["/plan/checks"], {"coordinator", "administrator"}),
    ],
)
def test_users_without_access_are_refused(standing: Scene, paths: list[str], welcome: set[str]) -> None:
    for name in ("coordinator", "co-chair", "contact point", "administrator", "practitioner"):
        client = standing.client(name)
        found = {client.get(path).status_code for path in paths}
        assert found == ({200} if name in welcome else {403}), name


def test_page_of_another_country_returns_404(standing: Scene) -> None:
    client = standing.client("contact point")
    for path in ("/plan/countries/DE", "/plan/countries/DE.csv", "/plan/countries/ZZ"):
        assert client.get(path).status_code == 404
    assert standing.client("coordinator").get("/plan/countries/ZZ").status_code == 404


def test_record_of_another_country_returns_404(standing: Scene) -> None:
    number = {country: _record_of(standing, country) for country in ("IQ", "DE")}
    client = standing.client("contact point")
    assert client.get(f"/plan/records/{number['DE']}").status_code == 404
    page = text(client, f"/plan/records/{number['IQ']}")
    assert "Secret IQ 0" in page
    # who may see no record learns of none
    assert standing.client("co-chair").get(f"/plan/records/{number['IQ']}").status_code == 404


def test_record_links_to_its_event_if_the_user_may_read_it(lite_scene: Scene) -> None:
    with lite_scene.app.app_context():
        event = f"/workshops/{_counted_event()}"
        db.session.remove()
    record = f"/plan/records/{_number_of(lite_scene, 'OP3.1', 1.0)}"
    for name, status in (("coordinator", 200), ("contact point", 404)):
        client = lite_scene.client(name)
        assert client.get(event).status_code == status
        assert (f'href="{event}"' in text(client, record)) is (status == 200), name


@pytest.mark.parametrize(
    "path",
    [
        "/plan/outcomes/OC9",
        "/plan/outputs/OC1",
        "/plan/indicators/OP9.9",
        "/plan/indicators/OP9.9/rows",
        "/plan/records/99999",
    ],
)
def test_unknown_codes_return_404(standing: Scene, path: str) -> None:
    assert standing.client("coordinator").get(path).status_code == 404


# the plan on one page


def test_every_number_links_to_its_records(standing: Scene) -> None:
    client = standing.client("coordinator")
    page = text(client, "/plan")
    cells = [cell for row in rows_of(page) for cell in re.findall(r'<td class="num">.*?</td>', row, re.S)]
    with_numbers = [cell for cell in cells if re.match(r"\d", words_of(cell))]
    assert len(with_numbers) >= 5
    for cell in with_numbers:
        [href] = re.findall(r'href="([^"]*)"', cell)
        shown = words_of(cell).partition(" of ")[0]
        behind = text(client, unescape(href))
        assert f"In total: {shown}" in words_of(behind), href


def test_number_of_records_equals_the_sum(scene: Scene) -> None:
    client = scene.client("coordinator")
    listed = table(client, "/plan/indicators/OP2.1/rows.csv")[1:]
    assert len(listed) == sum(numbers.COMPLETED.values()) == 33
    assert sum(float(row[4]) for row in listed) == 33
    assert "33 records count" in words_of(text(client, "/plan/indicators/OP2.1/rows"))
    shares = table(client, "/plan/indicators/OC2.1/rows.csv")[1:]
    assert (sum(float(row[4]) for row in shares), sum(float(row[5]) for row in shares)) == (29, 60)
    assert "48%" in words_of(row_of(text(client, "/plan"), "OC2.1"))


def test_indicator_not_collected_has_no_number(standing: Scene) -> None:
    client = standing.client("coordinator")
    row = words_of(row_of(text(client, "/plan"), "OP6.1"))
    assert "Not yet collected" in row
    assert "No data" in row
    page = text(client, "/plan/indicators/OP6.1")
    assert "so there is no figure" in page
    assert [r[8 - 2] for r in table(client, "/plan.csv") if r[1] == "OP6.1"] == ["Not yet collected"]


def test_late_indicator_shows_progress_since_reason_and_next_step(standing: Scene) -> None:
    page = text(standing.client("coordinator"), "/plan")
    late = [words_of(row) for row in re.findall(r'<li class="row">.*?</li>', page, re.S)]
    [row] = [row for row in late if row.startswith("OP1.1")]
    assert "0 reached, 2 expected today." in row
    assert "Next: Coordinator." in row
    assert row.endswith("Behind")


def test_past_day_shows_past_figures_and_stays_in_links(standing: Scene) -> None:
    client = standing.client("coordinator")
    page = text(client, f"/plan?on={EARLIER}")
    assert "32 of 10" in words_of(row_of(page, "OP2.1"))
    assert "33 of 10" in words_of(row_of(text(client, "/plan"), "OP2.1"))
    links = re.findall(r'href="(/plan/(?:indicators|outcomes|outputs|countries)[^"]*)"', page)
    assert links
    assert [link for link in links if f"on={EARLIER}" not in link] == []


@pytest.mark.parametrize("day", ["2027-03-02", "1999-12-31", "yesterday"])
def test_invalid_day_is_refused(standing: Scene, day: str) -> None:
    assert standing.client("coordinator").get(f"/plan?on={day}").status_code == 400


def test_numbers_of_several_countries_have_one_filter(standing: Scene) -> None:
    client = standing.client("coordinator")
    page = text(client, "/plan/indicators/OP2.1/rows?country=DE&role=first_responder", 400)
    assert "one filter at a time" in page
    own = standing.client("contact point")
    assert "5 records count" in words_of(text(own, "/plan/indicators/OP2.1/rows?agency_kind=police"))


def test_filter_is_shown_as_a_chip_that_removes_it(standing: Scene) -> None:
    page = text(standing.client("coordinator"), f"/plan/indicators/OP2.1/rows?country=DE&on={EARLIER}")
    [chip] = re.findall(r'<a class="chip" href="([^"]*)">', page)
    assert "country" not in chip
    assert f"on={EARLIER}" in chip


# small cells


def test_small_cells_are_on_no_page_or_file_outside(standing: Scene) -> None:
    client = standing.client("co-chair")
    for path in ("/plan", "/plan/indicators/OP2.1", f"/plan/indicators/OP2.1?on={PUBLISHED}"):
        page = text(client, path)
        for country in ("Bulgaria", "France"):
            rows = [row for row in rows_of(page) if country in row]
            assert rows, path
            for row in rows:
                told = re.sub(r'href="[^"]*"', "", row)
                assert _completers(told) == [], (path, row)
    assert _cells_of(table(client, "/plan/indicators/OP2.1.csv")) == {
        "Bulgaria": "Not shown", "France": "Not shown", "Germany": "10", "Iraq": "10",
    }  # fmt: skip
    listed = {row[0]: row for row in table(client, "/plan/countries.csv")}
    column = listed["Country"].index("OP2.1")
    assert [listed[country][column] for country in ("Bulgaria", "France")] == ["Not shown", "Not shown"]
    for country in ("BG", "FR"):
        page = text(client, f"/plan/countries/{country}")
        assert not re.search(r"\d", words_of(row_of(page, "OP2.1")).replace("OP2.1", ""))
        assert _sheet_numbers(client, f"/plan/countries/{country}.xlsx") == set()


def test_coordinator_reads_process_counts_exactly(standing: Scene) -> None:
    client = standing.client("coordinator")
    assert _cells_of(table(client, "/plan/indicators/OP2.1.csv")) == {
        "Bulgaria": "3", "France": "8", "Germany": "12", "Iraq": "10",
    }  # fmt: skip
    for path in ("/plan", "/plan/indicators/OP2.1", "/plan/countries/BG"):
        assert "Under five: do not pass on." in text(client, path), path
    assert "3" in words_of(row_of(text(client, "/plan/countries/BG"), "OP2.1"))


def test_coordinator_reads_one_to_four_within_a_month(standing: Scene) -> None:
    client = standing.client("coordinator")
    within, ended = (f"/plan/indicators/OP2.1.csv?on={day}" for day in ("2027-02-10", "2027-01-31"))
    assert _cells_of(table(client, within))["Bulgaria"] == "1 to 4"
    assert _cells_of(table(client, ended))["Bulgaria"] == "3"


def test_coordinator_reads_competence_of_countries_in_bands(standing: Scene) -> None:
    client = standing.client("coordinator")
    bands = {
        "Bulgaria": "1 to 5 of 6", "France": "10 to 14 of 20", "Germany": "5 to 9 of 20", "Iraq": "5 to 9 of 14",
    }  # fmt: skip
    assert _cells_of(table(client, "/plan/indicators/OC2.1.csv")) == bands
    page = text(client, "/plan/indicators/OC2.1")
    assert "All together 29 of 60" in words_of(page)
    assert "On 28 February 2027" in words_of(page)
    over_time = text(client, "/plan/indicators/OC2.1?country=BG")
    assert "1 to 5 of 6 on 28 February 2027." in words_of(over_time)


def test_split_with_one_row_is_withheld(standing: Scene) -> None:
    client = standing.client("coordinator")
    page = words_of(text(client, "/plan/indicators/OC2.1"))
    assert "29 in all countries together. Too close to none or all to show by role." in page
    rows = text(client, "/plan/indicators/OC2.1/rows?role=first_responder")
    assert "This number is not shown" in rows
    assert "/plan/records/" not in rows
    assert len(table(client, "/plan/indicators/OC2.1/rows.csv?role=first_responder")) == 1


def test_plan_of_coordinator_has_no_empty_cell(standing: Scene) -> None:
    page = text(standing.client("coordinator"), "/plan")
    cells = [words_of(cell) for row in rows_of(page) for cell in re.findall(r"<td\b.*?</td>", row, re.S)]
    silent = [cell for cell in re.findall(r"<td\b.*?</td>", page, re.S) if words_of(cell) in {"", "\u2013"}]
    empty = [cell for cell in silent if "<svg" not in cell]
    assert len(cells) > 50
    assert empty == []


def test_country_without_consent_is_in_bands_and_in_no_sum(lite_app: Flask) -> None:
    scene = numbers.make(lite_app)
    with lite_app.app_context(), transaction():
        db.session.get_one(Country, "DE").exact_counts = None
    client = scene.client("coordinator")
    page = text(client, "/plan/indicators/OP2.1")
    assert "10 to 14" in words_of(row_of(page, "Germany"))
    assert "All together 21" in words_of(page)
    assert "Without Germany: no consent to exact counts." in words_of(page)
    overview = text(client, "/plan")
    assert "21 of 10" in words_of(row_of(overview, "OP2.1"))
    assert "Without Germany" in words_of(overview)
    assert "21 records count" in words_of(text(client, "/plan/indicators/OP2.1/rows"))
    assert len(table(client, "/plan/indicators/OP2.1/rows.csv")) == 1 + 21
    by_kind = words_of(row_of(text(client, "/plan/indicators/OP2.1"), "Police"))
    assert by_kind.endswith(" 11")  # 2 of Bulgaria, 4 of France, 5 of Iraq
    number = _record_of(scene, "DE")
    assert client.get(f"/plan/records/{number}").status_code == 404
    assert "29 of 60" in words_of(text(client, "/plan/indicators/OC2.1"))  # competence counts all


def test_officer_under_threat_changes_tables_like_one_who_left(lite_app: Flask) -> None:
    scene = numbers.make(lite_app)
    officer = scene.officers["BG"][0]

    def tables_of(reader: str) -> list[object]:
        client = scene.client(reader)
        paths = ("indicators/OP2.1.csv", "indicators/OC2.1.csv", "indicators/OP2.4.csv", "countries.csv")
        files = [table(client, f"/plan/{path}") for path in paths]
        return [[row for row in rows if row[1] != "Over time"] for rows in files]

    readers = ("coordinator", "co-chair")
    before = {reader: tables_of(reader) for reader in readers}
    with lite_app.app_context(), transaction():
        db.session.get_one(Person, officer).protected = True
    flagged = {reader: tables_of(reader) for reader in readers}
    headline = words_of(row_of(text(scene.client("coordinator"), "/plan"), "OP2.1"))
    with lite_app.app_context(), transaction():
        db.session.get_one(Person, officer).protected = False
        kept = store.stored({"OP2.1", "OC2.1", "OP2.4"}, {officer})
        store.replace(kept, {})
        db.session.execute(delete(Posting).where(Posting.person_id == officer))
    assert {reader: tables_of(reader) for reader in readers} == flagged
    assert flagged["coordinator"] != before["coordinator"]
    assert "33 of 10" in headline  # in the community's indicators the officer counts


def test_figures_over_time_of_a_country_are_published_cells(standing: Scene) -> None:
    client = standing.client("co-chair")
    hidden = text(client, f"/plan/indicators/OP2.1?country=FR&on={PUBLISHED}")
    assert "There is no figure to show over time yet" in hidden
    assert 'class="chart"' not in hidden
    shown = text(client, f"/plan/indicators/OP2.1?country=DE&on={PUBLISHED}")
    assert "10 on 31 December 2026." in words_of(shown)
    exact = text(standing.client("coordinator"), f"/plan/indicators/OP2.1?country=FR&on={PUBLISHED}")
    assert "8 on 31 December 2026." in words_of(exact)


def test_records_of_one_country_are_not_listed(standing: Scene) -> None:
    client = standing.client("coordinator")
    for country, number in (("BG", 3), ("FR", 8)):
        page = text(client, f"/plan/indicators/OP2.1/rows?country={country}")
        assert f"In total: {number}." in words_of(page)
        assert "These records are not listed" in page
        assert "/plan/records/" not in page
        assert len(table(client, f"/plan/indicators/OP2.1/rows.csv?country={country}")) == 1


def test_ratios_of_other_countries_are_rounded_without_numbers(standing: Scene) -> None:
    found = _cells_of(table(standing.client("co-chair"), "/plan/indicators/OC2.1.csv"))
    # 2 of 6 is too small; Iraq with 7 of 14 is the next smallest; of 20 officers no share is shown
    assert found == {"Bulgaria": "Not shown", "France": "10 of 20", "Germany": "10 of 20", "Iraq": "Not shown"}


def test_total_below_five_is_exact_to_coordinators_only(lite_app: Flask) -> None:
    scene = numbers.make(lite_app, completed={"BG": 1, "DE": 0, "FR": 2, "IQ": 1})
    client = scene.client("co-chair")
    row = row_of(text(client, "/plan"), "OP2.1")
    assert "Fewer than 5" in words_of(row)
    assert "aria-label" not in re.sub(r'<svg class="spark.*', "", row)
    assert {row[4] for row in table(client, "/plan/indicators/OP2.1.csv")[1:]} <= {"", "Not shown"}
    coordinator = scene.client("coordinator")
    assert "4 of 10" in words_of(row_of(text(coordinator, "/plan"), "OP2.1"))
    assert "4 records count" in words_of(text(coordinator, "/plan/indicators/OP2.1/rows"))


def test_contact_point_cannot_derive_fewer_than_five_of_others(lite_app: Flask) -> None:
    scene = numbers.make(lite_app, completed={"BG": 1, "DE": 2, "FR": 1, "IQ": 9})
    own = words_of(row_of(text(scene.client("contact point"), "/plan"), "OP2.1"))
    assert "Fewer than 5" in own
    assert "13" not in own
    assert "13 of 10" in words_of(row_of(text(scene.client("coordinator"), "/plan"), "OP2.1"))


# rows and records


def test_coordinator_sees_only_numbers_of_records(standing: Scene) -> None:
    client = standing.client("coordinator")
    page = text(client, "/plan/indicators/OP2.1/rows")
    assert "December 2026" in words_of(page)
    assert "2026-12" in text(client, "/plan/indicators/OP2.1/rows.csv")
    record = re.findall(r'href="(/plan/records/\d+)"', page)[0]
    for told in (page, text(client, record), text(client, "/plan/indicators/OP2.1/rows.csv")):
        assert "Secret" not in told
        assert not re.search(r"Bulgaria|Germany|France|Iraq|First responder|Border service|Police", told)
        assert not re.search(r"15 December|2026-12-15", told)


@pytest.mark.parametrize(
    ("numerator", "words", "other"),
    [(0.0, "Required, no evidence yet", "No evidence found"), (1.0, "No evidence found", "no evidence yet")],
)
def test_record_without_evidence_has_a_label(standing: Scene, numerator: float, words: str, other: str) -> None:
    number = _number_of(standing, "OC2.1", numerator)
    page = text(standing.client("coordinator"), f"/plan/records/{number}")
    assert words in page
    assert other not in page


def test_a_contact_point_sees_the_own_officers_by_alias(standing: Scene) -> None:
    client = standing.client("contact point")
    listed = table(client, "/plan/indicators/OP2.1/rows.csv")
    assert {row[5] for row in listed[1:]} == {f"Secret IQ {n}" for n in range(10)}
    page = text(client, "/plan/indicators/OP2.1/rows")
    assert set(re.findall(r"Secret (\w\w)", page)) == {"IQ"}
    # asking for another country changes nothing
    assert table(client, "/plan/indicators/OP2.1/rows.csv?country=DE") == listed


@pytest.mark.each_database
def test_view_of_records_is_recorded_before_the_response(scene: Scene) -> None:
    client = scene.client("contact point")
    answer = client.get("/plan/indicators/OP2.1/rows.csv", buffered=False)
    with scene.app.app_context():
        entry = db.session.scalars(select(Entry).where(Entry.name == "RowsSeen")).one()
        assert entry.actor_id == scene.people["contact point"]
        assert entry.facts == '{"code":"OP2.1","country":"IQ","form":"csv","rows":10}'
        db.session.remove()
    answer.get_data()


def test_interrupted_file_leaves_no_open_transaction(standing: Scene) -> None:
    half = standing.client("coordinator").get("/plan/indicators/OP2.1/rows.csv", buffered=False)
    next(iter(half.iter_encoded()))
    assert standing.client("practitioner").get("/plan").status_code == 403
    assert standing.app.test_client().get("/plan").status_code == 302


def test_records_are_paginated(standing: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.plan.pages.records.PAGE", 10)
    monkeypatch.setattr("app.plan.views.drilldown.PORTION", 7)
    client = standing.client("coordinator")
    path, seen = "/plan/indicators/OP2.1/rows", []
    while path:
        page = text(client, path)
        seen += re.findall(r'href="/plan/records/(\d+)"', page)
        onward = re.findall(r'href="([^"]*after=\d+)"', page)
        path = unescape(onward[0]) if onward else ""
    assert len(seen) == len(set(seen)) == 33
    assert [row[0] for row in table(client, "/plan/indicators/OP2.1/rows.csv")[1:]] == seen


def test_file_of_over_a_hundred_officers_needs_approval(standing: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "ALONE", 8)
    assert standing.client("contact point").get("/plan/indicators/OP2.1/rows.csv").status_code == 409
    assert standing.client("another contact point").get("/plan/indicators/OC2.1/rows").status_code == 200
    # record numbers identify no officer
    assert standing.client("coordinator").get("/plan/indicators/OP2.1/rows.csv").status_code == 200


def _taken(standing: Scene) -> int:
    mine = OfficersTaken.person_id == standing.people["contact point"]
    query = select(func.sum(OfficersTaken.count)).where(mine)
    with standing.app.app_context():
        found = db.session.scalar(query)
        db.session.remove()
    return found or 0


def test_files_of_a_day_share_the_export_limit(standing: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    client, rows = standing.client("contact point"), "/plan/indicators/OP2.1/rows.csv"
    before = _taken(standing)
    found = len(table(client, rows)) - 1
    assert _taken(standing) - before == found
    monkeypatch.setattr(export, "ALONE", _taken(standing) + found)
    assert client.get(rows).status_code == 200
    assert client.get(rows).status_code == 409
    assert standing.client("coordinator").get(rows).status_code == 200


# files


def test_files_equal_pages(standing: Scene) -> None:
    client = standing.client("coordinator")
    listed = {row[1]: row for row in table(client, "/plan.csv")}
    head = listed["Indicator"]
    assert (listed["OP2.1"][head.index("Now")], listed["OP2.1"][head.index("Target")]) == ("33", "10")
    row = listed["OC2.1"]
    assert [row[head.index(name)] for name in ("Counted", "Of", "State")] == ["29", "60", "On track"]
    assert "29 of 60" in words_of(text(client, "/plan/indicators/OC2.1"))
    page = text(client, "/plan/indicators/OP2.1")
    for country, told in _cells_of(table(client, "/plan/indicators/OP2.1.csv")).items():
        assert told in words_of(row_of(page, country))


def test_sheets_have_texts_numbers_and_direction(standing: Scene) -> None:
    client = standing.client("coordinator")
    for language, there in (("en", False), ("ar", True)):
        with client.session_transaction() as session:
            session["lang"] = language
        sheet = sheet_of(client, "/plan.xlsx")
        assert ("rightToLeft" in sheet) == there
        assert "<f>" not in sheet


def test_files_contain_no_formulas(lite_scene: Scene) -> None:
    client = lite_scene.client("coordinator")
    figure = {"code": "OC3.4", "country": "", "day": "2027-02-01", "value": "3", "source": "=1+1"}
    assert send(lite_scene, client, "/plan/figures/new", **figure)[0] == 302
    assert [row[5] for row in table(client, "/plan/figures.csv")[1:]] == ["'=1+1"]


# figures entered by hand, notes


def test_figure_counts_after_approval(scene: Scene) -> None:
    first, second = scene.client("coordinator"), scene.client("second coordinator")
    figure = {"code": "OC3.4", "country": "", "day": "2027-02-01", "value": "3", "source": "Statement, page 4"}
    status, place = send(scene, first, "/plan/figures/new", **figure)
    assert status == 302
    assert send(scene, first, f"{place}/document", document=(io.BytesIO(b"MZ not a PDF"), "a.pdf"))[0] == 422
    assert send(scene, first, f"{place}/document", document=(io.BytesIO(PDF), "../a.pdf"))[0] == 302
    assert hand_in(scene, first, place) == 302
    assert 'action="' + place + '/approve"' not in text(first, place)
    assert send(scene, first, f"{place}/approve")[0] == 409
    assert send(scene, second, f"{place}/return", reason="")[0] == 422
    assert send(scene, second, f"{place}/return", reason="Name the page.")[0] == 302
    assert "Name the page." in text(first, place)
    assert hand_in(scene, first, place) == 302
    assert "1 figure waits" in words_of(text(second, "/plan"))
    assert send(scene, second, f"{place}/approve")[0] == 302
    assert "3 of 10" in words_of(row_of(text(first, "/plan"), "OC3.4"))


def test_figure_shows_rule_and_effect_before_it_is_saved(lite_scene: Scene) -> None:
    first, second = lite_scene.client("contact point"), lite_scene.client("coordinator")
    figure = {"code": "OC2.3", "country": "IQ", "day": "2027-02-01", "value": "16", "source": "Review form"}
    token = {"csrf_token": factories.token(lite_scene.app, first)}
    assert "Points, 0 to 20. From 16 on the country counts." in text(first, "/plan/figures/new?code=OC2.3")
    checked = first.post("/plan/figures/new", data={**token, **figure, "step": "check"})
    assert checked.status_code == 200
    assert "16 of 20: will count as 1." in checked.text
    assert "Save as draft" in checked.text
    assert len(table(first, "/plan/figures.csv")) == 1
    seen = re.search('name="checked" value="([^"]+)"', checked.text)
    assert seen
    changed = first.post("/plan/figures/new", data={**token, **figure, "value": "15", "checked": seen[1]})
    assert "15 of 20: will count as 0." in changed.text
    kept = {**figure, "checked": seen[1], "submission": "one"}
    places = [send(lite_scene, first, "/plan/figures/new", **kept)[1] for _ in range(2)]
    assert places[0] == places[1]
    assert send(lite_scene, first, f"{places[0]}/submit")[0] == 422
    assert "Add the document first." in text(first, places[0])
    assert hand_in(lite_scene, first, places[0]) == 302
    page = text(second, places[0])
    assert "Points, 0 to 20. From 16 on the country counts." in page
    assert "16 of 20: will count as 1." in page
    assert "Last approved figure" in page


def test_value_out_of_range_is_refused_with_the_range(lite_scene: Scene) -> None:
    client = lite_scene.client("contact point")
    figure = {"code": "OC2.3", "country": "IQ", "day": "2027-02-01", "value": "21", "source": "Review form"}
    for step in ({"step": "check"}, {}):
        answer = client.post(
            "/plan/figures/new", data={"csrf_token": factories.token(lite_scene.app, client), **figure, **step}
        )
        assert answer.status_code == 422
        assert "Enter a value from 0 to 20." in answer.text


def test_note_sent_twice_is_one_note(lite_scene: Scene) -> None:
    client = lite_scene.client("coordinator")
    for _ in range(2):
        assert send(lite_scene, client, "/plan/outcomes/OC1/notes", text="Once.", submission="one")[0] == 302
    assert text(client, "/plan/outcomes/OC1").count("Once.") == 1


def test_document_is_sent_as_a_sandboxed_attachment(lite_scene: Scene) -> None:
    client = lite_scene.client("contact point")
    figure = {"code": "OC2.3", "country": "IQ", "day": "2027-02-01", "value": "17", "source": "Review form"}
    _status, place = send(lite_scene, client, "/plan/figures/new", **figure)
    assert client.get(f"{place}/document.pdf").status_code == 404
    send(lite_scene, client, f"{place}/document", document=(io.BytesIO(PDF), "a.pdf"))
    answer = client.get(f"{place}/document.pdf")
    assert answer.data == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    other = lite_scene.client("another contact point")
    assert [other.get(path).status_code for path in (place, f"{place}/document.pdf")] == [404, 404]


def test_document_may_be_larger_than_a_form_up_to_a_limit(lite_scene: Scene) -> None:
    client = lite_scene.client("coordinator")
    figure = {"code": "OC3.4", "country": "", "day": "2027-02-01", "value": "3", "source": "s"}
    _status, place = send(lite_scene, client, "/plan/figures/new", **figure)
    fits, too_large = PDF + b"x" * 2_000_000, PDF + b"x" * 6_000_000
    assert send(lite_scene, client, f"{place}/document", document=(io.BytesIO(fits), "a.pdf"))[0] == 302
    assert send(lite_scene, client, f"{place}/document", document=(io.BytesIO(too_large), "a.pdf"))[0] == 413


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"code": ""}, "Choose an indicator from the list."),
        ({"code": "OP2.1"}, "Choose an indicator from the list."),
        ({"value": "many"}, "Not a valid"),
        ({"day": ""}, "Enter the day"),
        ({"source": ""}, "Enter where the figure comes from."),
        ({"country": "ZZ"}, "Choose a country from the list."),
    ],
)
def test_invalid_figure_shows_the_form_again(lite_scene: Scene, changed: dict[str, str], words: str) -> None:
    client = lite_scene.client("coordinator")
    figure = {"code": "OC3.4", "country": "", "day": "2027-02-01", "value": "3", "source": "s"} | changed
    answer = client.post("/plan/figures/new", data={"csrf_token": factories.token(lite_scene.app, client), **figure})
    assert answer.status_code == 422
    if changed != {"value": "many"}:
        assert words in unescape(answer.get_data(as_text=True))
    with lite_scene.app.app_context():
        assert db.session.scalars(select(Observation)).all() == []
        db.session.remove()


def test_contact_point_enters_figures_of_own_country_only(lite_scene: Scene) -> None:
    client = lite_scene.client("contact point")
    figure = {"code": "OC2.3", "country": "DE", "day": "2027-02-01", "value": "17", "source": "s"}
    assert send(lite_scene, client, "/plan/figures/new", **figure)[0] == 422


def test_figures_are_paginated_and_the_file_contains_all(scene: Scene) -> None:
    def enter(country: str, days: range) -> None:
        with scene.app.app_context():
            given = {"code": "OC2.3", "version": 1, "country": country, "value": 1.0, "source": "Review form"}
            by = {"state": "draft", "entered_by": scene.people["coordinator"], "entered_at": NOW}
            with transaction():
                rows = [given | by | {"id": uuid4(), "day": date(2026, 1, 1) + timedelta(days=one)} for one in days]
                db.session.execute(insert(Observation), rows)
            db.session.remove()

    def days(client: FlaskClient, page: str = "") -> tuple[int, str, int]:
        """Return how many figures a page shows, the day of the first one, and how many statements it takes."""
        client.get("/plan/figures")
        with counted(scene.app) as told:
            found = re.findall(r'<td><time datetime="([^"]*)"', text(client, f"/plan/figures{page}"))
        return len(found), found[0], len(told)

    enter("IQ", range(3))
    client, own = scene.client("coordinator"), scene.client("contact point")
    (*few, statements), own_statements = days(client), days(own)[2]
    assert few == [3, "2026-01-03"]
    assert 'class="pager"' not in text(client, "/plan/figures")
    enter("IQ", range(3, 60))
    enter("DE", range(100, 270))
    assert days(client) == (50, "2026-09-27", statements)
    assert days(client, "?page=5") == days(client, "?page=99") == (30, "2026-01-30", statements)
    assert days(own, "?page=2") == (10, "2026-01-10", own_statements)
    page = text(client, "/plan/figures?page=3")
    assert re.findall(r'href="/plan/figures[?]page=(.)"', page) == ["1", "2", "3", "4", "5", "4"]
    assert len(table(client, "/plan/figures.csv")) == 1 + 230
    assert len(table(own, "/plan/figures.csv")) == 1 + 60


def test_note_is_shown_with_its_date(lite_scene: Scene) -> None:
    client = lite_scene.client("coordinator")
    assert send(lite_scene, client, "/plan/outcomes/OC1/notes", text="")[0] == 422
    assert send(lite_scene, client, "/plan/outcomes/OC1/notes", text="<b>Agreed</b>")[0] == 302
    page = text(lite_scene.client("co-chair"), "/plan/outcomes/OC1")
    assert "&lt;b&gt;Agreed&lt;/b&gt;" in page
    assert "1 March 2027" in page
    assert send(lite_scene, lite_scene.client("co-chair"), "/plan/outcomes/OC1/notes", text="x")[0] == 403


# how much the pages ask


def test_plan_needs_few_statements_with_many_records(app: Flask) -> None:
    small = numbers.make(app, completed={"BG": 5, "DE": 5, "FR": 5, "IQ": 5})
    client = small.client("coordinator")
    asked = {}
    for path in ("/plan", "/plan/indicators/OP2.1", "/plan/indicators/OP2.1/rows", "/plan/countries/IQ"):
        text(client, path)
        with counted(app) as told:
            text(client, path)
        asked[path] = len(told)
    assert (
        asked["/plan"] <= 21
    )  # eight for late work, falls and actions, one for locked quarters, two for waiting values
    with app.app_context():
        numbers.add(small, {"BG": 20, "DE": 20, "FR": 20, "IQ": 20})
        db.session.remove()
    for path, before in asked.items():
        with counted(app) as told:
            text(client, path)
        assert len(told) == before, path


def test_page_without_a_plan_shows_a_message(lite_app: Flask) -> None:
    with lite_app.app_context():
        person = factories.person(grants=((Role.COORDINATOR, numbers.Scope.ALL, ""),))
        db.session.remove()
    client = factories.sign_in(lite_app, person)
    assert "No plan yet" in text(client, "/plan")
    assert client.get("/plan/capacity").status_code == 404


def _record_of(scene: Scene, country: str) -> int:
    with scene.app.app_context():
        person: UUID = scene.officers[country][0]
        query = select(Contribution.id).where(Contribution.code == "OP2.1", Contribution.subject == person)
        found = db.session.scalars(query).one()
        db.session.remove()
    return found


def _counted_event() -> UUID:
    """Announce an event for law enforcement and count it."""
    workshop_id = workshop_events.announced()
    key = ContributionKey("OP3.1", 1, workshop_id, "event", SINCE)
    with transaction():
        store.replace({}, {key: ContributionValue(None, "BG", "", "", 1.0, 0.0, None)})
    return workshop_id


def _number_of(scene: Scene, code: str, numerator: float) -> int:
    with scene.app.app_context():
        query = select(Contribution.id).where(Contribution.code == code, Contribution.numerator == numerator)
        found = db.session.scalars(query.order_by(Contribution.id).limit(1)).one()
        db.session.remove()
    return found


def _completers(row: str) -> list[str]:
    """Return the numbers of a row that belong to the two hidden cells."""
    return [number for number in re.findall(r"(?<![\w.])\d+(?![\w.])", words_of(row)) if number in {"3", "8"}]


def _cells_of(listed: list[list[str]]) -> dict[str, str]:
    return {row[2]: row[4] for row in listed if row[1] == "By country"}


def _sheet_numbers(client: FlaskClient, path: str) -> set[str]:
    """Return the numbers that a sheet holds for completers."""
    rows = [row for row in re.findall(r"<row.*?</row>", sheet_of(client, path), re.S) if ">OP2.1<" in row]
    assert rows
    return {number for row in rows for number in re.findall(r"<t[^>]*>(\d+)</t>|<v>(\d+)</v>", row)}
