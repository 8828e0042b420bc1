"""Changes of reviews and drafts, and the entries that each leaves in the audit log."""

from collections.abc import Callable, Mapping
from uuid import UUID

from flask.testing import FlaskClient

from app.catalogue.domain.versions import VersionKind
from app.db.session import db, transaction
from app.identity.queries import people
from app.kernel import clock
from app.studio.service import remarks
from tests.support import console_versions, review_pages, studio_site
from tests.support.audit_log import AuditStep, Step, submit
from tests.support.review_pages import COURSE, Draft
from tests.support.sites import Site

Prepare = Callable[[Draft], object]
REVIEW = "/teaching/review"


def _draft(site: Site) -> Draft:
    """Return a draft of the site's trainer, who is no author of its text."""
    draft = review_pages.changed(site.app)
    studio_site.make_author(site.people["trainer"], draft.author.course_id)
    return draft


def _on_review(page: str, prepare: Prepare = review_pages.submitted, **fields: str) -> Step:
    """Submit a form of a review that another author sent."""

    def step(site: Site, client: FlaskClient) -> None:
        with site.app.app_context():
            review_id = prepare(_draft(site))
            db.session.remove()
        submit(f"{REVIEW}/{review_id}{page}", **fields)(site, client)

    return step


def _on_remark(path: str, **fields: str) -> Step:
    """Submit a form of a remark."""

    def step(site: Site, client: FlaskClient) -> None:
        with site.app.app_context():
            draft = _draft(site)
            review_id = review_pages.submitted(draft)
            with transaction():
                remark_id = remarks.write_remark(
                    review_id, review_pages.LESSON, 0, "Which quay?", by=draft.reviewer, now=clock.now()
                )
            db.session.remove()
        submit(f"{REVIEW}/{review_id}/remarks/{remark_id}/{path}", **fields)(site, client)

    return step


def _approved(draft: Draft) -> UUID:
    return review_pages.approved(draft, VersionKind.EDITORIAL)


def _ready(draft: Draft) -> UUID:
    review_id = review_pages.submitted(draft)
    review_pages.tick_required(review_id, draft.reviewer)
    return review_id


def _submit_draft(site: Site, client: FlaskClient) -> None:
    with site.app.app_context():
        revision = _draft(site).author.workspace().revision
        db.session.remove()
    fields = {"kind": "editorial", "message": "A paragraph more.", "revision": str(revision)}
    submit(f"{COURSE}/submit", **fields)(site, client)


def _bring_up_to_date(site: Site, client: FlaskClient) -> None:
    with site.app.app_context():
        _draft(site)
        console_versions.publish(why="Right: the note comes first, always.")
        db.session.remove()
    submit(f"{COURSE}/update")(site, client)


def _revision_step(path: str) -> Step:
    """Restore or undo a revision of another author."""

    def step(site: Site, client: FlaskClient) -> None:
        with site.app.app_context():
            draft = _draft(site)
            number = review_pages.add_text(draft.author, "One more.")
            db.session.remove()
        chosen = number - 1 if path == "restore" else number
        submit(f"{COURSE}/history/{path}", number=str(chosen), path="")(site, client)

    return step


def _add_person(path: str) -> Step:
    """Add a trainer by alias."""

    def step(site: Site, client: FlaskClient) -> None:
        with site.app.app_context():
            _draft(site)
            person_id = review_pages.other_trainer()
            alias = people.names([person_id])[person_id]
            db.session.remove()
        submit(f"{COURSE}/{path}", alias=alias)(site, client)

    return step


def _remove_person(path: str) -> Step:
    """Remove the reviewer, or the other author."""

    def step(site: Site, client: FlaskClient) -> None:
        with site.app.app_context():
            draft = _draft(site)
            person_id = draft.reviewer if path == "reviewers" else draft.author.id
            db.session.remove()
        submit(f"{COURSE}/{path}/{person_id}/removal")(site, client)

    return step


STEPS: Mapping[str, AuditStep] = {
    "studio.submit_draft": AuditStep(_submit_draft, {"ReviewSubmitted"}, by="trainer"),
    "studio.bring_up_to_date": AuditStep(_bring_up_to_date, {"DraftSaved"}, by="trainer"),
    "studio.tick_point": AuditStep(
        _on_review("/checklist", point="facts", done="yes"), {"ReviewPointTicked"}, by="trainer"
    ),
    "studio.approve_review": AuditStep(_on_review("/approval", _ready), {"ReviewDecided"}, by="trainer"),
    "studio.request_changes": AuditStep(_on_review("/changes"), {"ReviewDecided"}, by="trainer"),
    "studio.withdraw_review": AuditStep(_on_review("/withdrawal"), {"ReviewDecided"}, by="trainer"),
    "studio.publish_review": AuditStep(
        _on_review("/publication", _approved), {"ReviewDecided", "CoursePublished"}, by="trainer"
    ),
    "studio.write_remark": AuditStep(
        _on_review("/remarks", path=review_pages.LESSON, position="0", body="Which quay?"),
        {"RemarkWritten"},
        by="trainer",
    ),
    "studio.answer_remark": AuditStep(_on_remark("answers", body="The north quay."), {"RemarkWritten"}, by="trainer"),
    "studio.resolve_remark": AuditStep(_on_remark("state", done="yes"), {"RemarkResolved"}, by="trainer"),
    "studio.restore_revision": AuditStep(_revision_step("restore"), {"DraftSaved"}, by="trainer"),
    "studio.undo_revision": AuditStep(_revision_step("undo"), {"DraftSaved"}, by="trainer"),
    "studio.add_reviewer": AuditStep(_add_person("reviewers"), {"ReviewerAdded"}, by="trainer"),
    "studio.remove_reviewer": AuditStep(_remove_person("reviewers"), {"ReviewerRemoved"}, by="trainer"),
    "studio.add_author": AuditStep(_add_person("authors"), {"RoleGranted"}, by="trainer"),
    "studio.remove_author": AuditStep(_remove_person("authors"), {"RoleEnded"}, by="trainer"),
}
