"""The filter of the results page as the address names it."""

from datetime import UTC, date, datetime

import pytest

from app.kernel.errors import InputError
from app.studio.domain.result_choices import ResultChoice, months, next_month, read_choice

OFFERED = {"versions": (2, 1), "languages": ("ar", "en")}


def test_empty_address_limits_nothing() -> None:
    choice = read_choice({}, **OFFERED)
    assert choice == ResultChoice()
    assert (choice.is_limited, choice.values, choice.begins, choice.ends) == (False, {}, None, None)


def test_choice_has_whole_months_and_returns_to_its_address() -> None:
    values = {"version": "2", "from": "2027-01", "to": "2027-12", "language": "ar"}
    choice = read_choice(values, **OFFERED)
    assert choice.begins == datetime(2027, 1, 1, tzinfo=UTC)
    assert choice.ends == datetime(2028, 1, 1, tzinfo=UTC)
    assert choice.values == values
    assert choice.is_limited


@pytest.mark.parametrize(
    "values",
    [
        {"version": "3"},
        {"version": "x"},
        {"language": "fr"},
        {"from": "2027-13"},
        {"to": "2027-01-02"},
        {"from": "2027-02", "to": "2027-01"},
    ],
)
def test_unknown_value_is_refused_with_the_cure(values: dict[str, str]) -> None:
    with pytest.raises(InputError, match="Choose"):
        read_choice(values, **OFFERED)


def test_months_are_listed_from_the_newest() -> None:
    assert months(date(2026, 11, 30), date(2027, 2, 1)) == ["2027-02", "2027-01", "2026-12", "2026-11"]
    assert months(date(2027, 2, 1), date(2027, 2, 28)) == ["2027-02"]
    assert [next_month("2026-12"), next_month("2027-01")] == ["2027-01", "2027-02"]
