import gc
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from app.audit.domain.checkpoints import public_keys
from app.audit.models import Entry
from app.audit.service import verification
from app.backup.queries.invariants import checks
from app.db.session import db, transaction
from app.demo import populate
from app.demo.cast import careers, roster
from app.demo.history import accounts, learning, library, timeline
from app.demo.history.library import PreparedCourses
from app.demo.populate import MODELS
from app.demo.rows import bulk_insert
from app.demo.rows.bulk_insert import garbage_collection_paused
from app.demo.rows.worker_process import WorkerProcess
from app.kernel.errors import DomainError
from config import Mode
from tests.support.databases import empty
from tests.support.demo_year import FOLDERS, add_staff_and_courses, copy_database, new_app
from tests.support.factories import PASSWORD_HASH, person, token
from tests.support.settings import KEYS, NOW

PEOPLE, SERVED = 30, 24
STATES = ("state", "purpose", "passed", "skipped", "name", "kind", "appearance", "mail_rhythm", "role", "scope", "late")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch, ready: list[PreparedCourses]) -> None:
    monkeypatch.setattr(library, "render", lambda _folders: ready)
    monkeypatch.setattr(careers, "OPEN_TESTS", 1.0)  # so that few people have some, whatever the courses contain


@dataclass(frozen=True, slots=True)
class Crowd:
    """A populated database, the summary that `populate` returns, and how many portions were written."""

    app: Flask
    summary: dict[str, Any]
    portions: int


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory, ready: list[PreparedCourses]) -> Iterator[Crowd]:
    """A small database on SQLite, written in portions once for all tests that read it."""
    with new_app(tmp_path_factory.mktemp("crowd")) as app:
        with app.app_context(), timeline.as_of(NOW), pytest.MonkeyPatch.context() as patch:
            patch.setattr(library, "render", lambda _folders: ready)
            patch.setattr(careers, "OPEN_TESTS", 1.0)
            portions = _small_portions(patch)
            summary = populate.fill(PEOPLE, 5, FOLDERS, NOW)
            db.session.remove()
        yield Crowd(app, summary, len(portions))


def _small_portions(patch: pytest.MonkeyPatch) -> list[object]:
    """Let the worker write portions of few rows; return the list of those that it was sent."""
    patch.setattr(bulk_insert, "FULL", 600)
    portions: list[object] = []
    do = WorkerProcess.do
    patch.setattr(WorkerProcess, "do", lambda self, work: (portions.append(work), do(self, work)))
    return portions


@pytest.fixture(scope="module")
def copy_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application whose database tests overwrite with the crowd."""
    with new_app(tmp_path_factory.mktemp("copy"), tables=False) as app:
        yield app


@pytest.fixture
def summary(crowd: Crowd) -> Iterator[dict[str, Any]]:
    """The summary of the crowd, with the context of its application open."""
    with crowd.app.app_context():
        yield crowd.summary
        db.session.remove()


def _assert_no_faults(summary: dict[str, Any]) -> None:
    """Assert that no rule is broken, that the audit log is valid and that it names people of the crowd alone."""
    assert list(checks.faults()) == []
    assert db.session.scalar(select(func.count()).select_from(db.metadata.tables["attempt"]))
    verified = verification.verify(public_keys(KEYS.audit))
    assert (verified.fault, verified.entries) == (None, db.session.scalar(select(func.count()).select_from(Entry)))
    countries = {line["id"]: line["country"] for line in summary["people"]}
    entries = db.session.scalars(select(Entry).where(Entry.name == "CourseBegun"))
    named = {(str(entry.person_id), entry.country) for entry in entries}
    assert len(named) > PEOPLE / 2
    assert named <= set(countries.items())


def test_portions_written_by_worker_have_no_faults(crowd: Crowd, summary: dict[str, Any]) -> None:
    assert crowd.portions > 1
    _assert_no_faults(summary)
    _assert_each_enrolment_is_audited()
    assert db.session.execute(text("PRAGMA foreign_key_check")).all() == []
    assert db.session.scalar(text("PRAGMA foreign_keys")) == 1  # of this process


def test_portions_on_postgresql_have_no_faults_and_ids_continue(
    postgres_app: Flask, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    portions = _small_portions(monkeypatch)
    with postgres_app.app_context():
        _assert_no_faults(populate.fill(PEOPLE, 5, FOLDERS, NOW))
        assert len(portions) > 1
        _assert_each_enrolment_is_audited()
        _assert_next_attempt_has_the_next_id()
        db.session.remove()
    empty(postgres_app)


def _assert_each_enrolment_is_audited() -> None:
    entries = db.session.scalar(select(func.count()).select_from(Entry).where(Entry.name == "CourseBegun"))
    assert entries == db.session.scalar(select(func.count()).select_from(db.metadata.tables["enrolment"]))


def test_failed_portion_stops_populate(context: Flask, capfd: pytest.CaptureFixture[str]) -> None:
    worker = WorkerProcess(lambda: None)
    worker.do(lambda: 1 / 0)  # type: ignore[func-returns-value]
    with pytest.raises(RuntimeError, match="second process"):
        worker.wait()
    assert "ZeroDivisionError" in capfd.readouterr().err


def test_garbage_collection_resumes_after_an_error() -> None:
    with pytest.raises(ZeroDivisionError), garbage_collection_paused():
        assert not gc.isenabled()
        1 / 0  # noqa: B018 - a fault
    assert gc.isenabled()


def test_summary_lists_people_courses_and_attempts(summary: dict[str, Any]) -> None:
    assert len(summary["people"]) == PEOPLE + len(roster.staff())
    assert {line["role"] for line in summary["people"]} >= {"practitioner", "trainer", "contact_point", "administrator"}
    assert {course["code"] for course in summary["courses"]} >= {"M01", "H01"}
    ids = set(db.session.scalars(select(db.metadata.tables["attempt"].c.public_id)))
    assert summary["open_attempts"]
    assert {line["attempt"] for line in summary["open_attempts"]} <= {str(each) for each in ids}


def test_populated_person_signs_in(crowd: Crowd, copy_app: Flask) -> None:
    copy_database(crowd.app, copy_app)
    with copy_app.app_context():
        with transaction():
            db.session.execute(db.metadata.tables["country"].update().values(second_factor=False))
        db.session.remove()
    client = copy_app.test_client()
    line = next(account for account in crowd.summary["people"] if account["role"] == "practitioner")
    sent = {"csrf_token": token(copy_app, client), "name": line["mail"], "password": line["password"]}
    assert client.post("/sign-in", data=sent).status_code == 302
    assert client.get("/").status_code == 200


def _assert_next_attempt_has_the_next_id() -> None:
    attempt = db.metadata.tables["attempt"]
    highest = db.session.scalar(select(func.max(attempt.c.id)))
    db.session.rollback()
    officer = person()
    attempt_taken = careers.AttemptTaken(careers.Purpose.TEST, NOW, 0.5, None)
    study = careers.Study("M01", NOW, [attempt_taken])
    timeline.carry_out(learning.learning_actions(officer, library.course_materials(officer), [study], Random(1)))
    assert db.session.scalar(select(func.max(attempt.c.id))) == highest + 1


def _shapes() -> dict[str, set[object]]:
    """Return for each table the types of its columns and the states of its rows."""
    found: dict[str, set[object]] = {}
    for model in MODELS:
        table = model.__table__
        shape = found[table.name] = set()
        for row in db.session.execute(select(table)).mappings():
            shape |= {(name, "empty" if value is None else type(value).__name__) for name, value in row.items()}
            shape |= {(name, str(row[name])) for name in STATES if name in row}
    return found


def test_bulk_rows_have_the_shape_of_service_rows(
    lite_app: Flask, ready: list[PreparedCourses], quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(populate, "add_workshops", lambda *_all: None)  # these are added by services
    with lite_app.app_context():
        populate.fill(SERVED, 5, FOLDERS, NOW)
        bulk = _shapes()
        db.session.remove()
    empty(lite_app)
    with lite_app.app_context():
        agencies, courses = add_staff_and_courses(ready)
        random = Random(6)
        for player in roster.officers(SERVED, 6):
            since = careers.joined(NOW - careers.YEAR, NOW, random)
            studies = careers.live(courses, since, NOW, random)
            careers.leave_open(studies, random)
            person_id = accounts.add_player(player, agencies, PASSWORD_HASH, since)
            timeline.carry_out(learning.learning_actions(person_id, courses, studies, random))
        served = _shapes()
    served["role_grant"] |= {("scope", "course"), ("role", "trainer")}  # trainers get their roles in `fill` only
    assert bulk == served


REOPENED = "UPDATE attempt SET state='open', ended_at=NULL, share=NULL, passed=NULL WHERE purpose='pretest'"
PLANTED = {
    "share": ("UPDATE attempt SET share = 0.123 WHERE state = 'handed_in'", "not the mean"),
    "marks": ("DELETE FROM question_mark WHERE question = 1", "not every question"),
    "open and marked": (REOPENED, "open, and marked"),
    "lesson": ("DELETE FROM lesson_progress", "its lessons, cases and test differ"),
    "completed": ("UPDATE enrolment SET state='begun', completed_at=NULL", "its lessons, cases and test differ"),
    "notice": ("DELETE FROM notice", "completed without a notice"),
    "index": ("UPDATE identity SET mail_index = 'x' WHERE person_id = (SELECT min(person_id) FROM identity)",
              "index of the mail"),
    "tokens": ("DELETE FROM name_token", "tokens of the name"),
    "posting": ("DELETE FROM posting", "no posting"),
    "role": ("DELETE FROM role_grant", "no role"),
    "numbers": ("UPDATE attempt SET number = number + 5", "numbered one by one"),
    "no proof": ("DELETE FROM evidence WHERE kind = 'quiz'", "no evidence on LRE-01 (foundation) of course:"),
    "no deed": ("UPDATE evidence SET source = 'course:x:completed' WHERE kind = 'module'", "which did not happen"),
    "no seat": ("UPDATE booking SET state = 'withdrawn', seat = NULL", "has no seat, and attendance"),
    "too many": ("UPDATE workshop SET capacity = 1", "people for 1 seats"),
    "rubric": ("UPDATE evidence SET share = 0.5 WHERE kind = 'workshop'", "is missing or differs"),
    "state": ("UPDATE competence_state SET mu = mu + 1", "the state"),
    "month": ("UPDATE cap_month SET n = n + 1", "cap_month"),
    "contribution": ("DELETE FROM contribution WHERE code = 'OP2.1'", "OP2.1: the contribution completion"),
    "roll-up": ("UPDATE figure_day SET numerator = numerator + 1", "is not that of its records"),
}  # fmt: skip


@pytest.mark.parametrize("fault", PLANTED)
def test_invariants_report_planted_fault(crowd: Crowd, copy_app: Flask, fault: str) -> None:
    statement, message = PLANTED[fault]
    copy_database(crowd.app, copy_app)
    with copy_app.app_context():
        with transaction():
            db.session.execute(text(statement))
        assert any(message in line for line in checks.faults())
        db.session.remove()


def test_populate_is_refused_on_live_site(context: Flask) -> None:
    with pytest.raises(DomainError, match="ACADEMY_MODE"):
        populate.refuse_unless_empty(Mode.LIVE)


def test_populate_is_refused_for_database_with_people(context: Flask) -> None:
    populate.refuse_unless_empty(Mode.TEST)
    person()
    with pytest.raises(DomainError, match="empty one"):
        populate.refuse_unless_empty(Mode.TEST)


def test_populate_is_refused_without_tables(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(populate.Person, "__tablename__", "no_such_table")
    with pytest.raises(DomainError, match="db upgrade"):
        populate.refuse_unless_empty(Mode.TEST)
