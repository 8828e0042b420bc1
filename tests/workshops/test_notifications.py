from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from email.message import EmailMessage
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from icalendar import Calendar

from app.access.policy import Role
from app.db.session import db, transaction
from app.identity import service as accounts
from app.identity.domain.people import MailRhythm
from app.identity.queries import people
from app.kernel import clock
from app.messages import jobs
from app.messages.models import OutgoingMail
from app.workshops.domain import times
from app.workshops.queries import workshops
from app.workshops.service import bookings, lifecycle, staff as workshops_staff
from config import Mail
from tests.support import factories
from tests.support.mail_server import Sink, running
from tests.support.settings import NOW
from tests.support.workshop_events import FIRST_DAY, announced, booked, draft, session, staff

TOPICS = ("quay", "sofia", "varna", "hall", "colep", "police", "ws-", "watch", "/workshops", "closed")


@pytest.fixture
def sink(context: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sink]:
    with running() as server:
        mail = Mail(host="127.0.0.1", port=server.port, starttls=False, sender="academy@example.org")
        monkeypatch.setitem(context.extensions, "settings", replace(context.extensions["settings"], mail=mail))
        yield server


def sent(sink: Sink) -> dict[UUID, EmailMessage]:
    """Send due mails and return them by recipient; a second one to the same person is an error."""
    sink.taken.clear()
    jobs.send_due()
    db.session.rollback()
    known = {one.mail: person_id for person_id, one in people.addressees(people.active_page(None, 100)).items()}
    assert len({mail["To"] for mail in sink.taken}) == len(sink.taken)
    return {known[str(mail["To"])]: mail for mail in sink.taken}


def entries(mail: EmailMessage) -> list[Any]:
    """Return the entries of the calendar file of a mail."""
    [file] = mail.iter_attachments()
    assert (file.get_content_type(), file.get_filename()) == ("text/calendar", "dates.ics")
    made = Calendar.from_ical(file.get_content())
    assert "method" not in made
    return list(made.walk("VEVENT"))


def whole(mail: EmailMessage) -> str:
    """Return all readable text of a mail, headers and file included."""
    parts = [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
    return "\n".join([*(f"{name}: {value}" for name, value in mail.items()), *parts]).lower()


def moved(workshop_id: UUID, now: datetime | None = None, **more: Any) -> None:
    now = now or clock.now()
    with transaction():
        code = workshops.get(workshop_id).code
        lifecycle.update_workshop(workshop_id, draft(code=code, **more), by=staff()[0], now=now)


def switch_off(person_id: UUID) -> None:
    with transaction():
        accounts.change_settings(person_id, {"mail_rhythm": MailRhythm.NEVER})


def test_promoted_person_gets_a_mail_with_dates(sink: Sink) -> None:
    workshop_id = announced(capacity=1)
    first, second, third = booked(workshop_id, 3)
    assert sent(sink) == {}
    with transaction():
        bookings.withdraw(workshop_id, first, clock.now())
    mails = sent(sink)
    assert list(mails) == [second]
    mail = mails[second]
    assert (mail["Subject"], mail["Auto-Submitted"]) == ("A date of yours has changed", "auto-generated")
    assert mail["Content-Language"] == "en"
    assert [(one["summary"], one["dtstart"].dt, one["dtend"].dt) for one in entries(mail)] == [
        ("Academy", datetime(2027, 5, 4, 6, tzinfo=UTC), datetime(2027, 5, 4, 13, 30, tzinfo=UTC)),
        ("Academy", datetime(2027, 5, 5, 6, tzinfo=UTC), datetime(2027, 5, 5, 13, 30, tzinfo=UTC)),
    ]
    assert [word for word in TOPICS if word in whole(mail)] == []
    assert sent(sink) == {}
    assert third not in mails


@pytest.mark.each_database
def test_changed_days_are_mailed_to_all_with_a_file_for_seated_people(sink: Sink) -> None:
    workshop_id = announced(capacity=1)
    seated, waiting = booked(workshop_id, 2)
    gone = workshops.get(workshop_id).sessions[1]
    moved(workshop_id, capacity=1, sessions=(session(FIRST_DAY, starts=time(10)),))
    mails = sent(sink)
    assert set(mails) == {seated, waiting}
    told = {one["uid"]: (one["dtstart"].dt, one.get("status")) for one in entries(mails[seated])}
    kept = workshops.get(workshop_id).sessions[0]
    assert told == {
        str(kept.id): (datetime(2027, 5, 4, 7, tzinfo=UTC), None),
        str(gone.id): (gone.starts_at, "CANCELLED"),
    }
    assert list(mails[waiting].iter_attachments()) == []
    assert [word for mail in mails.values() for word in TOPICS if word in whole(mail)] == []


def test_later_calendar_file_replaces_an_earlier_one(sink: Sink) -> None:
    workshop_id = announced()
    (person,) = booked(workshop_id, 1)
    numbers = []
    for hour in (10, 11):
        moved(workshop_id, NOW + timedelta(seconds=hour), sessions=(session(FIRST_DAY, starts=time(hour)),))
        with transaction():  # both are sent at the same time: the time of the notice counts
            db.session.query(OutgoingMail).update({"due_at": NOW})
        numbers.append([int(one["sequence"]) for one in entries(sent(sink)[person]) if "status" not in one])
    assert numbers[0] < numbers[1]


def test_cancelled_event_is_cancelled_in_calendars(sink: Sink) -> None:
    workshop_id = announced()
    (person,) = booked(workshop_id, 1)
    with transaction():
        lifecycle.cancel(workshop_id, reason="The hall is closed.", by=staff()[0], now=clock.now())
    mail = sent(sink)[person]
    assert [one["status"] for one in entries(mail)] == ["CANCELLED"] * 2
    assert [word for word in TOPICS if word in whole(mail)] == []


def test_no_mail_for_people_without_mails_or_account(sink: Sink) -> None:
    workshop_id = announced(capacity=3)
    reads, quiet, gone = booked(workshop_id, 3)
    switch_off(quiet)
    with transaction():
        bookings.withdraw(workshop_id, gone, clock.now())
    moved(workshop_id, capacity=3, sessions=(session(FIRST_DAY, starts=time(10)),))
    assert set(sent(sink)) == {reads}


@pytest.mark.parametrize("changed", [{"title": {"en": "Other words"}}, {"venue": "Hall 4"}, {"capacity": 5}])
def test_change_without_new_dates_is_not_mailed(sink: Sink, changed: dict[str, Any]) -> None:
    workshop_id = announced()
    booked(workshop_id, 1)
    moved(workshop_id, **changed)
    assert sent(sink) == {}


def test_change_of_a_draft_notifies_no_person(sink: Sink) -> None:
    first, _second = staff()
    with transaction():
        workshop_id = lifecycle.create_workshop(draft(code="WS-DRAFT"), by=first, now=NOW)
        lifecycle.update_workshop(
            workshop_id, draft(code="WS-DRAFT", sessions=(session(date(2027, 6, 1)),)), by=first, now=NOW
        )
    assert sent(sink) == {}


def test_changed_zone_rules_mail_the_dates_again(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    workshop_id = announced()
    (person,) = booked(workshop_id, 1)
    before = times.at
    # as if Bulgaria kept winter time
    monkeypatch.setattr(times, "at", lambda day, when, zone: before(day, when, zone) + timedelta(hours=1))
    with transaction():
        assert lifecycle.derive_times_again(clock.now()) == 2
    assert [one["dtstart"].dt.hour for one in entries(sent(sink)[person])] == [7, 7]
    with transaction():
        assert lifecycle.derive_times_again(clock.now()) == 0
    assert sent(sink) == {}


def test_staff_without_a_seat_are_not_mailed(sink: Sink) -> None:
    workshop_id = announced()
    booked(workshop_id, 1)
    trainer = factories.person()
    with transaction():
        workshops_staff.appoint(workshop_id, trainer, Role.TRAINER, clock.now())
        lifecycle.cancel(workshop_id, reason="No.", by=staff()[0], now=clock.now())
    assert trainer not in sent(sink)
