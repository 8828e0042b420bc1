"""Two other libraries read the calendar files of events and find the same instants."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import ics
import vobject
from hypothesis import given, strategies as st

from app.messages.domain import CalendarDate
from app.messages.service.calendar_files import calendar

ZONES = ("Europe/Sofia", "Asia/Karachi", "Asia/Kabul", "UTC")
AT = datetime(2027, 1, 4, 8, tzinfo=UTC)


@st.composite
def dates(draw: st.DrawFn) -> CalendarDate:
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    # hours around the change of the clocks are among them
    starts = datetime(2027, 3, 27, tzinfo=zone) + timedelta(minutes=draw(st.integers(0, 60 * 24 * 400)))
    ends = starts.astimezone(UTC) + timedelta(minutes=draw(st.integers(1, 600)))
    return CalendarDate(uuid4(), starts.astimezone(UTC), ends, draw(st.booleans()))


@given(st.lists(dates(), min_size=1, max_size=4, unique_by=lambda date: date.starts_at))
def test_two_readers_find_the_same_instants(days: list[CalendarDate]) -> None:
    text = calendar(days, title="Academy", at=AT).decode()
    wanted = {(str(day.uid), day.starts_at, day.ends_at) for day in days}
    assert {
        (entry.uid.value, entry.dtstart.value.astimezone(UTC), entry.dtend.value.astimezone(UTC))
        for entry in vobject.readOne(text).vevent_list
    } == wanted
    assert {
        (entry.uid, entry.begin.datetime.astimezone(UTC), entry.end.datetime.astimezone(UTC))
        for entry in ics.Calendar(text).events
    } == wanted
