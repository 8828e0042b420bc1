"""Scenes for tests of surprise checks and of who watched: officers of two countries with evidence on the framework."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from app.access.policy import Role, Scope
from app.checks.service import watchers as service
from app.competence.domain.evidence import EvidenceKind
from app.db.session import db, transaction
from app.identity.models import Posting
from tests.support import factories
from tests.support.competency_evidence import TODAY, YEARLY, load_framework, new, record
from tests.support.site_snapshots import kept

TRAINED, FOREIGN = 22, 3
LONG_AGO = TODAY - timedelta(days=40)


@dataclass(frozen=True, slots=True)
class SurpriseScene:
    """22 officers of Iraq and three of Bulgaria who were trained in a competency, and staff."""

    officers: tuple[UUID, ...]
    foreigners: tuple[UUID, ...]
    untrained: UUID
    contact_point: UUID
    foreign_contact_point: UUID
    coordinator: UUID
    invigilators: tuple[UUID, ...]  # of agencies of their own


@kept
def make() -> SurpriseScene:
    """Load the framework, add the people and their training."""
    load_framework()
    contact, invigilator = Role.CONTACT_POINT, Role.INVIGILATOR
    with transaction():
        scene = SurpriseScene(
            officers=tuple(factories.person(alias=f"Responder {n}") for n in range(1, TRAINED + 1)),
            foreigners=tuple(factories.person(alias=f"Colleague {n}", country="BG") for n in range(1, FOREIGN + 1)),
            untrained=factories.person(alias="Untrained"),
            contact_point=factories.person(alias="Contact IQ", roles=(), grants=((contact, Scope.COUNTRY, "IQ"),)),
            foreign_contact_point=factories.person(
                alias="Contact BG", country="BG", roles=(), grants=((contact, Scope.COUNTRY, "BG"),)
            ),
            coordinator=factories.person(
                alias="Coordinator", country="BG", roles=(), grants=((Role.COORDINATOR, Scope.ALL, ""),)
            ),
            invigilators=tuple(
                factories.person(alias=f"Invigilator {n}", roles=(), grants=((invigilator, Scope.COUNTRY, "IQ"),))
                for n in range(1, 4)
            ),
        )
    for person_id in (*scene.officers, *scene.foreigners):
        record(new(person_id, EvidenceKind.MODULE, LONG_AGO))
    db.session.remove()
    return scene


def checked(
    person_id: UUID,
    watchers: Sequence[UUID],
    day: date = TODAY,
    *,
    right: float = 11 / 12,
    competency: str = YEARLY,
    kind: EvidenceKind = EvidenceKind.CHECK,
) -> int:
    """Record a watched check with its watchers; return the number of the evidence."""
    [number] = record(new(person_id, kind, day, right=right, competency=competency))
    assert number is not None
    with transaction():
        service.record(number, person_id, watchers, day)
    return number


def share_agency(officer: UUID, *colleagues: UUID) -> None:
    """Let these people serve in the agency of an officer."""
    with transaction():
        agency = db.session.query(Posting).filter_by(person_id=officer).one().agency_id
        for posting in db.session.query(Posting).filter(Posting.person_id.in_(colleagues)):
            posting.agency_id = agency
