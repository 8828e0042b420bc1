"""Queries of watched evidence and of trained officers, for the integrity of watched checks in `checks`."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, or_, select
from sqlalchemy.orm import aliased

from app.catalogue.domain.items import Level
from app.competence.domain.evidence import LEVELS, TO_THE_MARK, EvidenceKind
from app.competence.models import CompetencyValidity, Evidence, State
from app.db.session import db
from app.identity.queries import postings

SITTING_KINDS = (EvidenceKind.CHECK, EvidenceKind.SURPRISE, EvidenceKind.DESK_TASK)
PORTION = 5_000  # officers read at once
_VOIDING, _LATER = aliased(Evidence), aliased(Evidence)


@dataclass(frozen=True, slots=True)
class WatchedPiece:
    """A piece of watched evidence that counts."""

    id: int
    person_id: UUID
    competency: str
    level: Level
    day: date
    kind: EvidenceKind
    assessor_id: UUID | None
    done_at: datetime


def watched_evidence(people: Collection[UUID], competency: str = "") -> list[WatchedPiece]:
    """Return the watched evidence on these people that is not voided, the oldest first."""
    query = select(
        Evidence.id, Evidence.person_id, Evidence.competency, Evidence.level, Evidence.day, Evidence.kind,
        Evidence.assessor_id, Evidence.done_at,
    ).where(*_counted(people, competency))  # fmt: skip
    return [WatchedPiece(*row) for row in db.session.execute(query.order_by(Evidence.done_at, Evidence.id))]


def reached_on(person_id: UUID) -> Mapping[tuple[str, Level], date]:
    """Return the newest day on which a watched result reached the mark, by competency and level, or a higher level."""
    query = select(Evidence.competency, Evidence.level, Evidence.day).where(
        *_counted([person_id], ""), Evidence.share >= Evidence.mark - TO_THE_MARK
    )
    days: dict[tuple[str, Level], date] = {}
    for competency, reached, day in db.session.execute(query):
        for level in LEVELS[: LEVELS.index(reached) + 1]:
            days[competency, level] = max(day, days.get((competency, level), day))
    return days


def watched_ids(people: Collection[UUID], competency: str = "") -> Select[int]:
    """Return the query of the numbers of `watched_evidence`, for conditions of other packages."""
    return select(Evidence.id).where(*_counted(people, competency))


def assessor_of(evidence_id: int) -> UUID | None:
    """Return the assessor who scored a piece of evidence, or None."""
    return db.session.scalar(select(Evidence.assessor_id).where(Evidence.id == evidence_id))


def results_since(day: date) -> Subquery:
    """Return the results of sittings since a day, to join in other packages; `passed` is 1 or 0."""
    passed = case((Evidence.share >= Evidence.mark - TO_THE_MARK, 1), else_=0)
    return (
        select(
            Evidence.id, Evidence.person_id, Evidence.competency, Evidence.level, Evidence.kind, Evidence.assessor_id,
            passed.label("passed"),
        )
        .where(Evidence.kind.in_(SITTING_KINDS), Evidence.day >= day, Evidence.watched, _is_not_voided())
        .subquery("results_since")
    )  # fmt: skip


def newest_verifying(evidence_ids: Select[int], today: date) -> list[tuple[str, UUID]]:
    """Return competency and person where one of these is the newest watched evidence and a verification is valid."""
    later = select(_LATER.id).where(
        _LATER.person_id == Evidence.person_id,
        _LATER.competency == Evidence.competency,
        _LATER.watched,
        or_(_LATER.done_at > Evidence.done_at, and_(_LATER.done_at == Evidence.done_at, _LATER.id > Evidence.id)),
        ~select(_VOIDING.id).where(_VOIDING.voids == _LATER.id).exists(),
    )
    valid = select(CompetencyValidity.person_id).where(
        CompetencyValidity.person_id == Evidence.person_id,
        CompetencyValidity.competency == Evidence.competency,
        CompetencyValidity.until >= today,
    )
    query = select(Evidence.competency, Evidence.person_id).where(
        Evidence.id.in_(evidence_ids), Evidence.watched, _is_not_voided(), ~later.exists(), valid.exists()
    )
    return [(row[0], row[1]) for row in db.session.execute(query)]


def trained_officers(competencies: Collection[str], today: date) -> dict[str, list[UUID]]:
    """Return the officers in service who were ever trained in these competencies, by competency, in order.

    It reads a few thousand officers at once.
    """
    serving = postings.serving_with_roles(today)
    officers = select(serving.c.person_id).where(serving.c.roles != "").order_by(serving.c.person_id).limit(PORTION)
    trained: dict[str, list[UUID]] = {}
    portion = list(db.session.scalars(officers))
    while portion:
        states = (
            select(State.person_id, State.competency)
            .where(State.person_id.between(portion[0], portion[-1]), State.competency.in_(competencies))
            .distinct()
            .order_by(State.person_id)
        )
        wanted = {person_id: person_id for person_id in portion}  # one object a person, whatever the competencies
        for person_id, competency in db.session.execute(states):
            if (officer := wanted.get(person_id)) is not None:
                trained.setdefault(competency, []).append(officer)
        portion = list(db.session.scalars(officers.where(serving.c.person_id > portion[-1])))
    return trained


def trained_levels(people: Collection[UUID], competency: str) -> dict[UUID, list[Level]]:
    """Return the levels at which these people have a state of a competency."""
    query = select(State.person_id, State.level).where(State.person_id.in_(people), State.competency == competency)
    levels: dict[UUID, list[Level]] = {}
    for person_id, level in db.session.execute(query):
        levels.setdefault(person_id, []).append(level)
    return levels


def _counted(people: Collection[UUID], competency: str) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [
        Evidence.person_id.in_(people),
        Evidence.watched.is_(True),
        _is_not_voided(),
    ]
    return [*conditions, Evidence.competency == competency] if competency else conditions


def _is_not_voided() -> ColumnElement[bool]:
    return ~select(_VOIDING.id).where(_VOIDING.voids == Evidence.id).exists()
