"""Read the accounts to close after the last day of service, and the identities to delete, for the jobs."""

import calendar
from datetime import date
from uuid import UUID

from sqlalchemy import Select, select

from app.db.session import db
from app.identity.domain.people import PersonState
from app.identity.models import Country, Identity, Person, Posting

PORTION = 500


def departed_with_open_account(today: date) -> list[UUID]:
    """Return the people whose last day of service has passed and whose account is still open."""
    query = select(Person.id).where(Person.leaves_on < today, Person.state == PersonState.ACTIVE).order_by(Person.id)
    return list(db.session.scalars(query.limit(PORTION)))


def expired_identities(today: date) -> list[UUID]:
    """Return the people whose identity has passed the retention of their country, up to one portion."""
    people: list[UUID] = []
    for code, months in db.session.execute(select(Country.code, Country.identity_months)).all():
        people += db.session.scalars(_left_by(code, months_before(today, months)).limit(PORTION - len(people)))
    return people


def months_before(day: date, months: int) -> date:
    """Return the day this many months earlier, at most the last day of that month; date.min before year 1."""
    month_number = day.year * 12 + day.month - 1 - months
    if month_number < 12:
        return date.min
    year, month = month_number // 12, month_number % 12 + 1
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
