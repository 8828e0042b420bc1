"""Change postings, departures and protection."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import delete, or_, update
from sqlalchemy.exc import NoResultFound

from app.access.people_rules import Helper, helper
from app.db.session import db, record
from app.directory.events import DepartureCancelled, LeavingPlanned, PostingMoved, ProtectionChanged
from app.identity import service
from app.identity.domain.people import PersonState
from app.identity.models import Agency, Person, Posting
from app.identity.queries import people, postings, roles
from app.invitations.models import GivenUpAlias, Invitation
from app.invitations.service import aliases
from app.kernel.errors import DomainError

OFFICER = "Officer"  # the title of all where the framework has no roles


@dataclass(frozen=True, slots=True)
class NewPosting:
    """Where somebody serves from a day on, in which roles of the framework."""

    agency_id: UUID
    roles: tuple[str, ...]
    since: date


def change_posting(person_id: UUID, new: NewPosting, *, today: date) -> bool:
    """Let somebody serve in another agency of the country, or in other roles, from today or a later day on.

    Days before keep their posting; sessions go on. Says False when it is as it was. Raises DomainError for a past day,
    a day after the last one of service, an agency of another country, or somebody who left.
    """
    spans = postings.lock(person_id)
    person = _serving(person_id)
    if new.since < today:
        raise DomainError("Choose today or a later day: figures of past days keep the posting of the day.")
    if person.leaves_on is not None and new.since > person.leaves_on:
        raise DomainError("This is after the last day of service.")
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
    """Let somebody's service end: today at once, on a later day by a job; raise DomainError for a past day."""
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
    """Take back that somebody leaves."""
    postings.lock(person_id)
    person = people.get(person_id)
    if person.leaves_on is not None and person.state is PersonState.ACTIVE:
        person.leaves_on = None
        record(DepartureCancelled(person_id=person_id, country=country_of_person(person_id, today)))


def close_departed_account(person_id: UUID, *, today: date) -> bool:
    """Close the account of somebody whose last day is over; say False when that day was changed meanwhile.

    So it does of who has become an administrator since: the contact point who told the day closes none of those.
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
    """Say that somebody is under threat, or no longer; `titles` are those of all roles of the framework, in English.

    Whoever comes under threat gets at once such an alias as is suggested to everybody, of a title drawn at random: it
    tells neither their role nor that they are under threat. The one before is kept nowhere and does not rest: who
    tries it would learn that somebody was so called. They may choose another one.
    """
    postings.lock(person_id)
    person = people.get(person_id)
    if person.protected != protected:
        person.protected = protected
        if protected:
            title = secrets.choice(titles or (OFFICER,))
            person.alias, person.alias_chosen_at = aliases.suggested([title])[0], None
            db.session.execute(delete(GivenUpAlias).where(GivenUpAlias.person_id == person_id))
            db.session.execute(update(Invitation).where(Invitation.person_id == person_id).values(alias=""))
        record(ProtectionChanged(person_id=person_id, country=country_of_person(person_id, today), protected=protected))


def _serving(person_id: UUID) -> Person:
    person = people.get(person_id)
    if person.state is not PersonState.ACTIVE:
        raise DomainError("This account is closed.")
    return person


def _put(person_id: UUID, country: str, new: NewPosting) -> None:
    """Write a posting in the place of what was to be from its first day on."""
    mine = Posting.person_id == person_id
    db.session.execute(delete(Posting).where(mine, Posting.since >= new.since))
    still = or_(Posting.until.is_(None), Posting.until >= new.since)
    db.session.execute(update(Posting).where(mine, still).values(until=new.since - postings.DAY))
    roles = " ".join(new.roles)
    db.session.add(Posting(person_id=person_id, country=country, agency_id=new.agency_id, roles=roles, since=new.since))
    db.session.flush()


def country_of_person(person_id: UUID, today: date) -> str:
    posting = postings.posting_on(person_id, today)
    if posting is None:
        raise NoResultFound
    return posting.country
