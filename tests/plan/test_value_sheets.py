"""Sheets of values end to end: download, fill in, check, write, undo; two people, roles and countries."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.access.policy import Actor, Role
from app.audit.models import Entry
from app.db.session import db, transaction
from app.kernel import clock
from app.kernel.errors import DomainError
from app.plan import jobs
from app.plan.domain.observations import ObservationState
from app.plan.domain.planned_needs import PlannedNeedState
from app.plan.domain.targets import TargetState
from app.plan.models import Observation, ObservationFile, PeriodLock, PlannedNeed, PlanTarget
from app.plan.models.value_sheets import ValueBatch, ValueBatchRow, ValueSheet
from app.plan.service import manual_figures, targets, value_sheets
from tests.support import people_sheets, sites, value_sheets as sheets
from tests.support.sites import Site

DAY = "2026-12-31"
FIGURES, NEEDS, TARGETS = (f"/plan/edit/sheet/{kind}" for kind in ("figures", "needs", "targets"))
COUNTED = (Observation, PlanTarget, PlannedNeed, ValueBatch)


@pytest.fixture
def site(lite_app: Flask) -> Site:
    return sites.make(lite_app)


def counts(site: Site) -> list[int]:
    with site.app.app_context():
        return [db.session.scalar(select(func.count()).select_from(table)) or 0 for table in COUNTED]


def events(site: Site) -> list[str]:
    with site.app.app_context():
        return list(db.session.scalars(select(Entry.name).order_by(Entry.id)))


def position(raw: bytes, **cells: str) -> int:
    """Return the position of the row with these cells."""
    rows = sheets.rows(raw)
    return next(
        index for index, row in enumerate(rows) if all(str(row[name] or "") == text for name, text in cells.items())
    )


def figures(site: Site, user: str = "coordinator", **values: object) -> bytes:
    """Download the sheet of figures and fill in one for Iraq."""
    raw = sheets.download(site.client(user), f"{FIGURES}.xlsx?part={DAY}")
    row = position(raw, code="OC2.3", country="IQ")
    entries = {"value": 17, "source": "Form 3"} | values
    return sheets.filled(raw, {(row, name): value for name, value in entries.items()})


def written(site: Site, path: str, raw: bytes, user: str = "coordinator") -> str:
    """Check and write a sheet, and return the address of what it wrote."""
    client = site.client(user)
    answer = sheets.write(site.app, client, sheets.checked(site.app, client, path, raw))
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


@pytest.mark.parametrize("path", [f"{FIGURES}.xlsx?part={DAY}", f"{TARGETS}.xlsx?part=2028"])
def test_untouched_download_changes_nothing(site: Site, path: str) -> None:
    client, before = site.client("coordinator"), counts(site)
    address = sheets.checked(site.app, client, path.split(".xlsx", maxsplit=1)[0], sheets.download(client, path))
    page = sheets.shown(client, address)
    assert "Nothing in this sheet is new" in page
    assert "Wrong" not in page
    assert sheets.write(site.app, client, address).status_code == 422
    assert counts(site) == before


def test_figures_of_a_sheet_wait_for_a_second_person(site: Site) -> None:
    assert "ValueSheetExported" not in events(site)
    written(site, FIGURES, figures(site))
    with site.app.app_context():
        (figure,) = db.session.scalars(select(Observation))
        (file,) = db.session.scalars(select(ObservationFile))
        assert (figure.code, figure.country, figure.day.isoformat(), figure.value) == ("OC2.3", "IQ", DAY, 17)
        assert (figure.state, figure.source, file.content) == (ObservationState.PENDING, "Form 3", sheets.PDF)
        assert figure.entered_by == site.people["coordinator"]
        assert db.session.scalar(select(func.count()).select_from(ValueSheet)) == 0
    assert {"ValueSheetExported", "ValueSheetChecked", "ValueSheetWritten", "FigureEntered"} <= set(events(site))
    raw = sheets.download(site.client("coordinator"), f"{FIGURES}.xlsx?part={DAY}")
    row = sheets.rows(raw)[position(raw, code="OC2.3", country="IQ")]
    assert (row["was"], row["value"], row["source"]) == (17, 17, "Form 3")
    assert "Points, 0 to 20" in row["allowed"]


def test_figures_need_a_document(site: Site) -> None:
    client = site.client("coordinator")
    address = sheets.checked(site.app, client, FIGURES, figures(site))
    large = b"%PDF-" + b"a" * 5 * 2**20
    for document, message in ((b"", "Add the document first"), (b"<html>", "not a PDF"), (large, "5 megabytes")):
        answer = sheets.write(site.app, client, address, document)
        assert (answer.status_code, message in answer.text) == (422, True)
    assert counts(site) == [0, 0, 0, 0]


def test_wrong_rows_are_listed_with_cell_and_cure(site: Site) -> None:
    client = site.client("coordinator")
    raw = figures(site, value=99)
    unknown, text = position(raw, code="C-1"), position(raw, code="OC2.3", country="BG")
    raw = sheets.filled(raw, {(unknown, "code"): "OC9.9", (text, "value"): "many", (text, "source"): "Form 3"})
    address = sheets.checked(site.app, client, FIGURES, raw)
    page = sheets.shown(client, address)
    row = position(figures(site), code="OC2.3", country="IQ") + sheets.FIRST_ROW
    assert f"cell H{row}" in page
    assert "Enter a value from 0 to 20." in page
    assert "This is not a number. Enter digits only" in page
    assert "You cannot enter this figure." in page
    assert "3 rows are wrong" in page
    assert sheets.write(site.app, client, address).status_code == 422
    assert counts(site) == [0, 0, 0, 0]


def test_formula_and_merged_cells_are_refused(site: Site) -> None:
    client, raw = site.client("coordinator"), figures(site, value="=8+9")
    page = sheets.shown(client, sheets.checked(site.app, client, FIGURES, raw))
    assert "This cell contains a formula. Paste it as a value." in page
    merged = sheets.filled(figures(site), {}, lambda sheet: sheet.merge_cells("H3:H4"))
    page = sheets.shown(client, sheets.checked(site.app, client, FIGURES, merged))
    assert "This cell is merged with others." in page


@pytest.mark.parametrize(
    "raw",
    [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0" + b"\0" * 600, people_sheets.xlsx([people_sheets.row(1)])],
    ids=["empty", "damaged", "old", "other"],
)
def test_file_that_is_no_sheet_is_refused_with_a_cure(site: Site, raw: bytes) -> None:
    client = site.client("coordinator")
    for path in (FIGURES, TARGETS):
        answer = sheets.send(site.app, client, path, raw)
        assert answer.status_code == 422
        assert 'class="field wrong"' in answer.text


def test_sheet_of_another_kind_is_refused(site: Site) -> None:
    client = site.client("coordinator")
    answer = sheets.send(site.app, client, TARGETS, figures(site))
    assert (answer.status_code, "not the right sheet" in answer.text) == (422, True)


def test_large_change_needs_a_sentence(site: Site) -> None:
    with site.app.app_context():
        with transaction():
            day = clock.today() - timedelta(200)
            new = manual_figures.NewObservation(code="OC2.3", day=day, value=5, source="Form 2", country="IQ")
            observation_id = manual_figures.enter(new, by=site.people["contact_point"], now=clock.now())
            manual_figures.add_file(observation_id, sheets.PDF, by=site.people["contact_point"], now=clock.now())
            manual_figures.submit(observation_id, by=site.people["contact_point"], now=clock.now())
        with transaction():
            manual_figures.approve(observation_id, by=site.people["coordinator"], now=clock.now())
    client = site.client("coordinator")
    page = sheets.shown(client, sheets.checked(site.app, client, FIGURES, figures(site)))
    assert "differs from the last one by more than half" in page
    written(site, FIGURES, figures(site, explanation="A new law."))


def test_value_changed_meanwhile_is_an_error_of_its_row(site: Site) -> None:
    first, second = figures(site), figures(site, "contact_point", value=12)
    client = site.client("contact_point")
    address = sheets.checked(site.app, client, FIGURES, second)
    written(site, FIGURES, first)
    answer = sheets.write(site.app, client, address)
    assert answer.headers["Location"] == address
    page = sheets.shown(client, address)
    assert "The value has changed in the academy since the download. Now it is: 17." in page
    assert "One row is wrong" in page
    late = sheets.shown(client, sheets.checked(site.app, client, FIGURES, second))
    assert "Now it is: 17." in late
    assert counts(site)[0] == 1


def test_sheet_is_written_once(site: Site) -> None:
    client = site.client("coordinator")
    address = sheets.checked(site.app, client, FIGURES, figures(site))
    first, second = (sheets.write(site.app, client, address).headers["Location"] for _turn in range(2))
    assert first == second
    assert counts(site) == [1, 0, 0, 1]


def test_undo_gives_back_every_row_but_those_agreed(site: Site) -> None:
    raw = figures(site)
    other = position(raw, code="OC2.3", country="BG")
    cells = {(other, "value"): 2, (other, "source"): "Form 4"}
    address = written(site, FIGURES, sheets.filled(raw, cells))
    with site.app.app_context(), transaction():
        approved = db.session.scalars(select(Observation.id).where(Observation.country == "IQ")).one()
        manual_figures.approve(approved, by=site.people["contact_point"], now=clock.now())
    client = site.client("coordinator")
    assert sites.post(site.app, client, f"{address}/undo").status_code == 302
    with site.app.app_context():
        assert list(db.session.scalars(select(Observation.id))) == [approved]
        assert db.session.scalar(select(func.count()).select_from(ObservationFile)) == 1
    page = sheets.shown(client, address)
    assert "A second person has agreed since. It was not undone." in page
    assert sites.post(site.app, client, f"{address}/undo").status_code == 409


def _lock(site: Site, end: date) -> None:
    people = {"proposed_by": site.people["coordinator"], "agreed_by": site.people["contact_point"]}
    times = dict.fromkeys(("proposed_at", "locked_at"), clock.now())
    with transaction():
        db.session.add(PeriodLock(quarter_end=end, **people, **times, sha256="0" * 64, figures=0, last_record=0))


def test_row_of_a_locked_quarter_is_wrong_with_the_cure(site: Site) -> None:
    raw = figures(site)
    with site.app.app_context():
        _lock(site, date(2026, 12, 31))
    client = site.client("coordinator")
    page = sheets.shown(client, sheets.checked(site.app, client, FIGURES, raw))
    assert "One row is wrong" in page
    assert "Quarters are locked up to" in page
    assert "Enter a later day, and name the true day in the source." in page


def test_values_of_a_locked_quarter_are_not_undone(site: Site) -> None:
    address = written(site, FIGURES, figures(site))
    with site.app.app_context():
        _lock(site, date(2026, 12, 31))
    client = site.client("coordinator")
    assert sites.post(site.app, client, f"{address}/undo").status_code == 302
    assert counts(site)[0] == 1
    assert "The period is locked. It was not undone." in sheets.shown(client, address)


def test_undo_ends_after_thirty_days(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    written(site, FIGURES, figures(site))
    actor = Actor(site.people["coordinator"], "BG", frozenset({Role.COORDINATOR}))
    later = clock.real_now() + timedelta(days=31)
    monkeypatch.setattr(clock, "real_now", lambda: later)
    with site.app.app_context():
        batch_id = db.session.scalars(select(ValueBatch.id)).one()
        with pytest.raises(DomainError, match="over"), transaction():
            value_sheets.undo(actor, batch_id, now=clock.now())


def test_targets_of_a_sheet_are_proposed_and_undone(site: Site) -> None:
    client = site.client("coordinator")
    raw = sheets.download(client, f"{TARGETS}.xlsx?part=2028")
    row = position(raw, code="OC1.1", country="IQ")
    with site.app.app_context(), transaction():
        cell = targets.TargetCell("OC1.1", "IQ", "2028")
        before = targets.propose_target(
            targets.NewTarget(cell=cell, value=40, reason="Meeting"), by=site.people["administrator"], now=clock.now()
        )
    stale = sheets.filled(raw, {(row, "value"): 70, (row, "reason"): "Meeting of March"})
    assert "Now it is: 40." in sheets.shown(client, sheets.checked(site.app, client, TARGETS, stale))
    raw = sheets.download(client, f"{TARGETS}.xlsx?part=2028")
    address = written(site, TARGETS, sheets.filled(raw, {(row, "value"): 70, (row, "reason"): "Meeting of March"}))
    with site.app.app_context():
        states = dict(db.session.execute(select(PlanTarget.value, PlanTarget.state)).all())
        assert states == {40: TargetState.REPLACED, 70: TargetState.PROPOSED}
    assert sites.post(site.app, client, f"{address}/undo").status_code == 302
    with site.app.app_context():
        (target,) = db.session.scalars(select(PlanTarget))
        assert (target.id, target.state, target.value) == (before, TargetState.PROPOSED, 40)


def test_needs_of_a_sheet_are_of_the_own_country(site: Site) -> None:
    client = site.client("contact_point")
    raw = sheets.download(client, f"{NEEDS}.xlsx")
    assert {row["country"] for row in sheets.rows(raw)} == {"IQ"}
    cells = {(0, "value"): 120, (0, "source_day"): "2027-01-31", (0, "source"): "Letter of the ministry"}
    other = sheets.filled(raw, cells | {(1, "country"): "BG", (1, "value"): 5})
    assert "Your country has no such row." in sheets.shown(client, sheets.checked(site.app, client, NEEDS, other))
    address = written(site, NEEDS, sheets.filled(raw, cells), "contact_point")
    with site.app.app_context():
        (need,) = db.session.scalars(select(PlannedNeed))
        assert (need.country, need.role, need.value, need.state) == ("IQ", "*", 120, PlannedNeedState.PROPOSED)
    sites.post(site.app, client, f"{address}/undo")
    assert counts(site)[2] == 0


def test_contact_point_gets_own_country_only(site: Site) -> None:
    client = site.client("contact_point")
    raw = sheets.download(client, f"{FIGURES}.xlsx?part={DAY}")
    assert {row["country"] for row in sheets.rows(raw)} == {"IQ"}
    foreign = sheets.filled(raw, {(0, "country"): "BG", (0, "value"): 3, (0, "source"): "Form 3"})
    assert "You cannot enter this figure." in sheets.shown(client, sheets.checked(site.app, client, FIGURES, foreign))
    assert client.get(f"{TARGETS}.xlsx").status_code == 404


@pytest.mark.parametrize("user", ["owner", "trainer", "administrator", "anonymous"])
def test_sheets_are_refused_without_the_right(site: Site, user: str) -> None:
    client = site.client(user)
    for path in (
        "/plan/edit/sheet",
        f"{FIGURES}.xlsx",
        "/country/completion/past",
        "/country/completion/past/sheet.xlsx",
    ):
        assert client.get(path).status_code in {302, 403, 404}
        assert client.get(path).headers.get("Content-Disposition") is None


def test_checked_sheet_of_another_user_is_missing(site: Site) -> None:
    client = site.client("coordinator")
    address = sheets.checked(site.app, client, FIGURES, figures(site))
    other = site.client("contact_point")
    assert other.get(address).status_code == 404
    assert sheets.write(site.app, other, address).status_code == 404
    written_address = written(site, FIGURES, figures(site))
    assert other.get(written_address).status_code == 404
    assert sites.post(site.app, other, f"{written_address}/undo").status_code == 404


def test_checked_sheets_are_deleted_and_expire(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    client = site.client("coordinator")
    address = sheets.checked(site.app, client, FIGURES, figures(site))
    assert sites.post(site.app, client, f"{address}/drop").status_code == 302
    assert client.get(address).status_code == 404
    sheets.checked(site.app, client, FIGURES, figures(site))
    later = clock.real_now() + timedelta(hours=25)
    with site.app.app_context():
        monkeypatch.setattr(clock, "real_now", lambda: later)
        assert (jobs.delete_expired(), jobs.delete_expired()) == (1, 0)


def test_batch_rows_name_the_records(site: Site) -> None:
    written(site, FIGURES, figures(site))
    with site.app.app_context():
        (row,) = db.session.scalars(select(ValueBatchRow))
        (figure,) = db.session.scalars(select(Observation.id))
        assert (row.record_id, row.replaced_id, isinstance(row.record_id, UUID)) == (figure, None, True)
