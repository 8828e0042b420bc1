import re
from html import unescape
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse
from wtforms import PasswordField

from app.db.session import db, transaction
from app.identity import service
from app.identity.domain.people import PersonState
from app.identity.models import Identity, Person
from app.identity.service import NewPerson
from app.kernel import clock
from app.sign_in.forms.sign_in import PATHS_WITH_PUBLIC_CODES, SECRET_FIELDS
from app.sign_in.models import SignInSession
from app.sign_in.service import sessions
from app.web.forms import Form
from app.web.layout import is_within
from tests.support import factories, routes, sites
from tests.support.site_snapshots import kept

MAIL, NUMBER = "one@example.org", "BP 0017"


@pytest.fixture
@kept
def one(app: Flask) -> UUID:
    """A person with a mail address and a service number."""
    with app.app_context(), transaction():
        new = NewPerson(
            alias="Investigator 17",
            name="Test Person",
            mail=MAIL,
            service_number=NUMBER,
            password_hash=factories.PASSWORD_HASH,
            country="IQ",
            agency_id=factories.agency("IQ"),
            roles=("first_responder",),
            language="fr",
            time_zone="UTC",
        )
        return service.add_person(new, clock.now())


def _sign_in(app: Flask, client: FlaskClient, name: str = MAIL, **more: str) -> TestResponse:
    fields = {"name": name, "password": factories.PASSWORD, **more}
    return sites.post(app, client, "/sign-in", fields)


def _secret(client: FlaskClient) -> str | None:
    with client.session_transaction() as session:
        return session.get("sid")


def _was_in(app: Flask, client: FlaskClient, name: str = MAIL, **more: str) -> None:
    """Sign a person in and let the session expire."""
    _sign_in(app, client, name, **more)
    with app.app_context(), transaction():
        db.session.execute(update(SignInSession).values(ends_at=clock.real_now()))


def _is_in(client: FlaskClient) -> bool:
    return client.get("/settings").status_code == 200


def _text(answer: TestResponse) -> str:
    """Return the page without what is new on each: the masked token and the number of the assets."""
    return re.sub(r'(name="csrf_token" value|name="csrf" content)="[^"]*"', "", answer.get_data(as_text=True))


@pytest.mark.parametrize("name", [MAIL, " ONE@Example.org ", NUMBER, "bp 0017"])
def test_one_signs_in_by_mail_or_service_number(app: Flask, one: UUID, client: FlaskClient, name: str) -> None:
    assert not _is_in(client)
    answer = _sign_in(app, client, name)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    page = client.get("/settings")
    assert "Investigator 17" in page.get_data(as_text=True)
    assert '<html lang="fr"' in page.get_data(as_text=True)


def test_a_wrong_password_says_the_same_for_known_and_unknown_names(app: Flask, one: UUID, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        gone = factories.person(mail="gone@example.org")
        db.session.get_one(Person, gone).state = PersonState.DEACTIVATED
    known = _sign_in(app, client, MAIL, password="wrong")
    unknown = _sign_in(app, client, "xxx@example.org", password="wrong")
    closed = _sign_in(app, client, "gone@example.org")
    assert {answer.status_code for answer in (known, unknown, closed)} == {422}
    texts = [
        _text(answer).replace(name, "NAME")
        for answer, name in ((known, MAIL), (unknown, "xxx@example.org"), (closed, "gone@example.org"))
    ]
    assert len(set(texts)) == 1
    assert set(known.headers.keys()) == set(unknown.headers.keys())
    assert factories.PASSWORD not in texts[0]
    assert 'value="wrong"' not in texts[0]
    assert _secret(client) is None


@pytest.mark.parametrize(
    "fields", [{}, {"name": MAIL}, {"password": "x"}, {"name": "a" * 201}, {"password": "a" * 129}]
)
def test_a_form_that_is_not_whole_is_shown_again(
    app: Flask, one: UUID, client: FlaskClient, fields: dict[str, str]
) -> None:
    answer = sites.post(app, client, "/sign-in", {"name": MAIL, "password": "", **fields} if fields else {})
    assert answer.status_code == 422


@pytest.mark.parametrize("name", [MAIL, "unknown@example.org"])
def test_too_many_guesses_have_to_wait(app: Flask, one: UUID, client: FlaskClient, name: str) -> None:
    with app.app_context():
        for _ in range(5):
            with transaction():
                sessions.sign_in(None, name=name, address="127.0.0.1", shared=False, real_now=clock.real_now())
    answer = _sign_in(app, client, name)
    assert answer.status_code == 429
    assert 50 <= int(answer.headers["Retry-After"]) <= 61
    assert answer.headers["Retry-After"] in answer.get_data(as_text=True)
    assert _secret(client) is None


def test_signing_in_makes_a_new_secret_and_a_new_token(app: Flask, one: UUID, client: FlaskClient) -> None:
    client.get("/sign-in")
    before = factories.token(app, client)
    _sign_in(app, client)
    first = _secret(client)
    assert first is not None
    assert client.post("/sign-out", data={"csrf_token": before}).status_code == 400
    sites.post(app, client, "/sign-out")
    _sign_in(app, client)
    assert _secret(client) != first


def test_a_planted_secret_opens_nothing(app: Flask, one: UUID, client: FlaskClient) -> None:
    with client.session_transaction() as session:
        session["sid"] = "planted"
    _sign_in(app, client)
    assert _secret(client) not in {None, "planted"}
    attacker = app.test_client()
    with attacker.session_transaction() as session:
        session["sid"] = "planted"
    assert not _is_in(attacker)


@pytest.mark.parametrize("secret", ["", "x", 5, None, ["a"], {"a": 1}])
def test_unknown_session_secret_is_not_signed_in(app: Flask, one: UUID, client: FlaskClient, secret: object) -> None:
    with client.session_transaction() as session:
        session["sid"] = secret
    assert client.get("/settings").status_code == 302


def test_signing_out_ends_the_session_on_the_server(app: Flask, one: UUID, client: FlaskClient) -> None:
    _sign_in(app, client)
    secret = _secret(client)
    answer = sites.post(app, client, "/sign-out")
    assert (answer.status_code, answer.headers["Clear-Site-Data"]) == (302, '"cache"')
    assert _secret(client) is None
    with client.session_transaction() as session:
        session["sid"] = secret
    assert not _is_in(client)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(SignInSession)) == 0


def test_another_worker_knows_at_once(app: Flask, one: UUID, client: FlaskClient, other_worker: Flask) -> None:
    _sign_in(app, client)
    elsewhere = other_worker.test_client()
    with elsewhere.session_transaction() as session:
        session["sid"] = _secret(client)
    assert _is_in(elsewhere)
    sites.post(app, client, "/sign-out")
    assert not _is_in(elsewhere)


@pytest.mark.parametrize(("shared", "stays"), [({}, True), ({"shared": "y"}, False)])
def test_on_a_shared_computer_nothing_stays(
    app: Flask, one: UUID, client: FlaskClient, shared: dict[str, str], *, stays: bool
) -> None:
    cookie = _sign_in(app, client, **shared).headers["Set-Cookie"]
    assert ("Expires" in cookie) == stays
    assert ("Max-Age" in cookie) is False
    assert all(word in cookie for word in ("HttpOnly", "SameSite=Lax", "Path=/"))
    page = client.get("/settings")
    assert ('data-shared="yes"' in page.get_data(as_text=True)) != stays
    answer = sites.post(app, client, "/sign-out")
    assert ("storage" in answer.headers["Clear-Site-Data"]) != stays


@pytest.mark.parametrize(
    ("onward", "to"),
    [("/record", "/record"), ("/search?q=a", "/search?q=a"), ("//evil.example", "/"), ("https://evil.example", "/"),
     ("/\\evil.example", "/"), ("javascript:x", "/"), ("", "/")],
)  # fmt: skip
def test_one_is_sent_on_to_own_paths_alone(app: Flask, one: UUID, client: FlaskClient, onward: str, to: str) -> None:
    page = client.get("/sign-in", query_string={"next": onward})
    assert page.status_code == 200
    assert _sign_in(app, client, next=onward).headers["Location"] == to
    assert client.get("/sign-in", query_string={"next": onward}).headers["Location"] == to


def test_a_page_that_needs_a_sign_in_is_come_back_to(app: Flask, one: UUID, client: FlaskClient) -> None:
    sent = client.get("/search?q=ship").headers["Location"]
    assert sent == "/sign-in?next=/search?q%3Dship"
    assert 'name="next" value="/search?q=ship"' in unescape(client.get(sent).get_data(as_text=True))


def test_form_sent_after_the_session_is_saved_and_sent_again(app: Flask, one: UUID, client: FlaskClient) -> None:
    _was_in(app, client)
    late = sites.post(app, client, "/settings", {**_settings(), "more_contrast": "y"})
    assert late.status_code == 401
    kept = _hidden(late)
    assert kept["kept_to"] == "/settings"
    assert kept["kept-more_contrast"] == "y"
    assert "password" not in kept
    fields = {name: value for name, value in kept.items() if name != "csrf_token"}
    again = _sign_in(app, client, **fields)
    assert again.status_code == 200
    page = again.get_data(as_text=True)
    assert '<form class="sheet flow" method="post" action="/settings"' in page
    sent = client.post("/settings", data=_hidden(again))
    assert sent.status_code == 302
    with app.app_context():
        assert db.session.get_one(Person, one).more_contrast


@pytest.mark.parametrize("before", ["another", "none", "shared"])
def test_saved_form_of_another_person_is_not_sent(app: Flask, one: UUID, client: FlaskClient, before: str) -> None:
    """A form filled before the sign-in of another person is not sent in their name."""
    with app.app_context():
        factories.person(mail="first@example.org")
        db.session.remove()
    if before == "another":
        _was_in(app, client, "first@example.org")
    if before == "shared":
        _was_in(app, client, shared="y")
    late = sites.post(app, client, "/settings", {**_settings(), "more_contrast": "y"})
    assert (late.status_code, "kept_to" in _hidden(late)) == (401, before == "another")
    again = _sign_in(app, client, **{"kept_to": "/settings", "kept-more_contrast": "y"} | _hidden(late))
    assert (again.status_code, again.headers["Location"]) == (302, "/")


def test_saved_form_contains_no_password_or_code(app: Flask, one: UUID, client: FlaskClient) -> None:
    _was_in(app, client)
    secrets = {"password": "planted-1", "new": "planted-2", "credential": "planted-3", "code": "planted-4"}
    kept = 0
    for rule in app.url_map.iter_rules():
        if "POST" not in (rule.methods or ()):
            continue
        names = is_within(rule.rule, PATHS_WITH_PUBLIC_CODES)  # the code is the name of a figure or an event
        fields = {**secrets, "code": "WS-2027-02"} if names else secrets
        answer = sites.post(app, client, routes.address(app, rule), {**fields, "other": "stays"})
        assert "planted" not in answer.text, rule.endpoint
        if 'name="kept-other" value="stays"' in answer.text:
            kept += 1
            assert ('name="kept-code" value="WS-2027-02"' in answer.text) == names, rule.endpoint
    assert kept > 20


def test_each_field_for_a_password_has_a_name_that_is_left_out() -> None:
    def below(kind: type) -> list[type]:
        return [each for one in kind.__subclasses__() for each in (one, *below(one))]

    fields = [(form, name) for form in below(Form) for name, field in vars(form).items() if _is_password(field)]
    assert len(fields) > 5
    assert [one for one in fields if one[1] not in SECRET_FIELDS] == []


def _is_password(field: object) -> bool:
    kind = getattr(field, "field_class", None)
    return isinstance(kind, type) and issubclass(kind, PasswordField)


def test_saved_form_contains_every_ticked_box(app: Flask, one: UUID, client: FlaskClient) -> None:
    ticks = [("kept_to", "/attempts/x"), ("kept-choices", "0"), ("kept-choices", "2")]
    _was_in(app, client)
    late = client.post(
        "/notices/read", data={"csrf_token": factories.token(app, client), "choices": ["0", "2"]}
    ).get_data(as_text=True)
    assert re.findall('name="kept-choices" value="([^"]*)"', late) == ["0", "2"]
    sent = MultiDict([*ticks, ("csrf_token", factories.token(app, client)), ("name", "x"), ("password", "wrong")])
    wrong = client.post("/sign-in", data=sent).get_data(as_text=True)
    assert re.findall('name="kept-choices" value="([^"]*)"', wrong) == ["0", "2"]


def test_saved_form_is_sent_to_own_paths_only(app: Flask, one: UUID, client: FlaskClient) -> None:
    answer = _sign_in(app, client, **factories.kept(one, "//evil.example/x"))
    assert answer.status_code == 200
    assert "evil.example" not in answer.get_data(as_text=True)


def test_saved_form_survives_a_wrong_password(app: Flask, one: UUID, client: FlaskClient) -> None:
    kept = factories.kept(one, "/settings", language="ar")
    answer = _sign_in(app, client, password="wrong", **kept)
    assert kept.items() <= _hidden(answer).items()


def test_script_after_the_session_gets_status_401(app: Flask, client: FlaskClient) -> None:
    answer = sites.post_json(app, client, "/settings", {})
    assert (answer.status_code, answer.json) == (401, {"error": "signed-out"})


def test_settings_are_saved_and_used(app: Flask, one: UUID, client: FlaskClient) -> None:
    _sign_in(app, client)
    changed = _settings(language="ar", content_language="fr", appearance="dark", more_contrast="y", data_saver="y")
    answer = sites.post(app, client, "/settings", changed)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/settings")
    page = client.get("/settings").get_data(as_text=True)
    assert '<html lang="ar" dir="rtl" data-theme="dark" data-contrast="more"' in page
    with app.app_context():
        person = db.session.get_one(Person, one)
        assert (person.language, person.content_language, person.more_contrast, person.data_saver) == (
            "ar",
            "fr",
            True,
            True,
        )
    sites.post(app, client, "/settings", _settings(content_language=""))
    with app.app_context():
        assert db.session.get_one(Person, one).content_language is None


@pytest.mark.parametrize(
    "odd", [{"language": "xx"}, {"appearance": "pink"}, {"mail_rhythm": "daily"}, {"language": ""}]
)
def test_what_is_not_offered_is_not_saved(app: Flask, one: UUID, client: FlaskClient, odd: dict[str, str]) -> None:
    _sign_in(app, client)
    assert sites.post(app, client, "/settings", _settings(**odd)).status_code == 422
    with app.app_context():
        assert db.session.get_one(Person, one).language == "fr"


def test_fields_that_no_form_has_are_not_written(app: Flask, one: UUID, client: FlaskClient) -> None:
    _sign_in(app, client)
    sites.post(app, client, "/settings", _settings(alias="Boss", state="deactivated", role="administrator", id="1"))
    with app.app_context():
        person = db.session.get_one(Person, one)
        assert (person.alias, person.state) == ("Investigator 17", PersonState.ACTIVE)


@pytest.mark.parametrize("language", ["ar", "en", "fr"])
def test_a_visitor_switches_the_language(app: Flask, client: FlaskClient, language: str) -> None:
    answer = sites.post(app, client, "/sign-in/language", {"to": language, "next": "/about"})
    assert answer.headers["Location"] == "/about"
    assert f'<html lang="{language}"' in client.get("/about").get_data(as_text=True)


def test_signed_in_person_changes_the_language_permanently(app: Flask, one: UUID, client: FlaskClient) -> None:
    _sign_in(app, client)
    sites.post(app, client, "/sign-in/language", {"to": "ar", "next": "//evil.example"})
    elsewhere = app.test_client()
    _sign_in(app, elsewhere)
    for visit in (client, elsewhere):
        assert '<html lang="ar"' in visit.get("/settings").get_data(as_text=True)


@pytest.mark.parametrize("language", ["xx", "", "de", "<script>", "a" * 50])
def test_a_language_that_the_pages_do_not_speak_is_refused(app: Flask, client: FlaskClient, language: str) -> None:
    assert sites.post(app, client, "/sign-in/language", {"to": language}).status_code == 422


def test_deactivated_person_is_signed_out_at_once(
    app: Flask, one: UUID, client: FlaskClient, other_worker: Flask
) -> None:
    _sign_in(app, client)
    assert _is_in(client)
    with other_worker.app_context(), transaction():
        db.session.get_one(Person, one).state = PersonState.DEACTIVATED
    assert not _is_in(client)
    assert _sign_in(app, client).status_code == 422


def test_no_page_shows_a_name_or_an_address(app: Flask, one: UUID, client: FlaskClient) -> None:
    _sign_in(app, client)
    with app.app_context():
        identity = db.session.get_one(Identity, one)
        private = (identity.name, identity.mail, NUMBER)
    for path in ("/", "/settings", "/record", "/notices"):
        page = client.get(path).get_data(as_text=True)
        assert [word for word in private if word in page] == []


def _settings(**changes: str) -> dict[str, str]:
    return {"language": "fr", "content_language": "", "appearance": "device", "mail_rhythm": "weekly"} | changes


def _hidden(answer: TestResponse) -> dict[str, str]:
    page = answer.get_data(as_text=True)
    main = page[page.index("<main") :]
    return {
        unescape(name): unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', main)
    }


def test_guesses_of_strangers_do_not_lock_a_known_browser(app: Flask, one: UUID) -> None:
    known, stranger = app.test_client(), app.test_client()
    assert _sign_in(app, known).status_code == 302
    sites.post(app, known, "/sign-out")
    guesses = [_sign_in(app, stranger, password="wrong").status_code for _ in range(6)]
    assert guesses == [422] * 5 + [429]
    assert _sign_in(app, stranger).status_code == 429
    assert _sign_in(app, known).status_code == 302
    sites.post(app, known, "/sign-out")
    # it has a count of its own
    assert [_sign_in(app, known, password="wrong").status_code for _ in range(6)] == [422] * 5 + [429]
    assert _sign_in(app, known).status_code == 429


def test_a_browser_known_to_one_is_a_strange_one_to_others(app: Flask, one: UUID) -> None:
    client = app.test_client()
    with app.app_context():
        factories.person(mail="other@example.org")
    assert _sign_in(app, client).status_code == 302
    sites.post(app, client, "/sign-out")
    guesses = [_sign_in(app, client, "other@example.org", password="wrong").status_code for _ in range(6)]
    assert guesses == [422] * 5 + [429]
    assert _sign_in(app, app.test_client(), "other@example.org").status_code == 429
