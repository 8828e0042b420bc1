"""Limit exports of people in all packages: a hundred a day alone, more with the approval of a second person."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Select, delete, false, func, literal, select
from sqlalchemy.exc import NoResultFound

from app.access.policy import ALL_COUNTRIES, Action, Actor, Role, Scope, allows, own_scope
from app.access.targets import Target
from app.db.session import db, record
from app.identity.queries import people, person_details, roles as identity_roles
from app.intake.domain.export_approval import SecondPerson, may_agree
from app.intake.events import ExportAnswered, ExportAsked, OfficersExported
from app.intake.models import ExportWish, OfficersTaken
from app.intake.shapes import ExportRequest
from app.invitations.queries import invitations
from app.invitations.service import bulk
from app.kernel import clock
from app.kernel.errors import DomainError
from app.messages.domain import NoticeKind, NoticeResult
from app.messages.service import outbox as messages
from app.ports import ports
from app.rights.queries import roles

ALONE = 100  # people a day
LARGEST = 20_000  # people in a file
DAY = timedelta(days=1)
WISH_LIFE = timedelta(hours=72)


def has_approval(actor: Actor, real_now: datetime) -> bool:
    """Return whether a second person has approved that the actor exports more people today."""
    query = select(ExportWish.id).where(
        ExportWish.person_id == actor.id, ExportWish.country == actor.country, ExportWish.allowed.is_(True),
        ExportWish.ends_at > real_now,
    )  # fmt: skip
    return db.session.scalars(query.limit(1)).first() is not None


def record_export(actor: Actor, count: int, agency_id: UUID | None, real_now: datetime) -> None:
    """Record an export of people with names before it is sent; raise DomainError if it needs a second person."""
    count_towards_daily_limit(actor, count, real_now)
    record(OfficersExported(country=actor.country, agency_id=agency_id, count=count))


def count_towards_daily_limit(actor: Actor, count: int, real_now: datetime) -> None:
    """Count the people in a file of any kind, with names or aliases, before it is sent; other packages call this, too.

    Raises DomainError if the number of a day needs a second person.
    """
    bulk.lock_country(actor.country)
    taken = select(func.sum(OfficersTaken.count)).where(
        OfficersTaken.person_id == actor.id, OfficersTaken.at > real_now - DAY
    )
    if (db.session.scalar(taken) or 0) + count > ALONE and not has_approval(actor, real_now):
        raise DomainError("More than 100 people a day need a second person. Ask for one on the page of the sheet.")
    if count:
        db.session.add(OfficersTaken(person_id=actor.id, count=count, at=real_now))


def request_approval(actor: Actor, real_now: datetime) -> None:
    """Request the approval of a second person; replaces an open request of the actor."""
    bulk.lock_country(actor.country)
    occasion = _occasion(actor.id, real_now)
    _delete(ExportWish.person_id == actor.id, ExportWish.answered_at.is_(None), but=occasion)
    wish = ExportWish(
        id=uuid4(), person_id=actor.id, country=actor.country, asked_at=real_now, ends_at=real_now + WISH_LIFE
    )
    db.session.add(wish)
    record(ExportAsked(wish_id=wish.id, country=wish.country))
    _notify(_second_people(actor), NoticeKind.EXPORT_WANTED, occasion)


def answer_request(actor: Actor, wish_id: UUID, *, allowed: bool, real_now: datetime) -> None:
    """Approve a request for a day, or reject it; raise DomainError if it has been answered or has expired."""
    query = select(ExportWish).where(ExportWish.id == wish_id).with_for_update()
    wish = db.session.scalars(query, execution_options={"populate_existing": True}).one_or_none()
    if wish is None or wish.answered_at is not None or wish.ends_at <= real_now or wish.person_id == actor.id:
        raise DomainError("This request has already been answered or has expired.")
    wish.answered_by, wish.answered_at, wish.allowed = actor.id, real_now, allowed
    wish.ends_at = real_now + DAY
    record(ExportAnswered(wish_id=wish.id, country=wish.country, allowed=allowed))
    occasion, became = (
        _occasion(wish.person_id, wish.asked_at),
        NoticeResult.ALLOWED if allowed else NoticeResult.FORBIDDEN,
    )
    messages.settle_notices(occasion, became, clock.now(), over_as=f"{occasion} {wish.id}")
    _notify([wish.person_id], NoticeKind.EXPORT_ANSWERED, f"export answered {wish.id}")


def answerable_request(actor: Actor, wish_id: UUID) -> ExportRequest:
    """Return a request that the actor may answer, or raise NoResultFound."""
    requests = answerable_requests(actor, wish_id)
    if not requests:
        raise NoResultFound
    return requests[0]


def answerable_requests(actor: Actor, wish_id: UUID | None = None) -> list[ExportRequest]:
    """Return the requests that the actor may answer, or the one with this id, the oldest first."""
    query = select(ExportWish).where(*answerable(actor, clock.real_now()))
    if wish_id is not None:
        query = query.where(ExportWish.id == wish_id)
    wishes = _approvable(actor, db.session.scalars(query.order_by(ExportWish.asked_at)).all())
    names = people.names([wish.person_id for wish in wishes])
    return [_line(wish, names.get(wish.person_id, "")) for wish in wishes]


def own_request(actor: Actor, real_now: datetime) -> ExportRequest | None:
    """Return the latest request of the actor that has not expired, or None."""
    query = select(ExportWish).where(ExportWish.person_id == actor.id, ExportWish.ends_at > real_now)
    latest = db.session.scalars(query.order_by(ExportWish.asked_at.desc()).limit(1)).first()
    return None if latest is None else _line(latest, "")


def tasks(actor: Actor) -> Mapping[str, Select[Any]]:
    """Return the query for the number of requests that the actor may answer."""
    if not allows(actor, Action.ANSWER_EXPORT, own_scope(actor)):
        return {}
    # who invited whom is in several tables, and open requests are few: count them here
    query = select(ExportWish).where(*answerable(actor, clock.real_now()))
    count = len(_approvable(actor, db.session.scalars(query).all()))
    return {"wishes": select(literal(count))}


def delete_expired(real_now: datetime) -> int:
    """Delete counts older than a day and expired requests; return the number of rows."""
    counts = db.session.execute(delete(OfficersTaken).where(OfficersTaken.at <= real_now - DAY))
    return int(counts.rowcount) + _delete(ExportWish.ends_at <= real_now)  # type: ignore[attr-defined]


def delete_requests() -> None:
    """Delete all requests, so that no approval from before a security incident is valid after it."""
    _delete()


def _delete(*conditions: ColumnElement[bool], but: str = "") -> int:
    """Delete requests and close the notices of open ones; return the number of requests.

    `but` is the occasion of notices that stay open, as the request is repeated on the same day.
    """
    query = select(ExportWish).where(*conditions).order_by(ExportWish.id).with_for_update()
    ended = db.session.scalars(query, execution_options={"populate_existing": True}).all()
    for wish in ended:
        occasion = _occasion(wish.person_id, wish.asked_at)
        if wish.answered_at is None and occasion != but:
            messages.settle_notices(occasion, NoticeResult.LAPSED, clock.now(), over_as=f"{occasion} {wish.id}")
        db.session.delete(wish)
    db.session.flush()
    return len(ended)


def _second_people(actor: Actor) -> list[UUID]:
    """Return the people who may approve: other contact points of the country, and coordinators."""
    today = clock.today()
    deciding = roles.deciders_of(actor.country, today)
    staff = {person_id for role, person_id in identity_roles.holders(Scope.ALL, "", today) if role is Role.COORDINATOR}
    others = (deciding | staff) - {actor.id}
    links = invitations.invitation_links(actor.id, others)
    return sorted(
        person_id
        for person_id in others
        if may_agree(
            SecondPerson(
                person_id in staff, person_id in deciding, person_id in links.invited, person_id in links.inviters
            )
        )
    )


def _occasion(person_id: UUID, asked_at: datetime) -> str:
    return f"export wanted {person_id} {asked_at.date().isoformat()}"


def _notify(people: Sequence[UUID], kind: NoticeKind, occasion: str) -> None:
    messages.tell_all(
        people, kind, occasion=occasion, facts={}, path=ports().path_to(Target.PEOPLE_SHEET), now=clock.now()
    )


def answerable(actor: Actor, real_now: datetime) -> list[ColumnElement[bool]]:
    """Return the conditions of open requests that the policy allows the actor to answer (`Action.ANSWER_EXPORT`)."""
    conditions = [
        ExportWish.answered_at.is_(None), ExportWish.ends_at > real_now, ExportWish.person_id != actor.id
    ]  # fmt: skip
    if not allows(actor, Action.ANSWER_EXPORT, ALL_COUNTRIES):
        is_allowed = allows(actor, Action.ANSWER_EXPORT, own_scope(actor))
        conditions.append(ExportWish.country == actor.country if is_allowed else false())
    return conditions


def _approvable(actor: Actor, wishes: Sequence[ExportWish]) -> list[ExportWish]:
    """Return the requests that the actor may approve as a second person."""
    if not wishes:
        return []
    is_staff = allows(actor, Action.ANSWER_EXPORT, ALL_COUNTRIES)
    decides = person_details.decides(actor, clock.today())
    links = invitations.invitation_links(actor.id, {wish.person_id for wish in wishes})

    def second(wish: ExportWish) -> SecondPerson:
        # the links are those of the actor, the second person: the people whom the actor `made` were chosen by the actor
        decides_here = decides and wish.country == actor.country
        return SecondPerson(is_staff, decides_here, wish.person_id in links.inviters, wish.person_id in links.invited)

    return [wish for wish in wishes if may_agree(second(wish))]


def _line(wish: ExportWish, alias: str) -> ExportRequest:
    return ExportRequest(wish.id, wish.country, alias, wish.asked_at, wish.allowed)
