"""Read products: what an officer produced, the results to be recorded, and the officer's own result."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select

from app.access.policy import Actor
from app.catalogue.domain.courses import DeskTask
from app.catalogue.domain.items import Level
from app.catalogue.domain.references.rubrics import Rubric
from app.catalogue.queries import courses as catalogue
from app.checks.domain import marking as rules
from app.checks.domain.marking import Scores
from app.checks.domain.products import MarkingPart, ProductState
from app.checks.domain.sittings import WorkState
from app.checks.models import Marking, Product, SeatWork, SittingSeat
from app.checks.queries.marking import scores_of
from app.db.session import db
from app.quizzes import queries as quizzes
from app.quizzes.domain import answers
from app.quizzes.domain.answers import Answer
from app.quizzes.domain.selection import practice_question
from app.quizzes.queries import watched
from app.quizzes.shapes import Drawn


@dataclass(frozen=True, slots=True)
class ProducedAnswer:
    """A question of a desk task with its texts and documents, and the answer of the officer, None for none."""

    drawn: Drawn
    answer: Answer | None


@dataclass(frozen=True, slots=True)
class OwnProduct:
    """A desk task of the reader with its result; `marks` and `comments` are those of the assessors that count."""

    id: UUID
    person_id: UUID
    competency: str
    level: Level
    version_id: UUID
    language: str
    attempt_id: UUID
    sat_on: date
    wanted_by: date
    state: ProductState
    ratio: float | None
    marks: tuple[Scores, ...]
    comments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OwnTaskResult:
    """A desk task of an officer in a list."""

    id: UUID
    competency: str
    level: Level
    sat_on: date
    state: ProductState
    ratio: float | None


@dataclass(frozen=True, slots=True)
class MarkedScore:
    """The scores of an assessor for a product that two assessors marked, as a ratio of the points."""

    product_id: UUID
    person_id: UUID
    competency: str
    level: Level
    assessor_id: UUID
    submitted_at: datetime
    ratio: float


def rubric_of(competency: str, level: Level) -> Rubric | None:
    """Return the rubric of a competency at a level, or None."""
    rubrics = catalogue.rubrics()
    return rubrics.get(competency, level) if rubrics else None


def task_of(version_id: UUID, name: str) -> DeskTask | None:
    """Return a desk task of a version, or None."""
    tasks = catalogue.outline(version_id).facts.desk_tasks
    return next((task for task in tasks if task.id == name), None)


def produced(version_id: UUID, language: str, attempt_id: UUID) -> list[ProducedAnswer]:
    """Return the questions and answers of a desk task, in order; empty after its answers were deleted."""
    shown = catalogue.outline(version_id).spoken(language)
    bank = catalogue.bank(version_id, shown)
    lines = []
    for line in watched.answers_of(attempt_id):
        question = bank[line.item.id]
        documents = quizzes.documents_of(question.item, version_id, shown)
        drawn = Drawn(line.number, practice_question(question.item), question.texts, shown, documents)
        answer = None if line.body is None else answers.parse(question.item, line.body)
        lines.append(ProducedAnswer(drawn, answer))
    return lines


def to_record(limit: int) -> list[UUID]:
    """Return marked products whose result is not recorded as evidence yet, those marked first."""
    query = (
        select(Product.id)
        .join(SeatWork, (SeatWork.seat_id == Product.seat_id) & (SeatWork.position == Product.position))
        .where(Product.state == ProductState.MARKED, SeatWork.state == WorkState.SUBMITTED)
        .order_by(Product.marked_at, Product.id)
    )
    return list(db.session.scalars(query.limit(limit)))


def own_product(actor: Actor, product_id: UUID) -> OwnProduct:
    """Return a desk task of the actor, or raise NoResultFound: those of others look as if they did not exist."""
    row = db.session.execute(
        select(Product, SittingSeat.person_id)
        .join(SittingSeat, SittingSeat.id == Product.seat_id)
        .where(Product.id == product_id, SittingSeat.person_id == actor.id)
    ).one()
    product: Product = row.Product
    # before the result is evidence, an officer sees neither scores nor comments
    markings = _counted_markings(product) if product.state is ProductState.MARKED else []
    return OwnProduct(
        id=product.id,
        person_id=row.person_id,
        competency=product.competency,
        level=product.level,
        version_id=product.version_id,
        language=product.language,
        attempt_id=product.attempt_id,
        sat_on=product.sat_on,
        wanted_by=product.wanted_by,
        state=product.state,
        ratio=product.share,
        marks=tuple(scores_of(marking.scores) for marking in markings),
        comments=tuple(marking.comment for marking in markings if marking.comment),
    )


def results_of(person_id: UUID, limit: int) -> list[OwnTaskResult]:
    """Return the desk tasks of an officer, the newest first."""
    query = (
        select(Product.id, Product.competency, Product.level, Product.sat_on, Product.state, Product.share)
        .join(SittingSeat, SittingSeat.id == Product.seat_id)
        .where(SittingSeat.person_id == person_id, Product.state != ProductState.WITHDRAWN)
        .order_by(Product.sat_on.desc(), Product.id)
    )
    return [OwnTaskResult(*row) for row in db.session.execute(query.limit(limit))]


def double_marked() -> list[UUID]:
    """Return the products that two assessors marked, by id."""
    query = (
        select(Marking.product_id)
        .where(Marking.part.in_((MarkingPart.FIRST, MarkingPart.SECOND)), Marking.submitted_at.is_not(None))
        .group_by(Marking.product_id)
        .having(func.count() > 1)
    )
    return list(db.session.scalars(query.order_by(Marking.product_id)))


def scores_of_products(products: Collection[UUID]) -> list[MarkedScore]:
    """Return the scores of the first and the second assessor of these products, the earliest first."""
    query = (
        select(
            Marking.product_id,
            SittingSeat.person_id,
            Product.competency,
            Product.level,
            Marking.marker_id,
            Marking.submitted_at,
            Marking.scores,
        )
        .join(Product, Product.id == Marking.product_id)
        .join(SittingSeat, SittingSeat.id == Product.seat_id)
        .where(
            Marking.product_id.in_(products),
            Marking.part != MarkingPart.SETTLING,
            Marking.submitted_at.is_not(None),
        )
        .order_by(Marking.submitted_at, Marking.id)
    )
    return [
        MarkedScore(
            product_id=row.product_id,
            person_id=row.person_id,
            competency=row.competency,
            level=row.level,
            assessor_id=row.marker_id,
            submitted_at=row.submitted_at,
            ratio=rules.ratio_of(scores_of(row.scores)),
        )
        for row in db.session.execute(query)
    ]


def _counted_markings(product: Product) -> list[Marking]:
    """Return the markings that made the result: of two assessors who agree, or of the one who settled it."""
    query = select(Marking).where(Marking.product_id == product.id, Marking.submitted_at.is_not(None))
    markings = sorted(db.session.scalars(query), key=lambda marking: list(MarkingPart).index(marking.part))
    settling = [marking for marking in markings if marking.part is MarkingPart.SETTLING]
    return settling or markings
