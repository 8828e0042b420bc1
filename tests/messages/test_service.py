from datetime import timedelta
from threading import Barrier, Thread
from uuid import UUID

import pytest
from flask import Flask

from app.db.session import db, transaction
from app.kernel import clock
from app.messages import queries
from app.messages.domain import MOST_TRIES, PAUSES, MailKind, MailState, NoticeKind, Refusal
from app.messages.models import Notice, OutgoingMail
from app.messages.service import outbox
from tests.support import factories


def _tell(person_id: UUID, occasion: str = "completed:m01") -> bool:
    with transaction():
        return outbox.notify(
            person_id,
            NoticeKind.COURSE_COMPLETED,
            occasion=occasion,
            facts={"course": "M01"},
            path="/courses/m01",
            now=clock.now(),
        )


def _mail(person_id: UUID, occasion: str = "week:2027-09") -> bool:
    now = clock.now()
    with transaction():
        return outbox.mail(person_id, MailKind.WEEK, occasion=occasion, facts={"count": 2}, due_at=now, now=now)


@pytest.mark.each_database
@pytest.mark.usefixtures("context")
def test_notice_is_written_once_for_occasion_and_person() -> None:
    one, other = factories.person(), factories.person()
    told = [_tell(one), _tell(one), _tell(other), _tell(one, "completed:m02")]
    assert told == [True, False, True, True]
    assert (queries.unread(one), queries.unread(other), queries.count(one)) == (2, 1, 2)


@pytest.mark.each_database
@pytest.mark.usefixtures("context")
def test_notices_are_listed_newest_first_in_pages() -> None:
    person_id = factories.person()
    start = clock.now()
    for n in range(5):
        clock.move(lambda n=n: start + timedelta(days=n) - clock.real_now())
        _tell(person_id, f"completed:{n}")
    pages = [queries.notices(person_id, page, size=2) for page in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [2, 2, 1, 0]
    times = [line.at for page in pages for line in page]
    assert times == sorted(times, reverse=True)
    line = pages[0][0]
    assert (line.kind, dict(line.facts), line.path, line.unread) == (
        NoticeKind.COURSE_COMPLETED,
        {"course": "M01"},
        "/courses/m01",
        True,
    )


@pytest.mark.usefixtures("context")
def test_mark_as_read_covers_all_notices_of_one_person() -> None:
    one, other = factories.person(), factories.person()
    _tell(one)
    _tell(other)
    with transaction():
        assert outbox.mark_all_read(one, clock.now()) == 1
    assert (queries.unread(one), queries.unread(other)) == (0, 1)
    assert [line.unread for line in queries.notices(one, 1)] == [False]


@pytest.mark.each_database
@pytest.mark.usefixtures("context")
def test_mail_is_queued_once_for_occasion_and_recipient() -> None:
    one, other = factories.person(), factories.person()
    assert [_mail(one), _mail(one), _mail(other)] == [True, False, True]
    assert queries.counts() == {
        MailState.QUEUED: 2,
        MailState.SENT: 0,
        MailState.FAILED: 0,
        MailState.GIVEN_UP: 0,
    }


@pytest.mark.each_database
def test_mail_to_many_is_queued_once_for_each(context: Flask) -> None:
    people, now = [factories.person() for _ in range(3)], clock.now()
    for asked in (people[:2], people, []):
        with transaction():
            outbox.mail_all(asked, MailKind.DATE_CHANGED, occasion="moved:1", facts={"at": now, "dates": []}, now=now)
    mails = [queries.mail(one) for one in queries.due(now=now, real_now=clock.real_now(), limit=9)]
    assert sorted(mail.recipient_id for mail in mails) == sorted(people)
    assert len({mail.message_id for mail in mails}) == 3
    assert {(mail.state, mail.tries) for mail in mails} == {(MailState.QUEUED, 0)}


@pytest.mark.each_database
def test_concurrent_requests_queue_one_mail_and_one_notice(app: Flask) -> None:
    with app.app_context():
        person_id = factories.person()
    start, done = Barrier(6), []

    def ask() -> None:
        with app.app_context():
            start.wait()
            done.append((_mail(person_id), _tell(person_id)))

    threads = [Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [sum(answers) for answers in zip(*done, strict=True)] == [1, 1]
    with app.app_context():
        assert (db.session.query(OutgoingMail).count(), db.session.query(Notice).count()) == (1, 1)


@pytest.mark.each_database
@pytest.mark.usefixtures("context")
def test_claimed_mail_is_free_again_after_the_pause() -> None:
    _mail(factories.person())
    real_now = clock.real_now()
    [mail_id] = queries.due(now=clock.now(), real_now=real_now, limit=9)
    with transaction():
        assert outbox.claim(mail_id, real_now)
    with transaction():
        assert not outbox.claim(mail_id, real_now + PAUSES[0] - timedelta(seconds=1))
    assert queries.due(now=clock.now(), real_now=real_now, limit=9) == []
    with transaction():
        assert outbox.claim(mail_id, real_now + PAUSES[0])
    assert queries.mail(mail_id).tries == 2


@pytest.mark.usefixtures("context")
def test_mail_is_given_up_after_its_last_try() -> None:
    _mail(factories.person())
    real_now = clock.real_now()
    [mail_id] = queries.due(now=clock.now(), real_now=real_now, limit=9)
    states = []
    for pause in PAUSES:
        with transaction():
            assert outbox.claim(mail_id, real_now)
            outbox.record_refusal(mail_id, Refusal("TimeoutError"))
        states.append(queries.mail(mail_id).state)
        real_now += pause
    assert states == [MailState.FAILED] * (MOST_TRIES - 1) + [MailState.GIVEN_UP]
    assert queries.due(now=clock.now(), real_now=real_now, limit=9) == []


@pytest.mark.usefixtures("context")
def test_late_refusal_does_not_undo_a_sent_mail() -> None:
    _mail(factories.person())
    [mail_id] = queries.due(now=clock.now(), real_now=clock.real_now(), limit=9)
    with transaction():
        outbox.claim(mail_id, clock.real_now())
        outbox.record_sent(mail_id, clock.real_now())
    with transaction():
        outbox.record_refusal(mail_id, Refusal("TimeoutError"))
    assert queries.mail(mail_id).state is MailState.SENT


@pytest.mark.usefixtures("context")
def test_mail_is_not_claimed_before_it_is_due() -> None:
    person_id, now = factories.person(), clock.now()
    with transaction():
        outbox.mail(person_id, MailKind.WEEK, occasion="w", facts={}, due_at=now + timedelta(days=1), now=now)
    assert queries.due(now=now, real_now=clock.real_now(), limit=9) == []
    assert len(queries.due(now=now + timedelta(days=1), real_now=clock.real_now(), limit=9)) == 1
