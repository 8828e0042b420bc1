from datetime import timedelta

import pytest
from hypothesis import given, strategies as st

from app.access.policy import STAFF, Role
from app.sign_in.domain import ACCOUNT_LIMITS, TOTAL_LIMITS, lifetime, remaining_wait
from app.sign_in.service import passwords
from tests.support.settings import NOW


def _ago(*seconds: float) -> list:
    return [NOW - timedelta(seconds=s) for s in seconds]


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [
        ([], 0),
        (_ago(1, 2, 3, 4), 0),
        (_ago(1, 2, 3, 4, 50), 10),
        (_ago(1, 2, 3, 4, 61), 0),
        (_ago(*range(70, 250, 18)), 300 - 232),
        (_ago(*range(301, 400)), 0),
    ],
)
def test_five_a_minute_and_ten_in_five(failures: list, seconds: int) -> None:
    assert remaining_wait(failures, ACCOUNT_LIMITS, NOW) == timedelta(seconds=seconds)


@given(st.lists(st.floats(0, 900), max_size=30))
def test_a_wait_always_ends_within_the_longest_window(seconds: list[float]) -> None:
    left = remaining_wait(_ago(*seconds), ACCOUNT_LIMITS, NOW)
    assert timedelta(0) <= left <= timedelta(minutes=5)
    assert remaining_wait(_ago(*seconds), ACCOUNT_LIMITS, NOW + left + timedelta(milliseconds=1)) == timedelta(0)


def test_all_together_have_a_limit() -> None:
    assert remaining_wait(_ago(*([10.0] * 999)), TOTAL_LIMITS, NOW) == timedelta(0)
    assert remaining_wait(_ago(*([10.0] * 1000)), TOTAL_LIMITS, NOW) == timedelta(seconds=290)


@pytest.mark.parametrize("role", sorted(STAFF))
def test_staff_sessions_are_short(role: Role) -> None:
    life = lifetime(frozenset({role, Role.PRACTITIONER}))
    assert (life.idle, life.whole) == (timedelta(minutes=15), timedelta(hours=8))


def test_practitioners_have_an_hour_idle_and_twelve_at_most() -> None:
    life = lifetime(frozenset({Role.PRACTITIONER}))
    assert (life.idle, life.whole) == (timedelta(minutes=60), timedelta(hours=12))


@pytest.mark.parametrize(
    "password",
    [
        "1q2w3e4r5t6y7u8i9o0p",
        "PolniyPizdec110211",
        "COLEP academy 2027!!",
        "policeofficer12345",
        "border-police-border-police",
        "dragon 2027 2027",
        "dragon123456789123456789",
        "officer 111111111111111111",
        "1" * 40,
        "%" * 20,
        "123456789012345",
        "123456 123456 1234",
        "123456789 987654321",
        "000000000000001",
        "123123123123124",
        "!!!!!!!!!!!!!!!1",
    ],
)
def test_what_leaked_or_is_of_our_own_words_is_no_password(password: str) -> None:
    assert passwords.is_common(password)


@pytest.mark.parametrize(
    "password", ["seven grey herons wait", "the academy of blue horses", "كلمة مرور طويلة جدا هنا"]
)
def test_passphrase_of_several_words_is_accepted(password: str) -> None:
    assert not passwords.is_common(password)


@pytest.mark.parametrize(
    "password",
    [
        "8274019362517408395162738495061728",
        "8274-0193-6251-7408",
        "%/(=&§!?+*#-_.:;,<>",
        "officer 827401936251740",
    ],
)
def test_signs_of_any_kind_are_a_password(password: str) -> None:
    """No rule says of which kinds a password is made; at random, figures are as good as letters."""
    assert not passwords.is_common(password)
