from datetime import date, timedelta
from random import Random
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts import queries as accounts
from app.accounts import service as people
from app.catalogue.domain.items import Level
from app.competence import jobs, queries, service
from app.competence.domain import measure
from app.competence.domain.evidence import EvidenceKind as Kind
from app.competence.domain.reckoning import rules
from app.competence.models import CapacityDay, Held, Period
from app.competence.queries import CapacityLine
from app.db.session import db, transaction
from app.kernel import clock
from tests import factories
from tests.competence import evidence_for_tests as it
from tests.competence.evidence_for_tests import FOUNDATION, PRACTITIONER, TODAY, YEARLY, new, record
from tests.conftest import NOW

NEWCOMER = 0.0912


@pytest.fixture(autouse=True)
def framework(context: Flask) -> None:
    it.load_framework()


def _line(level: Level = FOUNDATION, day: date = TODAY, competency: str = YEARLY, **scope: object) -> CapacityLine:
    db.session.rollback()
    lines = queries.capacity(day, today=TODAY, **scope)  # type: ignore[arg-type]
    nothing = CapacityLine(competency, level, 0, 0, None, None, None)
    return next((one for one in lines if (one.competency, one.level) == (competency, level)), nothing)


def _p(person_id: UUID, level: Level = FOUNDATION, day: date = TODAY) -> float:
    state = it.book(person_id).states[level]
    return measure.p(state, day.toordinal(), rules(it.framework(), YEARLY)(level).parameters)


def test_the_sums_of_a_night() -> None:
    # a first responder needs VIC-02 as a practitioner, a prosecutor's liaison does not need it at all
    asked, fresh, unasked = factories.person(), factories.person(), factories.person(roles=("prosecutor_liaison",))
    for person_id in (asked, unasked):
        it.trained_and_checked(person_id, it.days(3))
    factories.person(roles=())  # no officer
    assert jobs.sum_up() > 0
    foundation, practitioner = _line(FOUNDATION), _line(PRACTITIONER)
    assert (foundation.need, foundation.headcount) == (0, 2)
    assert foundation.expected == pytest.approx(_p(asked) + _p(unasked))
    assert (practitioner.need, practitioner.headcount) == (2, 0)
    assert practitioner.expected == pytest.approx(2 * NEWCOMER, abs=0.0001)
    assert (practitioner.low, practitioner.high, practitioner.audited) == (None, None, None)
    assert fresh not in {asked, unasked}
    rows = db.session.scalars(select(CapacityDay).where(CapacityDay.competency == YEARLY)).all()
    assert sum(row.headcount for row in rows if row.level is FOUNDATION) == 2


def test_a_night_summed_twice_is_summed_once() -> None:
    factories.person()
    first = jobs.sum_up()
    with transaction():
        assert service.sum_up(TODAY, clock.now()) == first
    assert db.session.scalar(select(func.count()).select_from(CapacityDay)) == first


def test_a_named_need_and_a_second_role_are_needs() -> None:
    person_id = factories.person(roles=("prosecutor_liaison", "victim_liaison"))
    with transaction():
        service.name_need(person_id, YEARLY, FOUNDATION, by=person_id, now=clock.now())
    jobs.sum_up()
    assert _line(FOUNDATION).need == 1
    assert _line(FOUNDATION, competency="VIC-05").need + _line(PRACTITIONER, competency="VIC-05").need == 1


def test_a_higher_level_counts_for_the_lower_one() -> None:
    person_id, assessor = factories.person(), factories.person(country="PK", roles=())
    more = {"level": PRACTITIONER, "assessor_id": assessor, "assessor_country": "PK"}
    record(new(person_id, Kind.WORKSHOP, **more))
    jobs.sum_up()
    for level in (FOUNDATION, PRACTITIONER):
        line = _line(level)
        assert line.headcount == 1
        assert line.expected == pytest.approx(_p(person_id, PRACTITIONER))


def test_who_left_is_in_no_sum() -> None:
    person_id = factories.person()
    it.trained_and_checked(person_id, it.days(3))
    with transaction():
        people.deactivate(person_id, it.days(0))
        service.rebuild(person_id, clock.now())
        service.sum_up(TODAY, clock.now())
        service.sum_up(TODAY + timedelta(days=1), clock.now())
    days = dict(
        db.session.execute(select(CapacityDay.day, func.sum(CapacityDay.headcount)).group_by(CapacityDay.day)).all()
    )
    assert days == {TODAY: 1}
    assert _line(day=TODAY + timedelta(days=1)).headcount == 0


@pytest.mark.parametrize(("right", "agrees"), [(8 / 12, True), (1 / 12, False)])
def test_the_likely_range_stands_on_surprise_checks(right: float, agrees: bool) -> None:
    officers = [factories.person(country="IQ") for _ in range(12)]
    for person_id in officers:
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
    assert line.low < likely < line.high
    if line.audited is not None:
        assert line.audited < line.expected
    assert _line(PRACTITIONER).low is None  # that level was not looked at


def test_surprise_checks_are_forgotten_after_a_year() -> None:
    person_id = factories.person()
    it.trained_and_checked(person_id, it.days(500))
    record(new(person_id, Kind.SURPRISE, it.days(364)))
    jobs.sum_up()
    assert _line().low is None


def test_the_newest_sums_before_a_day_are_shown() -> None:
    person_id = factories.person(now=NOW - timedelta(days=40))
    for ago in (10, 4):
        with transaction():
            service.sum_up(it.days(ago), clock.now())
        record(new(person_id, Kind.MODULE, it.days(ago), source=f"course:{ago}:completed", level=PRACTITIONER))
    assert _line(PRACTITIONER, it.days(11)).expected is None
    old = _line(PRACTITIONER, it.days(5)).expected
    newer = _line(PRACTITIONER, TODAY).expected
    assert old == _line(PRACTITIONER, it.days(10)).expected == pytest.approx(NEWCOMER, abs=0.0001)
    assert newer is not None
    assert newer > NEWCOMER


def _held_on(day: date, country: str = "", agency_id: UUID | None = None) -> dict[tuple[str, Level], int]:
    query = select(Period.competency, Period.level, func.count()).where(Period.since <= day, Period.until >= day)
    if country:
        query = query.where(Period.country == country)
    if agency_id:
        query = query.where(Period.agency_id == agency_id)
    return {(row[0], row[1]): row[2] for row in db.session.execute(query.group_by(Period.competency, Period.level))}


def test_any_day_counts_what_is_held_on_it() -> None:
    random = Random(3)
    officers = [factories.person(country=random.choice(["IQ", "PK"])) for _ in range(12)]
    for person_id in officers:
        for name in (YEARLY, it.KNOWLEDGE):
            it.trained_and_checked(person_id, it.days(random.randint(0, 300)), competency=name)
            record(new(person_id, Kind.REVIEW, it.days(random.randint(0, 30)), competency=name))
    agency_id = accounts.postings([officers[0]])[officers[0]][0].agency_id
    ends = list(db.session.scalars(select(Held.until)))
    days = {TODAY + timedelta(days=n) for n in (-200, -40, -1, 0, 1, 15, 30, 31, 60, 120, 400)}
    days |= {end + timedelta(days=n) for end in ends[:8] for n in (0, 1)}
    for day in sorted(days):
        for scope in ({}, {"country": "IQ"}, {"agency_id": agency_id}):
            lines = queries.capacity(day, today=TODAY, **scope)  # type: ignore[arg-type]
            found = {(one.competency, one.level): one.headcount for one in lines if one.headcount}
            assert found == _held_on(day, **scope), (day, scope)  # type: ignore[arg-type]
