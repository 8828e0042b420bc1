"""React to reviews with notices to those who review or wait for a decision, and to identities that are deleted."""

from uuid import UUID

from app.access.targets import Target
from app.directory.events import IdentityRemoved
from app.messages.domain import NoticeKind
from app.messages.service import outbox
from app.ports import ports
from app.studio.domain.reviews import ReviewState
from app.studio.events import ReviewDecided, ReviewSubmitted
from app.studio.queries import reviews, workspaces
from app.studio.service import retention

DECISIONS = {
    ReviewState.APPROVED: NoticeKind.REVIEW_APPROVED,
    ReviewState.CHANGES_REQUESTED: NoticeKind.CHANGES_REQUESTED,
}


def on_review_submitted(event: ReviewSubmitted) -> None:
    """Notify the reviewers and the other authors of a course that its draft is in review."""
    review = reviews.review_line(event.review_id)
    people = workspaces.reviewers_of(event.course_id) | workspaces.trainers_of(event.course_id, event.at.date())
    outbox.tell_all(
        sorted(people - {review.submitted_by}),
        NoticeKind.REVIEW_ASKED,
        occasion=_occasion(event.review_id),
        facts={"course": workspaces.code_of(event.course_id)},
        path=ports().path_to(Target.REVIEW, event.review_id),
        now=event.at,
    )


def on_review_decided(event: ReviewDecided) -> None:
    """Notify the submitter of a decision by another user, and delete the requests to review."""
    outbox.delete_notices([_occasion(event.review_id)])
    kind = DECISIONS.get(ReviewState(event.state))
    if kind is None:
        return
    outbox.notify(
        reviews.review_line(event.review_id).submitted_by,
        kind,
        occasion=f"review {event.state} {event.review_id} {event.at:%Y-%m-%dT%H:%M:%S}",
        facts={"course": workspaces.code_of(event.course_id)},
        path=ports().path_to(Target.REVIEW, event.review_id),
        now=event.at,
    )


def _occasion(review_id: UUID) -> str:
    return f"review asked {review_id}"


def on_identity_removed(event: IdentityRemoved) -> None:
    """Delete the files that a person whose identity was deleted had uploaded for an import."""
    retention.delete_uploads_of(event.person_id)
