"""What French asks of a page beyond its catalogue: a first of the month in order, spaces before signs."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale

from app.i18n.babel import days, moment, short_day, short_days, words
from app.plan.labels import number

APP = Path(__file__).resolve().parents[2] / "app"
GLUED = re.compile(r"\}\}(?:</\w+>)?: (?:<[^>]*>)?\{\{")


@pytest.mark.parametrize(
    ("locale", "first", "eleventh"),
    [("fr", "1er juillet 2027", "11 juillet 2027"), ("en", "1 July 2027", "11 July 2027")],
    ids=["fr", "en"],
)
def test_first_of_a_month_is_an_ordinal_in_french(lite_app: Flask, locale: str, first: str, eleventh: str) -> None:
    with lite_app.test_request_context(), force_locale(locale):
        assert (words(date(2027, 7, 1)), words(date(2027, 7, 11))) == (first, eleventh)
        assert f">{first}" in moment(datetime(2027, 7, 1, 9, tzinfo=UTC))


def test_workshop_dates_use_the_french_ordinal(lite_app: Flask) -> None:
    with lite_app.test_request_context(), force_locale("fr"):
        assert short_day(date(2027, 7, 1)) == "1er juillet"
        assert days(date(2027, 7, 1), date(2027, 7, 3)).startswith("1er ")
        assert short_days(date(2027, 6, 30), date(2027, 7, 1)).endswith("1er juillet")


@pytest.mark.parametrize(
    ("locale", "said"),
    [("fr", ("70\u00a0%", "8,3\u00a0%")), ("en", ("70%", "8.3%"))],
    ids=["fr", "en"],
)
def test_a_percentage_has_the_space_of_its_language(lite_app: Flask, locale: str, said: tuple[str, str]) -> None:
    with lite_app.test_request_context(), force_locale(locale):
        assert (number(70, "percent"), number(8.3, "percent")) == said


def test_pages_separate_a_name_from_its_colon() -> None:
    glued = [path.name for path in APP.rglob("*.html") if GLUED.search(path.read_text())]
    assert glued == []
