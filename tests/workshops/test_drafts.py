from datetime import date, time
from typing import Any

import pytest

from app.catalogue.domain.items import Level
from app.workshops.domain import changes
from app.workshops.domain.drafts import faults
from app.workshops.domain.events import Format
from tests.workshops.events_for_tests import draft, session

NIGHT = date(2027, 3, 28)


def test_a_good_draft_has_no_fault() -> None:
    assert faults(draft()) == []
    assert faults(draft(form=Format.ONLINE, town="")) == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"code": "ws 1"}, "A code has 2 to 20"),
        ({"code": "W" * 21}, "A code has 2 to 20"),
        ({"capacity": 0}, "1 to 1000 seats"),
        ({"capacity": 1001}, "1 to 1000 seats"),
        ({"attendance_share": 0.0}, "share of sessions"),
        ({"attendance_share": 1.01}, "share of sessions"),
        ({"languages": ()}, "at least one language"),
        ({"town": ""}, "Name the town"),
        ({"town": "S" * 81}, "The town has at most 80"),
        ({"venue": "S" * 301}, "The venue has at most 300"),
        ({"title": {"ar": "نوبة"}}, "a title in English"),
        ({"title": {"en": "T" * 201}}, "The title has at most 200"),
        ({"summary": {"en": "T" * 1001}}, "The summary has at most"),
        ({"time_zone": "Europe/Nowhere"}, "There is no time zone Europe/Nowhere"),
        ({"sessions": ()}, "1 to 60 sessions"),
        ({"sessions": (session(), session())}, "Session 2 begins before session 1 ends."),
        ({"sessions": (session(date(2027, 5, 5)), session())}, "Session 2 begins before session 1 ends."),
        ({"sessions": (session(starts=time(9), ends=time(9)),)}, "Session 1 ends before it starts."),
        ({"sessions": (session(title={"ar": "نوبة"}),)}, "Session 1 has a title in English."),
        ({"booking_until": date(2027, 5, 5)}, "Booking ends on the day of the first session"),
        (
            {"booking_until": NIGHT, "sessions": (session(NIGHT, starts=time(3, 30), ends=time(5)),)},
            "Clocks leave out a time of session 1",
        ),
        ({"outcomes": (("PRT-01", Level.FOUNDATION), ("PRT-01", Level.PRACTITIONER))}, "once, with one level"),
    ],
)
def test_each_fault_is_said(wrong: dict[str, Any], said: str) -> None:
    found = faults(draft(**wrong))
    assert len(found) == 1
    assert said in found[0]


def test_an_announced_event_stays_what_people_booked() -> None:
    assert changes.fixed({"title", "kind", "outcomes", "town"}) == ["kind", "competencies"]
    assert changes.fixed({"sensitivity", "outcomes", "host_country"}) == ["host country", "competencies", "mark"]
    assert changes.fixed({"title", "capacity"}) == []


def test_people_are_told_of_time_and_place_alone() -> None:
    assert [changes.is_told({name}) for name in ("sessions", "town", "venue", "title", "capacity")] == [
        True, True, True, False, False,
    ]  # fmt: skip
