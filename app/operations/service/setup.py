"""Setting up a site: a code from the console, the first administrator, then what the site begins with."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.access.policy import Actor, Role, Scope
from app.db import blind_index
from app.db.locks import lock_key
from app.db.session import db, record
from app.identity import service
from app.identity.domain.people import AgencyKind
from app.identity.queries import people, roles
from app.identity.service import NewPerson
from app.kernel import clock
from app.kernel.errors import DomainError
from app.operations.domain import FIRST_CODE_DIGITS, FIRST_CODE_LIFE, MEMBERS
from app.operations.events import FirstAdministratorMade, FirstCodeMade, FirstCodeTaken, FirstRunFinished, StarterChosen
from app.operations.models import FirstRun
from app.rights.service import roles as rights_roles
from app.sign_in.domain import read_code
from app.sign_in.service import sessions
from app.sign_in.service.sessions import RateLimited, WrongCredentials

THE_ONE = 1
SECRET_BYTES = 24
LIMITED = "first administrator"  # what stands for the account in the limits on guessing
OFFICE = "National contact point"  # every member has one; it adds the services of its country


@dataclass(frozen=True, slots=True)
class Progress:
    """What the setting up has come to, for the administrator who does it."""

    starter_wanted: bool
    starter_loaded_at: datetime | None
    starter_fault: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Administrator:
    """Who the first administrator is."""

    name: str
    latin_name: str | None
    alias: str
    mail: str
    password_hash: str
    country: str
    agency: str
    language: str


def make_code(real_now: datetime) -> str:
    """Make the code that opens the first run once, in place of an older one; refuse where there is an administrator."""
    found = db.session.get(FirstRun, THE_ONE, with_for_update=True, populate_existing=True)
    if (found is not None and found.person_id is not None) or _has_administrator():
        raise DomainError("This site has an administrator already.")
    code = f"{secrets.randbelow(10**FIRST_CODE_DIGITS):0{FIRST_CODE_DIGITS}}"
    if found is None:
        found = FirstRun(id=THE_ONE)
        db.session.add(found)
    found.code_hash, found.ends_at, found.holder_hash = _hash(code), real_now + FIRST_CODE_LIFE, None
    record(FirstCodeMade())
    return code


def waits_for_somebody() -> bool:
    """Say whether a code was made and nobody has become the first administrator, here or on the console."""
    found = db.session.get(FirstRun, THE_ONE, populate_existing=True)
    return found is not None and found.person_id is None and not _has_administrator()


def take_code(text: str, *, address: str, real_now: datetime) -> str | WrongCredentials | RateLimited:
    """Return a secret for the one browser that typed the code first, within the limits on guessing."""
    lock_key(blind_index.index("account", LIMITED), blind_index.index("address", address))
    if (late := sessions.check_rate_limit(LIMITED, address, real_now)) is not None:
        return late
    found = db.session.get(FirstRun, THE_ONE, with_for_update=True, populate_existing=True)
    if found is None or not _opens(found, read_code(text), real_now):
        sessions.record_failed_sign_in(LIMITED, address, real_now)
        return WrongCredentials()
    secret = secrets.token_urlsafe(SECRET_BYTES)
    found.holder_hash, found.ends_at = sessions.hash_secret(secret), real_now + FIRST_CODE_LIFE
    record(FirstCodeTaken())
    return secret


def is_held_by(secret: str) -> bool:
    """Say whether this is the browser that typed the code, and nobody has become administrator since."""
    found = db.session.get(FirstRun, THE_ONE, populate_existing=True)
    return found is not None and _holds(found, secret)


def make_administrator(secret: str, who: Administrator, now: datetime) -> UUID | None:
    """Make the first administrator; None when somebody else is it by now: of two at once one wins."""
    found = db.session.get(FirstRun, THE_ONE, with_for_update=True, populate_existing=True)
    if found is None or not _holds(found, secret):
        return None
    if who.country not in people.countries():
        service.add_country(who.country, MEMBERS[who.country])
    agency = people.agency(who.country, who.agency) or service.add_agency(who.country, AgencyKind.OTHER, who.agency)
    new = NewPerson(
        alias=who.alias,
        name=who.name,
        latin_name=who.latin_name,
        mail=who.mail,
        password_hash=who.password_hash,
        country=who.country,
        agency_id=agency,
        roles=(),
        language=who.language,
        time_zone=MEMBERS[who.country],
    )
    person_id = service.add_person(new, now)
    rights_roles.add_role(person_id, Role.ADMINISTRATOR, scope=Scope.ALL, since=now.date())
    found.person_id = person_id
    record(FirstAdministratorMade(person_id=person_id, actor_id=person_id))
    return person_id


def mine(actor: Actor) -> FirstRun:
    """Return the first run that this administrator is at, or raise NoResultFound: it is over, or somebody else's."""
    query = select(FirstRun).where(FirstRun.person_id == actor.id, FirstRun.finished_at.is_(None))
    return db.session.scalars(query).one()


def progress() -> Progress:
    """Return what the setting up has come to."""
    found = db.session.get_one(FirstRun, THE_ONE, populate_existing=True)
    return Progress(found.starter_wanted, found.starter_loaded_at, found.starter_fault)


def choose_starter(*, wanted: bool) -> None:
    """Keep whether the site begins with the starter courses and plan; a job loads them. The members come with them."""
    found = db.session.get_one(FirstRun, THE_ONE, with_for_update=True, populate_existing=True)
    found.starter_wanted, found.starter_fault = wanted, ""
    if wanted:
        there = set(people.countries())
        for code, zone in MEMBERS.items():
            if code not in there:
                service.add_country(code, zone)
            if people.agency(code, OFFICE) is None:
                service.add_agency(code, AgencyKind.OTHER, OFFICE)
    record(StarterChosen(wanted=wanted))


def finish(person_id: UUID, real_now: datetime) -> None:
    """End the first run: its pages are gone from now on."""
    db.session.get_one(FirstRun, THE_ONE, with_for_update=True, populate_existing=True).finished_at = real_now
    record(FirstRunFinished(person_id=person_id))


def _opens(found: FirstRun, digits: str, real_now: datetime) -> bool:
    fresh = found.holder_hash is None and found.person_id is None and real_now < found.ends_at
    return hmac.compare_digest(found.code_hash, _hash(digits)) and fresh and not _has_administrator()


def _holds(found: FirstRun, secret: str) -> bool:
    held = found.holder_hash is not None and hmac.compare_digest(found.holder_hash, sessions.hash_secret(secret))
    open_still = found.person_id is None and clock.real_now() < found.ends_at
    return held and open_still and not _has_administrator()


def _has_administrator() -> bool:
    return any(role is Role.ADMINISTRATOR for role, _person in roles.holders(Scope.ALL, "", clock.today()))


def _hash(code: str) -> str:
    return blind_index.index("first-code", code)
