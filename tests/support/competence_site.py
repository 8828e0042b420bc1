"""The real framework with officers of two countries, for pages: evidence is recorded through the service."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from uuid import UUID

from app.access.policy import Role, Scope
from app.catalogue.domain.disk import files_on_disk
from app.catalogue.domain.folder import read_folder
from app.catalogue.domain.items import Level
from app.catalogue.domain.library import References
from app.catalogue.domain.references.competencies import Competencies
from app.catalogue.queries import courses as catalogue_courses
from app.catalogue.service import publication as catalogue
from app.competence.domain.evidence import EvidenceKind
from app.competence.queries import competencies
from app.competence.service import evidence_records
from app.competence.service.evidence_records import NewEvidence
from app.competence.shapes import Need
from app.db.session import db, transaction
from app.identity.queries import people as accounts
from app.kernel import clock
from tests.support import factories
from tests.support.settings import REPOSITORY
from tests.support.site_snapshots import kept

OFFICER, ASSESSOR = "Investigator 17", "Assessor NL"


@dataclass(frozen=True, slots=True)
class Scene:
    """An officer of Iraq, a second one, one of Bulgaria; the contact points and a supervisor."""

    officer: UUID
    colleague: UUID
    foreigner: UUID
    contact_point: UUID
    supervisor: UUID
    other_contact_point: UUID

    @property
    def people(self) -> Mapping[str, UUID]:
        """Return the people by name."""
        return {name: getattr(self, name) for name in self.__slots__}


@cache
def _references() -> References:
    files = {
        path: content
        for path, content in files_on_disk(REPOSITORY / "courses").items()
        if "/" not in path and path.startswith("competencies")
    }
    library, _mistakes = read_folder(files)
    return library.references


@kept
def make() -> Scene:
    """Load the framework and add the people."""
    with transaction():
        catalogue.store_references(_references(), clock.now())
        contact, supervisor = Role.CONTACT_POINT, Role.SUPERVISOR
        scene = Scene(
            officer=factories.person(alias=OFFICER, roles=("investigator",)),
            colleague=factories.person(alias="Border guard 4", roles=("first_responder",)),
            foreigner=factories.person(alias="Stranger 9", country="BG", roles=("investigator",)),
            contact_point=factories.person(alias="Contact IQ", roles=(), grants=((contact, Scope.COUNTRY, "IQ"),)),
            supervisor=factories.person(alias="Supervisor IQ", roles=(), grants=((supervisor, Scope.COUNTRY, "IQ"),)),
            other_contact_point=factories.person(
                alias="Contact BG", country="BG", roles=(), grants=((contact, Scope.COUNTRY, "BG"),)
            ),
        )
    db.session.remove()
    return scene


def add(
    person_id: UUID,
    competency: str,
    level: Level,
    kind: EvidenceKind,
    day: date,
    *,
    right: int = 0,
    items: int = 0,
    watched: bool = False,
    assessor: UUID | None = None,
    now: datetime | None = None,
) -> int | None:
    """Record a piece of evidence on its day (or `now`), with what its kind is worth."""
    asked = items > 0
    trust = (1.0 if watched else 0.5) if asked else 0.0
    rubric = kind is EvidenceKind.WORKSHOP
    new = NewEvidence(
        person_id=person_id,
        competency=competency,
        level=level,
        day=day,
        kind=kind,
        source=f"test:{kind}:{day}",
        share=right / items if asked else None,
        mark=(2 / 3 if rubric else 0.62) if asked else None,
        items=items,
        trust=trust,
        watched=watched,
        guess=0.05 if rubric else 0.25,
        assessor_id=assessor,
        assessor_country="NL" if assessor else "",
    )
    with transaction():
        return evidence_records.add_evidence(new, now or datetime.combine(day, clock.now().timetz()))


def train(person_id: UUID, competency: str, level: Level = Level.FOUNDATION, *, ago: int = 30) -> None:
    """Complete a course and its test as a person, a number of days ago."""
    day = clock.today() - timedelta(days=ago)
    add(person_id, competency, level, EvidenceKind.MODULE, day)
    add(person_id, competency, level, EvidenceKind.QUIZ, day, right=8, items=10)


def verify(person_id: UUID, competency: str, level: Level = Level.FOUNDATION, *, ago: int = 0, right: int = 10) -> None:
    """Complete a course and an assessment as a person, a number of days ago."""
    train(person_id, competency, level, ago=ago)
    day = clock.today() - timedelta(days=ago)
    by = assessor()
    db.session.rollback()
    add(person_id, competency, level, EvidenceKind.WORKSHOP, day, right=right, items=12, watched=True, assessor=by)


def needs_of(person_id: UUID, roles: Collection[str]) -> list[Need]:
    """Return the needs of a person with these roles, in the order of the framework."""
    framework = catalogue_courses.competencies() or Competencies()
    return competencies.needs_of_all(framework, {person_id: roles})[person_id]


def assessor() -> UUID:
    """Return the assessor from the Netherlands, added when first needed."""
    return accounts.person_by_alias(ASSESSOR) or factories.person(alias=ASSESSOR, country="NL", roles=())
