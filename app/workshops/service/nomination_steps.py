"""Take a step of a nomination: new state, history, audit log, notices. Call it under the lock of the event's row."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from app.access.policy import Role
from app.access.targets import Target
from app.db.session import db, record
from app.identity.queries import people, roles
from app.messages.domain import MailKind, NoticeKind
from app.messages.service import outbox as messages
from app.messages.service.outbox import NewMail
from app.ports import ports
from app.rights.queries import supervision
from app.workshops.domain.nominations import ENDED, LIVE, NominationState, NominationStep, state_after
from app.workshops.events import NominationChanged
from app.workshops.models import Nomination, NominationChange, Workshop
from app.workshops.queries import bookings, nominations

MINUTE = timedelta(minutes=1)


def begin(nomination: Nomination, *, by: UUID, now: datetime) -> None:
    """Record a new nomination."""
    db.session.add(nomination)
    db.session.flush()  # gives the row its id
    _record(nomination, None, by=by, now=now, reason="")


def take(nomination: Nomination, step: NominationStep, *, by: UUID | None, now: datetime, reason: str = "") -> None:
    """Take a step and record it; `by` is None for the system. Raises IllegalMoveError for a forbidden step."""
    before = nomination.state
    nomination.state, nomination.changed_at = state_after(before, step), now
    if nomination.state in ENDED:
        nomination.rank = None
    if nomination.state is NominationState.DECLINED:
        nomination.decided_by, nomination.decided_at, nomination.decision_reason = by, now, reason
    _record(nomination, before, by=by, now=now, reason=reason)


def tell_nominees(workshop: Workshop, changed: Iterable[Nomination], now: datetime) -> None:
    """Notify nominees of their new state: a notice, and a mail that says only that something waits."""
    by_state: dict[NominationState, list[Nomination]] = {}
    for nomination in changed:
        by_state.setdefault(nomination.state, []).append(nomination)
    for state, in_state in by_state.items():
        _tell(workshop, state, in_state, now)


def tell_unbooked(
    workshop: Workshop,
    kind: NoticeKind,
    occasion: str,
    now: datetime,
    facts: Mapping[str, str] | None = None,
    *,
    mailed: Collection[UUID] = (),
) -> None:
    """Notify nominees without a booking of a change of the event, by notice and mail; not those whose nomination ended.

    `facts` are further ones than the event; `mailed` have a mail already. `service.notifications` notifies people with
    a booking.
    """
    booked = frozenset(bookings.people_of(workshop.id))
    nominees = [person_id for person_id in nominations.nominees(workshop.id, LIVE) if person_id not in booked]
    occasion = f"nomination:{workshop.id}:{occasion}"
    messages.tell_all(
        nominees,
        kind,
        occasion=occasion,
        facts={"workshop": workshop.code, **(facts or {})},
        path=ports().path_to(Target.WORKSHOP, workshop.id),
        now=now,
    )
    _mail(set(nominees).difference(mailed), occasion, now)


def ask_endorsement(workshop: Workshop, nomination: Nomination, now: datetime) -> None:
    """Notify the supervisors of an officer, or the contact points if the officer has none."""
    supervisors = supervision.supervisors_of(nomination.person_id, now.date()) - {nomination.person_id}
    path = ports().path_to(Target.ENDORSEMENTS)
    if not supervisors:
        _ask(workshop, nomination, _contact_points(nomination, now), NoticeKind.NOMINATION_WAITS, path, now)
        return
    _ask(workshop, nomination, supervisors, NoticeKind.ENDORSEMENT_ASKED, path, now)


def ask_contact_points(workshop: Workshop, nomination: Nomination, now: datetime) -> None:
    """Notify the contact points of the country that an officer can be nominated."""
    path = ports().path_to(Target.COUNTRY_NOMINATIONS, workshop.id)
    _ask(workshop, nomination, _contact_points(nomination, now), NoticeKind.NOMINATION_WAITS, path, now)


def _contact_points(nomination: Nomination, now: datetime) -> set[UUID]:
    return set(roles.offices(Role.CONTACT_POINT, now.date()).get(nomination.country, []))


def _record(
    nomination: Nomination, before: NominationState | None, *, by: UUID | None, now: datetime, reason: str
) -> None:
    db.session.add(
        NominationChange(
            nomination_id=nomination.id,
            at=now,
            changed_by=by,
            from_state=before,
            to_state=nomination.state,
            reason=reason,
        )
    )
    record(
        NominationChanged(
            at=now,
            actor_id=by,
            workshop_id=nomination.workshop_id,
            person_id=nomination.person_id,
            nomination_id=nomination.id,
            state=str(nomination.state),
        )
    )


def _tell(workshop: Workshop, state: NominationState, changed: list[Nomination], now: datetime) -> None:
    facts = {"workshop": workshop.code}
    kind = NoticeKind.NOMINATION_CHANGED
    if state is NominationState.OFFERED and changed[0].offered_until is not None:
        kind = NoticeKind.SEAT_OFFERED
        # the offer ends with the minute before
        local = (changed[0].offered_until - MINUTE).astimezone(ZoneInfo(workshop.time_zone))
        facts = {"workshop": workshop.code, "until": local.date().isoformat()}
    occasion = f"nomination:{workshop.id}:{state}:{now.isoformat()}"
    messages.tell_all(
        [nomination.person_id for nomination in changed],
        kind,
        occasion=occasion,
        facts=facts,
        path=ports().path_to(Target.WORKSHOP, workshop.id),
        now=now,
    )
    _mail({nomination.person_id for nomination in changed}, occasion, now)


def _ask(
    workshop: Workshop,
    nomination: Nomination,
    recipients: Iterable[UUID],
    kind: NoticeKind,
    path: str,
    now: datetime,
) -> None:
    others = sorted(set(recipients) - {nomination.person_id})
    occasion = f"nomination:{nomination.id}:{kind}"
    messages.tell_all(
        others,
        kind,
        occasion=occasion,
        facts={"workshop": workshop.code},
        path=path,
        now=now,
    )
    _mail(set(others), occasion, now)


def _mail(recipients: set[UUID], occasion: str, now: datetime) -> None:
    wanted = people.reminder_time_zones(recipients) if recipients else {}
    letters = [NewMail(person_id, occasion, {}) for person_id in sorted(wanted)]
    messages.mail_each(letters, MailKind.WAITING, now)
