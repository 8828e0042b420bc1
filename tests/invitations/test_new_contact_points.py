"""A new contact point needs two people, and the country is notified: the role shows all names of the country."""

from collections.abc import Iterator
from contextlib import nullcontext
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.exc import NoResultFound

from app.access.people_rules import AssignableRole, Helper
from app.access.policy import Actor, Role, Scope
from app.db.session import db, transaction
from app.identity.queries import roles
from app.invitations.service import invitations
from app.invitations.service.invitations import NewInvitation
from app.kernel import clock, context as acting
from app.messages.domain import NoticeKind
from app.messages.models import Notice
from app.recovery import queries as recovery_queries
from app.rights.domain.roles import RoleRefusal, RoleRequest
from app.rights.service import roles as rights_roles
from tests.support import factories

MADE, FIRST = NoticeKind.CONTACT_POINT_MADE, NoticeKind.CONTACT_POINT_FIRST
PROPOSED = NoticeKind.ROLE_PROPOSED
STAFF = NoticeKind.OFFICER_BECAME_STAFF


def _holder(role: Role, country: str = "NL") -> UUID:
    scope, reach = (Scope.COUNTRY, country) if role is Role.CONTACT_POINT else (Scope.ALL, "")
    return factories.person(country=country, roles=(), grants=((role, scope, reach),))


def _invite(by: UUID, country: str, role: Role = Role.CONTACT_POINT) -> None:
    with transaction():
        agency_id = factories.agency(country)
    new = NewInvitation(
        mail="new@police.example", name="Amina Test", latin_name=None, service_number=None, country=country,
        agency_id=agency_id, role=role, posting_roles=(), title="Contact point", language="en",
    )  # fmt: skip
    _as(by)
    with transaction():
        assert isinstance(invitations.invite(new, by, clock.real_now()), UUID)


def _give(by: UUID, person_id: UUID, country: str, role: Role, *, deputy: bool = False) -> None:
    today = clock.today()
    scope = Scope.COUNTRY if country else Scope.ALL
    wish = RoleRequest(AssignableRole(role, deputy=deputy), scope, country, today, today if deputy else None)
    _as(by)
    with transaction():
        giver = Actor(by, country, roles.roles_of(by, today))
        wrong = rights_roles.assign_role(giver, person_id, wish, today, clock.real_now())
    assert not isinstance(wrong, RoleRefusal)


def _as(person_id: UUID) -> None:
    acting.actor_id.set(person_id)


def _told() -> set[tuple[UUID, NoticeKind]]:
    found = db.session.execute(
        select(Notice.person_id, Notice.kind).where(Notice.kind.in_((MADE, FIRST, STAFF, PROPOSED)))
    )
    return {(row[0], row[1]) for row in found}


@pytest.fixture(autouse=True)
def _nobody_after() -> Iterator[None]:
    before = acting.actor_id.set(None)
    yield
    acting.actor_id.reset(before)


@pytest.mark.each_database
def test_contact_points_hear_that_one_is_invited_for_their_country(context: Flask) -> None:
    here, also, there = (_holder(Role.CONTACT_POINT, country) for country in ("IQ", "IQ", "BG"))
    by, other = _holder(Role.COORDINATOR), _holder(Role.COORDINATOR)
    _invite(by, "IQ")
    assert _told() == {(here, PROPOSED), (also, PROPOSED), (other, PROPOSED)}
    assert {there, by}.isdisjoint({one for one, _kind in _told()})
    said = db.session.scalars(select(Notice).where(Notice.kind == PROPOSED)).all()
    assert {one.facts for one in said} == {'{"role":"contact_point"}'}  # who it is, and who did it, stand nowhere


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMINISTRATOR])
def test_where_a_country_has_none_the_other_coordinators_hear(context: Flask, role: Role) -> None:
    _holder(Role.CONTACT_POINT, "BG")
    by, other = _holder(role), _holder(Role.COORDINATOR)
    _invite(by, "IQ")
    assert _told() == {(other, FIRST)}


def test_contact_points_hear_that_somebody_was_given_the_role(context: Flask) -> None:
    here, officer, by = _holder(Role.CONTACT_POINT, "IQ"), factories.person(country="IQ"), _holder(Role.COORDINATOR)
    _give(by, officer, "IQ", Role.CONTACT_POINT)
    assert _told() == {(here, PROPOSED)}
    path = db.session.scalars(select(Notice.path).where(Notice.kind == PROPOSED)).one()
    assert path.startswith("/people/proposals/")


def test_the_first_one_of_a_country_by_role_is_told_to_the_other_coordinators(context: Flask) -> None:
    officer, by, other = factories.person(country="IQ"), _holder(Role.COORDINATOR), _holder(Role.COORDINATOR)
    _give(by, officer, "IQ", Role.CONTACT_POINT)
    assert _told() == {(other, FIRST)}


def test_a_deputy_is_told_to_the_others_and_not_to_who_named_them(context: Flask) -> None:
    by, also = (_holder(Role.CONTACT_POINT, "IQ") for _ in range(2))
    officer = factories.person(country="IQ")
    _give(by, officer, "IQ", Role.CONTACT_POINT, deputy=True)
    assert _told() == {(also, MADE)}


@pytest.mark.each_database
def test_a_deputy_of_whom_nobody_else_hears_is_told_to_the_coordinators(context: Flask) -> None:
    by, desk = _holder(Role.CONTACT_POINT, "IQ"), _holder(Role.COORDINATOR)
    first, second = factories.person(country="IQ"), factories.person(country="IQ")
    _give(by, first, "IQ", Role.CONTACT_POINT, deputy=True)
    assert _told() == {(desk, FIRST)}
    with transaction():
        db.session.execute(delete(Notice))
    _give(by, second, "IQ", Role.CONTACT_POINT, deputy=True)
    assert _told() == {(first, MADE), (desk, FIRST)}  # the first deputy is no other one: the same hand named both


@pytest.mark.parametrize("role", [Role.HOST, Role.TRAINER])
def test_contact_points_hear_that_others_look_after_an_officer_from_now_on(context: Flask, role: Role) -> None:
    here, there = (_holder(Role.CONTACT_POINT, country) for country in ("IQ", "BG"))
    officer, by = factories.person(country="IQ"), _holder(Role.COORDINATOR)
    _give(by, officer, "", role)
    assert _told() == {(here, STAFF)}
    told = db.session.scalars(select(Notice).where(Notice.kind == STAFF)).one()
    assert (told.facts, told.path, there == here) == ("{}", f"/people/{officer}/roles", False)
    _give(by, officer, "", Role.ASSESSOR)  # coordinators do already
    assert _told() == {(here, STAFF)}
    assert len(db.session.scalars(select(Notice).where(Notice.kind == STAFF)).all()) == 1


def test_an_officer_who_helps_at_an_event_stays_with_their_contact_point(context: Flask) -> None:
    here, officer, by = _holder(Role.CONTACT_POINT, "IQ"), factories.person(country="IQ"), _holder(Role.COORDINATOR)
    _as(by)
    with transaction():
        rights_roles.add_role(officer, Role.HOST, scope=Scope.EVENT, reach="1", since=clock.today())
    assert _told() == set()
    for actor_id, role in ((here, Role.CONTACT_POINT), (by, Role.COORDINATOR)):
        actor = Actor(actor_id, "IQ", frozenset({role}))
        with nullcontext() if actor_id == here else pytest.raises(NoResultFound):
            assert recovery_queries.account(actor, officer).helper is Helper.CONTACT_POINT


def test_other_roles_are_nobodys_news(context: Flask) -> None:
    here, officer = _holder(Role.CONTACT_POINT, "IQ"), factories.person(country="IQ")
    _holder(Role.COORDINATOR)
    _invite(_holder(Role.COORDINATOR), "IQ", Role.TRAINER)
    _give(here, officer, "IQ", Role.SUPERVISOR)
    assert _told() == set()
