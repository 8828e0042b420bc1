"""Use cases of playing a case: start, choose a move, delete the choices of expired playthroughs."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, or_, select

from app.catalogue.queries import courses as catalogue
from app.db.base import table_of
from app.db.session import db, record
from app.scenarios import domain, queries
from app.scenarios.events import CaseChoiceMade, CaseFinished, CasesReduced, CaseStarted
from app.scenarios.models import Choice, Playthrough


@dataclass(frozen=True, slots=True)
class ChoiceTaken:
    """The choice was taken; `finished` when the case is over."""

    finished: bool


@dataclass(frozen=True, slots=True)
class AlreadyDecided:
    """This decision was made before: the form was submitted twice, or in another window."""


def start(*, person_id: UUID, course_id: UUID, version_id: UUID, name: str, language: str, now: datetime) -> UUID:
    """Start a case, or continue the open playthrough, and return the playthrough's id."""
    before = queries.newest_playthrough(person_id, course_id, name)
    if before is not None and before.finished_at is None:
        return before.id
    playthrough = Playthrough(
        person_id=person_id,
        course_id=course_id,
        version_id=version_id,
        name=name,
        number=before.number + 1 if before else 1,
        language=language,
        started_at=now,
    )
    db.session.add(playthrough)
    db.session.flush()
    record(CaseStarted(at=now, playthrough_id=playthrough.id, person_id=person_id, course_id=course_id, name=name))
    return playthrough.id


def choose(playthrough_id: UUID, *, step: int, move: int, now: datetime) -> ChoiceTaken | AlreadyDecided:
    """Record a move at a step (from 1); raise IllegalMoveError for one that is not available there."""
    playthrough = queries.lock(playthrough_id)
    taken = queries.choices(playthrough_id)
    if step != len(taken) + 1 or playthrough.finished_at is not None:
        return AlreadyDecided()
    scenario = catalogue.case(playthrough.version_id, playthrough.name, playthrough.language).scenario
    path = domain.follow(scenario, [*taken, move])
    node = path.steps[-1].node
    db.session.add(Choice(playthrough_id=playthrough.id, step=step, node=node.id, move=move, chosen_at=now))
    record(CaseChoiceMade(at=now, playthrough_id=playthrough.id, person_id=playthrough.person_id, step=step))
    if domain.is_finished(path):
        _finish(playthrough, path, now)
    return ChoiceTaken(domain.is_finished(path))


def reduce(playthroughs: Collection[UUID], ends: datetime, now: datetime) -> int:
    """Delete the choices of these playthroughs and leave the results; return how many were changed.

    An open one starts again, because a path cannot lose its beginning alone. One finished since `ends` is not changed.
    """
    # their rows first: a choice made at the same time waits, or was first and is deleted with the others
    old = or_(Playthrough.finished_at.is_(None), Playthrough.finished_at < ends)
    rows = select(Playthrough.id).where(Playthrough.id.in_(playthroughs), old).order_by(Playthrough.id)
    table = table_of(Choice)
    of_playthroughs = Choice.playthrough_id.in_(list(db.session.scalars(rows.with_for_update())))
    gone = delete(table).where(of_playthroughs).returning(Choice.playthrough_id)
    walks = list(db.session.scalars(gone))
    if walks:
        record(CasesReduced(at=now, cases=len(set(walks)), choices=len(walks)))
    return len(set(walks))


def _finish(playthrough: Playthrough, path: domain.Path, now: datetime) -> None:
    playthrough.finished_at = now
    playthrough.share = domain.score(path)
    playthrough.misses, playthrough.false_alarms = domain.missed_victims(path), domain.false_alarms(path)
    record(
        CaseFinished(
            at=now,
            playthrough_id=playthrough.id,
            person_id=playthrough.person_id,
            course_id=playthrough.course_id,
            name=playthrough.name,
            share=playthrough.share,
            misses=playthrough.misses,
            false_alarms=playthrough.false_alarms,
            mark=domain.pass_mark(path),
        )
    )
