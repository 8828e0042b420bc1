"""Restore access: who may, what it needs, and what the person and others are told."""

import re
from dataclasses import dataclass
from datetime import timedelta
from threading import Barrier, Thread
from uuid import UUID

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from app.access.policy import Role, Scope
from app.audit.models import Entry
from app.db.session import db, transaction
from app.identity import service
from app.identity.domain.people import PersonState
from app.identity.models import Country, Identity
from app.identity.queries import people
from app.kernel import clock
from app.messages.domain import MailKind, NoticeKind
from app.messages.models import Notice, OutgoingMail
from app.recovery import queries as recovery_queries
from app.recovery.domain import ADDRESS_LIFE, REQUEST_LIFE, IdentityCheck
from app.recovery.models import AddressChange, SecondHelp
from app.recovery.service import address_change, restore_access
from app.recovery.service.restore_access import ResetRefusal
from app.rights.service import roles
from app.sign_in.domain import REAUTHENTICATION_LIFETIME, RESET_CODE_LIFETIME, CodeKind
from app.sign_in.models import AuthenticatorApp, OneTimeCode, SignInSession
from app.sign_in.queries import factors
from app.sign_in.service import second_factor
from app.sign_in.views import current_session as door
from tests.support import factories, sites
from tests.support.site_snapshots import kept
from tests.support.software_passkey import SoftKey

MAIL = "lost@example.org"
MET = {"how": "service_card", "confirmed": "y"}
GRANTS = {
    "contact point": ((Role.CONTACT_POINT, Scope.COUNTRY, "IQ"),),
    "foreign contact point": ((Role.CONTACT_POINT, Scope.COUNTRY, "BG"),),
    "coordinator": ((Role.COORDINATOR, Scope.ALL, ""),),
    "trainer": ((Role.TRAINER, Scope.ALL, ""),),
    "administrator": ((Role.ADMINISTRATOR, Scope.ALL, ""),),
    "second administrator": ((Role.ADMINISTRATOR, Scope.ALL, ""),),
    "third administrator": ((Role.ADMINISTRATOR, Scope.ALL, ""),),
}


@dataclass(frozen=True, slots=True)
class Scene:
    app: Flask
    people: dict[str, UUID]

    def client(self, name: str) -> FlaskClient:
        return factories.sign_in(self.app, self.people[name])

    def path(self, name: str, end: str = "") -> str:
        return f"/people/{self.people[name]}/access{end}"

    def post(self, client: FlaskClient, path: str, **fields: str) -> TestResponse:
        return sites.post(self.app, client, path, fields)


@pytest.fixture
@kept
def scene(app: Flask) -> Scene:
    with app.app_context(), transaction():
        people = {"officer": factories.person(mail=MAIL, country="IQ")}
        for name, grants in GRANTS.items():
            country = "BG" if "foreign" in name else "IQ"
            people[name] = factories.person(country=country, roles=(), grants=grants)
        db.session.flush()
        db.session.execute(update(Country).where(Country.code == "IQ").values(second_factor=True))
    return Scene(app, people)


def _long_ago(app: Flask) -> None:
    """Let the passwords of all sessions have been given a while ago."""
    with app.app_context(), transaction():
        db.session.execute(update(SignInSession).values(proved_at=clock.real_now() - REAUTHENTICATION_LIFETIME))


def _code(answer: TestResponse) -> str:
    assert answer.status_code == 200, answer.status
    (code,) = re.findall(r"<code>(\d{4} \d{4})</code>", answer.get_data(as_text=True))
    return str(code)


def _mails(app: Flask, to: UUID) -> list[MailKind]:
    with app.app_context():
        return list(db.session.scalars(select(OutgoingMail.kind).where(OutgoingMail.recipient_id == to)))


def _trail(app: Flask, name: str) -> list[tuple[UUID | None, str]]:
    with app.app_context():
        return [
            (one.actor_id, one.facts)
            for one in db.session.scalars(select(Entry).where(Entry.name == name).order_by(Entry.id))
        ]


def test_access_is_restored_from_lost_phone_to_new_factors(scene: Scene) -> None:
    app, officer = scene.app, scene.people["officer"]
    with app.app_context(), transaction():
        now = clock.real_now()
        db.session.add(AuthenticatorApp(person_id=officer, seed=pyotp.random_base32(), made_at=now, confirmed_at=now))
        recovery = second_factor.make_codes(officer, CodeKind.RECOVERY, now)
    helper = scene.client("contact point")
    assert helper.get(scene.path("officer")).status_code == 200
    made = scene.post(helper, scene.path("officer"), **MET)
    code = _code(made)
    assert code not in helper.get(scene.path("officer")).get_data(as_text=True)
    assert _mails(app, officer) == [MailKind.LET_BACK_IN]
    assert [who for who, _facts in _trail(app, "LetBackIn")] == [scene.people["contact point"]]
    assert '"how":"service_card"' in _trail(app, "LetBackIn")[0][1].replace(" ", "")

    client = app.test_client()
    sites.post(app, client, "/sign-in", {"name": MAIL, "password": factories.PASSWORD})
    answer = sites.post(app, client, "/sign-in/second-step", {"code": code})
    assert answer.headers["Location"] == "/sign-in/factors"
    with app.app_context():
        assert factors.factors(officer).app  # the old ones count until there are new ones
        db.session.remove()
    sites.post(app, client, "/sign-in/factors/app")
    with app.app_context():
        shown = factors.app_seed(officer, confirmed=False)
        db.session.remove()
    assert shown is not None
    sites.post(app, client, "/sign-in/factors/app/code", {"code": pyotp.TOTP(shown[1]).now()})
    assert client.get("/").status_code == 200
    other = app.test_client()
    sites.post(app, other, "/sign-in", {"name": MAIL, "password": factories.PASSWORD})
    for old in (recovery[0], code):
        assert sites.post(app, other, "/sign-in/second-step", {"code": old}).status_code == 422


HELPS = {
    "officer": {"contact point"},
    "contact point": {"coordinator"},
    "foreign contact point": {"coordinator"},
    "trainer": {"coordinator"},
    "coordinator": set[str](),  # there is but one
    "administrator": {"second administrator", "third administrator"},
}


def test_page_returns_404_for_other_helpers(scene: Scene) -> None:
    wrong = []
    for helper in scene.people:
        client = scene.client(helper)
        for name, helpers in HELPS.items():
            paths = {end: scene.path(name, end) for end in ("", "/sessions", "/closing")}
            answers = [client.get(paths[""]).status_code, client.get(paths["/closing"]).status_code]
            expected = [200, 404 if name == "administrator" else 200]
            if helper not in helpers:
                answers += [scene.post(client, path, **MET, sure="y").status_code for path in paths.values()]
                expected = [404] * 5
            if answers != expected:
                wrong.append((helper, name, answers))
    assert wrong == []
    assert scene.client("coordinator").get("/people/00000000-0000-4000-8000-000000000000/access").status_code == 404


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"how": "service_card"},
        {"confirmed": "y"},
        {"how": "console", "confirmed": "y"},
        {"how": "x", "confirmed": "y"},
    ],
    ids=str,
)
def test_code_needs_a_confirmed_meeting(scene: Scene, fields: dict[str, str]) -> None:
    client = scene.client("contact point")
    answer = scene.post(client, scene.path("officer"), **fields)
    assert (answer.status_code, 'id="mistakes"' in answer.get_data(as_text=True)) == (422, True)
    with scene.app.app_context():
        assert db.session.scalars(select(OneTimeCode)).all() == []


@pytest.mark.parametrize(("end", "fields"), [("", MET), ("/closing", {"sure": "y"})], ids=["let in", "close"])
def test_code_needs_the_password_of_the_helper(scene: Scene, end: str, fields: dict[str, str]) -> None:
    client, path = scene.client("contact point"), scene.path("officer", end)
    assert 'name="password"' not in client.get(path).get_data(as_text=True)
    _long_ago(scene.app)
    assert 'name="password"' in client.get(path).get_data(as_text=True)
    for password in ("", "wrong"):
        assert scene.post(client, path, **fields, password=password).status_code == 422
    with scene.app.app_context():
        assert db.session.scalars(select(OneTimeCode)).all() == []
        assert people.get(scene.people["officer"]).state is PersonState.ACTIVE
        db.session.remove()
    assert scene.post(client, path, **fields, password=factories.PASSWORD).status_code in {200, 302}
    for _n in range(6):
        _long_ago(scene.app)
        late = scene.post(client, scene.path("officer"), **MET, password="wrong")
    assert late.status_code == (429 if not end else 404)


def test_code_lasts_72_hours_and_is_replaced_by_a_new_one(scene: Scene) -> None:
    client, officer = scene.client("contact point"), scene.people["officer"]
    first, second = (_code(scene.post(client, scene.path("officer"), **MET)) for _n in range(2))
    assert first != second
    with scene.app.app_context():
        (code,) = db.session.scalars(select(OneTimeCode).where(OneTimeCode.person_id == officer))
        assert code.ends_at == code.made_at + RESET_CODE_LIFETIME == code.made_at + timedelta(hours=72)
    assert "A code is out" in client.get(scene.path("officer")).get_data(as_text=True)
    assert "A code is out" not in scene.client("coordinator").get(scene.path("trainer")).get_data(as_text=True)


def _elsewhere(client: FlaskClient, worker: Flask) -> FlaskClient:
    """Return the same cookie at another worker."""
    other = worker.test_client()
    with client.session_transaction() as mine, other.session_transaction() as theirs:
        theirs.update(mine)
    return other


@pytest.mark.parametrize("end", ["/sessions", "/closing"])
def test_sessions_end_at_once_on_both_workers(scene: Scene, other_worker: Flask, end: str) -> None:
    here = scene.client("officer")
    there = _elsewhere(scene.client("officer"), other_worker)
    assert [one.get("/settings").status_code for one in (here, there)] == [200, 200]
    assert scene.post(scene.client("contact point"), scene.path("officer", end), sure="y").status_code == 302
    assert [one.get("/settings").status_code for one in (here, there)] == [302, 302]
    signed_in = sites.post(
        scene.app, scene.app.test_client(), "/sign-in", {"name": MAIL, "password": factories.PASSWORD}
    )
    assert signed_in.status_code == (302 if end == "/sessions" else 422)


def test_closing_shows_consequences_and_works_once(scene: Scene) -> None:
    client, path = scene.client("contact point"), scene.path("officer", "/closing")
    assert "cannot be undone" in client.get(path).get_data(as_text=True)
    with scene.app.app_context():
        assert people.get(scene.people["officer"]).state is PersonState.ACTIVE
        db.session.remove()
    assert scene.post(client, path).status_code == 422  # not by a press alone
    assert scene.post(client, path, sure="y").headers["Location"] == "/people"
    assert _trail(scene.app, "PersonDeactivated") != []
    assert [scene.post(client, path, sure="y").status_code, client.get(scene.path("officer")).status_code] == [404, 404]


def test_administrator_needs_two_other_administrators(scene: Scene) -> None:
    app, lost = scene.app, scene.people["administrator"]
    first, second = scene.client("second administrator"), scene.client("third administrator")
    path = scene.path("administrator")
    assert "For an administrator two others are needed" in first.get(path).get_data(as_text=True)
    assert scene.post(first, path, **MET).status_code == 302
    assert "You have done your part" in first.get(path).get_data(as_text=True)
    assert scene.post(first, path, **MET).status_code == 302  # once more alone leads nowhere
    with app.app_context():
        assert db.session.scalars(select(OneTimeCode)).all() == []
        (told,) = db.session.scalars(select(Notice).where(Notice.kind == NoticeKind.SECOND_WANTED))
        assert (told.person_id, told.path) == (scene.people["third administrator"], path)
        db.session.remove()
    assert "You are the second" in second.get(path).get_data(as_text=True)
    _long_ago(app)
    assert scene.post(second, path, **MET, password="wrong").status_code == 422
    assert len(_code(scene.post(second, path, **MET, password=factories.PASSWORD))) == 9
    assert [who for who, _facts in _trail(app, "SecondHelperWanted")] == [scene.people["second administrator"]]
    assert [who for who, _facts in _trail(app, "LetBackIn")] == [scene.people["third administrator"]]
    assert _mails(app, lost) == [MailKind.LET_BACK_IN]
    with app.app_context():
        assert db.session.scalars(select(SecondHelp)).all() == []


def test_first_request_ends_after_72_hours_or_with_its_author(scene: Scene) -> None:
    lost, one, other = (scene.people[f"{n}administrator"] for n in ("", "second ", "third "))
    now = clock.real_now()

    def agree(by: UUID, after: timedelta = timedelta(0)) -> str | ResetRefusal:
        with transaction():
            return restore_access.approve_reset(lost, by, IdentityCheck.KNOWN, now + after)

    with scene.app.app_context():
        assert agree(one) is ResetRefusal.ASKED
        assert recovery_queries.open_request(lost, now + REQUEST_LIFE) is None
        for after, gone in ((REQUEST_LIFE - timedelta(seconds=1), 0), (REQUEST_LIFE, 1)):
            with transaction():
                assert restore_access.delete_expired(now + after) == gone
        assert agree(one) is ResetRefusal.ASKED
        assert agree(other, REQUEST_LIFE) is ResetRefusal.ASKED  # the first again
        assert agree(other, REQUEST_LIFE) is ResetRefusal.WAITS
        with transaction():
            fourth = factories.person(roles=(), grants=GRANTS["administrator"])
            service.deactivate(other, clock.today() - timedelta(days=1))
        assert agree(one, REQUEST_LIFE) is ResetRefusal.ASKED
        assert not isinstance(agree(fourth, REQUEST_LIFE), ResetRefusal)


def test_request_for_one_administrator_does_not_count_for_another(scene: Scene) -> None:
    lost, one, other = (scene.people[f"{n}administrator"] for n in ("", "second ", "third "))
    with scene.app.app_context():
        also_lost = factories.person(roles=(), grants=GRANTS["administrator"])
        found: list[str | ResetRefusal] = []
        for person_id, by in ((lost, one), (also_lost, other), (lost, other), (also_lost, one)):
            with transaction():
                found.append(restore_access.approve_reset(person_id, by, IdentityCheck.KNOWN, clock.real_now()))
    assert found[:2] == [ResetRefusal.ASKED, ResetRefusal.ASKED]
    assert not any(isinstance(each, ResetRefusal) for each in found[2:])


def test_fewer_than_three_administrators_need_the_console(scene: Scene) -> None:
    with scene.app.app_context(), transaction():
        service.deactivate(scene.people["third administrator"], clock.today() - timedelta(days=1))
    client, path = scene.client("second administrator"), scene.path("administrator")
    assert "flask people let-back-in" in client.get(path).get_data(as_text=True)
    assert scene.post(client, path, **MET).status_code == 302
    with scene.app.app_context():
        assert db.session.scalars(select(SecondHelp)).all() == []


@pytest.mark.each_database
def test_simultaneous_first_requests_create_one(scene: Scene) -> None:
    lost, together, found = scene.people["administrator"], Barrier(2), []

    def agree(by: UUID) -> None:
        with scene.app.app_context():
            together.wait()
            with transaction():
                found.append(
                    isinstance(restore_access.approve_reset(lost, by, IdentityCheck.KNOWN, clock.real_now()), str)
                )
            db.session.remove()

    threads = [Thread(target=agree, args=(scene.people[f"{n} administrator"],)) for n in ("second", "third")]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(found) == 2
    with scene.app.app_context():
        codes = db.session.scalars(select(OneTimeCode).where(OneTimeCode.person_id == lost)).all()
        assert (len(codes), db.session.scalars(select(SecondHelp)).all()) == (1, [])


def test_get_changes_nothing_and_reveals_no_name(scene: Scene) -> None:
    with scene.app.app_context():
        before = db.session.scalars(select(Entry.id)).all()
        name = people.own_name(scene.people["officer"])
        db.session.remove()
    client = scene.client("contact point")
    pages = [client.get(scene.path("officer", end)).get_data(as_text=True) for end in ("", "/closing")]
    assert not any(name in page or MAIL in page for page in pages)
    with scene.app.app_context():
        assert db.session.scalars(select(Entry.id)).all() == before


def _in_by_code(scene: Scene, code: str) -> FlaskClient:
    client = scene.app.test_client()
    sites.post(scene.app, client, "/sign-in", {"name": MAIL, "password": factories.PASSWORD})
    answer = sites.post(scene.app, client, "/sign-in/second-step", {"code": code})
    assert answer.headers["Location"] == "/sign-in/factors"
    return client


def test_refused_passkey_leaves_the_old_factors(scene: Scene) -> None:
    app, officer = scene.app, scene.people["officer"]
    with app.app_context(), transaction():
        now = clock.real_now()
        db.session.add(AuthenticatorApp(person_id=officer, seed=pyotp.random_base32(), made_at=now, confirmed_at=now))
    code = _code(scene.post(scene.client("contact point"), scene.path("officer"), **MET))
    client = _in_by_code(scene, code)
    assert sites.post(app, client, "/sign-in/factors/passkey", {"credential": "{}"}).status_code == 302
    with app.app_context():
        assert factors.factors(officer).app
        db.session.remove()
    thief = app.test_client()  # has the password alone
    sites.post(app, thief, "/sign-in", {"name": MAIL, "password": factories.PASSWORD})
    assert thief.get("/sign-in/factors").headers["Location"] == "/sign-in/second-step"


@pytest.mark.parametrize("by", ["passkey", "list"])
def test_factor_set_up_after_a_code_replaces_all_others(scene: Scene, by: str) -> None:
    """The lost phone, its codes and what is open on it open nothing any more."""
    app, officer = scene.app, scene.people["officer"]
    with app.app_context(), transaction():
        now = clock.real_now()
        db.session.add(AuthenticatorApp(person_id=officer, seed=pyotp.random_base32(), made_at=now, confirmed_at=now))
        recovery = second_factor.make_codes(officer, CodeKind.RECOVERY, now)
        db.session.execute(update(Country).values(printed_codes=True))
        site = door.relying_party()
    phone = factories.sign_in(app, officer)
    client = _in_by_code(scene, _code(scene.post(scene.client("contact point"), scene.path("officer"), **MET)))
    if by == "passkey":
        asked = sites.post(app, client, "/sign-in/factors/passkey-options").text
        made = SoftKey(site.host, site.origin).made(asked)
        sites.post(app, client, "/sign-in/factors/passkey", {"credential": made})
    else:
        sites.post(app, client, "/sign-in/factors/printed")
    assert [one.get("/settings").status_code for one in (client, phone)] == [200, 302]  # now the list was seen
    with app.app_context():
        has = factors.factors(officer)
        assert (has.app, len(has.passkeys), has.printed) == ((False, 1, 0) if by == "passkey" else (False, 0, 30))
        db.session.remove()
    thief = app.test_client()
    sites.post(app, thief, "/sign-in", {"name": MAIL, "password": factories.PASSWORD})
    assert sites.post(app, thief, "/sign-in/second-step", {"code": recovery[0]}).status_code == 422


@pytest.mark.parametrize("spent", [False, True], ids=["over", "spent"])
def test_password_alone_sets_up_no_factor_after_an_unused_code(scene: Scene, spent: bool) -> None:
    """A reader of the mail gets a link while a code is valid; after the code has expired it must open nothing."""
    app = scene.app
    code = _code(scene.post(scene.client("contact point"), scene.path("officer"), **MET))
    if spent:
        _in_by_code(scene, code)
    with app.app_context(), transaction():
        db.session.execute(update(OneTimeCode).values(ends_at=clock.real_now() - timedelta(seconds=1)))
    thief = app.test_client()
    sites.post(app, thief, "/sign-in", {"name": MAIL, "password": factories.PASSWORD})
    assert thief.get("/sign-in/factors").headers["Location"] == "/sign-in/second-step"
    again = _code(scene.post(scene.client("contact point"), scene.path("officer"), **MET))
    assert _in_by_code(scene, again).get("/sign-in/factors").status_code == 200


def test_password_alone_sets_up_no_factor_while_a_code_is_valid(scene: Scene) -> None:
    app = scene.app
    with app.app_context(), transaction():
        db.session.execute(update(Country).values(second_factor=False))
    code = _code(scene.post(scene.client("contact point"), scene.path("officer"), **MET))
    with app.app_context(), transaction():
        db.session.execute(update(Country).values(second_factor=True))
    thief = app.test_client()
    sites.post(app, thief, "/sign-in", {"name": MAIL, "password": factories.PASSWORD})
    assert thief.get("/sign-in/factors").headers["Location"] == "/sign-in/second-step"
    assert _in_by_code(scene, code).get("/sign-in/factors").status_code == 200


def test_helper_of_staff_sees_no_country(scene: Scene) -> None:
    with scene.app.app_context(), transaction():
        people.get(scene.people["trainer"]).protected = True
        people.get(scene.people["administrator"]).protected = True
    for helper, name in (("coordinator", "trainer"), ("second administrator", "administrator")):
        client = scene.client(helper)
        for end in ("", "/closing") if name == "trainer" else ("",):
            assert "Iraq" not in client.get(scene.path(name, end)).get_data(as_text=True)
    assert "Iraq" in scene.client("contact point").get(scene.path("officer")).get_data(as_text=True)


def test_code_ends_when_a_role_needs_another_helper(scene: Scene) -> None:
    """What a contact point handed over must not open a coordinator's account."""
    code = _code(scene.post(scene.client("contact point"), scene.path("officer"), **MET))
    with scene.app.app_context(), transaction():
        roles.add_role(scene.people["officer"], Role.COORDINATOR, scope=Scope.ALL, since=clock.today())
    client = scene.app.test_client()
    sites.post(scene.app, client, "/sign-in", {"name": MAIL, "password": factories.PASSWORD})
    assert sites.post(scene.app, client, "/sign-in/second-step", {"code": code}).status_code == 422


def test_role_that_begins_tomorrow_decides_the_helper(scene: Scene) -> None:
    """A code lasts 72 hours."""
    soon = clock.today() + timedelta(days=1)
    with scene.app.app_context(), transaction():
        roles.add_role(scene.people["officer"], Role.ADMINISTRATOR, scope=Scope.ALL, since=soon)
    assert scene.client("contact point").get(scene.path("officer")).status_code == 404
    page = scene.client("second administrator").get(scene.path("officer"))
    assert "For an administrator two others are needed" in page.get_data(as_text=True)


NEW = "elsewhere@example.net"


def _wanted(scene: Scene, who: str = "officer", *, mail: str = NEW) -> str:
    """Request another address for a person; return the token of the link to the new mailbox."""
    with scene.app.app_context():
        with transaction():
            assert address_change.ask(scene.people[who], mail, address="a", real_now=clock.real_now()) is None
        mine = AddressChange.person_id == scene.people[who]
        token = db.session.scalars(select(AddressChange.new_token).where(mine)).one()
        db.session.remove()
    return str(token)


def _mail_of(scene: Scene) -> str:
    with scene.app.app_context():
        return db.session.get_one(Identity, scene.people["officer"]).mail


@pytest.mark.parametrize("first", ["helper", "mailbox"])
def test_a_helper_confirms_in_place_of_a_lost_mailbox(scene: Scene, first: str) -> None:
    client, path = scene.client("contact point"), scene.path("officer", "/address")
    assert path not in client.get(scene.path("officer")).text
    assert "No change waits for the old mailbox" in client.get(path).text
    token = _wanted(scene)
    assert path in client.get(scene.path("officer")).text
    assert NEW not in client.get(path).text
    visit = scene.app.test_client()
    steps = {
        "helper": lambda: scene.post(client, path, **MET),
        "mailbox": lambda: sites.post(scene.app, visit, f"/sign-in/address/{token}", {}),
    }
    steps.pop(first)()
    assert _mail_of(scene) == MAIL
    (last,) = steps.values()
    assert last().status_code == 302
    assert _mail_of(scene) == NEW
    told = [facts for who, facts in _trail(scene.app, "AddressConfirmed") if who == scene.people["contact point"]]
    assert len(told) == 1
    assert '"how":"service_card"' in told[0]
    assert MailKind.ADDRESS_CHANGED in _mails(scene.app, scene.people["officer"])  # the old mailbox hears
    assert path not in client.get(scene.path("officer")).text


def test_confirmation_in_place_of_a_mailbox_needs_meeting_and_password(scene: Scene) -> None:
    client, path = scene.client("contact point"), scene.path("officer", "/address")
    answer = scene.post(client, path, **MET)
    assert "There is no open change of address" in client.get(answer.headers["Location"]).text
    _wanted(scene)
    for missing in ({"how": "service_card"}, {"confirmed": "y"}, {}):
        assert scene.post(client, path, **missing).status_code == 422
    _long_ago(scene.app)
    assert scene.post(client, path, **MET).status_code == 422
    assert _trail(scene.app, "AddressConfirmed") == []
    assert scene.post(client, path, **MET, password=factories.PASSWORD).status_code == 302
    assert len(_trail(scene.app, "AddressConfirmed")) == 1


def test_expired_change_is_not_confirmed(scene: Scene) -> None:
    _wanted(scene)
    over = clock.real_now() + ADDRESS_LIFE
    with scene.app.app_context(), transaction():
        assert address_change.confirm_in_place(scene.people["officer"], IdentityCheck.SERVICE_CARD, over) is None


@pytest.mark.parametrize("who", ["foreign contact point", "coordinator", "administrator", "trainer"])
def test_other_helpers_cannot_confirm_in_place_of_a_mailbox(scene: Scene, who: str) -> None:
    _wanted(scene)
    client, path = scene.client(who), scene.path("officer", "/address")
    refused = {client.get(path).status_code, scene.post(client, path, **MET).status_code}
    assert refused <= {403, 404}
    assert _trail(scene.app, "AddressConfirmed") == []


def test_one_helper_cannot_confirm_for_an_administrator(scene: Scene) -> None:
    _wanted(scene, "administrator")
    client, path = scene.client("second administrator"), scene.path("administrator", "/address")
    assert path not in client.get(scene.path("administrator")).text
    assert {client.get(path).status_code, scene.post(client, path, **MET).status_code} == {404}


def test_address_taken_meanwhile_is_not_changed(scene: Scene) -> None:
    token = _wanted(scene)
    sites.post(scene.app, scene.app.test_client(), f"/sign-in/address/{token}", {})
    with scene.app.app_context():
        factories.person(mail=NEW)
        db.session.remove()
    client, path = scene.client("contact point"), scene.path("officer", "/address")
    answer = scene.post(client, path, **MET)
    assert "another account has this address" in client.get(answer.headers["Location"]).text
    assert _mail_of(scene) == MAIL
