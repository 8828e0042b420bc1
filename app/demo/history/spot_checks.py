"""Surprise checks of trained officers in the demonstration; the likely range on `/plan/capacity` needs them."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from random import Random
from uuid import UUID

from app.catalogue.domain.items import Level
from app.competence.domain.evidence import EvidenceKind
from app.competence.queries import competencies
from app.competence.service import evidence_records
from app.competence.service.evidence_records import NewEvidence
from app.demo.history.accounts import DemoOfficer
from app.demo.history.timeline import TimedAction

COMPETENCIES = ("VIC-06", "LRE-04")  # at the foundation level; the second is taught by a course, too
SAMPLE = 24
ITEMS, MARK = 12, 0.62
CORRECT_ANSWERS = (7, 9, 10, 10, 11, 11, 12, 12)
DAYS_AGO = (16, 30)  # range of days ago


def actions(officers: Sequence[DemoOfficer], now: datetime, random: Random) -> Iterator[TimedAction]:
    """Return a check for each competency. It draws its officers when it runs, from those with evidence on that day."""
    for competency in COMPETENCIES:
        at = now - timedelta(days=random.randint(*DAYS_AGO))
        among = [officer.id for officer in officers[1:]]
        yield TimedAction(at, None, partial(_check, among, competency, at, random))


def _check(among: Sequence[UUID], competency: str, now: datetime, random: Random) -> None:
    trained = [person_id for person_id in among if competencies.evidence_of(person_id, competency)]
    for person_id in random.sample(trained, min(SAMPLE, len(trained))):
        new = NewEvidence(
            person_id=person_id,
            competency=competency,
            level=Level.FOUNDATION,
            day=now.date(),
            kind=EvidenceKind.SURPRISE,
            share=random.choice(CORRECT_ANSWERS) / ITEMS,
            mark=MARK,
            items=ITEMS,
            trust=1.0,
            watched=True,
            source=f"surprise:{now.date().isoformat()}",
        )
        evidence_records.add_evidence(new, now)
