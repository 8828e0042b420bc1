"""Actions of meetings in the plan: each step changes the figure OP5.3 at once, and a recount finds the same."""

import re
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask

from app.coordination.domain.actions import ActionOrigin, ActionStep, Office, Owner
from app.coordination.service import actions as service
from app.coordination.service.actions import NewAction
from app.db.session import db, transaction
from app.plan.domain.figures import FigureSum
from app.plan.domain.records import RecordSource
from app.plan.queries import companions, evidence, figures
from app.plan.service import consistency_checks, recalculation
from tests.support import factories, plan_figures, plans as it
from tests.support.plan_figures import Scene
from tests.support.plan_pages import rows_of, text, words_of

CODE = "OP5.3"
DUE = 10  # days after the action was agreed
EARLIER = 20  # days before today


@pytest.fixture(autouse=True)
def rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(it.RULES, CODE, ("action_points_on_time", "percent", ""))


@pytest.fixture
def coordinator(context: Flask) -> UUID:
    it.load(it.indicator(CODE))
    return factories.person(country="DE", roles=())


def _create(by: UUID, *, origin: ActionOrigin = ActionOrigin.MEETING, country: str = "IQ", day: int = 0) -> UUID:
    agreed = it.later(day)
    new = NewAction(
        text="Confirm the directory",
        owner=Owner(office=Office.CONTACT_POINT if country else Office.SECRETARIAT, country=country),
        due_on=agreed.date() + timedelta(DUE),
        origin=origin,
        meeting_on=agreed.date() if origin is ActionOrigin.MEETING else None,
    )
    with transaction():
        return service.create(new, members=frozenset({"IQ"}), by=by, now=agreed)


def _step(action_id: UUID, step: ActionStep, day: int) -> None:
    with transaction():
        service.take_step(action_id, step, explanation="Done.", now=it.later(day))


def _ratios(*days: int) -> Sequence[tuple[float, float]]:
    sums = [sum(figures.cells(CODE, it.TODAY + timedelta(day), "country").values(), FigureSum()) for day in days]
    db.session.rollback()
    return [(total.numerator, total.denominator) for total in sums]


@pytest.mark.each_database
def test_action_counts_when_due_and_when_done(coordinator: UUID) -> None:
    action_id = _create(coordinator)
    assert _ratios(DUE - 1, DUE) == [(0, 0), (0, 1)]
    _step(action_id, ActionStep.FINISH, 3)
    assert _ratios(2, 3, DUE) == [(0, 0), (1, 1), (1, 1)]
    _step(action_id, ActionStep.REOPEN, 4)
    assert _ratios(3, DUE - 1, DUE) == [(0, 0), (0, 0), (0, 1)]
    _step(action_id, ActionStep.FINISH, DUE + 1)
    assert _ratios(DUE, DUE + 1) == [(0, 1), (0, 1)]
    assert list(consistency_checks.faults()) == []


def test_later_date_does_not_make_an_action_punctual(coordinator: UUID) -> None:
    action_id = _create(coordinator)
    with transaction():
        service.move(action_id, it.TODAY + timedelta(30), by=coordinator, now=it.later(5))
    _step(action_id, ActionStep.FINISH, 20)
    assert _ratios(DUE, 20, 40) == [(0, 1), (0, 1), (0, 1)]


def test_dropped_action_counts_as_not_done(coordinator: UUID) -> None:
    action_id = _create(coordinator)
    _step(action_id, ActionStep.DROP, 2)
    assert _ratios(2, DUE) == [(0, 0), (0, 1)]
    assert list(consistency_checks.faults()) == []


def test_action_of_another_origin_does_not_count(coordinator: UUID) -> None:
    action_id = _create(coordinator, origin=ActionOrigin.PLAN)
    _step(action_id, ActionStep.FINISH, 2)
    assert _ratios(2, DUE) == [(0, 0), (0, 0)]


def test_action_counts_in_the_country_that_acts(coordinator: UUID) -> None:
    _create(coordinator)
    _create(coordinator, country="")
    day = it.TODAY + timedelta(DUE)
    assert figures.cells(CODE, day, "country") == {"IQ": FigureSum(0, 1), "": FigureSum(0, 1)}
    db.session.rollback()
    assert list(consistency_checks.faults()) == []


def test_recount_restores_the_same_contributions(coordinator: UUID) -> None:
    ids = [_create(coordinator) for _ in range(3)]
    _step(ids[0], ActionStep.FINISH, 1)
    with transaction():
        assert recalculation.recount_all(CODE) == 0
        assert list(recalculation.portions([RecordSource.ACTIONS])) == [(RecordSource.ACTIONS, sorted(ids))]


def test_evidence_of_an_action_is_its_days(coordinator: UUID) -> None:
    action_id = _create(coordinator)
    _step(action_id, ActionStep.FINISH, 3)
    [row] = figures.rows(CODE, it.TODAY + timedelta(DUE))
    items = [(item.kind, (item.day - it.TODAY).days) for item in evidence.evidence_for(row) if item.day]
    assert items == [("agreed", 0), ("action_done", 3), ("action_due", DUE)]
    beside = companions.beside(figures.definition(CODE, it.TODAY), it.TODAY + timedelta(DUE))
    assert beside.numbers == {"actions": 1, "on_time": 1}


@pytest.fixture
def scene(lite_app: Flask) -> Scene:
    made = plan_figures.make(lite_app)
    with lite_app.app_context():
        it.load(it.indicator(CODE).replace('split_by = ["country"]', 'split_by = ["owner_country", "topic"]'))
        for days in (1, DUE + 1):
            _step(_create(made.people["coordinator"], day=-EARLIER), ActionStep.FINISH, days - EARLIER)
    return made


@pytest.mark.parametrize("name", ["coordinator", "co-chair", "contact point", "another contact point"])
def test_pages_of_the_figure_show_readers_its_number(scene: Scene, name: str) -> None:
    page = words_of(text(scene.client(name), f"/plan/indicators/{CODE}"))
    assert "50%" in page
    assert "1 of 2 actions were done by their first due date." in page
    assert ("Iraq" in page) == (name in {"coordinator", "co-chair"})


def test_country_page_shows_its_actions(scene: Scene) -> None:
    for name in ("coordinator", "contact point"):
        page = text(scene.client(name), "/plan/countries/IQ")
        [row] = [row for row in rows_of(page) if f">{CODE}<" in row]
        assert "50%" in words_of(row)


def test_records_of_the_figure_name_no_text_of_an_action(scene: Scene) -> None:
    page = text(scene.client("coordinator"), f"/plan/indicators/{CODE}/rows")
    assert page.count("Action agreed at a meeting") == 2
    [first, *_others] = re.findall(r'href="(/plan/records/\d+)', page)
    record = words_of(text(scene.client("coordinator"), first))
    assert "First due date" in record
    assert "Confirm the directory" not in page + record
