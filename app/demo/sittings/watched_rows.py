"""Sittings with questions of many officers as rows: seats, attempts, evidence and who watched."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID, uuid5

from sqlalchemy import func, insert, select

from app.catalogue.domain.items import Level
from app.catalogue.queries import courses as catalogue, versions
from app.catalogue.shapes import Outline
from app.checks.domain.sittings import (
    CODE_LENGTH,
    CODE_SIGNS,
    QUESTION_MINUTES,
    SeatState,
    SittingState,
    Way,
    WorkState,
)
from app.checks.events import IdentityConfirmed, SittingClosed, SittingOpened, SittingPlanned
from app.checks.models import SeatWork, Sitting, SittingInvigilator, SittingSeat, SittingTask
from app.checks.service import watchers
from app.checks.service.watchers import WatchedEvidence
from app.competence.domain.evidence import EvidenceKind
from app.competence.service import evidence_records
from app.competence.service.evidence_records import NewEvidence
from app.db.session import db, record
from app.demo.history import timeline
from app.quizzes.domain.attempts import AttemptState, Purpose
from app.quizzes.models import Attempt
from app.quizzes.service.store import NO_PAPER

ITEMS, MARK = 12, 0.62
PLANNED_BEFORE, ARRIVE, BEGIN, END, CLOSE = (
    timedelta(days=5), timedelta(minutes=3), timedelta(minutes=8), timedelta(minutes=27), timedelta(minutes=100),
)  # fmt: skip
SPACE = UUID("5f0c6a52-6d0b-4f5e-9a3f-0d5f8d4c7a11")  # of ids by the key of a sitting
RoleResults = Mapping[UUID, Mapping[str, int]]  # right answers of 12, by officer and competency


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionSitting:
    """A sitting of officers of a country, with the right answers of each by competency, at the foundation level."""

    key: str
    country: str
    at: datetime
    location: str
    watchers: Sequence[UUID]  # the first one planned it
    correct: RoleResults
    is_surprise: bool = False

    @property
    def id(self) -> UUID:
        """Return the id of the sitting, always the same."""
        return uuid5(SPACE, self.key)

    @property
    def competencies(self) -> Sequence[str]:
        """Return the competencies in the order of the tasks."""
        return list(dict.fromkeys(name for correct in self.correct.values() for name in correct))


@dataclass(frozen=True, slots=True)
class _Work:
    """The work of an officer on the questions for a competency."""

    seat_id: UUID
    person_id: UUID
    position: int
    competency: str
    correct: int
    attempt_id: UUID


def write(sitting: QuestionSitting) -> None:
    """Write a sitting that was held, in the transaction of the caller."""
    outlines = _outlines(sitting.competencies)
    works = _works(sitting)
    _write_sitting(sitting, outlines)
    _write_seats(sitting, works)
    _write_attempts(sitting, works, outlines)
    with timeline.acting(sitting.watchers[0]):
        _write_evidence(sitting, works)
        _record_events(sitting, len(works))


def _outlines(competencies: Sequence[str]) -> dict[str, Outline]:
    """Return the course that teaches each competency."""
    by_competency: dict[str, Outline] = {}
    for version_id in versions.current_ids():
        outline = catalogue.outline(version_id)
        if outline.facts.test is not None:
            for aim in outline.facts.competencies:
                by_competency.setdefault(aim.id, outline)
    return {name: by_competency[name] for name in competencies}


def _works(sitting: QuestionSitting) -> list[_Work]:
    positions = {name: number for number, name in enumerate(sitting.competencies, 1)}
    return [
        _Work(
            uuid5(sitting.id, str(person_id)), person_id, positions[name], name, correct,
            uuid5(sitting.id, f"{person_id} {name}"),
        )
        for person_id, results in sitting.correct.items()
        for name, correct in results.items()
    ]  # fmt: skip


def _write_sitting(sitting: QuestionSitting, outlines: Mapping[str, Outline]) -> None:
    dice = Random(sitting.key)  # noqa: S311 - the code of a closed sitting opens nothing
    values = {
        "id": sitting.id,
        "code": "".join(dice.choice(CODE_SIGNS) for _ in range(CODE_LENGTH)),
        "country": sitting.country,
        "place": sitting.location,
        "is_group": True,
        "planned_for": sitting.at,
        "state": SittingState.CLOSED,
        "opened_at": sitting.at,
        "closed_at": sitting.at + CLOSE,
        "created_by": sitting.watchers[0],
        "created_at": sitting.at - PLANNED_BEFORE,
        "note": "No incidents.",
    }
    db.session.execute(insert(Sitting), [values])
    tasks = [
        {
            "sitting_id": sitting.id, "position": number, "competency": name, "level": Level.FOUNDATION,
            "way": Way.QUESTIONS, "course_id": outlines[name].course_id, "task": "", "minutes": QUESTION_MINUTES,
        }
        for number, name in enumerate(sitting.competencies, 1)
    ]  # fmt: skip
    db.session.execute(insert(SittingTask), tasks)
    people = [
        {"sitting_id": sitting.id, "person_id": watcher, "added_by": sitting.watchers[0], "added_at": sitting.at}
        for watcher in sitting.watchers
    ]
    db.session.execute(insert(SittingInvigilator), people)


def _write_seats(sitting: QuestionSitting, works: Sequence[_Work]) -> None:
    owners = {work.seat_id: work.person_id for work in works}
    seats = [
        {
            "id": seat_id,
            "sitting_id": sitting.id,
            "person_id": person_id,
            "state": SeatState.FINISHED,
            "is_surprise": sitting.is_surprise,
            "arrived_at": sitting.at + ARRIVE,
            "is_late": False,
            "confirmed_by": sitting.watchers[number % len(sitting.watchers)],
            "confirmed_at": sitting.at + ARRIVE,
            "moves": 0,
            "finished_at": sitting.at + _end(len(sitting.competencies)),
            "note": "",
        }
        for number, (seat_id, person_id) in enumerate(owners.items())
    ]
    db.session.execute(insert(SittingSeat), seats)
    rows = [
        {
            "id": uuid5(work.seat_id, str(work.position)), "seat_id": work.seat_id, "position": work.position,
            "state": WorkState.COUNTED, "attempt_id": work.attempt_id,
            "began_at": sitting.at + _begin(work.position), "ended_at": sitting.at + _end(work.position),
        }
        for work in works
    ]  # fmt: skip
    db.session.execute(insert(SeatWork), rows)


def _begin(position: int) -> timedelta:
    return BEGIN + (END - BEGIN) * (position - 1)


def _end(position: int) -> timedelta:
    return BEGIN + (END - BEGIN) * position


def _write_attempts(sitting: QuestionSitting, works: Sequence[_Work], outlines: Mapping[str, Outline]) -> None:
    """Write the attempts without papers, as they stay when their details were deleted."""
    numbers = _last_numbers([work.person_id for work in works])
    rows = []
    for work in works:
        outline = outlines[work.competency]
        numbers[work.person_id, outline.course_id] += 1
        rate = work.correct / ITEMS
        rows.append(
            {
                "public_id": work.attempt_id,
                "person_id": work.person_id,
                "course_id": outline.course_id,
                "version_id": outline.version_id,
                "purpose": Purpose.WATCHED,
                "number": numbers[work.person_id, outline.course_id],
                "language": "en",
                "seed": 0,
                "paper": NO_PAPER,
                "pass_mark": MARK,
                "state": AttemptState.HANDED_IN,
                "started_at": sitting.at + _begin(work.position),
                "ended_at": sitting.at + _end(work.position),
                "share": rate,
                "passed": rate >= MARK,
            }
        )
    db.session.execute(insert(Attempt), rows)


def _last_numbers(people: Sequence[UUID]) -> Counter[tuple[UUID, UUID]]:
    query = (
        select(Attempt.person_id, Attempt.course_id, func.max(Attempt.number))
        .where(Attempt.person_id.in_(people), Attempt.purpose == Purpose.WATCHED)
        .group_by(Attempt.person_id, Attempt.course_id)
    )
    return Counter({(row[0], row[1]): row[2] for row in db.session.execute(query)})


def _write_evidence(sitting: QuestionSitting, works: Sequence[_Work]) -> None:
    rows: list[WatchedEvidence] = []
    by_person: dict[UUID, list[_Work]] = {}
    for work in works:
        by_person.setdefault(work.person_id, []).append(work)
    for person_id, own in by_person.items():
        news = [_evidence(sitting, work) for work in own]
        for number in evidence_records.add_all(news, sitting.at + CLOSE):
            if number is not None:
                people = sitting.watchers
                rows.append(
                    WatchedEvidence(evidence_id=number, officer_id=person_id, watcher_ids=people, day=sitting.at.date())
                )
    db.session.flush()
    watchers.record_all(rows)


def _evidence(sitting: QuestionSitting, work: _Work) -> NewEvidence:
    return NewEvidence(
        person_id=work.person_id,
        competency=work.competency,
        level=Level.FOUNDATION,
        day=sitting.at.date(),
        done_at=sitting.at + _end(work.position),
        kind=EvidenceKind.SURPRISE if sitting.is_surprise else EvidenceKind.CHECK,
        source=f"sitting:{sitting.id}:{work.competency}:{work.attempt_id}",
        share=work.correct / ITEMS,
        mark=MARK,
        items=ITEMS,
        trust=1.0,
        watched=True,
        recorded_by=sitting.watchers[0],
    )


def _record_events(sitting: QuestionSitting, results: int) -> None:
    record(SittingPlanned(at=sitting.at - PLANNED_BEFORE, sitting_id=sitting.id))
    record(SittingOpened(at=sitting.at, sitting_id=sitting.id))
    for person_id in sitting.correct:
        record(IdentityConfirmed(at=sitting.at + ARRIVE, sitting_id=sitting.id, person_id=person_id))
    record(SittingClosed(at=sitting.at + CLOSE, sitting_id=sitting.id, results=results, products=0, absent=0))
