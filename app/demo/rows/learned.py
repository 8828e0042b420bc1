"""The results of learning that other packages need."""

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
    """The enrolments, days of learning and evidence of a person."""

    enrolments: list[Enrolled] = field(default_factory=list)
    days: set[date] = field(default_factory=set)
    evidence: list[tuple[NewEvidence, datetime]] = field(default_factory=list)  # in the order of time

    def add_evidence(
        self,
        person_id: UUID,
        competency: str,
        level: Level,
        *,
        kind: EvidenceKind,
        source: str,
        at: datetime,
        **scores: Any,
    ) -> None:
        """Add a piece of evidence, as the handlers of competence would."""
        new = NewEvidence(
            person_id=person_id, competency=competency, level=level, day=at.date(), kind=kind, source=source, **scores
        )
        self.evidence.append((new, at))
