"""On a live site the role of an administrator without a passkey rests: at the door, and behind every other one."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from app.access.people_rules import AssignableRole
from app.access.policy import Actor, Role, Scope
from app.db.session import db, transaction
from app.factory import create_app
from app.identity.queries import person_details, roles as identity_roles
from app.kernel import clock
from app.messages.domain import NoticeKind
from app.messages.models import Notice
from app.recovery import queries as recovery_queries
from app.recovery.domain import IdentityCheck
from app.recovery.service import restore_access
from app.recovery.service.restore_access import ResetRefusal
from app.rights.domain.roles import RequestAnswer, RoleRefusal, RoleRequest
from app.rights.models import AdministratorRequest
from app.rights.queries import roles as rights_roles
from app.rights.service import roles
from app.sign_in.models import Passkey
from config import Mode
from tests.support import factories, sites

BOSS = (Role.ADMINISTRATOR, Scope.ALL, "")
DESK = (Role.COORDINATOR, Scope.ALL, "")


@pytest.fixture
def live(context: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    monkeypatch.setitem(context.extensions, "settings", replace(context.extensions["settings"], mode=Mode.LIVE))
    return context


def _person(*grants: tuple[Role, Scope, str], passkey: bool = False) -> UUID:
    made = factories.person(roles=(), grants=grants)
    if passkey:
        with transaction():
            now = clock.real_now()
            key = Passkey(person_id=made, credential_id=uuid4().hex, public_key="x", sign_count=0, made_at=now)
            db.session.add(key)
    return made


def _actor(person_id: UUID) -> Actor:
    """Return the person as the sign-in loads them: without an inactive role."""
    roles = identity_roles.roles_of(person_id, clock.today())
    rests = Role.ADMINISTRATOR in roles and person_id not in rights_roles.administrators(clock.today())
    return Actor(person_id, "IQ", roles - {Role.ADMINISTRATOR} if rests else roles)


def _give(by: UUID, to: UUID) -> RoleRefusal | None:
    wish = RoleRequest(AssignableRole(Role.ADMINISTRATOR), Scope.ALL, "", clock.today(), None)
    with transaction():
        return roles.assign_role(_actor(by), to, wish, clock.today(), clock.real_now())


def _end(by: UUID, of: UUID) -> RoleRefusal | None:
    grants = person_details.any_person(of, clock.today()).grants
    grant = next(granted.id for granted in grants if granted.assignment.role is Role.ADMINISTRATOR)
    with transaction():
        return roles.end_role(_actor(by), of, grant, clock.today())


def _answer(by: UUID, of: UUID) -> RoleRefusal | None:
    asked = db.session.scalars(select(AdministratorRequest.id)).one()
    with transaction():
        return roles.answer_request(_actor(by), of, asked, RequestAnswer.CONFIRMED, clock.today(), clock.real_now())


def _told(kind: NoticeKind) -> set[UUID]:
    return set(db.session.scalars(select(Notice.person_id).where(Notice.kind == kind)))


def test_inactive_administrator_changes_no_role_in_another_role(live: Flask) -> None:
    rests, boss, _second = _person(BOSS, DESK), _person(BOSS, passkey=True), _person(BOSS, passkey=True)
    assert _end(rests, boss) is RoleRefusal.NOT_YOURS
    assert _give(rests, _person()) is RoleRefusal.NOT_YOURS
    assert Role.ADMINISTRATOR in identity_roles.roles_of(boss, clock.today())


@pytest.mark.each_database
def test_second_administrator_must_be_active(live: Flask) -> None:
    boss, rests, new = _person(BOSS, passkey=True), _person(BOSS), _person()
    assert _give(boss, new) is RoleRefusal.ONE_ALONE
    second = _person(BOSS, passkey=True)
    assert _give(boss, new) is None
    assert _told(NoticeKind.ADMINISTRATOR_WANTED) == {second}
    assert _answer(rests, new) is RoleRefusal.NOT_YOURS
    assert _answer(second, new) is None


def test_request_is_valid_while_its_author_is_active_administrator(live: Flask) -> None:
    boss, second, new = _person(BOSS, passkey=True), _person(BOSS, passkey=True), _person()
    assert _give(boss, new) is None
    with transaction():
        key = db.session.scalars(select(Passkey).where(Passkey.person_id == boss)).one()
        db.session.delete(key)
    assert _answer(second, new) is RoleRefusal.NOT_YOURS


@pytest.mark.each_database
def test_last_active_administrator_is_not_revoked(live: Flask) -> None:
    boss, rests = _person(BOSS, passkey=True), _person(BOSS)
    assert roles.is_last_administrator(boss, clock.today())
    assert not roles.is_last_administrator(rests, clock.today())
    assert not roles.is_last_administrator(_person(), clock.today())


def test_access_is_restored_by_two_active_administrators(live: Flask) -> None:
    lost, boss, rests = _person(BOSS), _person(BOSS, passkey=True), _person(BOSS, DESK)
    assert _agree(lost, boss) is ResetRefusal.TOO_FEW
    second = _person(BOSS, passkey=True)
    assert recovery_queries.helpers(lost, clock.today()) == ({boss, second}, True)
    assert _agree(lost, rests) is ResetRefusal.TOO_FEW
    assert _agree(lost, boss) is ResetRefusal.ASKED
    told = _told(NoticeKind.SECOND_WANTED)
    assert second in told
    assert rests not in told
    assert not isinstance(_agree(lost, second), ResetRefusal)


def test_administrator_needs_no_passkey_on_a_site_that_is_not_live(context: Flask) -> None:
    boss, second, new = _person(BOSS), _person(BOSS), _person()
    assert _give(boss, new) is None
    assert _answer(second, new) is None


def test_coordinator_does_not_revoke_an_administrator(app: Flask) -> None:
    live = create_app(replace(app.extensions["settings"], mode=Mode.LIVE))
    with app.app_context():
        rests, other = _person(BOSS, DESK), _person(BOSS, passkey=True)
        grant = person_details.any_person(other, clock.today()).grants[0].id
        db.session.remove()
    client = factories.sign_in(live, rests)
    assert client.get("/operations").status_code == 403
    assert f"/roles/{grant}/end" not in client.get(f"/people/{other}/roles").text
    sites.post(live, client, f"/people/{other}/roles/{grant}/end", {})
    with live.app_context():
        assert Role.ADMINISTRATOR in identity_roles.roles_of(other, clock.today())
        db.session.remove()
        db.engine.dispose()


def _agree(person_id: UUID, by: UUID) -> str | ResetRefusal:
    with transaction():
        return restore_access.approve_reset(person_id, by, IdentityCheck.KNOWN, clock.real_now())
