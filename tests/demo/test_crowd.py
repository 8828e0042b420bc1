from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from app.audit.domain.checkpoints import public_keys
from app.audit.service import verification
from app.backup.queries.invariants import checks
from app.db.session import db
from app.demo import crowd
from app.demo.cast import roster
from app.demo.cast.countries import STORIES
from app.demo.crowd import Crowd
from app.demo.history import deferred_recalculation, timeline
from app.demo.history.accounts import DemoOfficer
from app.demo.history.library import PreparedCourses
from tests.support.demo_year import BEGINS, add_staff_and_courses, new_app
from tests.support.factories import PASSWORD_HASH
from tests.support.settings import KEYS

COUNTRIES = ["RS"] * 20 + ["BG"] * 12 + ["PK"] * 12
STALLED = "when-the-person-may-be-a-child"  # lesson 5 of the interview course


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory, ready: list[PreparedCourses]) -> Iterator[list[DemoOfficer]]:
    """Officers of three countries in a database, written once for all tests that read them."""
    with new_app(tmp_path_factory.mktemp("crowd")) as app, app.app_context(), timeline.as_of(BEGINS):
        agencies, courses = add_staff_and_courses(ready)
        players = roster.officers(0, 1, COUNTRIES)
        officers = crowd.write(Crowd(players, agencies, courses, PASSWORD_HASH, BEGINS, 1))
        deferred_recalculation.count(BEGINS)
        yield officers
        db.session.remove()


def _rows(name: str) -> list[Any]:
    return list(db.session.execute(select(db.metadata.tables[name])).all())


def _people(written: list[DemoOfficer], country: str) -> list[DemoOfficer]:
    return [officer for officer in written if officer.player.country == country]


def test_crowd_has_no_faults(written: list[DemoOfficer]) -> None:
    assert list(checks.faults()) == []
    assert verification.verify(public_keys(KEYS.audit)).fault is None


def test_audit_entries_of_crowd_are_in_order_of_time(written: list[DemoOfficer]) -> None:
    entry = db.metadata.tables["audit_entry"].c
    times = db.session.scalars(select(entry.at).where(entry.name == "LessonDone").order_by(entry.id)).all()
    assert times
    assert times == sorted(times)


def test_officers_of_sheet_come_together_and_most_are_idle(written: list[DemoOfficer]) -> None:
    sheet = STORIES["PK"].sheet
    assert sheet is not None
    people = _people(written, "PK")
    assert {officer.since.date() for officer in people} == {(BEGINS - timedelta(days=sheet.days_ago)).date()}
    begun = {row.person_id for row in _rows("enrolment")}
    assert 0 < sum(officer.id not in begun for officer in people) < len(people)


def test_country_stalls_in_a_lesson(written: list[DemoOfficer]) -> None:
    course = db.metadata.tables["course"].c
    interview = db.session.scalars(select(course.id).where(course.code == "M03")).one()
    people = {officer.id for officer in _people(written, "RS")}
    last = Counter(
        row.last_lesson
        for row in _rows("enrolment")
        if row.person_id in people and row.course_id == interview and row.completed_at is None
    )
    assert last.most_common(1)[0][0] == STALLED


def test_misleading_question_is_mostly_answered_wrongly(written: list[DemoOfficer]) -> None:
    mark = db.metadata.tables["question_mark"].c
    means = dict(db.session.execute(select(mark.item, func.avg(mark.share)).group_by(mark.item)).all())
    assert means[crowd.MISLEADING] < 0.5 < sum(means.values()) / len(means)


def test_completed_course_has_a_passed_test(written: list[DemoOfficer], ready: list[PreparedCourses]) -> None:
    passed = {(row.person_id, row.course_id) for row in _rows("attempt") if row.passed}
    with_test = {row.course_id for row in _rows("attempt")}
    completed = {(row.person_id, row.course_id) for row in _rows("enrolment") if row.completed_at}
    assert completed
    assert {pair for pair in completed if pair[1] in with_test} <= passed
