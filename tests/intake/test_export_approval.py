"""The second person who approves an export."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.access.policy import Actor, Role, Scope
from app.db.session import db, transaction
from app.identity.queries import postings, roles as identity_roles
from app.intake import jobs
from app.intake.domain.export_approval import SecondPerson, may_agree
from app.intake.models import ExportWish
from app.intake.service import export
from app.invitations.models import Invitation
from app.invitations.service import invitations
from app.invitations.service.invitations import NewInvitation
from app.kernel import clock, context as acting
from app.messages.domain import NoticeKind
from app.messages.models import Notice
from app.rights.service import roles as accounts
from app.sign_in.domain import IncidentReason
from app.sign_in.service import incident
from tests.support import factories
from tests.support.intake_academy import Academy, Desk, wish

HERE = (Role.CONTACT_POINT, Scope.COUNTRY, "IQ")
STAFF = (Role.COORDINATOR, Scope.ALL, "")


@pytest.mark.parametrize(
    ("second", "may"),
    [
        (SecondPerson(coordinator=False, decides=True), True),
        (SecondPerson(coordinator=False, decides=False), False),
        (SecondPerson(coordinator=False, decides=True, chosen_by_requester=True), False),
        (SecondPerson(coordinator=False, decides=True, chose_requester=True), False),
        (SecondPerson(coordinator=True, decides=False), True),
        (SecondPerson(coordinator=True, decides=False, chose_requester=True), True),
        (SecondPerson(coordinator=True, decides=True, chosen_by_requester=True), False),
    ],
)
def test_second_person_chosen_by_the_requester_cannot_approve(second: SecondPerson, may: bool) -> None:
    assert may_agree(second) is may


def _with_role(academy: Academy, by: Desk, role: tuple[Role, Scope, str], *, deputy: bool = False) -> Desk:
    """Return the desk of a user who got a role from another user."""
    desk = academy.desk()
    today = clock.today()
    with academy.app.app_context():
        before = acting.actor_id.set(by.person_id)
        with transaction():
            until = today + timedelta(days=10) if deputy else None
            accounts.add_role(
                desk.person_id, role[0], scope=role[1], reach=role[2], since=today, until=until, deputy=deputy
            )
        acting.actor_id.reset(before)
        db.session.remove()
    return Desk(academy.app, factories.sign_in(academy.app, desk.person_id), desk.person_id)


def _notified(academy: Academy) -> set[object]:
    with academy.app.app_context():
        query = select(Notice.person_id).where(Notice.kind == NoticeKind.EXPORT_WANTED)
        return set(db.session.scalars(query))


def test_deputy_cannot_approve_request_of_contact_point(academy: Academy) -> None:
    deputy, staff = _with_role(academy, academy.here, HERE, deputy=True), academy.desk(STAFF, country="BG")
    academy.here.post("/people/sheet/wishes")
    path = wish(staff, "agree")
    assert path
    assert wish(deputy, "agree") == ""
    assert deputy.post(path).status_code == 404
    assert _notified(academy) == {staff.person_id}
    assert staff.post(path).status_code == 302


def test_contact_point_cannot_approve_request_of_own_deputy(academy: Academy) -> None:
    deputy, other = _with_role(academy, academy.here, HERE, deputy=True), academy.desk(HERE)
    deputy.post("/people/sheet/wishes")
    path = wish(other, "agree")
    assert path
    assert wish(academy.here, "agree") == ""
    assert academy.here.post(path).status_code == 404
    assert _notified(academy) == {other.person_id}


@pytest.mark.parametrize("grant", [HERE, STAFF])
def test_second_person_with_a_role_from_the_requester_cannot_approve(
    academy: Academy, grant: tuple[Role, Scope, str]
) -> None:
    friend, other = _with_role(academy, academy.here, grant), academy.desk(HERE)
    academy.here.post("/people/sheet/wishes")
    path = wish(other, "agree")
    assert wish(friend, "agree") == ""
    assert friend.post(path).status_code == 404
    assert _notified(academy) == {other.person_id}


@pytest.mark.each_database
def test_second_person_invited_by_the_requester_cannot_approve(academy: Academy) -> None:
    friend, other = academy.desk(HERE), academy.desk(HERE)
    with academy.app.app_context():
        new = NewInvitation(
            mail="friend@police.example", name="Amina Test", latin_name=None, service_number=None, country="IQ",
            agency_id=academy.agency, role=Role.PRACTITIONER, posting_roles=(), title="Officer", language="en",
        )  # fmt: skip
        with transaction():
            made = invitations.invite(new, academy.here.person_id, clock.real_now())
            found = db.session.get_one(Invitation, made)
            found.person_id, found.accepted_at = friend.person_id, clock.real_now()
        db.session.remove()
    academy.here.post("/people/sheet/wishes")
    path = wish(other, "agree")
    assert wish(friend, "agree") == ""
    assert friend.post(path).status_code == 404
    assert _notified(academy) == {other.person_id}


def _task_count(academy: Academy, desk: Desk) -> int:
    """Return the number of export requests among the tasks of a user."""
    with academy.app.app_context(), academy.app.test_request_context():
        roles = identity_roles.roles_of(desk.person_id, clock.today())
        country = postings.countries([desk.person_id], clock.today())[desk.person_id]
        (query,) = export.tasks(Actor(desk.person_id, country, roles)).values()
        return int(db.session.execute(query).scalar_one())


@pytest.mark.each_database
def test_task_count_equals_the_export_requests_on_the_page(academy: Academy) -> None:
    deputy, staff = _with_role(academy, academy.here, HERE, deputy=True), academy.desk(STAFF, country="BG")
    other = academy.desk(HERE)
    academy.here.post("/people/sheet/wishes")
    desks = (academy.here, deputy, staff, other, academy.there)
    assert [_task_count(academy, desk) for desk in desks] == [0, 0, 1, 1, 0]
    assert [bool(wish(desk, "agree")) for desk in desks] == [False, False, True, True, False]


def _notices(academy: Academy) -> list[tuple[bool, str]]:
    """Return for each notice of a request whether it is open, and its result; closed ones first."""
    with academy.app.app_context():
        query = select(Notice.read_at, Notice.facts).where(Notice.kind == NoticeKind.EXPORT_WANTED)
        return sorted((row[0] is None, json.loads(row[1]).get("became", "")) for row in db.session.execute(query))


@pytest.mark.parametrize("how", ["repeated", "over", "incident"])
def test_notice_of_an_ended_export_request_is_closed(academy: Academy, how: str) -> None:
    academy.desk(HERE)
    academy.here.post("/people/sheet/wishes")
    academy.here.post("/people/sheet/wishes")  # on the same day: the notice is for both requests
    assert _notices(academy) == [(True, "")]
    with academy.app.app_context(), transaction():
        one = db.session.scalars(select(ExportWish)).one()
        if how == "incident":
            incident.begin(IncidentReason.DRILL, [], clock.real_now())
        elif how == "over":
            one.ends_at = clock.real_now()
        else:
            asked_at = clock.real_now() - timedelta(days=1)
            before, now = (f"export wanted {one.person_id} {at.date()}" for at in (one.asked_at, asked_at))
            one.asked_at = asked_at
            db.session.execute(update(Notice).where(Notice.occasion == before).values(occasion=now))
    if how == "over":
        with academy.app.app_context():
            jobs.delete_expired()
    if how == "repeated":
        academy.here.post("/people/sheet/wishes")
    again = [(True, "")] if how == "repeated" else []
    assert _notices(academy) == [(False, "lapsed"), *again]
    if how != "incident":
        academy.here.post("/people/sheet/wishes")
        assert _notices(academy) == [(False, "lapsed"), (True, "")]
