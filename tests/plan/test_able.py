"""The number of officers able today is shown, or explained if it is not."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from app.catalogue.domain.items import Level
from app.competence.shapes import CapacityLine
from app.plan.pages import capacity
from tests.support.competency_evidence import framework

LINE = CapacityLine("VIC-02", Level.FOUNDATION, 40, 12, 21.0, None, None, summed_on=date(2027, 3, 1))
NOT_SHOWN = "Not shown: fewer than half were watched"


@pytest.mark.parametrize(
    ("line", "able"),
    [
        (LINE, "21"),
        (replace(LINE, expected=None), NOT_SHOWN),
        (replace(LINE, expected=None, audited=17.2, low=13.0, high=22.0), "17"),
        (replace(LINE, expected=None, summed_on=None), "Not calculated yet"),
    ],
)
@pytest.mark.parametrize("scope", [capacity.COMMUNITY, capacity.OWN])
def test_number_able_today_is_shown_or_explained(lite_app: Flask, line: CapacityLine, able: str, scope: str) -> None:
    with lite_app.test_request_context():
        [row] = capacity.capacity_table([line], framework(), scope=scope).rows
        assert row.able == able


def test_country_abroad_explains_hidden_ratio(lite_app: Flask) -> None:
    hidden = replace(LINE, expected=None)
    with lite_app.test_request_context():
        whole = [replace(LINE, need=100, headcount=40)]
        [row] = capacity.capacity_table([hidden], framework(), scope=capacity.ABROAD, whole=whole).rows
        assert row.able == NOT_SHOWN
