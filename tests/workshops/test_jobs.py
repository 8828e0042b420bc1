from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from app.db.session import db, transaction
from app.workshops import jobs, queries
from app.workshops.models import WorkshopSession
from tests.workshops.events_for_tests import announced


def test_times_follow_the_zones_and_a_second_run_finds_nothing(context: Flask) -> None:
    workshop_id = announced()
    before = queries.get(workshop_id).starts_at
    with transaction():
        for one in db.session.scalars(select(WorkshopSession)):
            one.starts_at -= timedelta(hours=1)
    assert [jobs.derive_times(), jobs.derive_times()] == [2, 0]
    assert queries.get(workshop_id).starts_at == before
