"""State machine of a claim of earlier skill: waiting, then endorsed, declined or withdrawn."""

from collections.abc import Mapping
from enum import StrEnum

from app.kernel.errors import IllegalMoveError


class ClaimState(StrEnum):
    WAITING = "waiting"
    ENDORSED = "endorsed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class ClaimStep(StrEnum):
    ENDORSE = "endorse"
    DECLINE = "decline"
    WITHDRAW = "withdraw"


MOVES: Mapping[tuple[ClaimState, ClaimStep], ClaimState] = {
    (ClaimState.WAITING, ClaimStep.ENDORSE): ClaimState.ENDORSED,
    (ClaimState.WAITING, ClaimStep.DECLINE): ClaimState.DECLINED,
    (ClaimState.WAITING, ClaimStep.WITHDRAW): ClaimState.WITHDRAWN,
}


def state_after(state: ClaimState, step: ClaimStep) -> ClaimState:
    """Return the state that follows; raise IllegalMoveError for a step that is not in the table."""
    try:
        return MOVES[state, step]
    except KeyError:
        raise IllegalMoveError(f"A claim that is {state} cannot {step}.") from None
