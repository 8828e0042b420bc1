from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import delete, select

from app.catalogue.models import Reference
from app.catalogue.shapes import Outline
from app.competence.domain.evidence import EvidenceKind as Kind
from app.competence.domain.statuses import VerificationStatus
from app.competence.models import Evidence, State
from app.competence.queries import competencies
from app.competence.service import evidence_records
from app.competence.shapes import EvidenceLine
from app.db.session import db, transaction
from app.identity import service as accounts
from app.kernel import clock
from app.quizzes import queries as papers
from app.quizzes.domain.attempts import Purpose
from app.quizzes.domain.saves import Save
from app.quizzes.service import attempts as quizzes
from app.quizzes.service.attempts import Started
from app.scenarios import queries as walks, service as scenarios
from tests.support import competency_evidence as it, courses as course, factories, lesson_reading
from tests.support.competency_evidence import FOUNDATION, TODAY

LIST, WATCH = "PRT-01", "PRT-02"


@pytest.fixture
def outline(context: Flask) -> Outline:
    return course.publish().outline


@pytest.fixture
def person(context: Flask) -> UUID:
    return factories.person()


def _sit(person: UUID, outline: Outline, key: Mapping[str, object], *, late: timedelta = timedelta(0)) -> UUID:
    now = clock.now() + late
    with transaction():
        started = quizzes.start(
            person_id=person, outline=outline, language="en", purpose=Purpose.TEST, extra_time=0, now=now
        )
    assert isinstance(started, Started)
    asked = papers.questions_of_attempt(papers.lock(started.public_id)).questions
    saves = [Save(n, 65536 * n, key[one.item.id], None, False) for n, one in enumerate(asked, 1)]
    with transaction():
        quizzes.save(started.public_id, saves, arrived_at=now, now=now)
        quizzes.hand_in(started.public_id, now)
    return started.public_id


def _play(person: UUID, outline: Outline, *moves: int) -> UUID:
    with transaction():
        walk = scenarios.start(
            person_id=person, course_id=outline.course_id, version_id=outline.version_id, name="scenario",
            language="en", now=clock.now(),
        )  # fmt: skip
        for step, move in enumerate(moves, 1):
            scenarios.choose(walk, step=step, move=move, now=clock.now())
    return walk


def _evidence(person: UUID, competency: str = LIST) -> list[EvidenceLine]:
    db.session.rollback()
    return competencies.evidence_of(person, competency)


def test_the_first_attempt_is_evidence_by_competency(outline: Outline, person: UUID) -> None:
    key = {**course.RIGHT, "T10-Q03": course.WRONG["T10-Q03"], "T10-Q04": course.WRONG["T10-Q04"]}
    attempt = _sit(person, outline, key)
    [right], [wrong] = _evidence(person, LIST), _evidence(person, WATCH)
    assert (right.kind, right.level, right.day, right.watched) == (Kind.QUIZ, FOUNDATION, TODAY, False)
    assert (right.share, right.items, right.mark, right.trust) == (1.0, 2, pytest.approx(0.62), 0.5)
    assert right.source == f"course:{outline.course_id}:test:{attempt}"
    assert wrong.share is not None
    assert wrong.share < 0.6
    assert right.p_after is not None
    assert wrong.p_after is not None
    assert right.p_after > wrong.p_after


def test_later_attempt_is_listed_and_counts_only_with_unseen_questions(outline: Outline, person: UUID) -> None:
    _sit(person, outline, course.WRONG)
    _sit(person, outline, course.RIGHT, late=timedelta(days=2))
    first, again = _evidence(person)
    assert (first.trust, first.counted) == (0.5, True)
    assert (again.kind, again.share, again.items, again.trust, again.counted) == (Kind.QUIZ, 1.0, 2, 0.0, False)
    assert again.p_after == pytest.approx(first.p_after, abs=0.01)
    _sit(person, outline, course.RIGHT, late=timedelta(days=120))
    third = _evidence(person)[-1]
    assert (third.share, third.items, third.trust, third.counted) == (1.0, 2, 0.25, True)
    assert third.p_after is not None
    assert again.p_after is not None
    assert third.p_after > again.p_after


def test_way_through_a_case_is_evidence_on_all_aims(outline: Outline, person: UUID) -> None:
    walk = _play(person, outline, 1, 0)  # a poor decision, mended
    for competency in (LIST, WATCH):
        [line] = _evidence(person, competency)
        assert (line.kind, line.items, line.trust, line.watched) == (Kind.SCENARIO, 1, 0.5, False)
        assert line.share == walks.get(walk).score
    _play(person, outline, 0)
    again = _evidence(person)[1]
    assert (again.kind, again.share, again.trust, again.counted) == (Kind.SCENARIO, 1.0, 0.0, False)


def test_course_changes_nothing_beyond_its_test(outline: Outline, person: UUID) -> None:
    for lesson in course.LESSONS:
        with transaction():
            lesson_reading.finish(person, outline, lesson, now=clock.now())
    _play(person, outline, 0)
    _sit(person, outline, course.RIGHT)
    lines = _evidence(person)
    assert [line.kind for line in lines] == [Kind.SCENARIO, Kind.QUIZ, Kind.MODULE]
    assert [line.counted for line in lines] == [True, True, False]
    assert lines[2].p_after == lines[1].p_after
    standings = {one.competency: one for one in competencies.path(person, [], TODAY)}
    assert set(standings) == {LIST, WATCH}
    assert {one.status for one in standings.values()} == {VerificationStatus.IN_TRAINING}
    assert competencies.periods([person]) == {}


def test_a_test_is_handed_in_whatever_the_framework_knows(outline: Outline, person: UUID) -> None:
    with transaction():
        db.session.execute(delete(Reference))
    _sit(person, outline, course.RIGHT)
    assert _evidence(person) == []


@pytest.mark.each_database
def test_who_is_deactivated_no_longer_counts(context: Flask, person: UUID) -> None:
    it.load_framework()
    it.trained_and_checked(person, it.days(5))
    with transaction():
        accounts.deactivate(person, TODAY)
    db.session.rollback()
    assert [one.until for one in competencies.periods([person])[person]] == [TODAY]


def _proofs(person: UUID) -> list[tuple[object, ...]]:
    db.session.rollback()
    columns = ("competency", "level", "day", "kind", "share", "mark", "items", "trust", "source")
    rows = db.session.execute(select(Evidence.__table__).where(Evidence.person_id == person).order_by(Evidence.id))
    return [tuple(getattr(row, name) for name in columns) for row in rows]


@pytest.mark.each_database
def test_what_was_done_before_is_collected_once(app: Flask, outline: Outline, person: UUID) -> None:
    _sit(person, outline, course.WRONG, late=timedelta(days=-2))
    for lesson in course.LESSONS:
        with transaction():
            lesson_reading.finish(person, outline, lesson, now=clock.now())
    _play(person, outline, 0)
    _play(person, outline, 1, 0)  # once more: listed
    _sit(person, outline, course.RIGHT)
    recorded, standings = _proofs(person), competencies.path(person, [], TODAY)
    assert {row[3] for row in recorded} == {Kind.SCENARIO, Kind.QUIZ, Kind.MODULE}
    with transaction():
        for model in (State, Evidence):
            db.session.execute(delete(model))
    run = app.test_cli_runner().invoke
    assert run(args=["competence", "collect"]).output == f"{len(recorded)} pieces of evidence on 1 people.\n"
    assert _proofs(person) == recorded
    assert competencies.path(person, [], TODAY) == standings
    db.session.rollback()
    assert run(args=["competence", "collect"]).output == "0 pieces of evidence on 0 people.\n"
    assert run(args=["competence", "replay"]).exit_code == 0


def test_what_was_taken_out_is_not_collected_again(app: Flask, outline: Outline, person: UUID) -> None:
    _sit(person, outline, course.RIGHT)
    [line] = _evidence(person)
    db.session.rollback()
    with transaction():
        evidence_records.void(line.id, by=None, reason="Another person took it.", now=clock.now())
    app.test_cli_runner().invoke(args=["competence", "collect"])
    assert [one.voided for one in _evidence(person)] == [True]
