from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest

from app.messages.domain import MOST_TRIES, PAUSES, MailState, Refusal, after_refusal, message_id, next_try

NOW = datetime(2027, 3, 1, tzinfo=UTC)
ONE, OTHER = UUID(int=1), UUID(int=2)


def test_pauses_between_tries_grow() -> None:
    assert all(one < other for one, other in pairwise(PAUSES))


def test_first_pause_is_longer_than_a_sending() -> None:
    assert next_try(1, NOW) - NOW >= timedelta(minutes=5)


@pytest.mark.parametrize(
    ("tries", "for_good", "state"),
    [
        (1, False, MailState.FAILED),
        (MOST_TRIES - 1, False, MailState.FAILED),
        (MOST_TRIES, False, MailState.GIVEN_UP),
        (1, True, MailState.GIVEN_UP),
    ],
)
def test_mail_is_given_up_after_all_pauses(tries: int, for_good: bool, state: MailState) -> None:
    assert after_refusal(tries, Refusal("x", for_good=for_good)) is state


def test_message_id_is_unique_for_occasion_and_recipient() -> None:
    assert message_id("week:9", ONE) == message_id("week:9", ONE)
    assert len({message_id("week:9", ONE), message_id("week:10", ONE), message_id("week:9", OTHER)}) == 3
