"""Record, correct and withdraw cascade sessions of verified trainers. They add no evidence and verify nothing."""

import base64
import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, select
from sqlalchemy.exc import NoResultFound

from app.access.policy import Actor
from app.db.session import db, record
from app.identity.queries import people, postings
from app.kernel.errors import DomainError
from app.workshops.domain import cascades as rules
from app.workshops.domain.cascades import CascadeState, CountedBy
from app.workshops.events import CascadeCorrected, CascadeRecorded, CascadeWithdrawn, SignedListViewed
from app.workshops.models.cascades import CascadeList, CascadeOfficer, CascadeSession
from app.workshops.queries import cascades


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCascade:
    """The content of a cascade session: own officers by alias, or a head count with a signed list (PDF)."""

    day: date
    minutes: int
    competency: str
    activity: str
    aliases: tuple[str, ...] = ()
    head_count: int = 0
    signed_list: bytes = b""

    @property
    def counted_by(self) -> CountedBy:
        """Return how the people are counted."""
        return CountedBy.ALIAS if self.aliases else CountedBy.HEAD_COUNT


def record_cascade(new: NewCascade, actor: Actor, now: datetime) -> UUID:
    """Record a session of the actor's country, and return its id.

    Raises DomainError if the actor is no verified trainer, and for a session that cannot be counted.
    """
    if not cascades.is_verified_trainer(actor, now.date()):
        raise DomainError("Only a verified trainer records a national session.")
    officers = _officers(new, actor.country, now.date())
    _check(new, now.date(), has_list=bool(new.signed_list))
    row = CascadeSession(
        id=uuid4(), person_id=actor.id, country=actor.country, state=CascadeState.RECORDED, recorded_at=now
    )
    _set(row, new, officers, now)
    record(CascadeRecorded(at=now, actor_id=actor.id, cascade_id=row.id, country=row.country, people=row.people))
    return row.id


def correct_cascade(cascade_id: UUID, new: NewCascade, actor: Actor, *, reason: str, now: datetime) -> None:
    """Correct a session that the actor recorded; without a new file the signed list stays.

    Raises DomainError without a reason, for a withdrawn session, and for a session that cannot be counted.
    """
    row = _lock(cascade_id, actor)
    if not reason.strip():
        raise DomainError("Say why the session is corrected.")
    officers = _officers(new, row.country, now.date())
    has_list = bool(new.signed_list) or db.session.get(CascadeList, cascade_id) is not None
    _check(new, row.recorded_at.date(), has_list=has_list)
    row.reason = reason.strip()
    _set(row, new, officers, now)
    record(CascadeCorrected(at=now, actor_id=actor.id, cascade_id=row.id, country=row.country, people=row.people))


def withdraw_cascade(cascade_id: UUID, actor: Actor, *, reason: str, now: datetime) -> None:
    """Withdraw a session that the actor recorded: it is no longer counted, and its signed list is deleted.

    Raises DomainError without a reason.
    """
    row = _lock(cascade_id, actor)
    if not reason.strip():
        raise DomainError("Say why the session is withdrawn.")
    row.state, row.reason, row.changed_at = CascadeState.WITHDRAWN, reason.strip(), now
    db.session.execute(delete(CascadeList).where(CascadeList.cascade_id == cascade_id))
    record(CascadeWithdrawn(at=now, actor_id=actor.id, cascade_id=row.id, country=row.country))


def read_signed_list(cascade_id: UUID, country: str, *, by: UUID, now: datetime) -> bytes:
    """Return the signed list and record the view; raise NoResultFound without a list."""
    content = cascades.signed_list(cascade_id)
    if content is None:
        raise NoResultFound
    record(SignedListViewed(at=now, actor_id=by, cascade_id=cascade_id, country=country))
    return base64.b64decode(content)


def delete_old_lists(now: datetime) -> int:
    """Delete signed lists after a year, and return their number; the counts stay."""
    old = select(CascadeList.cascade_id).where(CascadeList.added_at < now - rules.LIST_KEPT)
    ids = list(db.session.scalars(old))
    db.session.execute(delete(CascadeList).where(CascadeList.cascade_id.in_(ids)))
    return len(ids)


def _lock(cascade_id: UUID, actor: Actor) -> CascadeSession:
    query = select(CascadeSession).where(CascadeSession.id == cascade_id, CascadeSession.person_id == actor.id)
    row = db.session.scalars(query.with_for_update()).one()
    if row.state is CascadeState.WITHDRAWN:
        raise DomainError("This session was withdrawn.")
    return row


def _officers(new: NewCascade, country: str, today: date) -> Collection[UUID]:
    """Return the officers of the country with these aliases; raise DomainError if one is unknown there."""
    by_alias = people.people_by_alias(new.aliases) if new.aliases else {}
    countries = postings.countries(list(by_alias.values()), today)
    own = {alias for alias, person_id in by_alias.items() if countries.get(person_id) == country}
    unknown = [alias for alias in new.aliases if alias not in own]
    if unknown:
        raise DomainError("No officer of your country has the alias %(alias)s.", alias=unknown[0])
    return {by_alias[alias] for alias in own}


def _check(new: NewCascade, today: date, *, has_list: bool) -> None:
    if not rules.is_day_possible(new.day, today):
        raise DomainError("A session is recorded within 90 days after its day.")
    if not new.aliases:
        _check_head_count(new.head_count, has_list=has_list)
    _check_signed_list(new.signed_list)


def _check_head_count(head_count: int, *, has_list: bool) -> None:
    if not has_list:
        raise DomainError("A head count needs the signed list. Add it as a PDF.")
    if not 1 <= head_count <= rules.MOST_PEOPLE:
        raise DomainError("Enter a number of people from 1 to 500.")


def _check_signed_list(content: bytes) -> None:
    if content and not content.startswith(rules.PDF):
        raise DomainError("This file is not a PDF document.")
    if len(content) > rules.LIST_LIMIT:
        raise DomainError("This file is larger than 2 megabytes.")


def _set(row: CascadeSession, new: NewCascade, officers: Collection[UUID], now: datetime) -> None:
    row.day, row.minutes, row.competency, row.activity = new.day, new.minutes, new.competency, new.activity
    row.counted_by, row.changed_at = new.counted_by, now
    row.people = len(officers) if new.aliases else new.head_count
    db.session.add(row)
    db.session.flush()
    db.session.execute(delete(CascadeOfficer).where(CascadeOfficer.cascade_id == row.id))
    db.session.add_all(CascadeOfficer(cascade_id=row.id, person_id=person_id) for person_id in sorted(officers))
    if new.aliases:
        db.session.execute(delete(CascadeList).where(CascadeList.cascade_id == row.id))
    elif new.signed_list:
        _save_list(row.id, new.signed_list, now)


def _save_list(cascade_id: UUID, content: bytes, now: datetime) -> None:
    row = db.session.get(CascadeList, cascade_id) or CascadeList(cascade_id=cascade_id)
    row.content, row.added_at = base64.b64encode(content).decode(), now
    row.sha256 = hashlib.sha256(content).hexdigest()
    db.session.add(row)
