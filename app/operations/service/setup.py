"""Set up a site: a code from the console, the first administrator, then the starter content."""

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
LIMITED = "first administrator"  # in place of an account in the rate limit
OFFICE = "National contact point"  # every member has one; it adds the agencies of its country


@dataclass(frozen=True, slots=True)
class SetupProgress:
    """The progress of the setup, for the administrator who does it."""

    starter_wanted: bool
    starter_loaded_at: datetime | None
    starter_fault: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Administrator:
    """Data of the first administrator."""

    name: str
    latin_name: str | None
    alias: str
    mail: str
    password_hash: str
    country: str
    agency: str
    language: str


def make_code(real_now: datetime) -> str:
    """Create the setup code, replacing an older one. Raises DomainError if the site has an administrator."""
    setup = db.session.get(FirstRun, THE_ONE, with_for_update=True, populate_existing=True)
    if (setup is not None and setup.person_id is not None) or _has_administrator():
        raise DomainError("This site has an administrator already.")
    code = f"{secrets.randbelow(10**FIRST_CODE_DIGITS):0{FIRST_CODE_DIGITS}}"
    if setup is None:
        setup = FirstRun(id=THE_ONE)
        db.session.add(setup)
    setup.code_hash, setup.ends_at, setup.holder_hash = _hash(code), real_now + FIRST_CODE_LIFE, None
    record(FirstCodeMade())
    return code


def is_open() -> bool:
    """Return whether a setup code exists and the site has no administrator."""
    setup = db.session.get(FirstRun, THE_ONE, populate_existing=True)
    return setup is not None and setup.person_id is None and not _has_administrator()


def take_code(text: str, *, address: str, real_now: datetime) -> str | WrongCredentials | RateLimited:
    """Return a secret for the browser that typed the code first; failures count for the rate limit."""
    lock_key(blind_index.index("account", LIMITED), blind_index.index("address", address))
    if (limited := sessions.check_rate_limit(LIMITED, address, real_now)) is not None:
        return limited
    setup = db.session.get(FirstRun, THE_ONE, with_for_update=True, populate_existing=True)
    if setup is None or not _is_valid_code(setup, read_code(text), real_now):
        sessions.record_failed_sign_in(LIMITED, address, real_now)
        return WrongCredentials()
    secret = secrets.token_urlsafe(SECRET_BYTES)
    setup.holder_hash, setup.ends_at = sessions.hash_secret(secret), real_now + FIRST_CODE_LIFE
    record(FirstCodeTaken())
    return secret


def is_opened_by(secret: str) -> bool:
    """Return whether the secret belongs to the browser that typed the code, and the site has no administrator."""
    setup = db.session.get(FirstRun, THE_ONE, populate_existing=True)
    return setup is not None and _is_opened_by(setup, secret)


def make_administrator(secret: str, administrator: Administrator, now: datetime) -> UUID | None:
    """Create the first administrator; return None if another request has done so at the same time."""
    setup = db.session.get(FirstRun, THE_ONE, with_for_update=True, populate_existing=True)
    if setup is None or not _is_opened_by(setup, secret):
        return None
    if administrator.country not in people.countries():
        service.add_country(administrator.country, MEMBERS[administrator.country])
    agency = people.agency(administrator.country, administrator.agency) or service.add_agency(
        administrator.country, AgencyKind.OTHER, administrator.agency
    )
    new = NewPerson(
        alias=administrator.alias,
        name=administrator.name,
        latin_name=administrator.latin_name,
        mail=administrator.mail,
        password_hash=administrator.password_hash,
        country=administrator.country,
        agency_id=agency,
        roles=(),
        language=administrator.language,
        time_zone=MEMBERS[administrator.country],
    )
    person_id = service.add_person(new, now)
    rights_roles.add_role(person_id, Role.ADMINISTRATOR, scope=Scope.ALL, since=now.date())
    setup.person_id = person_id
    record(FirstAdministratorMade(person_id=person_id, actor_id=person_id))
    return person_id


def owned_by_actor(actor: Actor) -> FirstRun:
    """Return the unfinished setup of this administrator. Raises NoResultFound if there is none."""
    query = select(FirstRun).where(FirstRun.person_id == actor.id, FirstRun.finished_at.is_(None))
    return db.session.scalars(query).one()


def progress() -> SetupProgress:
    """Return the progress of the setup."""
    setup = db.session.get_one(FirstRun, THE_ONE, populate_existing=True)
    return SetupProgress(setup.starter_wanted, setup.starter_loaded_at, setup.starter_fault)


def starter_is_wanted() -> bool:
    """Return whether the setup asked for the starter courses."""
    setup = db.session.get(FirstRun, THE_ONE, populate_existing=True)
    return setup is not None and setup.starter_wanted


def choose_starter(*, wanted: bool) -> None:
    """Save the choice of starter content, which a job loads; add the member countries if it is wanted."""
    setup = db.session.get_one(FirstRun, THE_ONE, with_for_update=True, populate_existing=True)
    setup.starter_wanted, setup.starter_fault = wanted, ""
    if wanted:
        existing = set(people.countries())
        for code, zone in MEMBERS.items():
            if code not in existing:
                service.add_country(code, zone)
            if people.agency(code, OFFICE) is None:
                service.add_agency(code, AgencyKind.OTHER, OFFICE)
    record(StarterChosen(wanted=wanted))


def finish(person_id: UUID, real_now: datetime) -> None:
    """Finish the setup: its pages no longer exist."""
    db.session.get_one(FirstRun, THE_ONE, with_for_update=True, populate_existing=True).finished_at = real_now
    record(FirstRunFinished(person_id=person_id))


def _is_valid_code(setup: FirstRun, digits: str, real_now: datetime) -> bool:
    fresh = setup.holder_hash is None and setup.person_id is None and real_now < setup.ends_at
    return hmac.compare_digest(setup.code_hash, _hash(digits)) and fresh and not _has_administrator()


def _is_opened_by(setup: FirstRun, secret: str) -> bool:
    same_browser = setup.holder_hash is not None and hmac.compare_digest(
        setup.holder_hash, sessions.hash_secret(secret)
    )
    is_open = setup.person_id is None and clock.real_now() < setup.ends_at
    return same_browser and is_open and not _has_administrator()


def _has_administrator() -> bool:
    return any(role is Role.ADMINISTRATOR for role, _person in roles.holders(Scope.ALL, "", clock.today()))


def _hash(code: str) -> str:
    return blind_index.index("first-code", code)
