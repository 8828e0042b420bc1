"""Who reads results of officers: bands for coordinators, means of all countries together only."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from app.plan.domain.bands import competence_table
from app.plan.domain.cells import HIDDEN, Banded, PlanCell, rounded
from app.plan.domain.readers import NumberKind, kind_of
from app.plan.pages import companions as pages
from app.plan.pages.tables import PlanTable
from app.plan.queries.companions import Companions
from tests.support.plans import TODAY


@pytest.mark.parametrize("rule", ["mean_gain", "retained_share", "scenario_accuracy", "assessors_agree"])
def test_results_of_officers_are_competence(rule: str) -> None:
    assert kind_of(rule) is NumberKind.COMPETENCE


def test_records_of_fewer_than_five_officers_are_joined() -> None:
    cells = {"AT": PlanCell(9, 12, 3), "BG": PlanCell(8, 20, 11), "IQ": PlanCell(12, 30, 9), "DE": PlanCell(2, 3, 2)}
    shown = competence_table(cells)
    assert (shown.joined_keys, shown.joined) == (["AT", "DE"], Banded(10, 14, 15))
    assert [shown.cells[key] for key in ("AT", "DE")] == [HIDDEN] * 2
    assert shown.cells["BG"] == Banded(5, 9, 20)


def test_joined_records_of_few_officers_are_not_shown() -> None:
    cells = {"AT": PlanCell(3, 12, 2), "BG": PlanCell(8, 20, 11), "IQ": PlanCell(12, 30, 9), "DE": PlanCell(2, 3, 1)}
    assert competence_table(cells).joined is None


@pytest.mark.parametrize(("mean", "shown"), [(-3.5, -5), (-2.4, 0), (2.4, 0), (2.5, 5), (17.6, 20)])
def test_mean_is_rounded_to_fives_outside(mean: float, shown: int) -> None:
    assert rounded(mean) == shown


@pytest.mark.parametrize(
    ("rule", "numbers", "shown"),
    [
        ("mean_gain", {"pairs": 23, "spread": 4.5, "without": 3}, {"pairs": 25}),
        ("mean_gain", {"pairs": 23, "spread": 4.5, "without": 8}, {"pairs": 25, "without": 10}),
        ("retained_share", {"asked": 41, "answered": 33}, {"asked": 40, "answered": 35}),
        ("retained_share", {"asked": 41, "answered": 38}, {"asked": 40}),
        ("scenario_accuracy", {"runs": 22, "cases": 1}, {"runs": 20, "cases": 1}),
    ],
)
def test_numbers_beside_a_figure_hide_small_groups_outside(
    rule: str, numbers: Mapping[str, float | None], shown: Mapping[str, float]
) -> None:
    assert pages.outside(Companions(rule, numbers)).numbers == shown


def test_cell_of_few_officers_is_not_shown_as_a_need() -> None:
    table = PlanTable(day=TODAY, cells={"AT": HIDDEN}, joined_keys=["AT"], is_competence=True)
    texts = [replace(table, is_of_records=of_records).text("AT") for of_records in (False, True)]
    assert texts == ["Fewer than 5 needed", "Fewer than 5 officers"]
