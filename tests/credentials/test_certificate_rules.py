"""Codes and numbers of certificates, and the rate limit of the public check."""

from datetime import date

from hypothesis import given, strategies as st

from app.credentials.domain import certificates as rules
from app.credentials.domain.check_limit import IN_ALL, PER_NETWORK, CheckLimit


@given(st.binary(min_size=16, max_size=16))
def test_code_is_read_as_printed_and_as_typed(random_bytes: bytes) -> None:
    code = rules.code_of(random_bytes)
    assert len(code) == rules.CODE_LENGTH
    assert {rules.read_code(text) for text in (code, code.upper(), rules.code_in_groups(code))} == {code}


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyz234567 -", max_size=40))
def test_text_is_a_canonical_code_or_none(text: str) -> None:
    code = rules.read_code(text)
    assert code is None or code == text.replace(" ", "").replace("-", "")


def test_code_with_stray_bits_at_its_end_is_refused() -> None:
    code = rules.code_of(bytes(16))
    assert rules.read_code(code) == code
    assert rules.read_code(code[:-1] + "b") is None


@given(st.integers(min_value=0, max_value=2**64 - 1))
def test_number_has_year_and_eight_digits(random_number: int) -> None:
    number = rules.number_of(date(2027, 3, 1), random_number)
    assert (number[:5], len(number), number[5:].isdecimal()) == ("2027-", rules.NUMBER_LENGTH, True)


def test_network_waits_until_the_next_minute_after_its_limit() -> None:
    limit = CheckLimit()
    assert [limit.wait("a", 60.0) for _ in range(PER_NETWORK)] == [0] * PER_NETWORK
    assert limit.wait("a", 90.0) == 31
    assert limit.wait("b", 90.0) == 0
    assert limit.wait("a", 120.0) == 0


def test_all_networks_together_have_a_limit() -> None:
    limit = CheckLimit()
    assert {limit.wait(str(number), 0.0) for number in range(IN_ALL)} == {0}
    assert limit.wait("another", 1.0) > 0
