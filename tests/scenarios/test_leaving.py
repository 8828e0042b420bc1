from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import msgspec
import pytest
from flask import Flask
from sqlalchemy import func, select

from app.audit.models import Entry
from app.catalogue.domain.retention import Days
from app.catalogue.shapes import Outline
from app.db.session import db, transaction
from app.scenarios import jobs, queries, service
from app.scenarios.models import Choice
from tests.support import courses as course, factories, plan_periods as plans, sites
from tests.support.settings import NOW

STARTS, ENDS = date(2022, 1, 1), date(2025, 2, 28)  # over for 24 months on the day of NOW, and not a day before
THEN = datetime(2024, 6, 3, 15, tzinfo=UTC)


@pytest.fixture
def outline(context: Flask) -> Outline:
    return course.publish().outline


def _play(person: UUID, outline: Outline, *moves: int, at: datetime = THEN) -> UUID:
    with transaction():
        walk = service.start(
            person_id=person, course_id=outline.course_id, version_id=outline.version_id, name="scenario",
            language="en", now=at,
        )  # fmt: skip
        for step, move in enumerate(moves, 1):
            service.choose(walk, step=step, move=move, now=at)
    return walk


def _seen(walk: UUID) -> queries.PlaythroughView:
    found = queries.get(walk)
    db.session.rollback()
    return found


def _choices() -> int:
    found = db.session.scalar(select(func.count()).select_from(Choice))
    db.session.rollback()
    return found or 0


def _told() -> list[dict[str, object]]:
    entries = db.session.scalars(select(Entry).where(Entry.name == "CasesReduced").order_by(Entry.id)).all()
    assert all(one.actor_id is None and one.person_id is None for one in entries)
    told = [msgspec.json.decode(one.facts) for one in entries]
    db.session.rollback()
    return told


@pytest.mark.each_database
def test_old_cases_are_reduced_to_their_results(outline: Outline) -> None:
    plans.load(STARTS, ENDS)
    person = factories.person()
    worse, best = _play(person, outline, 1, 0), _play(person, outline, 0)
    newer = _play(factories.person(), outline, 0, at=NOW)
    before, stands = {one: _seen(one) for one in (worse, best, newer)}, queries.case_statuses(person)
    assert jobs.reduce_old() == 2
    after = {one: _seen(one) for one in (worse, best, newer)}
    assert [after[one].is_reduced for one in (worse, best, newer)] == [True, True, False]
    assert after[newer] == before[newer]
    for one in (worse, best):
        assert after[one] == replace(before[one], choices=())
    assert queries.case_statuses(person) == stands
    assert _told() == [{"cases": 2, "choices": 3}]
    assert jobs.reduce_old() == 0
    assert len(_told()) == 1


@pytest.mark.each_database
def test_old_unfinished_case_starts_again(outline: Outline) -> None:
    plans.load(STARTS, ENDS)
    old, newer = _play(factories.person(), outline, 1), _play(factories.person(), outline, 1, at=NOW)
    assert (jobs.reduce_old(), jobs.reduce_old()) == (1, 0)
    assert (_seen(old).choices, _seen(newer).choices) == ((), (1,))
    assert not _seen(old).is_reduced
    assert _told() == [{"cases": 1, "choices": 1}]
    with transaction():
        assert service.choose(old, step=1, move=1, now=NOW) == service.ChoiceTaken(finished=False)
    assert jobs.reduce_old() == 0  # what is chosen now stays
    with transaction():
        assert service.choose(old, step=2, move=0, now=NOW) == service.ChoiceTaken(finished=True)
    assert _seen(old).choices == (1, 0)


def test_case_finished_during_the_job_is_not_reduced(outline: Outline, monkeypatch: pytest.MonkeyPatch) -> None:
    plans.load(STARTS, ENDS)
    walk, found = _play(factories.person(), outline, 1), queries.left_open

    def finished_meanwhile(days: Days, *, after: UUID, limit: int) -> list[UUID]:
        there = found(days, after=after, limit=limit)
        db.session.rollback()
        if there:
            with transaction():
                assert service.choose(walk, step=2, move=0, now=NOW) == service.ChoiceTaken(finished=True)
        return there

    monkeypatch.setattr(queries, "left_open", finished_meanwhile)
    assert jobs.reduce_old() == 0
    assert _seen(walk).choices == (1, 0)


def test_restarted_case_shows_its_first_decision(app: Flask) -> None:
    with app.app_context():
        outline, person = course.publish().outline, factories.person()
        plans.load(STARTS, ENDS)
        old, fresh = _play(person, outline, 1), _play(factories.person(), outline)
        assert jobs.reduce_old() == 1
        first = _seen(fresh).choices == _seen(old).choices == ()
        client = factories.sign_in(app, person)
    assert first
    answer = client.get(f"/cases/{old}")
    assert answer.status_code == 200
    assert client.get(f"/cases/{old}/debrief").location == f"/cases/{old}"
    assert sites.post(app, client, f"/courses/{course.SLUG}/cases/scenario").location == f"/cases/{old}"


@pytest.mark.parametrize("ends", [None, ENDS + timedelta(days=1)])
def test_nothing_goes_while_no_plan_is_over_for_24_months(outline: Outline, ends: date | None) -> None:
    if ends is not None:
        plans.load(STARTS, ends)
    _play(factories.person(), outline, 0)
    assert jobs.reduce_old() == 0
    assert _choices() == 1


@pytest.mark.each_database
def test_a_run_that_is_killed_leaves_whole_cases_and_the_next_one_goes_on(
    outline: Outline, monkeypatch: pytest.MonkeyPatch
) -> None:
    plans.load(STARTS, ENDS)
    walks = [_play(factories.person(), outline, 1, 0) for _ in range(5)]
    monkeypatch.setattr(jobs, "PORTION", 2)
    record, calls = service.record, 0

    def dies(happened: object) -> None:
        nonlocal calls
        calls += 1
        if calls == 2:  # the second portion is gone from the tables, and not committed
            raise KeyboardInterrupt
        record(happened)  # type: ignore[arg-type]

    monkeypatch.setattr(service, "record", dies)
    with pytest.raises(KeyboardInterrupt):
        jobs.reduce_old()
    db.session.rollback()
    assert sorted(len(_seen(one).choices) for one in walks) == [0, 0, 2, 2, 2]
    monkeypatch.setattr(service, "record", record)
    assert jobs.reduce_old() == 3
    assert _choices() == 0
    assert [one["cases"] for one in _told()] == [2, 2, 1]


def test_the_pages_of_a_case_say_that_only_its_result_is_kept(app: Flask) -> None:
    with app.app_context():
        outline = course.publish().outline
        plans.load(STARTS, ENDS)
        person = factories.person()
        walk = _play(person, outline, 1, 0)
        assert jobs.reduce_old() == 1
        share = _seen(walk).score
        client = factories.sign_in(app, person)
    path = f"/cases/{walk}"
    assert client.get(path).location == f"{path}/debrief"
    answer = client.get(f"{path}/debrief")
    assert answer.status_code == 200
    assert "Only the result is stored. The decisions were deleted 24 months after the plan ended." in answer.text
    assert share is not None
    assert f"<dd>{round(share * 100)} % of the marks</dd>" in answer.text
    assert "<dt>Person in need not recognised</dt><dd>1</dd>" in answer.text
    for words in ("Your way", "Results of the other options", "Call a second officer", "call a second officer"):
        assert words not in answer.text
    assert sites.post(app, client, f"{path}/choice", {"step": "1", "move": "0"}).location == f"{path}/debrief"
    assert sites.post(app, client, f"{path}/choice", {"step": "x"}).location == f"{path}/debrief"
    assert f"{path}/debrief" in client.get(f"/courses/{course.SLUG}/cases/scenario").text
    assert client.get("/record").status_code == 200
    again = sites.post(app, client, f"/courses/{course.SLUG}/cases/scenario").location
    assert client.get(again).status_code == 200
    assert "call a second officer" in client.get(again).text


def test_audit_log_records_a_choice_without_its_content(outline: Outline) -> None:
    _play(factories.person(), outline, 0)
    [entry] = db.session.scalars(select(Entry).where(Entry.name == "CaseChoiceMade")).all()
    assert set(msgspec.json.decode(entry.facts)) == {"playthrough_id", "person_id", "step"}
