"""Properties: stored states and periods follow the evidence, in any order of arrival."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, time as daytime, timedelta
from functools import partial
from itertools import pairwise
from random import Random
from uuid import UUID, uuid4

import pytest
from flask import Flask
from hypothesis import given, settings, strategies as st
from sqlalchemy import select, text, update

from app.competence.domain import measure
from app.competence.domain.assessment import EvidenceBook, EvidenceRow, rebuilt_book, rules, with_evidence
from app.competence.domain.evidence import LEVELS, EvidenceKind as Kind
from app.competence.domain.periods import PostedPeriod
from app.competence.models import AgencyMonth, CapacityDay, CompetencyValidity, Period, State
from app.competence.queries import consistency_checks, rule_inputs
from app.competence.service import evidence_records, needs, rollups, store
from app.competence.service.evidence_records import NewEvidence
from app.db.session import db, transaction
from app.identity.domain.people import AgencyKind
from app.identity.queries import postings as accounts
from app.identity.queries.postings import PostingSpan
from app.kernel import clock
from app.messages.domain import NoticeKind
from app.messages.models import Notice
from tests.support import competency_evidence as it, factories
from tests.support.competency_evidence import FOUNDATION, PRACTITIONER, SPECIALIST, TODAY, YEARLY, new
from tests.support.examples import examples
from tests.support.settings import NOW

PERSON, BOSS, ASSESSORS = uuid4(), uuid4(), (("PK", uuid4()), ("DE", uuid4()))
SCORED = Kind.WORKSHOP
RULES = rules(it.framework(), YEARLY)
POSTINGS = [
    PostingSpan(PERSON, "IQ", uuid4(), AgencyKind.BORDER, ("first_responder",), it.days(300), it.days(100)),
    PostingSpan(PERSON, "PK", uuid4(), AgencyKind.POLICE, ("investigator",), it.days(99), None),
]
PRACTICE = (Kind.MODULE, Kind.REFRESHER, Kind.QUIZ, Kind.REVIEW, Kind.SCENARIO, Kind.SUPERVISOR, Kind.CLAIM)
KINDS = (*PRACTICE, Kind.CHECK, Kind.SURPRISE, Kind.WORKSHOP)


@st.composite
def _pieces(draw: st.DrawFn, kinds: Sequence[Kind] = KINDS) -> NewEvidence:
    kind, level = draw(st.sampled_from(kinds)), draw(st.sampled_from(LEVELS))
    day = it.days(draw(st.integers(0, 400)))
    country, assessor = draw(st.sampled_from(ASSESSORS))
    number = draw(st.integers(0, 10**9))
    training = draw(st.sampled_from(["course:1", "course:2", f"other:{number}"]))
    more: dict[str, object] = {"level": level, "source": f"{training}:{kind}:{number}", "recorded_by": BOSS}
    if kind is SCORED:
        more |= {"assessor_id": assessor, "assessor_country": country}
    return new(PERSON, kind, day, right=draw(st.sampled_from([0.0, 0.25, 0.5, 0.75, 0.9, 1.0])), **more)


def _row(number: int, one: NewEvidence) -> EvidenceRow:
    return EvidenceRow(number, one.level, NOW, NOW, rule_inputs.piece(one))


def _entered(news: Sequence[NewEvidence]) -> EvidenceBook:
    book = EvidenceBook()
    for number, one in enumerate(news):
        book = with_evidence(book, _row(number, one), RULES, POSTINGS)
    return book


@settings(max_examples=examples(40), deadline=None)
@given(st.lists(_pieces(), max_size=9))
def test_entering_one_by_one_is_making_it_all_again(news: list[NewEvidence]) -> None:
    book = _entered(news)
    again = rebuilt_book(book, RULES, POSTINGS)
    assert book.states == again.states
    assert book.periods == again.periods


@settings(max_examples=examples(40), deadline=None)
@given(st.lists(_pieces(), max_size=9))
def test_times_never_overlap_and_lie_in_their_postings(news: list[NewEvidence]) -> None:
    book = _entered(news)
    for level, periods in book.periods.items():
        assert all(one.since <= one.until for one in periods)
        assert all(a.until < b.since for a, b in pairwise(periods))
        for one in periods:
            assert (one.country == "IQ") == (one.until <= it.days(100)), "cut where the posting ended"
        for lower in LEVELS[: LEVELS.index(level)]:
            spans = [(one.since, one.until) for one in book.periods[lower]]
            assert all(any(a <= one.since and one.until <= b for a, b in spans) for one in periods), "a level is below"


@settings(max_examples=examples(40), deadline=None)
@given(st.lists(_pieces(PRACTICE), max_size=12))
def test_practice_never_verifies(news: list[NewEvidence]) -> None:
    book = _entered(news)
    assert book.periods == {}
    assert all(state.verified_until is None for state in book.states.values())


@settings(max_examples=examples(40), deadline=None)
@given(
    ago=st.integers(0, 300),
    mu=st.floats(-2, 4),
    var=st.floats(0.05, 4.5),
    du=st.floats(-1, 1),
    above=st.floats(0, 3),
    left=st.integers(-5, 200),
    kind=st.sampled_from([Kind.CHECK, Kind.WORKSHOP, Kind.REVIEW, Kind.SCENARIO, Kind.SUPERVISOR]),
)
def test_more_right_answers_never_give_an_earlier_date(
    ago: int, mu: float, var: float, du: float, above: float, left: int, kind: Kind
) -> None:
    k, day = RULES(FOUNDATION).parameters, TODAY.toordinal()
    before = measure.SkillState(
        mu=mu, var=var, du=du, uvar=0.36, peak=mu + above, last=day - ago, trained=True,
        watched=day - ago, verified_from=day - ago, verified_until=day + left,
    )  # fmt: skip
    asked = new(PERSON, kind)
    dates, levels = [], []
    for right in range(asked.items + 1):
        piece = rule_inputs.piece(replace(asked, share=right / asked.items))
        after = measure.apply(before, piece, k, measure.Bearing(verifies=piece.watched))
        dates.append(max(day - 1, after.verified_until or 0))
        levels.append(measure.observe(before, piece, k).mu)
    assert dates == sorted(dates)
    # the mean may fall a little where the spread of the level meets its cap; the dates do not
    assert min((after - before for before, after in pairwise(levels)), default=0.0) > -0.05


@pytest.fixture
def academy(context: Flask) -> None:
    it.load_framework()


def _life(person_id: UUID, assessors: Sequence[tuple[str, UUID]], random: Random) -> list[NewEvidence]:
    made = []
    for number in range(random.randint(4, 8)):
        kind, level = random.choice(KINDS), random.choice((FOUNDATION, PRACTITIONER, SPECIALIST))
        country, assessor = random.choice(list(assessors))
        more: dict[str, object] = {"level": level, "source": f"course:{number % 3}:{number}"}
        if kind is SCORED:
            more |= {"assessor_id": assessor, "assessor_country": country}
        name = random.choice([YEARLY, it.PROCEDURE])
        right = random.choice([0.5, 0.9, 1.0])
        made.append(new(person_id, kind, it.days(random.randint(0, 200)), right=right, competency=name, **more))
    return made


def _found() -> list[str]:
    db.session.rollback()
    return list(consistency_checks.faults())


@pytest.mark.parametrize("seed", range(3))
def test_order_of_recording_does_not_change_the_result(academy: None, seed: int) -> None:
    random = Random(seed)
    people = [factories.person() for _ in range(4)]
    assessors = [("PK", factories.person(country="PK")), ("DE", factories.person(country="DE"))]
    everything = [one for person_id in people for one in _life(person_id, assessors, random)]
    random.shuffle(everything)
    numbers = it.record(*everything)
    assert _found() == []
    for number in random.sample(numbers, len(numbers) // 2):
        assert number is not None
        with transaction():
            evidence_records.void(number, by=None, reason="Entered for another person.", now=clock.now())
    assert _found() == []
    rest = db.session.scalars(text("SELECT id FROM evidence WHERE kind <> 'void' AND id NOT IN "
                                   "(SELECT voids FROM evidence WHERE voids IS NOT NULL)")).all()  # fmt: skip
    for number in rest:
        with transaction():
            evidence_records.void(number, by=None, reason="All of it.", now=clock.now())
    assert _found() == []
    tables = ("competence_state", "competence_held", "competence_period")
    assert [db.session.scalar(text(f"SELECT count(*) FROM {name}")) for name in tables] == [0, 0, 0]
    assert db.session.scalar(text("SELECT count(*) FROM cap_month WHERE n <> 0")) == 0


@pytest.mark.each_database
def test_evidence_that_comes_at_once_does_not_race(academy: None, app: Flask) -> None:
    people = [factories.person() for _ in range(2)]
    db.session.rollback()

    def enter(number: int) -> None:
        kind = Kind.CHECK if number % 4 < 2 else Kind.REVIEW
        one = new(people[number % 2], kind, it.days(number), right=1.0, source=f"check:{number // 2}")
        with app.app_context(), transaction():
            evidence_records.add_evidence(one, clock.now())

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(enter, range(24)))
        list(pool.map(enter, range(24)))  # each of them twice
    assert _found() == []
    assert [len(it.book(person_id).rows) for person_id in people] == [12, 12]
    assert db.session.scalar(text("SELECT sum(n) FROM cap_month_c WHERE role = '*'")) == 2


@pytest.mark.each_database
def test_what_was_changed_by_hand_is_found_and_mended(academy: None, app: Flask) -> None:
    person_id = factories.person()
    it.trained_and_checked(person_id, it.days(5))
    run = app.test_cli_runner().invoke
    assert run(args=["competence", "replay"]).exit_code == 0
    with transaction():
        db.session.execute(update(State).values(mu=State.mu + 0.5))
        db.session.execute(update(CompetencyValidity).values(role="trainer"))
        db.session.execute(update(AgencyMonth).values(n=AgencyMonth.n + 1))
    answer = run(args=["competence", "replay"])
    assert answer.exit_code == 1
    assert answer.output.count("the state of VIC-02 (foundation)") == 1
    assert answer.output.count("the stored period of VIC-02 (foundation)") == 1
    assert "cap_month: fewer than 5 counted, fewer than 5 held" in answer.output
    assert "cap_month_c: fewer than 5 counted, fewer than 5 held" in answer.output
    answer = run(args=["competence", "replay", "--mend"])
    assert (answer.exit_code, answer.output.splitlines()[-1]) == (0, "All stored statuses agree with the evidence.")


def test_a_changed_framework_is_mended_by_the_replay(academy: None, app: Flask) -> None:
    person_id = factories.person()
    it.trained_and_checked(person_id, it.days(5))
    kept = it.book(person_id)
    with transaction():
        db.session.execute(update(State).values(mu=0.0, verified_until=TODAY))
    run = app.test_cli_runner().invoke
    answer = run(args=["competence", "replay", "--mend"])
    assert (answer.exit_code, "Made again for 1 people." in answer.output) == (0, True)
    db.session.rollback()
    assert it.book(person_id).states == kept.states


def _made_by_older_rules(person_id: UUID, *, longer: int) -> None:
    """Store the rows of a person under the first version, with dates that many days later."""
    with transaction():
        db.session.execute(update(State).where(State.person_id == person_id).values(edition=1))
        for model in (CompetencyValidity, Period):
            rows = db.session.scalars(select(model).where(model.person_id == person_id)).all()
            for row in rows:
                row.until += timedelta(days=longer)
        db.session.flush()
        store.recount_months()


def _told() -> list[tuple[UUID, str]]:
    db.session.rollback()
    query = select(Notice.person_id, Notice.facts).where(Notice.kind == NoticeKind.MEASURE_CHANGED)
    return [(row[0], row[1]) for row in db.session.execute(query)]


def test_people_are_notified_once_when_new_rules_change_dates(academy: None, app: Flask) -> None:
    changed, same = factories.person(), factories.person()
    for person_id in (changed, same):
        it.trained_and_checked(person_id, it.days(5))
    kept = [it.book(person_id) for person_id in (changed, same)]
    _made_by_older_rules(changed, longer=40)
    _made_by_older_rules(same, longer=0)
    run = app.test_cli_runner().invoke
    assert "was made by older rules" in run(args=["competence", "replay"]).output
    answer = run(args=["competence", "replay", "--mend"])
    assert (answer.exit_code, "Made again for 2 people." in answer.output) == (0, True)
    assert _told() == [(changed, f'{{"competency":"{YEARLY}"}}')]
    assert [it.book(person_id) for person_id in (changed, same)] == kept
    assert "Made again" not in run(args=["competence", "replay", "--mend"]).output
    assert len(_told()) == 1


def test_mending_goes_on_when_it_was_broken_off(academy: None, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    people = sorted(factories.person() for _ in range(3))
    for person_id in people:
        it.trained_and_checked(person_id, it.days(5))
        _made_by_older_rules(person_id, longer=40)
    rebuild = evidence_records.rebuild

    def die_at_the_second(person_id: UUID, now: datetime) -> None:
        if person_id == people[1]:
            raise SystemExit
        rebuild(person_id, now)

    with monkeypatch.context() as patch:
        patch.setattr(evidence_records, "rebuild", die_at_the_second)
        app.test_cli_runner().invoke(args=["competence", "replay", "--mend"])
    assert [person_id for person_id, _facts in _told()] == people[:1]
    answer = app.test_cli_runner().invoke(args=["competence", "replay", "--mend"])
    assert (answer.exit_code, "Made again for 2 people." in answer.output) == (0, True)
    assert sorted(person_id for person_id, _facts in _told()) == people


def test_newer_rules_count_at_once_when_evidence_comes(academy: None) -> None:
    person_id = factories.person()
    it.trained_and_checked(person_id, it.days(5))
    _made_by_older_rules(person_id, longer=40)
    it.record(new(person_id, Kind.REVIEW, it.days(1)))
    assert _found() == []
    assert [one for one, _facts in _told()] == [person_id]


@pytest.mark.parametrize("seed", range(2))
def test_everything_is_the_same_in_every_order_of_arrival(academy: None, seed: int) -> None:
    random = Random(seed)
    assessors = [("PK", factories.person(country="PK")), ("DE", factories.person(country="DE"))]
    first, second = factories.person(), factories.person()
    life = _life(first, assessors, random)
    done = [datetime.combine(one.day, daytime(6 + place), UTC) for place, one in enumerate(life)]
    life = [replace(one, done_at=at) for one, at in zip(life, done, strict=True)]
    it.record(*life)
    it.record(*(replace(one, person_id=second) for one in random.sample(life, len(life))))
    assert _found() == []
    for name in (YEARLY, it.PROCEDURE):
        books_of = [it.book(person_id, name) for person_id in (first, second)]
        assert books_of[0].states == books_of[1].states
        spans = [
            {level: [(one.since, one.until) for one in times] for level, times in book.periods.items()}
            for book in books_of
        ]
        assert spans[0] == spans[1]
    with transaction():
        rollups.sum_up(TODAY, clock.now())
    rows = db.session.execute(select(CapacityDay.expected, CapacityDay.need).where(CapacityDay.agency_id == _of(first)))
    sums = sorted((round(row[0], 9), row[1]) for row in rows)
    rows = db.session.execute(
        select(CapacityDay.expected, CapacityDay.need).where(CapacityDay.agency_id == _of(second))
    )
    assert sorted((round(row[0], 9), row[1]) for row in rows) == sums


def _of(person_id: UUID) -> UUID:
    return accounts.postings([person_id])[person_id][0].agency_id


def test_evidence_is_taken_out_by_command(academy: None, app: Flask) -> None:
    person_id = factories.person(alias="Heron")
    [number] = it.record(new(person_id, Kind.MODULE))
    db.session.rollback()
    run = app.test_cli_runner().invoke
    void = ["competence", "void", str(number), "--reason", "Entered twice.", "--by"]
    assert "No person has this alias" in run(args=[*void, "Unknown"]).output
    assert run(args=[*void, "Heron"]).exit_code == 0
    assert "out already" in run(args=[*void, "Heron"]).output
    assert "no evidence with this number" in run(args=["competence", "void", "0", *void[3:], "Heron"]).output
    db.session.rollback()
    assert it.book(person_id).rows == ()


def _at_once(app: Flask, deeds: Sequence[Callable[[], object]]) -> list[str]:
    """Do these at once, each in a thread of its own, and return the names of what they raised."""
    start = threading.Barrier(len(deeds))

    def act(deed: Callable[[], object]) -> str:
        start.wait()
        try:
            with app.app_context(), transaction():
                deed()
        except Exception as error:
            return type(error).__name__
        return ""

    db.session.rollback()
    with ThreadPoolExecutor(len(deeds)) as pool:
        return sorted(filter(None, pool.map(act, deeds)))


@pytest.mark.each_database
def test_same_evidence_is_voided_only_once(academy: None, app: Flask) -> None:
    person_id = factories.person()
    it.trained_and_checked(person_id, it.days(5))
    number = it.book(person_id).rows[-1].id
    out = partial(evidence_records.void, number, by=None, reason="Entered twice.", now=clock.now())
    assert _at_once(app, [out] * 4) == ["DomainError"] * 3
    assert _found() == []
    assert it.book(person_id).periods == {}


@pytest.mark.each_database
def test_all_that_is_done_with_one_officer_at_once_ends_well(academy: None, app: Flask) -> None:
    person_id = factories.person()
    it.trained_and_checked(person_id, it.days(50))
    number = it.book(person_id).rows[0].id
    now = clock.now()
    deeds: list[Callable[[], object]] = [
        partial(evidence_records.void, number, by=None, reason="Entered twice.", now=now),
        partial(evidence_records.rebuild, person_id, now),
        partial(needs.name_need, person_id, YEARLY, FOUNDATION, by=person_id, now=now),
        *(partial(evidence_records.add_evidence, new(person_id, Kind.REVIEW, it.days(n)), now) for n in (30, 20, 10)),
        partial(evidence_records.add_evidence, new(person_id, Kind.CHECK, it.days(40), right=0.9), now),
        partial(evidence_records.add_evidence, new(person_id, Kind.CHECK, it.days(40), right=0.9), now),
    ]
    assert _at_once(app, deeds) == []
    assert _found() == []
    assert len(it.book(person_id).rows) == 2 - 1 + 4


@pytest.mark.each_database
def test_counts_that_cross_do_not_wait_for_each_other(academy: None, app: Flask) -> None:
    """One goes from a later month to an earlier one, one the other way, in two steps of a transaction."""
    agency_id = _of(factories.person())
    spans = [PostedPeriod(TODAY, TODAY + timedelta(days=n), "IQ", agency_id, "investigator") for n in (40, 80)]

    def move(order: Sequence[PostedPeriod]) -> None:
        for one in order:
            store.count_months({(one, YEARLY, FOUNDATION): 1})
            time.sleep(0.1)

    assert _at_once(app, [partial(move, spans), partial(move, spans[::-1])]) == []
    db.session.rollback()
    assert list(db.session.scalars(select(AgencyMonth.n))) == [2, 2]


@pytest.mark.each_database
def test_who_dies_midway_leaves_nothing(academy: None, monkeypatch: pytest.MonkeyPatch) -> None:
    person_id = factories.person()
    it.record(new(person_id, Kind.MODULE))
    kept = it.book(person_id)

    def die(*_given: object) -> None:
        raise SystemExit

    for name in ("_write_periods", "_write_validity", "_count"):
        db.session.rollback()
        with monkeypatch.context() as patch, pytest.raises(SystemExit), transaction():
            patch.setattr(store, name, die)
            evidence_records.add_evidence(new(person_id, Kind.CHECK, right=11 / 12), clock.now())
        assert it.book(person_id) == kept
        assert _found() == []


def test_nothing_is_dated_in_the_future(academy: None) -> None:
    person_id = factories.person()
    with transaction(), pytest.raises(ValueError, match="to come"):
        evidence_records.add_evidence(new(person_id, Kind.CHECK, TODAY + timedelta(days=1)), clock.now())
