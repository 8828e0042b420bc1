from datetime import date, time
from typing import Any

import pytest

from app.catalogue.domain.items import Level
from app.workshops.domain import changes
from app.workshops.domain.drafts import AllowedCodes, problems, unknown_codes
from app.workshops.domain.events import Format
from tests.support.workshop_events import draft, session

NIGHT = date(2027, 3, 28)


def test_valid_draft_has_no_problem() -> None:
    assert problems(draft()) == []
    assert problems(draft(form=Format.ONLINE, town="")) == []


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
        ({"town": "S" * 81}, "Town: at most 80"),
        ({"venue": "S" * 301}, "Venue: at most 300"),
        ({"title": {"ar": "نوبة"}}, "a title in English"),
        ({"title": {"en": "T" * 201}}, "Title: at most 200"),
        ({"summary": {"en": "T" * 1001}}, "Summary: at most"),
        ({"time_zone": "Europe/Nowhere"}, "There is no time zone Europe/Nowhere"),
        ({"sessions": ()}, "1 to 60 sessions"),
        ({"sessions": (session(), session())}, "Session 2 begins before session 1 ends."),
        ({"sessions": (session(date(2027, 5, 5)), session())}, "Session 2 begins before session 1 ends."),
        ({"sessions": (session(starts=time(9), ends=time(9)),)}, "Session 1 ends before it starts."),
        ({"sessions": (session(title={"ar": "نوبة"}),)}, "Session 1 has a title in English."),
        ({"booking_until": date(2027, 5, 5)}, "Booking ends on the day of the first session"),
        (
            {"booking_until": NIGHT, "sessions": (session(NIGHT, starts=time(3, 30), ends=time(5)),)},
            "Session 1 has a time that does not exist on that day",
        ),
        ({"town": "So\u202efia"}, "Town contains invisible characters"),
        ({"venue": "Hall\x00 3"}, "Venue contains invisible characters"),
        ({"title": {"en": "A watch", "ar": "\u2066نوبة"}}, "Title contains invisible characters"),
        ({"summary": {"en": "Two\x1b[31m days"}}, "Summary contains invisible characters"),
        ({"sessions": (session(title={"en": "Day \u202d1"}),)}, "The title of session 1 contains invisible characters"),
        ({"prerequisites": tuple(f"M{n:03}" for n in range(50))}, "Courses needed before: these are too many"),
        ({"roles": ("first_responder",) * 20}, "For these roles: these are too many"),
        ({"languages": ("en",) * 40}, "Languages: these are too many"),
        ({"competencies": ("ONL-07",)}, "with its level"),
        ({"sessions": (session(room="R" * 81),)}, "The room of session 1 has at most 80"),
        ({"sessions": (session(link="http://meet.example"),)}, "The meeting link of session 1 begins with https"),
        ({"outcomes": (("PRT-01", Level.FOUNDATION), ("PRT-01", Level.PRACTITIONER))}, "once among the outcomes"),
    ],
)
def test_each_problem_has_a_message(wrong: dict[str, Any], said: str) -> None:
    found = problems(draft(**wrong))
    assert len(found) == 1
    assert said in str(found[0])


KNOWN = AllowedCodes(
    courses={"M01"},
    roles={"first_responder"},
    outcomes={("PRT-01", Level.FOUNDATION)},
    activities={"A07"},
)


def test_direction_marks_of_arabic_are_valid() -> None:
    assert (
        problems(draft(title={"en": "A watch", "ar": "نوبة \u200fA7\u200e"}, practise={"en": "one\ntwo\tthree"})) == []
    )


def test_known_codes_are_valid() -> None:
    assert unknown_codes(draft(prerequisites=("M01",), activity="A07"), KNOWN) == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"prerequisites": ("M01", "M99")}, "There is no course M99."),
        ({"prerequisites": ("M01 M99",)}, "There is no course M01 M99."),
        ({"roles": ("captain",)}, "There is no role captain."),
        ({"activity": "A99"}, "There is no activity A99 in the plan."),
        ({"outcomes": (("PRT-09", Level.FOUNDATION),)}, "There is no competency PRT-09 at the level foundation."),
        ({"outcomes": (("PRT-01", Level.PRACTITIONER),)}, "There is no competency PRT-01 at the level practitioner."),
    ],
)
def test_unknown_code_is_named(wrong: dict[str, Any], said: str) -> None:
    assert [str(one) for one in unknown_codes(draft(**wrong), KNOWN)] == [said]


def test_existing_codes_of_an_event_are_accepted() -> None:
    old = draft(prerequisites=("M99",), activity="A99", roles=("captain",), outcomes=(("PRT-09", Level.PRACTITIONER),))
    assert unknown_codes(old, KNOWN, {"M99", "A99", "captain", ("PRT-09", Level.PRACTITIONER)}) == []
    assert unknown_codes(old, KNOWN, {"M99", "A99", "captain", ("PRT-09", Level.FOUNDATION)}) != []


def test_codes_are_not_checked_without_a_list() -> None:
    nothing = AllowedCodes(courses=set(), roles=None, outcomes=None, activities=None)
    assert [str(one) for one in unknown_codes(draft(activity="A99", prerequisites=("M01",)), nothing)] == [
        "There is no course M01."
    ]


def test_fixed_fields_of_an_announced_event_are_named() -> None:
    assert _kept({"title", "kind", "outcomes", "town"}) == ["kind", "competencies"]
    assert _kept({"sensitivity", "outcomes", "host_country"}) == ["host country", "competencies", "sensitivity"]
    assert changes.fixed_field_errors({"title", "capacity"}) == []


def test_people_are_notified_of_time_and_place_only() -> None:
    assert [changes.is_notified({name}) for name in ("sessions", "town", "venue", "title", "capacity")] == [
        True, True, True, False, False,
    ]  # fmt: skip


def test_only_times_change_calendars() -> None:
    assert [changes.moves_dates({name}) for name in ("sessions", "town", "title")] == [True, False, False]


def test_notice_of_a_postponed_event_has_its_days_and_the_reason() -> None:
    facts = changes.postponed_facts((date(2027, 5, 4), date(2027, 5, 5)), "no hall")
    assert facts == {"before": "2027-05-04/2027-05-05", "reason": "no hall"}


def _kept(names: set[str]) -> list[str]:
    return [
        str(one).removeprefix("The ").removesuffix(" of an announced event cannot change.")
        for one in changes.fixed_field_errors(names)
    ]
