"""Count the officers behind figures, each once; in a locked quarter as they were counted on the day of the lock."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import distinct, func, literal, select, union_all

from app.db.session import db
from app.plan.domain.definitions import StoredDefinition
from app.plan.domain.frozen import officers_of
from app.plan.models import Contribution
from app.plan.queries import figures, frozen


def people(defined: StoredDefinition, day: date, split: str, among: Collection[str]) -> dict[str, int]:
    """Return the number of officers in each of these cells, in which an officer may count more than once.

    In a locked quarter, officers under threat are left out.
    """
    if not among:
        return {}
    if defined.frozen_on(day):
        return officers_of(frozen.totals(defined, day, split), among)
    column = getattr(Contribution, split)
    query = select(column, func.count(distinct(Contribution.person_id))).where(column.in_(among)).group_by(column)
    return {row[0]: row[1] for row in db.session.execute(query.where(*figures.counting(defined, day)))}


def of_few(
    counted: Sequence[tuple[StoredDefinition, date]], fewest: int, *, without: str = ""
) -> dict[date, frozenset[str]]:
    """Return for each day the codes of the figures with fewer than `fewest` officers; no query counts further.

    Officers of the country `without` are not counted.
    """
    parts = []
    few = _locked_few(counted, fewest, without)
    for index, (defined, day) in enumerate(counted):
        if defined.frozen_on(day):
            continue
        officers = select(Contribution.person_id).where(*figures.counting(defined, day))
        others = officers.where(Contribution.country != without) if without else officers
        parts.append(select(literal(index), func.count()).select_from(others.distinct().limit(fewest).subquery()))
    for index, n in db.session.execute(union_all(*parts)) if parts else ():
        if n < fewest:
            defined, day = counted[index]
            few[day] |= {defined.code}
    return few


def _locked_few(
    counted: Sequence[tuple[StoredDefinition, date]], fewest: int, without: str
) -> dict[date, frozenset[str]]:
    """Return for each day the codes of the locked figures with fewer than `fewest` officers."""
    few: dict[date, frozenset[str]] = {day: frozenset() for _, day in counted}
    for defined, day in counted:
        locked = defined.frozen_on(day)
        if locked and locked.officers_outside(without) < fewest:
            few[day] |= {defined.code}
    return few


def of_split(
    defined: StoredDefinition, day: date, split: str, without: Collection[object] = frozenset()
) -> dict[str, int]:
    """Return the number of officers by `country`, `agency_kind` or `role`, without some of them."""
    column = getattr(Contribution, split)
    query = select(column, func.count(distinct(Contribution.person_id))).where(*figures.counting(defined, day))
    if without:
        query = query.where(Contribution.person_id.not_in(without))
    return {row[0]: row[1] for row in db.session.execute(query.group_by(column))}


def outside(defined: StoredDefinition, day: date) -> Mapping[str, int]:
    """Return how many officers count outside each country with officers; of all countries for ""."""
    countries = (func.min(Contribution.country), func.max(Contribution.country))
    officers = select(*(column.label(name) for column, name in zip(countries, ("least", "most"), strict=True)))
    by_officer = officers.where(*figures.counting(defined, day)).group_by(Contribution.person_id).subquery()
    whole = db.session.scalar(select(func.count()).select_from(by_officer)) or 0
    within = select(by_officer.c.least, func.count()).where(by_officer.c.least == by_officer.c.most)
    alone = {row[0]: row[1] for row in db.session.execute(within.group_by(by_officer.c.least))}
    return {"": whole} | {country: whole - n for country, n in alone.items() if country}
