"""A figure entered by hand: what it may become, and by whom."""

from collections.abc import Mapping
from enum import StrEnum

from app.kernel.errors import IllegalMoveError


class ObservationState(StrEnum):
    DRAFT = "draft"
    PENDING = "pending"
    RETURNED = "returned"
    APPROVED = "approved"


class ObservationStep(StrEnum):
    SUBMIT = "submit"
    RETURN = "return"
    APPROVE = "approve"


MOVES: Mapping[tuple[ObservationState, ObservationStep], ObservationState] = {
    (ObservationState.DRAFT, ObservationStep.SUBMIT): ObservationState.PENDING,
    (ObservationState.RETURNED, ObservationStep.SUBMIT): ObservationState.PENDING,
    (ObservationState.PENDING, ObservationStep.RETURN): ObservationState.RETURNED,
    (ObservationState.PENDING, ObservationStep.APPROVE): ObservationState.APPROVED,
}


def after(state: ObservationState, step: ObservationStep) -> ObservationState:
    """Return the state that follows; raise IllegalMoveError for a step that is not in the table."""
    try:
        return MOVES[state, step]
    except KeyError:
        raise IllegalMoveError(f"A figure that is {state} cannot {step}.") from None
