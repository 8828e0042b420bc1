"""Taking people along as a file: a hundred a day alone, more with a second person (security S9)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Select, delete, func, literal, select
from sqlalchemy.exc import NoResultFound

from app.access.policy import Actor, Role, Scope
from app.access.targets import Target
from app.db.session import db, record
from app.identity.queries import people, person_details
from app.identity.queries import roles as identity_roles
from app.intake.domain.export_approval import Second, may_agree
from app.intake.events import ExportAnswered, ExportAsked, OfficersExported
from app.intake.models import ExportWish, OfficersTaken
from app.intake.shapes import ExportRequest
from app.invitations.queries import invitations
from app.invitations.service import bulk
from app.kernel import clock
from app.kernel.errors import DomainError
from app.messages.domain import Became, NoticeKind
from app.messages.service import outbox as messages
from app.ports import ports
from app.rights.queries import roles

ALONE = 100  # people a day
LARGEST = 20_000  # people in a file
DAY = timedelta(days=1)
WISH_LIFE = timedelta(hours=72)


def may_take_all(actor: Actor, real_now: datetime) -> bool:
    """Say whether a second person has agreed that somebody takes more along, today."""
    query = select(ExportWish.id).where(
        ExportWish.person_id == actor.id, ExportWish.country == actor.country, ExportWish.allowed.is_(True),
        ExportWish.ends_at > real_now,
    )  # fmt: skip
    return db.session.scalars(query.limit(1)).first() is not None


def note(actor: Actor, count: int, agency_id: UUID | None, real_now: datetime) -> None:
    """Keep that somebody takes people along by name, before they do; raise DomainError over what one may alone."""
    count_towards_daily_limit(actor, count, real_now)
    record(OfficersExported(country=actor.country, agency_id=agency_id, count=count))


def count_towards_daily_limit(actor: Actor, count: int, real_now: datetime) -> None:
    """Count people whom somebody takes along in a file of any kind, by name or by alias, before they do.

    Raises DomainError over what one may alone in a day; files of other rooms count here, too.
    """
    bulk.lock_country(actor.country)
    taken = select(func.sum(OfficersTaken.count)).where(
        OfficersTaken.person_id == actor.id, OfficersTaken.at > real_now - DAY
    )
    if (db.session.scalar(taken) or 0) + count > ALONE and not may_take_all(actor, real_now):
        raise DomainError("More than 100 people a day need a second person. Ask for one on the page of the sheet.")
    if count:
        db.session.add(OfficersTaken(person_id=actor.id, count=count, at=real_now))


def ask(actor: Actor, real_now: datetime) -> None:
    """Ask for a second person; a wish that nobody answered is asked anew."""
    bulk.lock_country(actor.country)
    occasion = _occasion(actor.id, real_now)
    _end(ExportWish.person_id == actor.id, ExportWish.answered_at.is_(None), but=occasion)
    wish = ExportWish(
        id=uuid4(), person_id=actor.id, country=actor.country, asked_at=real_now, ends_at=real_now + WISH_LIFE
    )
    db.session.add(wish)
    record(ExportAsked(wish_id=wish.id, country=wish.country))
    _tell(_seconds(actor), NoticeKind.EXPORT_WANTED, occasion)


def answer(actor: Actor, wish_id: UUID, *, allowed: bool, real_now: datetime) -> None:
    """Agree with a wish for a day, or do not; raise DomainError when it was answered or asked anew meanwhile."""
    query = select(ExportWish).where(ExportWish.id == wish_id).with_for_update()
    wish = db.session.scalars(query, execution_options={"populate_existing": True}).one_or_none()
    if wish is None or wish.answered_at is not None or wish.ends_at <= real_now or wish.person_id == actor.id:
        raise DomainError("This request has already been answered or has expired.")
    wish.answered_by, wish.answered_at, wish.allowed = actor.id, real_now, allowed
    wish.ends_at = real_now + DAY
    record(ExportAnswered(wish_id=wish.id, country=wish.country, allowed=allowed))
    occasion, became = _occasion(wish.person_id, wish.asked_at), Became.ALLOWED if allowed else Became.FORBIDDEN
    messages.settle(occasion, became, clock.now(), over_as=f"{occasion} {wish.id}")
    _tell([wish.person_id], NoticeKind.EXPORT_ANSWERED, f"export answered {wish.id}")


def wish(actor: Actor, wish_id: UUID) -> ExportRequest:
    """Return a wish that somebody may answer, or raise NoResultFound."""
    requests = _wishes(actor, wish_id)
    if not requests:
        raise NoResultFound
    return requests[0]


def wishes(actor: Actor) -> list[ExportRequest]:
    """Return the wishes that somebody may answer, the oldest first: those of the own country, or all."""
    return _wishes(actor, None)


def own(actor: Actor, real_now: datetime) -> ExportRequest | None:
    """Return the last wish of somebody that still says something."""
    query = select(ExportWish).where(ExportWish.person_id == actor.id, ExportWish.ends_at > real_now)
    latest = db.session.scalars(query.order_by(ExportWish.asked_at.desc()).limit(1)).first()
    return None if latest is None else _shown(latest, "")


def tasks(actor: Actor) -> Mapping[str, Select[Any]]:
    """Return the query of how many wishes somebody may answer."""
    if actor.roles.isdisjoint({Role.COORDINATOR, Role.CONTACT_POINT}):
        return {}
    # ties are not of one table: what the page shows is counted, of few
    count = len(_agreeable(actor, db.session.scalars(select(ExportWish).where(*_open_to(actor))).all()))
    return {"wishes": select(literal(count))}


def delete_expired(real_now: datetime) -> int:
    """Remove counts of days that are over, and wishes that say nothing any more."""
    counts = db.session.execute(delete(OfficersTaken).where(OfficersTaken.at <= real_now - DAY))
    return int(counts.rowcount) + _end(ExportWish.ends_at <= real_now)  # type: ignore[attr-defined]


def stop_wishes() -> None:
    """Let no second person's word of before an incident count at its end."""
    _end()


def _end(*which: ColumnElement[bool], but: str = "") -> int:
    """Remove these wishes, or all; return how many went. The notices of those that nobody answered wait no more.

    `but` is the occasion of notices that go on: of a wish that is asked for again on the same day.
    """
    query = select(ExportWish).where(*which).order_by(ExportWish.id).with_for_update()
    ended = db.session.scalars(query, execution_options={"populate_existing": True}).all()
    for wish in ended:
        occasion = _occasion(wish.person_id, wish.asked_at)
        if wish.answered_at is None and occasion != but:
            messages.settle(occasion, Became.LAPSED, clock.now(), over_as=f"{occasion} {wish.id}")
        db.session.delete(wish)
    db.session.flush()
    return len(ended)


def _seconds(actor: Actor) -> list[UUID]:
    """Return who may be the second person: other contact points of the country, and coordinators."""
    today = clock.today()
    deciding = roles.deciding(actor.country, today)
    staff = {person_id for role, person_id in identity_roles.holders(Scope.ALL, "", today) if role is Role.COORDINATOR}
    others = (deciding | staff) - {actor.id}
    ties = invitations.invitation_links(actor.id, others)
    return sorted(
        person_id
        for person_id in others
        if may_agree(
            Second(person_id in staff, person_id in deciding, person_id in ties.invited, person_id in ties.inviters)
        )
    )


def _occasion(person_id: UUID, asked_at: datetime) -> str:
    return f"export wanted {person_id} {asked_at.date().isoformat()}"


def _tell(people: Sequence[UUID], kind: NoticeKind, occasion: str) -> None:
    messages.tell_all(
        people, kind, occasion=occasion, facts={}, path=ports().path_to(Target.PEOPLE_SHEET), now=clock.now()
    )


def _open_to(actor: Actor) -> list[ColumnElement[bool]]:
    """Return the conditions on a wish that somebody may answer."""
    open_to = [
        ExportWish.answered_at.is_(None), ExportWish.ends_at > clock.real_now(), ExportWish.person_id != actor.id
    ]  # fmt: skip
    if Role.COORDINATOR not in actor.roles:
        open_to.append(ExportWish.country == (actor.country if Role.CONTACT_POINT in actor.roles else ""))
    return open_to


def _wishes(actor: Actor, wish_id: UUID | None) -> list[ExportRequest]:
    query = select(ExportWish).where(*_open_to(actor))
    if wish_id is not None:
        query = query.where(ExportWish.id == wish_id)
    agreeable = _agreeable(actor, db.session.scalars(query.order_by(ExportWish.asked_at)).all())
    names = people.names([wish.person_id for wish in agreeable])
    return [_shown(wish, names.get(wish.person_id, "")) for wish in agreeable]


def _agreeable(actor: Actor, wishes: Sequence[ExportWish]) -> list[ExportWish]:
    """Return those of these wishes that somebody may agree with."""
    if not wishes:
        return []
    staff, decides = Role.COORDINATOR in actor.roles, person_details.decides(actor, clock.today())
    ties = invitations.invitation_links(actor.id, {wish.person_id for wish in wishes})

    def second(wish: ExportWish) -> Second:
        # ties are seen from the other side here: whom I made has me for a maker
        of_own_country = decides and wish.country == actor.country
        return Second(staff, of_own_country, made=wish.person_id in ties.inviters, maker=wish.person_id in ties.invited)

    return [wish for wish in wishes if may_agree(second(wish))]


def _shown(wish: ExportWish, alias: str) -> ExportRequest:
    return ExportRequest(wish.id, wish.person_id, wish.country, alias, wish.asked_at, wish.ends_at, wish.allowed)
