"""Old notices and mails go; what was told is told no second time."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from app.competence.domain.statuses import DUE_DAYS
from app.db.session import db, transaction
from app.home import domain as home
from app.kernel import clock
from app.messages import jobs, queries
from app.messages.domain import LASTING, MAIL_KEPT, READ_KEPT, MailKind, MailState, NoticeKind
from app.messages.models import Notice, OutgoingMail
from app.messages.service import outbox
from app.schedule import JOBS
from tests.support import factories

pytestmark = pytest.mark.usefixtures("context")
DAY = timedelta(days=1)


def _tell(person_id: UUID, *, days: int, read: bool, kind: NoticeKind = NoticeKind.ROLE_ENDED) -> str:
    """Write a notice of so many days ago and return its occasion."""
    at, occasion = clock.now() - days * DAY, f"{kind} {days} {read}"
    with transaction():
        outbox.notify(person_id, kind, occasion=occasion, facts={}, path="/settings", now=at)
        if read:
            mine = update(Notice).where(Notice.occasion == occasion, Notice.person_id == person_id)
            db.session.execute(mine.values(read_at=clock.now()))
    return occasion


def _mail(person_id: UUID, state: MailState, *, days: int, sent: int | None = None) -> str:
    """Put a mail of so many days ago into the outbox and return its occasion."""
    at, occasion = clock.now() - days * DAY, f"{state} {days} {sent}"
    values: dict[str, object] = {"state": state}
    if state is MailState.SENT:
        values["sent_at"] = clock.real_now() - (days if sent is None else sent) * DAY
    with transaction():
        outbox.mail(person_id, MailKind.WEEK, occasion=occasion, facts={"count": 1}, due_at=at, now=at)
        db.session.execute(update(OutgoingMail).where(OutgoingMail.occasion == occasion).values(values))
    return occasion


def _left(model: type[Notice | OutgoingMail]) -> set[str]:
    db.session.rollback()
    return set(db.session.scalars(select(model.occasion)))


@pytest.mark.each_database
def test_read_and_unread_notices_expire_after_their_periods() -> None:
    one, other = factories.person(), factories.person()
    gone = [(one, 181, True), (other, 200, True), (one, 731, False), (other, 900, True)]
    kept = [(one, 179, True), (other, 181, False), (one, 729, False)]
    for person_id, days, read in gone:
        _tell(person_id, days=days, read=read)
    stay = {_tell(person_id, days=days, read=read) for person_id, days, read in kept}
    assert (jobs.delete_expired(), jobs.delete_expired()) == (len(gone), 0)
    assert _left(Notice) == stay


@pytest.mark.each_database
def test_sent_and_given_up_mails_expire_after_ninety_days() -> None:
    person_id = factories.person()
    for state in (MailState.SENT, MailState.GIVEN_UP):
        _mail(person_id, state, days=91)
    stay = {_mail(person_id, state, days=89) for state in (MailState.SENT, MailState.GIVEN_UP)}
    stay |= {_mail(person_id, state, days=800) for state in (MailState.QUEUED,)}
    stay.add(_mail(person_id, MailState.SENT, days=91, sent=3))  # it waited for the mail's server
    assert (jobs.delete_expired(), jobs.delete_expired()) == (2, 0)
    assert _left(OutgoingMail) == stay


@pytest.mark.parametrize("kind", LASTING)
def test_notices_that_jobs_would_repeat_are_not_deleted(kind: NoticeKind) -> None:
    person_id = factories.person()
    occasion = _tell(person_id, days=2000, read=True, kind=kind)
    assert jobs.delete_expired() == 0
    with transaction():
        assert not outbox.notify(person_id, kind, occasion=occasion, facts={}, path="/", now=clock.now())


def test_mails_outlive_the_repetition_of_their_occasions() -> None:
    today = clock.today()
    days = [date.fromisoformat(one.removeprefix("waiting:")) for one in home.near_occasions(today)]
    assert min(days) > today - MAIL_KEPT + 7 * DAY
    a_week_on = clock.now() + MAIL_KEPT
    assert home.digest_occasion(a_week_on) != home.digest_occasion(clock.now())
    assert DUE_DAYS * DAY < READ_KEPT  # a competency is said to end within these days alone


@pytest.mark.each_database
def test_expired_rows_are_deleted_in_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "PORTION", 2)
    for _person in range(3):
        person_id = factories.person()
        for days in range(200, 205):
            _tell(person_id, days=days, read=True)
    for days in range(100, 105):
        _mail(person_id, MailState.SENT, days=days)
    removed: list[int] = []
    for name in ("remove_notices", "remove_mails"):
        work = getattr(outbox, name)
        monkeypatch.setattr(outbox, name, lambda ids, work=work: removed.append(len(ids)) or work(ids))
    assert jobs.delete_expired() == 20
    assert max(removed) == 2
    assert db.session.scalar(select(func.count()).select_from(Notice)) == 0


def test_unsent_mail_is_not_deleted() -> None:
    occasion = _mail(factories.person(), MailState.QUEUED, days=800)
    with transaction():
        assert outbox.remove_mails(list(db.session.scalars(select(OutgoingMail.id)))) == 0
    assert _left(OutgoingMail) == {occasion}


def test_retention_job_runs_every_night() -> None:
    [job] = [job for job in JOBS if job.work is jobs.delete_expired]
    assert job.every == DAY


def test_retention_reads_only_people_with_notices() -> None:
    now: datetime = clock.now()
    assert queries.was_notified(UUID(int=0), 5) == []
    assert queries.outlived_mails(now=now, real_now=clock.real_now(), limit=5) == []
