"""Results, cases, scores of assessors, content and incidents in the plan: events change the figures at once."""

from datetime import datetime, time, timedelta
from uuid import UUID

import pytest
from flask import Flask

from app.access.policy import Role, Scope
from app.catalogue.domain.items import Level
from app.catalogue.models import Reference
from app.catalogue.shapes import Outline
from app.db.session import db, transaction
from app.plan.domain import result_rules
from app.plan.domain.sums import FigureSum
from app.plan.queries import companions, evidence, figures, result_sources
from app.plan.service import consistency_checks
from app.quizzes.domain.attempts import AttemptState, Purpose
from app.quizzes.models import Attempt
from app.sign_in.domain import IncidentReason
from app.sign_in.service import incident
from app.workshops.queries import bookings
from app.workshops.service import results
from tests.support import courses as course, factories, plans as it, workshop_events, workshop_rubrics
from tests.support.indicator_figures import figures_on
from tests.support.workshop_rubrics import CRITERIA, SECURELY

INDICATORS = {
    "OC1.2": ("mean_gain", "percentage_points", 'modules = ["T10"]'),
    "OC1.3": ("retained_share", "percent", "after_months = 6, share_of_post_test = 0.9"),
    "OC2.2a": ("scenario_accuracy", "percent", 'truth = ["trafficking", "mixed"], without = "misses"'),
    "OC2.2b": ("scenario_accuracy", "percent", 'truth = ["smuggling", "other"], without = "false_alarms"'),
    "OP7.2": ("assessors_agree", "percent", "at_least = 20"),
    "OP8.1": ("content_marked", "percent", ""),
    "OP8.2": ("incidents", "count", ""),
}


@pytest.fixture(autouse=True)
def plan(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    for code, rule in INDICATORS.items():
        monkeypatch.setitem(it.RULES, code, rule)
    it.load(*map(it.indicator, INDICATORS))


def total(code: str, days: int = 0) -> FigureSum:
    found = figures_on(it.TODAY + timedelta(days=days))[code].sum
    db.session.rollback()
    return found


def evidence_kinds(code: str) -> list[str]:
    day = it.TODAY + timedelta(days=400)
    [row] = figures.rows(code, day if code != "OC2.2b" else it.TODAY)
    return [item.kind for item in evidence.evidence_for(row)]


@pytest.mark.each_database
def test_incidents_count_at_once_and_drills_do_not() -> None:
    for number, (reason, hours) in enumerate(((IncidentReason.DRILL, 1), (IncidentReason.LEAK, 50))):
        begins = it.later(number)
        with transaction():
            incident.begin(reason, [], begins)
        with transaction():
            incident.end(begins + timedelta(hours=hours))
    assert (it.value("OP8.2", it.TODAY), it.value("OP8.2", it.TODAY + timedelta(1))) == (0, 1)
    assert evidence_kinds("OP8.2") == ["incident", "incident_ended"]
    beside = companions.beside(figures.definition("OP8.2", it.TODAY), it.TODAY + timedelta(9))
    assert beside.numbers == {"severe": 1, "days": 2}
    assert list(consistency_checks.faults()) == []


@pytest.mark.each_database
def test_first_run_of_a_case_counts_and_the_second_one_does_not() -> None:
    outline, person_id = course.publish().outline, it.officer()
    it.play(person_id, outline, it.NOW)
    before = total("OC2.2b")
    assert before.denominator == 1
    it.play(person_id, outline, it.later(1))
    assert (total("OC2.2b", 1), total("OC2.2a", 1)) == (before, FigureSum())
    assert set(evidence_kinds("OC2.2b")) == {"case", "served"}
    assert companions.beside(figures.definition("OC2.2b", it.TODAY), it.TODAY).numbers == {"runs": 1, "cases": 1}
    assert list(consistency_checks.faults()) == []


def pretest(person_id: UUID, outline: Outline) -> Attempt:
    """Return a pre-test that was handed in without a right answer."""
    return Attempt(
        person_id=person_id,
        course_id=outline.course_id,
        version_id=outline.version_id,
        purpose=Purpose.PRETEST,
        number=1,
        language="en",
        seed=1,
        paper='[{"item": "T10-Q99"}]',
        pass_mark=0.8,
        state=AttemptState.HANDED_IN,
        started_at=it.NOW,
        ended_at=it.NOW,
        share=0.0,
        passed=False,
    )


@pytest.mark.each_database
def test_gain_counts_when_the_first_test_is_handed_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(result_rules, "FEWEST_ITEMS", 1)
    outline, person_id = course.publish().outline, it.officer()
    with transaction():
        db.session.add(pretest(person_id, outline))
    assert total("OC1.2") == FigureSum()
    it.complete(person_id, outline, it.later(1))
    assert (total("OC1.2"), total("OC1.2", 1)) == (FigureSum(), FigureSum(100, 1))
    assert it.value("OC1.2", it.TODAY + timedelta(1)) == 100
    assert set(evidence_kinds("OC1.2")) == {"served", "pretest", "test"}
    beside = companions.beside(figures.definition("OC1.2", it.TODAY), it.TODAY + timedelta(1))
    assert beside.numbers == {"pairs": 1, "spread": 0, "without": 0}
    assert list(consistency_checks.faults()) == []


@pytest.mark.each_database
def test_agreement_counts_when_a_second_assessor_scores() -> None:
    with transaction():
        db.session.add_all(
            Reference(kind=kind, number=9, fingerprint="x", body=body, loaded_at=it.NOW)
            for kind, body in workshop_rubrics.bodies().items()
        )
    workshop_id = workshop_events.announced(outcomes=(("VIC-02", Level.PRACTITIONER),))
    workshop_events.booked(workshop_id, 1)
    [seated] = bookings.seated(workshop_id)
    event = (Role.ASSESSOR, Scope.EVENT, str(workshop_id))
    assessors = [factories.person(country=country, roles=(), grants=(event,)) for country in ("BG", "NL")]
    now = workshop_events.FIRST_DAY
    at = datetime.combine(now, time(16), tzinfo=it.NOW.tzinfo)
    for assessor, scores in zip(assessors, (SECURELY, dict.fromkeys(CRITERIA, 0)), strict=True):
        with transaction():
            results.score(workshop_id, seated.id, competency="VIC-02", scores=scores, by=assessor, now=at)
    day = (now - it.TODAY).days
    assert (total("OP7.2", day - 1), total("OP7.2", day)) == (FigureSum(), FigureSum(0, 1))
    with transaction():
        results.score(
            workshop_id, seated.id, competency="VIC-02", scores=SECURELY, by=assessors[1], now=at, reason="A slip."
        )
    assert total("OP7.2", day) == FigureSum(1, 1)
    assert list(consistency_checks.faults()) == []


def test_content_of_a_published_version_counts_by_item() -> None:
    assert total("OP8.1") == FigureSum()
    outline = course.publish().outline
    items = result_sources.contents([outline.course_id])[outline.course_id].editions[0].items
    whole = sum(item.is_complete for item in items)
    assert total("OP8.1") == FigureSum(whole, len(items))
    assert {item.name.partition(":")[0] for item in items} >= {"lesson", "item", "case"}
    beside = companions.beside(figures.definition("OP8.1", it.TODAY), it.TODAY)
    assert beside.numbers == {"lacking": len(items) - whole}
    assert evidence_kinds("OP8.1").count("incomplete") == len(items) - whole
    assert list(consistency_checks.faults()) == []
