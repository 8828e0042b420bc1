import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from app import schedule
from app.access.policy import Role, Scope
from app.db.session import transaction
from app.kernel import clock
from app.messages import jobs
from app.messages.domain import MailKind
from app.messages.service import outbox as messages
from app.operations.labels.jobs import JOBS
from app.operations.service import job_runs
from config import Mode
from tests.support import backup_runs, factories

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
