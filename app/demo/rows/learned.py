"""What somebody did in courses, as the rooms above hear of it."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from app.catalogue.domain.items import Level
from app.competence.domain.evidence import EvidenceKind
from app.competence.service.evidence_records import NewEvidence
from app.plan.domain.records import Enrolled


@dataclass(slots=True)
class Learned:
    """Courses begun, days of learning, and what is evidence of something."""

    enrolments: list[Enrolled] = field(default_factory=list)
    days: set[date] = field(default_factory=set)
    news: list[tuple[NewEvidence, datetime]] = field(default_factory=list)  # in the order of time

    def hear(
        self,
        person_id: UUID,
        competency: str,
        level: Level,
        *,
        kind: EvidenceKind,
        source: str,
        at: datetime,
        **asked: Any,
    ) -> None:
        """Take note of a piece of evidence, as the handlers of competence would."""
        new = NewEvidence(
            person_id=person_id, competency=competency, level=level, day=at.date(), kind=kind, source=source, **asked
        )
        self.news.append((new, at))
