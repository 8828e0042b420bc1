"""Read sessions and failed sign-ins."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import BindParameter, Date, and_, bindparam, func, or_, select

from app.access.people_rules import is_in_scope
from app.access.policy import Role
from app.db import blind_index
from app.db.session import db
from app.identity.domain.people import Appearance, MailRhythm, PersonState
from app.identity.models import Identity, Person, Posting, RoleGrant
from app.identity.queries.roles import role_condition
from app.sign_in.domain import NO_ADDRESS, Stage
from app.sign_in.models import FailedSignIn, Incident, SignInSession


@dataclass(frozen=True, slots=True)
class ActiveSession:
    """A live session with what every page needs of its person."""

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
    former: bool  # the secret is the one before: the answer that brought the new one may be lost; it proves nothing
    arrived: bool  # the secret came back while the one before still opened
    country: str
    posting_roles: tuple[str, ...]
    shows_country: bool
    incident_at: datetime | None  # when the incident that lasts began; None: none does
    roles: frozenset[Role]


def active_session(secret_hash: str, *, real_now: datetime, today: date) -> ActiveSession | None:
    """Return the live session of a cookie's secret, or None when it has ended, idled out or its person is gone."""
    given = {"secret_hash": secret_hash, "real_now": real_now, "today": today}
    rows = db.session.execute(_BY_SECRET, given).all()
    former = not rows
    if former:
        rows = db.session.execute(_BY_FORMER_SECRET, given).all()
    if not rows:
        return None
    row = rows[0]
    if row.seen_at + timedelta(seconds=row.idle_seconds) <= real_now:
        return None
    if row.begun_at is not None and row.started_at < row.begun_at:  # opened while everything was being shut
        return None
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
    found = people_by_indexes(blind_index.index("mail", name), blind_index.index("service", name))
    return (found[0], found[1]) if found else None


def people_by_indexes(mail_index: str, service_index: str) -> tuple[UUID, str] | None:
    """Return id and password hash of the active person of a mail address, or else of a service number.

    A number that is somebody's mail address is never taken for them, nor in place of them once they have left. It is
    one statement whoever is asked for (security S6).
    """
    by_mail = Identity.mail_index == mail_index
    query = (
        select(Person.id, Person.password_hash, Person.state)
        .join(Identity, Identity.person_id == Person.id)
        .where(or_(by_mail, Identity.service_index == service_index))
        .order_by(by_mail.desc())
        .limit(1)
    )
    row = db.session.execute(query).first()
    return (row[0], row[1]) if row and row[2] is PersonState.ACTIVE else None


def failures(*, account: str, address: str, since: datetime) -> tuple[list[datetime], list[datetime], list[datetime]]:
    """Return the times of failed sign-ins since then: of the account, of the address, of all (1,000 at most)."""
    account_times = select(FailedSignIn.at).where(FailedSignIn.account == account, FailedSignIn.at > since)
    address_times = select(FailedSignIn.at).where(FailedSignIn.address == address, FailedSignIn.at > since)
    each = (FailedSignIn.at > since, FailedSignIn.address != NO_ADDRESS)
    all_times = select(FailedSignIn.at).where(*each).order_by(FailedSignIn.at.desc()).limit(1000)
    return (
        list(db.session.scalars(account_times.limit(1000))),
        list(db.session.scalars(address_times.limit(1000))),
        list(db.session.scalars(all_times)),
    )


def failed_sign_ins(since: datetime) -> int:
    """Return how many sign-ins failed since then; rows are kept for an hour."""
    each = (FailedSignIn.at > since, FailedSignIn.address != NO_ADDRESS)
    return db.session.scalar(select(func.count()).select_from(FailedSignIn).where(*each)) or 0


_today: BindParameter[date] = bindparam("today", type_=Date)
# put together once: every page of somebody signed in asks this
_SESSIONS = (
    select(
        SignInSession.id, SignInSession.shared_computer, SignInSession.seen_at,
        SignInSession.idle_seconds, SignInSession.ends_at,
        Person.id, Person.alias, Person.language, Person.content_language, Person.appearance,
        Person.more_contrast, Person.data_saver, Person.mail_rhythm, Person.time_zone, Person.extra_time,
        Posting.country, Posting.roles, Person.shows_country, RoleGrant.role, RoleGrant.scope, RoleGrant.reach,
        Incident.begun_at, Incident.ended_at, SignInSession.started_at, SignInSession.former_hash, Posting.agency_id,
    )
    .join(Person, Person.id == SignInSession.person_id)
    .outerjoin(RoleGrant, and_(RoleGrant.person_id == Person.id, *role_condition(RoleGrant, _today)))
    .outerjoin(Posting, and_(Posting.person_id == Person.id, *role_condition(Posting, _today)))
    .outerjoin(Incident, Incident.id == 1)
    .where(
        SignInSession.ends_at > bindparam("real_now"),
        SignInSession.stage == Stage.WHOLE,
        Person.state == PersonState.ACTIVE,
    )
)  # fmt: skip
_BY_SECRET = _SESSIONS.where(SignInSession.secret_hash == bindparam("secret_hash"))
_BY_FORMER_SECRET = _SESSIONS.where(SignInSession.former_hash == bindparam("secret_hash"))
