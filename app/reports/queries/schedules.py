"""Read schedules of reports with their recipients, and people who may be recipients."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from app.access.policy import Action, Actor, Role, Scope, allows
from app.db.session import db
from app.identity.queries import roles
from app.reports.models import ReportRecipient, ReportSchedule
from app.reports.queries.runs import forms_of
from app.reports.shapes import ScheduleLine

READERS = (Role.COORDINATOR, Role.CO_CHAIR)  # and contact points, whose role is for a country
MOST = 100


def lines(*, due_on: date | None = None) -> list[ScheduleLine]:
    """Return the schedules that run, or those due on a day, the next first."""
    query = select(ReportSchedule).where(ReportSchedule.ended_at.is_(None))
    if due_on is not None:
        query = query.where(ReportSchedule.next_on <= due_on)
    ordered = query.order_by(ReportSchedule.next_on, ReportSchedule.id).limit(MOST)
    rows = list(db.session.scalars(ordered.execution_options(populate_existing=True)))
    people = _recipients([row.id for row in rows])
    return [_line(row, people.get(row.id, ())) for row in rows]


def visible(actor: Actor, schedule_id: UUID) -> UUID:
    """Return the id of a schedule for a coordinator, or raise NoResultFound."""
    exists = db.session.scalar(select(ReportSchedule.id).where(ReportSchedule.id == schedule_id))
    if exists is None or not allows(actor, Action.MAKE_REPORT):
        raise NoResultFound
    return exists


def recipients(schedule_id: UUID) -> list[UUID]:
    """Return the recipients of a schedule."""
    return list(_recipients([schedule_id]).get(schedule_id, ()))


def recipients_of(schedule_id: UUID, country: str, today: date) -> list[UUID]:
    """Return the recipients of a schedule who may open its reports on a day; `country` is that of the report, or ""."""
    central = _central(today)
    offices = roles.offices(Role.CONTACT_POINT, today)
    allowed = central.union(*(people for code, people in offices.items() if country in ("", code)))
    return [person_id for person_id in recipients(schedule_id) if person_id in allowed]


def possible_recipients(today: date) -> list[UUID]:
    """Return the people with a role that may open reports."""
    return sorted(_central(today).union(*roles.offices(Role.CONTACT_POINT, today).values()))


def _central(today: date) -> set[UUID]:
    return {person_id for role, person_id in roles.holders(Scope.ALL, "", today) if role in READERS}


def _recipients(schedules: Collection[UUID]) -> dict[UUID, list[UUID]]:
    people: dict[UUID, list[UUID]] = defaultdict(list)
    query = select(ReportRecipient.schedule_id, ReportRecipient.person_id).order_by(ReportRecipient.person_id)
    for schedule_id, person_id in db.session.execute(query.where(ReportRecipient.schedule_id.in_(schedules))):
        people[schedule_id].append(person_id)
    return people


def _line(row: ReportSchedule, people: Collection[UUID]) -> ScheduleLine:
    return ScheduleLine(
        id=row.id,
        kind=row.kind,
        subject=row.subject,
        country=row.country,
        period=row.period,
        forms=forms_of(row.forms),
        languages=row.languages.split(),
        next_on=row.next_on,
        created_by=row.created_by,
        recipients=people,
    )
