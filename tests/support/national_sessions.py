"""National sessions of a verified trainer."""

from datetime import timedelta
from uuid import UUID

from app.access.policy import Actor, Role, Scope
from app.catalogue.domain.items import Level
from app.competence.domain.evidence import EvidenceKind
from app.competence.service import evidence_records
from app.competence.service.evidence_records import NewEvidence
from app.db.session import transaction
from app.kernel import clock
from app.workshops.domain import cascades as rules
from app.workshops.service import cascades
from app.workshops.service.cascades import NewCascade
from tests.support import factories

PDF = b"%PDF-1.4 signed"


def trainer(*, is_verified: bool = True) -> Actor:
    """Return a trainer of Iraq, verified as a trainer or not."""
    person_id = factories.person(grants=((Role.TRAINER, Scope.COURSE, "M01"),))
    if is_verified:
        for competency in rules.TRAINER_COMPETENCIES:
            for number in (1, 2):
                _verify(person_id, competency, number)
    return Actor(person_id, "IQ", frozenset({Role.TRAINER, Role.PRACTITIONER}))


def _verify(person_id: UUID, competency: str, number: int) -> None:
    assessor = factories.person(country="BG")
    new = NewEvidence(
        person_id=person_id, competency=competency, level=Level.PRACTITIONER, day=clock.today() - timedelta(days=3),
        kind=EvidenceKind.WORKSHOP, source=f"workshop:one:{competency}:{number}", share=1.0, mark=0.7, items=5,
        trust=1.0, watched=True, guess=0.05, assessor_id=assessor, assessor_country="BG", recorded_by=assessor,
    )  # fmt: skip
    with transaction():
        evidence_records.add_evidence(new, clock.now())


def new(**values: object) -> NewCascade:
    """Return a session of two days ago."""
    facts = {"day": clock.today() - timedelta(days=2), "minutes": 90, "competency": "VIC-01", "activity": "A08"}
    return NewCascade(**(facts | values))  # type: ignore[arg-type]


def record(actor: Actor, **values: object) -> UUID:
    """Record a session of two days ago; return its id."""
    with transaction():
        return cascades.record_cascade(new(**values), actor, clock.now())
