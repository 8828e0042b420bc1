"""People and things for tests: plain functions, keyword arguments, no surprises."""

from datetime import date, datetime
from itertools import count
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient

from app.access.policy import Role, Scope
from app.db import blind_index
from app.db.session import db, is_in_transaction, transaction
from app.identity import service
from app.identity.domain.people import AgencyKind
from app.identity.service import NewPerson
from app.kernel import clock
from app.rights.service import roles as rights_roles
from app.sign_in.service import passwords, sessions
from app.web.http import csrf

PASSWORD = "a long passphrase for tests"
PASSWORD_HASH = passwords.make_password_hash(PASSWORD)
_numbers = count(20_001)  # above the random numbers of the aliases that the academy suggests


def number_from(first: int) -> None:
    """Number aliases, mail addresses and agencies from `first` at least, for rows that other processes copy."""
    global _numbers  # noqa: PLW0603 - one numbering for the process
    _numbers = count(max(first, next(_numbers)))


def person(
    *,
    alias: str | None = None,
    name: str = "Test Person",
    mail: str | None = None,
    country: str = "IQ",
    roles: tuple[str, ...] = ("first_responder",),
    grants: tuple[tuple[Role, Scope, str], ...] = (),
    language: str = "en",
    content_language: str | None = None,
    now: datetime | None = None,
) -> UUID:
    """Add a person (inside a transaction of the caller's or one of its own)."""
    n = next(_numbers)
    if is_in_transaction():
        return _person(alias, name, mail, country, roles, grants, language, content_language, now, n)
    with transaction():
        return _person(alias, name, mail, country, roles, grants, language, content_language, now, n)


def _person(
    alias: str | None,
    name: str,
    mail: str | None,
    country: str,
    roles: tuple[str, ...],
    grants: tuple[tuple[Role, Scope, str], ...],
    language: str,
    content_language: str | None,
    now: datetime | None,
    n: int,
) -> UUID:
    now = now or clock.now()
    new = NewPerson(
        alias=alias or f"Officer {n}",
        name=name,
        mail=mail or f"officer{n}@example.org",
        password_hash=PASSWORD_HASH,
        country=country,
        agency_id=agency(country),
        roles=roles,
        language=language,
        content_language=content_language,
        time_zone="UTC",
    )
    person_id = service.add_person(new, now)
    for role, scope, reach in grants:
        rights_roles.add_role(person_id, role, scope=scope, reach=reach, since=date(2027, 1, 1))
    return person_id


def agency(country: str, *, second_factor: bool = False) -> UUID:
    """Add a country if need be, where practitioners need no second factor, and a service of it."""
    from app.identity.models import Country

    if db.session.get(Country, country) is None:
        service.add_country(country, "UTC", second_factor=second_factor, exact_counts=True)
    return service.add_agency(country, AgencyKind.BORDER, f"Border service {next(_numbers)}")


def sign_in(app: Flask, person_id: UUID, at: datetime | None = None) -> FlaskClient:
    """Return a client that is signed in as this person, the slow password left out; `at` is now by default."""
    client = app.test_client()
    with app.app_context(), transaction():
        secret = sessions.open_session(person_id, shared=False, real_now=at or clock.real_now())
    with client.session_transaction() as session:
        session["sid"] = secret
        session["csrf"] = "test-seed"
    return client


def kept(person_id: UUID, to: str, **fields: str) -> dict[str, str]:
    """Return the saved form in a sign-in page after the session of its sender has ended."""
    by = blind_index.index("reader", str(person_id))
    return {"kept_to": to, "kept_by": by, **{f"kept-{name}": value for name, value in fields.items()}}


def token(app: Flask, client: FlaskClient) -> str:
    """Return a token that this client's session takes."""
    with client.session_transaction() as session:
        session.setdefault("csrf", "test-seed")
        seed = session["csrf"]
    with app.test_request_context():
        from flask import session as inner

        inner["csrf"] = seed
        return csrf.token()
