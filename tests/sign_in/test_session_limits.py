"""Edges of promises: all guesses together, roles that are to come, what an incident and an erasure end."""

from datetime import UTC, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.access.policy import Role, Scope
from app.db import blind_index
from app.db.session import db, transaction
from app.directory.service import erasure
from app.kernel import clock
from app.recovery.domain import IdentityCheck
from app.recovery.models import AskedForLink
from app.recovery.service import password_reset, restore_access
from app.recovery.service.restore_access import ResetRefusal
from app.rights.service import roles
from app.sign_in.domain import TOTAL_LIMITS, IncidentReason, Stage
from app.sign_in.models import FailedSignIn, KnownBrowser, SignInSession
from app.sign_in.service import incident, sessions as sign_in_sessions
from app.sign_in.service.sessions import RateLimited
from tests.support import factories, sites

MAIL = "one@example.org"


@pytest.mark.parametrize(("many", "status"), [(TOTAL_LIMITS[0].failures, 429), (TOTAL_LIMITS[0].failures - 1, 302)])
def test_all_guesses_together_have_a_limit(app: Flask, many: int, status: int) -> None:
    now = clock.real_now()
    with app.app_context():
        factories.person(mail=MAIL)
        with transaction():
            db.session.add_all(FailedSignIn(account=f"a{n}", address=f"b{n}", at=now) for n in range(many))
        db.session.remove()
    fields = {"name": MAIL, "password": factories.PASSWORD}
    assert sites.post(app, app.test_client(), "/sign-in", fields).status_code == status


def test_all_wishes_for_a_link_together_have_a_limit(app: Flask) -> None:
    now = clock.real_now()
    with app.app_context():
        with transaction():
            db.session.add_all(
                AskedForLink(account=f"a{n}", number=f"n{n}", address=f"b{n}", at=now)
                for n in range(TOTAL_LIMITS[0].failures)
            )
        with transaction():
            assert isinstance(password_reset.ask(MAIL, address="192.0.2.1", real_now=now), RateLimited)
        with transaction():
            assert password_reset.ask(MAIL, address="192.0.2.1", real_now=now + TOTAL_LIMITS[0].window) is None


@pytest.mark.each_database
def test_a_session_ends_when_a_role_begins(app: Flask) -> None:
    """What the role opens, the sign-in of before has not proved enough for."""
    with app.app_context():
        person_id, tomorrow = factories.person(), clock.today() + timedelta(days=1)
        with transaction():
            roles.add_role(person_id, Role.COORDINATOR, scope=Scope.ALL, reach="", since=tomorrow)
        midnight = datetime.combine(tomorrow, time(), UTC)
        real = clock.real_now()
        clock.move(lambda: midnight - timedelta(hours=1) - real)
        with transaction():
            sign_in_sessions.open_session(person_id, shared=False, real_now=real)
        ends_at = db.session.scalars(select(SignInSession.ends_at)).one()
        assert timedelta(minutes=59) < ends_at - real <= timedelta(hours=1)


def test_an_incident_ends_sessions_between_the_steps(app: Flask) -> None:
    with app.app_context():
        person_id, now = factories.person(), clock.real_now()
        with transaction():
            for stage in (Stage.HALF, Stage.READMITTED, Stage.WHOLE):
                sign_in_sessions.open_session(person_id, shared=False, real_now=now, stage=stage)
        with transaction():
            incident.begin(IncidentReason.LEAK, [], now)
        assert db.session.scalar(select(func.count()).select_from(SignInSession)) == 0


def test_an_erasure_leaves_no_browser_and_no_guess_behind(app: Flask) -> None:
    with app.app_context():
        person_id, now = factories.person(mail=MAIL), clock.real_now()
        other = factories.person()
        with transaction():
            for who in (person_id, other):
                db.session.add(KnownBrowser(person_id=who, mark_hash="1" * 64, seen_at=now))
            for name in (MAIL, sign_in_sessions.rate_limit_key(person_id, ""), "another person"):
                db.session.add(FailedSignIn(account=blind_index.index("account", name), address="x", at=now))
        with transaction():
            erasure.erase_account(person_id, clock.now())
        assert db.session.scalars(select(KnownBrowser.person_id)).all() == [other]
        assert db.session.scalars(select(FailedSignIn.account)).all() == [
            blind_index.index("account", "another person")
        ]


def test_only_an_administrator_is_a_second_helper(app: Flask) -> None:
    grants = ((Role.ADMINISTRATOR, Scope.ALL, ""),)
    with app.app_context():
        lost, *_others = (factories.person(roles=(), grants=grants) for _ in range(3))
        coordinator = factories.person(roles=(), grants=((Role.COORDINATOR, Scope.ALL, ""),))
        with transaction():
            assert (
                restore_access.approve_reset(lost, coordinator, IdentityCheck.KNOWN, clock.real_now())
                is ResetRefusal.TOO_FEW
            )
