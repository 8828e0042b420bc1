"""Add and remove competencies that an officer needs by name, for the contact point (`/country/officers`)."""

from datetime import datetime
from uuid import UUID

from app.catalogue.domain.items import Level
from app.competence.events import NeedDropped, NeedNamed
from app.competence.models import NamedNeed
from app.competence.service.evidence_records import read_framework
from app.db.session import db, record
from app.identity.queries import postings as accounts
from app.kernel.errors import DomainError


def name_need(person_id: UUID, competency: str, level: Level, *, by: UUID, now: datetime) -> None:
    """Require a competency of a person by name; raise DomainError unless the framework has it at this level."""
    entry = read_framework([competency]).get(competency)
    if entry is None or level not in entry.levels:
        raise DomainError("This competency has no such level.")
    accounts.lock(person_id)
    need = db.session.get(NamedNeed, (person_id, competency))
    if need is None:
        need = NamedNeed(person_id=person_id, competency=competency)
        db.session.add(need)
    need.level, need.named_by, need.named_at = level, by, now
    record(NeedNamed(at=now, person_id=person_id, competency=competency, level=level))


def drop_need(person_id: UUID, competency: str, now: datetime) -> None:
    """Remove a competency required by name; do nothing if it was not required."""
    need = db.session.get(NamedNeed, (person_id, competency))
    if need is not None:
        db.session.delete(need)
        record(NeedDropped(at=now, person_id=person_id, competency=competency))
