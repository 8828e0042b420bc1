"""Each rule on the records of one subject: no database, days counted by hand."""

import re
import tomllib
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, strategies as st

from app.catalogue.domain.items import Level
from app.catalogue.domain.references.competencies import read_competencies
from app.catalogue.domain.references.plan_checks import RULES as NAMES
from app.catalogue.domain.text import read
from app.plan.domain import rules
from app.plan.domain.definitions import BY_HAND, COLLECTED
from app.plan.domain.records import (
    Active,
    ApprovedFigure,
    CompetencyPeriod,
    CourseEdition,
    Enrolled,
    Happened,
    Learner,
    Module,
    OfficerRecord,
    SessionAttendance,
    Sessions,
)
from app.plan.domain.rules import RULES, ContributionPeriod
from app.plan.domain.spans import FOREVER, PostingInterval
from app.web.http.request_limits import IndicatorConverter

COURSES = Path(__file__).parents[2] / "courses"
PERSON, OTHER = UUID(int=17), UUID(int=18)
FOUNDATION, PRACTITIONER, SPECIALIST = Level
D = date(2027, 3, 1)


def day(n):
    return D + timedelta(days=n)


def served(country="IQ", since=date(2026, 1, 1), until=FOREVER, roles=("investigator",), kind="police"):
    return PostingInterval(country, kind, tuple(roles), since, until)


SERVED = (served(),)


def span(thing, since, until=None, numerator=1.0, denominator=0.0, country="IQ", role="investigator", kind="police"):
    return ContributionPeriod(
        thing=thing,
        since=since,
        until=until,
        numerator=numerator,
        denominator=denominator,
        country=country,
        agency_kind=kind,
        role=role,
        person_id=PERSON,
    )


def test_plan_accepts_only_existing_rules():
    assert set(RULES) <= NAMES
    assert set(RULES) == COLLECTED | BY_HAND
    with (COURSES / "plan.toml").open("rb") as file:
        assert {one["rule"] for one in tomllib.load(file)["indicator"]} <= NAMES


def test_each_indicator_of_the_reference_plan_has_an_address():
    with (COURSES / "plan.toml").open("rb") as file:
        codes = [one["id"] for one in tomllib.load(file)["indicator"]]
    assert [code for code in codes if not re.fullmatch(IndicatorConverter.regex, code)] == []


# completers


def learner(*enrolments, postings=SERVED):
    return Learner(PERSON, tuple(postings), enrolments)


def enrolled(begun, completed=None, *, module=True, n=1):
    return Enrolled(UUID(int=n), module, begun, completed)


def test_an_officer_counts_once_from_the_first_completed_module_on():
    many = learner(enrolled(day(0), day(9)), enrolled(day(1), day(4), n=2), enrolled(day(2), n=3))
    assert rules.completers(many, {}) == [span("completion", day(4))]


def test_guide_and_unfinished_module_do_not_count():
    assert rules.completers(learner(enrolled(day(0), day(1), module=False), enrolled(day(2))), {}) == []


def test_completion_counts_in_the_posting_of_its_day():
    moved = (served(until=day(5)), served("BG", day(6), roles=("trainer",)))
    assert rules.completers(learner(enrolled(day(0), day(5)), postings=moved), {}) == [span("completion", day(5))]
    assert rules.completers(learner(enrolled(day(0), day(6)), postings=moved), {}) == [
        span("completion", day(6), country="BG", role="trainer")
    ]


# completion of started modules


@pytest.mark.parametrize(("took", "counts"), [(0, 1), (90, 1), (91, 0), (None, 0)])
def test_a_module_counts_from_ninety_days_after_it_was_begun(took, counts):
    one = enrolled(day(0), None if took is None else day(took))
    assert rules.completed_of_started(learner(one), {"days": 90}) == [
        span(f"enrolment:{one.id}", day(90), numerator=counts, denominator=1)
    ]


def test_guides_are_not_among_started_modules():
    assert rules.completed_of_started(learner(enrolled(day(0), module=False)), {"days": 90}) == []


# activity


def test_active_day_counts_for_ninety_days_and_periods_are_joined():
    active = Active(PERSON, (served(),), (day(0), day(90), day(200)))
    assert rules.active_countries(active, {"days": 90, "officers": 10}) == [
        span("active", day(0), day(179)),
        span("active", day(200), day(289)),
    ]


def test_activity_counts_where_the_officer_serves_and_ends_with_the_posting():
    moved = (served(until=day(9)), served("BG", day(10), day(39)))
    assert rules.active_countries(Active(PERSON, moved, (day(0),)), {"days": 90}) == [
        span("active", day(0), day(9)),
        span("active", day(10), day(39), country="BG"),
    ]


@given(
    st.lists(st.integers(0, 120), max_size=12),
    st.lists(st.tuples(st.integers(0, 100), st.integers(0, 60)), max_size=3),
    st.integers(1, 40),
)
def test_officer_is_active_only_after_learning_while_serving(learned, postings, days):
    spans = [served(str(n), day(since), day(since + length)) for n, (since, length) in enumerate(postings)]
    found = rules.active_countries(Active(PERSON, tuple(spans), tuple(map(day, learned))), {"days": days})
    for n in range(-1, 200):
        expected = any(one <= n < one + days for one in learned) and any(s <= n <= s + length for s, length in postings)
        assert sum(one.since <= day(n) <= one.until for one in found) == expected


# courses


def edition(number, published, replaced=None, checked=None, languages=()):
    return CourseEdition(number, published, replaced, checked, frozenset(languages))


def test_course_is_current_for_a_year_or_until_a_new_version():
    module = Module(
        UUID(int=1),
        (
            edition(1, day(0), day(100), day(-10)),
            edition(2, day(100), day(500), day(90)),
            edition(3, day(500), None, None),
        ),
    )
    found = rules.modules_current(module, {"days": 365})
    assert found == [
        ContributionPeriod(thing="version:1", since=day(0), until=day(99)),
        ContributionPeriod(thing="version:2", since=day(100), until=day(455)),
    ]


def test_old_facts_and_versions_replaced_the_same_day_never_count():
    module = Module(UUID(int=1), (edition(1, day(0), day(0), day(0)), edition(2, day(0), None, day(-366))))
    assert rules.modules_current(module, {"days": 365}) == []


def test_language_counts_while_reviewed_in_the_version_of_the_day():
    module = Module(
        UUID(int=1),
        (
            edition(1, day(0), day(10), languages=("en", "ar")),
            edition(2, day(10), day(20), languages=("en",)),
            edition(3, day(20), languages=("en", "ar")),
        ),
    )
    assert rules.translations_reviewed(module, {}) == [
        ContributionPeriod(thing="language:ar", since=day(0), until=day(9)),
        ContributionPeriod(thing="language:ar", since=day(20)),
        ContributionPeriod(thing="language:en", since=day(0)),
    ]


# events


@pytest.mark.parametrize(
    ("kind", "closed", "wanted", "counts"),
    [("workshop", 3, "workshop", 1), ("workshop", None, "workshop", 0), ("study_visit", 3, "workshop", 0)],
)
def test_a_closed_event_of_the_kind_counts_in_the_country_of_its_host(kind, closed, wanted, counts):
    event = Happened(kind, "BG", None if closed is None else day(closed))
    assert (
        rules.events_closed(event, {"type": wanted})
        == [ContributionPeriod(thing="event", since=day(3), country="BG")] * counts
    )


def test_recorded_attendance_counts_for_each_seat_and_session():
    session = UUID(int=5)
    lines = (
        SessionAttendance(session, day(1), PERSON, True, served()),
        SessionAttendance(UUID(int=6), day(2), PERSON, None, served()),
        SessionAttendance(session, day(1), OTHER, False, None),
    )
    assert rules.session_attendance(Sessions(lines), {}) == [
        span(f"session:{session}:{PERSON}", day(1), denominator=1),
        ContributionPeriod(
            thing=f"session:{session}:{OTHER}", since=day(1), numerator=0, denominator=1, person_id=OTHER
        ),
    ]


# competencies of the officer

CORE = {"roles": ["investigator", "digital_investigator"], "core": ["LRE-03", "ONL-01"]}
NEEDED = {
    "investigator": {"LRE-03": PRACTITIONER},
    "digital_investigator": {"LRE-03": PRACTITIONER, "ONL-01": SPECIALIST},
    "trainer": {"LRE-03": SPECIALIST, "ONL-01": SPECIALIST},
}


def officer(*held, postings=SERVED):
    return OfficerRecord(PERSON, tuple(postings), held, NEEDED)


def held(competency, level, since, until):
    return CompetencyPeriod(competency, level, day(since), day(until))


def test_all_competencies_must_be_valid_at_once_at_the_role_level():
    found = rules.verified_in_all(
        officer(
            held("LRE-03", FOUNDATION, 0, 400),
            held("LRE-03", PRACTITIONER, 10, 100),
            held("ONL-01", FOUNDATION, 5, 50),
            held("ONL-01", FOUNDATION, 80, 200),
        ),
        CORE,
    )
    assert found == [span("core", day(10), day(50)), span("core", day(80), day(100))]


def test_a_level_above_the_needed_one_counts_as_well():
    able = officer(held("LRE-03", SPECIALIST, 0, 9), held("ONL-01", PRACTITIONER, 0, 9))
    assert rules.verified_in_all(able, CORE) == [span("core", day(0), day(9))]


@pytest.mark.parametrize(
    ("roles", "level", "counts"),
    [
        (("investigator",), FOUNDATION, True),
        (("trainer", "investigator"), FOUNDATION, True),  # what a trainer needs is not asked here
        (("investigator", "digital_investigator"), FOUNDATION, False),  # the higher of two counted roles
        (("investigator", "digital_investigator"), SPECIALIST, True),
        (("trainer",), SPECIALIST, False),  # not one of the roles
    ],
)
def test_highest_level_of_the_counted_roles_is_needed(roles, level, counts):
    able = officer(held("LRE-03", PRACTITIONER, 0, 9), held("ONL-01", level, 0, 9), postings=(served(roles=roles),))
    assert bool(rules.verified_in_all(able, CORE)) is counts
    assert [one.role for one in rules.verified_in_all(able, CORE)] == [roles[0]] * counts


def test_a_level_of_the_settings_overrides_the_roles():
    settings = {"core": ["COP-06"], "level": "practitioner"}
    assert rules.verified_in_all(officer(held("COP-06", FOUNDATION, 0, 9)), settings) == []
    assert rules.verified_in_all(officer(held("COP-06", PRACTITIONER, 0, 9)), settings) == [
        span("core", day(0), day(9))
    ]


def test_period_is_cut_at_postings_and_ends_with_the_last():
    moved = (served(until=day(3)), served("BG", day(4), day(6)), served("BG", day(7), day(8), roles=("trainer",)))
    able = officer(held("LRE-03", PRACTITIONER, 0, 99), held("ONL-01", FOUNDATION, 0, 99), postings=moved)
    assert rules.verified_in_all(able, CORE) == [
        span("core", day(0), day(3)),
        span("core", day(4), day(6), country="BG"),
    ]


def test_ratio_counts_every_officer_of_the_roles_once_a_day():
    able = officer(
        held("LRE-03", PRACTITIONER, 10, 20), held("ONL-01", FOUNDATION, 0, 99), postings=(served(since=day(5)),)
    )
    assert rules.verified_in_all_share(able, CORE) == [
        span("core", day(5), day(9), 0, 1),
        span("core", day(10), day(20), 1, 1),
        span("core", day(21), None, 0, 1),
    ]


def test_officer_seventeen_counts_until_a_competency_expires():
    """A worked example: the figure of one officer while competencies begin and expire."""
    toml, _ = read("competencies.toml", (COURSES / "competencies.toml").read_bytes())
    framework = read_competencies(toml, {})[0]
    with (COURSES / "plan.toml").open("rb") as file:
        settings = next(one for one in tomllib.load(file)["indicator"] if one["id"] == "OC1.1")["settings"]
    held_ones = [
        CompetencyPeriod("LRE-03", PRACTITIONER, date(2027, 3, 1), date(2028, 2, 29)),
        CompetencyPeriod("ONL-01", PRACTITIONER, date(2027, 4, 10), date(2028, 4, 9)),
        CompetencyPeriod("ONL-03", PRACTITIONER, date(2027, 4, 10), date(2028, 4, 9)),
        CompetencyPeriod("ONL-07", FOUNDATION, date(2027, 2, 15), date(2028, 2, 14)),
        CompetencyPeriod("ONL-07", FOUNDATION, date(2028, 2, 22), date(2029, 2, 21)),
    ]
    needed = {"investigator": framework.required_of("investigator")}
    found = rules.verified_in_all(OfficerRecord(PERSON, (served(),), tuple(held_ones), needed), settings)
    on = {when: sum(one.since <= when <= one.until for one in found) for when in
          (date(2027, 12, 31), date(2028, 2, 20), date(2028, 2, 22))}  # fmt: skip
    assert on == {date(2027, 12, 31): 1, date(2028, 2, 20): 0, date(2028, 2, 22): 1}


# reported


def reported(value, followed=None):
    return ApprovedFigure(UUID(int=1), "OC2.3", "IQ", day(0), value, followed)


def test_report_counts_until_the_next_report_of_the_country():
    assert rules.observed(reported(7, day(10)), {}) == [
        ContributionPeriod(thing="report", since=day(0), until=day(9), numerator=7, denominator=1, country="IQ")
    ]
    assert rules.observed(reported(7), {})[0].until is None
    assert rules.observed(reported(7, day(0)), {}) == []


@pytest.mark.parametrize(
    ("settings", "value", "counts"),
    [
        ({"points_needed": 16}, 16, 1),
        ({"points_needed": 16}, 15.5, 0),
        ({"topics": ["a", "b", "c"]}, 3, 1),
        ({"topics": ["a", "b", "c"]}, 2, 0),
        ({}, 1, 1),
        ({}, 0, 0),
    ],
)
def test_country_counts_if_its_report_reaches_the_points(settings, value, counts):
    found = rules.observed_countries(reported(value), settings)
    assert [(one.numerator, one.denominator) for one in found] == [(counts, 1)]
