"""The page on which a contact point says who supervises an officer."""

import re
from uuid import UUID, uuid4

import pytest
from flask import Flask

from app.access.policy import Role, Scope
from app.db.session import db
from app.kernel import clock
from app.rights.queries import supervision
from tests.support import factories, sites
from tests.support.sql_statements import asked

PEOPLE = {
    "officer": ("IQ", ("first_responder",), None),
    "chief": ("IQ", (), (Role.SUPERVISOR, Scope.COUNTRY, "IQ")),
    "other chief": ("IQ", (), (Role.SUPERVISOR, Scope.COUNTRY, "IQ")),
    "chief of BG": ("BG", (), (Role.SUPERVISOR, Scope.COUNTRY, "BG")),
    "contact point": ("IQ", (), (Role.CONTACT_POINT, Scope.COUNTRY, "IQ")),
    "contact point of BG": ("BG", (), (Role.CONTACT_POINT, Scope.COUNTRY, "BG")),
    "coordinator": ("BG", (), (Role.COORDINATOR, Scope.ALL, "")),
    "administrator": ("BG", (), (Role.ADMINISTRATOR, Scope.ALL, "")),
}
PAGE = 8


class Desk:
    """A country with an officer, supervisors and those who may not choose them."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context():
            self.ids = {
                who: factories.person(
                    country=country,
                    roles=roles,
                    alias=f"The {who}",
                    grants=(grant,) if grant else (),
                    name=f"Name {who}",
                )
                for who, (country, roles, grant) in PEOPLE.items()
            }
            db.session.remove()

    def path(self, who: str = "officer", end: str = "") -> str:
        return f"/people/{self.ids[who]}/supervisor{end}"

    def get(self, who: str, path: str) -> tuple[int, str]:
        answer = factories.sign_in(self.app, self.ids[who]).get(path)
        return answer.status_code, answer.text

    def post(self, who: str, path: str, **fields: object) -> tuple[int, str]:
        client = factories.sign_in(self.app, self.ids[who])
        answer = sites.post(self.app, client, path, {name: str(value) for name, value in fields.items()})
        return answer.status_code, answer.text

    def above(self) -> frozenset[UUID]:
        with self.app.app_context():
            return supervision.supervisors_of(self.ids["officer"], clock.today())


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


def test_a_contact_point_chooses_a_supervisor_by_alias_and_ends_it(desk: Desk) -> None:
    page = desk.get("contact point", desk.path())[1]
    assert re.findall(r"<option[^>]*>([^<]+)<", page) == ["The chief", "The other chief"]
    assert "This officer has no supervisor" in page
    assert "Name " not in page  # by alias
    assert desk.post("contact point", desk.path(), supervisor=desk.ids["chief"])[0] == 302
    assert desk.above() == {desk.ids["chief"]}
    page = desk.get("contact point", desk.path())[1]
    assert re.findall(r"<option[^>]*>([^<]+)<", page) == ["The other chief"]
    assert "<bdi>The officer</bdi>" in desk.get("contact point", desk.path("chief"))[1]
    end = desk.path(end=f"/{desk.ids['chief']}/end")
    assert f'action="{end}"' in page
    assert desk.post("contact point", end)[0] == 302
    assert desk.above() == frozenset()
    assert desk.post("contact point", end)[0] == 302  # over already


def test_unknown_supervisor_is_refused_with_a_message(desk: Desk) -> None:
    for wrong in (desk.ids["chief of BG"], desk.ids["officer"], uuid4(), "", "x"):
        status, page = desk.post("contact point", desk.path(), supervisor=wrong)
        assert (status, "Choose a supervisor from the list." in page) == (422, True)
    desk.post("contact point", desk.path(), supervisor=desk.ids["chief"])
    status, page = desk.post("contact point", desk.path(), supervisor=desk.ids["chief"])
    assert (status, "This person already supervises the officer." in page) == (422, True)
    status, page = desk.post("contact point", desk.path("chief"), supervisor=desk.ids["other chief"])
    assert status == 422  # no officer
    assert desk.above() == {desk.ids["chief"]}


@pytest.mark.parametrize(
    "who", ["officer", "chief", "contact point of BG", "chief of BG", "coordinator", "administrator"]
)
def test_other_roles_cannot_assign_supervisors(desk: Desk, who: str) -> None:
    desk.post("contact point", desk.path(), supervisor=desk.ids["other chief"])
    assert desk.get(who, desk.path())[0] == 404
    assert desk.post(who, desk.path(), supervisor=desk.ids["chief"])[0] == 404
    assert desk.post(who, desk.path(end=f"/{desk.ids['other chief']}/end"))[0] == 404
    assert desk.above() == {desk.ids["other chief"]}


def test_other_country_and_own_page_return_404(desk: Desk) -> None:
    assert desk.get("contact point", desk.path("chief of BG"))[0] == 404
    assert desk.get("contact point", desk.path("contact point"))[0] == 404
    assert desk.get("contact point", f"/people/{uuid4()}/supervisor")[0] == 404


def test_person_page_links_to_supervision(desk: Desk) -> None:
    for who in ("officer", "chief"):
        assert f'href="{desk.path(who)}"' in desk.get("contact point", f"/people/{desk.ids[who]}")[1]
    assert "/supervisor" not in desk.get("coordinator", f"/people/{desk.ids['officer']}")[1]


def test_query_count_does_not_depend_on_number_of_officers(desk: Desk) -> None:
    client = factories.sign_in(desk.app, desk.ids["contact point"])
    desk.post("contact point", desk.path(), supervisor=desk.ids["chief"])
    assert asked(desk.app, client, desk.path()) == PAGE
    with desk.app.app_context():
        more = [factories.person(roles=(), grants=((Role.SUPERVISOR, Scope.COUNTRY, "IQ"),)) for _ in range(4)]
        db.session.remove()
    for one in more[:3]:
        desk.post("contact point", desk.path(), supervisor=one)
    assert asked(desk.app, client, desk.path()) == PAGE
