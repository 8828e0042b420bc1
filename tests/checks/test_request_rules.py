"""Requests for a check: moves between states, and when an officer may ask."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest

from app.checks.domain.requests import (
    MOVES,
    PAUSE,
    Asker,
    AskRefusal,
    CheckRequestState,
    RequestStep,
    again_from,
    refusal,
    state_after,
)
from app.competence.domain.statuses import VerificationStatus
from app.kernel.errors import IllegalMoveError

TODAY = date(2026, 12, 1)
MAY_ASK = Asker(country="IQ", status=VerificationStatus.NOT_STARTED, has_way=True)


@pytest.mark.parametrize(("state", "step"), sorted(set(product(CheckRequestState, RequestStep)) - MOVES.keys()))
def test_moves_outside_the_table_are_refused(state: CheckRequestState, step: RequestStep) -> None:
    with pytest.raises(IllegalMoveError):
        state_after(state, step)


def test_request_of_a_cancelled_sitting_can_be_declined() -> None:
    state = CheckRequestState.OPEN
    for step in (RequestStep.PLAN, RequestStep.REOPEN, RequestStep.DECLINE):
        state = state_after(state, step)
    assert state is CheckRequestState.DECLINED


@pytest.mark.parametrize("status", sorted(set(VerificationStatus) - {VerificationStatus.VERIFIED}))
def test_officer_may_ask_while_not_verified_for_long(status: VerificationStatus) -> None:
    assert refusal(replace(MAY_ASK, status=status), TODAY) is None


@pytest.mark.parametrize(
    ("asker", "expected"),
    [
        (replace(MAY_ASK, country=""), AskRefusal.NO_POSTING),
        (replace(MAY_ASK, status=VerificationStatus.VERIFIED), AskRefusal.VERIFIED),
        (replace(MAY_ASK, has_way=False), AskRefusal.NO_WAY),
        (replace(MAY_ASK, declined_on=TODAY - PAUSE + timedelta(days=1)), AskRefusal.DECLINED),
        (replace(MAY_ASK, declined_on=TODAY - PAUSE), None),
    ],
)
def test_officer_is_refused_for_the_first_reason(asker: Asker, expected: AskRefusal | None) -> None:
    assert refusal(asker, TODAY) is expected


def test_declined_officer_may_ask_again_after_the_pause() -> None:
    assert again_from(TODAY) == date(2026, 12, 15)
