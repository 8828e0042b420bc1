"""After the reduction of old attempts to results, figures, competencies and records stay the same."""

import json
import zipfile
from collections.abc import Mapping
from datetime import date, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.backup.queries.invariants import checks
from app.catalogue.shapes import Outline
from app.competence.queries import competencies as standings, consistency_checks as competence
from app.competence.service import evidence
from app.db.session import db, transaction
from app.plan.models import Contribution
from app.plan.queries import evidence as plan_evidence, figures
from app.plan.service import consistency_checks, recalculation
from app.quizzes import jobs as quizzes
from app.quizzes.domain.answers import ChosenOption
from app.quizzes.models import Attempt
from app.quizzes.service import attempts as sitting
from app.scenarios import jobs as scenarios
from tests.support import course_attempts, courses as course, factories, plan_periods as plans, plans as plan, sites
from tests.support.indicator_figures import figures_by_country, figures_on
from tests.support.settings import NOW

DAY = timedelta(days=1)
DETAIL = frozenset({"answer_save", "question_mark", "practice_answer", "case_choice"})
TOLD = frozenset({"attempt", "audit_entry", "audit_head", "uncounted_attempt"})
DAYS = (date(2027, 3, 1), date(2027, 3, 3), date(2029, 12, 31), plans.GONE, date(2033, 1, 1))


def _lived() -> list[UUID]:
    """Let officers of two countries do all of a course, one miss the test first, one be verified."""
    outline = course.publish().outline
    plan.load()
    officers = [plan.officer(country) for country in ("IQ", "IQ", "BG")]
    course_attempts.sit(officers[0], outline, at=NOW, right=False)
    for one in officers[:2]:
        plan.complete(one, outline, NOW + 2 * DAY)
    plan.play(officers[2], outline, NOW)
    plan.verify(officers[0], "PRT-01", NOW.date(), NOW)
    _practise(officers[0], outline)
    db.session.rollback()
    return officers


def _practise(person: UUID, outline: Outline) -> None:
    item = course_attempts.queries.catalogue.bank(outline.version_id, "en")[course.CHECK].item
    with transaction():
        sitting.practise(
            person_id=person, course_id=outline.course_id, item=item, answer=ChosenOption(0), press="one", now=NOW
        )


def _reduce() -> tuple[int, int, int]:
    return quizzes.reduce_old(), scenarios.reduce_old(), quizzes.delete_practice()


def _all(officers: list[UUID]) -> Mapping[str, Any]:
    """Return every row without detail, the plan's figures, the evidence of records, and competencies."""
    db.session.rollback()
    found: dict[str, Any] = {}
    with db.engine.connect() as connection:
        for name, table in db.metadata.tables.items():
            if name not in DETAIL | TOLD:
                found[name] = sorted(repr(tuple(row)) for row in connection.execute(table.select()))
        result = [Attempt.public_id, Attempt.version_id, Attempt.purpose, Attempt.number, Attempt.state]
        result += [Attempt.started_at, Attempt.ended_at, Attempt.share, Attempt.passed, Attempt.pass_mark]
        found["results"] = sorted(repr(tuple(row)) for row in connection.execute(select(*result)))
    for day in DAYS:
        found[f"figures {day}"] = figures_on(day)
        found[f"countries {day}"] = figures_by_country(day)
    numbers = db.session.scalars(select(Contribution.id).order_by(Contribution.id)).all()
    found["traces"] = [plan_evidence.evidence_for(figures.row(number)) for number in numbers]
    found["periods"] = standings.periods(officers)
    found["evidence"] = [standings.evidence_of(one, name) for one in officers for name in ("PRT-01", "PRT-02")]
    db.session.rollback()
    return found


def _faults() -> dict[str, list[str]]:
    found = {
        "rooms": sorted(checks.faults()),
        "competence": list(competence.faults()),
        "plan": [sentence for check in consistency_checks.CHECKS for sentence in check()],
    }
    db.session.rollback()
    return found


def _left() -> dict[str, int]:
    tables = db.metadata.tables
    found = {name: db.session.scalar(select(func.count()).select_from(tables[name])) or 0 for name in DETAIL}
    db.session.rollback()
    return found


@pytest.mark.each_database
def test_figures_and_competencies_stay_the_same_after_reduction(context: Flask) -> None:
    officers = _lived()
    plans.move_to(plans.GONE)
    before, faults = _all(officers), _faults()
    assert all(_left().values())
    assert _reduce() == (3, 3, 1)
    assert _left() == dict.fromkeys(DETAIL, 0)
    after = _all(officers)
    assert {name for name in before if before[name] != after[name]} == set()
    assert _faults() == faults
    assert faults["competence"] == faults["plan"] == []
    with transaction():
        assert recalculation.recount_all() == 0
    assert _all(officers) == after


def test_competency_recalculation_needs_no_answers(app: Flask) -> None:
    with app.app_context():
        officers = _lived()
        plans.move_to(plans.GONE)
        before = _all(officers)
        assert evidence.of_person(officers[0])
        _reduce()
        # what is left says less than what was recorded: completed courses alone
        assert {one.kind for person in officers for one in evidence.of_person(person)} == {"module"}
        db.session.rollback()
        runner = app.test_cli_runner()
        collected = runner.invoke(args=["competence", "collect"])
        assert (collected.exit_code, collected.output) == (0, "0 pieces of evidence on 0 people.\n")
        replayed = runner.invoke(args=["competence", "replay", "--mend"])
        assert (replayed.exit_code, replayed.output) == (0, "All stored statuses agree with the evidence.\n")
        assert _all(officers) == before


def test_personal_archive_contains_results_without_answers(app: Flask) -> None:
    with app.app_context():
        person = _lived()[0]
        plans.move_to(plans.GONE)
        _reduce()
        client = factories.sign_in(app, person)
    answer = sites.post(app, client, "/settings/my-data")
    assert answer.status_code == 200
    with zipfile.ZipFile(BytesIO(answer.data)) as archive:
        parts = json.loads(archive.read("data.json"))["parts"]
    counts = {
        name: len(parts[name]["rows"]) for name in ("attempts", "answers", "marks", "practice", "cases", "choices")
    }
    assert counts == {"attempts": 2, "answers": 0, "marks": 0, "practice": 0, "cases": 1, "choices": 0}
    assert {(row["number"], row["share"], row["passed"], row["deadline_at"]) for row in parts["attempts"]["rows"]} == {
        (1, 0.0, False, None), (2, 1.0, True, None),
    }  # fmt: skip
