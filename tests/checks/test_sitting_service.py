from datetime import timedelta

import pytest
from flask import Flask

from app.catalogue.domain.items import Level
from app.checks.domain.sittings import SeatState, SittingState, Way, WorkState
from app.checks.models import EvidenceWatcher, Product, SittingInterruption
from app.checks.queries import pools
from app.checks.service import closing, seats, sittings
from app.checks.service.seats import ArrivalResult
from app.checks.service.sittings import CheckAim
from app.competence.domain.evidence import EvidenceKind
from app.competence.models import Evidence
from app.db.session import db, transaction
from app.kernel import clock
from app.kernel.errors import DomainError
from app.quizzes.queries import watched
from tests.support import factories, sitting_scene, watched_course
from tests.support.sitting_scene import scene

RIGHT = {"text": "port"}


def right(attempt: object, number: int) -> object:
    """Return the right answer to a question of a watched attempt."""
    item = watched.answers_of(attempt)[number - 1].item  # type: ignore[arg-type]
    return RIGHT if item.kind == "short" else {"place": 0}


def close(made: sitting_scene.Scene) -> None:
    with transaction():
        closing.close(made.sitting_id, by=made.invigilator, note="No incidents.", now=clock.now())


@pytest.mark.each_database
def test_check_of_an_officer_becomes_evidence(app: Flask) -> None:
    made = scene(app)
    with app.app_context():
        officer, absent = made.officers
        attempt = sitting_scene.at_work(made, officer)
        answers = watched.answers_of(attempt)
        assert sum(line.item.kind == "short" for line in answers) == 6
        assert len({line.item.id for line in answers}) == 12
        for number in range(1, 10):
            sitting_scene.answer(attempt, number, right(attempt, number))
        sitting_scene.hand_in(attempt)
        seat = sitting_scene.seat_of(made.sitting_id, officer)
        assert (seat.state, seat.session_id, seat.works[0].state) == (SeatState.FINISHED, None, WorkState.SUBMITTED)
        close(made)
        row = db.session.query(Evidence).one()
        assert (row.person_id, row.competency, row.kind, row.items) == (officer, "PRT-01", EvidenceKind.CHECK, 12)
        assert (row.share, row.watched, row.trust) == (0.75, True, 1.0)
        assert row.mark == pytest.approx(0.6)
        assert row.guess == pytest.approx((6 * 0.05 + 6 / 3) / 12)
        assert row.source == f"sitting:{made.sitting_id}:PRT-01:{attempt}"
        assert row.recorded_by == made.invigilator
        assert [line.person_id for line in db.session.query(EvidenceWatcher)] == [made.invigilator]
        assert sitting_scene.seat_of(made.sitting_id, absent).state is SeatState.ABSENT
        assert sitting_scene.details(made.sitting_id).state is SittingState.CLOSED


def test_open_work_is_handed_in_at_the_close(app: Flask) -> None:
    made = scene(app)
    with app.app_context():
        attempt = sitting_scene.at_work(made, made.officers[0])
        sitting_scene.answer(attempt, 1, right(attempt, 1))
        close(made)
        seat = sitting_scene.seat_of(made.sitting_id, made.officers[0])
        assert (seat.state, seat.works[0].state) == (SeatState.FINISHED, WorkState.COUNTED)
        assert db.session.query(Evidence).one().share == pytest.approx(1 / 12)


def test_surprise_seat_records_a_surprise_check(app: Flask) -> None:
    made = scene(app)
    with app.app_context():
        with transaction():
            seats.expect(made.sitting_id, made.officers[:1], now=clock.now(), surprise=made.officers[:1])
        sitting_scene.hand_in(sitting_scene.at_work(made, made.officers[0]))
        close(made)
        assert db.session.query(Evidence).one().kind is EvidenceKind.SURPRISE


@pytest.mark.each_database
def test_interruption_moves_each_deadline_by_its_length(app: Flask) -> None:
    made = scene(app)
    with app.app_context():
        attempt = sitting_scene.at_work(made, made.officers[0])
        before = watched.progress([attempt])[attempt].deadline_at
        began = clock.now()
        with transaction():
            sittings.interrupt(made.sitting_id, by=made.invigilator, reason="Fire alarm", now=began)
        with transaction():
            sittings.resume(made.sitting_id, by=made.invigilator, now=began + timedelta(minutes=20))
        after = watched.progress([attempt])[attempt].deadline_at
        assert before is not None
        assert after == before + timedelta(minutes=20)
        assert db.session.query(SittingInterruption).one().ended_at == began + timedelta(minutes=20)


def test_nothing_begins_during_an_interruption(app: Flask) -> None:
    made = scene(app)
    with app.app_context():
        officer = made.officers[0]
        sitting_scene.arrive(made.code, officer)
        sitting_scene.confirm(sitting_scene.seat_of(made.sitting_id, officer), made.invigilator)
        with transaction():
            sittings.interrupt(made.sitting_id, by=made.invigilator, reason="Fire alarm", now=clock.now())
        with pytest.raises(DomainError, match="interrupted"):
            sitting_scene.begin(made.code, officer)


def test_small_pool_gives_a_desk_task(app: Flask) -> None:
    with app.app_context():
        watched_course.publish(23)
        assert pools.pool("PRT-01", Level.FOUNDATION).kind == "too_small"  # type: ignore[union-attr]
        invigilator = factories.person(roles=(), grants=sitting_scene.INVIGILATOR)
        sitting_id = sitting_scene.plan((), by=invigilator)
        [task] = sitting_scene.details(sitting_id).tasks
        assert (task.way, task.task, task.minutes) == (Way.DESK_TASK, "T10-T01", 20)
        with pytest.raises(DomainError, match="too few questions"):
            sitting_scene.plan(
                (), [CheckAim(competency="PRT-01", level=Level.FOUNDATION, way=Way.QUESTIONS)], by=invigilator
            )


def test_course_without_a_measurement_has_no_pool(app: Flask) -> None:
    with app.app_context():
        watched_course.publish(60, measured=False)
        assert pools.pool("PRT-01", Level.FOUNDATION) is None


def test_desk_task_becomes_a_product(app: Flask) -> None:
    made = scene(app)
    with app.app_context():
        aim = CheckAim(competency="PRT-01", level=Level.FOUNDATION, way=Way.DESK_TASK)
        sitting_id = sitting_scene.plan(made.officers, [aim], by=made.invigilator)
        sitting_scene.open_it(sitting_id, made.invigilator)
        desk = sitting_scene.Scene(
            sitting_id, sitting_scene.details(sitting_id).code, made.invigilator, made.second, made.officers
        )
        attempt = sitting_scene.at_work(desk, made.officers[0])
        sitting_scene.answer(attempt, 1, {"text": "On the table lay a book with sums."})
        sitting_scene.hand_in(attempt)
        product = db.session.query(Product).one()
        assert (product.attempt_id, product.task, product.country) == (attempt, "T10-T01", "IQ")
        assert product.wanted_by == product.sat_on + timedelta(days=10)
        [answer] = watched.answers_of(attempt)
        assert answer.body == {"text": "On the table lay a book with sums.", "earned": []}


def test_items_are_not_drawn_twice_within_a_year(app: Flask) -> None:
    made = scene(app)
    with app.app_context():
        officer = made.officers[0]
        first = sitting_scene.at_work(made, officer)
        seen = {line.item.id for line in watched.answers_of(first)}
        sitting_scene.hand_in(first)
        sitting_id = sitting_scene.plan([officer], by=made.invigilator)
        sitting_scene.open_it(sitting_id, made.invigilator)
        again = sitting_scene.Scene(
            sitting_id, sitting_scene.details(sitting_id).code, made.invigilator, made.second, made.officers
        )
        second = sitting_scene.at_work(again, officer)
        assert seen.isdisjoint(line.item.id for line in watched.answers_of(second))


def test_officer_continues_on_another_device(app: Flask) -> None:
    made = scene(app)
    with app.app_context():
        officer = made.officers[0]
        attempt = sitting_scene.at_work(made, officer)
        assert sitting_scene.arrive(made.code, officer, "tablet") is ArrivalResult.OTHER_DEVICE
        with transaction():
            seats.move_device(sitting_scene.seat_of(made.sitting_id, officer).id, by=made.invigilator, now=clock.now())
        assert sitting_scene.arrive(made.code, officer, "tablet") is ArrivalResult.SEATED
        with pytest.raises(DomainError):
            sitting_scene.begin(made.code, officer, "tablet")
        sitting_scene.confirm(sitting_scene.seat_of(made.sitting_id, officer), made.invigilator)
        assert sitting_scene.begin(made.code, officer, "tablet") == attempt
        assert sitting_scene.seat_of(made.sitting_id, officer).moves == 1


def test_added_minutes_end_at_thirty(app: Flask) -> None:
    made = scene(app)
    with app.app_context():
        attempt = sitting_scene.at_work(made, made.officers[0])
        before = watched.progress([attempt])[attempt].deadline_at
        seat_id = sitting_scene.seat_of(made.sitting_id, made.officers[0]).id
        with transaction():
            seats.add_minutes(seat_id, 20, by=made.invigilator, reason="Phone died", now=clock.now())
        assert before is not None
        assert watched.progress([attempt])[attempt].deadline_at == before + timedelta(minutes=20)
        with pytest.raises(DomainError, match="at most 30"), transaction():
            seats.add_minutes(seat_id, 11, by=made.invigilator, reason="Again", now=clock.now())
