"""Read the session of a cookie with its person (for each page), credentials by name, and failed sign-ins."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import BindParameter, Date, Row, and_, bindparam, func, or_, select

from app.access.people_rules import is_in_scope
from app.access.policy import Role
from app.db import blind_index
from app.db.base import table_of
from app.db.session import db
from app.identity.domain.people import Appearance, MailRhythm, PersonState
from app.identity.models import Identity, Person, Posting, RoleGrant
from app.identity.queries.roles import role_condition
from app.sign_in.domain import NO_ADDRESS, Stage
from app.sign_in.models import FailedSignIn, Incident, KnownBrowser, SignInSession


@dataclass(frozen=True, slots=True)
class ActiveSession:
    """An active session with the data of its person that every page needs."""

    session_id: int
    person_id: UUID
    alias: str
    language: str
    content_language: str | None
    appearance: Appearance
    more_contrast: bool
    data_saver: bool
    mail_rhythm: MailRhythm
    time_zone: str
    extra_time: int
    shared_computer: bool
    seen_at: datetime
    idle_seconds: int
    ends_at: datetime
    former: bool  # by the former secret: the response with the new one may be lost; not authenticated
    arrived: bool  # by the new secret, for the first time
    country: str
    posting_roles: tuple[str, ...]
    shows_country: bool
    incident_at: datetime | None  # begin of the active incident; None: none is active
    roles: frozenset[Role]


def active_session(secret_hash: str, *, real_now: datetime, today: date) -> ActiveSession | None:
    """Return the active session of a secret, or None if it ended, idled out or its account is closed."""
    parameters = {"secret_hash": secret_hash, "real_now": real_now, "today": today}
    rows = db.session.execute(_BY_SECRET, parameters).all()
    former = not rows
    if former:
        rows = db.session.execute(_BY_FORMER_SECRET, parameters).all()
    if not rows:
        return None
    if _has_ended(rows[0], real_now):
        return None
    return _session(rows, former=former)


def _has_ended(row: Row[*tuple[Any, ...]], real_now: datetime) -> bool:
    """Return whether a session idled out, or was opened while an incident ended all sessions."""
    idle = row.seen_at + timedelta(seconds=row.idle_seconds) <= real_now
    return bool(idle or (row.begun_at is not None and row.started_at < row.begun_at))


def _session(rows: Sequence[Row[*tuple[Any, ...]]], *, former: bool) -> ActiveSession:
    row = rows[0]
    return ActiveSession(
        session_id=row[0], shared_computer=row[1], seen_at=row[2], idle_seconds=row[3], ends_at=row[4],
        former=former, arrived=not former and row.former_hash is not None,
        person_id=row[5], alias=row[6], language=row[7], content_language=row[8], appearance=row[9],
        more_contrast=row[10], data_saver=row[11], mail_rhythm=row[12], time_zone=row[13], extra_time=row[14],
        country=row[15] or "", posting_roles=tuple((row[16] or "").split()), shows_country=row[17],
        incident_at=row.begun_at if row.ended_at is None else None,
        roles=frozenset(
            r.role for r in rows if r.role is not None and is_in_scope(r.scope, r.reach, r.country, r.agency_id)
        ),
    )  # fmt: skip


def credentials_by_name(name: str) -> tuple[UUID, str] | None:
    """Return id and password hash of the active person with this mail address, or else with this service number."""
    person = people_by_indexes(blind_index.index("mail", name), blind_index.index("service", name))
    return (person[0], person[1]) if person else None


def people_by_indexes(mail_index: str, service_index: str) -> tuple[UUID, str] | None:
    """Return id and password hash of the active person of a mail address, or else of a service number.

    A service number never counts for the owner of the same mail address, nor after the owner has left. Known and
    unknown names run the same single statement, so that the time does not reveal which names exist.
    """
    row = db.session.execute(_BY_INDEXES, {"mail": mail_index, "service": service_index}).first()
    return (row[0], row[1]) if row and row[2] is PersonState.ACTIVE else None


def locked_password(person_id: UUID) -> str | None:
    """Lock the person row and return the password hash, or None if the account is closed."""
    return db.session.scalars(_LOCK_PERSON, {"person_id": person_id}).one_or_none()


def public_id(secret_hash: str) -> UUID:
    """Return the public id of the session of a secret, or raise NoResultFound."""
    return db.session.scalars(_PUBLIC_ID, {"secret_hash": secret_hash}).one()


def failures(*, account: str, address: str, since: datetime) -> tuple[list[datetime], list[datetime], list[datetime]]:
    """Return the times of failed sign-ins since then: of the account, of the address, of all (1,000 at most)."""
    return (
        failures_of_account(account, since=since),
        list(db.session.scalars(_OF_ADDRESS, {"address": address, "since": since})),
        list(db.session.scalars(_OF_ALL, {"since": since})),
    )


def failures_of_account(account: str, *, since: datetime) -> list[datetime]:
    """Return the times of failed sign-ins of an account since then (1,000 at most)."""
    return list(db.session.scalars(_OF_ACCOUNT, {"account": account, "since": since}))


def last_sign_ins(people: Collection[UUID]) -> dict[UUID, datetime]:
    """Return when these people last signed in; those without a browser of the last 90 days are left out."""
    query = select(KnownBrowser.person_id, func.max(KnownBrowser.seen_at)).where(KnownBrowser.person_id.in_(people))
    return {row[0]: row[1] for row in db.session.execute(query.group_by(KnownBrowser.person_id))}


def failed_sign_ins(since: datetime) -> int:
    """Return the number of failed sign-ins since then; rows are deleted after an hour."""
    counted = (FailedSignIn.at > since, FailedSignIn.address != NO_ADDRESS)
    return db.session.scalar(select(func.count()).select_from(FailedSignIn).where(*counted)) or 0


# built once: every sign-in sends them
_LOCK_PERSON = (
    select(Person.password_hash)
    .where(Person.id == bindparam("person_id"), Person.state == PersonState.ACTIVE)
    .with_for_update(key_share=True)
)
_PUBLIC_ID = select(SignInSession.public_id).where(SignInSession.secret_hash == bindparam("secret_hash"))
_FAILURES = select(FailedSignIn.at).where(FailedSignIn.at > bindparam("since"))
_OF_ACCOUNT = _FAILURES.where(FailedSignIn.account == bindparam("account")).limit(1000)
_OF_ADDRESS = _FAILURES.where(FailedSignIn.address == bindparam("address")).limit(1000)
_OF_ALL = _FAILURES.where(FailedSignIn.address != NO_ADDRESS).order_by(FailedSignIn.at.desc()).limit(1000)
_is_mail = Identity.mail_index == bindparam("mail")
_BY_INDEXES = (
    select(Person.id, Person.password_hash, Person.state)
    .join(Identity, Identity.person_id == Person.id)
    .where(or_(_is_mail, Identity.service_index == bindparam("service")))
    .order_by(_is_mail.desc())
    .limit(1)
)
_today: BindParameter[date] = bindparam("today", type_=Date)
# built once, of plain columns, which are read faster: every page of a signed-in user runs this query
_session_of, _person, _incident = table_of(SignInSession), table_of(Person), table_of(Incident)
_posting, _grant = table_of(Posting), table_of(RoleGrant)
_SESSIONS = (
    select(
        _session_of.c.id, _session_of.c.shared_computer, _session_of.c.seen_at,
        _session_of.c.idle_seconds, _session_of.c.ends_at,
        _person.c.id, _person.c.alias, _person.c.language, _person.c.content_language, _person.c.appearance,
        _person.c.more_contrast, _person.c.data_saver, _person.c.mail_rhythm, _person.c.time_zone,
        _person.c.extra_time,
        _posting.c.country, _posting.c.roles, _person.c.shows_country, _grant.c.role, _grant.c.scope, _grant.c.reach,
        _incident.c.begun_at, _incident.c.ended_at, _session_of.c.started_at, _session_of.c.former_hash,
        _posting.c.agency_id,
    )
    .join(_person, _person.c.id == _session_of.c.person_id)
    .outerjoin(_grant, and_(_grant.c.person_id == _person.c.id, *role_condition(_grant.c, _today)))
    .outerjoin(_posting, and_(_posting.c.person_id == _person.c.id, *role_condition(_posting.c, _today)))
    .outerjoin(_incident, _incident.c.id == 1)
    .where(
        _session_of.c.ends_at > bindparam("real_now"),
        _session_of.c.stage == Stage.WHOLE,
        _person.c.state == PersonState.ACTIVE,
    )
)  # fmt: skip
_BY_SECRET = _SESSIONS.where(_session_of.c.secret_hash == bindparam("secret_hash"))
_BY_FORMER_SECRET = _SESSIONS.where(_session_of.c.former_hash == bindparam("secret_hash"))
