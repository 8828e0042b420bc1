"""Change of the mail address: both mailboxes confirm, and the owner of an address is not revealed."""

import re
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text, update
from werkzeug.test import TestResponse

from app.access.policy import Actor, Role, Scope
from app.audit import queries as trail
from app.audit.models import Entry
from app.db import personal_data
from app.db.session import db, transaction
from app.directory import jobs
from app.identity import service
from app.identity.models import NameToken
from app.kernel import clock
from app.messages import jobs as outbox, queries as mails
from app.messages.domain import MailKind, NoticeKind
from app.messages.models import Notice, OutgoingMail
from app.privacy.service.archive import PARTS
from app.recovery import queries as recovery_queries
from app.recovery.domain import ADDRESS_LIFE, Mailbox
from app.recovery.models import AddressChange, PasswordLink
from app.recovery.service import address_change
from app.recovery.service.address_change import Confirmed
from app.sign_in.models import SignInSession
from app.sign_in.queries import sessions
from app.sign_in.service.sessions import RateLimited
from config import Mail
from tests.support import factories, sites
from tests.support.mail_server import running
from tests.support.sql_statements import counted

OLD, NEW, TAKEN = "one@example.org", "other@example.net", "taken@example.com"


@pytest.fixture
def one(app: Flask) -> UUID:
    with app.app_context():
        return factories.person(mail=OLD)


def _ask(app: Flask, client: FlaskClient, mail: str = NEW) -> TestResponse:
    return sites.post(app, client, "/settings/sign-in/address", {"mail": mail})


def _begin(app: Flask) -> None:
    with app.app_context():
        jobs.answer_asked()
        db.session.remove()


def _tokens(app: Flask) -> dict[Mailbox, str]:
    with app.app_context():
        found = db.session.scalars(select(AddressChange).where(AddressChange.done_at.is_(None))).one()
        return {Mailbox.OLD: found.old_token, Mailbox.NEW: found.new_token}


def _confirm(app: Flask, token: str) -> TestResponse:
    return sites.post(app, app.test_client(), f"/sign-in/address/{token}")


def _signs_in(app: Flask, name: str) -> bool:
    fields = {"name": name, "password": factories.PASSWORD}
    return sites.post(app, app.test_client(), "/sign-in", fields).status_code == 302


def _sent(app: Flask) -> list[tuple[MailKind, str, str]]:
    """Return kind, address and path of what goes out."""
    with app.app_context():
        rows = [mails.mail(number) for number in db.session.scalars(select(OutgoingMail.id).order_by(OutgoingMail.id))]
        found = [(row.kind, outbox._address(row)) for row in rows]
        return [(kind, to.mail, to.path) for kind, to in found if to]


@pytest.mark.parametrize("first", [Mailbox.OLD, Mailbox.NEW])
def test_address_changes_when_both_mailboxes_confirm(app: Flask, one: UUID, first: Mailbox) -> None:
    client = factories.sign_in(app, one)
    with app.app_context():
        before = set(db.session.scalars(select(NameToken.token).where(NameToken.person_id == one)))
        db.session.remove()
    assert _ask(app, client).headers["Location"] == "/settings/sign-in"
    assert _sent(app) == []
    _begin(app)
    tokens = _tokens(app)
    links = [(MailKind.ADDRESS_LINK, OLD, tokens[Mailbox.OLD]), (MailKind.ADDRESS_LINK, NEW, tokens[Mailbox.NEW])]
    assert _sent(app) == [(kind, mail, f"/sign-in/address/{token}") for kind, mail, token in links]
    second = Mailbox.NEW if first is Mailbox.OLD else Mailbox.OLD
    page = app.test_client().get(f"/sign-in/address/{tokens[first]}").get_data(as_text=True)
    assert NEW not in page
    assert "o…@example.net" in page
    assert _confirm(app, tokens[first]).headers["Location"] == f"/sign-in/address/{tokens[first]}"
    assert "Confirmed from here" in app.test_client().get(f"/sign-in/address/{tokens[first]}").get_data(as_text=True)
    assert (_signs_in(app, OLD), _signs_in(app, NEW)) == (True, False)
    assert _confirm(app, tokens[second]).headers["Location"] == "/sign-in"
    assert (_signs_in(app, OLD), _signs_in(app, NEW)) == (False, True)
    told = sorted((kind, mail) for kind, mail, path in _sent(app) if kind is not MailKind.NEW_SIGN_IN and not path)
    assert told == [(MailKind.ACCOUNT_CHANGED, NEW), (MailKind.ADDRESS_CHANGED, OLD)]
    assert all(not path for _kind, _mail, path in _sent(app))  # the links are none any more
    with app.app_context():
        assert recovery_queries.own_mail(one) == NEW
        assert set(db.session.scalars(select(NameToken.token).where(NameToken.person_id == one))) == before
    assert {_confirm(app, token).status_code for token in tokens.values()} == {410}


def test_address_change_needs_reauthentication(app: Flask, one: UUID) -> None:
    client = factories.sign_in(app, one)
    with app.app_context(), transaction():
        db.session.execute(update(SignInSession).values(fully_proved_at=None))
    assert _ask(app, client).status_code == 403
    with app.app_context():
        assert db.session.scalars(select(AddressChange)).all() == []


@pytest.mark.parametrize(
    "mail", ["", "karim", "a@b.example\r\nBcc: c@d.example", "a@b.example,c@d.example", OLD, OLD.upper(), "x" * 201]
)
def test_invalid_or_own_address_shows_an_error(app: Flask, one: UUID, mail: str) -> None:
    answer = _ask(app, factories.sign_in(app, one), mail)
    assert (answer.status_code, 'id="mail-error"' in answer.get_data(as_text=True)) == (422, True)
    with app.app_context():
        assert db.session.scalars(select(AddressChange)).all() == []


def test_opening_a_link_changes_nothing(app: Flask, one: UUID) -> None:
    _ask(app, factories.sign_in(app, one))
    _begin(app)

    def everything() -> dict[str, list[str]]:
        with app.app_context(), db.engine.connect() as connection:
            tables = db.metadata.tables.items()
            return {name: sorted(repr(tuple(row)) for row in connection.execute(t.select())) for name, t in tables}

    before = everything()
    for token in _tokens(app).values():
        for method in ("GET", "HEAD", "GET"):
            assert app.test_client().open(f"/sign-in/address/{token}", method=method).status_code == 200
    assert everything() == before


def test_second_request_replaces_the_first(app: Flask, one: UUID) -> None:
    client = factories.sign_in(app, one)
    _ask(app, client, "first@example.net")
    first = _tokens(app)
    _ask(app, client)
    assert {_confirm(app, token).status_code for token in first.values()} == {410}
    assert [_confirm(app, token).status_code for token in _tokens(app).values()] == [302, 302]
    assert _signs_in(app, NEW)


def test_request_ends_after_72_hours_and_with_the_account(app: Flask, one: UUID) -> None:
    client = factories.sign_in(app, one)
    _ask(app, client)
    _begin(app)
    tokens = _tokens(app)
    with app.app_context():
        ends_at = db.session.scalars(select(AddressChange.ends_at)).one()
        assert timedelta(0) <= clock.real_now() + ADDRESS_LIFE - ends_at < timedelta(seconds=30)
        for after, became in ((timedelta(0), None), (timedelta(seconds=-1), Confirmed.WAITS)):
            with transaction():
                assert address_change.confirm(tokens[Mailbox.OLD], ends_at + after) is became
        with transaction():
            service.deactivate(one, clock.today())
    assert _confirm(app, tokens[Mailbox.NEW]).status_code == 410
    assert _sent(app) == []
    with app.app_context():
        assert db.session.scalars(select(AddressChange)).all() == []  # nothing of it is kept


def test_owner_of_an_address_is_not_revealed(app: Flask, one: UUID) -> None:
    """The same answer for the same work; the owner and both contact points are told, and no link goes to the owner."""
    with app.app_context(), transaction():
        owner = factories.person(mail=TAKEN, country="BG", alias="Guard 99")
        points = [
            factories.person(country=code, roles=(), grants=((Role.CONTACT_POINT, Scope.COUNTRY, code),))
            for code in ("IQ", "BG")
        ]
    answers, works, client = [], [], factories.sign_in(app, one)
    client.get("/settings/sign-in")
    for mail in ("free@example.com", TAKEN):
        with counted(app) as told:
            answer = _ask(app, client, mail)
        works.append([re.sub(r"\s+", " ", each) for each in told])
        shown = client.get(answer.headers["Location"]).get_data(as_text=True)
        shown = re.sub(r'(name="csrf_token" value|name="csrf" content)="[^"]*"|<time.*?</time>', "", shown)
        answers.append((answer.status_code, answer.get_data(), shown.replace(mail[0] + "…", "")))
    assert answers[0] == answers[1]
    # an older wish is removed by the same statement, whether there is one or none
    assert works[0] == works[1]
    _begin(app)
    sent = [(kind, mail) for kind, mail, _path in _sent(app)]
    assert sorted(sent) == [(MailKind.ADDRESS_CLAIMED, TAKEN), (MailKind.ADDRESS_LINK, OLD)]
    with app.app_context():
        kinds = db.session.execute(select(Notice.person_id, Notice.kind, Notice.facts)).all()
        assert {tuple(row) for row in kinds} == {(each, NoticeKind.ADDRESS_CLAIMED, "{}") for each in points}
        db.session.remove()
    _confirm(app, _tokens(app)[Mailbox.OLD])
    assert "Guard 99" not in client.get("/settings/sign-in").get_data(as_text=True)
    assert (_signs_in(app, OLD), owner is not None) == (True, True)


@pytest.mark.each_database
def test_simultaneous_begins_process_a_change_once(app: Flask, one: UUID) -> None:
    _ask(app, factories.sign_in(app, one))
    with app.app_context():
        change_id = db.session.scalars(select(AddressChange.id)).one()
        for _both in range(2):  # the second found it waiting, too
            with transaction():
                address_change.begin(change_id, clock.real_now())
        told = select(func.count()).where(Entry.name == "AddressChangeBegun")
        assert db.session.scalar(told.select_from(Entry)) == 1
        db.session.remove()


@pytest.mark.each_database
def test_address_that_was_taken_meanwhile_is_not_assigned(app: Flask, one: UUID) -> None:
    _ask(app, factories.sign_in(app, one))
    _begin(app)
    tokens = _tokens(app)
    with app.app_context():
        factories.person(mail=NEW)
        db.session.remove()
    assert _confirm(app, tokens[Mailbox.NEW]).status_code == 302
    assert _confirm(app, tokens[Mailbox.OLD]).headers["Location"] == "/sign-in"
    assert _signs_in(app, OLD)
    with app.app_context():
        assert recovery_queries.own_mail(one) == OLD


@pytest.mark.each_database
def test_simultaneous_changes_assign_an_address_once(app: Flask, one: UUID) -> None:
    with app.app_context():
        other = factories.person(mail="two@example.org")
        now = clock.real_now()
        with transaction():
            for person_id in (one, other):
                address_change.ask(person_id, NEW, address="a", real_now=now)
        pairs = {row.person_id: (row.old_token, row.new_token) for row in db.session.scalars(select(AddressChange))}
        for token, _new in pairs.values():
            with transaction():
                address_change.confirm(token, now)
        db.session.remove()
    together, found = Barrier(2), []

    def confirm(token: str) -> None:
        with app.app_context():
            together.wait()
            with transaction():
                became = address_change.confirm(token, now)
            found.append(became)
            db.session.remove()

    threads = [Thread(target=confirm, args=(new,)) for _old, new in pairs.values()]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(map(str, found)) == ["done", "taken"]


def test_database_contains_neither_address_nor_link_as_text(app: Flask, one: UUID) -> None:
    _ask(app, factories.sign_in(app, one))
    tokens = _tokens(app)
    for token in tokens.values():
        _confirm(app, token)
    with app.app_context():
        raw = " ".join(str(value) for value in db.session.execute(text("SELECT * FROM address_change")).one())
        facts = " ".join(db.session.scalars(select(OutgoingMail.facts)))
    assert not any(secret in raw + facts for secret in (OLD, NEW, *tokens.values()))
    assert one.hex in raw.replace("-", "")


def test_requests_are_rate_limited_and_old_links_are_deleted(app: Flask, one: UUID) -> None:
    client = factories.sign_in(app, one)
    with app.app_context(), transaction():
        link = PasswordLink(person_id=one, token="t", token_hash="t", ends_at=clock.real_now() + ADDRESS_LIFE)
        db.session.add(link)
    answers = [_ask(app, client, f"n{n}@example.net").status_code for n in range(4)]
    assert answers == [302, 302, 302, 429]
    for token in _tokens(app).values():
        _confirm(app, token)
    with app.app_context():
        assert db.session.scalars(select(PasswordLink)).all() == []
        with transaction():
            late = address_change.ask(one, NEW, address="a", real_now=clock.real_now())
        assert isinstance(late, RateLimited)


def test_expired_changes_are_deleted(app: Flask, one: UUID) -> None:
    _ask(app, factories.sign_in(app, one))
    for token in _tokens(app).values():
        _confirm(app, token)
    _begin(app)
    with app.app_context():
        assert recovery_queries.unchecked_changes(clock.real_now()) == []
        for after, left in ((timedelta(0), 1), (ADDRESS_LIFE, 0)):
            with transaction():
                address_change.delete_expired(clock.real_now() + after)
            assert db.session.scalar(select(func.count()).select_from(AddressChange)) == left
        assert sessions.credentials_by_name(NEW) is not None


def _archive(person_id: UUID) -> list[object]:
    """Return all stored data about a person, without times and ids."""

    def plain(value: object) -> object:
        if isinstance(value, dict):
            return {name: plain(one) for name, one in value.items() if name != "change"}
        return value if isinstance(value, str | bool) or value is None else type(value).__name__

    of_another = {"mail", "alias", "agency", "request_id"}
    return [
        (part.name, sorted(str({key: plain(value) for key, value in row.items() if key not in of_another})
                           for row in personal_data.rows(part, person_id)))
        for part in PARTS
    ]  # fmt: skip


def _trail(actor: Actor, of: UUID) -> list[tuple[str, str]]:
    """Return the audit entries about a person that a user sees, without ids."""
    found = trail.page(actor, trail.AuditFilter(about=of), size=200)
    return sorted((line.name, re.sub(r"[0-9a-f-]{36}|\d+", "", line.facts)) for line in found)


def test_archive_and_country_audit_log_do_not_reveal_the_owner(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with app.app_context(), running() as server:
        mail = Mail(host="127.0.0.1", port=server.port, starttls=False, sender="academy@example.org")
        monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], mail=mail))
        factories.person(mail=TAKEN, country="BG")
        chief = factories.person(country="IQ", roles=(), grants=((Role.CONTACT_POINT, Scope.COUNTRY, "IQ"),))
        spies = {mail: factories.person(country="IQ") for mail in ("free@example.com", TAKEN)}
        for wanted, spy in spies.items():
            with transaction():
                assert address_change.ask(spy, wanted, address="a", real_now=clock.real_now()) is None
        jobs.answer_asked()
        outbox.send_due()
        to = [str(one["To"]) for one in server.taken]
        assert ("free@example.com" in to, to.count(TAKEN)) == (True, 1)  # the one is to the owner
        assert not any("/sign-in/address/" in str(one) for one in server.taken if one["To"] == TAKEN)
        free, taken = (_archive(spy) for spy in spies.values())
        assert free == taken
        reader = Actor(chief, "IQ", frozenset({Role.CONTACT_POINT}))
        first, second = (_trail(reader, spy) for spy in spies.values())
        assert first == second
        seen = {line.name for line in trail.page(reader, trail.AuditFilter(), size=200)}
        assert "AddressChangeBegun" in seen
        assert "AddressRefused" not in seen
        whole = trail.page(Actor(chief, "", frozenset({Role.ADMINISTRATOR})), trail.AuditFilter("AddressRefused"))
        assert [(line.person_id, line.country) for line in whole] == [(None, None)]
        db.session.remove()


def test_requesting_contact_point_is_not_notified_but_others_are(app: Flask) -> None:
    with app.app_context():
        grants = ((Role.CONTACT_POINT, Scope.COUNTRY, "IQ"),)
        asks, other = (factories.person(country="IQ", roles=(), grants=grants) for _ in range(2))
        factories.person(mail=TAKEN, country="BG")
        with transaction():
            address_change.ask(asks, TAKEN, address="a", real_now=clock.real_now())
        jobs.answer_asked()
        assert set(db.session.scalars(select(Notice.person_id))) == {other}
        db.session.remove()
