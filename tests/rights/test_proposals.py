"""One coordinator alone makes no further contact point and no other coordinator."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.exc import NoResultFound

from app.access.people_rules import AssignableRole
from app.access.policy import Actor, Role, Scope
from app.audit.models import Entry
from app.db.session import db, transaction
from app.directory import jobs
from app.identity import service
from app.identity.models import Person, RoleGrant
from app.identity.queries import person_details, roles as identity_roles
from app.invitations.models import Invitation
from app.invitations.queries import invitations as invitations_invitations, proposals as invitations_proposals
from app.invitations.service import acceptance, bulk, invitations, proposal_answers
from app.invitations.service.invitations import NewInvitation
from app.kernel import clock, context as acting
from app.messages.domain import MailKind, NoticeKind
from app.messages.models import Notice, OutgoingMail
from app.rights.domain.proposals import LIFE, OBJECTION_TIME, RETENTION, ProposalOutcome, ProposalRefusal, ProposalState
from app.rights.domain.roles import RoleRefusal, RoleRequest
from app.rights.models import RoleProposal
from app.rights.queries import proposals as rights_proposals, roles
from app.rights.service import proposals, roles as rights_roles
from tests.support import factories

PROPOSED = NoticeKind.ROLE_PROPOSED


@pytest.fixture(autouse=True)
def _no_actor_after() -> Iterator[None]:
    before = acting.actor_id.set(None)
    yield
    acting.actor_id.reset(before)


def _holder(role: Role, country: str = "NL") -> UUID:
    scope, reach = (Scope.COUNTRY, country) if role is Role.CONTACT_POINT else (Scope.ALL, "")
    return factories.person(country=country, roles=(), grants=((role, scope, reach),))


def _actor(person_id: UUID) -> Actor:
    today = clock.today()
    acting.actor_id.set(person_id)
    return Actor(
        person_id, person_details.any_person(person_id, today).country, identity_roles.roles_of(person_id, today)
    )


def _give(by: UUID, person_id: UUID, role: Role, country: str = "") -> RoleRefusal | UUID | None:
    wish = RoleRequest(AssignableRole(role), Scope.COUNTRY if country else Scope.ALL, country, clock.today(), None)
    with transaction():
        return rights_roles.assign_role(_actor(by), person_id, wish, clock.today(), clock.real_now())


def _new(country: str, mail: str = "new@police.example", role: Role = Role.CONTACT_POINT) -> NewInvitation:
    with transaction():
        agency_id = factories.agency(country)
    return NewInvitation(
        mail=mail, name="Amina Test", latin_name=None, service_number=None, country=country,
        agency_id=agency_id, role=role, posting_roles=(), title="Contact point", language="en",
    )  # fmt: skip


def _invite(by: UUID, country: str, mail: str = "new@police.example") -> UUID:
    new = _new(country, mail)
    acting.actor_id.set(by)
    with transaction():
        invitation_id = invitations.invite(new, by, clock.real_now())
    assert isinstance(invitation_id, UUID)
    return invitation_id


def _accept(invitation_id: UUID) -> UUID:
    acting.actor_id.set(None)
    with transaction():
        acceptance.save_password(invitation_id, factories.PASSWORD_HASH)
        person_id = acceptance.accept(invitation_id, clock.now(), clock.real_now())
    assert isinstance(person_id, UUID)
    return person_id


def _agree(by: UUID, proposal_id: UUID) -> ProposalRefusal | None:
    with transaction():
        return proposal_answers.agree(_actor(by), proposal_id, clock.today(), clock.now())


def _stop(by: UUID, proposal_id: UUID) -> ProposalRefusal | None:
    with transaction():
        return proposal_answers.stop(_actor(by), proposal_id, clock.now())


def _only() -> UUID:
    return db.session.scalars(select(RoleProposal.id)).one()


def _outcome(proposal_id: UUID) -> ProposalOutcome | None:
    return db.session.scalars(select(RoleProposal.outcome).where(RoleProposal.id == proposal_id)).one()


def _roles(person_id: UUID) -> frozenset[Role]:
    return identity_roles.roles_of(person_id, clock.today())


def _make_due(proposal_id: UUID, by: timedelta = OBJECTION_TIME) -> None:
    acting.actor_id.set(None)
    with transaction():
        row = db.session.get_one(RoleProposal, proposal_id)
        row.due_at -= by


def _notified(kind: NoticeKind = PROPOSED) -> set[UUID]:
    return set(db.session.scalars(select(Notice.person_id).where(Notice.kind == kind, Notice.read_at.is_(None))))


def _mailed() -> set[UUID | None]:
    mails = select(OutgoingMail.recipient_id).where(OutgoingMail.kind == MailKind.ROLE_PROPOSED)
    return set(db.session.scalars(mails))


def test_coordinator_cannot_become_contact_point_by_own_mailboxes(context: Flask) -> None:
    home, attacker = _holder(Role.CONTACT_POINT, "IQ"), _holder(Role.COORDINATOR)
    victim = factories.person(country="IQ", name="Secret Name")
    puppets = [_accept(_invite(attacker, "IQ", f"box{number}@mail.example")) for number in range(3)]
    assert [_roles(puppet) for puppet in puppets] == [frozenset()] * 3
    for proposal_id in db.session.scalars(select(RoleProposal.id)).all():
        answers = [_agree(puppet, proposal_id) for puppet in puppets]
        assert set(answers) <= {ProposalRefusal.OWN, ProposalRefusal.NOT_YOURS}
        assert _agree(attacker, proposal_id) is ProposalRefusal.OWN
        _make_due(proposal_id)
    acting.actor_id.set(None)
    jobs.carry_out_proposals()
    assert [_roles(puppet) for puppet in puppets] == [frozenset()] * 3
    for puppet in puppets:  # by the role page, too
        assert _give(attacker, puppet, Role.CONTACT_POINT, "IQ") is RoleRefusal.PROPOSED
        made = _give(attacker, puppet, Role.COORDINATOR)
        assert isinstance(made, UUID)
        assert _agree(attacker, made) is ProposalRefusal.OWN
        actor = _actor(puppet)
        with pytest.raises(NoResultFound):
            person_details.person(actor, victim)
    assert {home} <= _mailed()
    assert not roles.sees_name(_actor(attacker), person_details.any_person(victim, clock.today()))


def test_all_contact_points_get_mail_and_notice_at_once(context: Flask) -> None:
    first, also, abroad = (_holder(Role.CONTACT_POINT, country) for country in ("IQ", "IQ", "BG"))
    by, other = _holder(Role.COORDINATOR), _holder(Role.COORDINATOR)
    _invite(by, "IQ")
    assert _mailed() == {first, also}
    assert _notified() == {first, also, other}
    assert _notified(NoticeKind.CONTACT_POINT_MADE) == set()
    assert abroad not in _mailed()
    path = db.session.scalars(select(Notice.path).where(Notice.kind == PROPOSED).limit(1)).one()
    assert path == f"/people/proposals/{_only()}"


def test_contact_point_agrees_and_the_role_is_assigned_at_once(context: Flask) -> None:
    home, by, officer = _holder(Role.CONTACT_POINT, "IQ"), _holder(Role.COORDINATOR), factories.person(country="IQ")
    proposal_id = _give(by, officer, Role.CONTACT_POINT, "IQ")
    assert isinstance(proposal_id, UUID)
    assert Role.CONTACT_POINT not in _roles(officer)
    assert _agree(home, proposal_id) is None
    assert Role.CONTACT_POINT in _roles(officer)
    assert _outcome(proposal_id) is ProposalOutcome.ASSIGNED
    assert _agree(home, proposal_id) is ProposalRefusal.OVER
    names = list(db.session.scalars(select(Entry.name).where(Entry.name.startswith("RoleProp")).order_by(Entry.id)))
    assert names == ["RoleProposed", "RoleProposalAgreed", "RoleProposalEnded"]
    assert _notified() == {by}  # that it was assigned; the others are asked no more


@pytest.mark.each_database
def test_two_coordinators_wait_seven_days_and_a_contact_point_can_stop_it(context: Flask) -> None:
    home, by, second = _holder(Role.CONTACT_POINT, "IQ"), _holder(Role.COORDINATOR), _holder(Role.COORDINATOR)
    for stopped in (False, True):
        officer = factories.person(country="IQ")
        proposal_id = _give(by, officer, Role.CONTACT_POINT, "IQ")
        assert isinstance(proposal_id, UUID)
        assert _agree(second, proposal_id) is None
        acting.actor_id.set(None)
        jobs.carry_out_proposals()
        assert Role.CONTACT_POINT not in _roles(officer)
        if stopped:
            assert _stop(home, proposal_id) is None
        _make_due(proposal_id)
        jobs.carry_out_proposals()
        assert (Role.CONTACT_POINT in _roles(officer)) is not stopped
        expected = ProposalOutcome.STOPPED if stopped else ProposalOutcome.ASSIGNED
        assert _outcome(proposal_id) is expected
        given = (
            select(func.count())
            .select_from(Notice)
            .where(Notice.person_id == officer, Notice.kind == NoticeKind.ROLE_GIVEN)
        )
        assert db.session.scalar(given) == int(not stopped)


def test_invited_person_gets_the_role_with_the_account_after_agreement(context: Flask) -> None:
    home, by = _holder(Role.CONTACT_POINT, "IQ"), _holder(Role.COORDINATOR)
    invitation_id = _invite(by, "IQ")
    assert _agree(home, _only()) is None
    details = invitations_proposals.proposal(_actor(home), _only())
    assert details.state is ProposalState.APPROVED
    person_id = _accept(invitation_id)
    assert _roles(person_id) == {Role.CONTACT_POINT}
    assert _outcome(_only()) is ProposalOutcome.ASSIGNED


def test_proposal_and_invitation_end_together(context: Flask) -> None:
    home, by = _holder(Role.CONTACT_POINT, "IQ"), _holder(Role.COORDINATOR)
    first = _invite(by, "IQ")
    assert _stop(home, _only()) is None
    assert db.session.get_one(Invitation, first).withdrawn_at is not None
    second = _invite(by, "IQ", "two@police.example")
    acting.actor_id.set(by)
    with transaction():
        assert invitations.withdraw(second, clock.real_now())
    assert set(db.session.scalars(select(RoleProposal.outcome))) == {
        ProposalOutcome.STOPPED,
        ProposalOutcome.WITHDRAWN,
    }


def test_first_contact_point_of_a_country_needs_no_second_person(context: Flask) -> None:
    by = _holder(Role.COORDINATOR)
    person_id = _accept(_invite(by, "IQ"))
    assert _roles(person_id) == {Role.CONTACT_POINT}
    assert _give(by, factories.person(country="BG"), Role.CONTACT_POINT, "BG") is None
    assert db.session.scalars(select(RoleProposal)).all() == []


def test_second_invitation_waits_when_the_first_was_accepted_meanwhile(context: Flask) -> None:
    by = _holder(Role.COORDINATOR)
    first, second = _invite(by, "IQ", "one@police.example"), _invite(by, "IQ", "two@police.example")
    assert _roles(_accept(first)) == {Role.CONTACT_POINT}
    puppet = _accept(second)
    assert _roles(puppet) == frozenset()
    assert db.session.get_one(RoleProposal, _only()).person_id == puppet
    assert db.session.get_one(Person, puppet).alias.startswith("Member ")


@pytest.mark.each_database
def test_country_that_once_had_a_contact_point_needs_two_coordinators(context: Flask) -> None:
    home, by, second = _holder(Role.CONTACT_POINT, "IQ"), _holder(Role.COORDINATOR), _holder(Role.COORDINATOR)
    grant = db.session.scalars(select(RoleGrant.id).where(RoleGrant.person_id == home)).one()
    with transaction():
        assert rights_roles.end_role(_actor(by), home, grant, clock.today()) is None
    officer = factories.person(country="IQ")
    proposal_id = _give(by, officer, Role.CONTACT_POINT, "IQ")
    assert isinstance(proposal_id, UUID)
    assert _notified() == {second}
    assert _agree(second, proposal_id) is None
    assert Role.CONTACT_POINT not in _roles(officer)


def test_sheet_proposes_further_contact_points_too(context: Flask) -> None:
    home, by = _holder(Role.CONTACT_POINT, "IQ"), _holder(Role.COORDINATOR)
    new = [_new("IQ", "a@police.example"), _new("BG", "b@police.example")]
    acting.actor_id.set(by)
    with transaction():
        here, there = bulk.invite_all(new, by, clock.real_now())
    assert db.session.get_one(RoleProposal, _only()).invitation_id == here
    assert _mailed() == {home}
    assert invitations_invitations.invitation(_actor(by), there).alias.startswith("Contact point ")
    with transaction():
        bulk.withdraw_all([here], clock.real_now())
    assert _outcome(_only()) is ProposalOutcome.WITHDRAWN


def test_role_prepared_ahead_is_proposed_for_its_days(context: Flask) -> None:
    home, by, officer = _holder(Role.CONTACT_POINT, "IQ"), _holder(Role.COORDINATOR), factories.person(country="IQ")
    begins = clock.today() + timedelta(days=60)
    with transaction():
        wish = RoleRequest(AssignableRole(Role.CONTACT_POINT), Scope.COUNTRY, "IQ", begins, None)
        proposal_id = rights_roles.assign_role(_actor(by), officer, wish, clock.today(), clock.real_now())
    assert isinstance(proposal_id, UUID)
    assert _agree(home, proposal_id) is None
    assert Role.CONTACT_POINT not in _roles(officer)
    assert begins in db.session.scalars(select(RoleGrant.since).where(RoleGrant.person_id == officer)).all()


def test_new_coordinator_needs_an_administrator_or_a_second_coordinator(context: Flask) -> None:
    by, second, administrator = _holder(Role.COORDINATOR), _holder(Role.COORDINATOR), _holder(Role.ADMINISTRATOR)
    for agreeing in (second, administrator):
        person_id = factories.person(roles=())
        proposal_id = _give(by, person_id, Role.COORDINATOR)
        assert isinstance(proposal_id, UUID)
        assert Role.COORDINATOR not in _roles(person_id)
        assert _agree(agreeing, proposal_id) is None
        assert Role.COORDINATOR in _roles(person_id)
    assert _give(administrator, factories.person(roles=()), Role.COORDINATOR) is None


def test_administrator_role_that_rests_does_not_count(context: Flask) -> None:
    both = factories.person(roles=(), grants=((Role.COORDINATOR, Scope.ALL, ""), (Role.ADMINISTRATOR, Scope.ALL, "")))
    wish = RoleRequest(AssignableRole(Role.COORDINATOR), Scope.ALL, "", clock.today(), None)
    actor = Actor(both, "IQ", frozenset({Role.COORDINATOR}))  # without a passkey
    subject = factories.person(roles=())
    with transaction():
        assert isinstance(rights_roles.assign_role(actor, subject, wish, clock.today(), clock.real_now()), UUID)


def test_new_coordinator_is_no_second_person_for_seven_days(context: Flask) -> None:
    _holder(Role.CONTACT_POINT, "IQ")
    by, administrator = _holder(Role.COORDINATOR), _holder(Role.ADMINISTRATOR)
    puppet, officer = factories.person(roles=()), factories.person(country="IQ")
    proposal_id = _give(by, puppet, Role.COORDINATOR)
    assert isinstance(proposal_id, UUID)
    assert _agree(administrator, proposal_id) is None
    further = _give(by, officer, Role.CONTACT_POINT, "IQ")
    assert isinstance(further, UUID)
    assert _agree(puppet, further) is ProposalRefusal.TENURE
    with transaction():
        db.session.execute(
            update(RoleGrant).where(RoleGrant.person_id == puppet).values(since=clock.today() - timedelta(days=7))
        )
    assert _agree(puppet, further) is None


@pytest.mark.each_database
def test_proposal_lapses_without_agreement_or_entitled_proposer(context: Flask) -> None:
    _holder(Role.CONTACT_POINT, "IQ")
    by, second = _holder(Role.COORDINATOR), _holder(Role.COORDINATOR)
    alone, both = factories.person(country="IQ"), factories.person(country="IQ")
    first, other = (_give(by, person_id, Role.CONTACT_POINT, "IQ") for person_id in (alone, both))
    assert isinstance(first, UUID)
    assert isinstance(other, UUID)
    assert _agree(second, other) is None
    with transaction():
        service.deactivate(by, clock.today())
    for proposal_id in (first, other):
        _make_due(proposal_id, LIFE)
    jobs.carry_out_proposals()
    assert [_outcome(first), _outcome(other)] == [ProposalOutcome.LAPSED] * 2
    assert Role.CONTACT_POINT not in _roles(both)
    with transaction():
        assert proposals.delete_expired(clock.now() + RETENTION) == 2


@pytest.mark.each_database
def test_two_agreements_at_once_count_once(app: Flask) -> None:
    with app.app_context():
        _holder(Role.CONTACT_POINT, "IQ")
        by, officer = _holder(Role.COORDINATOR), factories.person(country="IQ")
        voters = [_holder(Role.COORDINATOR), _holder(Role.COORDINATOR)]
        proposal_id = _give(by, officer, Role.CONTACT_POINT, "IQ")
        assert isinstance(proposal_id, UUID)
        db.session.remove()
    start = Barrier(2)

    def press(voter: UUID) -> ProposalRefusal | None:
        with app.app_context():
            start.wait()
            answer = _agree(voter, proposal_id)
            db.session.remove()
            return answer

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(press, voters))
    assert set(answers) == {None, ProposalRefusal.AGREED}
    with app.app_context():
        kinds = select(func.count()).select_from(Entry).where(Entry.name == "RoleProposalAgreed")
        assert db.session.scalar(kinds) == 1
        assert Role.CONTACT_POINT not in _roles(officer)


@pytest.mark.each_database
def test_readers_of_a_proposal_are_those_who_may_answer(context: Flask) -> None:
    home, abroad = _holder(Role.CONTACT_POINT, "IQ"), _holder(Role.CONTACT_POINT, "BG")
    by, administrator = _holder(Role.COORDINATOR), _holder(Role.ADMINISTRATOR)
    proposal_id = _give(by, factories.person(country="IQ"), Role.CONTACT_POINT, "IQ")
    assert isinstance(proposal_id, UUID)
    assert invitations_proposals.proposal(_actor(home), proposal_id).country == "IQ"
    for reader in (abroad, administrator):
        with pytest.raises(NoResultFound):
            invitations_proposals.proposal(_actor(reader), proposal_id)
    counts = {
        reader: db.session.scalar(rights_proposals.pending_count_query(_actor(reader)))
        for reader in (home, abroad, by, administrator)
    }
    assert counts == {home: 1, abroad: 0, by: 0, administrator: 0}
