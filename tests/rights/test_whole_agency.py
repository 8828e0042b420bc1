"""A supervisor of all officers of one service: who is among them, what ends it, who gives it."""

import json
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.access.policy import Role, Scope
from app.audit.models import Entry
from app.db.session import db, transaction
from app.directory.queries import accounts as directory_accounts
from app.directory.service import country_settings, postings
from app.directory.service.postings import NewPosting
from app.identity import service
from app.identity.models import Person, Posting, RoleGrant
from app.identity.queries import roles
from app.kernel import clock
from app.rights.queries import supervision as rights_supervision
from app.rights.queries.supervision import SupervisionLine
from app.rights.service import roles as rights_roles, supervision
from app.rights.service.supervision import SupervisionRefusal
from app.sign_in.models import SignInSession
from tests.support import factories, sites

DAY = timedelta(days=1)
POINT = ((Role.CONTACT_POINT, Scope.COUNTRY, "IQ"),)


def _serves(person_id: UUID, agency_id: UUID) -> UUID:
    with transaction():
        mine = Posting.person_id == person_id
        db.session.execute(update(Posting).where(mine).values(agency_id=agency_id))
    return person_id


def _service(country: str = "IQ") -> UUID:
    with transaction():
        return factories.agency(country)


def _grant(person_id: UUID, agency_id: UUID) -> UUID:
    with transaction():
        rights_roles.add_role(
            person_id, Role.SUPERVISOR, scope=Scope.AGENCY, reach=agency_id.hex, since=clock.today() - 9 * DAY
        )
    return person_id


def _chief(agency_id: UUID, **more: str) -> UUID:
    return _grant(_serves(factories.person(roles=(), **more), agency_id), agency_id)  # type: ignore[arg-type]


def _officer(agency_id: UUID, **more: object) -> UUID:
    return _serves(factories.person(**more), agency_id)  # type: ignore[arg-type]


def _below(chief: UUID) -> set[UUID]:
    today = clock.today()
    found = set(db.session.scalars(rights_supervision.officers_of(chief, today)))
    listed = rights_supervision.officers(chief, today, offset=0, size=100)
    assert {one.person_id for one in listed} == found
    assert len(listed) == len(found) == rights_supervision.count(chief, today)
    for one in found:
        assert chief in rights_supervision.supervisors_of(one, today)
    return found


@pytest.mark.each_database
@pytest.mark.usefixtures("context")
def test_agency_role_supervises_officers_of_the_agency_only() -> None:
    mine, other = _service(), _service()
    chief = _chief(mine)
    first, second = _officer(mine), _officer(mine)
    _serves(factories.person(roles=()), mine)  # works there, and is no officer of the framework
    elsewhere, abroad = _officer(other), factories.person(country="BG")
    assert _below(chief) == {first, second}
    for one in (elsewhere, abroad):
        assert rights_supervision.supervisors_of(one, clock.today()) == frozenset()
    assert Role.SUPERVISOR in roles.roles_of(chief, clock.today())
    assert rights_supervision.of_service(chief, clock.today()).startswith("Border service")
    assert rights_supervision.of_service(first, clock.today()) == ""


@pytest.mark.usefixtures("context")
def test_moved_supervisor_supervises_nobody_of_the_new_agency() -> None:
    mine, other = _service(), _service()
    chief, theirs = _chief(mine), _officer(other)
    _officer(mine)
    _serves(chief, other)
    assert _below(chief) == set()
    assert rights_supervision.supervisors_of(theirs, clock.today()) == frozenset()
    assert rights_supervision.of_service(chief, clock.today()) == ""


@pytest.mark.usefixtures("context")
def test_supervisor_is_not_supervised_by_themself() -> None:
    mine = _service()
    both = _grant(_officer(mine), mine)
    other = _officer(mine)
    assert _below(both) == {other}


@pytest.mark.each_database
@pytest.mark.usefixtures("context")
def test_protected_officer_is_supervised_by_assignment_only() -> None:
    mine = _service()
    chief, hidden = _chief(mine), _officer(mine)
    with transaction():
        db.session.execute(update(Person).where(Person.id == hidden).values(protected=True))
    assert _below(chief) == set()
    with transaction():
        assert supervision.assign(hidden, chief, clock.today()) is None
    assert _below(chief) == {hidden}


@pytest.mark.each_database
@pytest.mark.usefixtures("context")
def test_assigned_officer_of_the_agency_counts_once() -> None:
    mine, other = _service(), _service()
    chief, near, far = _chief(mine, alias="Chief"), _officer(mine), _officer(other)
    with transaction():
        assert supervision.assign(near, chief, clock.today()) is SupervisionRefusal.ASSIGNED
        assert supervision.assign(far, chief, clock.today()) is None
        assert supervision.release(near, chief, clock.today()) is False  # the role makes it so
    assert _below(chief) == {near, far}
    assert rights_supervision.supervisor_lines(near, clock.today()) == [SupervisionLine(chief, "Chief", None)]
    assert rights_supervision.supervisor_lines(far, clock.today()) == [SupervisionLine(chief, "Chief", clock.today())]
    assert [one.person_id for one in rights_supervision.supervised_lines(chief, clock.today())] == [far]
    _serves(far, mine)
    assert _below(chief) == {near, far}
    assert rights_supervision.supervisor_lines(far, clock.today()) == [SupervisionLine(chief, "Chief", clock.today())]


def _leaves(person_id: UUID) -> None:
    service.deactivate(person_id, clock.today())


def _changes_the_service(person_id: UUID) -> None:
    mine = Posting.person_id == person_id
    db.session.execute(update(Posting).where(mine).values(agency_id=factories.agency("IQ")))


def _serves_no_more(person_id: UUID) -> None:
    day = clock.today() - DAY
    db.session.execute(update(Posting).where(Posting.person_id == person_id).values(since=day, until=day))


def _role_ends(person_id: UUID) -> None:
    mine = RoleGrant.person_id == person_id, RoleGrant.role == Role.SUPERVISOR
    db.session.execute(update(RoleGrant).where(*mine).values(until=clock.today() - DAY))


def _role_is_to_begin(person_id: UUID) -> None:
    mine = RoleGrant.person_id == person_id, RoleGrant.role == Role.SUPERVISOR
    db.session.execute(update(RoleGrant).where(*mine).values(since=clock.today() + DAY))


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    ("who", "what"),
    [
        ("officer", _leaves),
        ("chief", _leaves),
        ("officer", _changes_the_service),
        ("chief", _changes_the_service),
        ("officer", _serves_no_more),
        ("chief", _serves_no_more),
        ("chief", _role_ends),
        ("chief", _role_is_to_begin),
    ],
)
def test_agency_supervision_ends_with_posting_or_role(who: str, what: Callable[[UUID], None]) -> None:
    mine, other = _service(), _service()
    people = {"officer": _officer(mine), "chief": _chief(mine)}
    others = _officer(other), _chief(other)
    assert _below(people["chief"]) == {people["officer"]}
    with transaction():
        what(people[who])
    assert rights_supervision.supervisors_of(people["officer"], clock.today()) == frozenset()
    assert _below(people["chief"]) == set()
    assert _below(others[1]) == {others[0]}


class Desk:
    """An agency of IQ with an officer, a future supervisor, and the contact point who assigns the role."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context():
            self.service = _service()
            self.officer = _officer(self.service, alias="The officer", name="Name Officer")
            self.chief = _serves(factories.person(roles=(), alias="The chief"), self.service)
            self.far = factories.person(alias="Far officer", name="Name Far")
            self.point = factories.person(roles=(), grants=POINT)
            self.point_abroad = factories.person(
                country="BG", roles=(), grants=((Role.CONTACT_POINT, Scope.COUNTRY, "BG"),)
            )
            db.session.remove()

    def get(self, who: UUID, path: str) -> tuple[int, str]:
        answer = factories.sign_in(self.app, who).get(path)
        return answer.status_code, answer.get_data(as_text=True)

    def give(self, who: UUID, *, reach: str | None = None, password: str = factories.PASSWORD) -> int:
        fields = {"role": "supervisor", "since": clock.today().isoformat(), "password": password}
        fields["reach"] = f"agency:{self.service.hex}" if reach is None else reach
        client = factories.sign_in(self.app, who)
        with self.app.app_context(), transaction():  # the password was entered a while ago
            db.session.execute(update(SignInSession).values(proved_at=clock.real_now() - timedelta(minutes=11)))
        return sites.post(self.app, client, f"/people/{self.chief}/roles", fields).status_code

    def reaches(self) -> list[tuple[Scope, str]]:
        with self.app.app_context():
            query = select(RoleGrant.scope, RoleGrant.reach).where(RoleGrant.person_id == self.chief)
            return [(row[0], row[1]) for row in db.session.execute(query)]


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def test_supervisor_sees_the_agency_as_soon_as_the_role_is_assigned(desk: Desk) -> None:
    _status, page = desk.get(desk.point, f"/people/{desk.chief}/roles")
    assert "All officers of the agency: Border service" in page
    assert desk.give(desk.point) == 302
    assert desk.reaches() == [(Scope.AGENCY, desk.service.hex)]
    _status, page = desk.get(desk.point, f"/people/{desk.chief}/roles")
    assert page.count("All officers of the agency: Border service") == 2  # held, and to choose
    status, seen = desk.get(desk.chief, "/supervision")
    assert (status, "Name Officer" in seen, "Name Far" in seen) == (200, True, False)
    assert desk.get(desk.chief, f"/people/{desk.officer}/learning")[0] == 200
    assert desk.get(desk.chief, f"/people/{desk.far}/learning")[0] == 404
    _status, theirs = desk.get(desk.point, f"/people/{desk.chief}/supervisor")
    assert "Supervises all officers of the agency Border service" in theirs
    _status, above = desk.get(desk.point, f"/people/{desk.officer}/supervisor")
    assert "Supervises the whole agency" in above
    assert f"/people/{desk.officer}/supervisor/{desk.chief}/end" not in above
    with desk.app.app_context():
        told = db.session.scalars(select(Entry).where(Entry.name == "RoleGranted").order_by(Entry.id.desc())).first()
        assert told is not None
        facts = json.loads(told.facts)
        assert (facts["scope"], facts["reach"]) == ("agency", desk.service.hex)


def test_agency_role_needs_the_password(desk: Desk) -> None:
    assert desk.give(desk.point, password="") == 422
    assert desk.give(desk.point, password="not the password") == 422
    assert desk.reaches() == []
    assert desk.give(desk.point, reach="", password="") == 302  # for officers assigned one by one
    assert desk.reaches() == [(Scope.COUNTRY, "IQ")]


@pytest.mark.parametrize("before", ["country", "another service"])
def test_agency_role_ends_the_sessions_of_the_supervisor(desk: Desk, before: str) -> None:
    with desk.app.app_context(), transaction():
        scope, reach = (Scope.COUNTRY, "IQ") if before == "country" else (Scope.AGENCY, factories.agency("IQ").hex)
        rights_roles.add_role(desk.chief, Role.SUPERVISOR, scope=scope, reach=reach, since=clock.today() - 9 * DAY)
    client = factories.sign_in(desk.app, desk.chief)
    assert client.get("/settings/session").status_code == 200
    assert desk.give(desk.point) == 302
    assert client.get("/settings/session").status_code == 302


def test_foreign_and_invalid_reaches_are_refused(desk: Desk) -> None:
    with desk.app.app_context():
        other = _service()
    for reach in (f"agency:{other.hex}", "agency:", "agency:IQ", f"agency:{desk.service}"):
        assert desk.give(desk.point, reach=reach) == 422, reach
    assert desk.give(desk.point_abroad) == 404
    assert desk.reaches() == []


def test_moved_supervisor_loses_the_role_in_an_open_session(desk: Desk) -> None:
    assert desk.give(desk.point) == 302
    client = factories.sign_in(desk.app, desk.chief)
    assert client.get("/supervision").status_code == 200
    with desk.app.app_context(), transaction():
        _changes_the_service(desk.chief)
    assert client.get("/supervision").status_code == 403
    with desk.app.app_context():
        lines = directory_accounts.accounts(directory_accounts.AccountFilter(), clock.today())
        assert {one.alias: one.roles for one in lines}["The chief"] == ()


@pytest.mark.each_database
def test_agency_with_a_supervisor_is_not_deleted(desk: Desk) -> None:
    """Who moves on the first day leaves no posting there, and yet a role whose page names the service."""
    assert desk.give(desk.point) == 302
    with desk.app.app_context():
        other, today = _service(), clock.today()
        with transaction():
            db.session.execute(update(Posting).where(Posting.agency_id == desk.service).values(since=today))
            for one in (desk.chief, desk.officer):
                postings.change_posting(
                    one, NewPosting(agency_id=other, roles=("first_responder",), since=today), today=today
                )
        [line] = [one for one in country_settings.agencies("IQ") if one.id == desk.service]
        assert line.used
        with transaction():
            assert not country_settings.drop_agency(line)
    status, page = desk.get(desk.point, f"/people/{desk.chief}/roles")
    assert (status, page.count("All officers of the agency: Border service")) == (200, 2)  # held, and to choose
