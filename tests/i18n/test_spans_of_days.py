"""Days from a first to a last one, in the three languages of the interface: the month and the year are written once."""

from datetime import date

import pytest
from flask import Flask
from flask_babel import force_locale

from app.i18n.babel import days, short_days

SPANS = {
    "one day": (date(2027, 6, 8), date(2027, 6, 8)),
    "one month": (date(2027, 6, 8), date(2027, 6, 9)),
    "two months": (date(2027, 6, 30), date(2027, 7, 2)),
    "two years": (date(2027, 12, 30), date(2028, 1, 2)),
}
TEXTS = {
    "en": {
        "one day": "8 June 2027",
        "one month": "8 to 9 June 2027",
        "two months": "30 June to 2 July 2027",
        "two years": "30 December 2027 to 2 January 2028",
    },
    "fr": {
        "one day": "8 juin 2027",
        "one month": "8 – 9 juin 2027",
        "two months": "30 juin – 2 juillet 2027",
        "two years": "30 décembre 2027 – 2 janvier 2028",
    },
    "ar": {
        "one day": "8 يونيو 2027",
        "one month": "من 8 إلى 9 يونيو 2027",
        "two months": "من 30 يونيو إلى 2 يوليو 2027",
        "two years": "من 30 ديسمبر 2027 إلى 2 يناير 2028",
    },
}


@pytest.mark.parametrize("locale", list(TEXTS))
def test_span_names_month_and_year_once(lite_app: Flask, locale: str) -> None:
    with lite_app.test_request_context(), force_locale(locale):
        assert {name: days(*span) for name, span in SPANS.items()} == TEXTS[locale]


@pytest.mark.parametrize(
    ("locale", "text"),
    [("en", "30 June to 2 July"), ("fr", "30 juin – 2 juillet"), ("ar", "من 30 يونيو إلى 2 يوليو")],
    ids=["en", "fr", "ar"],
)
def test_short_span_has_years_only_if_they_differ(lite_app: Flask, locale: str, text: str) -> None:
    with lite_app.test_request_context(), force_locale(locale):
        assert short_days(*SPANS["two months"]) == text
        assert short_days(*SPANS["two years"]) == TEXTS[locale]["two years"]
