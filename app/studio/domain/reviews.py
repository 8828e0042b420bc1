"""States of a review, its steps, and who may decide it: never a person who wrote what is reviewed."""

from bisect import bisect_right
from collections.abc import Collection, Mapping
from datetime import date, timedelta
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


class DecisionRefusal(StrEnum):
    """Why a person cannot approve a review now."""

    SUBMITTED = "submitted"
    WROTE = "wrote"
    REMARKS = "remarks"
    CHECKLIST = "checklist"


class ReviewStep(StrEnum):
    REQUEST_CHANGES = "request_changes"
    APPROVE = "approve"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"


NOTICE = timedelta(days=28)  # from the submission of a breaking version to the last day of earlier records
LEAST_NOTICE = timedelta(days=14)  # from its publication
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


def first_last_day(today: date) -> date:
    """Return the earliest day that a breaking version may name when it is sent to review."""
    return today + NOTICE


def is_too_near(ends_on: date, today: date) -> bool:
    """Return whether the day of a breaking version is too near to publish the version: learners have little notice."""
    return ends_on < today + LEAST_NOTICE


def may_decide(person_id: UUID, submitted_by: UUID, authors: Collection[UUID]) -> bool:
    """Return whether a person may check and decide a review: neither the submitter nor an author of what changed."""
    return person_id != submitted_by and person_id not in authors


def may_resolve(person_id: UUID, author_id: UUID, writers: Collection[UUID], state: ReviewState | None) -> bool:
    """Return whether a person may resolve a remark of an author, or open it again; `writers` wrote or sent the draft.

    `state` is that of the open review, if any: no person may after an approval, because remarks are read before it.
    """
    if state is ReviewState.APPROVED:
        return False
    return person_id == author_id or person_id not in writers


def decision_refusal(
    person_id: UUID,
    submitted_by: UUID,
    authors: Collection[UUID],
    *,
    open_remarks: int,
    ticked: Collection[ReviewPoint],
) -> DecisionRefusal | None:
    """Return why a person cannot approve now, or None."""
    if person_id == submitted_by:
        return DecisionRefusal.SUBMITTED
    if not may_decide(person_id, submitted_by, authors):
        return DecisionRefusal.WROTE
    if open_remarks:
        return DecisionRefusal.REMARKS
    return DecisionRefusal.CHECKLIST if missing_points(ticked) else None


def steps_from(state: ReviewState) -> tuple[ReviewStep, ...]:
    """Return the steps that lead from a state to another one."""
    return tuple(step for step in ReviewStep if (state, step) in TRANSITIONS)


def contributing_revisions(
    revision: int, *, published: Collection[int], restored: Mapping[int, int]
) -> tuple[range, ...]:
    """Return the ranges of revisions that a reviewed revision has text from: those since the last published one.

    `restored` maps a revision that brought back an earlier state to the number of that state. The revisions that led to
    the earlier state contribute, too, because their text was perhaps never published.
    """
    numbers = sorted(published)
    ranges: list[range] = []
    ends = [revision]
    for end in ends:  # grows while it is read
        index = bisect_right(numbers, end)
        since = range((numbers[index - 1] if index else 0) + 1, end + 1)
        if since in ranges:
            continue
        ranges.append(since)
        ends += [restored[number] for number in since if number in restored]
    return tuple(part for part in ranges if part)


def missing_points(ticked: Collection[ReviewPoint]) -> tuple[ReviewPoint, ...]:
    """Return the required points that are not fulfilled, in the order of the checklist."""
    return tuple(point for point in ReviewPoint if point in REQUIRED and point not in ticked)
