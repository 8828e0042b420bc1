"""Drafts of the two trainers: a changed lesson in review with a remark, and a new course."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from app.access.policy import Actor, Role, Sensitivity
from app.catalogue.domain.courses import ReviewPoint
from app.catalogue.domain.versions import VersionKind
from app.demo.history.timeline import TimedAction
from app.kernel import clock
from app.studio.domain.course_edits import NewCourse, add_lesson
from app.studio.domain.revisions import RevisionKind, tree_digest
from app.studio.queries import drafts, reviews as review_queries, workspaces
from app.studio.queries.workspaces import Workspace
from app.studio.service import courses, remarks, reviews
from app.studio.service.drafts import FileSave, change_files, save_file
from app.studio.service.reviews import Submission

CHANGED_COURSE, LESSON = "recognising-victims", "lessons/the-first-five-minutes.en.md"
ADDED_TEXT = """
/// tip | One sentence first
Say who you are and that the person may drink, sit and ask questions. Then wait. The first answer often comes late.
///
"""
REMARK = "Which languages do the cards cover? Name them, or say where the cards are."
ANSWER = "The cards are listed in lesson 3. I will add a link."
CHECKED = (ReviewPoint.FACTS, ReviewPoint.FICTION, ReviewPoint.MARK, ReviewPoint.WARNINGS)
NEW = NewCourse(
    code="C01",
    slug="working-with-interpreters",
    title="Working with interpreters",
    paragraph="An interpreter is a third person in the room. This course shows how to choose, brief and use one.",
    outcomes=("choose an interpreter who is not part of the case", "notice when the translation is not complete"),
    language="en",
    sensitivity=Sensitivity.UNRESTRICTED,
    hours=1.0,
)
NEW_LESSONS = (
    (
        "Before the interview",
        "Ask three questions before you begin:\n\n- Does the interpreter know the person or the family?\n"
        "- Which dialect does the person speak?\n- Does the person agree to this interpreter?\n\n"
        "/// note\nA friend of the person is not an interpreter.\n///",
    ),
    ("During the interview", "Look at the person, not at the interpreter. Speak in short sentences."),
)


@dataclass(frozen=True, slots=True)
class Authors:
    """The two trainers: the first writes, the second reviews."""

    writer: UUID
    reviewer: UUID


def actions(trainers: tuple[UUID, UUID], now: datetime) -> Sequence[TimedAction]:
    """Return what the trainers did in the last ten days."""
    authors = Authors(*trainers)
    return [
        TimedAction(now - timedelta(days=9), authors.writer, partial(_create, authors)),
        TimedAction(now - timedelta(days=6), authors.writer, partial(_change_lesson, authors)),
        TimedAction(now - timedelta(days=3), authors.writer, partial(_submit, authors)),
        TimedAction(now - timedelta(days=2), authors.reviewer, partial(_review, authors)),
        TimedAction(now - timedelta(days=1), authors.writer, partial(_answer, authors)),
    ]


def _create(authors: Authors) -> None:
    now = clock.now()
    course_id = courses.create_course(NEW, by=authors.writer, now=now)
    for title, text in NEW_LESSONS:
        files = drafts.contents_by_path(course_id)
        _slug, changes = add_lesson(files, title, 8, text)
        change_files(course_id, changes, RevisionKind.ADDED, by=authors.writer, now=now, note=title)


def _change_lesson(authors: Authors) -> None:
    workspace = _workspace(authors.writer)
    text = drafts.file(workspace, LESSON).decode()
    opened = drafts.digest_of(text.encode())
    save = FileSave(LESSON, f"{text.rstrip()}\n{ADDED_TEXT}", opened)
    save_file(workspace.course_id, save, by=authors.writer, now=clock.now())


def _submit(authors: Authors) -> None:
    workspace = _workspace(authors.writer)
    submission = Submission(VersionKind.SUBSTANTIVE, "A tip for the first sentence.")
    tree = tree_digest(drafts.tree(workspace.course_id))
    reviews.submit(workspace.course_id, submission, tree=tree, by=authors.writer, now=clock.now())


def _review(authors: Authors) -> None:
    review_id = _open_review(authors)
    for point in CHECKED:
        reviews.tick(review_id, point, is_done=True, by=authors.reviewer, now=clock.now())
    remarks.write_remark(review_id, LESSON, 2, REMARK, by=authors.reviewer, now=clock.now())


def _answer(authors: Authors) -> None:
    workspace = _workspace(authors.writer)
    for remark in review_queries.remarks(workspace.course_id):
        remarks.answer_remark(workspace.course_id, remark.id, ANSWER, by=authors.writer, now=clock.now())


def _open_review(authors: Authors) -> UUID:
    review = review_queries.open_review(_workspace(authors.reviewer).course_id)
    if review is None:
        raise LookupError(CHANGED_COURSE)
    return review.id


def _workspace(trainer: UUID) -> Workspace:
    return workspaces.workspace(Actor(trainer, "", frozenset({Role.TRAINER})), CHANGED_COURSE)
