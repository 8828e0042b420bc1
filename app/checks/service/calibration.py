"""Score the calibration case of a rubric before the first marking by it."""

from datetime import datetime
from uuid import UUID

import msgspec

from app.catalogue.domain.references.rubrics import Rubric
from app.checks.domain import marking as rules
from app.checks.domain.marking import Calibrated, Scores
from app.checks.events import CalibrationDone
from app.checks.models import Calibration
from app.checks.queries import calibrations
from app.db.session import db, record
from app.identity.queries import postings
from app.kernel.errors import DomainError


def score_case(person_id: UUID, rubric: Rubric, scores: Scores, now: datetime) -> bool:
    """Save an assessor's scores of the case, and return whether they are near enough to the model scores.

    One try a day: the page shows the reasons after it. Raises DomainError for scores that are not complete, without a
    case, after it was passed, or a second time on a day.
    """
    postings.lock(person_id)  # two submissions at once are one try
    if calibrations.state(person_id, rubric, now.date()) is not Calibrated.OPEN:
        raise DomainError("You cannot score this case now.")
    if not rules.are_complete(scores, rubric.criteria):
        raise DomainError("Score each criterion from 0 to 3.")
    passed = rules.is_near(scores, rubric.model)
    text = msgspec.json.encode(dict(scores)).decode()
    db.session.add(Calibration(person_id=person_id, rubric=rubric.id, scores=text, passed=passed, done_at=now))
    record(CalibrationDone(at=now, rubric=rubric.id, passed=passed))
    return passed
