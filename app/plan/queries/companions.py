"""Read the numbers that belong beside a figure: pairs and spread, asked and answered, runs and cases, lengths."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from math import sqrt

import msgspec
from sqlalchemy import func, select

from app.catalogue.queries import versions
from app.db.session import db
from app.kernel.shapes import ready
from app.plan.domain.content_rules import counted_incidents, median_days
from app.plan.domain.definitions import StoredDefinition
from app.plan.domain.rules import OWN_CHAIN
from app.plan.models import Contribution
from app.plan.queries import figures, result_sources
from app.quizzes.queries import results as quizzes

ready(dict[str, float | None])

Numbers = Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Companions:
    """The numbers beside a figure by name; empty for a rule without them."""

    rule: str = ""
    numbers: Numbers = field(default_factory=dict)


def beside(defined: StoredDefinition, day: date) -> Companions:
    """Return the numbers beside a figure of a day, for the community as a whole; those of the lock if it is locked."""
    if locked := defined.frozen_on(day):
        return Companions(defined.rule, msgspec.json.decode(locked.beside, type=dict[str, float | None]))
    read = _READERS.get(defined.rule)
    return Companions(defined.rule, read(defined, day)) if read else Companions()


def _gain(defined: StoredDefinition, day: date) -> Numbers:
    numerator = Contribution.numerator
    pairs, mean, squares = _row(defined, day, func.count(), func.avg(numerator), func.avg(numerator * numerator))
    spread = sqrt(max(0.0, squares - mean * mean)) if pairs else None
    wanted = set(defined.indicator.settings.get("modules", ()))
    courses = [course.id for course in versions.course_records() if course.code in wanted]
    first = quizzes.first_tests(courses, datetime.combine(day + timedelta(1), time(0), UTC))
    return {"pairs": pairs, "spread": spread, "without": max(0, first - pairs)}


def _retained(defined: StoredDefinition, day: date) -> Numbers:
    asked, answered = _row(defined, day, func.count(), func.count().filter(Contribution.thing.like("retained:%")))
    return {"asked": asked, "answered": answered}


def _accuracy(defined: StoredDefinition, day: date) -> Numbers:
    runs, cases = _row(defined, day, func.count(), func.count(Contribution.thing.distinct()))
    return {"runs": runs, "cases": cases}


def _agreement(defined: StoredDefinition, day: date) -> Numbers:
    (results,) = _row(defined, day, func.count())
    return {"results": results}


def _content(defined: StoredDefinition, day: date) -> Numbers:
    lacking = func.sum(Contribution.denominator - Contribution.numerator)
    (items,) = _row(defined, day, func.coalesce(lacking, 0))
    return {"lacking": items}


def _incidents(_defined: StoredDefinition, day: date) -> Numbers:
    listed = result_sources.incident_list()
    severe = sum(incident.severe for incident in counted_incidents(listed) if incident.begun <= day)
    return {"severe": severe, "days": median_days(listed, day)}


def _actions(defined: StoredDefinition, day: date) -> Numbers:
    due, done = _row(defined, day, func.count(), func.coalesce(func.sum(Contribution.numerator), 0))
    return {"actions": due, "on_time": done}


def _row(defined: StoredDefinition, day: date, *columns: object) -> tuple[float, ...]:
    query = select(*columns).where(*figures.counting(defined, day))  # type: ignore[call-overload]
    return tuple(value or 0 for value in db.session.execute(query).one())


def _verified(defined: StoredDefinition, day: date) -> Numbers:
    own_chain = func.count().filter(Contribution.thing == OWN_CHAIN)
    verified, alone = _row(defined, day, func.count().filter(Contribution.numerator > 0), own_chain)
    return {"verified": verified, "own_chain": alone}


_READERS: Mapping[str, Callable[[StoredDefinition, date], Numbers]] = {
    "verified_in_all": _verified,
    "verified_in_all_share": _verified,
    "mean_gain": _gain,
    "retained_share": _retained,
    "scenario_accuracy": _accuracy,
    "assessors_agree": _agreement,
    "content_marked": _content,
    "incidents": _incidents,
    "action_points_on_time": _actions,
}
