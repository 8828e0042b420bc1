"""A session that was left open on a shared computer gives no access to names."""

import re
from datetime import timedelta
from html import unescape
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select

from app.access.policy import Role, Scope
from app.db.session import db, transaction
from app.identity.models import Country
from app.intake.models import ExportWish
from app.invitations.models import Invitation
from app.kernel import clock
from app.sign_in.domain import CodeKind
from app.sign_in.models import AuthenticatorApp, SignInSession
from app.sign_in.service import second_factor
from tests.support import factories, people_sheets as sheets, sites
from tests.support.intake_academy import Academy, Desk, make
from tests.support.settings import NOW

FIELDS = {"mail": "new@police.example", "name": "Amina Test", "language": "en"}
ASKED = "Enter your password."
FOLLOWS = "Nothing has changed yet. Enter your password to continue."
PASSWORD = {"password": factories.PASSWORD}
COORDINATOR, ADMINISTRATOR = (Role.COORDINATOR, Scope.ALL, ""), (Role.ADMINISTRATOR, Scope.ALL, "")


@pytest.fixture
def academy(lite_app: Flask) -> Academy:
    return make(lite_app)


def _left(desk: Desk) -> None:
    """Let more time pass than a password counts for."""
    with desk.app.app_context(), transaction():
        for session in db.session.scalars(select(SignInSession)):
            session.proved_at -= timedelta(minutes=11)


def _post(desk: Desk, path: str, **fields: str) -> tuple[int, str]:
    _left(desk)
    token = factories.token(desk.app, desk.client)
    answer = desk.client.post(path, data={"csrf_token": token, **fields})
    return answer.status_code, answer.get_data(as_text=True)


def _invited(academy: Academy) -> list[Invitation]:
    with academy.app.app_context():
        return list(db.session.scalars(select(Invitation)))


def _sent(academy: Academy, role: str) -> dict[str, str]:
    return {**FIELDS, "agency": str(academy.agency), "role": role}


@pytest.mark.parametrize(("by", "role"), [(COORDINATOR, "contact_point"), (ADMINISTRATOR, "coordinator")])
def test_to_invite_to_such_a_role_takes_the_password(academy: Academy, by: tuple[Role, Scope, str], role: str) -> None:
    desk = academy.desk(by, country="BG")
    sent = _sent(academy, role)
    _left(desk)
    assert 'type="password"' in desk.client.get("/people/invite").get_data(as_text=True)
    for more, said in (({}, ASKED), ({"password": "wrong"}, "The password is not right.")):
        status, page = _post(desk, "/people/invite", **sent, **more)
        assert (status, said in page, 'value="new@police.example"' in page) == (422, True, True)
    assert _invited(academy) == []
    assert _post(desk, "/people/invite", **sent, **PASSWORD)[0] == 302
    assert [one.role for one in _invited(academy)] == [role]


def test_to_invite_others_takes_none(academy: Academy) -> None:
    _left(academy.here)
    assert 'type="password"' not in academy.here.client.get("/people/invite").get_data(as_text=True)
    assert _post(academy.here, "/people/invite", **_sent(academy, "supervisor"))[0] == 302
    (made,) = _invited(academy)
    assert _post(academy.here, f"/people/invitations/{made.id}/letter")[0] == 200
    staff = academy.desk(COORDINATOR, country="BG")
    sent = _sent(academy, "trainer") | {"mail": "other@police.example"}
    assert _post(staff, "/people/invite", **sent)[0] == 302


def test_the_letter_of_such_an_invitation_takes_the_password(academy: Academy) -> None:
    desk = academy.desk(COORDINATOR, country="BG")
    assert _post(desk, "/people/invite", **_sent(academy, "contact_point"), **PASSWORD)[0] == 302
    (made,) = _invited(academy)
    path = f"/people/invitations/{made.id}/letter"
    status, page = _post(desk, path)
    assert (status, FOLLOWS in page, ASKED in page, made.alias in page) == (422, True, False, True)
    assert _invited(academy)[0].code_hash is None
    status, page = _post(desk, path, **PASSWORD)
    assert (status, len(re.findall(r"<code>\d{4} \d{4}</code>", page))) == (200, 1)


def test_a_sheet_with_such_a_role_and_its_letters_take_the_password(academy: Academy) -> None:
    desk = academy.desk(COORDINATOR, country="BG")
    heads = ("Work e-mail", "Name as on certificates", "Country", "Agency", "Role at the academy")
    row = ["a@police.example", "Amina Test", "Iraq", sheets.AGENCY, "Contact point"]
    path = desk.checked(sheets.csv([row], heads=heads))
    status, page = _post(desk, f"{path}/import")
    assert (status, FOLLOWS in page, "Import one person" in page) == (422, True, True)
    assert _invited(academy) == []
    assert _post(desk, f"{path}/import", **PASSWORD)[0] == 302
    batch = desk.post(f"{path}/import").headers["Location"]
    status, page = _post(desk, f"{batch}/letters", again="yes")
    assert (status, FOLLOWS in page, '<input type="hidden" name="again" value="yes">' in page) == (422, True, True)
    assert [one.code_hash for one in _invited(academy)] == [None]
    assert "<code>" in _post(desk, f"{batch}/letters", **PASSWORD)[1]


def test_a_sheet_of_officers_takes_none(academy: Academy) -> None:
    path = academy.here.checked(sheets.csv([sheets.row(1)]))
    assert _post(academy.here, f"{path}/import")[0] == 302
    batch = academy.here.post(f"{path}/import").headers["Location"]
    assert "<code>" in _post(academy.here, f"{batch}/letters")[1]


def test_a_second_person_gives_the_password(academy: Academy) -> None:
    academy.here.post("/people/sheet/wishes")
    desk = academy.desk(COORDINATOR, country="BG")
    (path,) = re.findall(r'action="([^"]+/agree)"', desk.client.get("/people/sheet").get_data(as_text=True))
    status, page = _post(desk, path)
    assert (status, FOLLOWS in page) == (422, True)
    assert _agreed(academy) == 0
    assert _post(desk, path, **PASSWORD)[0] == 302
    assert _agreed(academy) == 1


def test_what_was_left_on_a_page_that_had_ended_takes_the_password_once_more(academy: Academy) -> None:
    """A stranger submits a page that was left open; its user comes back, signs in and submits it again."""
    with academy.app.app_context():
        person_id = factories.person(country="BG", roles=(), mail="staff@example.org", grants=(COORDINATOR,))
        with transaction():
            second_factor.make_codes(person_id, CodeKind.RECOVERY, clock.real_now())
            db.session.add(AuthenticatorApp(person_id=person_id, seed="A" * 32, made_at=NOW, confirmed_at=NOW))
        db.session.remove()
    app, client = academy.app, academy.app.test_client()
    _signed_in(app, client, person_id)
    with app.app_context(), transaction():
        db.session.execute(delete(SignInSession))
    late = sites.post(app, client, "/people/invite", _sent(academy, "contact_point")).get_data(as_text=True)
    kept = {name: unescape(value) for name, value in re.findall(r'name="(kept[^"]*)" value="([^"]*)"', late)}
    assert kept["kept-role"] == "contact_point"
    again = _signed_in(app, client, person_id, **kept)
    assert 'name="role" value="contact_point"' in again
    answer = sites.post(app, client, "/people/invite", _sent(academy, "contact_point"))
    assert (answer.status_code, ASKED in answer.get_data(as_text=True)) == (422, True)
    assert _invited(academy) == []


def _signed_in(app: Flask, client: FlaskClient, person_id: UUID, **kept: str) -> str:
    with app.app_context(), transaction():
        code = second_factor.make_codes(person_id, CodeKind.RECOVERY, clock.real_now())[0]
    first = {"name": "staff@example.org", "password": factories.PASSWORD, **kept}
    sites.post(app, client, "/sign-in", first)
    return sites.post(app, client, "/sign-in/second-step", {"code": code, **kept}).get_data(as_text=True)


def test_a_file_of_names_takes_the_password(academy: Academy) -> None:
    academy.person(name="Karim Hassan")
    path = "/people/sheet/officers.csv"
    asked = f"{path}?agency={academy.agency}"
    _left(academy.here)
    page = academy.here.client.get(asked).get_data(as_text=True)
    assert (FOLLOWS in page, ASKED in page) == (True, False)
    assert "Karim Hassan" not in academy.here.client.get(path).get_data(as_text=True)
    assert _post(academy.here, path, agency=str(academy.agency), password="wrong")[0] == 422
    token = factories.token(academy.app, academy.here.client)
    sent = {"csrf_token": token, "agency": str(academy.agency), **PASSWORD}
    assert academy.here.client.post(path, data=sent).headers["Location"] == asked
    assert "Karim Hassan" in academy.here.taken(path).decode()


def test_names_go_sooner_by_the_password_alone(academy: Academy) -> None:
    path = "/country/settings/names"
    assert _post(academy.here, path, months="36")[0] == 302  # keeps more
    status, page = _post(academy.here, path, months="0")
    assert (status, FOLLOWS in page, '<input type="hidden" name="months" value="0">' in page) == (422, True, True)
    assert _months(academy) == 36
    assert _post(academy.here, path, months="0", **PASSWORD)[0] == 302
    assert _months(academy) == 0


def _months(academy: Academy) -> int:
    with academy.app.app_context():
        return db.session.get_one(Country, "IQ").identity_months


def _agreed(academy: Academy) -> int:
    with academy.app.app_context():
        query = select(func.count()).select_from(ExportWish).where(ExportWish.allowed.is_(True))
        return db.session.scalar(query) or 0
