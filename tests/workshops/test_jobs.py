from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.db.session import db, transaction
from app.schedule import JOBS
from app.workshops import jobs
from app.workshops.domain import times
from app.workshops.models import WorkshopSession
from app.workshops.queries import workshops
from tests.support.workshop_events import announced


@pytest.mark.each_database
def test_times_follow_the_zones_and_a_second_run_finds_nothing(context: Flask) -> None:
    workshop_id = announced()
    before = workshops.get(workshop_id).starts_at
    with transaction():
        for one in db.session.scalars(select(WorkshopSession)):
            one.starts_at -= timedelta(hours=1)
    assert [jobs.derive_times(), jobs.derive_times()] == [2, 0]
    assert workshops.get(workshop_id).starts_at == before


def test_changed_zone_rule_moves_utc_times_but_not_local_times(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    workshop_id = announced()
    before = workshops.get(workshop_id).sessions
    rule = times.at
    monkeypatch.setattr(times, "at", lambda day, when, zone: rule(day, when, zone) + timedelta(hours=1))
    assert [jobs.derive_times(), jobs.derive_times()] == [2, 0]
    after = workshops.get(workshop_id).sessions
    assert [one.starts_at for one in after] == [one.starts_at + timedelta(hours=1) for one in before]
    assert [(one.day, one.starts, one.ends) for one in after] == [(one.day, one.starts, one.ends) for one in before]


def test_job_runs_daily() -> None:
    [job] = [job for job in JOBS if job.work is jobs.derive_times]
    assert job.every == timedelta(days=1)
