"""The number of officers able today is shown, or explained if it is not."""

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from app.catalogue.domain.items import Level
from app.competence.shapes import CapacityLine
from app.plan.domain.readers import FigureReader
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
@pytest.mark.parametrize("reader", [FigureReader.OWN, FigureReader.COORDINATOR])
def test_number_able_today_is_shown_or_explained(
    lite_app: Flask, line: CapacityLine, able: str, reader: FigureReader
) -> None:
    with lite_app.test_request_context():
        [row] = capacity.capacity_table([line], framework(), reader).rows
        assert row.able == able


@pytest.mark.parametrize("reader", [FigureReader.COORDINATOR, FigureReader.OUTSIDE])
def test_country_abroad_explains_hidden_number(lite_app: Flask, reader: FigureReader) -> None:
    hidden = replace(LINE, expected=None)
    countries = {"IQ": [hidden], "BG": [hidden], "": [replace(LINE, need=80, headcount=24)]}
    with lite_app.test_request_context():
        table = capacity.capacity_table([hidden], framework(), reader, country="IQ", by_country=countries)
        assert table.rows[0].able == NOT_SHOWN


@pytest.mark.parametrize(
    ("reader", "numbers"),
    [
        (FigureReader.COORDINATOR, ("40", "10 to 14 of 40", "20 to 24 of 40")),
        (FigureReader.OUTSIDE, ("40", "30%", "55%")),
    ],
)
def test_number_of_a_country_is_a_band_or_rounded(
    lite_app: Flask, reader: FigureReader, numbers: tuple[str, str, str]
) -> None:
    countries = {country: [LINE] for country in ("IQ", "BG", "FR")}
    with lite_app.test_request_context():
        [row] = capacity.capacity_table([LINE], framework(), reader, country="IQ", by_country=countries).rows
        assert (row.need, row.verified, row.able) == numbers


def test_competence_of_a_country_is_withheld_close_to_none(lite_app: Flask) -> None:
    few = {"IQ": [replace(LINE, headcount=2)], "BG": [replace(LINE, headcount=0)]}
    with lite_app.test_request_context():
        [row] = capacity.capacity_table(
            few["IQ"], framework(), FigureReader.COORDINATOR, country="IQ", by_country=few
        ).rows
        assert row.verified == "Not by country: 2 of 80 in all"
