"""Contributions follow events of other packages, and figures follow contributions, on any day."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.catalogue.shapes import Outline
from app.competence.service import evidence_records as competence
from app.db.session import db, transaction
from app.identity import service as accounts
from app.identity.models import Posting
from app.learning.service import assignments, lesson_progress as learning
from app.plan.domain.records import RecordSource
from app.plan.domain.sums import FigureSum
from app.plan.models import Contribution, Definition, FigureDay, FigureMonth
from app.plan.queries import figures
from app.plan.service import consistency_checks, recalculation
from tests.support import courses as course, lesson_reading, plans as it
from tests.support.indicator_figures import figure_line, figures_on
from tests.support.plans import NOW, TODAY, later, officer, value

A_DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def outline(context: Flask) -> Outline:
    found = course.publish().outline
    it.load()
    return found


def nothing_wrong() -> None:
    assert list(consistency_checks.faults()) == []
    before = _rows()
    with transaction():
        assert recalculation.recount_all() == 0
    assert _rows() == before


def _rows() -> list[list[object]]:
    found = [db.session.execute(select(model.__table__)).all() for model in (Contribution, FigureDay, FigureMonth)]
    db.session.rollback()
    return found


@pytest.mark.each_database
def test_completion_counts_from_its_day(outline: Outline) -> None:
    person_id = officer()
    it.complete(person_id, outline, NOW)
    assert it.spans("OP2.1") == [("completion", TODAY, None, 1, 0)]
    assert it.spans("OP2.2") == [("enrolment", TODAY + timedelta(days=3), None, 1, 1)]
    assert it.spans("OP2.4") == [("active", TODAY, TODAY + timedelta(days=2), 1, 0)]
    assert [value("OP2.1", TODAY - A_DAY), value("OP2.1"), value("OP2.1", date(2040, 1, 1))] == [0, 1, 1]
    assert [value("OP2.2", TODAY + timedelta(days=2)), value("OP2.2", TODAY + timedelta(days=3))] == [None, 100]
    nothing_wrong()


def test_a_second_completion_changes_no_figure(outline: Outline) -> None:
    person_id = officer()
    it.complete(person_id, outline, NOW)
    before = _rows()
    with transaction():
        assert recalculation.recount(RecordSource.ENROLMENTS, [person_id]) == 0
    assert _rows() == before


@pytest.mark.each_database
def test_country_is_active_with_enough_active_officers(outline: Outline) -> None:
    for country, when in (("IQ", 0), ("IQ", 1), ("BG", 0)):
        with transaction():
            lesson_reading.finish(officer(country), outline, "the-list", later(when))
    days = [TODAY + timedelta(days=n) for n in range(5)]
    assert figure_line("OP2.4", days) == [0, 1, 1, 0, 0]
    assert figure_line("OP2.4", days, country="BG") == [0, 0, 0, 0, 0]
    assert figures.cells("OP2.4", days[1], "country") == {"IQ": FigureSum(2), "BG": FigureSum(1)}
    nothing_wrong()


def test_second_lesson_of_a_day_needs_one_query(outline: Outline) -> None:
    person_id = officer()
    with transaction():
        lesson_reading.finish(person_id, outline, "the-list", NOW)
    with transaction(), it.statements() as told:
        recalculation.count_learning_day(person_id, TODAY)
    assert len(told) == 1


def test_skipped_lesson_does_not_count_until_it_is_done(outline: Outline) -> None:
    person_id = officer()
    with transaction():
        lesson_reading.finish(person_id, outline, "the-list", NOW)
    with transaction():
        learning.skip_lesson(person_id, outline, "the-quay", later(10))
    assert len(it.spans("OP2.4")) == 1
    with transaction():
        lesson_reading.finish(person_id, outline, "the-quay", later(20))
    assert [one[1] for one in it.spans("OP2.4")] == [TODAY, TODAY + timedelta(days=20)]
    nothing_wrong()


def test_published_course_counts_for_a_year_after_the_facts() -> None:
    assert it.spans("OP1.1") == [("version", TODAY, date(2026, 11, 24) + timedelta(days=365), 1, 0)]
    course.publish(right=1, now=later(30))
    assert [one[1:3] for one in it.spans("OP1.1")] == [
        (TODAY, TODAY + timedelta(days=29)),
        (TODAY + timedelta(days=30), date(2027, 11, 24)),
    ]
    assert it.spans("OP1.2") == []  # the translation of the course is a draft, not reviewed
    assert [value("OP1.1", TODAY - A_DAY), value("OP1.1"), value("OP1.1", date(2027, 11, 25))] == [0, 1, 0]
    nothing_wrong()


@pytest.mark.each_database
def test_verified_officer_counts_until_the_first_competency_ends() -> None:
    person_id, other = officer(), officer("BG")
    assert value("OC2.1") == 0
    it.verify(person_id, "PRT-01", TODAY, NOW)
    assert value("OC1.1") == 0
    it.verify(person_id, "PRT-02", TODAY, NOW)
    assert [value("OC1.1", TODAY - A_DAY), value("OC1.1"), value("OC2.1")] == [0, 1, 25]
    until = min(one.until for one in _periods(person_id))
    assert [value("OC1.1", until), value("OC1.1", until + A_DAY)] == [1, 0]
    assert figures.cells("OC2.1", TODAY, "country") == {"IQ": FigureSum(1, 3), "BG": FigureSum(0, 1)}
    assert [row.numerator for row in figures.rows("OC2.1", TODAY) if row.person_id in {person_id, other}] == [1, 0]
    nothing_wrong()


def _periods(person_id: UUID) -> list[object]:
    from app.competence.queries import competencies as standing

    found = standing.periods([person_id])[person_id]
    db.session.rollback()
    return list(found)


def test_late_evidence_changes_the_past_and_voided_evidence_reverts_it() -> None:
    early = TODAY + timedelta(days=5)
    person_id = officer()
    it.verify(person_id, "PRT-01", early, later(5))
    numbers = it.verify(person_id, "PRT-02", early + A_DAY, later(30))  # a month after the day it is true of
    assert [value("OC1.1", early), value("OC1.1", early + A_DAY)] == [0, 1]
    with transaction():
        competence.void(numbers[-1], by=None, reason="The wrong officer.", now=later(40))
    assert [value("OC1.1", early + timedelta(days=n)) for n in range(60)] == [0] * 60
    nothing_wrong()


def test_departed_officer_counts_until_the_last_day(outline: Outline) -> None:
    person_id = officer()
    it.complete(person_id, outline, NOW)
    for competency in ("PRT-01", "PRT-02"):
        it.verify(person_id, competency, TODAY, NOW)
    officers = figures_on(TODAY)["OC2.1"].sum.denominator
    db.session.rollback()
    with transaction():
        accounts.deactivate(person_id, later(1))
    tomorrow = TODAY + A_DAY
    days = [TODAY, tomorrow, tomorrow + A_DAY]
    assert figure_line("OC1.1", days) == [1, 1, 0]
    assert figure_line("OP2.4", days) == [0, 0, 0]
    assert figure_line("OP2.1", days) == [1, 1, 1]
    sums = [figures_on(day)["OC2.1"].sum for day in days]
    assert [one.numerator for one in sums] == [1, 1, 0]
    assert [one.denominator for one in sums] == [officers, officers, officers - 1]
    nothing_wrong()


@pytest.mark.each_database
def test_a_figure_counts_where_the_officer_served_on_the_day(outline: Outline) -> None:
    person_id = officer()
    it.complete(person_id, outline, NOW)
    for competency in ("PRT-01", "PRT-02"):
        it.verify(person_id, competency, TODAY, NOW)
    with transaction():
        old = db.session.scalars(select(Posting).where(Posting.person_id == person_id)).one()
        old.until = TODAY + A_DAY
        moved = Posting(
            person_id=person_id,
            country="BG",
            agency_id=it.factories.agency("BG"),
            roles="trainer first_responder",
            since=TODAY + timedelta(days=2),
        )
        db.session.add(moved)
        db.session.flush()
        competence.rebuild(person_id, NOW)  # as in a change of posting
        for source in (RecordSource.ENROLMENTS, RecordSource.ACTIVITY, RecordSource.STANDING):
            recalculation.recount(source, [person_id])
        assignments.recalculate([person_id], None, TODAY)
    days = [TODAY + timedelta(days=n) for n in range(4)]
    for code, there, here in (("OC1.1", [1, 1, 0, 0], [0, 0, 1, 1]), ("OP2.1", [1, 1, 1, 1], [0, 0, 0, 0])):
        assert figure_line(code, days, country="IQ") == there
        assert figure_line(code, days, country="BG") == here
    assert set(figures.cells("OC1.1", days[3], "role")) - {"first_responder"} == {"trainer"}
    nothing_wrong()


def test_a_record_keeps_its_number_when_its_days_change(outline: Outline) -> None:
    person_id = officer()
    with transaction():
        lesson_reading.finish(person_id, outline, "the-list", NOW)
    number = figures.rows("OP2.4", TODAY)[0].number
    db.session.rollback()
    with transaction():
        lesson_reading.finish(person_id, outline, "the-quay", later(2))
    assert figures.row(number).until == TODAY + timedelta(days=4)
    assert figures.count_rows("OP2.4", TODAY) == len(figures.rows("OP2.4", TODAY)) == 1
    assert figures.rows("OP2.4", TODAY, country="BG") == []
    assert figures.rows("OP2.4", TODAY, after=number) == []


@pytest.mark.each_database
def test_completion_and_verification_need_few_statements(outline: Outline) -> None:
    person_id = officer()
    for lesson in course.LESSONS:
        with transaction():
            lesson_reading.finish(person_id, outline, lesson, NOW)
    it.play(person_id, outline, NOW)
    it.sit(person_id, outline, NOW)
    with transaction():
        db.session.execute(update(Contribution).where(Contribution.code == "OP2.1").values(since=TODAY - A_DAY))
    lock = db.engine.dialect.name == "postgresql"
    with transaction(), it.statements() as told:
        recalculation.recount(RecordSource.ENROLMENTS, [person_id])
    # definitions, person, [lock,] enrolments, what is stored, out, in, days, months
    assert len(told) == 8 + lock
    with transaction(), it.statements() as told:
        recalculation.recount(RecordSource.ENROLMENTS, [person_id])
    assert len(told) == 4 + lock


def test_figures_of_a_day_need_two_statements(outline: Outline) -> None:
    it.complete(officer(), outline, NOW)
    with it.statements() as told:
        figures_on(TODAY)
    assert len(told) == 2
    with it.statements() as told:
        figure_line("OP2.1", [date(2027, month, 28) for month in range(1, 13)])
    assert len(told) == 3


# definitions


def test_indicators_without_rule_or_report_have_no_figure() -> None:
    found = figures_on(TODAY)
    assert {code for code, one in found.items() if one.collected == "not_yet"} == set()
    assert {code for code, one in found.items() if one.collected == "by_hand"} == {"OC2.3", "OC3.4", "C-1"}
    nothing = {"OP5.1", "OP6.1", "OC2.3", "OC3.4", "C-1", "OP2.2", "OP3.2"}
    assert {code for code, one in found.items() if one.value is None} == nothing


@pytest.mark.each_database
def test_new_version_counts_from_its_day_and_keeps_earlier_days(outline: Outline) -> None:
    for number in range(2):
        with transaction():
            lesson_reading.finish(officer(), outline, "the-list", later(number))
    longer = it.indicator("OP2.4", version=2, valid_from="2027-03-04", settings="days = 30, officers = 2")
    before = figure_line("OP2.4", [TODAY + timedelta(days=n) for n in range(3)])
    db.session.rollback()
    it.load(*(longer if code == "OP2.4" else it.indicator(code) for code in it.RULES), now=later(1))
    days = [TODAY + timedelta(days=n) for n in (0, 1, 2, 3, 29, 30)]
    assert figure_line("OP2.4", days) == [*before, 1, 1, 0]
    assert [figures.definition("OP2.4", day).version for day in days] == [1, 1, 1, 2, 2, 2]
    assert {row.version for row in figures.rows("OP2.4", days[3])} == {2}
    assert [figures_on(day)["OP2.4"].version for day in days[2:4]] == [1, 2]
    nothing_wrong()


def test_a_definition_that_changed_in_place_is_refused(outline: Outline) -> None:
    from app.kernel.errors import DomainError

    with pytest.raises(DomainError, match="give it a new definition_version"):
        it.load(it.indicator("OP2.4", settings="days = 4, officers = 2"))
    assert [one.indicator.settings["days"] for one in figures.definitions() if one.code == "OP2.4"] == [3]


def test_a_large_site_leaves_new_definitions_to_the_job(outline: Outline, monkeypatch: pytest.MonkeyPatch) -> None:
    from app.plan import jobs

    it.complete(officer(), outline, NOW)
    monkeypatch.setattr(recalculation, "SMALL", 1)
    newer = it.indicator("OP2.1", version=2)
    it.load(*(newer if code == "OP2.1" else it.indicator(code) for code in it.RULES), now=later(1))
    assert value("OP2.1") == 0
    assert [one.code for one in recalculation.due()] == ["OP2.1"]
    db.session.rollback()
    assert jobs.count_due() == 1
    assert value("OP2.1") == 1
    assert db.session.scalars(select(Definition.code).where(Definition.due)).all() == []
    db.session.rollback()
    assert jobs.count_due() == 0
    nothing_wrong()


def test_a_site_without_a_plan_counts_nothing(context: Flask) -> None:
    for model in (Contribution, FigureDay, FigureMonth, Definition):
        with transaction():
            db.session.execute(model.__table__.delete())
    person_id = officer()
    with transaction(), it.statements() as told:
        recalculation.count_learning_day(person_id, TODAY)
        assert recalculation.recount(RecordSource.STANDING, [person_id]) == 0
    assert len(told) == 2
    assert figures_on(TODAY) == {}
    assert figure_line("OP2.1", [TODAY]) == [None]
