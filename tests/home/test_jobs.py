from datetime import UTC, datetime
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import delete, select

from app.access.policy import Role, Sensitivity
from app.catalogue.models import Course
from app.db.session import db, transaction
from app.home.jobs import send_week
from app.identity import service as accounts
from app.identity.domain.people import MailRhythm
from app.identity.models import RoleGrant
from app.kernel import clock
from app.learning.domain import Suggester
from app.learning.service import lesson_progress, suggestions
from app.learning.service.suggestions import NewSuggestion
from app.messages.models import OutgoingMail
from tests.support import courses as course, factories
from tests.support.site_snapshots import kept

MONDAY = datetime(2027, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
@kept
def reader(context: Flask) -> UUID:
    outline = course.publish().outline
    person = factories.person()
    with transaction():
        lesson_progress.begin(person, outline, clock.now())
    return person


def _at(moment: datetime) -> None:
    clock.move(lambda: moment - clock.real_now())


def _mails() -> list[tuple[UUID, str]]:
    return [
        tuple(row)
        for row in db.session.execute(
            select(OutgoingMail.recipient_id, OutgoingMail.occasion).order_by(OutgoingMail.id)
        )
    ]


def test_people_with_open_courses_get_one_mail_per_week(reader: UUID) -> None:
    _at(MONDAY)
    assert (send_week(), send_week()) == (1, 0)
    assert _mails() == [(reader, "week:2027-09")]
    _at(MONDAY.replace(day=8))
    assert send_week() == 1


def test_weekly_mail_is_not_sent_on_other_days_or_when_disabled(reader: UUID) -> None:
    _at(MONDAY.replace(day=2))
    assert send_week() == 0
    _at(MONDAY)
    with transaction():
        accounts.change_settings(reader, {"mail_rhythm": MailRhythm.NEVER})
    assert (send_week(), _mails()) == (0, [])


@pytest.mark.each_database
def test_weekly_mail_counts_suggested_courses(reader: UUID) -> None:
    outline, other, boss = course.publish().outline, factories.person(), factories.person(roles=())
    new = NewSuggestion(person_id=other, country="IQ", suggested_by=boss, suggested_as=Suggester.SUPERVISOR)
    with transaction():
        suggestions.suggest(new, outline, clock.now())
    _at(MONDAY)
    assert send_week() == 2
    assert {one for one, _occasion in _mails()} == {reader, other}


@pytest.mark.each_database
def test_weekly_mail_ignores_suggested_courses_above_clearance(context: Flask) -> None:
    outline, officer, boss = course.publish().outline, factories.person(), factories.person(roles=())
    new = NewSuggestion(person_id=officer, country="IQ", suggested_by=boss, suggested_as=Suggester.SUPERVISOR)
    with transaction():
        suggestions.suggest(new, outline, clock.now())
        db.session.get_one(Course, outline.course_id).sensitivity = Sensitivity.LAW_ENFORCEMENT_ONLY
        mine = (RoleGrant.person_id == officer, RoleGrant.role == Role.PRACTITIONER)
        db.session.execute(delete(RoleGrant).where(*mine))
    _at(MONDAY)
    assert (send_week(), _mails()) == (0, [])


def test_weekly_mail_is_not_sent_without_open_courses(context: Flask) -> None:
    factories.person()
    _at(MONDAY)
    assert (send_week(), _mails()) == (0, [])
