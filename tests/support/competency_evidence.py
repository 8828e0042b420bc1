"""A framework as the academy has it, and evidence on it: plain functions for the tests of this room."""

from datetime import date, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from app.catalogue.domain.items import Level
from app.catalogue.domain.references.competencies import Competencies, read_competencies
from app.catalogue.domain.text import TextFile
from app.catalogue.domain.versions import ReferenceKind
from app.catalogue.models import Reference
from app.competence.domain.assessment import EvidenceBook, rebuilt_book, rules
from app.competence.domain.evidence import EvidenceKind
from app.competence.queries import rule_inputs
from app.competence.service import evidence_records
from app.competence.service.evidence_records import NewEvidence
from app.db.session import db, transaction
from app.kernel import clock
from tests.support.settings import NOW, REPOSITORY

FOUNDATION, PRACTITIONER, SPECIALIST = Level.FOUNDATION, Level.PRACTITIONER, Level.SPECIALIST
TODAY = NOW.date()
KNOWLEDGE, PROCEDURE, YEARLY = "LRE-01", "ONL-01", "VIC-02"  # 24 months; slow to fade, 12 months; 12 months
TOML = REPOSITORY / "courses" / "competencies.toml"


@cache
def framework() -> Competencies:
    text = TOML.read_text(encoding="utf-8")
    return read_competencies(TextFile("competencies.toml", text), {})[0]


def load_framework() -> None:
    from app.catalogue.service.preparation import as_json

    with transaction():
        db.session.add(
            Reference(
                kind=ReferenceKind.COMPETENCIES, number=1, fingerprint="x", body=as_json(framework()), loaded_at=NOW
            )
        )


def new(person_id: UUID, kind: EvidenceKind, day: date = TODAY, *, right: float = 1.0, **more: object) -> NewEvidence:
    """Return evidence of a kind as it comes in life: `right` is the share."""
    asked = {
        EvidenceKind.QUIZ: (10, 0.62, 0.5, 0.25),
        EvidenceKind.REVIEW: (4, 0.62, 0.5, 0.25),
        EvidenceKind.CHECK: (12, 0.62, 1.0, 0.25),
        EvidenceKind.SURPRISE: (12, 0.62, 1.0, 0.25),
        EvidenceKind.SCENARIO: (5, 0.62, 0.5, 0.25),
        EvidenceKind.WORKSHOP: (5, 2 / 3, 1.0, 0.05),
        EvidenceKind.SUPERVISOR: (4, 0.67, 0.5, 0.05),
    }
    values: dict[str, object] = {
        "person_id": person_id, "competency": YEARLY, "level": FOUNDATION, "day": day, "kind": kind,
        "source": f"{kind}:{day}",
        "watched": kind in {EvidenceKind.CHECK, EvidenceKind.SURPRISE, EvidenceKind.WORKSHOP},
    }  # fmt: skip
    if kind in {EvidenceKind.MODULE, EvidenceKind.REFRESHER}:
        values["trust"] = 1.0  # a course without a test, worked through
    if kind in asked:
        items, mark, trust, guess = asked[kind]
        values |= {"items": items, "mark": mark, "trust": trust, "guess": guess, "share": right}
    return NewEvidence(**(values | more))  # type: ignore[arg-type]


def record(*news: NewEvidence) -> list[int | None]:
    """Record evidence, one piece after another, each as of its day's end or now."""
    with transaction():
        return [evidence_records.add_evidence(piece, clock.now()) for piece in news]


def trained_and_checked(person_id: UUID, day: date, **more: Any) -> None:
    record(
        new(person_id, EvidenceKind.MODULE, day, **more),
        new(person_id, EvidenceKind.CHECK, day, right=11 / 12, **more),
    )


def book(person_id: UUID, competency: str = YEARLY) -> EvidenceBook:
    return rule_inputs.stored_books([person_id], [competency]).get((person_id, competency), EvidenceBook())


def again(person_id: UUID, competency: str = YEARLY) -> EvidenceBook:
    """Return the book made again from its evidence."""
    from app.identity.queries import postings as accounts

    postings = accounts.postings([person_id]).get(person_id, [])
    return rebuilt_book(book(person_id, competency), rules(framework(), competency), postings)


def days(ago: int) -> date:
    return TODAY - timedelta(days=ago)
