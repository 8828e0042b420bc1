"""Plans of any period, and the academy's time moved on: what only happens long after a plan."""

from datetime import UTC, date, datetime, time, timedelta

import msgspec

from app.catalogue.service import publication as catalogue
from app.db.session import db, transaction
from app.kernel import clock
from tests.support import courses as course, plans

PERIOD = "starts = 2027-01-01, ends = 2029-12-31"
# attempts of the plan's last days go after 24 months, and not a day before
GONE = date(2032, 1, 1)


def load(starts: date, ends: date) -> None:
    """Take over the small plan with another period."""
    text = plans.toml()
    assert PERIOD in text
    plan = plans.plan(text.replace(PERIOD, f"starts = {starts}, ends = {ends}"))
    references = msgspec.structs.replace(course.ready()[1], plan=plan)
    with transaction():
        catalogue.store_references(references, clock.now())
    db.session.rollback()


def move_to(day: date) -> datetime:
    """Let it be the morning of a day, and return the time."""
    start, then = clock.real_now(), datetime.combine(day, time(5), UTC)
    clock.move(lambda: then - start)
    return then


def before(day: date) -> date:
    return day - timedelta(days=1)
