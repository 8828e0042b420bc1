"""Notices of invitations and roles, and their text once no answer is needed."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from uuid import UUID

import pytest
from flask import current_app
from flask_babel import force_locale
from sqlalchemy import select, update

from app.access.people_rules import AssignableRole
from app.access.policy import Actor, Role, Scope
from app.audit.models import Entry
from app.db.session import db, transaction
from app.intake.models import ExportWish
from app.intake.service import export
from app.invitations.models import Invitation
from app.invitations.service import acceptance, bulk, invitations
from app.kernel import clock, context as acting
from app.messages import jobs, labels, queries
from app.messages.domain import MailState, NoticeKind, Refusal
from app.messages.models import Notice, OutgoingMail
from app.messages.service import outbox as messages
from app.privacy.service import erasure as privacy
from app.recovery.domain import IdentityCheck
from app.recovery.service import restore_access
from app.rights.domain.roles import RequestAnswer, RoleRequest
from app.rights.models import AdministratorRequest
from app.rights.service import roles
from tests.support import factories
from tests.support.invitations import contact_point, invited, new

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture(autouse=True)
def nobody_acts_after() -> Iterator[None]:
    yield
    _act(None)


def _act(person_id: UUID | None) -> None:
    acting.actor_id.set(person_id)


def _notices(kind: NoticeKind, person_id: UUID | None = None) -> list[Notice]:
    query = select(Notice).where(Notice.kind == kind).order_by(Notice.at, Notice.occasion)
    mine = query if person_id is None else query.where(Notice.person_id == person_id)
    return list(db.session.scalars(mine, execution_options={"populate_existing": True}))


def _says(one: Notice) -> str:
    (line,) = [each for each in queries.notices(one.person_id, 1) if each.id == one.id]
    with force_locale("en"):
        text = labels.sentence(line.kind, line.facts)
    return text.replace(labels.ISOLATE, "").replace(labels.POP, "")


def _mails() -> list[tuple[UUID | None, MailState]]:
    rows = db.session.execute(select(OutgoingMail.invitation_id, OutgoingMail.state).order_by(OutgoingMail.id))
    return [(row[0], row[1]) for row in rows]


def _bounce(made: UUID) -> None:
    """Let the mail's server refuse the last mail of an invitation."""
    with transaction():
        mail_id = db.session.scalars(
            select(OutgoingMail.id).where(OutgoingMail.invitation_id == made, OutgoingMail.state == MailState.QUEUED)
        ).one()
        assert messages.claim(mail_id, clock.real_now())
    with transaction():
        messages.record_refusal(mail_id, Refusal("recipient refused: 550", for_good=True))


def _accept(made: UUID) -> UUID:
    with transaction():
        acceptance.save_password(made, "a hash")
        person_id = acceptance.accept(made, clock.now(), clock.real_now())
    assert isinstance(person_id, UUID)
    return person_id


def test_invitation_conflict_notice_leads_to_own_invitation() -> None:
    here, there = contact_point("IQ"), contact_point("BG")
    made = invited(here, clock.real_now())
    with transaction():
        invitations.invite(new("BG"), there, clock.real_now())
    paths = {one.person_id: one.path for one in _notices(NoticeKind.INVITATION_REFUSED)}
    assert paths == {here: f"/people/invitations/{made}", there: "/people/invitations"}
    # the trail of who wanted it must not say whose it is
    facts = db.session.scalars(select(Entry.facts).where(Entry.name == "InvitedElsewhere")).one()
    assert (str(made) in facts, made.hex in facts) == (False, False)
    assert db.session.scalars(select(Entry.thing_id).where(Entry.name == "InvitedElsewhere")).one() is None


def test_invitation_conflict_notice_leads_to_list_otherwise() -> None:
    here, there = contact_point("IQ"), contact_point("BG")
    office = factories.person(roles=(), grants=((Role.COORDINATOR, Scope.ALL, ""),))
    invited(office, clock.real_now(), role=Role.CONTACT_POINT)
    with transaction():
        invitations.invite(new("BG"), there, clock.real_now())
    assert [one.path for one in _notices(NoticeKind.INVITATION_REFUSED, here)] == ["/people/invitations"]


@pytest.mark.each_database
def test_sender_gets_one_unread_notice_of_bounced_mails() -> None:
    by = contact_point()
    first, second = (invited(by, clock.real_now(), mail=f"{n}@police.example") for n in "ab")
    _bounce(first)
    _bounce(second)
    (told,) = _notices(NoticeKind.INVITATION_BOUNCED)
    assert (told.person_id, told.path) == (by, "/people/invitations?which=bounced")
    with transaction():
        messages.mark_all_read(by, clock.now())
        invitations.renew(first, clock.real_now())
    _bounce(first)
    assert len(_notices(NoticeKind.INVITATION_BOUNCED, by)) == 2


def test_contact_points_get_bounce_notice_when_sender_lost_rights() -> None:
    by = contact_point()
    made = invited(by, clock.real_now())
    with transaction():
        roles.revoke_role(by, Role.CONTACT_POINT, scope=Scope.COUNTRY, reach="IQ", today=clock.today())
    successor = contact_point()
    _bounce(made)
    assert [one.person_id for one in _notices(NoticeKind.INVITATION_BOUNCED)] == [successor]


def test_bounce_after_acceptance_creates_no_notice() -> None:
    made = invited(contact_point(), clock.real_now())
    mail_id = db.session.scalars(select(OutgoingMail.id)).one()
    with transaction():
        assert messages.claim(mail_id, clock.real_now())  # a process is sending it: it stays in the outbox
    _accept(made)
    with transaction():
        messages.record_refusal(mail_id, Refusal("recipient refused: 550", for_good=True))
    assert _notices(NoticeKind.INVITATION_BOUNCED) == []
    assert db.session.get_one(Invitation, made, populate_existing=True).bounced_at is None


def _withdraw(ids: list[UUID]) -> None:
    for one in ids:
        invitations.withdraw(one, clock.real_now())


def _undo(ids: list[UUID]) -> None:
    bulk.withdraw_all(ids, clock.real_now())


@pytest.mark.each_database
@pytest.mark.parametrize("end", [_withdraw, _undo])
def test_unsent_mails_of_closed_invitations_are_deleted(
    end: Callable[[list[UUID]], None],
) -> None:
    by = contact_point()
    gone = [invited(by, clock.real_now(), mail=f"{n}@police.example") for n in "abc"]
    stays, accepted = (invited(by, clock.real_now(), mail=f"{n}@police.example") for n in "de")
    with transaction():
        invitations.renew(gone[0], clock.real_now())
    assert len(_mails()) == 6
    with transaction():
        end(gone)
    _accept(accepted)
    assert _mails() == [(stays, MailState.QUEUED)]


def test_sent_mail_remains_when_invitation_is_withdrawn() -> None:
    made = invited(contact_point(), clock.real_now())
    mail_id = db.session.scalars(select(OutgoingMail.id)).one()
    with transaction():
        messages.claim(mail_id, clock.real_now())
        messages.record_sent(mail_id, clock.real_now())
    with transaction():
        invitations.withdraw(made, clock.real_now())
    assert _mails() == [(made, MailState.SENT)]


@pytest.mark.each_database
def test_claimed_mail_is_deleted_by_its_sender(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = invited(contact_point(), clock.real_now())
    mail_id = db.session.scalars(select(OutgoingMail.id)).one()
    with transaction():
        assert messages.claim(mail_id, clock.real_now())
    with transaction():
        invitations.withdraw(made, clock.real_now())
    assert _mails() == [(made, MailState.QUEUED)]
    real_now = clock.real_now
    monkeypatch.setattr(clock, "real_now", lambda: real_now() + timedelta(days=1))
    sent: list[object] = []
    settings = current_app.extensions["settings"]
    assert jobs._send_all([mail_id], sent.append, settings) == 0
    assert (_mails(), sent) == ([], [])
    assert not messages.claim(mail_id, clock.real_now())  # taken out between the list and the turn
    assert db.session.scalars(select(Entry.name).where(Entry.name == "MailGivenUp")).all() == []


def test_role_notice_names_role_and_end() -> None:
    desk, deputy = contact_point(), factories.person(roles=())
    today = clock.today()
    _act(desk)
    wish = RoleRequest(AssignableRole(Role.CONTACT_POINT, deputy=True), Scope.COUNTRY, "IQ", today, date(2027, 3, 9))
    with transaction():
        wrong = roles.assign_role(
            Actor(desk, "IQ", frozenset({Role.CONTACT_POINT})), deputy, wish, today, clock.real_now()
        )
    assert wrong is None
    (told,) = _notices(NoticeKind.ROLE_GIVEN, deputy)
    assert _says(told) == "You have a new role: Contact point, until 9 March 2027."
    with transaction():
        roles.add_role(deputy, Role.TRAINER, scope=Scope.ALL, since=today)
    assert _says(_notices(NoticeKind.ROLE_GIVEN, deputy)[-1]) == "You have a new role: Trainer."


def test_roles_of_a_new_account_create_no_notice() -> None:
    _act(None)
    person_id = _accept(invited(contact_point(), clock.real_now(), role=Role.SUPERVISOR))
    assert _notices(NoticeKind.ROLE_GIVEN, person_id) == []


@pytest.mark.parametrize("back", [True, False])
def test_erasure_notice_shows_the_result(*, back: bool) -> None:
    desk, officer, now = contact_point(), factories.person(), clock.now()
    with transaction():
        privacy.ask_erasure(officer, now)
    (asked,) = _notices(NoticeKind.ERASURE_ASKED, desk)
    assert asked.read_at is None
    with transaction():
        privacy.take_back_erasure(officer, now) if back else privacy.erase_account(officer, now)
    (told,) = _notices(NoticeKind.ERASURE_ASKED, desk)
    assert (told.read_at is None, told.path) == (False, "/people")
    assert _says(told) == (
        "An officer of your country asked to be erased, and took it back."
        if back
        else "An officer of your country was erased, as they asked."
    )


@pytest.mark.parametrize("given", list(RequestAnswer))
def test_administrator_request_notice_shows_the_result(given: RequestAnswer) -> None:
    admins = [factories.person(roles=(), grants=((Role.ADMINISTRATOR, Scope.ALL, ""),)) for _ in range(3)]
    other, today = factories.person(roles=()), clock.today()
    actors = [Actor(one, "IQ", frozenset({Role.ADMINISTRATOR})) for one in admins]
    wish = RoleRequest(AssignableRole(Role.ADMINISTRATOR), Scope.ALL, "", today, None)
    with transaction():
        assert roles.assign_role(actors[0], other, wish, today, clock.real_now()) is None
    asked = db.session.scalars(select(AdministratorRequest.id)).one()
    assert {one.read_at for one in _notices(NoticeKind.ADMINISTRATOR_WANTED)} == {None}
    with transaction():
        who = actors[0] if given is RequestAnswer.WITHDRAWN else actors[1]
        assert roles.answer_request(who, other, asked, given, today, clock.real_now()) is None
    told = _notices(NoticeKind.ADMINISTRATOR_WANTED)
    assert len(told) == 2
    assert all(one.read_at for one in told)
    assert len({_says(one) for one in told}) == 1
    assert "has to agree" not in _says(told[0])


@pytest.mark.parametrize("read", [True, False])
def test_restored_access_settles_notices_of_administrators(*, read: bool) -> None:
    lost, first, second = (factories.person(roles=(), grants=((Role.ADMINISTRATOR, Scope.ALL, ""),)) for _ in range(3))
    _act(first)
    with transaction():
        restore_access.approve_reset(lost, first, next(iter(IdentityCheck)), clock.real_now())
    (told,) = _notices(NoticeKind.SECOND_WANTED)
    assert (told.person_id, told.read_at) == (second, None)
    _act(second)
    if read:
        with transaction():
            messages.mark_all_read(second, clock.now())
    with transaction():
        assert isinstance(restore_access.approve_reset(lost, second, next(iter(IdentityCheck)), clock.real_now()), str)
    (told,) = _notices(NoticeKind.SECOND_WANTED)
    assert told.read_at is not None
    assert _says(told) == "The access of an administrator was restored: a second one agreed."


@pytest.mark.each_database
@pytest.mark.parametrize("allowed", [True, False])
def test_export_request_is_asked_again_after_an_answer(*, allowed: bool) -> None:
    desk, colleague = contact_point(), contact_point()
    actors = {one: Actor(one, "IQ", frozenset({Role.CONTACT_POINT})) for one in (desk, colleague)}
    now = clock.real_now()
    with transaction():
        export.request_approval(actors[desk], now)
        export.request_approval(actors[desk], now)
    with transaction():
        wish = db.session.scalars(select(ExportWish.id)).one()
        export.answer_request(actors[colleague], wish, allowed=allowed, real_now=now)
    (told,) = _notices(NoticeKind.EXPORT_WANTED, colleague)
    assert told.read_at is not None
    assert _says(told).endswith("A second person agreed." if allowed else "A second person refused.")
    with transaction():
        db.session.execute(update(ExportWish).values(ends_at=now))
        export.request_approval(actors[desk], now)
    assert sorted(one.read_at is None for one in _notices(NoticeKind.EXPORT_WANTED, colleague)) == [False, True]
