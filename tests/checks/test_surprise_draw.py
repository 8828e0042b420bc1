from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.access.policy import Sensitivity
from app.audit.models import Entry
from app.catalogue.domain.items import Level
from app.catalogue.models import Course
from app.checks.domain import surprise as rules
from app.checks.domain.sittings import SeatState, SittingState, Way, WorkState
from app.checks.domain.surprise import PickState
from app.checks.jobs import surprise as jobs
from app.checks.models import SeatWork, Sitting, SittingSeat, SittingTask, SurpriseDraw, SurprisePick
from app.checks.queries import surprise as queries
from app.checks.service import surprise
from app.competence.domain.evidence import EvidenceKind
from app.db.session import db, transaction
from app.identity.models import Person, Posting
from app.kernel import clock
from app.kernel.errors import DomainError
from tests.support import concurrency, factories, sql_statements, surprise_scene
from tests.support.competency_evidence import TODAY, YEARLY, new, record
from tests.support.settings import NOW
from tests.support.surprise_scene import LONG_AGO, SurpriseScene, checked, share_agency

QUARTER = rules.quarter_of(TODAY)


@pytest.fixture
def scene(context: Flask) -> SurpriseScene:
    return surprise_scene.make()


def _picks(**wanted: object) -> dict[UUID, SurprisePick]:
    db.session.rollback()
    return {row.person_id: row for row in db.session.scalars(select(SurprisePick).filter_by(**wanted))}


def _sitting(competency: str = YEARLY) -> UUID:
    """Add a planned sitting with a task of a competency."""
    person_id, now = factories.person(roles=()), clock.now()
    sitting_id = uuid4()
    with transaction():
        db.session.add(
            Sitting(
                id=sitting_id, code=sitting_id.hex[:8], country="IQ", planned_for=now, state=SittingState.PLANNED,
                created_by=person_id, created_at=now,
            )
        )  # fmt: skip
        db.session.flush()
        db.session.add(
            SittingTask(
                sitting_id=sitting_id, position=1, competency=competency, level=Level.FOUNDATION, way=Way.QUESTIONS,
                course_id=_course(), minutes=24,
            )
        )  # fmt: skip
    return sitting_id


def _course() -> UUID:
    existing = db.session.scalar(select(Course.id))
    if existing is None:
        existing = uuid4()
        db.session.add(Course(id=existing, code="T01", slug="t01", sensitivity=Sensitivity.UNRESTRICTED))
        db.session.flush()
    return existing


@pytest.mark.each_database
def test_job_draws_all_of_a_small_pool_once_a_quarter(scene: SurpriseScene) -> None:
    assert jobs.draw_surprise_checks() == 1
    picks = _picks()
    assert picks.keys() == {*scene.officers, *scene.foreigners}
    assert {(pick.state, pick.level) for pick in picks.values()} == {(PickState.DRAWN, Level.FOUNDATION)}
    assert {pick.country for pick in picks.values()} == {"IQ", "BG"}
    draw = db.session.scalars(select(SurpriseDraw)).one()
    assert (draw.quarter, draw.competency, draw.pool) == (QUARTER, YEARLY, 25)
    assert jobs.draw_surprise_checks() == 0
    assert db.session.scalar(select(func.count()).select_from(Entry).where(Entry.name == "SurpriseDrawn")) == 1


@pytest.mark.each_database
def test_recorded_seed_draws_the_same_officers_again(scene: SurpriseScene) -> None:
    more = [factories.person() for _number in range(50)]
    for person_id in more:
        record(new(person_id, EvidenceKind.MODULE, LONG_AGO))
    jobs.draw_surprise_checks()
    draw = db.session.scalars(select(SurpriseDraw)).one()
    again = rules.drawn(draw.seed, [*more, *scene.officers, *scene.foreigners], [])
    assert (draw.pool, len(again.all)) == (75, 50)
    assert _picks().keys() == set(again.all)


def test_nothing_is_drawn_from_fewer_than_twenty(scene: SurpriseScene) -> None:
    with transaction():
        for posting in db.session.scalars(select(Posting).where(Posting.person_id.in_(scene.officers[:6]))):
            posting.since, posting.until = LONG_AGO, TODAY - timedelta(days=1)
    assert jobs.draw_surprise_checks() == 0
    assert _picks() == {}


def test_one_in_ten_of_the_own_chain_needs_another_invigilator(scene: SurpriseScene) -> None:
    officers, watcher = scene.officers, scene.invigilators[0]
    for person_id in officers:
        share_agency(person_id, watcher)
        checked(person_id, [watcher])
    prepared = surprise.prepare(clock.now())
    assert [len(draw.picks) for draw in prepared] == [25]
    again = rules.drawn(prepared[0].seed, [*officers, *scene.foreigners], officers).again
    assert len(again) == 3  # of 22
    jobs.draw_surprise_checks()
    lines = queries.picks_of("IQ", QUARTER)
    assert {line.person_id for line in lines if line.needs_other} == set(officers)
    assert not any(line.needs_other for line in queries.picks_of("BG", QUARTER))


@pytest.mark.each_database
def test_two_coordinators_at_once_make_one_draw(scene: SurpriseScene, app: Flask) -> None:
    first, second = (surprise.prepare(clock.now())[0] for _number in range(2))
    db.session.remove()
    now = clock.now()
    assert concurrency.both_at_once(app, lambda: surprise.store(first, now), lambda: surprise.store(second, now)) == [
        True,
        False,
    ]
    assert _picks().keys() == first.picks.keys()


def test_draw_takes_as_many_statements_for_many_officers(scene: SurpriseScene) -> None:
    def statements() -> int:
        db.session.rollback()
        with sql_statements.statements() as counted:
            surprise.prepare(clock.now())
        return len(counted)

    before = statements()
    for _number in range(5):
        record(new(factories.person(), EvidenceKind.MODULE, LONG_AGO))
    assert statements() == before


@pytest.mark.each_database
def test_planned_sitting_seats_the_picks_of_its_competency(scene: SurpriseScene) -> None:
    jobs.draw_surprise_checks()
    sitting_id, other, (first, second, *_rest) = _sitting(), _sitting(competency="LRE-01"), scene.officers
    with transaction():
        assert surprise.mark_seated(other, [first], clock.now()) == 0
        assert surprise.mark_seated(sitting_id, [first, second, scene.untrained], clock.now()) == 2
    assert _picks(state=PickState.SEATED).keys() == {first, second}
    with transaction():
        assert surprise.release(sitting_id) == 2
    assert _picks(state=PickState.SEATED) == {}
    assert _picks()[first].sitting_id is None


def test_job_takes_seats_back_when_the_sitting_ended_without_a_check(scene: SurpriseScene) -> None:
    jobs.draw_surprise_checks()
    (officer, waiting, *_rest), sitting_id = scene.officers, _sitting()
    with transaction():
        surprise.mark_seated(sitting_id, [officer, waiting], clock.now())
    with transaction():
        sitting = db.session.get_one(Sitting, sitting_id)
        sitting.state, sitting.opened_at, sitting.closed_at = SittingState.CLOSED, clock.now(), clock.now()
        seat = SittingSeat(id=uuid4(), sitting_id=sitting_id, person_id=waiting, state=SeatState.FINISHED)
        db.session.add(seat)
        db.session.flush()
        db.session.add(SeatWork(id=uuid4(), seat_id=seat.id, position=1, state=WorkState.SUBMITTED, attempt_id=uuid4()))
    jobs.draw_surprise_checks()
    assert (_picks()[officer].state, _picks()[waiting].state) == (PickState.DRAWN, PickState.SEATED)


def test_check_of_a_pick_is_recorded(scene: SurpriseScene) -> None:
    jobs.draw_surprise_checks()
    officer = scene.officers[0]
    checked(officer, [scene.invigilators[0]])
    with transaction():
        assert surprise.mark_checked(officer, YEARLY, TODAY)
        assert not surprise.mark_checked(officer, YEARLY, TODAY)
        assert not surprise.mark_checked(scene.untrained, YEARLY, TODAY)
    assert _picks(state=PickState.CHECKED).keys() == {officer}


def test_check_by_the_own_chain_does_not_count_when_others_must_watch(scene: SurpriseScene) -> None:
    officer, (colleague, other, _third) = scene.officers[0], scene.invigilators
    share_agency(officer, colleague)
    checked(officer, [colleague], TODAY - timedelta(days=9))
    jobs.draw_surprise_checks()
    checked(officer, [colleague])
    with transaction():
        assert not surprise.mark_checked(officer, YEARLY, TODAY)
    checked(officer, [other, colleague], kind=EvidenceKind.SURPRISE)
    with transaction():
        assert surprise.mark_checked(officer, YEARLY, TODAY)


def test_excused_officer_has_a_reason(scene: SurpriseScene) -> None:
    jobs.draw_surprise_checks()
    draw_id, officer = db.session.scalars(select(SurpriseDraw.id)).one(), scene.officers[0]
    for reason in ("", "   ", "x" * 301):
        with pytest.raises(DomainError), transaction():
            surprise.excuse(draw_id, officer, reason=reason, now=clock.now())
    for _twice in range(2):
        with transaction():
            surprise.excuse(draw_id, officer, reason="Long  absence.", now=clock.now())
    pick = _picks(state=PickState.EXCUSED)[officer]
    assert pick.reason == "Long absence."
    with transaction():
        assert not surprise.mark_checked(officer, YEARLY, TODAY)


def test_job_ends_past_quarters_and_excuses_who_left(scene: SurpriseScene) -> None:
    jobs.draw_surprise_checks()
    leaver = scene.officers[0]
    with transaction():
        for posting in db.session.scalars(select(Posting).where(Posting.person_id == leaver)):
            posting.since, posting.until = LONG_AGO, TODAY - timedelta(days=1)
    jobs.draw_surprise_checks()
    assert _picks(state=PickState.EXCUSED).keys() == {leaver}
    start = clock.real_now()
    clock.move(lambda: NOW + timedelta(days=92) - start)
    jobs.draw_surprise_checks()
    old = db.session.scalars(select(SurpriseDraw.id).where(SurpriseDraw.quarter == QUARTER)).one()
    assert len(_picks(draw_id=old, state=PickState.MISSED)) == 24


def test_officers_under_threat_are_not_counted_by_country(scene: SurpriseScene) -> None:
    jobs.draw_surprise_checks()
    assert queries.by_country(QUARTER)["IQ"].picks == 22
    with transaction():
        db.session.get_one(Person, scene.officers[0]).protected = True
    assert queries.by_country(QUARTER)["IQ"].picks == 21


@pytest.mark.each_database
def test_check_counts_for_the_quarter_of_its_day_after_the_quarter_ended(scene: SurpriseScene) -> None:
    jobs.draw_surprise_checks()
    officer, late = scene.officers[0], rules.last_day(QUARTER) + timedelta(days=1)
    checked(officer, [scene.invigilators[0]])
    with transaction():
        assert surprise.end_quarters(clock.now() + timedelta(days=92)) == 25
    with transaction():
        assert not surprise.mark_checked(officer, YEARLY, late)
        assert surprise.mark_checked(officer, YEARLY, TODAY)
    assert _picks(state=PickState.CHECKED).keys() == {officer}


def test_pick_whose_work_waits_for_a_marker_is_not_missed(scene: SurpriseScene) -> None:
    jobs.draw_surprise_checks()
    waiting, sitting_id = scene.officers[0], _sitting()
    with transaction():
        surprise.mark_seated(sitting_id, [waiting], clock.now())
        seat = SittingSeat(id=uuid4(), sitting_id=sitting_id, person_id=waiting, state=SeatState.FINISHED)
        db.session.add(seat)
        db.session.flush()
        db.session.add(SeatWork(id=uuid4(), seat_id=seat.id, position=1, state=WorkState.SUBMITTED, attempt_id=uuid4()))
    with transaction():
        assert surprise.end_quarters(clock.now() + timedelta(days=92)) == 24
    assert _picks(state=PickState.SEATED).keys() == {waiting}
