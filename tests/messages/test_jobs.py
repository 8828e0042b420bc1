import smtplib
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread
from uuid import UUID

import pytest
from flask import Flask

from app.access.policy import Role
from app.audit.models import Entry
from app.db.session import db, transaction
from app.invitations.models import Invitation
from app.invitations.queries import invitations as invitations_invitations
from app.invitations.service import invitations
from app.invitations.service.invitations import NewInvitation
from app.kernel import clock
from app.messages import jobs, queries
from app.messages.domain import MOST_TRIES, PAUSES, MailKind, MailState
from app.messages.models import OutgoingMail
from app.messages.service import outbox
from config import Mail, Mode
from tests.support import factories
from tests.support.mail_server import Sink, running


class Killed(BaseException):
    """Simulates the end of the process at this line."""


@pytest.fixture
def sink(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sink]:
    with running() as server:
        mail = Mail(host="127.0.0.1", port=server.port, starttls=False, sender="academy@example.org")
        monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], mail=mail))
        yield server


def _queue(*occasions: str, person_id: UUID | None = None) -> None:
    now, person_id = clock.now(), person_id or factories.person()
    for occasion in occasions or ("week",):
        with transaction():
            outbox.mail(person_id, MailKind.WEEK, occasion=occasion, facts={"count": 1}, due_at=now, now=now)


def _states() -> list[tuple[MailState, int, str]]:
    rows = db.session.query(OutgoingMail).order_by(OutgoingMail.id).populate_existing()
    return [(row.state, row.tries, row.last_error) for row in rows]


def _later(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    real_now = clock.real_now
    monkeypatch.setattr(clock, "real_now", lambda: real_now() + by)


@pytest.mark.usefixtures("context")
def test_due_mail_is_sent_once(sink: Sink) -> None:
    person_id = factories.person(mail="person@example.org", language="fr")
    _queue(person_id=person_id)
    assert (jobs.send_due(), jobs.send_due()) == (1, 0)
    [mail] = sink.taken
    assert (mail["To"], mail["Content-Language"]) == ("person@example.org", "fr")
    assert _states() == [(MailState.SENT, 1, "")]
    assert db.session.query(Entry).filter_by(name="MailSent").count() == 1


@pytest.mark.usefixtures("context")
def test_mails_stay_queued_without_a_mail_server() -> None:
    _queue()
    assert jobs.send_due() == 0
    assert _states() == [(MailState.QUEUED, 0, "")]


def test_demonstration_records_unsent_mails(app: Flask, sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    demo = replace(app.extensions["settings"], mode=Mode.DEMO)
    monkeypatch.setitem(app.extensions, "settings", demo)
    with app.app_context():
        _queue("one", "two")
        assert jobs.send_due() == 2
        assert [mail.state for mail in queries.last_sent(9)] == [MailState.SENT] * 2
    assert sink.taken == []


@pytest.mark.usefixtures("context")
def test_unreachable_server_does_not_count_as_a_try(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with running() as gone:
        mail = Mail(host="127.0.0.1", port=gone.port, starttls=False)
    monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], mail=mail))
    _queue()
    with pytest.raises(ConnectionRefusedError):
        jobs.send_due()
    assert _states() == [(MailState.QUEUED, 0, "")]


@pytest.mark.usefixtures("context")
def test_mail_is_not_sent_without_required_encryption(app: Flask, sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = app.extensions["settings"]
    monkeypatch.setitem(app.extensions, "settings", replace(settings, mail=replace(settings.mail, starttls=True)))
    _queue()
    with pytest.raises(smtplib.SMTPNotSupportedError):
        jobs.send_due()
    assert (sink.taken, _states()) == ([], [(MailState.QUEUED, 0, "")])


@pytest.mark.each_database
@pytest.mark.usefixtures("context")
def test_temporary_refusal_is_retried_after_the_pause(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    sink.refusals = ["450 later"]
    _queue()
    assert (jobs.send_due(), jobs.send_due()) == (0, 0)
    assert _states() == [(MailState.FAILED, 1, "recipient refused: 450")]
    _later(monkeypatch, PAUSES[0])
    assert jobs.send_due() == 1
    assert _states() == [(MailState.SENT, 2, "")]


@pytest.mark.usefixtures("context")
def test_permanent_refusal_gives_up_and_stores_no_address(sink: Sink) -> None:
    sink.refusals = ["550 no such user officer@example.org"]
    _queue()
    assert jobs.send_due() == 0
    assert _states() == [(MailState.GIVEN_UP, 1, "recipient refused: 550")]
    assert db.session.query(Entry).filter_by(name="MailGivenUp").count() == 1


@pytest.mark.usefixtures("context")
def test_bad_mail_does_not_stop_the_next_one(sink: Sink) -> None:
    _queue(person_id=factories.person(mail="no address"))
    sink.refusals = ["550 no"]
    _queue("two")
    _queue("three")
    assert jobs.send_due() == 1
    assert [state for state, _tries, _error in _states()] == [MailState.GIVEN_UP, MailState.GIVEN_UP, MailState.SENT]


@pytest.mark.usefixtures("context")
def test_broken_connection_is_opened_again(sink: Sink) -> None:
    _queue("one", "two")
    sink.deaf = True
    assert jobs.send_due() == 0
    assert _states() == [(MailState.FAILED, 1, "SMTPServerDisconnected")] * 2
    assert sink.taken == []


@pytest.mark.usefixtures("context")
@pytest.mark.parametrize(
    ("place", "sent_before", "sent_in_all"),
    [
        ("addressees", 0, 1),  # after the claim, before the mail server
        ("send_message", 0, 1),
        ("record_sent", 1, 2),  # after the server's yes, before the note
    ],
)
def test_mail_is_sent_after_the_pause_when_the_sender_was_killed(
    sink: Sink, monkeypatch: pytest.MonkeyPatch, place: str, sent_before: int, sent_in_all: int
) -> None:
    _queue()

    def die(*_args: object, **_named: object) -> None:
        raise Killed

    holder = {"addressees": jobs.accounts, "send_message": smtplib.SMTP, "record_sent": outbox}[place]
    with monkeypatch.context() as patch:
        patch.setattr(holder, place, die)
        with pytest.raises(Killed):
            jobs.send_due()
    assert len(sink.taken) == sent_before
    assert jobs.send_due() == 0  # another process may still be sending it
    _later(monkeypatch, PAUSES[0])
    assert (jobs.send_due(), jobs.send_due()) == (1, 0)
    assert (len(sink.taken), len(set(sink.ids))) == (sent_in_all, 1)
    assert _states() == [(MailState.SENT, 2, "")]


@pytest.mark.each_database
@pytest.mark.usefixtures("context")
def test_mail_is_given_up_when_every_sender_was_killed(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    _queue()
    for pause in PAUSES:
        [mail_id] = queries.due(now=clock.now(), real_now=clock.real_now(), limit=9)
        with transaction():
            assert outbox.claim(mail_id, clock.real_now())
        _later(monkeypatch, pause)
    assert jobs.send_due() == 0
    assert _states() == [(MailState.GIVEN_UP, MOST_TRIES, "the last try never ended")]
    assert sink.taken == []


@pytest.mark.each_database
def test_concurrent_senders_send_each_mail_once(app: Flask, sink: Sink) -> None:
    with app.app_context():
        _queue(*(f"occasion {n}" for n in range(12)))
    start, sent = Barrier(4), []

    def send() -> None:
        with app.app_context():
            start.wait()
            sent.append(jobs.send_due())

    threads = [Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sum(sent), len(sent)) == (12, 4)
    assert len(sink.ids) == len(set(sink.ids)) == 12


@pytest.mark.usefixtures("context")
def test_invitation_link_is_sent_in_the_invited_language(sink: Sink) -> None:
    invitation_id = _invite("ar")
    assert jobs.send_due() == 1
    [mail] = sink.taken
    assert (mail["To"], mail["Content-Language"]) == ("karim@police.example", "ar")
    link = invitations_invitations.link_mail(invitation_id, clock.real_now())
    assert link is not None
    body = mail.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert f"/invitation/{link.token}" in text
    assert not any(word in f"{mail['Subject']} {text}" for word in ("Karim", "COLEP", "police", "Border"))
    assert all(len(line) <= 998 for line in text.splitlines())
    facts = [row.facts for row in db.session.query(Entry)]
    assert not any(link.token in fact or "karim" in fact for fact in facts)


@pytest.mark.usefixtures("context")
def test_bounced_mail_is_recorded_in_the_invitation(sink: Sink) -> None:
    invitation_id = _invite("en")
    sink.refusals = ["550 unknown user"]
    assert jobs.send_due() == 0
    assert db.session.get_one(Invitation, invitation_id, populate_existing=True).bounced_at is not None
    assert db.session.query(Entry).filter_by(name="InvitationBounced").count() == 1


@pytest.mark.usefixtures("context")
def test_withdrawn_invitation_is_not_mailed(sink: Sink) -> None:
    invitation_id = _invite("en")
    with transaction():
        invitations.withdraw(invitation_id, clock.real_now())
    assert jobs.send_due() == 0
    assert sink.taken == []


def _invite(language: str) -> UUID:
    with transaction():
        made = invitations.invite(
            NewInvitation(
                mail="karim@police.example",
                name="Karim Hassan",
                latin_name=None,
                service_number=None,
                country="IQ",
                agency_id=factories.agency("IQ"),
                role=Role.SUPERVISOR,
                posting_roles=(),
                title="Supervisor",
                language=language,
            ),
            factories.person(),
            clock.real_now(),
        )
    assert isinstance(made, UUID)
    return made
