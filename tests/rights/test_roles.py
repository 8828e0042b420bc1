import json
from datetime import date, timedelta
from threading import Barrier, Thread
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.access.people_rules import AssignableRole
from app.access.policy import Actor, Role, Scope
from app.audit.models import Entry
from app.db.session import db, transaction
from app.identity.models import RoleGrant
from app.identity.queries import person_details, roles
from app.kernel import clock
from app.messages.domain import NoticeKind
from app.messages.models import Notice
from app.rights.domain.roles import ASKED_FOR, RequestAnswer, RoleRefusal, RoleRequest
from app.rights.models import AdministratorRequest
from app.rights.queries import roles as rights_queries_roles
from app.rights.service import roles as rights_roles
from app.sign_in.models import SignInSession
from app.sign_in.service import sessions
from tests.support import factories

ALL = Scope.ALL


def _person(*grants: tuple[Role, Scope, str], country: str = "IQ") -> UUID:
    return factories.person(country=country, roles=(), grants=grants)


def _actor(person_id: UUID) -> Actor:
    return Actor(person_id, "IQ", roles.roles_of(person_id, clock.today()))


def _wish(
    role: Role, scope: Scope = ALL, reach: str = "", *, days: int | None = None, deputy: bool = False
) -> RoleRequest:
    today = clock.today()
    until = None if days is None else today + timedelta(days=days)
    return RoleRequest(AssignableRole(role, deputy), scope, reach, today, until)


def _give(by: UUID, to: UUID, wish: RoleRequest) -> RoleRefusal | None:
    with transaction():
        return rights_roles.assign_role(_actor(by), to, wish, clock.today(), clock.real_now())


def _end(by: UUID, of: UUID, role: Role) -> RoleRefusal | None:
    grants = person_details.any_person(of, clock.today()).grants
    grant_id = next(grant.id for grant in grants if grant.assignment.role is role)
    with transaction():
        return rights_roles.end_role(_actor(by), of, grant_id, clock.today())


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    ("since", "until", "holds"), [(-9, None, True), (-9, 0, True), (0, 9, True), (-9, -1, False), (1, None, False)]
)
def test_administrators_and_deciding_contact_points_depend_on_the_day(
    since: int, until: int | None, holds: bool
) -> None:
    today, day = clock.today(), timedelta(days=1)
    person_id, last = _person(), None if until is None else today + until * day
    with transaction():
        for role, scope, reach in ((Role.ADMINISTRATOR, ALL, ""), (Role.CONTACT_POINT, Scope.COUNTRY, "IQ")):
            rights_roles.add_role(person_id, role, scope=scope, reach=reach, since=today + since * day, until=last)
    expected = {person_id} if holds else set()
    assert (rights_queries_roles.administrators(today), rights_queries_roles.deciders_of("IQ", today)) == (
        expected,
        expected,
    )


def _answer(by: UUID, given: RequestAnswer) -> RoleRefusal | None:
    request_id = db.session.scalars(
        select(AdministratorRequest.id).order_by(AdministratorRequest.asked_at.desc())
    ).first()
    assert request_id is not None
    with transaction():
        found = db.session.get_one(AdministratorRequest, request_id)
        return rights_roles.answer_request(
            _actor(by), found.person_id, request_id, given, clock.today(), clock.real_now()
        )


def _roles(person_id: UUID) -> set[Role]:
    return set(roles.roles_of(person_id, clock.today()))


@pytest.mark.usefixtures("context")
def test_assigning_and_ending_a_role_end_the_sessions() -> None:
    desk, other = _person((Role.COORDINATOR, ALL, "")), _person()
    with transaction():
        sessions.open_session(other, shared=False, real_now=clock.real_now())
    assert _give(desk, other, _wish(Role.TRAINER)) is None
    assert _roles(other) == {Role.TRAINER}
    assert _sessions(other) == 0
    with transaction():
        sessions.open_session(other, shared=False, real_now=clock.real_now())
    assert _end(desk, other, Role.TRAINER) is None
    assert _roles(other) == set()
    assert _sessions(other) == 0
    assert db.session.scalars(select(Notice.kind).where(Notice.person_id == other)).all() == [NoticeKind.ROLE_ENDED]
    assert _trail()[-2:] == ["RoleGranted", "RoleEnded"]


@pytest.mark.usefixtures("context")
def test_audit_entry_contains_days_and_deputy() -> None:
    contact, deputy = _person((Role.CONTACT_POINT, Scope.COUNTRY, "IQ")), _person()
    wish = _wish(Role.CONTACT_POINT, Scope.COUNTRY, "IQ", days=20, deputy=True)
    assert _give(contact, deputy, wish) is None
    assert _end(contact, deputy, Role.CONTACT_POINT) is None
    query = select(Entry.facts).where(Entry.name.in_(("RoleGranted", "RoleEnded")), Entry.person_id == deputy)
    given, ended = (json.loads(facts) for facts in db.session.scalars(query.order_by(Entry.id)).all()[-2:])
    days = (clock.today().isoformat(), (clock.today() + timedelta(days=20)).isoformat())
    assert (given["since"], given["until"], given["deputy"]) == (*days, True)
    assert (ended["since"], ended["until"], ended["deputy"]) == (days[0], None, True)


@pytest.mark.each_database
@pytest.mark.usefixtures("context")
def test_ended_role_keeps_its_past_days() -> None:
    desk, other = _person((Role.COORDINATOR, ALL, "")), _person((Role.TRAINER, ALL, ""))
    assert _end(desk, other, Role.TRAINER) is None
    row = db.session.scalars(select(RoleGrant).where(RoleGrant.person_id == other)).one()
    assert (row.since, row.until) == (date(2027, 1, 1), clock.today() - timedelta(days=1))
    assert _give(desk, other, _wish(Role.TRAINER)) is None  # and is assigned again on the same day
    assert _roles(other) == {Role.TRAINER}


@pytest.mark.usefixtures("context")
def test_deputy_assigns_roles_but_no_deputy() -> None:
    contact, deputy = _person((Role.CONTACT_POINT, Scope.COUNTRY, "IQ")), _person()
    officer = factories.person()
    assert _give(contact, deputy, _wish(Role.CONTACT_POINT, Scope.COUNTRY, "IQ", days=89, deputy=True)) is None
    assert _roles(deputy) == {Role.CONTACT_POINT}
    assert _give(deputy, officer, _wish(Role.SUPERVISOR, Scope.COUNTRY, "IQ")) is None
    onward = _wish(Role.CONTACT_POINT, Scope.COUNTRY, "IQ", days=89, deputy=True)
    assert _give(deputy, officer, onward) is RoleRefusal.NOT_YOURS
    assert _end(deputy, contact, Role.CONTACT_POINT) is RoleRefusal.NOT_YOURS
    assert _end(contact, deputy, Role.CONTACT_POINT) is None
    assert _roles(deputy) == set()


@pytest.mark.each_database
@pytest.mark.usefixtures("context")
def test_consecutive_deputy_periods_are_refused() -> None:
    contact, deputy = _person((Role.CONTACT_POINT, Scope.COUNTRY, "IQ")), _person()
    today, gift = clock.today(), AssignableRole(Role.CONTACT_POINT, deputy=True)

    def give(first: int, last: int) -> RoleRefusal | None:
        since, until = today + timedelta(days=first), today + timedelta(days=last)
        return _give(contact, deputy, RoleRequest(gift, Scope.COUNTRY, "IQ", since, until))

    assert give(0, 89) is None
    assert give(90, 179) is RoleRefusal.DEPUTY_DAYS
    assert give(90, 90) is RoleRefusal.DEPUTY_DAYS
    assert give(180, 269) is None
    other = _person()
    with transaction():  # who stood in until yesterday
        since, until = today - timedelta(days=60), today - timedelta(days=1)
        rights_roles.add_role(
            other, Role.CONTACT_POINT, scope=Scope.COUNTRY, reach="IQ", since=since, until=until, deputy=True
        )
    deputy = other
    assert give(0, 30) is RoleRefusal.DEPUTY_DAYS
    assert give(0, 29) is None


@pytest.mark.each_database
@pytest.mark.usefixtures("context")
def test_administrator_needs_two_administrators() -> None:
    first, second = _person((Role.ADMINISTRATOR, ALL, "")), _person((Role.ADMINISTRATOR, ALL, ""))
    other = _person()
    assert _give(first, other, _wish(Role.ADMINISTRATOR)) is None
    assert _roles(other) == set()  # asked, not given
    told = db.session.execute(
        select(Notice.person_id, Notice.path).where(Notice.kind == NoticeKind.ADMINISTRATOR_WANTED)
    )
    assert [tuple(row) for row in told] == [(second, f"/people/{other}/roles")]
    assert _give(second, other, _wish(Role.ADMINISTRATOR)) is RoleRefusal.ASKED
    assert _answer(first, RequestAnswer.CONFIRMED) is RoleRefusal.OWN
    assert _answer(_person((Role.COORDINATOR, ALL, "")), RequestAnswer.CONFIRMED) is RoleRefusal.NOT_YOURS
    assert _roles(other) == set()
    assert _answer(second, RequestAnswer.CONFIRMED) is None
    assert _roles(other) == {Role.ADMINISTRATOR}
    assert _answer(second, RequestAnswer.CONFIRMED) is RoleRefusal.OVER
    assert [one for one in _trail() if one.startswith("Administrator")] == [
        "AdministratorAsked",
        "AdministratorAnswered",
    ]


@pytest.mark.usefixtures("context")
def test_request_is_answered_for_its_person_only() -> None:
    first, second, other = _person((Role.ADMINISTRATOR, ALL, "")), _person((Role.ADMINISTRATOR, ALL, "")), _person()
    assert _give(first, other, _wish(Role.ADMINISTRATOR)) is None
    request_id = db.session.scalars(select(AdministratorRequest.id)).one()
    with transaction():
        answer = rights_roles.answer_request(
            _actor(second), first, request_id, RequestAnswer.CONFIRMED, clock.today(), clock.real_now()
        )
    assert answer is RoleRefusal.OVER
    assert _roles(other) == set()


@pytest.mark.usefixtures("context")
def test_only_administrator_cannot_request_another_one() -> None:
    alone, other = _person((Role.ADMINISTRATOR, ALL, "")), _person()
    assert _give(alone, other, _wish(Role.ADMINISTRATOR)) is RoleRefusal.ONE_ALONE
    assert _give(alone, other, _wish(Role.COORDINATOR)) is None


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize("case", ["late", "refused", "asker gone", "confirmer gone"])
def test_expired_request_assigns_nothing(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second, third = (_person((Role.ADMINISTRATOR, ALL, "")) for _ in range(3))
    other = _person()
    assert _give(first, other, _wish(Role.ADMINISTRATOR)) is None
    expected = RoleRefusal.OVER
    if case == "late":
        later = clock.real_now() + ASKED_FOR
        monkeypatch.setattr(clock, "real_now", lambda: later)
    elif case == "refused":
        assert _answer(second, RequestAnswer.REFUSED) is None
    else:
        gone = first if case == "asker gone" else second
        expected = RoleRefusal.NOT_YOURS
        assert _end(third, gone, Role.ADMINISTRATOR) is None
    assert _answer(second, RequestAnswer.CONFIRMED) is expected
    assert _roles(other) == set()


@pytest.mark.usefixtures("context")
def test_unanswered_request_may_be_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = _person((Role.ADMINISTRATOR, ALL, "")), _person((Role.ADMINISTRATOR, ALL, ""))
    other = _person()
    assert _give(first, other, _wish(Role.ADMINISTRATOR)) is None
    later = clock.real_now() + ASKED_FOR
    monkeypatch.setattr(clock, "real_now", lambda: later)
    assert _give(second, other, _wish(Role.ADMINISTRATOR)) is None
    assert _answer(first, RequestAnswer.CONFIRMED) is None
    assert _roles(other) == {Role.ADMINISTRATOR}


@pytest.mark.usefixtures("context")
def test_own_role_and_last_administrator_are_not_ended() -> None:
    first, second = _person((Role.ADMINISTRATOR, ALL, "")), _person((Role.ADMINISTRATOR, ALL, ""))
    assert _end(first, first, Role.ADMINISTRATOR) is RoleRefusal.OWN
    assert _end(first, second, Role.ADMINISTRATOR) is None
    assert _end(second, first, Role.ADMINISTRATOR) is RoleRefusal.NOT_YOURS
    assert rights_roles.is_last_administrator(first, clock.today())
    assert not rights_roles.is_last_administrator(second, clock.today())


@pytest.mark.each_database
def test_two_administrators_who_revoke_each_other_leave_one(app: Flask) -> None:
    with app.app_context():
        pair = [_person((Role.ADMINISTRATOR, ALL, "")) for _ in range(2)]
        actors = [_actor(one) for one in pair]
        grants = [person_details.any_person(one, clock.today()).grants[0].id for one in pair]
        db.session.remove()
    together, answers = Barrier(2), [RoleRefusal.OVER, RoleRefusal.OVER]

    def end(number: int) -> None:
        with app.app_context():
            together.wait()
            with transaction():
                found = rights_roles.end_role(actors[number], pair[1 - number], grants[1 - number], clock.today())
            answers[number] = found  # type: ignore[call-overload]

    threads = [Thread(target=end, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        assert len(rights_queries_roles.administrators(clock.today())) == 1
    assert sorted(map(str, answers)) == ["None", "not_yours"]


@pytest.mark.usefixtures("context")
def test_event_role_is_ended_on_the_event_page_only() -> None:
    desk, other = _person((Role.COORDINATOR, ALL, "")), _person((Role.TRAINER, Scope.EVENT, "e"))
    assert _end(desk, other, Role.TRAINER) is RoleRefusal.AT_EVENT
    assert _roles(other) == {Role.TRAINER}


def _sessions(person_id: UUID) -> int:
    mine = SignInSession.person_id == person_id
    return db.session.scalar(select(func.count()).select_from(SignInSession).where(mine)) or 0


def _trail() -> list[str]:
    return list(db.session.scalars(select(Entry.name).order_by(Entry.id)))
