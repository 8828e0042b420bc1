"""Read how many officers retained a course, from the records behind the indicator of retention."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import case, func, select

from app.catalogue.domain.result_filters import ResultFilter
from app.db.session import db
from app.plan.domain.definitions import StoredDefinition, all_valid_on
from app.plan.models import Contribution
from app.plan.queries import figures

RULE = "retained_share"
ANSWERED, UNANSWERED = "retained", "unanswered"


@dataclass(frozen=True, slots=True)
class CourseRetention:
    """Officers asked the delayed questions of a course, those who answered, and those who retained it."""

    asked: int
    answered: int
    retained: int


def retention(selected: ResultFilter, versions: Collection[UUID], today: date) -> CourseRetention | None:
    """Return the retention of these versions of a course, None if the plan does not count it.

    The days of `selected` are those on which officers answered, or on which the time to answer ended; its language does
    not limit the records.
    """
    counted = _definition(today)
    if counted is None:
        return None
    answered = [f"{ANSWERED}:{version_id}" for version_id in versions]
    unanswered = [f"{UNANSWERED}:{version_id}" for version_id in versions]
    query = select(
        func.count(),
        func.count(case((Contribution.thing.in_(answered), 1))),
        func.coalesce(func.sum(Contribution.numerator), 0),
    ).where(
        *figures.counting(counted, today),
        Contribution.thing.in_([*answered, *unanswered]),
        Contribution.person_id.not_in(selected.without),
    )
    if selected.begins is not None:
        query = query.where(Contribution.since >= selected.begins.date())
    if selected.ends is not None:
        query = query.where(Contribution.since < selected.ends.date())
    asked, answers, retained = db.session.execute(query).one()
    return CourseRetention(asked, answers, round(retained))


def _definition(today: date) -> StoredDefinition | None:
    valid = all_valid_on(figures.definitions(), today)
    return next((defined for _code, defined in sorted(valid.items()) if defined.rule == RULE), None)
