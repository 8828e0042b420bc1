"""Use cases of exemptions: set, agree as the second person, end; the officer is notified."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from app.access.policy import Actor
from app.access.targets import Target
from app.catalogue.queries import versions
from app.db.session import db, record
from app.kernel.errors import DomainError, IllegalMoveError
from app.learning.domain import requirements as rules
from app.learning.domain.completion import DAY
from app.learning.domain.requirements import ExemptionState, NewExemption
from app.learning.events import ExemptionAgreed, ExemptionEnded, ExemptionSet
from app.learning.models.completion import Exemption
from app.learning.queries import requirements
from app.messages.domain import NoticeKind
from app.messages.service import outbox as messages
from app.ports import ports


def set_exemption(
    person_id: UUID, course_id: UUID, new: NewExemption, *, country: str, by: Actor, now: datetime
) -> UUID:
    """Set an exemption or a later date and return its id; for more than 90 days it waits for a second person.

    The same exemption set again by the same user returns the same id. Raises DomainError for an invalid day or note,
    and if the officer has an exemption from the course.
    """
    today = now.date()
    rules.check_exemption(new, today)
    existing = _same(_live(person_id, course_id, today), new, by)
    if existing is not None:
        return existing.id
    waits = rules.needs_second(new.until, today)
    row = _row(person_id, course_id, new, country=country, by=by, now=now)
    _insert(row)
    record(
        ExemptionSet(
            at=now, person_id=person_id, exemption_id=row.id, course_id=course_id, country=country, waits=waits
        )
    )
    if not waits:
        _notify(row, "set", now)
    return row.id


def agree(exemption_id: UUID, *, by: Actor, now: datetime) -> None:
    """Agree to an exemption as the second person of the country; it is valid from today.

    Raises DomainError for the author, for a user of another country, after its last day, and if it does not wait.
    """
    row = requirements.lock_exemption(exemption_id)
    if row.state is not ExemptionState.PROPOSED:
        raise IllegalMoveError("This exemption is agreed or dropped already.")
    if by.id in {row.set_by, row.person_id} or by.country != row.country:
        raise DomainError("Another user of the same country must agree.")
    if row.until < now.date():
        raise DomainError("The last day of this exemption has passed.")
    row.state, row.since = ExemptionState.AGREED, now.date()
    row.agreed_by, row.agreed_at = by.id, now
    record(
        ExemptionAgreed(
            at=now, person_id=row.person_id, exemption_id=row.id, course_id=row.course_id, country=row.country
        )
    )
    _notify(row, "agreed", now)


def end(exemption_id: UUID, *, now: datetime) -> None:
    """End an exemption from today on, or drop one that waits. Raises IllegalMoveError if it is over."""
    row = requirements.lock_exemption(exemption_id)
    if row.state not in {ExemptionState.PROPOSED, ExemptionState.AGREED}:
        raise IllegalMoveError("This exemption has ended already.")
    is_valid = row.state is ExemptionState.AGREED
    if is_valid:
        row.state, row.ended_on = ExemptionState.ENDED, now.date()
    else:
        row.state = ExemptionState.DROPPED
    record(
        ExemptionEnded(
            at=now, person_id=row.person_id, exemption_id=row.id, course_id=row.course_id, country=row.country
        )
    )
    if is_valid:
        _notify(row, "ended", now)


def take_back(exemption_id: UUID, *, now: datetime) -> bool:
    """Undo an exemption and its notice; return False if a second person agreed to it, or it is over."""
    row = requirements.lock_exemption(exemption_id)
    if row.agreed_by is not None or row.state not in {ExemptionState.PROPOSED, ExemptionState.AGREED}:
        return False
    is_valid = row.state is ExemptionState.AGREED
    row.state = ExemptionState.ENDED if is_valid else ExemptionState.DROPPED
    row.ended_on = now.date() if is_valid else None
    messages.delete_notices([_occasion(row, "set")])
    record(
        ExemptionEnded(
            at=now, person_id=row.person_id, exemption_id=row.id, course_id=row.course_id, country=row.country
        )
    )
    return True


def delete_notes(person_id: UUID) -> None:
    """Delete the notes on exemptions of a person whose identity was deleted."""
    db.session.execute(update(Exemption).where(Exemption.person_id == person_id).values(note=""))


def _row(person_id: UUID, course_id: UUID, new: NewExemption, *, country: str, by: Actor, now: datetime) -> Exemption:
    waits = rules.needs_second(new.until, now.date())
    return Exemption(
        person_id=person_id,
        course_id=course_id,
        country=country,
        kind=new.kind,
        reason=new.reason,
        note=new.note.strip(),
        since=None if waits else now.date(),
        until=new.until,
        set_by=by.id,
        set_at=now,
        state=ExemptionState.PROPOSED if waits else ExemptionState.AGREED,
    )


def _live(person_id: UUID, course_id: UUID, today: date) -> list[Exemption]:
    """Return the exemptions that wait or are valid, and end those whose last day has passed."""
    live = []
    for row in requirements.live_exemptions(person_id, course_id):
        if row.until >= today:
            live.append(row)
            continue
        agreed = row.state is ExemptionState.AGREED
        row.state = ExemptionState.ENDED if agreed else ExemptionState.DROPPED
        row.ended_on = row.until + DAY if agreed else None
    db.session.flush()
    return live


def _same(live: Sequence[Exemption], new: NewExemption, by: Actor) -> Exemption | None:
    """Return the exemption that the same user set with the same input, or None."""
    wanted = (by.id, new.kind, new.until, new.reason, new.note.strip())
    return next((row for row in live if (row.set_by, row.kind, row.until, row.reason, row.note) == wanted), None)


def _insert(row: Exemption) -> None:
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        raise DomainError("The officer has an exemption from this course already.") from None


def _notify(row: Exemption, step: str, now: datetime) -> None:
    course = versions.course_records([row.course_id])[0]
    messages.notify(
        row.person_id,
        NoticeKind.EXEMPTION_CHANGED,
        occasion=_occasion(row, step),
        facts={"course": course.code},
        path=ports().path_to(Target.COURSE, course.slug),
        now=now,
    )


def _occasion(row: Exemption, step: str) -> str:
    return f"exemption:{row.id}:{step}"
