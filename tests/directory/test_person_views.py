import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from app.access.policy import Role, Scope
from app.audit.models import Entry
from app.db.session import db, transaction
from app.directory.queries import accounts
from app.factory import create_app
from app.identity import service
from app.identity.models import Person
from app.identity.queries import person_details
from app.kernel import clock
from app.rights.queries import roles
from app.rights.service import proposals, roles as rights_roles
from app.sign_in.models import SignInSession
from tests.support import databases, factories, sites
from tests.support.settings import settings_for
from tests.support.sql_statements import counted

NAME = "Ibrahim Al-Rashid"
ALL = Scope.ALL
STAFF = {
    "contact point": ("IQ", ((Role.CONTACT_POINT, Scope.COUNTRY, "IQ"),)),
    "contact point of BG": ("BG", ((Role.CONTACT_POINT, Scope.COUNTRY, "BG"),)),
    "coordinator": ("NL", ((Role.COORDINATOR, ALL, ""),)),
    "administrator": ("NL", ((Role.ADMINISTRATOR, ALL, ""),)),
    "second": ("NL", ((Role.ADMINISTRATOR, ALL, ""),)),
    "co-chair": ("IQ", ((Role.CO_CHAIR, ALL, ""),)),
    "trainer": ("IQ", ((Role.TRAINER, ALL, ""),)),
}


class Desk:
    """People of each role, and an officer of IQ."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context():
            self.officer = factories.person(country="IQ", alias="Officer A", name=NAME)
            self.ids = {
                who: factories.person(country=country, roles=(), grants=grants, alias=who, name=f"Name of {who}")
                for who, (country, grants) in STAFF.items()
            }
            db.session.remove()

    def get(self, who: str, path: str) -> tuple[int, str]:
        answer = factories.sign_in(self.app, self.ids.get(who, self.officer)).get(path)
        return answer.status_code, answer.get_data(as_text=True)

    def post(self, who: str, path: str, **fields: str) -> int:
        client = factories.sign_in(self.app, self.ids.get(who, self.officer))
        return sites.post(self.app, client, path, fields).status_code

    def roles(self, person_id: UUID) -> list[person_details.GrantedRole]:
        with self.app.app_context():
            return list(person_details.any_person(person_id, clock.today()).grants)


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def _page(text: str) -> str:
    return text.split("<main", 1)[1].split("</main>", 1)[0]


def test_person_page_shows_parts_by_role(desk: Desk) -> None:
    path = f"/people/{desk.officer}"
    seen = {who: desk.get(who, path) for who in STAFF}
    assert {who: status for who, (status, _text) in seen.items()} == {
        "contact point": 200, "contact point of BG": 404, "coordinator": 200, "administrator": 200, "second": 200,
        "co-chair": 404, "trainer": 404,
    }  # fmt: skip
    assert {who for who, (_status, text) in seen.items() if NAME in text} == {"contact point"}
    assert {who for who, (_status, text) in seen.items() if str(desk.officer) in _page(text)} - {"contact point"} == {
        "administrator", "second", "coordinator",
    }  # fmt: skip
    assert "<code>" not in _page(seen["coordinator"][1])  # in addresses alone
    assert {who for who, (_s, text) in seen.items() if "Border service" in text} == {"contact point"}
    assert {who for who, (_s, text) in seen.items() if ">Iraq<" in text} == {"contact point"}
    assert desk.get("officer", path)[0] == 404  # the own page of an officer is the record


def test_reading_a_name_is_written_down_before_it_is_shown(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for who in STAFF:
        desk.get(who, f"/people/{desk.officer}")
    desk.get("contact point", f"/people/{desk.ids['contact point']}")  # the own name is no other person's
    with desk.app.app_context():
        rows = list(db.session.scalars(select(Entry).where(Entry.name == "IdentitySeen")))
        assert [(row.actor_id, row.person_id, row.country) for row in rows] == [
            (desk.ids["contact point"], desk.officer, "IQ")
        ]

    def broken(*_any: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("app.directory.views.person.record", broken)
    with pytest.raises(RuntimeError):
        desk.get("contact point", f"/people/{desk.officer}")


def test_granter_sees_country_of_roles_unless_protected(desk: Desk) -> None:
    contact = desk.ids["contact point of BG"]
    path = f"/people/{contact}"
    seen = {who: "Bulgaria" in _page(desk.get(who, path)[1]) for who in ("coordinator", "administrator")}
    assert seen == {"coordinator": True, "administrator": False}
    with desk.app.app_context(), transaction():
        db.session.get_one(Person, contact).protected = True
    for who in ("coordinator", "administrator"):
        assert "Bulgaria" not in _page(desk.get(who, path)[1])
        assert "Bulgaria" not in _page(desk.get(who, f"{path}/roles")[1])


def test_links_lead_where_the_reader_may_go(desk: Desk) -> None:
    _status, page = desk.get("contact point", f"/people/{desk.officer}")
    assert f'href="/people/{desk.officer}/roles"' in page
    assert f'href="/country/officers/{desk.officer}"' in page
    _status, page = desk.get("coordinator", f"/people/{desk.officer}")
    assert f'href="/people/{desk.officer}/roles"' in page
    assert "/country/officers" not in _page(page)


def test_contact_point_assigns_and_revokes_role(desk: Desk) -> None:
    path, day = f"/people/{desk.officer}/roles", clock.today().isoformat()
    assert "supervisor" in desk.get("contact point", path)[1]
    assert desk.post("contact point", path, role="supervisor", since=day) == 302
    assert desk.post("contact point", path, role="supervisor", since=day) == 422  # held already
    assert desk.post("contact point", path, role="trainer", since=day) == 422
    assert desk.post("contact point of BG", path, role="supervisor", since=day) == 404
    given = next(one for one in desk.roles(desk.officer) if one.assignment.role is Role.SUPERVISOR)
    assert (given.assignment.scope, given.assignment.reach) == (Scope.COUNTRY, "IQ")
    for page in (path, f"/people/{desk.officer}"):  # not the country: it reaches to those who are assigned
        assert "Officers assigned one by one" in desk.get("contact point", page)[1]
    # a button in a third column would lie outside of a phone's screen
    assert desk.get("contact point", path)[1].split("<tbody>")[0].count('scope="col"') == 2
    assert desk.post("contact point of BG", f"{path}/{given.id}/end") == 404
    assert desk.post("contact point", f"{path}/{given.id}/end") == 302
    assert [one.assignment.role for one in desk.roles(desk.officer)] == [Role.PRACTITIONER]


def test_deputy_needs_a_last_day(desk: Desk) -> None:
    path, today = f"/people/{desk.officer}/roles", clock.today()
    day = today.isoformat()
    assert desk.post("contact point", path, role="deputy", since=day) == 422
    last = (today + timedelta(days=90)).isoformat()
    assert desk.post("contact point", path, role="deputy", since=day, until=last) == 422
    last = (today + timedelta(days=30)).isoformat()
    assert desk.post("contact point", path, role="deputy", since=day, until=last) == 302
    assert "Deputy contact point" in desk.get("contact point", path)[1]
    # a deputy sees the country, and cannot assign another deputy
    other = desk.ids["trainer"]
    status, page = desk.get("officer", f"/people/{other}")
    assert (status, "Name of trainer" in page) == (200, True)
    assert desk.post("officer", f"/people/{other}/roles", role="deputy", since=day, until=last) == 422


def test_administrator_role_needs_a_second_administrator(desk: Desk) -> None:
    other = desk.ids["co-chair"]
    path, day = f"/people/{other}/roles", clock.today().isoformat()
    assert desk.post("administrator", path, role="administrator", since=day) == 302
    assert [one.assignment.role for one in desk.roles(other)] == [Role.CO_CHAIR]
    assert "co-chair" in desk.get("second", "/people")[1].split("Administrator roles to confirm")[1].split("</ul>")[0]
    page = desk.get("second", path)[1]
    (confirm,) = re.findall(r'action="([^"]+/confirm)"', page)
    assert page.count("button primary") == 1  # the answer that others wait for
    own = desk.get("administrator", path)[1]
    assert "Confirm the administrator" not in own
    assert own.count("button primary") == 1
    assert desk.post("administrator", confirm) == 302  # a page that was not theirs: nothing happens
    assert desk.post("coordinator", confirm) == 403
    assert [one.assignment.role for one in desk.roles(other)] == [Role.CO_CHAIR]
    assert desk.post("second", confirm) == 302
    assert {one.assignment.role for one in desk.roles(other)} == {Role.CO_CHAIR, Role.ADMINISTRATOR}


def _not_proved(app: Flask) -> None:
    with app.app_context(), transaction():
        for session in db.session.scalars(select(SignInSession)):
            session.proved_at -= timedelta(minutes=11)


def _late(desk: Desk, who: str) -> Callable[..., tuple[int, str]]:
    """Return a function that submits a form eleven minutes after the password was entered."""
    client = factories.sign_in(desk.app, desk.ids[who])

    def send(path: str, **fields: str) -> tuple[int, str]:
        _not_proved(desk.app)
        answer = sites.post(desk.app, client, path, fields)
        return answer.status_code, answer.get_data(as_text=True)

    return send


@pytest.mark.parametrize(
    ("who", "to", "role"),
    [
        ("contact point", "officer", "deputy"),
        ("coordinator", "officer", "contact_point"),
        ("coordinator", "trainer", "coordinator"),
        ("administrator", "trainer", "administrator"),
    ],
)
def test_role_that_shows_names_needs_reauthentication(desk: Desk, who: str, to: str, role: str) -> None:
    person_id, today = desk.ids.get(to, desk.officer), clock.today()
    path, send = f"/people/{person_id}/roles", _late(desk, who)
    sent = {"role": role, "since": today.isoformat(), "until": (today + timedelta(days=9)).isoformat()}
    before = desk.roles(person_id)
    for more, said in (({}, "Enter your password."), ({"password": "wrong"}, "The password is not right.")):
        status, page = send(path, **sent, **more)
        assert (status, said in page, 'type="password"' in page) == (422, True, True)
    assert desk.roles(person_id) == before
    assert send(path, **sent, password=factories.PASSWORD)[0] == 302
    with desk.app.app_context():
        asked = len(roles.administrator_requests(clock.real_now(), person_id))
        asked += proposals.open_for_person(person_id, Role.COORDINATOR) is not None
        asked += proposals.open_for_person(person_id, Role.CONTACT_POINT) is not None
    assert len(desk.roles(person_id)) + asked == len(before) + 1


def test_other_roles_take_no_password(desk: Desk) -> None:
    path, send = f"/people/{desk.officer}/roles", _late(desk, "contact point")
    assert send(path, role="supervisor", since=clock.today().isoformat())[0] == 302
    given = next(one for one in desk.roles(desk.officer) if one.assignment.role is Role.SUPERVISOR)
    assert send(f"{path}/{given.id}/end")[0] == 302


@pytest.mark.parametrize(("who", "of"), [("coordinator", "contact point"), ("administrator", "coordinator")])
def test_to_end_such_a_role_takes_the_password_again(desk: Desk, who: str, of: str) -> None:
    (held,) = desk.roles(desk.ids[of])
    path, send = f"/people/{desk.ids[of]}/roles/{held.id}/end", _late(desk, who)
    status, page = send(path)
    assert (status, "Nothing has changed yet." in page, "Enter your password." in page) == (422, True, False)
    assert "Enter your password." in send(path, password="")[1]
    assert "The password is not right." in send(path, password="wrong")[1]
    assert desk.roles(desk.ids[of]) == [held]
    assert send(path, password=factories.PASSWORD)[0] == 302
    assert desk.roles(desk.ids[of]) == []


def test_second_administrator_needs_reauthentication(desk: Desk) -> None:
    other = desk.ids["co-chair"]
    path = f"/people/{other}/roles"
    assert desk.post("administrator", path, role="administrator", since=clock.today().isoformat()) == 302
    (confirm,) = re.findall(r'action="([^"]+/confirm)"', desk.get("second", path)[1])
    send = _late(desk, "second")
    assert send(confirm)[0] == 422
    assert len(desk.roles(other)) == 1
    assert send(confirm, password=factories.PASSWORD)[0] == 302
    assert len(desk.roles(other)) == 2


def test_administrators_find_people_by_id_and_coordinators_staff(desk: Desk) -> None:
    page = desk.get("administrator", "/people")[1]
    assert str(desk.officer) in page
    assert NAME not in page
    page = desk.get("coordinator", "/people")[1]
    assert "Officer A" not in page
    assert ">trainer<" in page
    assert re.findall(r"[^<>]*Iraq[^<>]*", _page(page)) == ["Contact point (Iraq)"]  # of an officer no country
    for who, q in (("administrator", str(desk.officer)), ("administrator", "Officer A"), ("coordinator", "Officer A")):
        client = factories.sign_in(desk.app, desk.ids[who])
        assert client.get("/people", query_string={"q": q}).headers["Location"] == f"/people/{desk.officer}"
    assert "No account has this alias" in desk.get("administrator", "/people?q=unknown")[1]
    assert desk.get("contact point", "/people?q=Officer+A")[0] == 200  # a name of the own list leads nowhere else
    assert desk.get("administrator", "/people?held=nothing")[0] == 422


@pytest.mark.each_database
def test_list_of_accounts_is_filtered_and_paged_by_alias(desk: Desk) -> None:
    with desk.app.app_context(), transaction():
        for number in range(accounts.PAGE + 2):
            factories.person(country="BG", alias=f"Watch {number:03}")
        gone = factories.person(country="BG", alias="Gone 1")
        service.deactivate(gone, clock.today())

    def aliases(query: str) -> list[str]:
        return re.findall(
            r'<th scope="row" class="min8"><a href="[^"]+"><bdi>([^<]+)', desk.get("administrator", query)[1]
        )

    first = aliases("/people?held=practitioner&account=active")
    assert first == ["Officer A", *(f"Watch {number:03}" for number in range(accounts.PAGE - 1))]
    assert aliases(f"/people?held=practitioner&account=active&beyond={first[-1]}".replace(" ", "+")) == [
        f"Watch {number:03}" for number in (accounts.PAGE - 1, accounts.PAGE, accounts.PAGE + 1)
    ]
    assert aliases("/people?account=deactivated") == ["Gone 1"]
    assert aliases("/people?held=contact_point") == ["contact point", "contact point of BG"]


def test_missing_parts_do_not_reveal_protection(desk: Desk) -> None:
    with desk.app.app_context():
        with transaction():
            db.session.get_one(Person, desk.officer).protected = True
        other = factories.person(country="IQ", alias="Officer B")
        db.session.remove()
    pages = [desk.get("administrator", f"/people/{one}")[1] for one in (desk.officer, other)]
    hidden, plain = (re.sub(r"[0-9a-f-]{36}|Officer [AB]", "", _page(page)) for page in pages)
    assert hidden == plain
    listed = _page(desk.get("administrator", "/people")[1])
    rows = [
        re.sub(r"[0-9a-f-]{36}|Officer [AB]", "", row)
        for row in re.findall(r"<tr>.*?</tr>", listed)
        if "Officer" in row
    ]
    assert len(rows) == 2
    assert len(set(rows)) == 1
    assert not any(country in listed for country in ("Iraq", "Bulgaria", 'name="country"'))
    everybody = desk.get("administrator", "/people?country=IQ")[1]
    assert "Officer A" in everybody


def test_list_of_accounts_takes_constant_number_of_queries(desk: Desk) -> None:
    def asked() -> int:
        client = factories.sign_in(desk.app, desk.ids["administrator"])
        client.get("/people")
        with counted(desk.app) as told:
            client.get("/people")
        return len(told)

    one = asked()
    with desk.app.app_context():
        for _n in range(3):
            factories.person(country="BG")
        db.session.remove()
    assert asked() == one


def test_ended_role_ends_in_sessions_of_other_processes(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Two applications on one database file, as two workers are."""
    url = databases.sqlite_url(tmp_path_factory.mktemp("workers"))
    here, there = create_app(settings_for(url)), create_app(settings_for(url))
    with here.app_context():
        db.create_all()
    desk = Desk(here)
    given = desk.roles(desk.ids["coordinator"])[0].id
    client = factories.sign_in(there, desk.ids["coordinator"])
    assert client.get("/plan").status_code == 200
    assert desk.post("administrator", f"/people/{desk.ids['coordinator']}/roles/{given}/end") == 302
    assert client.get("/plan").headers["Location"].startswith("/sign-in")
    again = factories.sign_in(there, desk.ids["coordinator"])
    assert again.get("/plan").status_code == 403
    for app in (here, there):
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def test_role_ends_in_open_session_after_its_last_day(desk: Desk) -> None:
    with desk.app.app_context(), transaction():
        until = clock.today() + timedelta(days=3)
        rights_roles.add_role(desk.officer, Role.COORDINATOR, scope=ALL, since=clock.today(), until=until)
    client = factories.sign_in(desk.app, desk.officer)
    start = clock.now() - clock.real_now()
    for days, status in ((0, 200), (3, 200), (4, 403)):
        clock.move(lambda days=days: start + timedelta(days=days))  # type: ignore[misc]
        assert client.get("/plan").status_code == status


def test_session_ends_when_a_role_begins(desk: Desk) -> None:
    """Who signed in as an officer does not become staff without the second step that staff need."""
    with desk.app.app_context(), transaction():
        since = clock.today() + timedelta(days=1)
        rights_roles.add_role(desk.officer, Role.COORDINATOR, scope=ALL, since=since)
    client = factories.sign_in(desk.app, desk.officer)
    assert client.get("/record").status_code == 200
    later = clock.real_now() + timedelta(hours=11)
    with desk.app.app_context(), transaction():
        ends = {
            one.ends_at
            for one in db.session.scalars(select(SignInSession).where(SignInSession.person_id == desk.officer))
        }
    midnight = clock.real_now() + (
        clock.now().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1) - clock.now()
    )
    (end,) = ends
    assert abs(end - min(midnight, later + timedelta(hours=1))) < timedelta(minutes=1)
