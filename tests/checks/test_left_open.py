"""Sittings that were left open: a job closes them 12 hours after their planned end."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from hypothesis import given, strategies as st
from sqlalchemy import select

from app.audit.models import Entry
from app.checks.domain import sittings as rules
from app.checks.domain.sittings import (
    LEFT_OPEN_AFTER,
    OPEN_WITHIN,
    QUESTION_MINUTES,
    SeatState,
    SittingState,
    WorkState,
)
from app.checks.jobs import sittings as jobs
from app.checks.service import closing, sittings
from app.competence.models import Evidence
from app.db.session import db, transaction
from app.kernel import clock
from app.kernel.errors import DomainError
from app.messages.domain import NoticeKind
from app.messages.models import Notice
from app.quizzes.queries import watched
from tests.support import concurrency, factories, sitting_scene
from tests.support.sitting_scene import Scene, scene

START = datetime(2026, 11, 30, 9, tzinfo=UTC)
END = LEFT_OPEN_AFTER + timedelta(minutes=QUESTION_MINUTES)
MINUTES = st.integers(min_value=-720, max_value=720).map(lambda minutes: timedelta(minutes=minutes))


@given(opened=MINUTES, minutes=st.integers(min_value=0, max_value=400), wait=st.integers(min_value=0, max_value=3000))
def test_sitting_is_left_open_from_12_hours_after_its_end_on(opened: timedelta, minutes: int, wait: int) -> None:
    now = START + timedelta(minutes=wait)
    left_open = rules.is_left_open(START, START + opened, minutes, now)
    assert left_open == (timedelta(minutes=wait - minutes) - max(opened, timedelta()) >= LEFT_OPEN_AFTER)


def close_at(sitting_id: UUID, now: datetime) -> bool:
    with transaction():
        return closing.close_left_open(sitting_id, now)


def right_answer(attempt: UUID) -> object:
    [first, *_others] = watched.answers_of(attempt)
    return {"text": "port"} if first.item.kind == "short" else {"place": 0}


def run_job_at(sitting_id: UUID, now: datetime, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(clock, "now", lambda: now)
    return jobs.close_left_open()


@pytest.mark.each_database
def test_sitting_left_open_is_closed_with_the_answers_of_its_day(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    made = scene(app)
    with app.app_context():
        with transaction():
            sittings.add_invigilator(made.sitting_id, made.second, by=made.invigilator, now=clock.now())
        attempt = sitting_scene.at_work(made, made.officers[0])
        sitting_scene.answer(attempt, 1, right_answer(attempt))
        opened = sitting_scene.details(made.sitting_id).opened_at
        assert opened is not None
        assert run_job_at(made.sitting_id, opened + END - timedelta(minutes=1), monkeypatch) == 0
        assert run_job_at(made.sitting_id, opened + END + timedelta(hours=13), monkeypatch) == 1
        assert run_job_at(made.sitting_id, opened + END + timedelta(hours=14), monkeypatch) == 0
        first, absent = (sitting_scene.seat_of(made.sitting_id, person_id) for person_id in made.officers)
        assert (first.state, first.works[0].state) == (SeatState.FINISHED, WorkState.COUNTED)
        assert absent.state is SeatState.ABSENT
        row = db.session.scalars(select(Evidence)).one()
        assert (row.share, row.day) == (pytest.approx(1 / 12), opened.date())
        notified = select(Notice.person_id).where(Notice.kind == NoticeKind.SITTING_CLOSED)
        assert set(db.session.scalars(notified)) == {made.invigilator, made.second}
        closed = db.session.scalars(select(Entry).where(Entry.name == "SittingClosed")).one()
        assert closed.actor_id is None


def test_interrupted_sitting_left_open_counts_on_the_day_of_the_interruption(app: Flask) -> None:
    made = scene(app)
    with app.app_context():
        attempt = sitting_scene.at_work(made, made.officers[0])
        stopped = clock.now()
        with transaction():
            sittings.interrupt(made.sitting_id, by=made.invigilator, reason="Fire alarm", now=stopped)
        assert close_at(made.sitting_id, stopped + timedelta(days=2))
        assert watched.results([attempt])[attempt].ended_at == stopped
        assert db.session.scalars(select(Evidence.day)).one() == stopped.date()


def test_page_says_that_the_server_closed_the_sitting(app: Flask) -> None:
    made = scene(app)
    with app.app_context():
        assert close_at(made.sitting_id, clock.now() + timedelta(days=1))
        assert sitting_scene.details(made.sitting_id).state is SittingState.CLOSED
        db.session.remove()
    page = factories.sign_in(app, made.invigilator).get(f"/sittings/{made.sitting_id}").text
    assert "Closed by the server" in page
    assert "Closed by an invigilator" not in page


def close_by_hand(made: Scene) -> bool:
    try:
        closing.close(made.sitting_id, by=made.invigilator, note="No incidents.", now=clock.now())
    except DomainError:
        return False
    return True


@pytest.mark.each_database
@pytest.mark.parametrize("by_hand_first", [True, False])
def test_close_by_hand_and_by_job_at_once_counts_once(app: Flask, *, by_hand_first: bool) -> None:
    made = scene(app)
    with app.app_context():
        sitting_scene.at_work(made, made.officers[0])
        db.session.remove()
    later = clock.now() + timedelta(days=1)
    steps = [lambda: close_by_hand(made), lambda: closing.close_left_open(made.sitting_id, later)]
    first, second = steps if by_hand_first else reversed(steps)
    assert concurrency.both_at_once(app, first, second) == [True, False]
    with app.app_context():
        assert len(db.session.scalars(select(Evidence)).all()) == 1
        closed = db.session.scalars(select(Entry).where(Entry.name == "SittingClosed")).all()
        assert len(closed) == 1


def test_failed_close_leaves_the_sitting_as_it_was(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    made = scene(app)
    with app.app_context():
        sitting_scene.at_work(made, made.officers[0])
        later = clock.now() + timedelta(days=1)
        with monkeypatch.context() as broken:
            broken.setattr(closing.messages, "tell_all", _stop)
            with pytest.raises(KeyboardInterrupt):
                close_at(made.sitting_id, later)
        assert sitting_scene.details(made.sitting_id).state is SittingState.OPEN
        assert not db.session.scalars(select(Evidence)).all()
        assert close_at(made.sitting_id, later)
        assert len(db.session.scalars(select(Evidence)).all()) == 1


def _stop(*_arguments: object, **_more: object) -> None:
    raise KeyboardInterrupt


def test_sitting_never_opened_is_cancelled_12_hours_after_its_time(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    made = scene(app, opened=False)
    with app.app_context():
        planned_for = sitting_scene.details(made.sitting_id).planned_for
        assert run_job_at(made.sitting_id, planned_for + OPEN_WITHIN, monkeypatch) == 0
        assert run_job_at(made.sitting_id, planned_for + OPEN_WITHIN + timedelta(minutes=1), monkeypatch) == 1
        assert run_job_at(made.sitting_id, planned_for + OPEN_WITHIN + timedelta(hours=1), monkeypatch) == 0
        assert sitting_scene.details(made.sitting_id).state is SittingState.CANCELLED
        notified = select(Notice.person_id).where(Notice.kind == NoticeKind.CHECK_CANCELLED)
        assert set(db.session.scalars(notified)) == set(made.officers)
