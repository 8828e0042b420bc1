"""Pages of reviews and of the history: what each person sees, and who is refused."""

from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from app.catalogue.domain.courses import ReviewPoint
from app.db.session import db, transaction
from app.identity.queries import people
from app.kernel import clock
from app.learning.labels import REVIEW_POINTS
from app.studio import labels
from app.studio.domain.reviews import ReviewState
from app.studio.domain.revisions import RevisionKind
from app.studio.models import ReviewRemark
from app.studio.queries import drafts, remarks as remark_queries, reviews as queries
from app.studio.service import courses as course_service, drafts as draft_service, remarks, reviews
from app.studio.service.drafts import FileSave
from tests.support import console_versions, courses, factories, review_pages, sql_statements, studio_site
from tests.support.review_pages import COURSE, LESSON, Draft
from tests.support.studio_site import Author

TEXT = "A new paragraph about the night watch."


def _in_review(app: Flask) -> tuple[Draft, str]:
    """Return a draft in review and the address of the review."""
    with app.app_context():
        draft = review_pages.changed(app, TEXT)
        review_id = review_pages.submitted(draft)
        db.session.remove()
    return draft, f"/teaching/review/{review_id}"


@pytest.mark.parametrize("path", ["/submit", "/review", "/history"])
def test_pages_of_a_draft_are_closed_to_other_trainers(app: Flask, path: str) -> None:
    with app.app_context():
        review_pages.changed(app)
        other = review_pages.other_trainer()
    assert factories.sign_in(app, other).get(COURSE + path).status_code in {403, 404}


def test_review_asks_for_sign_in_and_is_closed_to_others(app: Flask) -> None:
    _draft, review = _in_review(app)
    with app.app_context():
        other, officer = review_pages.other_trainer(), factories.person()
    assert "/sign-in" in app.test_client().get(review).headers["Location"]
    assert factories.sign_in(app, other).get(review).status_code == 404
    assert factories.sign_in(app, officer).get(review).status_code in {403, 404}


def test_reviewer_sees_the_change_word_by_word(app: Flask) -> None:
    draft, review = _in_review(app)
    page = draft.client(draft.reviewer).get(review).text
    assert f"<ins>{TEXT}</ins>" in page
    assert "Words added: 7, removed: 0" in page
    assert "unchanged paragraph" in page
    assert "A paragraph more." in page


def test_review_names_a_deleted_lesson_by_its_title(app: Flask) -> None:
    with app.app_context():
        draft = review_pages.changed(app, TEXT)
        title = drafts.file(draft.author.workspace(), LESSON).decode().splitlines()[0].removeprefix("# ")
        with transaction():
            draft_service.change_files(
                draft.author.course_id, {LESSON: None}, RevisionKind.REMOVED, by=draft.author.id, now=clock.now()
            )
        review_id = review_pages.submitted(draft)
    page = draft.client(draft.reviewer).get(f"/teaching/review/{review_id}").text
    assert f"Lesson “{title}”" in page
    assert "Lesson “the-quay”" not in page


def test_submitter_reads_why_a_second_person_approves(app: Flask) -> None:
    draft, review = _in_review(app)
    page = draft.client(draft.author.id).get(review).text
    assert "You sent this draft to review. A second person approves it." in page
    assert "/approval" not in page
    assert "/changes" not in page
    assert "/withdrawal" in page


def test_reviewer_approves_after_the_required_points_only(app: Flask) -> None:
    draft, review = _in_review(app)
    refused = draft.post(draft.reviewer, f"{review}/approval")
    assert refused.status_code == 409
    assert "Required points of the checklist are open." in refused.text
    with app.app_context():
        review_pages.tick_required(UUID(review.rpartition("/")[2]), draft.reviewer)
        alias = people.names([draft.reviewer])[draft.reviewer]
    page = draft.client(draft.author.id).get(review).text
    assert page.count(f"Checked by <bdi>{alias}</bdi>") == 6
    assert draft.post(draft.reviewer, f"{review}/approval").status_code == 302
    approved = draft.client(draft.author.id).get(review).text
    assert "Approved" in approved
    assert "/publication" in approved


def test_reviewer_cannot_withdraw_or_submit(app: Flask) -> None:
    draft, review = _in_review(app)
    assert draft.post(draft.reviewer, f"{review}/withdrawal").status_code == 403
    assert draft.client(draft.reviewer).get(f"{COURSE}/submit").status_code == 403


def test_remark_is_answered_and_resolved_beside_its_paragraph(app: Flask) -> None:
    draft, review = _in_review(app)
    form = draft.client(draft.reviewer).get(f"{review}?file={LESSON}&paragraph=0")
    assert 'id="remark"' in form.text
    sent = draft.post(draft.reviewer, f"{review}/remarks", path=LESSON, position="0", body="Which quay?")
    assert sent.status_code == 302
    with app.app_context():
        course_id = draft.author.course_id
        (remark,) = queries.remarks(course_id)
    draft.post(draft.author.id, f"{review}/remarks/{remark.id}/answers", body="The north quay.")
    page = draft.client(draft.author.id).get(f"{review}?file={LESSON}").text
    assert page.index("Which quay?") < page.index("The north quay.")
    assert "There are open remarks" in draft.post(draft.reviewer, f"{review}/approval").text
    state = f"{review}/remarks/{remark.id}/state"
    assert state not in page
    assert draft.post(draft.author.id, state, done="yes").status_code == 409
    assert state in draft.client(draft.reviewer).get(f"{review}?file={LESSON}").text
    draft.post(draft.reviewer, state, done="yes")
    assert "Resolved by" in draft.client(draft.reviewer).get(f"{review}?file={LESSON}").text
    with app.app_context():
        assert queries.open_remarks(course_id) == {}


def test_author_neither_ticks_the_checklist_nor_asks_for_changes(app: Flask) -> None:
    draft, review = _in_review(app)
    page = draft.client(draft.author.id).get(review).text
    assert f"{review}/checklist" not in page
    assert f"{review}/changes" not in page
    assert "A person who did not write this draft checks these points." in page
    assert f"{review}/checklist" in draft.client(draft.reviewer).get(review).text
    fields = {"point": str(ReviewPoint.FACTS), "done": "yes"}
    assert draft.post(draft.author.id, f"{review}/checklist", **fields).status_code == 409
    assert draft.post(draft.author.id, f"{review}/changes").status_code == 409
    with app.app_context():
        assert queries.ticks(UUID(review.rpartition("/")[2])) == {}


def test_co_author_who_wrote_a_part_neither_ticks_nor_resolves(app: Flask) -> None:
    with app.app_context():
        draft, co_author = review_pages.changed(app, TEXT), studio_site.author()
        review_pages.add_text(co_author, "A part of a second author.")
        review_id = review_pages.submitted(draft)
        with transaction():
            remark_id = remarks.write_remark(review_id, LESSON, 0, "Which?", by=draft.reviewer, now=clock.now())
    review = f"/teaching/review/{review_id}"
    assert draft.post(co_author.id, f"{review}/checklist", point="facts", done="yes").status_code == 409
    assert draft.post(co_author.id, f"{review}/changes").status_code == 409
    assert draft.post(co_author.id, f"{review}/remarks/{remark_id}/state", done="yes").status_code == 409


def test_approval_ends_the_resolving_of_remarks(app: Flask) -> None:
    with app.app_context():
        draft = review_pages.changed(app, TEXT)
        review_id = review_pages.submitted(draft)
        with transaction():
            by = draft.reviewer
            remark_id = remarks.write_remark(review_id, LESSON, 0, "Which?", by=by, now=clock.now())
            remarks.resolve_remark(draft.author.course_id, remark_id, is_resolved=True, by=by, now=clock.now())
        review_pages.tick_required(review_id, draft.reviewer)
        with transaction():
            reviews.approve(review_id, by=draft.reviewer, now=clock.now())
    state = f"/teaching/review/{review_id}/remarks/{remark_id}/state"
    for person_id in (draft.author.id, draft.reviewer):
        assert state not in draft.client(person_id).get(f"/teaching/review/{review_id}?file={LESSON}").text
        assert draft.post(person_id, state, done="no").status_code == 409
    with app.app_context():
        assert queries.open_remarks(draft.author.course_id) == {}


def test_empty_remark_is_refused_and_the_form_stays_open(app: Flask) -> None:
    draft, review = _in_review(app)
    refused = draft.post(draft.reviewer, f"{review}/remarks", path=LESSON, position="0", body=" ")
    assert refused.status_code == 422
    assert "Write a remark." in refused.text


def test_remark_on_a_paragraph_that_does_not_exist_is_refused(app: Flask) -> None:
    draft, review = _in_review(app)
    for path, position in ((LESSON, "999"), ("lessons/none.en.md", "0")):
        sent = draft.post(draft.reviewer, f"{review}/remarks", path=path, position=position, body="Which quay?")
        assert sent.status_code == 409


def test_remark_stays_at_its_paragraph_after_an_edit(app: Flask) -> None:
    draft, review = _in_review(app)
    with app.app_context():
        position = len(remark_queries.blocks_at(draft.author.course_id, LESSON, 2)) - 1
        with transaction():
            remarks.write_remark(
                UUID(review.rpartition("/")[2]), LESSON, position, "Who says so?", by=draft.reviewer, now=clock.now()
            )
    draft.post(draft.reviewer, f"{review}/changes")
    with app.app_context():
        content = drafts.file(draft.author.workspace(), LESSON).replace(b"the night watch", b"the second night watch")
        files = {LESSON: content.replace(b"# The quay\n", b"# The quay\n\nAn introduction.\n")}
        with transaction():
            draft_service.change_files(
                draft.author.course_id, files, RevisionKind.SAVED, by=draft.author.id, now=clock.now()
            )
        review_id = review_pages.submitted(draft)
        db.session.remove()
    page = draft.client(draft.reviewer).get(f"/teaching/review/{review_id}?file={LESSON}").text
    assert page.index("the second night watch") < page.index("Who says so?")
    assert "Remarks on paragraphs that were removed" not in page


def test_remark_on_a_removed_paragraph_is_listed_below(app: Flask) -> None:
    draft, review = _in_review(app)
    with app.app_context():
        position = len(remark_queries.blocks_at(draft.author.course_id, LESSON, 2)) - 1
    draft.post(draft.reviewer, f"{review}/remarks", path=LESSON, position=str(position), body="Who says so?")
    draft.post(draft.author.id, f"{review}/withdrawal")
    with app.app_context():
        content = drafts.file(draft.author.workspace(), LESSON).replace(TEXT.encode(), b"Wholly other words here.")
        with transaction():
            draft_service.change_files(
                draft.author.course_id, {LESSON: content}, RevisionKind.SAVED, by=draft.author.id, now=clock.now()
            )
        review_id = review_pages.submitted(draft)
        db.session.remove()
    page = draft.client(draft.reviewer).get(f"/teaching/review/{review_id}?file={LESSON}").text
    assert page.index("Remarks on paragraphs that were removed") < page.index("Who says so?")


def test_course_with_errors_is_not_sent_and_links_to_each(app: Flask) -> None:
    with app.app_context():
        draft = review_pages.changed(app)
        content = drafts.file(draft.author.workspace(), LESSON) + b"\nA claim [@no-such-source].\n"
        with transaction():
            draft_service.change_files(
                draft.author.course_id, {LESSON: content}, RevisionKind.SAVED, by=draft.author.id, now=clock.now()
            )
        fields = review_pages.submit_fields(draft.author)
    page = draft.client(draft.author.id).get(f"{COURSE}/submit").text
    assert "error to correct" in page
    assert f"{COURSE}/lessons/the-quay?language=en" in page
    assert draft.post(draft.author.id, f"{COURSE}/submit", **fields).status_code == 422


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"kind": "retirement", "message": "All new."}, "Choose a kind of change."),
        ({"kind": "breaking", "message": "All new."}, "Choose the last day"),
        ({"kind": "breaking", "message": "All new.", "ends_on": "2027-03-20"}, "at least 28 days"),
        ({"kind": "editorial", "message": " "}, "Say in a sentence what changed."),
        ({"message": "All new."}, "Choose a kind of change."),
        ({"kind": "editorial", "message": "All new.", "tree": "0"}, "The draft changed since"),
    ],
)
def test_submission_needs_kind_message_and_the_newest_text(app: Flask, fields: dict[str, str], message: str) -> None:
    with app.app_context():
        draft = review_pages.changed(app)
        sent = review_pages.submit_fields(draft.author)
    sent = {name: sent[name] for name in ("revision", "tree")} | fields
    refused = draft.post(draft.author.id, f"{COURSE}/submit", **sent)
    assert refused.status_code == 422
    assert message in refused.text


def test_draft_that_an_automatic_save_extended_is_not_sent(app: Flask) -> None:
    with app.app_context():
        draft = review_pages.changed(app)
        co_author, course_id = studio_site.author(), draft.author.course_id
        _autosave(co_author, "The first words.")
        fields = review_pages.submit_fields(draft.author)
        _autosave(co_author, "The first words, and more.")
        assert draft.author.workspace().revision == int(fields["revision"])
        new_tree = review_pages.tree(course_id)
        db.session.remove()
    refused = draft.post(draft.author.id, f"{COURSE}/submit", **fields)
    assert refused.status_code == 422
    assert "The draft changed since you opened this page." in refused.text
    since = refused.text.partition('id="since"')[2].partition("</section>")[0]
    assert "path=lessons%2Fthe-list.en.md" in since
    assert "the-quay" not in since
    assert new_tree in refused.text
    assert draft.post(draft.author.id, f"{COURSE}/submit", **(fields | {"tree": new_tree})).status_code == 302


def _autosave(author: Author, text: str) -> None:
    """Save the text of another lesson as its editor does by itself."""
    path = "lessons/the-list.en.md"
    content = drafts.file(author.workspace(), path)
    save = FileSave(path, f"{content.decode()}\n{text}\n", drafts.digest_of(content), is_automatic=True)
    with transaction():
        draft_service.save_file(author.course_id, save, by=author.id, now=clock.now())


def test_publishing_says_that_the_console_published_meanwhile(app: Flask) -> None:
    with app.app_context():
        draft = review_pages.changed(app)
        review = f"/teaching/review/{review_pages.approved(draft)}"
        console_versions.publish(why="Right: the note comes first, always.")
        db.session.remove()
    page = draft.client(draft.author.id).get(review).text
    assert "Another version was published meanwhile" in page
    assert f"{COURSE}/update" in page
    assert draft.post(draft.author.id, f"{review}/publication").status_code == 409
    assert draft.post(draft.author.id, f"{COURSE}/update").status_code == 302
    assert "Withdrawn" in draft.client(draft.author.id).get(review).text


@pytest.mark.parametrize(
    ("kind", "text"),
    [("editorial", "Fewer than 5 people are in the middle"), ("urgent", "Fewer than 5 people have begun or finished")],
)
def test_reviewer_reads_how_many_learners_it_concerns(app: Flask, kind: str, text: str) -> None:
    with app.app_context():
        draft = review_pages.changed(app)
        fields, learner = review_pages.submit_fields(draft.author, kind), factories.person()
        db.session.remove()
    draft.post(learner, f"/courses/{courses.SLUG}/lessons/the-list/done")
    review = draft.post(draft.author.id, f"{COURSE}/submit", **fields).headers["Location"]
    assert text in draft.client(draft.reviewer).get(review).text


def test_teaching_page_lists_the_review_for_the_reviewer_alone(app: Flask) -> None:
    draft, review = _in_review(app)
    assert review in draft.client(draft.reviewer).get("/teaching").text
    assert review not in draft.client(draft.author.id).get("/teaching").text


def test_reviewer_is_added_and_removed_by_alias(app: Flask) -> None:
    with app.app_context():
        author = studio_site.author()
        trainer, officer = review_pages.other_trainer(), factories.person()
        aliases = people.names([trainer, officer])
    draft = Draft(app, author, trainer)
    assert draft.post(author.id, f"{COURSE}/reviewers", alias="Officer 999999").status_code == 422
    refused = draft.post(author.id, f"{COURSE}/reviewers", alias=aliases[officer])
    assert "This person is not a trainer." in refused.text
    assert draft.post(author.id, f"{COURSE}/reviewers", alias=aliases[trainer]).status_code == 302
    assert draft.client(trainer).get(f"{COURSE}/review").status_code == 200
    draft.post(author.id, f"{COURSE}/reviewers/{trainer}/removal")
    assert draft.client(trainer).get(f"{COURSE}/review").status_code == 404


def test_last_author_remains(app: Flask) -> None:
    with app.app_context():
        author = studio_site.author()
        other = review_pages.other_trainer()
        workspace = author.workspace()
        with transaction():
            course_service.add_author(workspace, other, clock.now())
    draft = Draft(app, author, other)
    assert draft.post(other, f"{COURSE}/authors/{author.id}/removal").status_code == 302
    refused = draft.post(other, f"{COURSE}/authors/{other}/removal")
    assert refused.status_code == 422
    assert "A course needs at least one author." in refused.text


def test_every_state_kind_and_point_has_a_label() -> None:
    assert set(labels.STATES) == set(ReviewState)
    assert set(labels.REVISIONS) == set(RevisionKind)
    assert set(REVIEW_POINTS) == set(ReviewPoint)


def test_edited_paragraphs_take_as_many_statements_for_three_remarks(app: Flask) -> None:
    with app.app_context():
        draft = review_pages.changed(app, TEXT)
        review_id, author = review_pages.submitted(draft), draft.author
        position = len(remark_queries.blocks_at(author.course_id, LESSON, 2)) - 1
        with transaction():
            by = draft.reviewer
            remarks.write_remark(review_id, LESSON, position, "Who says so?", by=by, now=clock.now())
        content = drafts.file(author.workspace(), LESSON).replace(b"the night watch", b"the second night watch")
        for text in (content, content + b"\nOne more.\n"):
            with transaction():
                draft_service.change_files(
                    author.course_id, {LESSON: text}, RevisionKind.SAVED, by=author.id, now=clock.now()
                )
        with transaction():
            reviews.withdraw(review_id, now=clock.now())
        second_id = review_pages.submitted(draft)
    path = f"/teaching/review/{second_id}?file={LESSON}"
    client = draft.client(draft.reviewer)
    before = sql_statements.asked(app, client, path)
    with app.app_context(), transaction():
        row = db.session.scalars(select(ReviewRemark)).one()
        for body in ("Which one?", "Since when?"):
            db.session.add(
                ReviewRemark(
                    course_id=row.course_id, path=row.path, anchor=row.anchor, position=row.position, body=body,
                    author_id=row.author_id, written_at=row.written_at,
                )
            )  # fmt: skip
    assert sql_statements.asked(app, client, path) == before
