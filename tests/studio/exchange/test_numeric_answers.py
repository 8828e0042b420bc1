import pytest

from app.studio.domain.exchange.numeric_answers import number_text, range_text, tolerance_text
from app.studio.domain.exchange.shapes import QuestionRefusedError


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *(("3", "3"), ("-2.50", "-2.50"), (" 4 ", "4"), ("3,14", "3.14"), (".5", "0.5"), ("5.", "5")),
        *(("+1", "1"), ("1e3", "1000"), ("1.5E-2", "0.015"), ("007", "007")),
    ],
)
def test_number_is_written_without_exponent(text, number):
    assert number_text(text) == number


@pytest.mark.parametrize(
    "text", ["", "x", "1 000", "1e99", "1e-99x", "--1", "1.2.3", "٣", "nan", "inf", "1" * 16, "0x10"]
)
def test_text_that_is_no_number_is_refused(text):
    with pytest.raises(QuestionRefusedError) as refusal:
        number_text(text)
    assert refusal.value.reason % refusal.value.values


@pytest.mark.parametrize(("text", "tolerance"), [("", ""), ("0", ""), ("0.0", "0.0"), ("-1", "1"), ("1e-2", "0.01")])
def test_tolerance_is_written_without_sign(text, tolerance):
    assert tolerance_text(text) == tolerance


@pytest.mark.parametrize(
    ("low", "high", "number"),
    [("1", "5", ("3", "2")), ("5", "1", ("3", "2")), ("2", "2", ("2", "")), ("-1.5", "0", ("-0.75", "0.75"))],
)
def test_range_becomes_its_middle_with_a_tolerance(low, high, number):
    assert range_text(low, high) == number
