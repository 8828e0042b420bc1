import pytest

from app.catalogue.domain.invented_names import check_real_looking
from app.catalogue.domain.problems import Weight
from tests.support.cpu_time import counting

REAL = [
    "ali@mail.com",
    "https://www.news.org/a",
    "www.shop.biz",
    "vidloop.com",
    "8.8.8.8",
    "2a00:1450:4001::8",
    "+90 532 123 45 67",
    "0532 123 45 67",
    "212-456-7890",
    "TR33 0006 1005 1978 6457 8413 26",
    "4012 8888 8888 1881",
    "12345678901234",
    "0x52908400098527886E0F7030069857D2E4169EE7",
]


@pytest.mark.parametrize("text", REAL)
def test_real_looking_names_are_warned_of_once_at_their_line(text):
    found = check_real_looking(f"one\n\nwrite to {text}, now", "a.en.md")
    assert [(problem.weight, problem.line, problem.values["found"]) for problem in found] == [
        (Weight.WARNING, 3, text),
    ]


INVENTED = [
    "ali@example.org and https://shop.example/a?b=1 and mail.example.com, login.test",
    "192.0.2.7 198.51.100.1 203.0.113.9 10.0.0.1 127.0.0.1",
    "2001:db8::1 and 3fff::1 at 12:30:45",
    "+44 1632 960123, 07700 900123, +1 212 555 0123, +999 555 0100, 01 99 00 12 34",
    "0000 0000 0000 0000 and DE00 1234 5678 1234 5678 00",
    "on 2026-11-24, in 2019 2020 2021, 4,000 or 1 000 000, 2011/36/EU, Art. 34(2), M01.2, course.en.md, e.g. this",
    "[@tip-protocol, art. 3(a)] and `{=x}` and 17-year-old",
]


@pytest.mark.parametrize("text", INVENTED)
def test_reserved_names_dates_and_amounts_are_left_alone(text):
    assert check_real_looking(text, "a.en.md") == []


@pytest.mark.parametrize(
    "unit", ["a", "1", "a.", "1.", "+1", "(", "a@", "01 ", ":", "AA00", "://", "+90 532 123 45 67 "]
)
def test_hostile_text_is_checked_in_a_moment(unit):
    with counting() as took:
        check_real_looking(unit * (60_000 // len(unit)), "a.en.md")
    assert took.seconds < 5
