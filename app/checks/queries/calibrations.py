"""Read the calibration cases that an assessor has scored."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select

from app.catalogue.domain.references.rubrics import Rubric, Rubrics
from app.catalogue.queries import courses as catalogue
from app.checks.domain.marking import Calibrated, Scores
from app.checks.models import Calibration
from app.checks.queries.marking import scores_of
from app.db.session import db


@dataclass(frozen=True, slots=True)
class CalibrationLine:
    """The scores of an assessor for the calibration case of a rubric."""

    rubric: str
    scores: Scores
    passed: bool
    done_at: datetime


def latest(person_id: UUID, rubric: str) -> CalibrationLine | None:
    """Return the newest scores of an assessor for the case of a rubric; those that passed come first."""
    query = select(Calibration).where(Calibration.person_id == person_id, Calibration.rubric == rubric)
    ordered = query.order_by(Calibration.passed.desc(), Calibration.done_at.desc(), Calibration.id).limit(1)
    row = db.session.scalars(ordered).one_or_none()
    return None if row is None else CalibrationLine(row.rubric, scores_of(row.scores), row.passed, row.done_at)


def state(person_id: UUID, rubric: Rubric, today: date) -> Calibrated:
    """Return what an assessor has to do before marking by a rubric."""
    return _state(rubric, latest(person_id, rubric.id) if rubric.model else None, today)


def states(person_id: UUID, today: date) -> dict[str, Calibrated]:
    """Return what an assessor has to do before marking, by rubric."""
    query = select(Calibration.rubric, Calibration.scores, Calibration.passed, Calibration.done_at).where(
        Calibration.person_id == person_id
    )
    lines: dict[str, CalibrationLine] = {}
    for row in db.session.execute(query.order_by(Calibration.passed, Calibration.done_at)):
        lines[row.rubric] = CalibrationLine(row.rubric, scores_of(row.scores), row.passed, row.done_at)
    rubrics = catalogue.rubrics() or Rubrics()
    return {rubric.id: _state(rubric, lines.get(rubric.id), today) for rubric in rubrics.rubrics}


def without_case() -> list[str]:
    """Return the rubrics that have no calibration case yet."""
    rubrics = catalogue.rubrics() or Rubrics()
    return [rubric.id for rubric in rubrics.rubrics if not rubric.model]


def _state(rubric: Rubric, line: CalibrationLine | None, today: date) -> Calibrated:
    if not rubric.model:
        return Calibrated.NO_CASE
    if line is None:
        return Calibrated.OPEN
    if line.passed:
        return Calibrated.PASSED
    return Calibrated.TOMORROW if line.done_at.date() >= today else Calibrated.OPEN
