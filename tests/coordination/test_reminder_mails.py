"""Mails of reminders: with those of near dates, once, on working days, neutral; reminders that end by themselves."""

import itertools
import json
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask_babel import force_locale
from hypothesis import given, strategies as st
from sqlalchemy import select, update

from app.coordination import jobs
from app.coordination.domain.reminders import AnswerKind, ReminderAnswer, ReminderState
from app.coordination.models import Reminder
from app.coordination.service import reminders
from app.db.session import db, transaction
from app.home import domain
from app.home.domain import Dated, DatedKind
from app.home.jobs import send_near, send_week
from app.i18n.languages import country_name
from app.identity.domain.people import MailRhythm
from app.identity.models import Person
from app.kernel import clock
from app.messages.domain import MailKind
from app.messages.models import OutgoingMail
from app.messages.pages import mail as mail_pages
from app.messages.pages.mail import Envelope
from app.messages.service import letters, outbox as messages
from app.messages.service.outbox import NewMail
from tests.support import late_scenes, plan_figures
from tests.support.late_scenes import LateScene
from tests.support.settings import NOW
from tests.support.sql_statements import counted

DAY = timedelta(days=1)
LANGUAGES = ("en", "ar", "fr")
ASKED = (MailKind.ANSWER_ASKED, MailKind.DATE_ASKED, MailKind.ANSWER_CAME)


@pytest.fixture
def late(app: Flask) -> LateScene:
    """Return the scene; only people of reminders want mails."""
    scene = late_scenes.make(app)
    wanted = {scene.scene.people[name] for name in ("contact point", "coordinator")}
    with app.app_context(), transaction():
        db.session.execute(update(Person).where(Person.id.not_in(wanted)).values(mail_rhythm=MailRhythm.NEVER))
    return scene


def _at(moment: datetime) -> None:
    clock.move(lambda: moment - clock.real_now())


def _mails() -> list[tuple[MailKind, UUID | None, str]]:
    query = select(OutgoingMail.kind, OutgoingMail.recipient_id, OutgoingMail.occasion).order_by(OutgoingMail.id)
    rows = [(row[0], row[1], row[2]) for row in db.session.execute(query.where(OutgoingMail.kind != MailKind.WEEK))]
    db.session.rollback()
    return rows


def _states() -> list[ReminderState]:
    states = list(db.session.scalars(select(Reminder.state).order_by(Reminder.sent_at, Reminder.id)))
    db.session.rollback()
    return states


def test_reminder_is_mailed_alone_only_within_three_days(late: LateScene) -> None:
    late_scenes.remind(late, days=10)
    sent = []
    with late.app.app_context():
        for day in range(12):
            _at(NOW.replace(hour=10) + day * DAY)
            sent += [day] * send_near()
        [(kind, recipient, _occasion)] = _mails()
    # Thursday 11 March 2027 is wanted; three days before is Monday, a working day in Iraq
    assert (sent, kind) == ([7], MailKind.ANSWER_ASKED)
    assert recipient == late.scene.people["contact point"]


def test_reminders_of_one_person_are_one_mail_a_day(late: LateScene) -> None:
    late_scenes.remind(late, days=2)
    with late.app.app_context(), transaction():
        [first] = db.session.scalars(select(Reminder))
        twin = {column.name: getattr(first, column.name) for column in Reminder.__table__.columns}
        db.session.add(Reminder(**twin | {"id": UUID(int=9), "submission": None}))
    with late.app.app_context():
        _at(NOW.replace(hour=10))
        assert (send_near(), send_near()) == (1, 0)
        facts = json.loads(db.session.scalars(select(OutgoingMail.facts)).one())
    assert set(facts) == {"by", "count", "said"}
    assert facts["count"] == 2


def test_mail_waits_for_the_working_day_of_the_country(late: LateScene) -> None:
    _at(NOW + 3 * DAY)  # Thursday; Friday and Saturday are the weekend in Iraq
    late_scenes.remind(late, days=4)
    sent = []
    with late.app.app_context():
        for hour in range(4 * 24):
            moment = (NOW + 4 * DAY).replace(hour=0, minute=30) + timedelta(hours=hour)
            _at(moment)
            sent += [(moment.weekday(), moment.hour)] * send_near()
    assert sent == [(6, 8)]


def test_weekly_mail_counts_reminders_that_wait(late: LateScene) -> None:
    late_scenes.remind(late, days=20)
    with late.app.app_context():
        _at(NOW.replace(hour=9))
        assert (send_week(), send_week()) == (1, 0)
        [row] = db.session.execute(select(OutgoingMail.kind, OutgoingMail.recipient_id))
    assert tuple(row) == (MailKind.WEEK, late.scene.people["contact point"])


def test_answered_reminder_is_mailed_to_its_sender_only(late: LateScene) -> None:
    [reminder_id] = late_scenes.remind(late, days=2)
    contact = late.scene.people["contact point"]
    with late.app.app_context():
        with transaction():
            reminders.answer(reminder_id, ReminderAnswer(kind=AnswerKind.DONE), by=contact, now=clock.now())
        _at(NOW.replace(hour=10))
        assert send_near() == 1
        [(kind, recipient, _occasion)] = _mails()
    assert (kind, recipient) == (MailKind.ANSWER_CAME, late.scene.people["coordinator"])


@pytest.mark.parametrize("kind", ASKED)
@pytest.mark.parametrize("language", LANGUAGES)
def test_mail_has_no_course_country_number_or_name(lite_app: Flask, kind: MailKind, language: str) -> None:
    facts = {"count": 7, "by": "2027-07-15", "said": ["0123456789abcdef"]}
    envelope = Envelope(
        to="o@example.org",
        sender="a@example.org",
        sender_name="A",
        site_url="https://a.example",
        message_id="a",
        at=NOW,
    )
    with lite_app.app_context():
        letter = letters.letter(kind, facts, language)
        text = letter.subject + mail_pages.plain(letter, envelope.site_url)
        with force_locale(language):
            names = {country_name(code) for code in plan_figures.MEMBERS}
    for day in ("15 July 2027", "15 يوليو 2027", "١٥ يوليو ٢٠٢٧", "15 juillet 2027"):
        text = text.replace(day, "")
    assert not re.search(r"\bM\d\d\b|T10|officer|course|country|pays|cours\b|دورة|بلد", text)
    numbers = set(re.findall(r"\d+", text.replace("\u2068", "")))
    assert numbers <= {"15", "2027"}, text
    assert not any(name in text for name in names)


def test_mails_tell_the_date_in_words(lite_app: Flask) -> None:
    with lite_app.app_context():
        letter = letters.letter(MailKind.ANSWER_ASKED, {"by": "2027-07-15"}, "en")
    assert letter.subject == "Decisions are waiting for you"
    assert letter.lines[:2] == (
        "A colleague has asked you for an answer.",
        "It is wanted by 15 July 2027. Sign in to read it.",
    )


@given(
    starts=st.integers(0, 6),
    days=st.integers(1, 10),
    own=st.integers(0, 10),
    zone_hours=st.integers(-11, 12),
    country=st.sampled_from(["IQ", "BG", "BD"]),
)
def test_date_of_a_reminder_is_mailed_once_if_a_working_hour_is_near(
    starts: int, days: int, own: int, zone_hours: int, country: str
) -> None:
    first = NOW.replace(hour=0) + starts * DAY
    asked = Dated("answer:1", (first + days * DAY).date(), DatedKind.ANSWER, country)
    dates = [asked, Dated("seat:1", (first + own * DAY).date())]
    mailed: dict[str, frozenset[str]] = {}
    could = False
    for hour in range(24 * 14):
        local = first + timedelta(hours=hour + zone_hours)
        could = could or (asked in domain.leaving([asked], local))
        if not domain.near_is_due(local, mailed):
            continue
        if new := domain.near_of_the_day(domain.leaving(dates, local), local, mailed):
            mailed[domain.near_occasion(local.date())] = new
            if asked.fingerprint in new:
                assert 8 <= local.hour < 17
    times = sum(asked.fingerprint in fingerprints for fingerprints in mailed.values())
    assert times == int(could)


@pytest.mark.each_database
def test_interrupted_job_mails_each_reminder_once(late: LateScene, monkeypatch: pytest.MonkeyPatch) -> None:
    for country in ("IQ", "DE"):
        late_scenes.remind(late, country=country, days=2)
    with late.app.app_context():
        with transaction():
            db.session.execute(update(Person).values(mail_rhythm=MailRhythm.WEEKLY))
        monkeypatch.setattr("app.home.jobs.PAGE", 1)
        _at(NOW.replace(hour=10))
        mail_each, pages = messages.mail_each, itertools.count(1)

        def dying(mails: Sequence[NewMail], *rest: Any) -> int:
            new = mail_each(mails, *rest)
            if next(pages) == 2:
                raise KeyboardInterrupt
            return new

        with monkeypatch.context() as patched:
            patched.setattr(messages, "mail_each", dying)
            with pytest.raises(KeyboardInterrupt):
                send_near()
        db.session.rollback()
        assert len(_mails()) == 1
        assert (send_near(), send_near()) == (1, 0)
        recipients = {recipient for _kind, recipient, _occasion in _mails()}
    assert recipients == {late.scene.people[name] for name in ("contact point", "another contact point")}


@pytest.mark.each_database
def test_reminder_is_resolved_when_its_rows_are_no_longer_late(late: LateScene) -> None:
    people = late_scenes.be_late(late, "IQ", 2)
    late_scenes.remind(late)
    late_scenes.remind(late, person_id=people[0])
    with late.app.app_context():
        assert jobs.end_reminders() == 0
        late_scenes.complete(late, people[:1])
        assert jobs.end_reminders() == 1
        late_scenes.complete(late, people[1:])
        assert (jobs.end_reminders(), jobs.end_reminders()) == (1, 0)
        assert set(_states()) == {ReminderState.RESOLVED}


def test_reminder_without_answer_expires_after_fourteen_days(late: LateScene) -> None:
    late_scenes.be_late(late, "IQ", 2)
    late_scenes.remind(late, days=10)
    with late.app.app_context():
        late_scenes.days_later(24)
        assert jobs.end_reminders() == 0
        late_scenes.days_later(1)
        assert (jobs.end_reminders(), jobs.end_reminders()) == (1, 0)
        assert _states() == [ReminderState.EXPIRED]


def test_interrupted_job_ends_each_reminder_once(late: LateScene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "PAGE", 1)
    for country in ("IQ", "DE"):
        late_scenes.remind(late, country=country)
    end_some, pages = reminders.end_some, itertools.count(1)

    def dying(*values: Any) -> int:
        ended = end_some(*values)
        if next(pages) == 2:
            raise KeyboardInterrupt
        return ended

    with late.app.app_context():
        with monkeypatch.context() as patched:
            patched.setattr(reminders, "end_some", dying)
            with pytest.raises(KeyboardInterrupt):
                jobs.end_reminders()
        db.session.rollback()
        assert _states().count(ReminderState.RESOLVED) == 1
        assert (jobs.end_reminders(), jobs.end_reminders()) == (1, 0)


def test_job_takes_as_many_queries_for_three_reminders_as_for_one(late: LateScene) -> None:
    people = late_scenes.be_late(late, "IQ", 3)
    late_scenes.remind(late, person_id=people[0])
    with late.app.app_context():
        jobs.end_reminders()
        with counted(late.app) as for_one:
            jobs.end_reminders()
        for person_id in people[1:]:
            late_scenes.remind(late, person_id=person_id)
        with counted(late.app) as for_three:
            jobs.end_reminders()
    assert len(for_three) == len(for_one)
