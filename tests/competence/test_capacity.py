from datetime import date, timedelta
from random import Random
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.catalogue.domain.items import Level
from app.competence import jobs
from app.competence.domain import audit, measure
from app.competence.domain.assessment import rules
from app.competence.domain.evidence import EvidenceKind as Kind
from app.competence.models import CapacityDay, CompetencyValidity, NamedNeed, Period
from app.competence.queries import competencies
from app.competence.service import evidence_records, needs, rollups
from app.competence.shapes import CapacityLine
from app.db.session import db, transaction
from app.identity import service as people
from app.identity.queries import postings as accounts
from app.kernel import clock
from tests.support import competency_evidence as it, factories
from tests.support.competency_evidence import FOUNDATION, PRACTITIONER, TODAY, YEARLY, new, record
from tests.support.settings import NOW

NEWCOMER = 0.0912


@pytest.fixture(autouse=True)
def framework(context: Flask) -> None:
    it.load_framework()


def _line(level: Level = FOUNDATION, day: date = TODAY, competency: str = YEARLY, **scope: object) -> CapacityLine:
    db.session.rollback()
    lines = competencies.capacity(day, today=TODAY, **scope)  # type: ignore[arg-type]
    nothing = CapacityLine(competency, level, 0, 0, None, None, None)
    return next((one for one in lines if (one.competency, one.level) == (competency, level)), nothing)


def _p(person_id: UUID, level: Level = FOUNDATION, day: date = TODAY) -> float:
    state = it.book(person_id).states[level]
    return measure.p(state, day.toordinal(), rules(it.framework(), YEARLY)(level).parameters)


def _named(person_id: UUID, competency: str = YEARLY) -> None:
    with transaction():
        needs.name_need(person_id, competency, FOUNDATION, by=person_id, now=clock.now())


@pytest.mark.each_database
def test_the_sums_of_a_night() -> None:
    # a first responder needs VIC-02 as a practitioner, a prosecutor's liaison does not need it at all
    asked, fresh, unasked = factories.person(), factories.person(), factories.person(roles=("prosecutor_liaison",))
    assessor = factories.person(country="PK", roles=())  # no officer
    for person_id in (asked, unasked):
        more = {"level": PRACTITIONER, "assessor_id": assessor, "assessor_country": "PK"}
        record(new(person_id, Kind.WORKSHOP, it.days(3), **more))
    assert jobs.sum_up() > 0
    line = _line(PRACTITIONER)
    assert (line.need, line.headcount, line.holders, line.summed_on) == (2, 1, 2, TODAY)
    assert line.expected == pytest.approx(_p(asked, PRACTITIONER) + NEWCOMER, abs=0.0001)
    assert (line.low, line.high, line.audited) == (None, None, None)
    below = _line(FOUNDATION)
    assert (below.need, below.headcount, below.expected, below.holders) == (0, 0, None, 2)
    assert fresh not in {asked, unasked}
    rows = db.session.scalars(select(CapacityDay).where(CapacityDay.competency == YEARLY)).all()
    assert [(row.need, row.headcount) for row in rows if row.headcount] == [(1, 1)]  # each factory's officer: an agency


@pytest.mark.each_database
def test_a_night_summed_twice_is_summed_once() -> None:
    factories.person()
    first = jobs.sum_up()
    with transaction():
        assert rollups.sum_up(TODAY, clock.now()) == first
    assert db.session.scalar(select(func.count()).select_from(CapacityDay)) == first


def test_a_named_need_and_a_second_role_are_needs() -> None:
    person_id = factories.person(roles=("prosecutor_liaison", "victim_liaison"))
    with transaction():
        needs.name_need(person_id, YEARLY, FOUNDATION, by=person_id, now=clock.now())
    jobs.sum_up()
    assert _line(FOUNDATION).need == 1
    assert _line(FOUNDATION, competency="VIC-05").need + _line(PRACTITIONER, competency="VIC-05").need == 1


def test_a_higher_level_counts_for_the_lower_one() -> None:
    person_id, assessor = factories.person(roles=("prosecutor_liaison",)), factories.person(country="PK", roles=())
    _named(person_id)
    record(new(person_id, Kind.WORKSHOP, level=PRACTITIONER, assessor_id=assessor, assessor_country="PK"))
    jobs.sum_up()
    line = _line()
    assert (line.need, line.headcount) == (1, 1)
    assert line.expected == pytest.approx(_p(person_id, PRACTITIONER))


def test_competency_outside_the_framework_is_not_required() -> None:
    person_id = factories.person(roles=("prosecutor_liaison",))
    with transaction():
        db.session.add(
            NamedNeed(person_id=person_id, competency="OLD-01", level=FOUNDATION, named_by=person_id, named_at=NOW)
        )
    jobs.sum_up()
    assert db.session.scalars(select(CapacityDay).where(CapacityDay.competency == "OLD-01")).all() == []


@pytest.mark.each_database
def test_who_left_is_in_no_sum() -> None:
    person_id = factories.person(roles=("prosecutor_liaison",))
    factories.person()  # stays
    _named(person_id)
    it.trained_and_checked(person_id, it.days(3))
    with transaction():
        people.deactivate(person_id, it.days(0))
        evidence_records.rebuild(person_id, clock.now())
        rollups.sum_up(TODAY, clock.now())
        rollups.sum_up(TODAY + timedelta(days=1), clock.now())
    days = dict(
        db.session.execute(select(CapacityDay.day, func.sum(CapacityDay.headcount)).group_by(CapacityDay.day)).all()
    )
    assert days == {TODAY: 1, TODAY + timedelta(days=1): 0}
    assert _line(day=TODAY + timedelta(days=1)).headcount == 0


@pytest.mark.parametrize(("right", "agrees"), [(8 / 12, True), (1 / 12, False)])
def test_likely_range_is_based_on_surprise_checks(right: float, agrees: bool) -> None:
    officers = [factories.person(country="IQ", roles=("prosecutor_liaison",)) for _ in range(12)]
    for person_id in officers:
        _named(person_id)
        it.trained_and_checked(person_id, it.days(60))
    jobs.sum_up()
    assert _line().low is None
    for person_id in officers:
        record(new(person_id, Kind.SURPRISE, it.days(1), right=right))
    jobs.sum_up()
    line = _line()
    assert line.expected is not None
    assert line.low is not None
    assert line.high is not None
    assert (line.audited is None) is agrees
    likely = line.expected if line.audited is None else line.audited
    assert line.low < likely < line.high <= line.need == 12
    if line.audited is not None:
        assert line.audited < line.expected
    assert _line(PRACTITIONER).low is None  # that level was not looked at


def test_surprise_checks_are_forgotten_after_a_year() -> None:
    person_id = factories.person()
    it.trained_and_checked(person_id, it.days(500))
    record(new(person_id, Kind.SURPRISE, it.days(364)))
    jobs.sum_up()
    assert _line().low is None


@pytest.mark.each_database
def test_the_newest_sums_before_a_day_are_shown() -> None:
    person_id, assessor = factories.person(now=NOW - timedelta(days=40)), factories.person(country="DE", roles=())
    for ago in (10, 4):
        with transaction():
            rollups.sum_up(it.days(ago), clock.now())
        record(
            new(
                person_id, Kind.WORKSHOP, it.days(ago), right=0.9, source=f"workshop:{ago}", level=PRACTITIONER,
                assessor_id=assessor, assessor_country="DE",
            )
        )  # fmt: skip
    before = _line(PRACTITIONER, it.days(11))
    assert (before.expected, before.summed_on, before.holders) == (None, None, None)
    old, newer = _line(PRACTITIONER, it.days(5)), _line(PRACTITIONER, TODAY)
    assert (old.summed_on, newer.summed_on) == (it.days(10), it.days(4))
    assert old.expected is None  # no member of the group was watched
    assert newer.expected is not None
    assert newer.expected > NEWCOMER


def _group(watched: int, unwatched: int) -> list[UUID]:
    """Add officers who need a competency by name, some of them watched some time ago."""
    people = [factories.person(roles=("trainer",)) for _ in range(watched + unwatched)]
    for place, person_id in enumerate(people):
        _named(person_id)
        record(new(person_id, Kind.QUIZ, it.days(40), right=0.9))
        if place < watched:
            record(new(person_id, Kind.CHECK, it.days(40), right=0.9))
    return people


@pytest.mark.parametrize(("watched", "known"), [(1, False), (2, True), (4, True)])
def test_able_today_is_not_known_when_fewer_than_half_were_watched(watched: int, known: bool) -> None:
    _group(watched, 4 - watched)
    jobs.sum_up()
    line = _line()
    assert (line.need, line.headcount, line.summed_on) == (4, watched, TODAY)
    assert (line.expected is not None) is known


@pytest.mark.each_database
def test_able_today_is_the_audited_number_after_20_surprise_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "LEAST_CHECKS", 2)
    people = _group(0, 5)
    for checks in (1, 2):
        record(new(people[checks], Kind.SURPRISE, it.days(3), right=0.6))
        jobs.sum_up()
        line = _line()
        assert (line.expected is None, line.audited is None, line.low is None) == (checks == 1,) * 3


def _days() -> list[date]:
    return sorted(db.session.scalars(select(CapacityDay.day).distinct()))


@pytest.mark.parametrize(("ago", "most"), [(0, 1), (1, 2), (6, 7), (100, 32)])
def test_nights_that_were_missed_are_made_up_for(ago: int, most: int) -> None:
    factories.person(now=NOW - timedelta(days=200))
    with transaction():
        rollups.sum_up(it.days(ago), clock.now())
    jobs.sum_up()
    assert set(_days()) == {it.days(ago), *(it.days(n) for n in range(most))}


@pytest.mark.each_database
def test_a_missed_night_has_nothing_of_the_days_after_it() -> None:
    person_id = factories.person(roles=("prosecutor_liaison",), now=NOW - timedelta(days=40))
    _named(person_id)
    it.trained_and_checked(person_id, it.days(5))
    with transaction():
        rollups.sum_up(it.days(4), clock.now())
    kept = _line(day=it.days(4))
    record(new(person_id, Kind.SURPRISE, it.days(2), right=0.0))
    jobs.sum_up()
    four, three, two = (_line(day=it.days(ago)) for ago in (4, 3, 2))
    assert (four.summed_on, three.summed_on, two.summed_on) == (it.days(4), it.days(3), it.days(2))
    assert (kept.headcount, four.headcount, three.headcount, two.headcount) == (1, 1, 1, 0)
    assert kept.expected is not None
    assert four.expected == pytest.approx(kept.expected)
    assert three.expected is not None
    assert two.expected is not None
    assert kept.expected > three.expected > 0.8 > two.expected


def test_day_is_summed_up_again_when_it_is_over() -> None:
    person_id, assessor = factories.person(now=NOW - timedelta(days=40)), factories.person(country="PK", roles=())
    with transaction():
        rollups.sum_up(it.days(1), clock.now())  # before its evening
    more = {"level": PRACTITIONER, "assessor_id": assessor, "assessor_country": "PK"}
    record(new(person_id, Kind.WORKSHOP, it.days(1), **more))
    assert _line(PRACTITIONER, it.days(1)).headcount == 0
    jobs.sum_up()
    assert _line(PRACTITIONER, it.days(1)).headcount == 1


def test_a_clock_set_back_sums_up_its_own_day() -> None:
    factories.person()
    with transaction():
        rollups.sum_up(TODAY + timedelta(days=50), clock.now())
    jobs.sum_up()
    assert _days() == [TODAY, TODAY + timedelta(days=50)]
    assert _line(PRACTITIONER).summed_on == TODAY


def _held_on(day: date, country: str = "", agency_id: UUID | None = None) -> dict[tuple[str, Level], int]:
    query = select(Period.competency, Period.level, func.count()).where(Period.since <= day, Period.until >= day)
    if country:
        query = query.where(Period.country == country)
    if agency_id:
        query = query.where(Period.agency_id == agency_id)
    return {(row[0], row[1]): row[2] for row in db.session.execute(query.group_by(Period.competency, Period.level))}


@pytest.mark.each_database
def test_each_day_counts_its_valid_verifications() -> None:
    random = Random(3)
    officers = [factories.person(country=random.choice(["IQ", "PK"])) for _ in range(12)]
    for person_id in officers:
        for name in (YEARLY, it.KNOWLEDGE):
            it.trained_and_checked(person_id, it.days(random.randint(0, 300)), competency=name)
            record(new(person_id, Kind.REVIEW, it.days(random.randint(0, 30)), competency=name))
    agency_id = accounts.postings([officers[0]])[officers[0]][0].agency_id
    ends = list(db.session.scalars(select(CompetencyValidity.until)))
    days = {TODAY + timedelta(days=n) for n in (0, 1, 13, 14, 15, 16, 30, 31, 60, 120, 400)}
    days |= {end + timedelta(days=n) for end in ends for n in (0, 1) if end >= TODAY}
    for day in sorted(days):
        for scope in ({}, {"country": "IQ"}, {"agency_id": agency_id}):
            lines = competencies.capacity(day, today=TODAY, **scope)
            found = {(one.competency, one.level): one.holders for one in lines if one.holders}
            assert found == _held_on(day, **scope), (day, scope)
            later = {(one.competency, one.level): one.later for one in lines if one.later}
            assert later == _held_on(date(day.year + (day.month > 9), (day.month + 2) % 12 + 1, 1), **scope)
