"""Send drafts to review, decide as a second person, publish: also when several people act at once."""

from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.catalogue.domain.versions import VersionKind
from app.catalogue.models import CourseVersion
from app.catalogue.queries import versions
from app.db.session import db, transaction
from app.kernel import clock
from app.kernel.errors import DomainError
from app.messages.domain import NoticeKind
from app.messages.models import Notice
from app.studio.domain.reviews import ReviewState
from app.studio.domain.revisions import RevisionKind
from app.studio.models import CourseReview
from app.studio.queries import changes, drafts, reviews as queries
from app.studio.service import base_versions, drafts as draft_service, publishing, remarks, reviews
from app.studio.service.drafts import FileSave
from app.studio.service.reviews import Submission
from tests.support import concurrency, console_versions, review_pages, studio_site
from tests.support.review_pages import LESSON, Draft

SUBMISSION = Submission(VersionKind.EDITORIAL, "A paragraph more.")


def _publish(draft: Draft, review_id: UUID) -> int:
    ready = publishing.render_review(draft.author.workspace(), queries.review_line(review_id))
    with transaction():
        return reviews.publish(review_id, ready, clock.now())


@pytest.mark.each_database
def test_two_authors_submit_at_once_and_one_review_is_open(app: Flask) -> None:
    with app.app_context():
        draft = review_pages.changed(app)
        other = studio_site.author()
        course_id = draft.author.course_id
        tree = review_pages.tree(course_id)

    def submit(by: UUID) -> object:
        return reviews.submit(course_id, SUBMISSION, tree=tree, by=by, now=clock.now())

    results = concurrency.at_once(app, [lambda: submit(draft.author.id), lambda: submit(other.id)])
    assert {type(result) for result in results} == {UUID, str}
    assert "This course is already in review." in results


@pytest.mark.each_database
def test_approval_and_request_at_once_leave_one_decision(app: Flask) -> None:
    with app.app_context():
        draft = review_pages.changed(app)
        other = studio_site.author()
        review_id = review_pages.submitted(draft)
        review_pages.tick_required(review_id, other.id)
    approve = lambda: reviews.approve(review_id, by=draft.reviewer, now=clock.now())  # noqa: E731
    withdraw = lambda: reviews.withdraw(review_id, now=clock.now())  # noqa: E731
    results = concurrency.at_once(app, [approve, approve, withdraw])
    with app.app_context():
        review = queries.review_line(review_id)
    assert review.state in {ReviewState.APPROVED, ReviewState.WITHDRAWN}
    assert any(isinstance(result, str) for result in results)


@pytest.mark.each_database
def test_two_people_publish_at_once_and_one_version_results(app: Flask) -> None:
    with app.app_context():
        draft = review_pages.changed(app)
        review_id = review_pages.approved(draft)
        ready = publishing.render_review(draft.author.workspace(), queries.review_line(review_id))
        db.session.remove()
    publish = lambda: reviews.publish(review_id, ready, clock.now())  # noqa: E731
    results = concurrency.at_once(app, [publish, publish])
    assert set(results) == {2, "This draft is already published."}


@pytest.mark.each_database
def test_published_version_has_two_people_and_the_draft_is_unchanged_from_it(app: Flask) -> None:
    with app.app_context():
        draft = review_pages.changed(app)
        number = _publish(draft, review_pages.approved(draft))
        workspace = draft.author.workspace()
        version = db.session.get_one(CourseVersion, workspace.version_id)
        assert (version.first_id, version.second_id) == (draft.author.id, draft.reviewer)
        assert (number, workspace.number, workspace.is_behind) == (2, 2, False)
        assert changes.unpublished(workspace.course_id) == []
        assert drafts.files(workspace) == versions.files_of(version.id)


def test_text_saved_after_the_review_began_is_not_published(context: Flask) -> None:
    draft = review_pages.changed(context)
    review_id = review_pages.approved(draft)
    review_pages.add_text(draft.author, "Written later.")
    _publish(draft, review_id)
    published = versions.files_of(draft.author.workspace().version_id)[LESSON]
    assert b"Written later." not in published
    assert [file.path for file in changes.unpublished(draft.author.course_id)] == [LESSON]


def test_file_deleted_after_the_review_began_differs_from_the_published_version(context: Flask) -> None:
    draft = review_pages.changed(context)
    extra, now = "scenario-extra.en.md", clock.now()
    content = drafts.file(draft.author.workspace(), "scenario.en.md").replace(b"T10-S01", b"T10-S02")
    with transaction():
        draft_service.change_files(
            draft.author.course_id, {extra: content}, RevisionKind.ADDED, by=draft.author.id, now=now
        )
    review_id = review_pages.approved(draft)
    with transaction():
        draft_service.change_files(
            draft.author.course_id, {extra: None}, RevisionKind.REMOVED, by=draft.author.id, now=now
        )
    line = queries.review_line(review_id)
    with transaction():
        locked = draft_service.open_draft(draft.author.course_id, now)
        base_versions.set_base(locked, draft.author.workspace().version_id, line.revision)
    assert [(file.path, file.after) for file in changes.unpublished(draft.author.course_id)] == [(extra, None)]


def test_automatic_save_does_not_extend_a_reviewed_revision(context: Flask, still_clock: None) -> None:
    draft = review_pages.changed(context)
    text = drafts.file(draft.author.workspace(), LESSON).decode()

    def save(body: str) -> int:
        opened = drafts.digest_of(drafts.file(draft.author.workspace(), LESSON))
        with transaction():
            file = FileSave(LESSON, body, opened, is_automatic=True)
            saved = draft_service.save_file(draft.author.course_id, file, by=draft.author.id, now=clock.now())
        assert isinstance(saved, draft_service.SavedFile)
        return saved.number

    number = save(f"{text}\nBefore.\n")
    review_pages.submitted(draft)
    assert save(f"{text}\nAfter.\n") == number + 1
    reviewed = drafts.files(draft.author.workspace(), revision=number)[LESSON]
    assert b"Before." in reviewed


@pytest.mark.parametrize("is_submitter", [True, False])
def test_author_and_submitter_cannot_approve(context: Flask, is_submitter: bool) -> None:
    draft = review_pages.changed(context)
    other = studio_site.author()
    review_pages.add_text(draft.author, "By another author.", by=other.id)
    review_id = review_pages.submitted(draft)
    review_pages.tick_required(review_id, draft.reviewer)
    with pytest.raises(DomainError, match="second person"), transaction():
        reviews.approve(review_id, by=draft.author.id if is_submitter else other.id, now=clock.now())


def test_author_of_a_restored_text_cannot_approve_it(context: Flask) -> None:
    draft = review_pages.changed(context)
    other = studio_site.author()
    written = review_pages.add_text(draft.author, "By another author.", by=other.id)
    with transaction():
        draft_service.restore(draft.author.course_id, written - 1, by=draft.author.id, now=clock.now())
    _publish(draft, review_pages.approved(draft))
    with transaction():
        draft_service.restore(draft.author.course_id, written, by=draft.author.id, now=clock.now())
    review_id = review_pages.submitted(draft)
    review_pages.tick_required(review_id, draft.reviewer)
    with pytest.raises(DomainError, match="second person"), transaction():
        reviews.approve(review_id, by=other.id, now=clock.now())


def test_nothing_is_published_before_an_approval(context: Flask) -> None:
    draft = review_pages.changed(context)
    review_id = review_pages.submitted(draft)
    ready = publishing.render_review(draft.author.workspace(), queries.review_line(review_id))
    with pytest.raises(DomainError, match="approve"), transaction():
        reviews.publish(review_id, ready, clock.now())


def test_draft_without_a_version_of_the_console_is_not_published(context: Flask) -> None:
    draft = review_pages.changed(context)
    review_id = review_pages.approved(draft)
    console_versions.publish(why="Right: the note comes first, always.")
    ready = publishing.render_review(draft.author.workspace(), queries.review_line(review_id))
    with pytest.raises(DomainError, match="Another version"), transaction():
        reviews.publish(review_id, ready, clock.now())
    count = select(func.count()).select_from(CourseVersion)
    assert db.session.scalar(count) == 2


@pytest.mark.each_database
def test_draft_brought_up_to_date_has_both_changes_and_no_open_review(app: Flask) -> None:
    with app.app_context():
        draft = review_pages.changed(app, "From the draft.")
        review_id = review_pages.approved(draft)
        console_versions.publish(why="Right: the note comes first, always.")
        with transaction():
            updated = reviews.bring_up_to_date(draft.author.course_id, by=draft.author.id, now=clock.now())
        workspace = draft.author.workspace()
        files = drafts.files(workspace)
        assert updated.conflicts == ()
        assert not workspace.is_behind
        assert b"From the draft." in files[LESSON]
        assert b"always." in files["test.en.md"]
        assert [file.path for file in changes.unpublished(draft.author.course_id)] == [LESSON]
        assert queries.review_line(review_id).state is ReviewState.WITHDRAWN
        assert drafts.revisions(workspace.course_id)[0].kind is RevisionKind.UPDATED


def test_conflict_with_the_published_version_leaves_the_text_of_the_draft(context: Flask) -> None:
    draft = review_pages.changed(context)
    bank = drafts.file(draft.author.workspace(), "test.en.md")
    own = bank.replace(b"Right: the note comes first.", b"Right: first the note.")
    with transaction():
        draft_service.change_files(
            draft.author.course_id, {"test.en.md": own}, RevisionKind.SAVED, by=draft.author.id, now=clock.now()
        )
    console_versions.publish(why="Right: the note comes first, always.")
    with transaction():
        updated = reviews.bring_up_to_date(draft.author.course_id, by=draft.author.id, now=clock.now())
    assert updated.conflicts == ("test.en.md",)
    assert drafts.file(draft.author.workspace(), "test.en.md") == own


def test_review_and_its_decision_are_told_to_those_who_act_next(context: Flask) -> None:
    draft = review_pages.changed(context)
    review_id = review_pages.submitted(draft)
    assert _notices() == {(draft.reviewer, NoticeKind.REVIEW_ASKED)}
    assert [line.id for line in queries.latest_for(draft.reviewer, clock.today())] == [review_id]
    with pytest.raises(DomainError, match="Write a remark"), transaction():
        reviews.request_changes(review_id, by=draft.reviewer, now=clock.now())
    with transaction():
        remarks.write_remark(review_id, review_pages.LESSON, 0, "Which quay?", by=draft.reviewer, now=clock.now())
        reviews.request_changes(review_id, by=draft.reviewer, now=clock.now())
    assert _notices() == {(draft.author.id, NoticeKind.CHANGES_REQUESTED)}


def test_open_review_is_one_for_a_course(context: Flask) -> None:
    draft = review_pages.changed(context)
    review_pages.submitted(draft)
    with pytest.raises(DomainError, match="already in review"):
        review_pages.submitted(draft)
    assert db.session.scalar(select(func.count()).select_from(CourseReview)) == 1


def _notices() -> set[tuple[UUID, NoticeKind]]:
    kinds = (NoticeKind.REVIEW_ASKED, NoticeKind.REVIEW_APPROVED, NoticeKind.CHANGES_REQUESTED)
    rows = db.session.execute(select(Notice.person_id, Notice.kind).where(Notice.kind.in_(kinds)))
    return {(row[0], row[1]) for row in rows}
