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
from app.sign_in.service.sessions import TooMany, Wrong

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


def waits_for_somebody() -> bool:
    """Say whether a code was made and nobody has become the first administrator, here or on the console."""
    setup = db.session.get(FirstRun, THE_ONE, populate_existing=True)
    return setup is not None and setup.person_id is None and not _has_administrator()


def take_code(text: str, *, address: str, real_now: datetime) -> str | Wrong | TooMany:
    """Return a secret for the one browser that typed the code first, within the limits on guessing."""
    lock_key(blind_index.index("account", LIMITED), blind_index.index("address", address))
    if (limited := sessions.waits(LIMITED, address, real_now)) is not None:
        return limited
    setup = db.session.get(FirstRun, THE_ONE, with_for_update=True, populate_existing=True)
    if setup is None or not _opens(setup, read_code(text), real_now):
        sessions.fail(LIMITED, address, real_now)
        return Wrong()
    secret = secrets.token_urlsafe(SECRET_BYTES)
    setup.holder_hash, setup.ends_at = sessions.hash_secret(secret), real_now + FIRST_CODE_LIFE
    record(FirstCodeTaken())
    return secret


def is_held_by(secret: str) -> bool:
    """Say whether this is the browser that typed the code, and nobody has become administrator since."""
    setup = db.session.get(FirstRun, THE_ONE, populate_existing=True)
    return setup is not None and _holds(setup, secret)


def make_administrator(secret: str, administrator: Administrator, now: datetime) -> UUID | None:
    """Make the first administrator; None when somebody else is it by now: of two at once one wins."""
    setup = db.session.get(FirstRun, THE_ONE, with_for_update=True, populate_existing=True)
    if setup is None or not _holds(setup, secret):
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


def mine(actor: Actor) -> FirstRun:
    """Return the first run that this administrator is at, or raise NoResultFound: it is over, or somebody else's."""
    query = select(FirstRun).where(FirstRun.person_id == actor.id, FirstRun.finished_at.is_(None))
    return db.session.scalars(query).one()


def progress() -> Progress:
    """Return what the setting up has come to."""
    setup = db.session.get_one(FirstRun, THE_ONE, populate_existing=True)
    return Progress(setup.starter_wanted, setup.starter_loaded_at, setup.starter_fault)


def choose_starter(*, wanted: bool) -> None:
    """Keep whether the site begins with the starter courses and plan; a job loads them. The members come with them."""
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
    """End the first run: its pages are gone from now on."""
    db.session.get_one(FirstRun, THE_ONE, with_for_update=True, populate_existing=True).finished_at = real_now
    record(FirstRunFinished(person_id=person_id))


def _opens(setup: FirstRun, digits: str, real_now: datetime) -> bool:
    fresh = setup.holder_hash is None and setup.person_id is None and real_now < setup.ends_at
    return hmac.compare_digest(setup.code_hash, _hash(digits)) and fresh and not _has_administrator()


def _holds(setup: FirstRun, secret: str) -> bool:
    same_browser = setup.holder_hash is not None and hmac.compare_digest(
        setup.holder_hash, sessions.hash_secret(secret)
    )
    is_open = setup.person_id is None and clock.real_now() < setup.ends_at
    return same_browser and is_open and not _has_administrator()


def _has_administrator() -> bool:
    return any(role is Role.ADMINISTRATOR for role, _person in roles.holders(Scope.ALL, "", clock.today()))


def _hash(code: str) -> str:
    return blind_index.index("first-code", code)
