"""Create, withdraw and carry out erasure requests, with their notices; record exports and views."""

from datetime import UTC, datetime
from uuid import UUID

from app.access.policy import Role, Scope
from app.access.targets import Target
from app.db.session import db, record
from app.directory.service import erasure
from app.identity.queries import postings, roles as accounts
from app.messages.domain import NoticeKind, NoticeResult
from app.messages.service import outbox as messages
from app.ports import ports
from app.privacy.events import ErasureAsked, ErasureTakenBack, LooksSeen, OwnDataTaken
from app.privacy.models import ErasureRequest
from app.privacy.queries import erasure_requests
from app.privacy.queries.erasure_requests import Decider


def ask_erasure(person_id: UUID, now: datetime) -> bool:
    """Create an erasure request and notify the contact points; do nothing if there is one. Return whether it is new.

    If no other contact point decides, coordinators are notified to name one; they do not learn the person.
    """
    postings.lock(person_id)
    if db.session.get(ErasureRequest, person_id) is not None:
        return False
    db.session.add(ErasureRequest(person_id=person_id, asked_at=now))
    country = _country(person_id, now)
    record(ErasureAsked(at=now, person_id=person_id, country=country))
    holders = accounts.holders(Scope.COUNTRY, country, now.date())
    messages.tell_all(
        [holder_id for role, holder_id in holders if role is Role.CONTACT_POINT and holder_id != person_id],
        NoticeKind.ERASURE_ASKED,
        occasion=_occasion(person_id, now),
        facts={},
        path=ports().path_to(Target.PERSON_SERVICE, person_id),
        now=now,
    )
    if erasure_requests.decider(person_id, now.date()) is Decider.SECRETARIAT:
        messages.tell_all(
            erasure_requests.coordinators(person_id, now.date()),
            NoticeKind.ERASURE_ASKED,
            occasion=_undecided(person_id, now),
            facts={"country": country},
            path=ports().path_to(Target.PEOPLE),
            now=now,
        )
    return True


def take_back_erasure(person_id: UUID, now: datetime) -> None:
    """Withdraw an erasure request."""
    asked = db.session.get(ErasureRequest, person_id)
    if asked is not None:
        db.session.delete(asked)
        _settle(person_id, asked.asked_at, NoticeResult.STAYS, now)
        record(ErasureTakenBack(at=now, person_id=person_id, country=_country(person_id, now)))


def erase_account(person_id: UUID, now: datetime) -> bool:
    """Erase a person with an erasure request; return False if there is no request."""
    postings.lock(person_id)
    asked = db.session.get(ErasureRequest, person_id)
    if asked is None:
        return False
    db.session.delete(asked)
    _settle(person_id, asked.asked_at, NoticeResult.ERASED, now)
    erasure.erase_account(person_id, now)
    return True


def record_access_log_view(person_id: UUID, country: str) -> None:
    """Record a view of an officer's access log by a contact point, before it is shown."""
    record(LooksSeen(person_id=person_id, country=country))


def record_export(person_id: UUID) -> None:
    """Record an export of own data before the data are collected."""
    record(OwnDataTaken(person_id=person_id))


def _settle(person_id: UUID, asked_at: datetime, became: NoticeResult, now: datetime) -> None:
    messages.settle_notices(_occasion(person_id, asked_at), became, now, path=ports().path_to(Target.PEOPLE))
    messages.settle_notices(_undecided(person_id, asked_at), NoticeResult.SETTLED, now)


def _undecided(person_id: UUID, asked_at: datetime) -> str:
    return f"{_occasion(person_id, asked_at)} undecided"


def _occasion(person_id: UUID, asked_at: datetime) -> str:
    return f"erasure {person_id} {asked_at.astimezone(UTC).isoformat()}"


def _country(person_id: UUID, now: datetime) -> str:
    posting = postings.posting_on(person_id, now.date())
    return posting.country if posting else ""
