"""Gains from evidence: practice and checks by the measure, seats by the gaps they close, a fixed number of queries."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from flask import Flask

from app.catalogue.domain.items import Level
from app.competence.domain import what_if as measure
from app.competence.domain.evidence import EvidenceKind, Piece
from app.competence.domain.history import CompetencyRule, last_state
from app.competence.domain.measure import Parameters
from app.competence.domain.what_if import Skill
from app.competence.queries import what_if as competence
from app.competence.queries.what_if import PORTION, WantedAims
from app.db.session import db
from app.plan.domain import gaps
from app.plan.domain.gains import read_action
from app.plan.domain.gaps import AskedCompetencies
from app.plan.pages import gains
from app.plan.queries import what_if as queries
from tests.support import factories, plans, workshop_events
from tests.support.settings import NOW
from tests.support.site_snapshots import kept
from tests.support.sql_statements import asked as statements_of

TODAY, LAST = NOW.date(), date(2027, 12, 31)
F = Level.FOUNDATION
ASKED = AskedCompetencies(("PRT-01", "PRT-02"), frozenset({"first_responder"}), F, {})
RULE = CompetencyRule(Parameters(), frozenset({"watched_check"}), frozenset({"quiz"}))
ASSESSED = CompetencyRule(Parameters(), frozenset({"assessor"}), frozenset({"quiz"}))
START = date(2027, 1, 1)


def _day(number: int) -> date:
    return START + timedelta(days=number - 100)


def _vector_skill(rule: CompetencyRule = RULE) -> Skill:
    """Return the skill of the vectors A1 to A3 of `capacity-sim`: module, quiz 8 of 10, watched check 10 of 12."""
    pieces = [
        Piece(day=START, kind=EvidenceKind.MODULE, trust=1.0, training="course:1"),
        Piece(day=START, kind=EvidenceKind.QUIZ, share=0.8, mark=0.62, items=10, trust=0.5, training="course:1"),
        Piece(day=START, kind=EvidenceKind.CHECK, share=10 / 12, mark=0.62, items=12, trust=1.0, watched=True),
    ]
    return Skill(last_state(pieces, rule), rule)


def test_practice_prolongs_as_in_the_vectors() -> None:
    skill = _vector_skill()
    assert skill.state is not None
    assert skill.state.verified_until == _day(164).toordinal()
    chance = measure.chance_by_practice([skill], _day(160), _day(208))  # A6: one review of day 160 holds until 208
    assert chance == pytest.approx(0.7156, abs=0.001)


def test_practice_after_the_last_day_prolongs_nothing() -> None:
    assert measure.chance_by_practice([_vector_skill()], _day(165), _day(208)) == 0.0
    assert measure.chance_by_practice([Skill(None, RULE)], _day(160), _day(208)) == 0.0


def test_practice_is_a_case_where_the_level_names_cases() -> None:
    cases = CompetencyRule(Parameters(), frozenset({"watched_check"}), frozenset({"scenario"}))
    nothing = CompetencyRule(Parameters(), frozenset({"watched_check"}), frozenset())
    state = _vector_skill().state
    assert measure.chance_by_practice([Skill(state, cases)], _day(160), _day(208)) == pytest.approx(0.7156, abs=0.001)
    assert measure.chance_by_practice([Skill(state, nothing)], _day(160), _day(208)) == 0.0


def test_check_counts_with_the_chance_of_the_day() -> None:
    chance = measure.chance_by_check([_vector_skill()], _day(160), _day(200))
    assert chance == pytest.approx(0.7156, abs=0.001)
    assert measure.chance_by_check([_vector_skill()], _day(160), _day(160 + 366)) == 0.0


def test_refresher_raises_the_chance_of_a_check() -> None:
    skills, day, last = [_vector_skill()], _day(280), _day(300)
    alone, refreshed = (measure.chance_by_check(skills, day, last, refreshed=refreshed) for refreshed in (False, True))
    assert 0 < alone < refreshed <= 1


def test_check_verifies_nothing_where_an_assessor_is_needed() -> None:
    assert measure.chance_by_check([Skill(None, ASSESSED)], _day(100), _day(110), refreshed=True) == 0.0


def test_standard_path_ends_after_a_course_and_a_workshop() -> None:
    assert 28 < measure.valid_days_after_workshop(RULE, START) <= 366


@pytest.fixture
@kept
def academy(lite_app: Flask) -> Flask:
    with lite_app.app_context():
        plans.load()
    return lite_app


def _officers() -> list[UUID]:
    """Add officers: both verified, the first one only, none, and of another role."""
    both, first, none = plans.officer(), plans.officer(country="BG"), plans.officer()
    plans.verify(both, "PRT-01", TODAY, NOW)
    plans.verify(both, "PRT-02", TODAY, NOW)
    plans.verify(first, "PRT-01", TODAY, NOW)
    return [both, first, none, plans.officer(roles=("investigator",))]


def test_groups_count_who_has_what_and_when(academy: Flask) -> None:
    with academy.app_context():
        _officers()
        groups = competence.holder_groups(WantedAims(ASKED.every_aim()), TODAY, LAST)
        assert (gaps.ending(groups, ASKED), gaps.verified_before(groups, ASKED)) == (1, 1)
        assert gaps.closable(groups, ASKED, {("PRT-01", F), ("PRT-02", F)}) == 3
        assert gaps.closable(groups, ASKED, {("PRT-02", F)}) == 0  # on that day nothing is valid any more
        soon = competence.holder_groups(WantedAims(ASKED.every_aim()), TODAY, TODAY + timedelta(days=20))
        assert gaps.closable(soon, ASKED, {("PRT-02", F)}) == 1
        of_country = competence.holder_groups(WantedAims(ASKED.every_aim()), TODAY, LAST, country="BG")
        assert gaps.closable(of_country, ASKED, {("PRT-01", F), ("PRT-02", F)}) == 1


@pytest.mark.each_database
def test_groups_of_many_aims_are_as_those_of_few(context: Flask) -> None:
    plans.load()
    _officers()
    aims = ASKED.every_aim()
    others = [(f"XXX-{number:02}", F) for number in range(PORTION)]
    for roles in (frozenset[str](), ASKED.roles):
        few = competence.holder_groups(WantedAims(aims, roles), TODAY, LAST)
        many = competence.holder_groups(WantedAims([*others, *aims], roles), TODAY, LAST)
        assert sorted(map(repr, many)) == sorted(map(repr, few))
        assert sum(group.count for group in few) == (3 if roles else 4)
        assert {aim for group in few for aim in group.ever} == set(aims)
    db.session.rollback()


def test_actions_gain_officers_by_the_measure(academy: Flask) -> None:
    with academy.app_context():
        people = _officers()
        [both_ends] = competence.ends_of({people[0]: "first_responder"}, ASKED.core)
        until = min(both_ends.ends.values())
        planned, last = until - timedelta(days=10), until + timedelta(days=20)
        sources, day = queries.sources(ASKED, TODAY, last), planned.isoformat()
        texts = (f"practice:{day}:1", f"check:{day}:1", f"refresher:{day}:1", f"workshop:A07:3:{day}")
        one_by_one = [gains.options(sources, [read_action(text)])[0] for text in texts]
        assert [option.pool for option in one_by_one] == [1, 1, 1, 3]
        assert all(0 < option.gain.mean <= 1 for option in one_by_one[:3])
        still_valid, _is_measured = sources.shares.still_valid(planned, last)
        assert one_by_one[3].gain.mean == pytest.approx(3 * 0.85 * 0.7 * still_valid)
        both = gains.options(sources, [read_action(f"check:{day}:1")] * 2)
        assert both[1].gain.mean < both[0].gain.mean  # the same officer is not gained twice


def test_seats_taken_gain_officers_whose_last_gap_they_close(academy: Flask) -> None:
    with academy.app_context():
        _both, first, none, _other = _officers()
        workshop_id = workshop_events.announced(outcomes=(("PRT-02", F),), capacity=5)
        for person_id in (first, none):
            workshop_events.seat(workshop_id, person_id)
        last = date(2027, 5, 12)
        booked = queries.booked(ASKED, TODAY, last)
        assert {seat.person_id for seat in booked.seats} == {first, none}
        gain = gains.booked_gain(ASKED, booked, queries.shares(ASKED, TODAY), last)
        assert gain.mean == pytest.approx(0.85 * 0.7)  # of the officer who lacks this competency alone
        assert queries.booked(ASKED, TODAY, last, country="IQ").seats[0].person_id == none
        assert not queries.booked(ASKED, TODAY, date(2027, 5, 1)).seats
        db.session.rollback()


def test_query_count_does_not_grow_with_officers(academy: Flask) -> None:
    path = f"/plan/what-if?code=OC2.1&on={LAST}&do=practice:2027-04-01:5&do=check:2027-04-01:5"
    with academy.app_context():
        _officers()
        client = factories.sign_in(academy, plans.coordinator())
    few = statements_of(academy, client, path)
    with academy.app_context():
        for _n in range(2):
            _officers()
    assert statements_of(academy, client, path) == few
