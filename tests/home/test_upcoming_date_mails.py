"""Mails of near dates: their reasons, once a day, also after an interruption."""

import itertools
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest
from flask import Flask
from sqlalchemy import select, update

from app.access.policy import Sensitivity
from app.catalogue.domain.items import Level
from app.catalogue.models import Course
from app.catalogue.shapes import Outline
from app.competence.models import CompetencyValidity
from app.db.session import db, transaction
from app.home import jobs
from app.home.jobs import send_near, send_week
from app.identity import service as accounts
from app.identity.domain.people import MailRhythm
from app.identity.models import Person, RoleGrant
from app.kernel import clock
from app.learning.domain import EnrolmentState, Suggester
from app.learning.models import CourseSuggestion, Enrolment
from app.learning.service import lesson_progress, suggestions
from app.learning.service.suggestions import NewSuggestion
from app.messages.domain import MailKind
from app.messages.models import OutgoingMail
from app.messages.service import outbox as messages
from app.messages.service.outbox import NewMail
from app.workshops.service import lifecycle as workshops
from tests.support import competence_site as scenes, courses as course, factories, workshop_events as events
from tests.support.settings import NOW
from tests.support.sql_statements import counted

DAY, TODAY = timedelta(days=1), NOW.date()  # a Monday
_places = itertools.count(1)


@pytest.fixture
def outline(context: Flask) -> Outline:
    return course.publish().outline


def at(moment: datetime) -> None:
    clock.move(lambda: moment - clock.real_now())


def suggest(outline: Outline, due_on: date | None, *, to: UUID | None = None) -> UUID:
    """Suggest a course to an officer, or to a new one; return the officer."""
    person = to or factories.person()
    boss = factories.person(roles=())
    new = NewSuggestion(
        person_id=person, country="IQ", suggested_by=boss, suggested_as=Suggester.SUPERVISOR, due_on=due_on
    )
    with transaction():
        assert suggestions.suggest(new, outline, clock.now())
    return person


def answer(person: UUID, how: Callable[[UUID, datetime], bool]) -> None:
    """Answer the suggestion made to a person."""
    found = db.session.scalars(select(CourseSuggestion.id).where(CourseSuggestion.person_id == person)).one()
    db.session.rollback()
    with transaction():
        assert how(found, clock.now())


def live_in(person: UUID, zone: str) -> None:
    with transaction():
        db.session.get_one(Person, person).time_zone = zone


def serve_no_more(person: UUID) -> None:
    db.session.query(RoleGrant).filter_by(person_id=person).delete()


def mails(kind: MailKind = MailKind.WAITING) -> list[tuple[UUID, str, int]]:
    """Return the recipients of mails with the occasions and the numbers of dates."""
    query = select(OutgoingMail.recipient_id, OutgoingMail.occasion, OutgoingMail.facts)
    rows = db.session.execute(query.where(OutgoingMail.kind == kind).order_by(OutgoingMail.id)).all()
    db.session.rollback()
    return [(row[0], row[1], msgspec.json.decode(row[2])["count"]) for row in rows]


def event(day: date, **more: Any) -> UUID:
    given = {"sessions": (events.session(day),), "booking_until": TODAY, "capacity": 50} | more
    return events.announced(**given)


@pytest.mark.each_database
def test_day_within_three_days_is_mailed_once(outline: Outline) -> None:
    person = suggest(outline, TODAY + 4 * DAY)
    suggest(outline, None)
    assert send_near() == 0
    at(NOW + DAY)
    assert (send_near(), send_near()) == (1, 0)
    assert mails() == [(person, "waiting:2027-03-02", 1)]
    for days in range(2, 8):
        at(NOW + days * DAY)
        assert send_near() == 0


def test_changed_date_is_mailed_again_but_only_once_per_day(outline: Outline) -> None:
    person = suggest(outline, TODAY + DAY)
    assert send_near() == 1
    with transaction():
        db.session.query(CourseSuggestion).one().due_on = TODAY + 2 * DAY
    assert send_near() == 0
    at(NOW + DAY)
    assert send_near() == 1
    assert [one[:2] for one in mails()] == [(person, "waiting:2027-03-01"), (person, "waiting:2027-03-02")]


def test_no_mail_to_people_without_reminders_or_account(outline: Outline) -> None:
    quiet, gone = suggest(outline, TODAY), suggest(outline, TODAY)
    with transaction():
        accounts.change_settings(quiet, {"mail_rhythm": MailRhythm.NEVER})
        accounts.deactivate(gone, TODAY)
    assert (send_near(), mails()) == (0, [])


def test_answered_suggestions_are_not_mailed(outline: Outline) -> None:
    aside, back, begun = (suggest(outline, TODAY + DAY) for _ in range(3))
    answer(aside, suggestions.set_aside)
    answer(back, suggestions.take_back)
    with transaction():
        lesson_progress.begin(begun, outline, clock.now())
    assert (send_near(), mails()) == (0, [])


def test_no_mail_about_course_that_became_unreadable(outline: Outline) -> None:
    stays, left = suggest(outline, TODAY + DAY), suggest(outline, TODAY + DAY)
    with transaction():
        db.session.get_one(Course, outline.course_id).sensitivity = Sensitivity.LAW_ENFORCEMENT_ONLY
        serve_no_more(left)
    assert (send_near(), [one[0] for one in mails()]) == (1, [stays])


@pytest.mark.each_database
def test_daily_mail_is_sent_from_seven_local_time(outline: Outline) -> None:
    east, west = suggest(outline, TODAY + 3 * DAY), suggest(outline, TODAY + 3 * DAY)
    live_in(east, "Asia/Karachi")  # UTC+5
    live_in(west, "America/New_York")  # UTC-5
    found = []
    for hour in range(-12, 24):
        at(NOW.replace(hour=0) + timedelta(hours=hour, minutes=30))
        found += [(hour, one) for one in range(send_near())]
    # the third day before is 1 March for both: seven o'clock there is 2 and 12 UTC
    assert [hour for hour, _one in found] == [2, 12]
    assert mails() == [(east, "waiting:2027-03-01", 1), (west, "waiting:2027-03-01", 1)]


@pytest.mark.each_database
def test_seat_is_mailed_before_event_but_waiting_list_is_not(context: Flask) -> None:
    soon, later, over = event(TODAY + 3 * DAY, capacity=1), event(TODAY + 4 * DAY), event(TODAY + DAY)
    seated, _waiting = events.booked(soon, 2)
    [afterwards] = events.booked(later, 1)
    [off] = events.booked(over, 1)
    boss, _second = events.staff()
    with transaction():
        workshops.cancel(over, reason="The hall is shut.", by=boss, now=clock.now())
    assert (send_near(), mails()) == (1, [(seated, "waiting:2027-03-01", 1)])
    at(NOW + DAY)
    assert (send_near(), mails()[1:]) == (1, [(afterwards, "waiting:2027-03-02", 1)])
    assert off not in {one[0] for one in mails()}


def test_no_mail_about_event_that_became_unreadable(context: Flask) -> None:
    kept, shut = event(TODAY + DAY, sensitivity=Sensitivity.UNRESTRICTED), event(TODAY + DAY)
    people = [*events.booked(kept, 1), *events.booked(shut, 1)]
    with transaction():
        for one in people:
            serve_no_more(one)
    assert (send_near(), [one[0] for one in mails()]) == (1, people[:1])


@pytest.mark.each_database
def test_only_needed_competencies_are_mailed_before_they_end(context: Flask) -> None:
    scene = scenes.make()
    asked, beside = "VIC-02", "COP-05"  # the second is needed by no role
    for name in (asked, beside):
        scenes.verify(scene.officer, name, Level.PRACTITIONER, ago=3)
    ends = dict(
        db.session.execute(
            select(CompetencyValidity.competency, CompetencyValidity.until).where(
                CompetencyValidity.level == Level.PRACTITIONER
            )
        ).all()
    )
    db.session.rollback()
    days = {until - left * DAY for until in ends.values() for left in range(-2, 7)}
    sent = []
    for day in sorted(days):
        at(datetime.combine(day, NOW.timetz()))
        sent += [day] * send_near()
    assert (set(ends), sent) == ({asked, beside}, [ends[asked] - 3 * DAY])
    assert mails() == [(scene.officer, f"waiting:{ends[asked] - 3 * DAY}", 1)]


def test_all_near_dates_are_in_one_mail(outline: Outline) -> None:
    soon = event(TODAY + 2 * DAY)
    [person] = events.booked(soon, 1)
    suggest(outline, TODAY + 3 * DAY, to=person)
    assert send_near() == 1
    assert mails() == [(person, "waiting:2027-03-01", 2)]


def test_outbox_stores_fingerprints_only(outline: Outline) -> None:
    suggest(outline, TODAY)
    send_near()
    facts = msgspec.json.decode(db.session.scalars(select(OutgoingMail.facts)).one())
    assert set(facts) == {"count", "said"}
    assert [len(one) for one in facts["said"]] == [16]


@pytest.mark.parametrize("near_first", [True, False])
def test_weekly_mail_excludes_dates_mailed_the_same_day(outline: Outline, *, near_first: bool) -> None:
    alone, reader, later = suggest(outline, TODAY + DAY), suggest(outline, TODAY + DAY), suggest(outline, None)
    with transaction():  # a course begun beside the one suggested
        row = {"course_id": outline.course_id, "version_id": outline.version_id, "state": EnrolmentState.BEGUN}
        db.session.add(Enrolment(person_id=reader, **row, begun_at=NOW, last_at=NOW))
    for work in (send_near, send_week) if near_first else (send_week, send_near):
        work()
    assert {one[0] for one in mails()} == {alone, reader}
    assert {(one[0], one[2]) for one in mails(MailKind.WEEK)} == {(reader, 1), (later, 1)}
    assert (send_near(), send_week()) == (0, 0)


def test_weekly_mail_includes_dates_mailed_earlier(outline: Outline) -> None:
    at(NOW - 2 * DAY)
    person = suggest(outline, TODAY + DAY)
    assert send_near() == 1
    at(NOW)
    assert (send_near(), send_week()) == (0, 1)
    assert mails(MailKind.WEEK) == [(person, "week:2027-09", 1)]


@pytest.mark.each_database
def test_paging_includes_all_people_and_dates(outline: Outline, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "PAGE", 2)
    seated = events.booked(event(TODAY + DAY), 5)
    both = seated[::2]
    for one in both:
        suggest(outline, TODAY + 2 * DAY, to=one)
    alone = [suggest(outline, TODAY + 2 * DAY) for _ in range(4)]
    assert send_near() == 9
    assert {one[0]: one[2] for one in mails()} == {**dict.fromkeys(seated + alone, 1), **dict.fromkeys(both, 2)}
    assert send_near() == 0


def test_interrupted_job_continues(outline: Outline, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "PAGE", 2)
    people = sorted(suggest(outline, TODAY + 2 * DAY) for _ in range(5))
    mail_each, pages = messages.mail_each, itertools.count(1)

    def dying(*given: Any) -> int:
        made = mail_each(*given)
        if next(pages) == 2:
            raise KeyboardInterrupt
        return made

    with monkeypatch.context() as patched:
        patched.setattr(messages, "mail_each", dying)
        with pytest.raises(KeyboardInterrupt):
            send_near()
    db.session.rollback()
    assert sorted(one[0] for one in mails()) == people[:2]
    assert send_near() == 3
    assert sorted(one[0] for one in mails()) == people


def test_daily_mail_has_constant_query_count(app: Flask) -> None:
    with app.app_context():
        found = course.publish().outline
        soon = event(TODAY + DAY, capacity=400)
        boss = factories.person(roles=())
        asked = []
        for more in (3, 97):
            for one in events.booked(soon, more):
                new = NewSuggestion(
                    person_id=one,
                    country="IQ",
                    suggested_by=boss,
                    suggested_as=Suggester.SUPERVISOR,
                    due_on=TODAY + DAY,
                )
                with transaction():
                    suggestions.suggest(new, found, clock.now())
            with counted(app) as told:
                assert send_near() == more
            asked.append(len(told))
            with counted(app) as told:
                assert send_near() == 0
            asked.append(len(told))
    assert asked == [asked[0], asked[1]] * 2
    assert asked[0] <= 30


@pytest.mark.each_database
@pytest.mark.parametrize("work", [send_near, send_week])
def test_mails_of_another_scheduler_are_not_counted(
    outline: Outline, monkeypatch: pytest.MonkeyPatch, work: Callable[[], int]
) -> None:
    for _ in range(2):
        suggest(outline, TODAY + 2 * DAY if work is send_near else None)
    mail_each = messages.mail_each

    def late(letters: Sequence[NewMail], *given: Any) -> int:
        mail_each(letters[:1], *given)
        return mail_each(letters, *given)

    monkeypatch.setattr(messages, "mail_each", late)
    assert (work(), work()) == (1, 0)


def test_weekly_mail_has_constant_query_count(app: Flask) -> None:
    with app.app_context():
        found = course.publish().outline
        asked = []
        for more in (3, 97):
            for _ in range(more):
                suggest(found, None)
            with transaction():  # no mails to other people
                others = Person.id.not_in(select(CourseSuggestion.person_id))
                db.session.execute(update(Person).where(others).values(mail_rhythm=MailRhythm.NEVER))
            told: list[list[str]] = []
            for expected in (more, 0):
                with counted(app) as statements:
                    assert send_week() == expected
                told.append(statements)
            asked.append([len(one) for one in told])
            assert [sum("INTO outgoing_mail" in one for one in each) for each in told] == [1, 0]
    assert asked[0] == asked[1]
    assert asked[0][1] <= 4
