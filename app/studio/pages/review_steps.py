"""The next steps of a review for a user: approve, request changes, withdraw, publish."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import assert_never
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _, lazy_gettext
from flask_babel.speaklater import LazyString

from app.access.policy import Action, Actor, allows
from app.catalogue.domain.versions import VersionKind
from app.studio import labels
from app.studio.domain.reviews import REQUIRED, ReviewStep, decision_refusal, may_decide, steps_from
from app.studio.pages.learners import still_required
from app.studio.queries import reviews
from app.studio.queries.reviews import DraftReview
from app.studio.queries.workspaces import WorkspaceReview


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    """A step that leads on from the state of a review; `refusal` is why the user cannot take it now, or ""."""

    label: str
    href: str
    look: str
    refusal: str


# label, endpoint, look of the button
_STEPS: Mapping[ReviewStep, tuple[LazyString, str, str]] = {
    ReviewStep.APPROVE: (lazy_gettext("Approve"), "studio.approve_review", "primary"),
    ReviewStep.PUBLISH: (lazy_gettext("Publish"), "studio.publish_review", "primary"),
    ReviewStep.REQUEST_CHANGES: (lazy_gettext("Ask for changes"), "studio.request_changes", ""),
    ReviewStep.WITHDRAW: (lazy_gettext("Withdraw from review"), "studio.withdraw_review", "plain"),
}


def step_lines(review: DraftReview, reviewed: WorkspaceReview, actor: Actor) -> list[StepLine]:
    """Return the steps from the state of a review that are for this user, the main one first."""
    offered = steps_from(review.state)
    return [
        StepLine(
            label=_("Retire course") if _retires(step, review) else str(label),
            href=url_for(endpoint, review_id=review.id),
            look=look,
            refusal=_refusal(step, review, reviewed, actor.id),
        )
        for step, (label, endpoint, look) in _STEPS.items()
        if step in offered and _is_for(step, review, reviewed, actor)
    ]


def _retires(step: ReviewStep, review: DraftReview) -> bool:
    return step is ReviewStep.PUBLISH and review.kind is VersionKind.RETIREMENT


def _is_for(step: ReviewStep, review: DraftReview, reviewed: WorkspaceReview, actor: Actor) -> bool:
    """Return whether a step is for the user: authors withdraw, and request no changes of themselves."""
    match step:
        case ReviewStep.WITHDRAW:
            return allows(actor, Action.WRITE_COURSE, reviewed)
        case ReviewStep.REQUEST_CHANGES:
            return may_decide(actor.id, review.submitted_by, reviews.authors(review.course_id, review.revision))
        case ReviewStep.APPROVE | ReviewStep.PUBLISH:
            return True
        case _:
            assert_never(step)


def _refusal(step: ReviewStep, review: DraftReview, reviewed: WorkspaceReview, person_id: UUID) -> str:
    match step:
        case ReviewStep.APPROVE:
            return _approval_refusal(review, person_id)
        case ReviewStep.PUBLISH:
            return _publication_refusal(review, reviewed)
        case ReviewStep.REQUEST_CHANGES:
            return _changes_refusal(review)
        case ReviewStep.WITHDRAW:
            return ""
        case _:
            assert_never(step)


def _publication_refusal(review: DraftReview, reviewed: WorkspaceReview) -> str:
    """Return why a draft cannot be published, or a course not be retired."""
    if _retires(ReviewStep.PUBLISH, review):
        return still_required(review.course_id)
    behind = _("Another version was published. Bring the draft up to date first.")
    return behind if reviewed.workspace.is_behind else ""


def _changes_refusal(review: DraftReview) -> str:
    """Return why changes cannot be requested: an open remark is the reason that the author reads."""
    reason = _("Write a remark that says what to change. Then ask for changes.")
    return "" if reviews.open_remarks(review.course_id) else reason


def _approval_refusal(review: DraftReview, person_id: UUID) -> str:
    is_text = review.kind is not VersionKind.RETIREMENT
    refusal = decision_refusal(
        person_id,
        review.submitted_by,
        reviews.authors_of(review.course_id, review.kind, review.revision),
        open_remarks=sum(reviews.open_remarks(review.course_id).values()) if is_text else 0,
        ticked=reviews.ticks(review.id) if is_text else REQUIRED,
    )
    return str(labels.REFUSALS[refusal]) if refusal else ""
