import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from app import schedule
from app.access.policy import Role, Scope
from app.backup.domain.status import BackupSummary
from app.db.migration_files import TableState
from app.db.session import transaction
from app.kernel import clock
from app.messages import jobs, queries as outbox_queries
from app.messages.domain import MailKind, MailState, Refusal
from app.messages.queries import OutboxGroup
from app.messages.service import outbox as messages
from app.operations import domain
from app.operations.labels.jobs import JOBS
from app.operations.pages import status as pages
from app.operations.service import job_runs
from config import Mode
from tests.support import backup_runs, factories, sites

START = datetime(2027, 3, 1, tzinfo=UTC)
ADMINISTRATOR = ((Role.ADMINISTRATOR, Scope.ALL, ""),)


def _page(app: Flask) -> str:
    with app.app_context():
        person_id = factories.person(roles=(), grants=ADMINISTRATOR)
    return factories.sign_in(app, person_id).get("/operations").get_data(as_text=True)


def test_status_page_is_for_administrators_only(app: Flask) -> None:
    with app.app_context():
        officer = factories.person()
    assert factories.sign_in(app, officer).get("/operations").status_code == 403
    assert app.test_client().get("/operations").status_code == 302


def test_jobs_show_labels_of_their_states(app: Flask) -> None:
    first, second, *_more = app.extensions["jobs"]
    now = clock.real_now()
    with app.app_context(), transaction():
        job_runs.record_start(first.name, now - timedelta(days=2))
        job_runs.record_end(first.name, now - timedelta(days=2), took_ms=5)
    page = _page(app)
    rows = {
        name: row
        for name in (first.name, second.name)
        for row in re.findall(r"<tr>.*?</tr>", page, re.S)
        if str(JOBS[name]) in row
    }
    assert "Late" in rows[first.name]
    assert "status bad" in rows[first.name]
    assert "Not yet run" in rows[second.name]


def test_every_scheduled_job_has_a_label() -> None:
    assert list(JOBS) == [job.name for job in schedule.JOBS]


@pytest.mark.each_database
def test_failed_sign_ins_are_shown_as_a_number_only(app: Flask) -> None:
    from app.sign_in.service import sessions as accounts

    with app.app_context():
        for _ in range(3):
            with transaction():
                accounts.sign_in(
                    None, name="unknown@example.org", address="203.0.113.9", shared=False, real_now=clock.real_now()
                )
    page = _page(app)
    assert "<dt>Failed sign-ins in the last hour</dt><dd>3</dd>" in page
    assert "203.0.113.9" not in page
    assert "unknown@example.org" not in page


def test_demonstration_lists_unsent_mails(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], mode=Mode.DEMO))
    now = clock.now()
    with app.app_context():
        person_id = factories.person(alias="Heron 7", mail="heron@example.org")
        with transaction():
            messages.mail(person_id, MailKind.WEEK, occasion="week", facts={"count": 2}, due_at=now, now=now)
        assert jobs.send_due() == 1
    page = _page(app)
    assert "Heron 7" in page
    assert "Your week at the academy" in page
    assert "2 things are waiting for you." in page
    assert "heron@example.org" not in page


def test_live_site_lists_no_mails(app: Flask) -> None:
    page = _page(app)
    assert "what it would have sent" not in page
    assert "No mail server is set" in page


def test_backups_show_proof_and_check_of_a_holder(app: Flask) -> None:
    now = clock.real_now()
    with app.app_context():
        backup_runs.add(now, checked_at=now, faults=2)
    page = _page(app)
    assert "Restored and compared: 12345 rows" in page
    assert "2 faults of the site itself" in page
    assert "3.0 MB" in page
    assert "Backups need attention" not in page


def test_failed_backup_needs_attention(app: Flask) -> None:
    now = clock.real_now()
    with app.app_context():
        backup_runs.add(now - timedelta(hours=1), checked_at=now)
        backup_runs.add(now, error="The disk of /backups is full.")
    page = _page(app)
    assert "Backups need attention" in page
    assert "The disk of /backups is full." in page


def test_site_without_backups_says_what_to_set(app: Flask) -> None:
    page = _page(app)
    assert "Backups need attention" in page
    assert "Set: <code>BACKUP_PATH</code>, <code>BACKUP_HOLDERS</code>." in page


def _give_up_mail(occasion: str) -> None:
    """Give up a mail to a person with an address of its own."""
    now = clock.now()
    person_id = factories.person(mail=f"{occasion}@example.org", alias=f"Heron {occasion}")
    with transaction():
        messages.mail(person_id, MailKind.WEEK, occasion=occasion, facts={"count": 2}, due_at=now, now=now)
    (mail_id,) = outbox_queries.due(now=now, real_now=clock.real_now(), limit=1)
    with transaction():
        messages.claim(mail_id, clock.real_now())
        messages.record_refusal(mail_id, Refusal("recipient refused: 550", for_good=True))


def test_outbox_shows_kinds_and_errors_without_people_and_sends_again(app: Flask) -> None:
    with app.app_context():
        _give_up_mail("first")
        _give_up_mail("second")
        administrator = factories.person(roles=(), grants=ADMINISTRATOR)
    client = factories.sign_in(app, administrator)
    page = client.get("/operations").text
    (row,) = [row for row in re.findall(r"<tr>.*?</tr>", page, re.S) if "recipient refused: 550" in row]
    assert ("Your week at the academy" in row, "<bdi>2</bdi>" in row, "Given up" in row) == (True, True, True)
    assert "2 mails were given up" in page
    assert not re.search("Heron|first@|second@", page)
    assert sites.post(app, client, "/operations/outbox").headers["Location"] == "/operations#mail"
    page = client.get("/operations").text
    assert "were given up" not in page
    assert "recipient refused" not in page
    with app.app_context():
        assert len(outbox_queries.due(now=clock.now(), real_now=clock.real_now(), limit=9)) == 2


def _group(kind: MailKind, state: MailState, error: str = "", *, count: int = 1, hours: int = 0) -> OutboxGroup:
    """Return a group of mails, the oldest made this many hours after the start and tried a day later."""
    oldest = START + timedelta(hours=hours)
    return OutboxGroup(kind, state, error, count, oldest, oldest + timedelta(days=1))


def test_mails_that_look_alike_are_one_row_and_faults_come_first(app: Flask) -> None:
    groups = [
        _group(MailKind.WAITING, MailState.QUEUED, count=2, hours=5),
        _group(MailKind.WEEK, MailState.QUEUED, count=9),
        _group(MailKind.MESSAGE, MailState.QUEUED, count=3, hours=1),
        _group(MailKind.WAITING, MailState.SENT, count=50),
        _group(MailKind.WAITING, MailState.FAILED, "timeout", count=4),
        _group(MailKind.MESSAGE, MailState.FAILED, "refused"),
        _group(MailKind.REPORT_READY, MailState.FAILED, "refused", hours=2),
        _group(MailKind.INVITATION, MailState.GIVEN_UP, "no such host"),
    ]
    with app.test_request_context():
        rows = pages.outbox_rows(groups)
    assert [(row.subject, row.state, row.error, row.count) for row in rows] == [
        ("Your access to the academy", MailState.GIVEN_UP, "no such host", 1),
        ("Something is waiting for you", MailState.FAILED, "timeout", 4),
        ("Something is waiting for you", MailState.FAILED, "refused", 2),
        ("Your week at the academy", MailState.QUEUED, "", 9),
        ("Something is waiting for you", MailState.QUEUED, "", 5),
    ]
    assert (rows[-1].oldest_at, rows[-1].next_try_at) == (START + timedelta(hours=1), START + timedelta(hours=25))


def test_row_of_mails_that_are_not_tried_again_has_no_next_try(app: Flask) -> None:
    group = replace(_group(MailKind.WEEK, MailState.GIVEN_UP, "refused"), next_try_at=None)
    with app.test_request_context():
        (row,) = pages.outbox_rows([group])
    assert row.next_try_at is None


def test_faults_come_first_and_good_jobs_are_folded(app: Flask) -> None:
    first, second, *_more = app.extensions["jobs"]
    now = clock.real_now()
    with app.app_context(), transaction():
        job_runs.record_start(first.name, now)
        job_runs.record_end(first.name, now, took_ms=5, error="ValueError at jobs.py:1")
        job_runs.record_start(second.name, now)
        job_runs.record_end(second.name, now, took_ms=5)
    page = _page(app)
    fault, folded = page.index("1 job failed or is late"), page.index("<details>")
    assert page.index("What needs attention") < fault < page.index(str(JOBS[first.name])) < folded
    assert page.index(str(JOBS[second.name])) > folded


def _site(**values: object) -> pages.SiteState:
    run = domain.Run("a", clock.real_now(), clock.real_now(), "", 1, 1)
    backups = pages.backup_status(BackupSummary(None, None, None), timedelta(hours=6), clock.real_now(), is_set_up=True)
    site = pages.SiteState(
        jobs=[domain.line(domain.Planned("a", timedelta(days=1)), run, clock.real_now())],
        mails_given_up=0,
        is_disk_short=False,
        replica=pages.ReplicaStatus(is_set_up=False),
        media=pages.MediaStatus("", "", has_other_user=False),
        table_state=TableState.CURRENT,
        audit_log=pages.AuditLogStatus(verified_at=None, is_damaged=False, earlier_damage_at=None, signed_at=None),
        backups=backups,
        has_incident=False,
        is_demo=True,
    )
    return replace(site, **values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "sections"),
    [
        ({}, []),
        ({"is_demo": False}, ["backups"]),
        ({"replica": pages.ReplicaStatus(is_set_up=True)}, []),
        ({"replica": pages.ReplicaStatus(is_set_up=True, is_behind=True)}, []),
        ({"replica": pages.ReplicaStatus(is_set_up=True, fault="it does not answer")}, ["machine"]),
        ({"has_incident": True, "is_disk_short": True}, ["incident", "machine"]),
        ({"table_state": TableState.NEWER, "mails_given_up": 3}, ["machine", "mail"]),
        ({"jobs": []}, ["jobs"]),
    ],
)
def test_faults_are_listed_by_urgency(app: Flask, values: dict[str, object], sections: list[str]) -> None:
    with app.test_request_context():
        assert [fault.section for fault in pages.faults(_site(**values))] == sections
