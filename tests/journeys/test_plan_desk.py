"""Journeys of coordination: targets of a sheet to a locked quarter, a report in Arabic, the worst question."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from threading import Thread
from uuid import UUID

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app.access.policy import Actor, Role, Scope
from app.catalogue.queries import courses as catalogue
from app.db.session import db, transaction
from app.plan import jobs as plan_jobs
from app.plan.service import store
from app.plan.service.store import ContributionKey, ContributionValue
from app.reports import jobs as report_jobs
from app.reports.service.drawing import pdf_is_available
from app.reports.service.embedded import frozen_json
from tests.support import first_answers, value_sheets as sheets
from tests.support.course_authors import TRAINER_OF_ALL
from tests.support.first_answers import Answer, Sitting
from tests.support.page_checks import look
from tests.support.served_academy import LAW, Academy, living
from tests.support.visitors import DESKTOP, PHONE, Invite, Visitor, press

pytestmark = pytest.mark.browser
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PASSED_ALL, PASSED_NONE = "M01-Q227", "M01-Q222"


@pytest.fixture(scope="module")
def academy(tmp_path_factory: pytest.TempPathFactory, published: Path) -> Iterator[Academy]:
    """An academy of its own: a quarter is locked in it, which is never undone."""
    with living(tmp_path_factory.mktemp("desk"), published) as served:
        yield served


def _coordinator(visitor: Invite, alias: str, language: str = "en", width: int = DESKTOP) -> Visitor:
    grants = ((Role.COORDINATOR, Scope.ALL, ""),)
    return visitor(language, width, country="BG", roles=(), grants=grants, alias=alias)


def _complete(academy: Academy, country: str, officers: list[UUID], day: date) -> None:
    """Let officers have completed a course on a day, as if the evidence arrived now."""
    contributions = {
        ContributionKey("OP2.1", 1, person_id, "completion", day): ContributionValue(
            None, country, "border", "first_responder", 1.0, 0.0, person_id
        )
        for person_id in officers
    }
    with academy.app.app_context(), transaction():
        store.replace({}, contributions)


def _download(page: Page, selector: str) -> bytes:
    with page.expect_download() as event:
        page.locator(selector).click()
    return event.value.path().read_bytes()


def _send(page: Page, raw: bytes) -> None:
    """Send a sheet of targets to be checked."""
    page.locator("#file-targets").set_input_files({"name": "targets.xlsx", "mimeType": XLSX, "buffer": raw})
    press(page.locator("form:has(#file-targets) button"))


def _filled(raw: bytes, values: Mapping[str, object]) -> bytes:
    """Return a sheet of targets with new values of OP2.1 by country."""
    position = {row["country"]: n for n, row in enumerate(sheets.rows(raw)) if row["code"] == "OP2.1"}
    cells: dict[tuple[int, str], object] = {}
    for country, value in values.items():
        cells |= {(position[country], "value"): value, (position[country], "reason"): "Agreed by the board."}
    return sheets.filled(raw, cells)


def test_targets_of_a_sheet_are_corrected_and_agreed(academy: Academy, visitor: Invite) -> None:
    first, second = _coordinator(visitor, "First coordinator"), _coordinator(visitor, "Second coordinator")
    page = first.go("/plan/edit/sheet")
    page.select_option("#part-targets", "2028")
    raw = _download(page, "form:has(#part-targets) button")
    first.go("/plan/edit/sheet")  # the sheet is filled offline
    _send(page, _filled(raw, {"IQ": 20, "HU": 30.5}))
    expect(page.locator("h1 + .notice")).to_contain_text("One row is wrong")
    wrong = page.locator(".tasks .row", has_text="Wrong")
    expect(wrong).to_contain_text("OP2.1 HU 2028")
    expect(wrong).to_contain_text("Enter a whole number.")
    assert not look(first, "en", thorough=True)
    press(page.get_by_role("link", name="Send another sheet"))
    _send(page, _filled(raw, {"IQ": 20, "HU": 30}))
    press(page.get_by_role("button", name="Write 2 rows"))
    expect(page.locator("h1")).to_be_visible()

    page = second.go("/plan/edit?result=OP2&period=2028")
    press(page.locator("main a[href='/plan/edit/OP2.1/2028/IQ']"))
    press(page.get_by_role("button", name="Agree to the target"))
    history = page.locator("section[aria-labelledby=history] li")
    expect(history).to_have_count(1)
    expect(history).to_contain_text("First coordinator")
    expect(history).to_contain_text("Second coordinator")
    second.go("/plan/edit/OP2.1/2028/HU")
    expect(page.get_by_role("button", name="Agree to the target")).to_have_count(1)
    assert first.complaints + second.complaints == []


def test_late_evidence_of_a_locked_quarter_is_an_adjustment(
    academy: Academy, visitor: Invite, ahead: list[timedelta]
) -> None:
    officers = [academy.person(country="IQ") for _ in range(24)]
    _complete(academy, "IQ", officers[:12], date(2027, 3, 10))
    ahead[0] = timedelta(days=50)
    first, second = _coordinator(visitor, "Third coordinator"), _coordinator(visitor, "Fourth coordinator", "ar", PHONE)
    page = first.go("/plan/periods")
    press(page.locator("main tbody a[href$='2027-q1']"))
    press(page.get_by_role("button", name="Propose the lock"))
    expect(page.locator("form[action$=agree]")).to_have_count(0)
    page = second.go("/plan/periods/2027-q1")
    press(page.locator("form[action$=agree] button"))
    assert not look(second, "ar", thorough=True)

    _complete(academy, "IQ", officers[12:], date(2027, 3, 12))
    with academy.app.app_context():
        plan_jobs.check_nightly()
        db.session.remove()
    page = first.go("/plan/periods/2027-q1")
    row = page.locator("section[aria-labelledby=adjustments] tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("OP2.1")
    expect(row).to_contain_text("Q2 2027")
    assert not look(first, "en", thorough=True)
    assert first.complaints + second.complaints == []


def test_report_in_arabic_has_the_same_numbers_in_all_files(
    academy: Academy, visitor: Invite, ahead: list[timedelta]
) -> None:
    ahead[0] = timedelta(days=131)
    for country, count in (("FR", 13), ("DE", 27), ("HU", 8)):
        officers = [academy.person(country=country) for _ in range(count)]
        _complete(academy, country, officers, date(2027, 5, 3))
    coordinator = _coordinator(visitor, "Fifth coordinator", "ar", PHONE)
    page = coordinator.go("/reports/new")
    page.select_option("#period", "2027-06-30")
    page.select_option("#compared", "2027-03-31")
    page.select_option("#language", "ar")
    forms = [form for form in ("pdf", "docx", "xlsx") if form != "pdf" or pdf_is_available()]
    for form in ("pdf", "docx", "xlsx"):
        page.locator(f"input[name=forms][value={form}]").set_checked(form in forms)
    press(page.locator("main form.sheet button.primary"))
    report = page.url.removeprefix(coordinator.url)

    job = Thread(target=_make_reports, args=[academy.app])
    job.start()
    expect(coordinator.go("/plan").locator("h1")).to_be_visible()  # the user goes on while the job works
    job.join()
    page = coordinator.go(report)
    files = {form: _download(page, f"a[href$='/export/{form}']") for form in (*forms, "json")}
    hashes = {form: _hash(frozen_json(files[form])) for form in forms} | {"json": _hash(files["json"])}
    assert set(hashes.values()) == {page.locator(".report-check code").inner_text()}

    chair = visitor("ar", country="BG", roles=(), grants=((Role.CO_CHAIR, Scope.ALL, ""),))
    page = chair.go("/reports")
    press(page.locator(f"main a[href='{report}']"))
    numbers = _officer_numbers(page)
    assert {15, 25} <= set(numbers)  # 13 officers of France, 27 of Germany
    assert [number for number in numbers if number % 5] == []
    assert coordinator.complaints + chair.complaints == []


def _make_reports(app: Flask) -> None:
    with app.app_context():
        report_jobs.make_reports()
        db.session.remove()


def _hash(content: bytes | None) -> str:
    assert content is not None
    return hashlib.sha256(content).hexdigest()


def _officer_numbers(page: Page) -> list[float]:
    """Return the numbers of OP2.1, which counts officers, in the data of the report that is open."""
    document = json.loads(_download(page, "a[href$='/export/json']"))
    numbers: list[float] = []
    for section in document["sections"]:
        for table in (block for block in section["blocks"] if "columns" in block):
            of_countries = table["caption"].startswith("OP2.1")
            for row in (row for row in table["rows"] if of_countries or row.get("code") == "OP2.1"):
                cells = zip(table["columns"], row["cells"], strict=True)
                numbers += [cell.get("value") for column, cell in cells if of_countries or "/2027" in column["head"]]
    return [number for number in numbers if isinstance(number, int | float)]


def test_trainer_reads_why_the_worst_question_is_flagged(academy: Academy, visitor: Invite) -> None:
    learners = [academy.person(country="IQ") for _ in range(31)]
    with academy.app.app_context():
        outline = catalogue.visible(Actor(learners[0], "IQ", frozenset({Role.PRACTITIONER})), LAW)
        db.session.rollback()
        answers = [Answer(PASSED_NONE, 0.0, 1), Answer(PASSED_ALL, 1.0, 0)]
        first_answers.add(outline, *(Sitting(person_id, answers) for person_id in learners))
        db.session.remove()
    trainer = visitor(grants=TRAINER_OF_ALL)
    page = trainer.go(f"/teaching/courses/{LAW}/results")
    worst = page.locator("section[aria-labelledby=questions] tbody tr").first
    expect(worst).to_contain_text(PASSED_NONE)
    flag = worst.locator(".status").first.inner_text()
    page.locator("section[aria-labelledby=questions] summary").first.click()
    meaning = page.locator("section[aria-labelledby=questions] dl dt", has_text=flag)
    expect(meaning).to_be_visible()
    expect(meaning.locator("xpath=following-sibling::dd[1]")).to_contain_text("Check which option is right.")
    assert not look(trainer, "en", thorough=True)
    press(page.get_by_role("link", name="Improve the most urgent question"))
    expect(page.locator("main")).to_contain_text(PASSED_NONE)
    assert trainer.complaints == []
