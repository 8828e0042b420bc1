"""The evidence behind each kind of record."""

from datetime import timedelta

import pytest
from flask import Flask

from app.catalogue.shapes import Outline
from app.db.session import db, transaction
from app.plan.queries import evidence, figures
from app.plan.queries.evidence import EvidenceItem
from tests.support import courses as course, lesson_reading, plans as it
from tests.support.plans import NOW, TODAY, later, officer

SERVED = EvidenceItem("served", TODAY, {"country": "IQ", "agency_kind": "border", "roles": "first_responder"})


@pytest.fixture(autouse=True)
def outline(context: Flask) -> Outline:
    found = course.publish().outline
    it.load()
    return found


def traced(code: str, days: int = 0) -> list[list[EvidenceItem]]:
    found = [evidence.evidence_for(row) for row in figures.rows(code, TODAY + timedelta(days=days))]
    db.session.rollback()
    return found


def test_evidence_of_completion_is_the_course(outline: Outline) -> None:
    it.complete(officer(), outline, NOW)
    facts = {"course": "T10", "number": 1}
    expected = [EvidenceItem("begun", TODAY, facts), EvidenceItem("completed", TODAY, facts), SERVED]
    assert traced("OP2.1") == [expected]
    assert traced("OP2.2", days=3) == [expected]


def test_evidence_of_activity_is_days_of_learning_until_its_end(outline: Outline) -> None:
    person_id = officer()
    with transaction():
        lesson_reading.finish(person_id, outline, "the-list", NOW)
    it.play(person_id, outline, later(1))
    with transaction():
        lesson_reading.finish(person_id, outline, "the-quay", later(30))
    kinds = [(link.kind, link.facts.get("course")) for link in traced("OP2.4")[0]]
    assert kinds == [("begun", "T10"), ("lesson", "T10"), ("served", None), ("case", "T10")]


def test_posting_is_shown_beside_the_newest_evidence(outline: Outline, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "MOST", 1)
    person_id = officer()
    with transaction():
        lesson_reading.finish(person_id, outline, "the-list", NOW)
    it.play(person_id, outline, later(1))
    assert [item.kind for item in traced("OP2.4")[0]] == ["served", "case"]


@pytest.mark.each_database
def test_evidence_of_verified_core_is_periods_and_evidence(outline: Outline) -> None:
    person_id = officer()
    for competency in ("PRT-01", "PRT-02"):
        it.verify(person_id, competency, TODAY, NOW)
    [links] = traced("OC1.1")
    held = [link.facts["competency"] for link in links if link.kind == "held"]
    proofs = [(link.facts["competency"], link.facts["kind"]) for link in links if link.kind == "evidence"]
    assert held == ["PRT-01", "PRT-02"]
    assert sorted(proofs) == [
        ("PRT-01", "check"), ("PRT-01", "module"), ("PRT-02", "check"), ("PRT-02", "module"),
    ]  # fmt: skip
    assert links[-1] == SERVED


def test_evidence_of_course_is_its_version(outline: Outline) -> None:
    assert traced("OP1.1") == [
        [EvidenceItem("published", TODAY, {"course": "T10", "number": 1, "checked_on": "2026-11-24"})]
    ]
