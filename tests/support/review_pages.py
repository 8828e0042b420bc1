"""Drafts in review and the pages about them: authors, a reviewer, changed texts."""

from dataclasses import dataclass
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.access.policy import Role, Scope
from app.catalogue.domain.versions import VersionKind
from app.catalogue.queries import versions
from app.db.session import db, transaction
from app.kernel import clock
from app.studio.domain.reviews import REQUIRED
from app.studio.domain.revisions import RevisionKind, tree_digest
from app.studio.queries import drafts
from app.studio.service import courses as course_service, drafts as draft_service, reviews
from app.studio.service.reviews import Submission
from tests.support import courses, factories, sites, studio_site
from tests.support.site_snapshots import kept
from tests.support.studio_site import Author

LESSON = "lessons/the-quay.en.md"
COURSE = f"/teaching/courses/{courses.SLUG}"


@dataclass(frozen=True, slots=True)
class Draft:
    """A course with a changed lesson, its author and a reviewer who wrote nothing."""

    app: Flask
    author: Author
    reviewer: UUID

    def client(self, person_id: UUID) -> FlaskClient:
        return factories.sign_in(self.app, person_id)

    def post(self, person_id: UUID, path: str, /, **fields: str) -> TestResponse:
        return sites.post(self.app, self.client(person_id), path, fields)


@kept
def changed(app: Flask, text: str = "A new paragraph about the night watch.") -> Draft:
    """Return a draft whose lesson has one more paragraph."""
    if not versions.course_ids():
        courses.publish()  # with its references, so that the checker finds no errors
    author = studio_site.author()
    reviewer = other_trainer()
    workspace = author.workspace()
    with transaction():
        course_service.add_reviewer(workspace, reviewer, clock.now())
    add_text(author, text)
    return Draft(app, author, reviewer)


def other_trainer(alias: str | None = None) -> UUID:
    """Return a trainer of another course."""
    return factories.person(alias=alias, roles=(), grants=((Role.TRAINER, Scope.COURSE, "another"),))


def add_text(author: Author, text: str, *, by: UUID | None = None, path: str = LESSON) -> int:
    """Add a paragraph to a lesson; return the number of the revision."""
    content = drafts.file(author.workspace(), path) + f"\n{text}\n".encode()
    with transaction():
        return draft_service.change_files(
            author.course_id, {path: content}, RevisionKind.SAVED, by=by or author.id, now=clock.now()
        )


def submitted(draft: Draft, kind: VersionKind = VersionKind.EDITORIAL) -> UUID:
    """Send the draft to review; return the id of the review."""
    course_id = draft.author.course_id
    with transaction():
        return reviews.submit(
            course_id, Submission(kind, "A paragraph more."), tree=tree(course_id), by=draft.author.id, now=clock.now()
        )


def tree(course_id: UUID) -> str:
    """Return the digest of the files of a draft as it is now."""
    return tree_digest(drafts.tree(course_id))


def submit_fields(author: Author, kind: str = "editorial") -> dict[str, str]:
    """Return what the form to send a draft to review contains."""
    revision = author.workspace().revision
    return {"kind": kind, "message": "A paragraph more.", "revision": str(revision), "tree": tree(author.course_id)}


def approved(draft: Draft, kind: VersionKind = VersionKind.EDITORIAL) -> UUID:
    """Send the draft to review and approve it; return the id of the review."""
    review_id = submitted(draft, kind)
    tick_required(review_id, draft.reviewer)
    with transaction():
        reviews.approve(review_id, by=draft.reviewer, now=clock.now())
    db.session.rollback()
    return review_id


def tick_required(review_id: UUID, by: UUID) -> None:
    """Fulfil the required points of the checklist."""
    with transaction():
        for point in REQUIRED:
            reviews.tick(review_id, point, is_done=True, by=by, now=clock.now())
