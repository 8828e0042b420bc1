from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID, uuid4

import msgspec
import pytest
from flask import Flask
from sqlalchemy import event, select, text
from sqlalchemy.exc import NoResultFound

from app.audit.models import Entry
from app.catalogue.domain.items import Level
from app.catalogue.queries import courses as catalogue
from app.competence import shapes
from app.competence.domain.claims import ClaimState
from app.competence.domain.evidence import LEVELS, EvidenceKind as Kind
from app.competence.domain.periods import EVERY
from app.competence.domain.statuses import VerificationStatus
from app.competence.models import AgencyMonth, CompetencyValidity, CountryMonth
from app.competence.queries import competencies
from app.competence.service import claims, evidence_records, needs as competence_needs
from app.db.session import db, transaction
from app.identity import service as people
from app.identity.queries import postings as accounts
from app.kernel import clock
from app.kernel.errors import DomainError, IllegalMoveError
from tests.support import competence_site, competency_evidence as it, factories
from tests.support.competency_evidence import FOUNDATION, PRACTITIONER, SPECIALIST, TODAY, YEARLY, new, record


@pytest.fixture(autouse=True)
def framework(context: Flask) -> None:
    it.load_framework()


def _standing(person_id: UUID, competency: str = YEARLY) -> shapes.CompetencyStatus:
    return next(one for one in competencies.path(person_id, ["first_responder"], TODAY) if one.competency == competency)


def _status(person_id: UUID, level: Level = PRACTITIONER) -> VerificationStatus:
    standing = _standing(person_id)
    assert standing.needed is level
    return standing.status


def _months() -> dict[tuple[object, ...], int]:
    rows = db.session.execute(select(CountryMonth.__table__).where(CountryMonth.n != 0)).all()
    by_agency = db.session.execute(select(AgencyMonth.__table__).where(AgencyMonth.n != 0)).all()
    by_role = [row for row in rows if row.role != EVERY]
    assert 2 * sum(row.n for row in by_role) == 2 * sum(row.n for row in by_agency) == sum(row.n for row in rows)
    return {(row.country, row.role, row.competency, row.level, row.month): row.n for row in by_role}


def _names() -> list[str]:
    wanted = ("EvidenceRecorded", "EvidenceVoided", "StandingChanged")
    return list(db.session.scalars(select(Entry.name).where(Entry.name.in_(wanted)).order_by(Entry.id)))


@contextmanager
def statements() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)


def test_a_course_alone_never_verifies() -> None:
    person_id = factories.person()
    record(new(person_id, Kind.QUIZ, competency="LRE-01"), new(person_id, Kind.MODULE, competency="LRE-01"))
    standing = _standing(person_id, "LRE-01")
    assert (standing.status, standing.until, standing.last_on) == (VerificationStatus.IN_TRAINING, None, TODAY)
    assert standing.p > 0.7
    assert _months() == {}
    assert _names() == ["EvidenceRecorded", "EvidenceRecorded"]


@pytest.mark.each_database
def test_an_assessor_verifies_practice_and_the_lower_level_with_it() -> None:
    person_id = factories.person()
    assessor = factories.person(country="PK")
    [number] = record(new(person_id, Kind.WORKSHOP, level=PRACTITIONER, assessor_id=assessor, assessor_country="PK"))
    assert number is not None
    standing = _standing(person_id)
    assert standing.status is VerificationStatus.VERIFIED
    assert standing.since == TODAY
    assert standing.until is not None
    month = standing.until.year * 12 + standing.until.month - 1
    assert _months() == {("IQ", "first_responder", YEARLY, level, month): 1 for level in (FOUNDATION, PRACTITIONER)}
    assert [(one.level, one.since, one.until) for one in competencies.periods([person_id])[person_id]] == [
        (level, TODAY, standing.until) for level in (FOUNDATION, PRACTITIONER)
    ]
    assert _names() == ["EvidenceRecorded", "StandingChanged", "StandingChanged"]


@pytest.mark.parametrize(
    ("level", "more", "verified"),
    [
        (FOUNDATION, {}, True),
        (PRACTITIONER, {}, False),
        (PRACTITIONER, {"kind": Kind.WORKSHOP}, False),  # without a score
        (PRACTITIONER, {"assessor": True}, True),
        (SPECIALIST, {"assessor": True}, False),
    ],
)
def test_what_may_verify_goes_by_the_level(level: Level, more: dict[str, object], verified: bool) -> None:
    person_id = factories.person()
    more = dict(more)
    if more.pop("assessor", False):
        more |= {"kind": Kind.WORKSHOP, "assessor_id": factories.person(country="PK"), "assessor_country": "PK"}
    record(new(person_id, Kind.MODULE, level=level), new(person_id, **({"kind": Kind.CHECK, "level": level} | more)))
    assert (level in it.book(person_id).periods) is verified


@pytest.mark.parametrize(
    ("country", "ago", "verified"), [("DE", 30, True), ("PK", 30, False), ("DE", 366, False), ("DE", 365, True)]
)
def test_specialists_are_seen_by_two_countries_within_the_validity(country: str, ago: int, verified: bool) -> None:
    person_id, first, second = factories.person(), factories.person(country="PK"), factories.person(country=country)
    for day, assessor, land in ((it.days(ago), first, "PK"), (TODAY, second, country)):
        more = {"level": SPECIALIST, "assessor_id": assessor, "assessor_country": land, "source": f"workshop:1:{land}"}
        record(new(person_id, Kind.WORKSHOP, day, **{**more, "source": f"workshop:{day}:{assessor}"}))
    periods = it.book(person_id).periods
    assert set(periods) == (set(LEVELS) if verified else set())
    if verified:
        assert periods[SPECIALIST][0].since == TODAY


def test_one_assessor_twice_is_not_two() -> None:
    person_id, assessor = factories.person(), factories.person(country="PK")
    for day in (it.days(20), TODAY):
        record(new(person_id, Kind.WORKSHOP, day, level=SPECIALIST, assessor_id=assessor, assessor_country="PK"))
    assert it.book(person_id).periods == {}


@pytest.mark.each_database
def test_the_same_source_counts_once() -> None:
    person_id = factories.person()
    one = new(person_id, Kind.QUIZ, source="course:1:test:1")
    assert record(one)[0] is not None
    assert record(one) == [None]
    with transaction():
        numbers = evidence_records.add_all([one, new(person_id, Kind.CHECK), new(person_id, Kind.CHECK)], clock.now())
    assert [number is not None for number in numbers] == [False, True, False]
    assert len(competencies.evidence_of(person_id, YEARLY)) == 2


def test_a_course_trains_once_and_another_one_refreshes() -> None:
    person_id = factories.person()
    day = it.days(90)
    record(new(person_id, Kind.QUIZ, day, source="course:1:test:1"))
    tested = it.book(person_id).states[FOUNDATION]
    record(new(person_id, Kind.MODULE, day, source="course:1:completed"))
    assert it.book(person_id).states[FOUNDATION] == tested
    record(new(person_id, Kind.MODULE, TODAY, source="course:2:completed"))
    refreshed = it.book(person_id).states[FOUNDATION]
    assert refreshed.mu < tested.peak  # no second gain
    assert refreshed.last == TODAY.toordinal()


def test_a_voided_test_lets_the_completion_train() -> None:
    person_id = factories.person()
    [number] = record(new(person_id, Kind.QUIZ, source="course:1:test:1", right=0.2))
    record(new(person_id, Kind.MODULE, source="course:1:completed"))
    assert number is not None
    with transaction():
        evidence_records.void(number, by=None, reason="The wrong person sat it.", now=clock.now())
    state = it.book(person_id).states[FOUNDATION]
    assert (state.trained, round(state.mu, 4)) == (True, 2.0)


@pytest.mark.each_database
def test_late_evidence_makes_everything_again() -> None:
    person_id, other = factories.person(), factories.person()
    module, check = new(person_id, Kind.MODULE, it.days(60)), new(person_id, Kind.CHECK, it.days(30), right=0.9)
    record(check, module)
    for one in (module, check):
        record(new(other, one.kind, one.day, right=0.9))
    assert it.book(person_id).states == it.book(other).states
    assert _days_held(person_id) == _days_held(other) != {}
    assert it.book(person_id).periods == it.again(person_id).periods


def _days_held(person_id: UUID) -> dict[Level, list[tuple[date, date]]]:
    return {level: [(one.since, one.until) for one in found] for level, found in it.book(person_id).periods.items()}


def test_a_failed_check_ends_the_time_the_day_before() -> None:
    person_id = factories.person()
    it.trained_and_checked(person_id, it.days(20))
    before = it.book(person_id).periods[FOUNDATION][0]
    record(new(person_id, Kind.SURPRISE, right=0.2))
    [after] = it.book(person_id).periods[FOUNDATION]
    assert (after.since, after.until) == (before.since, TODAY - timedelta(days=1))
    record(new(person_id, Kind.REFRESHER), new(person_id, Kind.CHECK, right=1.0))
    [whole] = it.book(person_id).periods[FOUNDATION]  # not a day was missed
    assert whole.since == before.since
    assert it.again(person_id).periods == it.book(person_id).periods


def test_check_passed_and_failed_on_one_day_is_no_period() -> None:
    person_id = factories.person()
    it.trained_and_checked(person_id, TODAY)
    record(new(person_id, Kind.SURPRISE, right=0.0))
    assert it.book(person_id).periods == {}
    assert db.session.scalars(select(CompetencyValidity)).all() == []
    assert _months() == {}


def test_practice_prolongs_and_never_verifies() -> None:
    person_id, never = factories.person(), factories.person()
    it.trained_and_checked(person_id, it.days(50))
    [before] = it.book(person_id).periods[FOUNDATION]
    record(new(person_id, Kind.REVIEW))
    [after] = it.book(person_id).periods[FOUNDATION]
    assert (after.since, after.until > before.until) == (before.since, True)
    record(*(new(never, Kind.REVIEW, it.days(ago)) for ago in range(60, 0, -2)))
    assert it.book(never).periods == {}


def test_a_supervisor_is_heard_once_in_30_days() -> None:
    person_id, boss, other = factories.person(), factories.person(), factories.person()
    states = [it.book(person_id).states.get(PRACTITIONER)]
    for ago, by in ((40, boss), (11, boss), (11, other), (10, boss)):
        source = f"report:{ago}:{by}"
        record(
            new(person_id, Kind.SUPERVISOR, it.days(ago), recorded_by=by, source=source, level=PRACTITIONER, right=0.75)
        )
        states.append(it.book(person_id).states.get(PRACTITIONER))
    assert [one != before for before, one in pairwise(states)] == [True, False, True, True]
    with transaction(), pytest.raises(DomainError):
        evidence_records.add_evidence(
            new(person_id, Kind.SUPERVISOR, recorded_by=person_id, source="self"), clock.now()
        )


def test_unknown_competencies_and_people_are_refused() -> None:
    person_id = factories.person()
    with transaction(), pytest.raises(DomainError):
        evidence_records.add_evidence(new(person_id, Kind.MODULE, competency="XYZ-01"), clock.now())
    with transaction(), pytest.raises(NoResultFound):
        evidence_records.add_evidence(new(uuid4(), Kind.MODULE), clock.now())
    with transaction(), pytest.raises(ValueError, match="several"):
        evidence_records.add_all([new(person_id, Kind.MODULE), new(factories.person(), Kind.MODULE)], clock.now())


@pytest.mark.each_database
def test_voiding_everything_leaves_nothing() -> None:
    person_id = factories.person()
    numbers = record(
        new(person_id, Kind.MODULE, it.days(40)), new(person_id, Kind.CHECK, it.days(40)), new(person_id, Kind.REVIEW)
    )
    for number in numbers:
        assert number is not None
        with transaction():
            evidence_records.void(number, by=person_id, reason=" Entered twice. ", now=clock.now())
        with transaction(), pytest.raises(DomainError):
            evidence_records.void(number, by=person_id, reason="Again.", now=clock.now())
    book = it.book(person_id)
    assert (book.rows, book.states, book.periods) == ((), {}, {})
    assert _months() == {}
    lines = competencies.evidence_of(person_id, YEARLY)
    assert [(line.voided, line.reason, line.p_after) for line in lines] == [(True, "Entered twice.", None)] * 3
    assert _standing(person_id).status is VerificationStatus.NOT_STARTED
    assert _names().count("EvidenceVoided") == 3
    told = list(db.session.scalars(select(Entry.facts).where(Entry.name == "EvidenceVoided").order_by(Entry.id)))
    assert [msgspec.json.decode(facts) for facts in told] == [
        {"evidence": number, "kind": kind, "person_id": str(person_id)}
        for number, kind in zip(numbers, (Kind.MODULE, Kind.CHECK, Kind.REVIEW), strict=True)
    ]


def test_a_void_needs_a_reason_and_a_row() -> None:
    [number] = record(new(factories.person(), Kind.MODULE))
    assert number is not None
    with transaction(), pytest.raises(DomainError):
        evidence_records.void(number, by=None, reason=" ", now=clock.now())
    with transaction(), pytest.raises(NoResultFound):
        evidence_records.void(number + 1000, by=None, reason="Because.", now=clock.now())


@pytest.mark.each_database
def test_who_leaves_is_counted_until_that_day() -> None:
    person_id = factories.person()
    it.trained_and_checked(person_id, it.days(5))
    with transaction():
        people.deactivate(person_id, TODAY)
        evidence_records.rebuild(person_id, clock.now())
    [period] = it.book(person_id).periods[FOUNDATION]
    assert (period.since, period.until) == (it.days(5), TODAY)
    assert db.session.scalars(select(CompetencyValidity.until)).one() == TODAY
    assert sum(_months().values()) == 1
    assert accounts.posting_on(person_id, TODAY) is not None


@pytest.mark.each_database
def test_path_lists_needs_by_role_then_by_name_then_others() -> None:
    person_id, boss = factories.person(), factories.person()
    record(new(person_id, Kind.MODULE, competency="FIN-01"), new(person_id, Kind.MODULE, competency="LRE-01"))
    with transaction():
        competence_needs.name_need(person_id, "FIN-02", PRACTITIONER, by=boss, now=clock.now())
        competence_needs.name_need(person_id, "LRE-01", PRACTITIONER, by=boss, now=clock.now())
    lines = competencies.path(person_id, ["first_responder"], TODAY)
    core = set(next(one for one in it.framework().roles if one.id == "first_responder").core_first_year)
    assert {line.competency for line in lines[: len(core)]} == core
    assert [line.competency for line in lines[len(core) :]] == ["FIN-02", "FIN-01"]
    by_id = {line.competency: line for line in lines}
    assert (by_id["LRE-01"].needed, by_id["LRE-01"].by_name) == (PRACTITIONER, True)
    assert (by_id["LRE-02"].needed, by_id["LRE-02"].by_name) == (FOUNDATION, False)
    assert by_id["LRE-01"].status is VerificationStatus.IN_TRAINING  # evidence at the lower level has begun it
    assert (by_id["FIN-01"].needed, by_id["FIN-01"].level) == (None, FOUNDATION)
    assert by_id["FIN-02"].status is VerificationStatus.NOT_STARTED
    with transaction():
        competence_needs.drop_need(person_id, "FIN-02", clock.now())
        competence_needs.drop_need(person_id, "FIN-02", clock.now())
    needs = competence_site.needs_of(person_id, ["first_responder", "investigator"])
    assert "FIN-02" not in {need.competency for need in needs}
    assert {need.competency: need.level for need in needs}["LRE-02"] is PRACTITIONER  # the higher one of two roles


def test_a_need_has_a_level_of_the_framework() -> None:
    person_id = factories.person()
    with transaction(), pytest.raises(DomainError):
        competence_needs.name_need(person_id, "XYZ-01", FOUNDATION, by=person_id, now=clock.now())


def test_explanation_of_a_date() -> None:
    person_id = factories.person()
    it.trained_and_checked(person_id, it.days(40))
    record(new(person_id, Kind.REVIEW))
    lines = competencies.evidence_of(person_id, YEARLY)
    assert [line.kind for line in lines] == [Kind.MODULE, Kind.CHECK, Kind.REVIEW]
    assert [line.until_after is None for line in lines] == [True, False, False]
    standing = it.book(person_id).periods[FOUNDATION][0]
    outlook = competencies.outlook(person_id, YEARLY, FOUNDATION, TODAY)
    assert lines[-1].until_after == standing.until == outlook.until
    assert lines[-1].p_after == pytest.approx(outlook.p_today)
    assert outlook.ends_by == "fading"
    kinds = {step.kind: step.until for step in outlook.next_kinds}
    assert set(kinds) == {Kind.REVIEW, Kind.SCENARIO, Kind.CHECK, Kind.WORKSHOP}
    assert all(until is not None and until > standing.until for until in kinds.values())


def test_forecast_date_matches_the_later_result() -> None:
    person_id = factories.person()
    it.trained_and_checked(person_id, it.days(40))
    promised = {step.kind: step.until for step in competencies.outlook(person_id, YEARLY, FOUNDATION, TODAY).next_kinds}
    record(new(person_id, Kind.CHECK, right=11 / 12))
    assert it.book(person_id).periods[FOUNDATION][0].until == promised[Kind.CHECK]


def test_outlook_without_any_verification() -> None:
    person_id = factories.person()
    untouched = competencies.outlook(person_id, YEARLY, PRACTITIONER, TODAY)
    assert (untouched.until, untouched.ends_by) == (None, None)
    assert untouched.p_today == pytest.approx(0.0912, abs=0.0001)
    kinds = {step.kind: step.until for step in untouched.next_kinds}
    assert set(kinds) == {Kind.MODULE, Kind.WORKSHOP}  # a watched check cannot verify this level
    assert kinds[Kind.MODULE] is None
    assert kinds[Kind.WORKSHOP] is not None


def test_a_watched_check_carries_no_further_than_its_months() -> None:
    person_id = factories.person()
    it.trained_and_checked(person_id, it.days(330))
    record(*(new(person_id, Kind.REVIEW, it.days(ago)) for ago in range(310, 0, -21)))
    outlook = competencies.outlook(person_id, YEARLY, FOUNDATION, TODAY)
    assert (outlook.ends_by, outlook.until) == ("watched", it.days(330) + timedelta(days=365))
    assert {step.kind: step.until for step in outlook.next_kinds}[Kind.REVIEW] == outlook.until


@pytest.mark.each_database
def test_an_earlier_skill_needs_a_second_person() -> None:
    person_id, boss = factories.person(), factories.person()
    with transaction():
        claim_id = claims.claim_skill(person_id, YEARLY, FOUNDATION, clock.now())
    with transaction(), pytest.raises(DomainError):
        claims.claim_skill(person_id, YEARLY, FOUNDATION, clock.now())
    with transaction(), pytest.raises(DomainError):
        claims.decide_claim(claim_id, by=person_id, endorse=True, reason="", now=clock.now())
    assert [one.id for one in competencies.claims_waiting("IQ", TODAY)] == [claim_id]
    assert competencies.claims_waiting("PK", TODAY) == []
    assert competencies.claim(claim_id, "IQ", TODAY).person_id == person_id
    with pytest.raises(NoResultFound):
        competencies.claim(claim_id, "PK", TODAY)
    with transaction():
        claims.decide_claim(claim_id, by=boss, endorse=True, reason="Ten years of it.", now=clock.now())
    state = it.book(person_id).states[FOUNDATION]
    assert (state.mu, state.var, state.trained) == (0.0, 4.0, False)
    assert [one.state for one in competencies.claims_of(person_id)] == [ClaimState.ENDORSED]
    with transaction(), pytest.raises(IllegalMoveError):
        claims.withdraw_claim(claim_id, clock.now())
    record(new(person_id, Kind.CHECK, right=11 / 12))
    assert FOUNDATION in it.book(person_id).periods


def test_a_claim_comes_before_other_evidence_or_counts_for_nothing() -> None:
    person_id, boss = factories.person(), factories.person()
    with transaction():
        claim_id = claims.claim_skill(person_id, YEARLY, FOUNDATION, clock.now())
    record(new(person_id, Kind.MODULE))
    state = it.book(person_id).states[FOUNDATION]
    with transaction():
        claims.decide_claim(claim_id, by=boss, endorse=True, reason="", now=clock.now())
    assert it.book(person_id).states[FOUNDATION] == state
    with transaction(), pytest.raises(DomainError):
        claims.claim_skill(person_id, YEARLY, FOUNDATION, clock.now())


def test_a_claim_taken_back_may_be_made_again() -> None:
    person_id, boss = factories.person(), factories.person()
    with transaction():
        claim_id = claims.claim_skill(person_id, YEARLY, FOUNDATION, clock.now())
        claims.withdraw_claim(claim_id, clock.now())
    assert competencies.claims_waiting("IQ", TODAY) == []
    with transaction():
        assert claims.claim_skill(person_id, YEARLY, FOUNDATION, clock.now()) == claim_id
        claims.decide_claim(claim_id, by=boss, endorse=False, reason="Not here.", now=clock.now())
    assert it.book(person_id).states == {}
    with transaction(), pytest.raises(DomainError):
        claims.claim_skill(person_id, YEARLY, FOUNDATION, clock.now())


@pytest.mark.each_database
def test_evidence_asks_little_of_the_database() -> None:
    person_id, assessor = factories.person(), factories.person(country="PK")
    assert catalogue.competencies() is not None  # a version of the framework is read once
    with transaction(), statements() as seen:
        evidence_records.add_evidence(new(person_id, Kind.MODULE), clock.now())
    assert len(seen) == 7  # framework, person, three to read, evidence, state
    more = {"level": PRACTITIONER, "assessor_id": assessor, "assessor_country": "PK"}
    with transaction(), statements() as seen:
        evidence_records.add_evidence(new(person_id, Kind.WORKSHOP, **more), clock.now())
    turn = db.engine.dialect.name == "postgresql"
    assert len(seen) == 12 + turn  # and period, held, two roll-ups, a notice
    four = [new(person_id, Kind.MODULE, competency=f"LRE-0{n}", source="course:1:completed") for n in range(1, 5)]
    with transaction(), statements() as seen:
        evidence_records.add_all(four, clock.now())
    assert len(seen) == 7


@pytest.mark.each_database
def test_rows_that_name_the_person_do_not_wait(context: Flask) -> None:
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has one writer")
    person_id = factories.person()
    with transaction():
        accounts.lock(person_id)
        with db.engine.connect() as other:
            other.execute(text("SET lock_timeout = '500ms'"))
            found = other.execute(text("SELECT 1 FROM person WHERE id = :id FOR KEY SHARE"), {"id": person_id})
            assert found.scalar() == 1  # it would have waited, and ended in an error
            other.rollback()
