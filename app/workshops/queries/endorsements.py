"""Read the nominations that wait for the endorsement of a supervisor or contact point, and those answered before."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, false, func, or_, select
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm import aliased

from app.access.policy import Action, Actor, allows, own_scope
from app.db.session import db
from app.kernel import clock
from app.rights.queries import supervision
from app.workshops.domain.events import WorkshopState
from app.workshops.domain.nominations import LanguageLevel, NominationState, UseTime
from app.workshops.models import Nomination, NominationChange, Workshop
from app.workshops.shapes import WorkshopLine, line_columns

MOST = 100  # requests on the page
PAGE = 20  # answered requests on a page
ANSWERS = (NominationState.ENDORSED, NominationState.DECLINED)


@dataclass(frozen=True, slots=True)
class EndorsementRequest:
    """A nomination for the policy: the officer, the country, the supervisors of the officer today."""

    id: UUID
    person_id: UUID
    country: str
    supervisors: frozenset[UUID]
    is_answered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingEndorsement:
    """A request with the answers of the officer; the officer has completed the courses `completed` of the event."""

    id: UUID
    person_id: UUID
    workshop: WorkshopLine
    prerequisites: tuple[str, ...]
    role: str
    made_at: datetime
    use_time: UseTime | None
    language_level: LanguageLevel | None
    aim: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredEndorsement:
    """An answer of the actor: endorsed, or declined with the reason."""

    person_id: UUID
    workshop: WorkshopLine
    at: datetime
    is_endorsed: bool
    reason: str


def request_of(actor: Actor, nomination_id: UUID) -> EndorsementRequest:
    """Return a nomination of another officer that the actor may endorse, answered or not, or raise NoResultFound."""
    query = select(Nomination.person_id, Nomination.country, Nomination.state).where(Nomination.id == nomination_id)
    person_id, country, state = db.session.execute(query).one()
    # a loader receives no time, and supervision ends by the day
    supervisors = supervision.supervisors_of(person_id, clock.today()) - {person_id}
    request = EndorsementRequest(
        nomination_id, person_id, country, supervisors, is_answered=state is not NominationState.INTERESTED
    )
    is_for_another = bool(supervisors) and actor.id not in supervisors
    if person_id == actor.id or is_for_another or not allows(actor, Action.ENDORSE_NOMINATION, request):
        raise NoResultFound
    return request


def pending(actor: Actor, today: date) -> list[PendingEndorsement]:
    """Return the requests that wait for the actor, the nearest deadline first."""
    query = (
        select(*Workshop.__table__.columns, Nomination.id.label("nomination_id"), Nomination.person_id,
               Nomination.role, Nomination.made_at.label("asked_at"), Nomination.use_time, Nomination.language_level,
               Nomination.aim)
        .join(Workshop, Workshop.id == Nomination.workshop_id)
        .where(*_waiting(actor, today))
        .order_by(Workshop.nomination_deadline, Workshop.code, Nomination.made_at, Nomination.id)
        .limit(MOST)
    )  # fmt: skip
    return [
        PendingEndorsement(
            id=row.nomination_id,
            person_id=row.person_id,
            workshop=WorkshopLine(**line_columns(row)),
            prerequisites=tuple(row.prerequisites.split()),
            role=row.role,
            made_at=row.asked_at,
            use_time=row.use_time,
            language_level=row.language_level,
            aim=row.aim,
        )
        for row in db.session.execute(query)
    ]


def count_answered(actor: Actor, today: date) -> int:
    """Return how many requests the actor has answered, of officers whom the actor may still see."""
    return db.session.scalar(_answered(select(func.count()).select_from(NominationChange), actor, today)) or 0


def answered(actor: Actor, today: date, *, offset: int) -> list[AnsweredEndorsement]:
    """Return a page of the requests that the actor has answered, the newest first."""
    columns = (NominationChange.at, NominationChange.to_state, NominationChange.reason.label("answer"))
    query = _answered(select(*Workshop.__table__.columns, *columns, Nomination.person_id), actor, today)
    rows = db.session.execute(query.order_by(NominationChange.id.desc()).offset(offset).limit(PAGE))
    return [
        AnsweredEndorsement(
            person_id=row.person_id,
            workshop=WorkshopLine(**line_columns(row)),
            at=row.at,
            is_endorsed=row.to_state is NominationState.ENDORSED,
            reason=row.answer,
        )
        for row in rows
    ]


def tasks(actor: Actor) -> Mapping[str, Select[Any]]:
    """Return the query that counts the requests that wait for the actor."""
    if not allows(actor, Action.ENDORSE_NOMINATION, own_scope(actor)):
        return {}
    query = select(func.count()).select_from(Nomination).join(Workshop, Workshop.id == Nomination.workshop_id)
    return {"endorsements": query.where(*_waiting(actor, clock.today()))}


def _waiting(actor: Actor, today: date) -> tuple[ColumnElement[bool], ...]:
    return (
        Nomination.state == NominationState.INTERESTED,
        Workshop.state == WorkshopState.ANNOUNCED,
        Workshop.nomination_opens <= today,
        Workshop.nomination_deadline >= today,
        Nomination.person_id != actor.id,
        or_(_supervised(actor, today), _without_supervisor(actor, today)),
    )


def _answered(query: Any, actor: Actor, today: date) -> Any:
    return (
        query.join(Nomination, Nomination.id == NominationChange.nomination_id)
        .join(Workshop, Workshop.id == Nomination.workshop_id)
        .where(
            NominationChange.changed_by == actor.id,
            NominationChange.from_state == NominationState.INTERESTED,
            NominationChange.to_state.in_(ANSWERS),
            or_(_supervised(actor, today), _in_own_country(actor)),
        )
    )


def _supervised(actor: Actor, today: date) -> ColumnElement[bool]:
    return Nomination.person_id.in_(supervision.officers_of(actor.id, today))


def _in_own_country(actor: Actor) -> ColumnElement[bool]:
    is_contact_point = allows(actor, Action.NOMINATE, own_scope(actor))
    return Nomination.country == actor.country if is_contact_point else false()


def _without_supervisor(actor: Actor, today: date) -> ColumnElement[bool]:
    """Return the condition that a contact point endorses in place of a supervisor."""
    asking = aliased(Nomination)
    officers = select(asking.person_id).where(
        asking.state == NominationState.INTERESTED, asking.country == actor.country
    )
    return _in_own_country(actor) & Nomination.person_id.not_in(supervision.supervised_among(officers, today))
