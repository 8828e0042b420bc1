"""The conditions of invitations and proposals in SQL select the rows that the rules of access allow."""

from itertools import product
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings, strategies as st
from sqlalchemy import select

from app.access.people_rules import sees_invitation, sees_proposal
from app.access.policy import Actor, Role, Scope
from app.db.session import db, transaction
from app.invitations.models import Invitation
from app.invitations.queries import invitations
from app.kernel import clock
from app.rights.models import RoleProposal
from app.rights.queries import proposals
from app.rights.service.proposals import NewProposal, propose
from tests.support import factories
from tests.support.invitations import invited

COUNTRIES = ("IQ", "BG")
INVITED_TO = (Role.PRACTITIONER, Role.SUPERVISOR, Role.CONTACT_POINT, Role.COORDINATOR, Role.TRAINER)
ROLE_SETS = st.frozensets(st.sampled_from(Role))


@pytest.fixture
def senders(context: Flask) -> list[UUID]:
    """Return a coordinator and an administrator, each with invitations and proposals of two countries."""
    people = [factories.person(roles=(), grants=((role, Scope.ALL, ""),)) for role in
              (Role.COORDINATOR, Role.ADMINISTRATOR)]  # fmt: skip
    for sender, country, role in product(people, COUNTRIES, INVITED_TO):
        mail = f"{role}.{country}.{people.index(sender)}@police.example".lower()
        invited(sender, clock.real_now(), country=country, mail=mail, role=role)
    for sender, country in zip(people, COUNTRIES, strict=True):
        with transaction():
            subject = factories.person(country=country)
            propose(NewProposal(Role.CONTACT_POINT, country, clock.today(), person_id=subject), sender, clock.now())
            propose(NewProposal(Role.COORDINATOR, country, clock.today(), person_id=subject), sender, clock.now())
    return people


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(roles=ROLE_SETS, country=st.sampled_from(("", *COUNTRIES)), index=st.integers(0, 1))
def test_visible_invitations_are_those_of_the_rule(
    senders: list[UUID], roles: frozenset[Role], country: str, index: int
) -> None:
    actor = Actor(senders[index], country, roles)
    visible = set(db.session.scalars(select(Invitation.id).where(invitations.visible(actor))))
    rows = db.session.scalars(select(Invitation))
    assert visible == {row.id for row in rows if sees_invitation(actor, row.role, row.country, row.invited_by)}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(roles=ROLE_SETS, country=st.sampled_from(("", *COUNTRIES)))
def test_visible_proposals_are_those_of_the_rule(senders: list[UUID], roles: frozenset[Role], country: str) -> None:
    actor = Actor(senders[0], country, roles)
    visible = set(db.session.scalars(select(RoleProposal.id).where(proposals.visible(actor))))
    rows = list(db.session.scalars(select(RoleProposal)))
    assert len(rows) >= 4
    assert visible == {row.id for row in rows if sees_proposal(actor, row.role, row.country)}
