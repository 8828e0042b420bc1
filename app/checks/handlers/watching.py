"""Handlers of events of other packages: record who watched a workshop's assessment."""

from app.checks.service import watchers
from app.competence.domain.evidence import EvidenceKind
from app.competence.events import EvidenceRecorded
from app.competence.queries import watched


def on_evidence_recorded(event: EvidenceRecorded) -> None:
    """Record the assessor of a workshop as the person who watched; sittings record their invigilators themselves."""
    if event.kind != EvidenceKind.WORKSHOP:
        return
    assessor_id = watched.assessor_of(event.evidence)
    if assessor_id is not None:
        watchers.record(event.evidence, event.person_id, [assessor_id], event.day)
