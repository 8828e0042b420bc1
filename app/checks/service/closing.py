"""Close a sitting, by hand or left open: hand in open work, record evidence of its questions, end its seats."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from app.access.targets import Target
from app.catalogue.queries import courses as catalogue
from app.checks.domain import seats as seat_rules, sittings as rules
from app.checks.domain.sittings import RUNNING, SeatState, SittingStep, Way, WorkState
from app.checks.events import SittingClosed
from app.checks.models import SeatWork, Sitting, SittingInterruption, SittingInvigilator, SittingSeat, SittingTask
from app.checks.service import _locking, submission, surprise, watchers
from app.checks.service.watchers import WatchedEvidence
from app.competence.domain.evidence import EvidenceKind
from app.competence.domain.scoring import score_evidence, scored_question
from app.competence.service import evidence_records as competence
from app.competence.service.evidence_records import NewEvidence
from app.db.session import db, record
from app.kernel.errors import DomainError
from app.messages.domain import NoticeKind
from app.messages.service import outbox as messages
from app.ports import ports
from app.quizzes.queries import item_statistics, watched as watched_queries
from app.quizzes.queries.watched import WatchedResult
from app.quizzes.service import watched

TRUST = 1.0  # an invigilator watched


@dataclass(frozen=True, slots=True)
class CheckedWork:
    """Handed-in work on questions, with its seat and task."""

    work: SeatWork
    seat: SittingSeat
    task: SittingTask
    result: WatchedResult


def close(sitting_id: UUID, *, by: UUID, note: str, now: datetime) -> None:
    """Close a sitting with a note: what is open is handed in, and officers who never came are absent.

    Raises DomainError for a person who does not watch it, or without a note.
    """
    sitting = _locking.lock_sitting(sitting_id)
    _locking.check_watches(sitting_id, by)
    rules.after(sitting.state, SittingStep.CLOSE)
    if not note.strip():
        raise DomainError("Write a note about the sitting, such as: no incidents.")
    _close(sitting, note.strip(), now)


def close_left_open(sitting_id: UUID, now: datetime) -> bool:
    """Close a sitting that was left open, without a note, and notify its invigilators.

    Returns False if the sitting is closed already, or not over for long enough.
    """
    sitting = _locking.lock_sitting(sitting_id)
    minutes = select(func.sum(SittingTask.minutes)).where(SittingTask.sitting_id == sitting_id)
    is_over = sitting.opened_at is not None and rules.is_left_open(
        sitting.planned_for, sitting.opened_at, db.session.scalar(minutes) or 0, now
    )
    if sitting.state not in RUNNING or not is_over:
        return False
    _close(sitting, "", now)
    messages.tell_all(
        _invigilators(sitting_id),
        NoticeKind.SITTING_CLOSED,
        occasion=f"sitting:{sitting_id}:left-open",
        facts={"day": sitting.planned_for.date().isoformat()},
        path=ports().path_to(Target.SITTINGS),
        now=now,
    )
    return True


def _close(sitting: Sitting, note: str, now: datetime) -> None:
    """Close a locked sitting that is open or interrupted."""
    after = rules.after(sitting.state, SittingStep.CLOSE)
    _locking.lock_open_attempts(SittingSeat.sitting_id == sitting.id)
    seats = _locking.lock_seats(sitting.id)
    works = _locking.works_of([seat.id for seat in seats])
    _hand_in(works, _end_interruption(sitting.id, now) or now)
    results = _record_evidence(sitting, seats, works, now)
    products = _count_products(sitting, works)
    _end_seats(seats, works, now)
    sitting.state, sitting.closed_at, sitting.note = after, now, note
    absent = sum(seat.state is SeatState.ABSENT for seat in seats)
    record(SittingClosed(at=now, sitting_id=sitting.id, results=results, products=products, absent=absent))


def _hand_in(works: Sequence[SeatWork], now: datetime) -> None:
    """Hand in open work as it is; `now` is the beginning of an interruption that lasts, as no answer came later."""
    attempt_ids = [work.attempt_id for work in works if work.state is WorkState.OPEN and work.attempt_id is not None]
    watched.hand_in(attempt_ids, now)
    db.session.flush()
    submission.submit(attempt_ids, now)


def _record_evidence(sitting: Sitting, seats: Sequence[SittingSeat], works: Sequence[SeatWork], now: datetime) -> int:
    """Record the evidence of the submitted questions of all seats; return the number of results."""
    checked = _checked(sitting, seats, works)
    by_person: dict[UUID, list[CheckedWork]] = defaultdict(list)
    for work in checked:
        by_person[work.seat.person_id].append(work)
    rates = _rates(checked)
    invigilators = set(_invigilators(sitting.id))
    watched_rows: list[WatchedEvidence] = []
    for _person_id, own in sorted(by_person.items()):
        numbers = competence.add_all([new_evidence(work, rates=rates) for work in own], now)
        for work, number in zip(own, numbers, strict=True):
            work.work.state = WorkState.COUNTED
            if number is not None:
                watched_rows.append(_watchers(work, number, invigilators))
    db.session.flush()
    watchers.record_all(watched_rows)
    _mark_surprises(checked)
    _tell(sitting.id, checked, now)
    return len(checked)


def _mark_surprises(checked: Sequence[CheckedWork]) -> None:
    """Record the surprise checks that are done; evidence and watchers are recorded before."""
    db.session.flush()
    for work in checked:
        if work.seat.is_surprise:
            surprise.mark_checked(work.seat.person_id, work.task.competency, work.result.ended_at.date())


def _checked(sitting: Sitting, seats: Sequence[SittingSeat], works: Sequence[SeatWork]) -> list[CheckedWork]:
    """Return the submitted work on questions."""
    by_id = {seat.id: seat for seat in seats}
    tasks = _question_tasks(sitting.id)
    submitted = [work for work in works if work.state is WorkState.SUBMITTED and work.position in tasks]
    results = watched_queries.results([work.attempt_id for work in submitted if work.attempt_id])
    scored = {attempt_id: result for attempt_id, result in results.items() if result.scores}
    return [
        CheckedWork(work, by_id[work.seat_id], tasks[work.position], scored[work.attempt_id])
        for work in submitted
        if work.attempt_id in scored
    ]


def _question_tasks(sitting_id: UUID) -> dict[int, SittingTask]:
    """Return the tasks with questions of a sitting by position."""
    query = select(SittingTask).where(SittingTask.sitting_id == sitting_id, SittingTask.way == Way.QUESTIONS)
    return {task.position: task for task in db.session.scalars(query)}


def rates_before(version_id: UUID) -> Mapping[str, float]:
    """Return the rates of right answers before the course of the items of a version."""
    outline = catalogue.outline(version_id)
    bank = catalogue.bank(version_id, outline.facts.source_language)
    return item_statistics.rates_before(outline.course_id, {name: bank[name].revision for name in bank})


def _rates(checked: Sequence[CheckedWork]) -> dict[UUID, Mapping[str, float]]:
    return {version_id: rates_before(version_id) for version_id in {work.result.version_id for work in checked}}


def new_evidence(
    checked: CheckedWork, *, suffix: str = "", rates: Mapping[UUID, Mapping[str, float]] | None = None
) -> NewEvidence:
    """Return the work as evidence: mark and guess rate are those of the drawn items. `suffix` tells corrections apart.

    `rates` are the results of `rates_before` by version, where many are needed.

    Source: the capacity measure, sections 2 and 3.
    """
    result, seat, task = checked.result, checked.seat, checked.task
    outline = catalogue.outline(result.version_id)
    bank = catalogue.bank(result.version_id, outline.facts.source_language)
    before = rates_before(result.version_id) if rates is None else rates[result.version_id]
    questions = [scored_question(bank[name].item, score, before.get(name)) for name, score in result.scores.items()]
    score = replace(score_evidence(questions, frozenset(), first=True), trust=TRUST)
    return NewEvidence(
        person_id=seat.person_id,
        competency=task.competency,
        level=task.level,
        day=result.ended_at.date(),
        done_at=result.ended_at,
        kind=EvidenceKind.SURPRISE if seat.is_surprise else EvidenceKind.CHECK,
        source=f"sitting:{seat.sitting_id}:{task.competency}:{result.id}{suffix}",
        share=score.score,
        mark=score.pass_mark,
        items=score.items,
        trust=score.trust,
        watched=True,
        guess=score.guess,
        recorded_by=seat.confirmed_by,
    )


def _watchers(checked: CheckedWork, number: int, invigilators: set[UUID]) -> WatchedEvidence:
    confirmed_by = checked.seat.confirmed_by
    return WatchedEvidence(
        evidence_id=number,
        officer_id=checked.seat.person_id,
        watcher_ids=invigilators | ({confirmed_by} if confirmed_by else set()),
        day=checked.result.ended_at.date(),
    )


def _invigilators(sitting_id: UUID) -> Sequence[UUID]:
    query = select(SittingInvigilator.person_id).where(SittingInvigilator.sitting_id == sitting_id)
    return db.session.scalars(query).all()


def _tell(sitting_id: UUID, checked: Sequence[CheckedWork], now: datetime) -> None:
    """Notify the officers of their results, once for each competency."""
    people: dict[str, list[UUID]] = defaultdict(list)
    for work in checked:
        people[work.task.competency].append(work.seat.person_id)
    for competency, officers in people.items():
        messages.tell_all(
            officers,
            NoticeKind.CHECK_RESULT,
            occasion=f"sitting:{sitting_id}:{competency}",
            facts={"competency": competency},
            path=ports().path_to(Target.COMPETENCY, competency),
            now=now,
        )


def _count_products(sitting: Sitting, works: Sequence[SeatWork]) -> int:
    query = select(SittingTask.position).where(SittingTask.sitting_id == sitting.id, SittingTask.way == Way.DESK_TASK)
    desk = set(db.session.scalars(query))
    return sum(work.position in desk and work.state is WorkState.SUBMITTED for work in works)


def _end_seats(seats: Sequence[SittingSeat], works: Sequence[SeatWork], now: datetime) -> None:
    """End all seats; work that was never begun is void."""
    own: Mapping[UUID, list[SeatWork]] = defaultdict(list)
    for work in works:
        own[work.seat_id].append(work)
    for seat in seats:
        seat.state = seat_rules.at_close(seat.state, [work.state for work in own[seat.id]])
        seat.session_id = None
        if seat.state is SeatState.FINISHED:
            seat.finished_at = seat.finished_at or now
    submission.void_waiting(works, now)


def _end_interruption(sitting_id: UUID, now: datetime) -> datetime | None:
    """End the interruption of a sitting; return when it began, or None without one."""
    query = select(SittingInterruption).where(
        SittingInterruption.sitting_id == sitting_id, SittingInterruption.ended_at.is_(None)
    )
    interruption = db.session.scalars(query).one_or_none()
    if interruption is None:
        return None
    interruption.ended_at = now
    return interruption.began_at
