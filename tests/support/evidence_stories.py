"""The three stories of the usability trial, as evidence: what an officer did, on which day, with which result."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from app.catalogue.domain.items import Level
from app.competence.domain.evidence import EvidenceKind as Kind, Piece
from app.competence.service.evidence_records import NewEvidence

FIRST = date(2027, 2, 16)
TODAY = FIRST + timedelta(days=149)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One result: its day counted from the first one, and the source that tells it from others."""

    day: int
    kind: Kind
    share: float
    mark: float
    items: int
    source: str
    trust: float = 0.5

    @property
    def watched(self) -> bool:
        return self.kind is Kind.WORKSHOP

    @property
    def guess(self) -> float:
        return 0.05 if self.watched else 0.25


def workshop(day: int, share: float, items: int) -> Deed:
    """Let an assessor score a rubric."""
    return Deed(day=day, kind=Kind.WORKSHOP, share=share, mark=2 / 3, items=items, source=f"workshop:{day}", trust=1.0)


CASE = Deed(day=149, kind=Kind.SCENARIO, share=0.38, mark=0.62, items=6, source="case:1")
# lapsed, then a failed course test and a failed case
LAPSED = (
    workshop(0, 5 / 6, 4),
    Deed(day=149, kind=Kind.QUIZ, share=0.0, mark=0.7, items=2, source="course:1:test:1"),
    CASE,
)
# verified until 27 July, then a failed case
DUE = (workshop(0, 1.0, 5), CASE)
# a failed first attempt, a perfect second one with new questions, an assessor who did not see the mark reached
AGAIN = (
    Deed(day=0, kind=Kind.QUIZ, share=0.5, mark=0.72, items=4, source="course:1:test:1"),
    Deed(day=14, kind=Kind.QUIZ, share=1.0, mark=0.72, items=4, source="course:1:test:2", trust=0.25),
    workshop(20, 0.4, 5),
)
STORIES: Mapping[str, tuple[Level, tuple[Deed, ...]]] = {
    "ONL-07": (Level.FOUNDATION, LAPSED),
    "LRE-03": (Level.PRACTITIONER, DUE),
    "ONL-04": (Level.FOUNDATION, AGAIN),
}


def piece(deed: Deed, first: date = FIRST) -> Piece:
    """Return a deed for the rules."""
    return Piece(
        day=first + timedelta(days=deed.day),
        kind=deed.kind,
        share=deed.share,
        mark=deed.mark,
        items=deed.items,
        trust=deed.trust,
        watched=deed.watched,
        guess=deed.guess,
        assessor=UUID(int=7) if deed.watched else None,
        assessor_country="NL" if deed.watched else "",
        training=":".join(deed.source.split(":")[:2]),
    )


def evidence(person_id: UUID, competency: str, assessor: UUID, first: date = FIRST) -> list[NewEvidence]:
    """Return a story for the service."""
    level, deeds = STORIES[competency]
    return [
        NewEvidence(
            person_id=person_id,
            competency=competency,
            level=level,
            day=first + timedelta(days=deed.day),
            kind=deed.kind,
            source=deed.source,
            share=deed.share,
            mark=deed.mark,
            items=deed.items,
            trust=deed.trust,
            watched=deed.watched,
            guess=deed.guess,
            assessor_id=assessor if deed.watched else None,
            assessor_country="NL" if deed.watched else "",
        )
        for deed in deeds
    ]
