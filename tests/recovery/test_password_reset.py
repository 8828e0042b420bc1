"""A forgotten password: the link by mail, what it opens, and what it never does."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from threading import Barrier, Thread
from uuid import UUID

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text, update
from werkzeug.test import TestResponse

from app.db.session import db, transaction
from app.directory import jobs
from app.identity import service
from app.identity.models import Country
from app.identity.queries import people
from app.kernel import clock
from app.messages import jobs as outbox, queries as mails
from app.messages.domain import MailKind
from app.messages.models import OutgoingMail
from app.messages.service import letters
from app.recovery import queries as recovery_queries
from app.recovery.domain import LINK_LIFE, LONGEST, IdentityCheck
from app.recovery.models import AskedForLink, PasswordLink
from app.recovery.service import password_reset, restore_access
from app.sign_in.domain import CODE_SECONDS, CodeKind
from app.sign_in.models import AuthenticatorApp, SignInSession
from app.sign_in.service import passwords, second_factor, sessions
from app.sign_in.service.sessions import RateLimited
from tests.support import factories, sites
from tests.support.site_snapshots import kept
from tests.support.sql_statements import counted

MAIL, NEW = "one@example.org", "five plain words in a row"


@pytest.fixture
@kept
def one(app: Flask) -> UUID:
    with app.app_context():
        return factories.person(mail=MAIL, language="ar")


def _ask(app: Flask, client: FlaskClient, name: str = MAIL) -> TestResponse:
    return sites.post(app, client, "/sign-in/help", {"name": name})


def _answer(app: Flask) -> None:
    with app.app_context():
        jobs.answer_asked()
        db.session.remove()


def _token(app: Flask) -> str:
    with app.app_context():
        found = db.session.scalars(select(PasswordLink.token).order_by(PasswordLink.ends_at.desc())).first()
        return found or ""


def _linked(app: Flask) -> str:
    """Ask for a link; return its secret part."""
    assert _ask(app, app.test_client()).status_code == 302
    _answer(app)
    return _token(app)


def _use(app: Flask, token: str, new: str = NEW, client: FlaskClient | None = None) -> TestResponse:
    return sites.post(app, client or app.test_client(), f"/sign-in/help/{token}", {"new": new})


def _mails(app: Flask) -> list[tuple[MailKind, UUID | None]]:
    with app.app_context():
        return [
            (one.kind, one.recipient_id) for one in db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))
        ]


def _plain(answer: TestResponse) -> bytes:
    """Return an answer's bytes without what differs from one request to the next."""
    return re.sub(rb'(name="csrf_token" value|name="csrf" content)="[^"]*"', b"", answer.get_data())


def _count(app: Flask, table: type[AskedForLink | PasswordLink | SignInSession]) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_password_is_reset_by_mail_from_end_to_end(app: Flask, one: UUID) -> None:
    client = app.test_client()
    assert 'href="/sign-in/help"' in client.get("/sign-in").get_data(as_text=True)
    assert client.get("/sign-in/help").status_code == 200
    answer = _ask(app, client)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in/help?sent=1")
    assert "30 minutes" in client.get("/sign-in/help?sent=1").get_data(as_text=True)
    assert _mails(app) == []  # whose name it is was not even looked for
    _answer(app)
    assert _mails(app) == [(MailKind.PASSWORD_LINK, one)]
    token = _token(app)
    shown = client.get(f"/sign-in/help/{token}")
    assert (shown.status_code, 'dir="rtl"' in shown.get_data(as_text=True)) == (200, True)  # as the mail reads
    done = _use(app, token, client=client)
    assert (done.status_code, done.headers["Location"]) == (302, "/sign-in")
    assert client.get("/settings").status_code == 302  # a link opens no session
    fields = {"name": MAIL, "password": NEW}
    assert sites.post(app, client, "/sign-in", fields).headers["Location"] == "/"
    assert [kind for kind, _to in _mails(app)][1] is MailKind.ACCOUNT_CHANGED


def test_mail_contains_the_link_but_outbox_does_not(app: Flask, one: UUID) -> None:
    token = _linked(app)
    with app.app_context():
        (row,) = db.session.execute(select(OutgoingMail.id, OutgoingMail.facts))
        assert token not in row.facts
        to = outbox._address(mails.mail(row.id))
        assert to == outbox.Address(MAIL, "ar", f"/sign-in/help/{token}")
        raw = " ".join(str(value) for value in db.session.execute(text("SELECT * FROM password_link")).one())
        assert token not in raw
        with transaction():
            db.session.execute(update(PasswordLink).values(ends_at=clock.real_now()))
        db.session.remove()
        assert outbox._address(mails.mail(row.id)) is None  # late mails bring no dead link


def test_sent_mail_is_complete(app: Flask, one: UUID) -> None:
    token, sent = _linked(app), list[EmailMessage]()
    with app.app_context():
        number = db.session.scalars(select(OutgoingMail.id)).one()
        outbox._hand_over(number, sent.append, app.extensions["settings"])
    (mail,) = sent
    text, page = (mail.get_body((form,)).get_content() for form in ("plain", "html"))  # type: ignore[union-attr]
    link = f"{app.extensions['settings'].site_url}/sign-in/help/{token}"
    assert re.findall(r"https?://\S+", text) == re.findall(r'href="([^"]*)"', page) == [link]
    assert (mail["To"], mail["Content-Language"]) == (MAIL, "ar")
    assert 'lang="ar" dir="rtl"' in page
    with app.app_context():
        assert mail["Subject"] == letters.letter(MailKind.INVITATION, {}, "ar").subject  # reveals no purpose
        assert "30 minutes" in letters.letter(MailKind.PASSWORD_LINK, {"link": ""}, "en").lines[1]


def test_link_is_sent_for_a_service_number(app: Flask, one: UUID) -> None:
    with app.app_context(), transaction():
        from app.db import blind_index
        from app.identity.models import Identity

        identity = db.session.get_one(Identity, one)
        identity.service_number, identity.service_index = "BP 17", blind_index.index("service", "BP 17")
    _ask(app, app.test_client(), " bp 17")
    _answer(app)
    assert _mails(app) == [(MailKind.PASSWORD_LINK, one)]


def test_known_and_unknown_names_get_equal_responses_and_queries(app: Flask, one: UUID) -> None:
    """The number of statements is compared, since a test cannot measure time."""
    with app.app_context():
        gone = factories.person(mail="gone@example.org")
        with transaction():
            service.deactivate(gone, clock.today())
        db.session.remove()
    answers, works, pages = [], [], []
    for name in (MAIL, "unknown@example.org", "gone@example.org", "17"):
        client = app.test_client()
        client.get("/sign-in/help")
        with counted(app) as told:
            answer = _ask(app, client, name)
        answers.append((answer.status_code, answer.headers["Location"], _plain(answer), answer.headers.get("Vary")))
        works.append([re.sub(r"\s+", " ", one) for one in told])
        pages.append(_plain(client.get(answer.headers["Location"])))
    assert len(set(answers)) == len(set(pages)) == 1
    assert all(work == works[0] for work in works)
    assert len(works[0]) > 3
    _answer(app)
    assert _mails(app) == [(MailKind.PASSWORD_LINK, one)]  # strangers and who left get nothing


def test_opening_the_link_changes_nothing(app: Flask, one: UUID) -> None:
    token = _linked(app)

    def everything() -> dict[str, list[str]]:
        with app.app_context(), db.engine.connect() as connection:
            tables = db.metadata.tables.items()
            return {name: sorted(repr(tuple(row)) for row in connection.execute(t.select())) for name, t in tables}

    before = everything()
    for method in ("GET", "HEAD", "GET"):
        assert app.test_client().open(f"/sign-in/help/{token}", method=method).status_code == 200
    assert everything() == before


def test_a_new_password_ends_every_session_and_every_link(app: Flask, one: UUID) -> None:
    here, there = factories.sign_in(app, one), factories.sign_in(app, one)
    first, second = _linked(app), _linked(app)
    assert first != second
    assert [app.test_client().get(f"/sign-in/help/{token}").status_code for token in (first, second)] == [200, 200]
    assert _use(app, first).status_code == 302
    assert [client.get("/settings").status_code for client in (here, there)] == [302, 302]
    assert (_count(app, SignInSession), _count(app, PasswordLink)) == (0, 0)
    assert [_use(app, token).status_code for token in (first, second)] == [410, 410]


def test_new_password_ends_no_session_of_other_people(app: Flask, one: UUID) -> None:
    token = _linked(app)
    with app.app_context(), transaction():
        other, ends_at = factories.person(), clock.real_now() + LINK_LIFE
        db.session.add(PasswordLink(person_id=other, token="x", token_hash="0" * 64, ends_at=ends_at))
    client = factories.sign_in(app, other)
    assert _use(app, token).status_code == 302
    assert client.get("/settings").status_code == 200
    assert _count(app, PasswordLink) == 1


def test_invalid_links_get_equal_responses(app: Flask, one: UUID) -> None:
    expired, used = _linked(app), _linked(app)
    assert _use(app, used).status_code == 302
    gone = _linked(app)
    with app.app_context(), transaction():
        db.session.add(
            PasswordLink(
                person_id=one, token=expired, token_hash=sessions.hash_secret(expired), ends_at=clock.real_now()
            )
        )
    with app.app_context(), transaction():
        service.deactivate(one, clock.today())
    tokens = (expired, used, gone, "never-was")
    answers = [app.test_client().get(f"/sign-in/help/{token}") for token in tokens]
    answers += [_use(app, token) for token in tokens]
    assert {answer.status_code for answer in answers} == {410}
    shown = {_plain(answer).replace(token.encode(), b"") for answer, token in zip(answers, 2 * tokens, strict=True)}
    assert len(shown) == 1


def test_the_link_ends_after_half_an_hour(app: Flask, one: UUID) -> None:
    token, now = _linked(app), clock.real_now()
    hashed = sessions.hash_secret(token)
    with app.app_context():
        (link,) = db.session.scalars(select(PasswordLink))
        assert now - timedelta(seconds=30) < link.ends_at - LINK_LIFE <= now
        just, over = link.ends_at - timedelta(seconds=1), link.ends_at
        assert (recovery_queries.reader_of(hashed, just), recovery_queries.reader_of(hashed, over)) == ("ar", None)
        with transaction():
            assert password_reset.delete_expired(just) == 0
            assert not password_reset.use_link(token, "x", over)
        with transaction():
            assert password_reset.use_link(token, factories.PASSWORD_HASH, just)


def test_expired_request_gets_no_link(app: Flask, one: UUID) -> None:
    _ask(app, app.test_client())
    with app.app_context(), transaction():
        db.session.execute(update(AskedForLink).values(at=clock.real_now() - LINK_LIFE))
    _answer(app)
    assert (_mails(app), _count(app, PasswordLink)) == ([], 0)


def test_each_request_is_answered_once(app: Flask, one: UUID) -> None:
    _ask(app, app.test_client())
    with app.app_context():
        (asked,) = recovery_queries.unanswered_requests(clock.real_now())
        for _n in range(2):
            with transaction():
                password_reset.answer(asked, clock.real_now())
    assert len(_mails(app)) == 1


@pytest.mark.each_database
def test_simultaneous_uses_of_a_link_set_one_password(app: Flask, one: UUID) -> None:
    token, together, done = _linked(app), Barrier(20), []
    hashes = [f"{n:02}" for n in range(20)]

    def use(hashed: str) -> None:
        with app.app_context():
            together.wait()
            with transaction():
                used = password_reset.use_link(token, hashed, clock.real_now())
            done.append((used, hashed))
            db.session.remove()

    _at_once([lambda hashed=hashed: use(hashed) for hashed in hashes])  # type: ignore[misc]
    assert sorted(used for used, _hashed in done) == [False] * 19 + [True]
    with app.app_context():
        assert people.get(one).password_hash == next(hashed for used, hashed in done if used)


@pytest.mark.parametrize("same", ["account", "address"])
def test_rate_limit_is_equal_for_known_and_unknown_names(app: Flask, one: UUID, same: str) -> None:
    most, times = {"account": (3, 6), "address": (10, 12)}[same]

    def asked(name: str, at: datetime) -> list[bool]:
        found = []
        for n in range(times):
            typed, place = (name, f"203.0.113.{n}") if same == "account" else (f"{name}{n}", name)
            with transaction():
                found.append(password_reset.ask(typed, address=place, real_now=at) is None)
        return found

    with app.app_context():
        now = clock.real_now()
        for name in (MAIL, "unknown@example.org"):
            assert asked(name, now) == [True] * most + [False] * (times - most)
        assert asked(MAIL, now + timedelta(minutes=30)) == [True] * most + [False] * (times - most)
        with transaction():
            late = password_reset.ask(MAIL, address=MAIL, real_now=now + timedelta(minutes=30))
        assert isinstance(late, RateLimited)
        assert 0 < late.seconds <= 1801
        with transaction():
            assert password_reset.delete_expired(now + LONGEST) == 2 * most
        assert len(recovery_queries.unanswered_requests(now)) == most


@pytest.mark.each_database
def test_simultaneous_requests_all_count_towards_the_limit(app: Flask, one: UUID) -> None:
    together, found = Barrier(4), []

    def ask() -> None:
        with app.app_context():
            together.wait()
            for n in range(3):
                with transaction():
                    found.append(password_reset.ask(MAIL, address=f"a{n}", real_now=clock.real_now()) is None)
            db.session.remove()

    _at_once([ask] * 4)
    assert sorted(found) == [False] * 9 + [True] * 3


def test_rate_limited_page_names_the_time(app: Flask) -> None:
    answers = [_ask(app, app.test_client(), "unknown@example.org") for _n in range(4)]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 429]
    assert int(answers[3].headers["Retry-After"]) > 0


@pytest.mark.parametrize("name", ["", "x" * 201])
def test_empty_name_shows_an_error(app: Flask, name: str) -> None:
    answer = _ask(app, app.test_client(), name)
    assert (answer.status_code, 'class="error"' in answer.get_data(as_text=True)) == (422, True)
    assert _count(app, AskedForLink) == 0


@pytest.mark.parametrize("new", ["", "short", "x" * 129, "passwordpassword"])
def test_refused_password_leaves_the_link_valid(app: Flask, one: UUID, new: str) -> None:
    token = _linked(app)
    assert _use(app, token, new).status_code == 422
    with app.app_context():
        assert passwords.matches(people.get(one).password_hash, factories.PASSWORD)
        db.session.remove()
    assert _use(app, token).status_code == 302


def _required(app: Flask) -> None:
    with app.app_context(), transaction():
        db.session.execute(update(Country).values(second_factor=True))


def _seeded(app: Flask, person_id: UUID) -> Callable[[], str]:
    with app.app_context(), transaction():
        seed, now = pyotp.random_base32(), clock.real_now()
        db.session.add(AuthenticatorApp(person_id=person_id, seed=seed, made_at=now, confirmed_at=now))
    return lambda: pyotp.TOTP(seed).generate_otp(int(clock.real_now().timestamp()) // CODE_SECONDS)


def test_a_reset_never_skips_the_second_factor(app: Flask, one: UUID) -> None:
    _required(app)
    code = _seeded(app, one)
    client = app.test_client()
    assert _use(app, _linked(app), client=client).status_code == 302
    assert client.get("/settings").status_code == 302
    answer = sites.post(app, client, "/sign-in", {"name": MAIL, "password": NEW})
    assert answer.headers["Location"] == "/sign-in/second-step"
    assert (client.get("/settings").status_code, client.get("/sign-in/factors").status_code) == (302, 302)
    assert sites.post(app, client, "/sign-in/second-step", {"code": code()}).status_code == 302
    assert client.get("/settings").status_code == 200


def test_a_mailbox_alone_opens_no_account_without_a_factor(app: Flask, one: UUID) -> None:
    """Where a second step is needed and none was set up, the password would open the choice of one."""
    _required(app)
    assert _linked(app) == ""
    with app.app_context():
        (row,) = db.session.scalars(select(OutgoingMail))
        assert (row.kind, row.facts) == (MailKind.PASSWORD_LINK, "{}")
        assert outbox._address(mails.mail(row.id)) == outbox.Address(MAIL, "ar")
        db.session.remove()
        with transaction():
            code = restore_access.issue_reset_code(one, IdentityCheck.SERVICE_CARD, clock.real_now())
    client = app.test_client()
    assert _use(app, _linked(app), client=client).status_code == 302
    answer = sites.post(app, client, "/sign-in", {"name": MAIL, "password": NEW})
    assert answer.headers["Location"] == "/sign-in/second-step"
    assert client.get("/sign-in/factors").headers["Location"] == "/sign-in/second-step"  # the code first
    answer = sites.post(app, client, "/sign-in/second-step", {"code": code})
    assert answer.headers["Location"] == "/sign-in/factors"
    assert client.get("/sign-in/factors").status_code == 200


def test_expired_reset_code_does_not_allow_a_link(app: Flask, one: UUID) -> None:
    _required(app)
    now = clock.real_now()
    with app.app_context(), transaction():
        second_factor.make_codes(one, CodeKind.READMISSION, now, ends_at=now)
    client = app.test_client()
    answer = sites.post(app, client, "/sign-in", {"name": MAIL, "password": factories.PASSWORD})
    assert answer.headers["Location"] == "/sign-in/second-step"
    assert client.get("/sign-in/second-step").headers["Location"] == "/sign-in/factors"


def _at_once(work: list[Callable[[], None]]) -> None:
    threads = [Thread(target=each) for each in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_password_change_in_settings_deletes_links(app: Flask, one: UUID) -> None:
    """A reader of the mail could otherwise set another password."""
    token = _linked(app)
    fields = {"password": factories.PASSWORD, "new": NEW}
    assert sites.post(app, factories.sign_in(app, one), "/settings/sign-in/password", fields).status_code == 302
    assert _use(app, token, "seven other words stand here now").status_code == 410
    with app.app_context():
        assert passwords.matches(people.get(one).password_hash, NEW)
