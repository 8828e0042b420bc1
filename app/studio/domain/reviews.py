"""States of a review, its steps, and who may decide it: never a person who wrote what is reviewed."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from uuid import UUID

from app.catalogue.domain.courses import ReviewPoint
from app.kernel.errors import IllegalMoveError


class ReviewState(StrEnum):
    IN_REVIEW = "in_review"
    CHANGES_REQUESTED = "changes_requested"
    APPROVED = "approved"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class ReviewStep(StrEnum):
    REQUEST_CHANGES = "request_changes"
    APPROVE = "approve"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"


OPEN = frozenset({ReviewState.IN_REVIEW, ReviewState.APPROVED})
TRANSITIONS: Mapping[tuple[ReviewState, ReviewStep], ReviewState] = {
    (ReviewState.IN_REVIEW, ReviewStep.REQUEST_CHANGES): ReviewState.CHANGES_REQUESTED,
    (ReviewState.IN_REVIEW, ReviewStep.APPROVE): ReviewState.APPROVED,
    (ReviewState.IN_REVIEW, ReviewStep.WITHDRAW): ReviewState.WITHDRAWN,
    (ReviewState.APPROVED, ReviewStep.REQUEST_CHANGES): ReviewState.CHANGES_REQUESTED,
    (ReviewState.APPROVED, ReviewStep.PUBLISH): ReviewState.PUBLISHED,
    (ReviewState.APPROVED, ReviewStep.WITHDRAW): ReviewState.WITHDRAWN,
}
# points of the checklist without which nothing is published; the others may be fulfilled later
REQUIRED = frozenset(
    {ReviewPoint.FACTS, ReviewPoint.FICTION, ReviewPoint.MARK, ReviewPoint.WARNINGS, ReviewPoint.RIGHTS,
     ReviewPoint.DUAL_USE}
)  # fmt: skip


def state_after(state: ReviewState, step: ReviewStep) -> ReviewState:
    """Return the state after a step; raise IllegalMoveError for a step that is not allowed."""
    try:
        return TRANSITIONS[state, step]
    except KeyError:
        raise IllegalMoveError(f"A review that is {state} cannot {step}.") from None


def may_decide(person_id: UUID, submitted_by: UUID, authors: Collection[UUID]) -> bool:
    """Return whether a person may approve: neither the submitter nor an author of what changed."""
    return person_id != submitted_by and person_id not in authors


def missing_points(ticked: Collection[ReviewPoint]) -> tuple[ReviewPoint, ...]:
    """Return the required points that are not fulfilled, in the order of the checklist."""
    return tuple(point for point in ReviewPoint if point in REQUIRED and point not in ticked)
