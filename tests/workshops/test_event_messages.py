"""Messages to people of an event: full in the notices, neutral in the mail, listed for the staff."""

from uuid import UUID

from flask import Flask
from sqlalchemy import select

from app.access.policy import Role
from app.db.session import db
from app.identity.models import Person
from app.identity.queries import people as accounts
from app.messages.domain import MailKind, NoticeKind
from app.messages.models import Notice, OutgoingMail
from app.messages.service.letters import letter
from app.workshops.models.documents import EventMessageRecipient
from tests.support import event_documents, factories, sql_statements, workshop_events, workshop_pages

SUBJECT, TEXT = "Another hall", "We begin in hall 2."


def _event(app: Flask, seats: int = 1) -> tuple[UUID, list[UUID], UUID]:
    with app.app_context():
        workshop_id = workshop_events.announced(capacity=seats)
        people = workshop_events.booked(workshop_id, seats + 1)
        coordinator = workshop_pages.person_with(Role.COORDINATOR)
        db.session.commit()
        return workshop_id, people, coordinator


def _send(app: Flask, workshop_id: UUID, by: UUID, **fields: object) -> int:
    sent = {"subject": SUBJECT, "text": TEXT, "step": "send"} | fields
    client = factories.sign_in(app, by)
    answer = workshop_pages.post(app, client, f"/teaching/workshops/{workshop_id}/messages/new", **sent)
    return int(answer.status_code)


def test_message_is_in_full_in_the_notices_of_the_chosen_group(app: Flask) -> None:
    workshop_id, (seated, waiting), by = _event(app)
    assert _send(app, workshop_id, by, groups="confirmed") == 302
    page = factories.sign_in(app, seated).get("/notices").text
    assert SUBJECT in page
    assert TEXT in page
    assert TEXT not in factories.sign_in(app, waiting).get("/notices").text


def test_message_is_shown_with_its_recipients_before_it_is_sent(app: Flask) -> None:
    workshop_id, (seated, _waiting), by = _event(app)
    path, client = f"/teaching/workshops/{workshop_id}/messages/new", factories.sign_in(app, by)
    fields = {"subject": SUBJECT, "text": TEXT, "groups": "confirmed"}
    page = workshop_pages.post(app, client, path, **fields).text
    with app.app_context():
        assert accounts.names([seated])[seated] in page
        assert db.session.query(Notice).filter_by(kind=NoticeKind.EVENT_MESSAGE).count() == 0
    assert TEXT in page
    assert "Send to 1 person" in page
    assert '<input type="hidden" name="groups" value="confirmed">' in page
    changed = workshop_pages.post(app, client, path, **fields, step="change").text
    assert TEXT in changed
    assert "Check message" in changed


def test_mail_is_queued_once_without_subject_and_text(app: Flask) -> None:
    workshop_id, _people, by = _event(app)
    _send(app, workshop_id, by, groups=["confirmed", "waiting"])
    with app.app_context():
        mails = db.session.execute(select(OutgoingMail.kind, OutgoingMail.facts)).all()
    assert [kind for kind, _facts in mails] == [MailKind.MESSAGE] * 2
    assert all(facts == "{}" for _kind, facts in mails)
    mail = letter(MailKind.MESSAGE, {}, "en")
    text = " ".join((mail.subject, *mail.lines)).casefold()
    assert not any(word in text for word in ("event", "workshop", "colep", "police", "hall"))


def test_person_who_wants_no_mail_gets_the_notice_alone(app: Flask) -> None:
    workshop_id, (seated, _waiting), by = _event(app)
    with app.app_context():
        db.session.get_one(Person, seated).mail_rhythm = "never"
        db.session.commit()
    _send(app, workshop_id, by, groups="confirmed")
    with app.app_context():
        assert db.session.query(OutgoingMail).count() == 0
        assert db.session.query(Notice).filter_by(kind=NoticeKind.EVENT_MESSAGE).count() == 1


def test_single_people_are_chosen_by_alias(app: Flask) -> None:
    workshop_id, (_seated, waiting), by = _event(app)
    _send(app, workshop_id, by, people=str(waiting))
    with app.app_context():
        assert list(db.session.scalars(select(EventMessageRecipient.person_id))) == [waiting]


def test_person_outside_the_event_cannot_be_chosen(app: Flask) -> None:
    workshop_id, _people, by = _event(app)
    with app.app_context():
        stranger = factories.person()
        db.session.commit()
    assert _send(app, workshop_id, by, people=str(stranger)) == 422


def test_message_without_recipients_is_refused(app: Flask) -> None:
    workshop_id, _people, by = _event(app)
    assert _send(app, workshop_id, by) == 422
    assert _send(app, workshop_id, by, groups="confirmed", countries="BG") == 422  # both are of Iraq


def test_staff_see_who_got_a_message(app: Flask) -> None:
    workshop_id, (seated, waiting), by = _event(app)
    _send(app, workshop_id, by, groups="confirmed")
    page = factories.sign_in(app, by).get(f"/teaching/workshops/{workshop_id}/messages").text
    with app.app_context():
        aliases = accounts.names([seated, waiting])
    assert SUBJECT in page
    assert aliases[seated] in page
    assert aliases[waiting] not in page


def test_message_is_shown_to_its_recipient_alone(app: Flask) -> None:
    workshop_id, (seated, waiting), by = _event(app)
    with app.app_context():
        message_id = event_documents.send(workshop_id, [seated], by=by)
    path = f"/workshops/{workshop_id}/messages/{message_id}"
    assert "Bring the list of the berths." in factories.sign_in(app, seated).get(path).text
    assert factories.sign_in(app, waiting).get(path).status_code == 404


def test_list_takes_as_many_statements_for_three_messages_as_for_one(app: Flask) -> None:
    workshop_id, (seated, *_others), by = _event(app, seats=3)
    client = factories.sign_in(app, by)
    path = f"/teaching/workshops/{workshop_id}/messages"
    with app.app_context():
        event_documents.send(workshop_id, [seated], by=by)
    client.get(path)
    before = sql_statements.asked(app, client, path)
    with app.app_context():
        for _ in range(2):
            event_documents.send(workshop_id, [seated], by=by)
    assert sql_statements.asked(app, client, path) == before
