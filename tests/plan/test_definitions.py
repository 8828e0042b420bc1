"""Versions of definitions: the version of a day, the way of collection, no change in place."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from app.db.session import db, transaction
from app.learning.domain import EnrolmentState
from app.learning.models import Enrolment
from app.learning.service import assignments
from app.plan.domain.definitions import Collected, StoredDefinition, collected, fingerprint, valid_on
from app.plan.domain.records import RecordSource
from app.plan.models import Definition
from app.plan.queries import figures
from app.plan.service import consistency_checks, recalculation
from tests.support import courses as course, plans as it
from tests.support.indicator_figures import figures_on
from tests.support.plans import NOW, TODAY, officer

TEXTS = "## impact\nImpact\n\n## OC1\nWhat they do\n\n## OP1\nWhat is given\n"


def one(version: int, valid_from: date) -> StoredDefinition:
    return StoredDefinition(
        uuid4(), "OP2.1", version, valid_from, False, it.plan(it.toml(it.indicator("OP2.1"))).indicator[0]
    )


def test_day_has_the_newest_valid_version_or_the_first() -> None:
    first, second, third = one(1, date(2027, 1, 1)), one(2, date(2028, 1, 1)), one(3, date(2028, 6, 1))
    stored = [third, first, second]
    asked = {
        date(2026, 5, 5): first,
        date(2027, 1, 1): first,
        date(2027, 12, 31): first,
        date(2028, 1, 1): second,
        date(2029, 1, 1): third,
    }
    assert {day: valid_on(stored, day) for day in asked} == asked
    assert valid_on([], TODAY) is None


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("OP2.1", Collected.PLATFORM),
        ("OP3.1", Collected.PLATFORM),
        ("OP5.1", Collected.INTERIM),  # of meetings, which the academy does not keep
        ("OP6.1", Collected.INTERIM),
        ("C-1", Collected.BY_HAND),
    ],
)
def test_collection_follows_from_the_rule(code: str, told: Collected) -> None:
    assert collected(it.plan(it.toml(it.indicator(code))).indicator[0]) is told


def test_fingerprint_covers_only_fixed_fields_of_a_version() -> None:
    text = it.toml(it.indicator("OP2.4"))
    same = text.replace("value = 10", "value = 90").replace('owner = "coordinator"', 'owner = "trainer"')
    marks = [fingerprint(it.plan(given).indicator[0]) for given in (text, same, text.replace("days = 3", "days = 4"))]
    assert marks[0] == marks[1] != marks[2]


def _folder(path: Path, settings: str, version: int = 1) -> Path:
    text = it.toml(it.indicator("OP2.4", settings=settings, version=version))
    (path / "plan.toml").write_text(text)
    parts = "- unit: countries\n- verification: the log\n- country_title: Officers\n- country_unit: officers\n"
    (path / "plan.en.md").write_text(f"{TEXTS}\n## OP2.4\nCountries\n\n{parts}")
    return path


def test_definition_changed_in_place_is_refused_with_line_and_hint(app: Flask, tmp_path: Path) -> None:
    load = ["courses", "load", str(tmp_path)]
    _folder(tmp_path, "days = 3, officers = 2")
    assert app.test_cli_runner().invoke(args=load).exit_code == 0
    assert app.test_cli_runner().invoke(args=load).exit_code == 0
    _folder(tmp_path, "days = 4, officers = 2")
    refused = app.test_cli_runner().invoke(args=load)
    assert refused.exit_code == 1
    assert "plan.toml:16: error: The rule, settings, unit or first day of OP2.4 changed" in refused.output
    assert "Write definition_version = 2 and the day from which it is valid." in refused.output
    _folder(tmp_path, "days = 4, officers = 2", version=2)
    assert app.test_cli_runner().invoke(args=load).exit_code == 0
    with app.app_context():
        assert [(one.version, one.indicator.settings["days"]) for one in figures.definitions()] == [(1, 3), (2, 4)]
        assert db.session.scalars(select(Definition.due)).all() == [False, False]


@pytest.mark.each_database
def test_concurrent_contributions_to_a_cell_are_all_counted(app: Flask) -> None:
    with app.app_context():
        found = course.publish()
        it.load()
        people = [officer() for _ in range(6)]
        with transaction():
            db.session.add_all(
                Enrolment(
                    person_id=person_id,
                    course_id=found.course_id,
                    version_id=found.version_id,
                    state=EnrolmentState.COMPLETED,
                    begun_at=NOW,
                    last_at=NOW,
                    completed_at=NOW,
                )
                for person_id in people
            )
        with transaction():
            assignments.recalculate(people, None, TODAY)
        db.session.remove()

    def count(person_id: UUID) -> int:
        with app.app_context(), transaction():
            return sum(
                recalculation.recount(source, [person_id])
                for source in (RecordSource.ACTIVITY, RecordSource.ENROLMENTS)
            )

    with ThreadPoolExecutor(4) as pool:
        # each person twice at the same time: three records each, written once
        assert sum(pool.map(count, [one for one in people for _ in range(2)])) == 3 * len(people)
    with app.app_context():
        assert figures_on(TODAY)["OP2.1"].value == len(people)
        assert list(consistency_checks.faults()) == []
