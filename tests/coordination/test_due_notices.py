"""Automatic notices about courses with a date: 7 days before and 1 day after, once each, neutral mail near the date."""

import itertools
import json
import threading
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update

from app import schedule
from app.coordination import jobs
from app.coordination.domain.due_notices import DueNotice, notice_of
from app.coordination.service import due_notices
from app.db.session import db, transaction
from app.home.jobs import send_near
from app.identity.domain.people import MailRhythm
from app.identity.models import Person
from app.kernel import clock
from app.messages.domain import MailKind, NoticeKind
from app.messages.models import Notice, OutgoingMail
from app.schedule import Job
from tests.support import late_scenes
from tests.support.late_scenes import LateScene
from tests.support.settings import NOW
from tests.support.sql_statements import counted

DAY = timedelta(days=1)


@pytest.fixture
def late(app: Flask) -> LateScene:
    return late_scenes.make(app)


def _at(moment: datetime) -> None:
    clock.move(lambda: moment - clock.real_now())


def _notices() -> list[tuple[UUID, str]]:
    query = select(Notice.person_id, Notice.occasion).where(Notice.kind == NoticeKind.DATE_ASKED)
    rows = [(row[0], row[1].rpartition(":")[2]) for row in db.session.execute(query.order_by(Notice.at))]
    db.session.rollback()
    return rows


@pytest.mark.parametrize(
    ("days", "notice"),
    [(8, None), (7, "before"), (1, "before"), (0, "before"), (-1, "after"), (-7, "after"), (-8, None)],
)
def test_notice_of_a_date_is_before_or_after_it(days: int, notice: str | None) -> None:
    today = date(2027, 3, 1)
    assert notice_of(today + days * DAY, today) == (DueNotice(notice) if notice else None)


@pytest.mark.each_database
def test_officer_is_notified_once_before_and_once_after(late: LateScene) -> None:
    [officer] = late_scenes.be_late(late, "IQ", 1, days=-9)
    by_day = {}
    with late.app.app_context():
        for day in range(20):
            by_day[day] = jobs.notify_due() + jobs.notify_due()
            late_scenes.days_later(1)
        assert _notices() == [(officer, "before"), (officer, "after")]
    assert [day for day, count in by_day.items() if count] == [2, 10]


def test_completed_course_is_not_notified_of(late: LateScene) -> None:
    people = late_scenes.be_late(late, "IQ", 2, days=-5)
    late_scenes.complete(late, people[:1])
    with late.app.app_context():
        assert jobs.notify_due() == 1
        assert _notices() == [(people[1], "before")]


def test_stopped_job_catches_up_within_seven_days(late: LateScene) -> None:
    late_scenes.be_late(late, "IQ", 1, days=7)
    late_scenes.be_late(late, "IQ", 1, days=8)
    with late.app.app_context():
        assert (jobs.notify_due(), jobs.notify_due()) == (1, 0)


@pytest.mark.each_database
def test_interrupted_job_notifies_each_officer_once(late: LateScene, monkeypatch: pytest.MonkeyPatch) -> None:
    people = late_scenes.be_late(late, "IQ", 5, days=-5)
    monkeypatch.setattr(jobs, "PAGE", 1)
    notify_each = due_notices.notify_each
    with late.app.app_context():
        for kill in range(1, 6):
            pages = itertools.count(1)

            def dying(*values: Any, pages: Any = pages, kill: int = kill) -> int:
                count = notify_each(*values)
                if next(pages) == kill:
                    raise KeyboardInterrupt
                return count

            with monkeypatch.context() as patched:
                patched.setattr(due_notices, "notify_each", dying)
                with pytest.raises(KeyboardInterrupt):
                    jobs.notify_due()
            db.session.rollback()
            assert len(_notices()) == kill - 1
        assert (jobs.notify_due(), jobs.notify_due()) == (1, 0)
        assert sorted(_notices()) == sorted((person_id, "before") for person_id in people)


@pytest.mark.each_database
def test_four_schedulers_notify_each_officer_once(late: LateScene) -> None:
    late_scenes.be_late(late, "IQ", 4, days=-5)
    start = threading.Barrier(4)

    def run(holder: str) -> None:
        start.wait()
        schedule.run(late.app, Job("notify of due courses", jobs.notify_due, timedelta(minutes=1)), holder)

    threads = [threading.Thread(target=run, args=(f"holder {n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with late.app.app_context():
        assert len(_notices()) == 4


def test_near_date_is_mailed_once_without_course_or_country(late: LateScene) -> None:
    [officer] = late_scenes.be_late(late, "IQ", 1, days=-9)
    with late.app.app_context():
        with transaction():
            db.session.execute(update(Person).where(Person.id != officer).values(mail_rhythm=MailRhythm.NEVER))
        sent: list[int] = []
        for day in range(12):
            moment = NOW.replace(hour=10) + day * DAY
            _at(moment)
            sent += [day] * send_near()
        [mail] = _mails(officer)
    # Wednesday 10 March 2027 is the date; three days before is Sunday, a working day in Iraq
    assert (sent, mail[0], set(mail[1])) == ([6], MailKind.DATE_ASKED, {"by", "count", "said"})


def _mails(person_id: UUID) -> Sequence[tuple[MailKind, dict[str, Any]]]:
    query = select(OutgoingMail.kind, OutgoingMail.facts).where(OutgoingMail.recipient_id == person_id)
    return [(row[0], json.loads(row[1])) for row in db.session.execute(query)]


def test_job_takes_no_more_statements_for_officers_notified_before(late: LateScene) -> None:
    late_scenes.be_late(late, "IQ", 1, days=-5)
    with late.app.app_context():
        jobs.notify_due()
        with counted(late.app) as few:
            jobs.notify_due()
        late_scenes.be_late(late, "IQ", 5, days=-5)
        jobs.notify_due()
        with counted(late.app) as many:
            jobs.notify_due()
    assert len(many) == len(few)
