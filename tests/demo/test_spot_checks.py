from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from app.demo.history.manual_entries import DemoStaff
from app.demo.sittings import spot_checks


@pytest.mark.parametrize("hour", [0, 2, 12, 23])
def test_surprise_checks_begin_and_end_on_one_day_at_any_hour_of_the_demonstration(hour: int) -> None:
    now = datetime(2027, 7, 1, hour, 40, tzinfo=UTC)
    office = DemoStaff(now, {}, {}, [])
    *checks, _quarter = spot_checks.actions(office, [], [], Random(1))
    assert len(checks) == len(spot_checks.COMPETENCIES)
    for check in checks:
        begins = check.at - timedelta(hours=3)
        assert begins.date() == (begins + timedelta(hours=2)).date() == check.at.date()
