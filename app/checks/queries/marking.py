"""Read the queue of products and the markings of an assessor: never the officer, agency, country or sitting."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Select, and_, case, false, func, not_, or_, select, true

from app.access.policy import Actor, Role, contact_point
from app.catalogue.domain.items import Level
from app.checks.domain.marking import Assessor, MarkingFacts
from app.checks.domain.products import QUEUED, MarkingPart, ProductState
from app.checks.models import Calibration, Marking, MarkingComment, Product, SittingInvigilator, SittingSeat
from app.db.session import db
from app.identity.queries import role_postings
from app.identity.queries.roles import roles_of
from app.kernel.shapes import ready

ready(dict[str, int])
YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class PostedAssessor:
    """An assessor with the posting of the day. A contact point knows the officers of the own country."""

    id: UUID
    country: str
    agency_id: UUID
    is_contact_point: bool


@dataclass(frozen=True, slots=True)
class WaitingProduct:
    """A product in the queue, as assessors see it."""

    number: int
    competency: str
    level: Level
    state: ProductState
    wanted_by: date
    language: str

    @property
    def rubric(self) -> str:
        """Return the id of its rubric."""
        return rubric_id(self.competency, self.level)


@dataclass(frozen=True, slots=True)
class WaitingGroup:
    """How many products wait for marking by a rubric."""

    competency: str
    level: Level
    count: int

    @property
    def rubric(self) -> str:
        """Return the id of the rubric."""
        return rubric_id(self.competency, self.level)


@dataclass(frozen=True, slots=True)
class ScarceProducts:
    """The products of a rubric that few others can mark: of these agencies, None: of all."""

    competency: str
    level: Level
    agencies: Collection[UUID] | None


@dataclass(frozen=True, slots=True)
class OwnMarking:
    """A marking of the reader with its product. `scores` are those of a draft until `submitted_at` is set."""

    id: UUID
    product_id: UUID
    marker_id: UUID
    part: MarkingPart
    submitted_at: datetime | None
    scores: Mapping[str, int]
    comment: str
    number: int
    competency: str
    level: Level
    version_id: UUID
    task: str
    language: str
    attempt_id: UUID
    state: ProductState
    wanted_by: date

    @property
    def rubric(self) -> str:
        """Return the id of the rubric."""
        return rubric_id(self.competency, self.level)


@dataclass(frozen=True, slots=True)
class OtherMarking:
    """The submitted scores of another assessor for the same product."""

    part: MarkingPart
    scores: Mapping[str, int]


def rubric_id(competency: str, level: Level) -> str:
    """Return the id of the rubric of a competency at a level."""
    return f"{competency}.{level}"


def scores_of(text: str) -> dict[str, int]:
    """Return stored scores; a marking without scores has none."""
    return msgspec.json.decode(text, type=dict[str, int]) if text else {}


def marker(actor: Actor, today: date) -> PostedAssessor | None:
    """Return the actor as an assessor, or None without a posting today: then there is nothing to mark."""
    posting = next(iter(role_postings.of_role(Role.ASSESSOR, today, only=actor.id)), None)
    if posting is None:
        return None
    return PostedAssessor(actor.id, posting.country, posting.agency_id, contact_point(actor))


def markers(today: date) -> list[PostedAssessor]:
    """Return all assessors with a posting today."""
    return [
        PostedAssessor(
            posting.person_id,
            posting.country,
            posting.agency_id,
            Role.CONTACT_POINT in roles_of(posting.person_id, today),
        )
        for posting in role_postings.of_role(Role.ASSESSOR, today)
    ]


def waiting_groups(marker: PostedAssessor) -> list[WaitingGroup]:
    """Return the products that the assessor may mark, counted by rubric, in the order of competencies."""
    query = (
        select(Product.competency, Product.level, func.count())
        .where(*_may_mark(marker))
        .group_by(Product.competency, Product.level)
        .order_by(Product.competency, Product.level)
    )
    return [WaitingGroup(*row) for row in db.session.execute(query)]


def waiting_languages(marker: PostedAssessor) -> list[str]:
    """Return the languages of the products that the assessor may mark."""
    query = select(Product.language).where(*_may_mark(marker)).distinct().order_by(Product.language)
    return list(db.session.scalars(query))


def count_waiting(marker: PostedAssessor) -> int:
    """Return how many products the assessor may mark."""
    return db.session.scalar(select(func.count()).where(*_may_mark(marker))) or 0


def waiting(
    marker: PostedAssessor,
    *,
    scarce: Collection[ScarceProducts],
    rubric: tuple[str, Level] | None,
    limit: int,
    language: str = "",
) -> list[WaitingProduct]:
    """Return products that the assessor may mark: the scarce ones first, then those wanted first."""
    query = select(*_WAITING).where(*_may_mark(marker))
    if rubric is not None:
        query = query.where(Product.competency == rubric[0], Product.level == rubric[1])
    if language:
        query = query.where(Product.language == language)
    ordered = query.order_by(*_scarce_first(scarce), Product.wanted_by, Product.submitted_at, Product.number)
    return [WaitingProduct(*row) for row in db.session.execute(ordered.limit(limit))]


def may_mark(marker: PostedAssessor, number: int) -> bool:
    """Return whether a product waits for an assessor such as this one."""
    query = select(Product.id).where(Product.number == number, *_may_mark(marker))
    return db.session.scalar(query) is not None


def _scarce_first(scarce: Collection[ScarceProducts]) -> Iterable[ColumnElement[Any]]:
    groups = [
        and_(
            Product.competency == group.competency,
            Product.level == group.level,
            true() if group.agencies is None else Product.agency_id.in_(group.agencies),
        )
        for group in scarce
    ]
    if groups:
        yield case((or_(*groups), 0), else_=1)


def _may_mark(marker: PostedAssessor) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions for products in the queue that an assessor may mark.

    Not of the own agency, not the own work, not of an officer whom the assessor watched, nothing twice. Of level
    specialist nothing that the own country has marked; a contact point marks nothing of the own country.
    """
    sittings = select(SittingInvigilator.sitting_id).where(SittingInvigilator.person_id == marker.id)
    own_seats = select(SittingSeat.id).where(SittingSeat.person_id == marker.id)
    watched_seats = select(SittingSeat.id).where(SittingSeat.sitting_id.in_(sittings))
    own = select(Marking.product_id).where(Marking.marker_id == marker.id)
    of_country = select(Marking.id).where(Marking.product_id == Product.id, Marking.country == marker.country).exists()
    is_own_country = Product.country == marker.country if marker.is_contact_point else false()
    return (
        Product.state.in_(QUEUED),
        or_(Product.agency_id.is_(None), Product.agency_id != marker.agency_id),
        Product.seat_id.not_in(own_seats),
        Product.seat_id.not_in(watched_seats),
        Product.id.not_in(own),
        or_(Product.level != Level.SPECIALIST, ~of_country),
        not_(is_own_country),
    )


def own_marking(actor: Actor, number: int) -> OwnMarking:
    """Return the actor's marking of a product, or raise NoResultFound: others look as if they did not exist."""
    query = _own_markings(actor.id).where(Product.number == number, Product.state != ProductState.WITHDRAWN)
    return _own(db.session.execute(query).one())


def open_markings(person_id: UUID) -> list[OwnMarking]:
    """Return the markings that an assessor has taken and not submitted, those wanted first."""
    query = _own_markings(person_id).where(Marking.submitted_at.is_(None))
    return [_own(row) for row in db.session.execute(query.order_by(Product.wanted_by, Product.number))]


def finished_markings(person_id: UUID, since: datetime, limit: int) -> list[OwnMarking]:
    """Return the markings that an assessor has submitted since a time, the last one first."""
    query = _own_markings(person_id).where(Marking.submitted_at >= since, Product.state != ProductState.WITHDRAWN)
    ordered = query.order_by(Marking.submitted_at.desc(), Product.number).limit(limit)
    return [_own(row) for row in db.session.execute(ordered)]


def count_finished(person_id: UUID, since: datetime) -> int:
    """Return how many markings an assessor has submitted since a time."""
    query = select(func.count()).where(Marking.marker_id == person_id, Marking.submitted_at >= since)
    return db.session.scalar(query) or 0


def count_open(person_id: UUID) -> int:
    """Return how many markings an assessor has taken and not submitted."""
    query = select(func.count()).where(Marking.marker_id == person_id, Marking.submitted_at.is_(None))
    return db.session.scalar(query) or 0


def finished_by_country(now: datetime) -> dict[str, int]:
    """Return the markings submitted within a year by country of the assessor."""
    query = select(Marking.country, func.count()).where(Marking.submitted_at >= now - YEAR).group_by(Marking.country)
    return {row[0]: row[1] for row in db.session.execute(query)}


def assessors(today: date, without_case: Collection[str]) -> dict[UUID, Assessor]:
    """Return the active assessors with a posting; each may mark by rubrics without a calibration case, too."""
    passed: dict[UUID, set[str]] = {}
    query = select(Calibration.person_id, Calibration.rubric).where(Calibration.passed).distinct()
    for person_id, rubric in db.session.execute(query):
        passed.setdefault(person_id, set()).add(rubric)
    free = frozenset(without_case)
    return {
        posting.person_id: Assessor(posting.country, posting.agency_id, free.union(passed.get(posting.person_id, ())))
        for posting in role_postings.of_role(Role.ASSESSOR, today)
    }


def markings_of(product_id: UUID) -> list[MarkingFacts]:
    """Return the markings of a product for the rules."""
    query = select(Marking.part, Marking.country, Marking.scores, Marking.submitted_at).where(
        Marking.product_id == product_id
    )
    return [
        MarkingFacts(part, country, scores_of(scores) if submitted_at is not None else None)
        for part, country, scores, submitted_at in db.session.execute(query)
    ]


def others(marking: OwnMarking) -> list[OtherMarking]:
    """Return the submitted scores of the other assessors of a product, without names, in the order of the parts."""
    query = select(Marking.part, Marking.scores).where(
        Marking.product_id == marking.product_id, Marking.id != marking.id, Marking.submitted_at.is_not(None)
    )
    lines = [OtherMarking(part, scores_of(scores)) for part, scores in db.session.execute(query)]
    return sorted(lines, key=lambda line: list(MarkingPart).index(line.part))


def bank(rubric: str, limit: int) -> list[tuple[UUID, str]]:
    """Return id and text of the newest comments of the bank for a rubric."""
    query = select(MarkingComment.id, MarkingComment.text).where(MarkingComment.rubric == rubric)
    ordered = query.order_by(MarkingComment.written_at.desc(), MarkingComment.id).limit(limit)
    return [(row[0], row[1]) for row in db.session.execute(ordered)]


def bank_text(rubric: str, comment_id: UUID) -> str:
    """Return a comment of the bank for a rubric, or raise NoResultFound."""
    query = select(MarkingComment.text).where(MarkingComment.rubric == rubric, MarkingComment.id == comment_id)
    return db.session.execute(query).scalar_one()


def _own_markings(person_id: UUID) -> Select[*tuple[Any, ...]]:
    return select(*_OWN).join(Product, Product.id == Marking.product_id).where(Marking.marker_id == person_id)


def _own(row: Any) -> OwnMarking:
    values = row._asdict()
    return OwnMarking(**{**values, "scores": scores_of(values["scores"])})


_WAITING = (Product.number, Product.competency, Product.level, Product.state, Product.wanted_by, Product.language)
_OWN = (
    Marking.id, Marking.product_id, Marking.marker_id, Marking.part, Marking.submitted_at, Marking.scores,
    Marking.comment, Product.number, Product.competency, Product.level, Product.version_id, Product.task,
    Product.language, Product.attempt_id, Product.state, Product.wanted_by,
)  # fmt: skip
