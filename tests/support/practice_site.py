"""An officer who can practise: a course with questions for practice, begun, with evidence some weeks old."""

from datetime import date, timedelta
from uuid import UUID

from flask import Flask

from app.catalogue.domain.items import Level
from app.competence.domain.evidence import EvidenceKind
from app.competence.service import evidence_records
from app.competence.service.evidence_records import NewEvidence
from app.db.session import transaction
from app.kernel import clock
from app.learning.service import lesson_progress
from tests.support import courses
from tests.support.courses import Published


def prepare(
    app: Flask, person_id: UUID, *, days_ago: int = 30, competencies: tuple[str, ...] = ("PRT-01",)
) -> Published:
    """Publish the course, begin it as the person, and record watched results of so many days ago."""
    with app.app_context():
        published = courses.publish(practice=True)
        with transaction():
            lesson_progress.begin(person_id, published.outline, clock.now())
        day = clock.today() - timedelta(days=days_ago)
        with transaction():
            evidence_records.add_all([_result(person_id, name, day) for name in competencies], clock.now())
    return published


def _result(person_id: UUID, competency: str, day: date) -> NewEvidence:
    return NewEvidence(
        person_id=person_id,
        competency=competency,
        level=Level.FOUNDATION,
        day=day,
        kind=EvidenceKind.CHECK,
        source="check:earlier",
        share=1.0,
        mark=0.62,
        items=12,
        trust=1.0,
        watched=True,
    )
