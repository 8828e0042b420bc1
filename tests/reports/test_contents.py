"""Contents of reports: rule O everywhere, no alias, comparisons, missing figures, languages."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask

from app.access.policy import Sensitivity
from app.db.session import db, transaction
from app.identity.models import Person
from app.kernel import clock
from app.learning.domain.completion import COUNTERS
from app.learning.models.completion import CompletionDay
from app.plan.domain.planned_needs import ALL_ROLES, NewPlannedNeed, PlannedNeedState
from app.plan.domain.result_records import AttemptResult, CourseAttempts, OfficerResults
from app.plan.domain.targets import NewTarget, TargetCell
from app.plan.models import Adjustment, PeriodLock, PlannedNeed
from app.plan.queries import result_sources
from app.plan.service import manual_figures, planned_needs, targets
from app.plan.service.manual_figures import NewObservation
from app.quizzes.domain.attempts import Purpose
from app.reports.domain.document import (
    Cell,
    CellKind,
    Items,
    ReportDocument,
    ReportParagraph,
    Section,
    Table,
    Tiles,
    TrendBlock,
    encode,
)
from app.reports.domain.donors import NewDonorLine
from app.reports.domain.forms import ReportFormat
from app.reports.domain.runs import ReportKind, ReportRequest
from app.reports.queries.texts import ReportKey
from app.reports.service import donors, texts
from app.reports.service.contents import building
from app.workshops.queries import report_figures
from app.workshops.service import evaluations
from tests.support import after_events, courses, factories, plan_figures, plans, workshop_events
from tests.support.plan_figures import Scene
from tests.support.plan_pages import text
from tests.support.sql_statements import counted

PERIOD, COMPARED = date(2026, 12, 31), date(2026, 9, 30)
OFFICERS = frozenset({"OP2.1", "OP2.2", "OP3.2", "OC1.1", "OC2.1"})  # indicators that count officers
HIDDEN = ("Fewer than 5", "Not shown")


@pytest.fixture
def scene(app: Flask) -> Scene:
    return plan_figures.make(app)


def _document(scene: Scene, **fields: object) -> ReportDocument:
    values: dict[str, Any] = {
        "kind": ReportKind.QUARTERLY,
        "period_end": PERIOD,
        "compared_end": COMPARED,
        "language": "en",
        "forms": frozenset({ReportFormat.JSON}),
    }
    with scene.app.app_context():
        document = building.document(ReportRequest(**(values | fields)), clock.now())
        db.session.remove()
    return document


def _tables(document: ReportDocument, key: str = "") -> Iterator[Table]:
    for section in document.sections:
        if section.key.startswith(key):
            yield from (block for block in section.blocks if isinstance(block, Table))


def _section(document: ReportDocument, key: str) -> Section:
    return next(section for section in document.sections if section.key == key)


def _row(document: ReportDocument, key: str, code: str, index: int = 0) -> Mapping[str, Cell]:
    """Return the cells of a row by the heads of their columns."""
    table = [table for table in _tables(document, key) if any(row.code == code for row in table.rows)][index]
    row = next(row for row in table.rows if row.code == code)
    return {column.head: cell for column, cell in zip(table.columns, row.cells, strict=True)}


def _complete(scene: Scene, counts: Mapping[str, tuple[int, int]]) -> None:
    """Let officers complete a required course: completed of needed, by country."""
    with scene.app.app_context():
        course_id = courses.publish().outline.course_id
        with transaction():
            for country, (completed, need) in counts.items():
                values = dict.fromkeys(COUNTERS, 0) | {
                    "assigned": need,
                    "completed_on_time": completed,
                    "not_started": need - completed,
                }
                for role in ("*", "first_responder"):
                    row = {"course_id": course_id, "country": country, "role": role, "source_group": "required"}
                    db.session.add(CompletionDay(day=date(2026, 12, 1), **row, **values))
        db.session.remove()


COMPLETION = {"BG": (3, 6), "DE": (12, 24), "FR": (20, 40), "IQ": (30, 60)}


def _officer_numbers(document: ReportDocument) -> Iterator[float]:
    """Yield the numbers of a quarterly report that count officers, or shares of them."""
    for table in _tables(document):
        heads = [column.head for column in table.columns]
        for row in table.rows:
            for head, cell in zip(heads, row.cells, strict=True):
                is_officers = row.code in OFFICERS and head in ("Q3 2026", "Q4 2026", "Change")
                is_country = head in ("Needed", "Reached", "Completed, all countries", courses.CODE)
                if (is_officers or is_country) and isinstance(cell.value, float | int):
                    yield cell.value


def test_numbers_of_officers_are_multiples_of_five(scene: Scene) -> None:
    _complete(scene, COMPLETION)
    numbers = list(_officer_numbers(_document(scene)))
    assert len(numbers) > 10
    assert [number for number in numbers if number % 5] == []


def test_small_cells_are_hidden_with_their_neighbours(scene: Scene) -> None:
    document = _document(scene)
    reached = {code: _row(document, "countries", code)["Reached"] for code in ("BG", "DE", "FR", "IQ")}
    assert {code: cell.text for code, cell in reached.items()} == {
        "BG": "Not shown", "DE": "10", "FR": "Not shown", "IQ": "10",
    }  # fmt: skip
    assert all(cell.value is None for cell in reached.values() if cell.text == "Not shown")
    notes = _section(document, "notes")
    hidden = sum(cell.text in HIDDEN for table in _tables(document) for row in table.rows for cell in row.cells)
    tiles = [tile for block in document.sections[0].blocks if isinstance(block, Tiles) for tile in block.tiles]
    hidden += sum(tile.figure.text in HIDDEN for tile in tiles)
    assert any(
        isinstance(block, ReportParagraph) and block.text.startswith(f"{hidden} numbers") for block in notes.blocks
    )


def test_countries_are_in_alphabetical_order(scene: Scene) -> None:
    for table in _tables(_document(scene), "countries"):
        assert [row.code for row in table.rows] == ["BG", "FR", "DE", "IQ"]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"kind": ReportKind.COUNTRY, "subject": "IQ", "country": "IQ"},
        {"kind": ReportKind.COUNTRY, "subject": "IQ", "country": "IQ", "is_exact": True},
    ],
)
def test_report_has_no_alias(scene: Scene, fields: dict[str, object]) -> None:
    text = encode(_document(scene, **fields)).decode()
    assert "Secret" not in text
    assert not any(str(person) in text for person in scene.people.values())


def test_country_sheet_is_exact_for_the_own_country_only(scene: Scene) -> None:
    country = {"kind": ReportKind.COUNTRY, "subject": "IQ", "country": "IQ"}
    exact, outside = _document(scene, **country, is_exact=True), _document(scene, **country)
    assert _row(exact, "reached", "OP2.1")["Q4 2026"].text == "9"
    assert _row(exact, "reached", "OC2.1")["Q4 2026"].text == "50% (7 of 14)"
    assert _row(outside, "reached", "OP2.1")["Q4 2026"].text == "10"
    assert _row(outside, "reached", "OC2.1")["Q4 2026"].text == "Not shown"


def test_exact_sheet_has_completion_by_role_and_the_other_has_not(scene: Scene) -> None:
    _complete(scene, COMPLETION)
    country = {"kind": ReportKind.COUNTRY, "subject": "BG", "country": "BG"}
    [table] = _tables(_document(scene, **country, is_exact=True), "completion")
    assert [cell.text for cell in table.rows[0].cells][2:] == ["3", "6", "0"]
    [table] = _tables(_document(scene, **country), "completion")
    assert [cell.text for cell in table.rows[0].cells][1:] == ["Not shown"]


def test_need_is_in_the_exact_sheet_only(scene: Scene) -> None:
    with scene.app.app_context(), transaction():
        new = NewPlannedNeed(country="IQ", role=ALL_ROLES, value=120, day=date(2026, 11, 1), source="Ministry")
        need_id = planned_needs.propose_need(new, by=scene.people["contact point"], now=clock.now())
        db.session.get_one(PlannedNeed, need_id).state = PlannedNeedState.AGREED
        db.session.get_one(PlannedNeed, need_id).agreed_by = scene.people["coordinator"]
        db.session.get_one(PlannedNeed, need_id).agreed_at = clock.now()
    country = {"kind": ReportKind.COUNTRY, "subject": "IQ", "country": "IQ", "period_end": date(2027, 3, 31)}
    now = clock.now()
    clock.move(lambda: now - clock.real_now() + timedelta(days=60))
    exact = _items(_document(scene, **country, compared_end=PERIOD, is_exact=True))
    assert any("10 of 22 on the academy (120 planned)" in text for text in exact)
    assert not any("planned" in text for text in _items(_document(scene, **country, compared_end=PERIOD)))


def _items(document: ReportDocument) -> list[str]:
    blocks = [block for section in document.sections for block in section.blocks]
    return [text for block in blocks if isinstance(block, Items) for text in block.texts]


def test_adjustment_of_a_locked_period_is_in_the_notes_as_published(scene: Scene) -> None:
    noted = {"quarter_end": PERIOD, "version": 1, "counts_in": date(2027, 3, 31), "noted_on": date(2027, 2, 1)}
    days = {"first_evidence": date(2026, 12, 3), "last_evidence": date(2026, 12, 9)}
    with scene.app.app_context(), transaction():
        people = {"proposed_by": scene.people["coordinator"], "agreed_by": scene.people["second coordinator"]}
        times = {"proposed_at": clock.now(), "locked_at": clock.now()}
        db.session.add(PeriodLock(quarter_end=PERIOD, **people, **times, sha256="0" * 64, figures=0, last_record=0))
        db.session.flush()
        for country, code, numerator in (("IQ", "OP2.1", 5.0), ("DE", "OC2.1", 1.0)):
            values = {"code": code, "country": country, "numerator": numerator, "denominator": 0.0, "last_record": 0}
            db.session.add(Adjustment(**noted, **days, **values))
    notes = _section(_document(scene), "notes")
    [text] = [text for text in _texts(notes) if "Adjustment of" in text]
    assert text.startswith("OP2.1 ")
    assert text.endswith("Adjustment of Q4 2026: 5 more. Evidence of December 2026 arrived by 1 February 2027.")


def test_report_without_adjustment_says_so(scene: Scene) -> None:
    assert "No adjustment changes a figure of this report." in _texts(_section(_document(scene), "notes"))


def _texts(section: Section) -> list[str]:
    texts = [text for block in section.blocks if isinstance(block, Items) for text in block.texts]
    return [*texts, *(block.text for block in section.blocks if isinstance(block, ReportParagraph))]


def test_report_uses_the_targets_that_were_agreed_by_its_period(scene: Scene) -> None:
    with scene.app.app_context(), transaction():
        new = NewTarget(cell=TargetCell("OP2.1", "", "2029"), value=777, second=None, reason="New budget.")
        target_id = targets.propose_target(new, by=scene.people["coordinator"], now=clock.now())
        targets.agree_target(target_id, by=scene.people["second coordinator"], now=clock.now())
    later, now = {"period_end": date(2027, 3, 31), "compared_end": PERIOD}, clock.now()
    assert "777" not in _row(_document(scene), "output:OP1", "OP2.1")["Target"].text  # agreed after the period
    clock.move(lambda: now - clock.real_now() + timedelta(days=60))
    assert "777 in 2029" in _row(_document(scene, **later), "output:OP1", "OP2.1")["Target"].text


def test_completion_is_shown_by_rule_of_publication(scene: Scene) -> None:
    _complete(scene, COMPLETION)
    total, countries = _tables(_document(scene), "completion")
    assert total.rows[0].cells[1].text == "50%"
    shown = {row.code: row.cells[1].text for row in countries.rows}
    assert shown == {"BG": "Not shown", "DE": "Not shown", "FR": "50%", "IQ": "50%"}


def test_change_under_five_is_about_the_same(scene: Scene) -> None:
    later, now = {"period_end": date(2027, 3, 31), "compared_end": PERIOD}, clock.now()
    clock.move(lambda: now - clock.real_now() + timedelta(days=60))
    document = _document(scene, **later)
    row = _row(document, "output:OP1", "OP2.1")
    assert (row["Q4 2026"].text, row["Q1 2027"].text, row["Change"].text) == ("30", "35", "5 more")
    assert _row(document, "output:OP1", "OC2.1")["Change"].text == "About the same"


def test_other_definition_is_not_comparable(scene: Scene) -> None:
    code = "OP2.1"
    with scene.app.app_context():
        new = plans.indicator(code, version=2, valid_from="2027-02-01", settings="")
        others = [plans.indicator(other) for other in plans.RULES if other != code]
        plans.load(*others, new)
        db.session.remove()
    clock.move(lambda: datetime(2027, 4, 2, 9, tzinfo=clock.real_now().tzinfo) - clock.real_now())
    document = _document(scene, period_end=date(2027, 3, 31), compared_end=PERIOD)
    text = _row(document, "output:OP1", code)["Change"].text
    assert text == "Not comparable: definition 1 then, 2 now"


def test_missing_figure_of_a_donor_is_never_zero(scene: Scene) -> None:
    with scene.app.app_context(), transaction():
        for code, indicator in (("R1", "OP2.1"), ("R2", "OP5.1")):
            line = NewDonorLine(donor="Fund", code=code, wording="People trained", indicator=indicator)
            donors.create(line, indicators=["OP2.1", "OP5.1"], now=clock.now())
    document = _document(scene, kind=ReportKind.DONORS, subject="Fund", compared_end=None)
    [table] = _tables(document, "results")
    counted_row, missing = table.rows
    assert [cell.text for cell in counted_row.cells[4:8]] == ["0", "No milestone", "30", "30"]
    assert [(cell.text, cell.value) for cell in missing.cells[6:9]] == [("Not collected", None)] * 3


def test_workshop_report_hides_small_groups(scene: Scene) -> None:
    with scene.app.app_context():
        workshop_id = workshop_events.announced(sensitivity=Sensitivity.UNRESTRICTED)
        db.session.remove()
    document = _document(scene, kind=ReportKind.WORKSHOP, subject=str(workshop_id), country="BG")
    seats = next(table for table in _tables(document) if table.caption == "Seats by country")
    assert {row.cells[1].text for row in seats.rows} == {"Not shown"}
    assert [section.key for section in document.sections] == ["aims", "results", "lessons"]


def test_interim_value_is_marked_on_the_plan_and_in_reports(scene: Scene) -> None:
    first, second = scene.people["coordinator"], scene.people["second coordinator"]
    new = NewObservation(code="OP5.1", day=PERIOD, value=5, source="Record of the meeting")
    with scene.app.app_context(), transaction():
        figure_id = manual_figures.enter(new, by=first, now=clock.now())
        manual_figures.add_file(figure_id, b"%PDF-1.7", by=first, now=clock.now())
        manual_figures.submit(figure_id, by=first, now=clock.now())
        manual_figures.approve(figure_id, by=second, now=clock.now())
    row = _row(_document(scene), "output:OP1", "OP5.1")
    assert (row["Q4 2026"].text, row["Indicator"].text.endswith("(interim, by hand)")) == ("5", True)
    assert "interim, by hand" in text(scene.client("coordinator"), "/plan")
    assert "interim, by hand" in text(scene.client("co-chair"), "/plan/indicators/OP5.1")


@pytest.mark.parametrize(
    ("pairs", "shown"),
    [(12, ["10", "50%", "75%", "25 points"]), (9, ["10", *["Not shown"] * 3]), (4, ["Not shown"] * 4)],
)
def test_workshop_report_compares_tests_of_ten_officers(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, pairs: int, shown: list[str]
) -> None:
    with scene.app.app_context():
        workshop_id = workshop_events.announced()
        workshop_events.ask_for(workshop_id, "M09")
    tested = {person.person_id: person for person in (_with_both_tests() for _ in range(pairs))}
    monkeypatch.setattr(report_figures, "seated", lambda ids: {workshop_id: set(tested)})
    monkeypatch.setattr(result_sources, "results", lambda people, postings: {key: tested[key] for key in people})
    document = _document(scene, kind=ReportKind.WORKSHOP, subject=str(workshop_id), country="BG")
    [row] = next(table.rows for table in _tables(document) if table.caption == "Tests of the courses of this event")
    assert [cell.text for cell in row.cells] == ["M09", *shown]


def _with_both_tests() -> OfficerResults:
    attempts = tuple(
        AttemptResult(
            version_id=UUID(int=1),
            purpose=purpose,
            started_at=at,
            ended_at=at,
            handed_in=True,
            score=score,
            passed=False,
            items=frozenset({str(purpose)}),
            questions=8,
            months=0,
        )
        for purpose, score, at in (
            (Purpose.PRETEST, 0.49, datetime(2026, 11, 2, 9, tzinfo=UTC)),
            (Purpose.TEST, 0.76, datetime(2026, 11, 9, 9, tzinfo=UTC)),
        )
    )
    return OfficerResults(uuid4(), (), (CourseAttempts("M09", None, attempts),))


def test_title_of_restricted_workshop_is_left_out(scene: Scene) -> None:
    with scene.app.app_context():
        workshop_id = workshop_events.announced()
        db.session.remove()
    document = _document(scene, kind=ReportKind.WORKSHOP, subject=str(workshop_id), country="BG")
    assert "A watch at the quay" not in encode(document).decode()


def test_texts_stand_in_their_language(scene: Scene) -> None:
    key, by = ReportKey(ReportKind.QUARTERLY, PERIOD), scene.people["coordinator"]
    with scene.app.app_context(), transaction():
        texts.save(key, "en", {"summary": "A good quarter."}, country="", by=by, now=clock.now())
        texts.save(key, "ar", {"summary": "ربع جيد."}, country="", by=by, now=clock.now())
    english, arabic = _document(scene), _document(scene, language="ar")
    assert _comments(english)[0] == "A good quarter."
    assert _comments(arabic)[0] == "ربع جيد."
    assert _comments(english)[-1] == "No comment"


def _comments(document: ReportDocument) -> list[str]:
    blocks = [block for section in document.sections for block in section.blocks]
    return [block.text for block in blocks if isinstance(block, ReportParagraph) and block.is_comment]


def test_report_is_in_its_own_language(scene: Scene) -> None:
    document = _document(scene, language="ar")
    assert document.subtitle == "الربع 4/2026"
    assert _section(document, "countries").title == "البلدان"
    assert document.language == "ar"


def test_rows_have_a_cell_for_each_column_and_sheets_valid_names(scene: Scene) -> None:
    _complete(scene, COMPLETION)
    for language in ("ar", "en", "fr"):
        document = _document(scene, language=language)
        for table in _tables(document):
            assert {len(row.cells) for row in table.rows} <= {len(table.columns)}
        for section in document.sections:
            assert 0 < len(section.sheet) <= 31
            assert not set(section.sheet) & set("[]:*?/\\")


def test_statements_do_not_grow_with_officers(scene: Scene) -> None:
    with counted(scene.app) as before:
        _document(scene)
    with scene.app.app_context():
        for _number in range(3):
            factories.person(country="IQ", roles=("first_responder",))
        plan_figures.add(scene, {"BG": 9, "DE": 15, "FR": 12, "IQ": 14})
        db.session.remove()
    with counted(scene.app) as after:
        _document(scene)
    assert len(after) == len(before)


def test_trend_has_quarter_ends_and_a_forecast(scene: Scene) -> None:
    clock.move(lambda: datetime(2027, 4, 2, 9, tzinfo=clock.real_now().tzinfo) - clock.real_now())
    document = _document(scene, period_end=date(2027, 3, 31), compared_end=PERIOD)
    trends = {
        block.caption: block for block in _section(document, "output:OP1").blocks if isinstance(block, TrendBlock)
    }
    for trend in trends.values():
        days = [point.day for series in trend.series for point in series.points]
        assert {day[5:] for day in days} <= {"03-31", "06-30", "09-30", "12-31"}
        assert trend.description


def test_changes_name_only_clear_ones(scene: Scene) -> None:
    summary = _section(_document(scene), "summary")
    [changes] = [block for block in summary.blocks if isinstance(block, Items)]
    assert all("About the same" not in text for text in changes.texts)


def _kinds(document: ReportDocument) -> set[CellKind]:
    return {cell.kind for table in _tables(document) for row in table.rows for cell in row.cells}


def test_cells_have_kinds_for_spreadsheets(scene: Scene) -> None:
    assert {CellKind.TEXT, CellKind.NUMBER, CellKind.STATUS, CellKind.DATE} <= _kinds(_document(scene))


def test_officers_under_threat_are_left_out_of_countries(scene: Scene) -> None:
    before = _row(_document(scene), "countries", "DE")["Reached"].text
    with scene.app.app_context(), transaction():
        for person_id in scene.officers["DE"][:6]:
            db.session.get_one(Person, person_id).protected = True
    document = _document(scene)
    assert before == "10"
    assert _row(document, "countries", "DE")["Reached"].text == "Not shown"  # six, the smallest beside Bulgaria
    sheet = _document(scene, kind=ReportKind.COUNTRY, subject="DE", country="DE", is_exact=True)
    assert _row(sheet, "reached", "OP2.1")["Q4 2026"].text == "12"


@pytest.mark.parametrize(("answers", "shown"), [(5, "4.0"), (4, "")])
def test_workshop_report_has_means_of_five_answers(scene: Scene, answers: int, shown: str) -> None:
    with scene.app.app_context():
        people = [factories.person() for _ in range(6)]
        workshop_id = after_events.took_place(people, days_ago=13)
        after_events.open_evaluation(workshop_id)
        for person_id in people[:answers]:
            after_events.evaluate(workshop_id, person_id)
        with transaction():
            evaluations.close_evaluation(workshop_id, clock.now() + timedelta(days=2))
        db.session.remove()
    document = _document(scene, kind=ReportKind.WORKSHOP, subject=str(workshop_id), country="BG")
    [table] = [table for table in _tables(document) if table.caption == "Evaluation by participants"]
    means = {row.cells[1].text for row in table.rows[1:]}
    assert means == ({shown} if shown else set())
