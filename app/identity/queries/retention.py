"""Reading who is to be let go, and whose identity has been kept long enough."""

import calendar
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select

from app.db.session import db
from app.identity.domain.people import PersonState
from app.identity.models import Country, Identity, Person, Posting

PORTION = 500


def departed_with_open_account(today: date) -> list[UUID]:
    """Return whose last day of service is over and whose account is open still."""
    query = select(Person.id).where(Person.leaves_on < today, Person.state == PersonState.ACTIVE).order_by(Person.id)
    return list(db.session.scalars(query.limit(PORTION)))


def expired_identities(today: date) -> list[UUID]:
    """Return who left so many months ago that their country keeps no identity any more; the next run finds the rest."""
    found: list[UUID] = []
    for code, months in db.session.execute(select(Country.code, Country.identity_months)).all():
        found += db.session.scalars(_left_by(code, months_before(today, months)).limit(PORTION - len(found)))
    return found


def months_before(day: date, months: int) -> date:
    """Return the day so many months before, or the last one of that month; the first of all days for very many."""
    place = day.year * 12 + day.month - 1 - months
    if place < 12:
        return date.min
    year, month = place // 12, place % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _left_by(country: str, day: date) -> Select[UUID]:
    later = Posting.__table__.alias("later")
    newest = ~select(later.c.id).where(later.c.person_id == Person.id, later.c.since > Posting.since).exists()
    return (
        select(Person.id)
        .join(Identity, Identity.person_id == Person.id)
        .join(Posting, Posting.person_id == Person.id)
        .where(Person.state != PersonState.ACTIVE, Posting.country == country, Posting.until <= day, newest)
        .order_by(Person.id)
    )
