"""Change postings, plan departures, close accounts after them, and protect people under threat."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import delete, or_, update
from sqlalchemy.exc import NoResultFound

from app.access.people_rules import Helper, helper
from app.db.session import db, record
from app.directory.events import DepartureCancelled, LeavingPlanned, PostingMoved, PostingsViewed, ProtectionChanged
from app.identity import service
from app.identity.domain.people import PersonState
from app.identity.models import Agency, Person, Posting
from app.identity.queries import people, postings, roles
from app.invitations.service import aliases, erasure
from app.kernel.errors import DomainError

OFFICER = "Officer"  # title of aliases if the framework has no roles


@dataclass(frozen=True, slots=True)
class NewPosting:
    """A posting from a day on: agency and roles of the framework."""

    agency_id: UUID
    roles: tuple[str, ...]
    since: date


def record_view(person_id: UUID, country: str) -> None:
    """Record a view of an officer's postings by a contact point, before they are shown."""
    record(PostingsViewed(person_id=person_id, country=country))


def change_posting(person_id: UUID, new: NewPosting, *, today: date) -> bool:
    """Change agency or roles of a person within the country, from today or a later day; return whether it changed.

    Earlier days do not change; sessions go on. Raises DomainError for a past day, a day after the last one of service,
    an agency of another country, and a closed account.
    """
    spans = postings.lock(person_id)
    _check_day(_serving(person_id), new.since, today)
    before = postings.nearest(spans, new.since)
    if before is None or db.session.get_one(Agency, new.agency_id).country != before.country:
        raise DomainError("Choose an agency of the same country.")
    later = any(span.since > new.since for span in spans)
    if (before.agency_id, before.roles) == (new.agency_id, new.roles) and not later:
        return False
    _put(person_id, before.country, new)
    record(
        PostingMoved(
            person_id=person_id, country=before.country, agency_id=new.agency_id, roles=new.roles, since=new.since
        )
    )
    return True


def plan_departure(person_id: UUID, last_day: date, *, today: date) -> None:
    """End the service of a person: today at once, on a later day by a job. Raises DomainError for a past day."""
    spans = postings.lock(person_id)
    person = _serving(person_id)
    if last_day < today:
        raise DomainError("Choose today or a later day: figures of past days keep the posting of the day.")
    if last_day == today:
        person.leaves_on = None
        service.deactivate(person_id, today)
        return
    if any(span.since > last_day for span in spans):
        raise DomainError("A move is planned for a later day. Choose a day after it, or move back first.")
    person.leaves_on = last_day
    record(LeavingPlanned(person_id=person_id, country=country_of_person(person_id, today), last_day=last_day))


def cancel_departure(person_id: UUID, *, today: date) -> None:
    """Cancel a planned departure."""
    postings.lock(person_id)
    person = people.get(person_id)
    if person.leaves_on is not None and person.state is PersonState.ACTIVE:
        person.leaves_on = None
        record(DepartureCancelled(person_id=person_id, country=country_of_person(person_id, today)))


def close_departed_account(person_id: UUID, *, today: date) -> bool:
    """Close an account after the last day of service; return False if that day was changed before the lock.

    An account that became an administrator's stays open: a contact point may not close those.
    """
    postings.lock(person_id)
    person = people.get(person_id)
    if person.leaves_on is None or person.leaves_on >= today or person.state is not PersonState.ACTIVE:
        return False
    if helper(roles.roles_of(person_id, today)) is Helper.TWO_ADMINISTRATORS:
        return False
    service.deactivate(person_id, person.leaves_on)
    return True


def protect(person_id: UUID, *, protected: bool, titles: Sequence[str], today: date) -> None:
    """Start or end the protection of a person under threat; `titles` are the English titles of all framework roles.

    A protected person gets a suggested alias with a random title, which reveals neither role nor threat. Former
    aliases are deleted and available at once: a refusal would reveal that they existed. The person may change it.
    """
    postings.lock(person_id)
    person = people.get(person_id)
    if person.protected != protected:
        person.protected = protected
        if protected:
            title = secrets.choice(titles or (OFFICER,))
            person.alias, person.alias_chosen_at = aliases.suggested([title])[0], None
            erasure.delete_former_aliases(person_id)
        record(ProtectionChanged(person_id=person_id, country=country_of_person(person_id, today), protected=protected))


def _serving(person_id: UUID) -> Person:
    person = people.get(person_id)
    if person.state is not PersonState.ACTIVE:
        raise DomainError("This account is closed.")
    return person


def _check_day(person: Person, since: date, today: date) -> None:
    if since < today:
        raise DomainError("Choose today or a later day: figures of past days keep the posting of the day.")
    if person.leaves_on is not None and since > person.leaves_on:
        raise DomainError("This is after the last day of service.")


def _put(person_id: UUID, country: str, new: NewPosting) -> None:
    """Insert a posting; end or delete others from its first day on."""
    of_person = Posting.person_id == person_id
    db.session.execute(delete(Posting).where(of_person, Posting.since >= new.since))
    still = or_(Posting.until.is_(None), Posting.until >= new.since)
    db.session.execute(update(Posting).where(of_person, still).values(until=new.since - postings.DAY))
    roles = " ".join(new.roles)
    db.session.add(Posting(person_id=person_id, country=country, agency_id=new.agency_id, roles=roles, since=new.since))
    db.session.flush()


def country_of_person(person_id: UUID, today: date) -> str:
    posting = postings.posting_on(person_id, today)
    if posting is None:
        raise NoResultFound
    return posting.country
