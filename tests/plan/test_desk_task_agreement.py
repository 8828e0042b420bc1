"""Two assessors of a desk task in the plan: their agreement counts as that of two assessors of an event."""

from datetime import timedelta

import pytest
from flask import Flask

from app.checks.jobs import marking as jobs
from app.db.session import db
from app.plan.domain.sums import FigureSum
from app.plan.queries import evidence, figures
from app.plan.service import consistency_checks
from tests.support import plans as it
from tests.support.indicator_figures import figures_on
from tests.support.marking_scenes import ALL_ALONE, MarkingDesk, scored
from tests.support.settings import NOW


def total(days: int = 0) -> FigureSum:
    total = figures_on(NOW.date() + timedelta(days=days))["OP7.2"].sum
    db.session.rollback()
    return total


@pytest.mark.parametrize(("second", "agrees"), [(3, 1), (1, 0)])
def test_agreement_counts_desk_tasks_that_two_assessors_marked(
    lite_app: Flask, monkeypatch: pytest.MonkeyPatch, second: int, agrees: int
) -> None:
    monkeypatch.setitem(it.RULES, "OP7.2", ("assessors_agree", "percent", "at_least = 20"))
    with lite_app.app_context():
        it.load(it.indicator("OP7.2"))
    desk = MarkingDesk(lite_app)
    number, alone = desk.product(), desk.product()
    first = desk.marker("BG")
    desk.mark(first, alone)
    desk.take(first, number)
    desk.submit(first, number, ALL_ALONE | {"second": "y"})
    desk.mark(desk.marker("TR"), number, scored(second))
    if not agrees:
        desk.mark(desk.marker("GR"), number, scored(2))
    with lite_app.app_context():
        assert total() == FigureSum()
        jobs.record_results()
        assert (total(-1), total(), total(400)) == (FigureSum(), FigureSum(agrees, 1), FigureSum())
        [row] = figures.rows("OP7.2", NOW.date())
        lines = list(evidence.evidence_for(row))
        assert [item.kind for item in lines] == ["scored", "scored", "served"]
        assert all("workshop" not in item.facts for item in lines)
        assert list(consistency_checks.faults()) == []
