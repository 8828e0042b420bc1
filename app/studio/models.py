"""Tables of course drafts: files by revision, people who edit, reviews with remarks and checklist, reviewers.

The contents of files are stored once per SHA-256 in `draft_blob`. A row of `draft_file` without a digest is a file
that was deleted in the draft. What is published is in the tables of `catalogue`.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.catalogue.domain.courses import ReviewPoint
from app.catalogue.domain.versions import VersionKind
from app.db.base import Base, Keyed
from app.studio.domain.reviews import ReviewState
from app.studio.domain.revisions import RevisionKind

PATH = String(200)


class CourseDraft(Base):
    """The draft of a course; `base_version_id` is the published version that it started from, NULL for a new course.

    Writers lock this row: revisions are numbered without gaps.
    """

    __tablename__ = "course_draft"

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"), primary_key=True)
    base_version_id: Mapped[UUID | None] = mapped_column(ForeignKey("course_version.id"))
    revision: Mapped[int]  # the number of the newest revision
    opened_at: Mapped[datetime]


class DraftBlob(Base):
    """The content of a file, by its SHA-256; `studio.service.retention` deletes one that no other table refers to.

    A medium whose content was moved to MEDIA_PATH has its size in bytes instead.
    """

    __tablename__ = "draft_blob"
    __table_args__ = (CheckConstraint("(content IS NULL) = (size IS NOT NULL)", "moved_has_a_size"),)

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[bytes | None]
    size: Mapped[int | None]


class UnusedMedium(Base):
    """A content in MEDIA_PATH to which no row refers, and since when a job knows; it deletes the content later."""

    __tablename__ = "unused_medium"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    since: Mapped[datetime]


class ConvertedVideo(Base):
    """A video, by the SHA-256 of its content, that was converted to smaller variants, or cannot be."""

    __tablename__ = "converted_video"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    converted_at: Mapped[datetime]
    failed: Mapped[bool] = mapped_column(default=False)


class DraftUpload(Base):
    """A file that a user uploaded to import it; `revision` is the number of the revision that imported it."""

    __tablename__ = "draft_upload"

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(ForeignKey("draft_blob.digest"), primary_key=True, index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    file_name: Mapped[str] = mapped_column(String(200))
    uploaded_at: Mapped[datetime]
    revision: Mapped[int | None]


class DraftFile(Base):
    """A file of a draft as it is now; `base_digest` is its content in the published version, NULL for a new file."""

    __tablename__ = "draft_file"
    __table_args__ = (CheckConstraint("digest IS NOT NULL OR base_digest IS NOT NULL", "is_or_was_there"),)

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course_draft.course_id"), primary_key=True)
    path: Mapped[str] = mapped_column(PATH, primary_key=True)
    digest: Mapped[str | None] = mapped_column(ForeignKey("draft_blob.digest"), index=True)
    base_digest: Mapped[str | None] = mapped_column(ForeignKey("draft_blob.digest"), index=True)
    revision: Mapped[int]  # the newest revision that changed it


class DraftRevision(Base):
    """A saved state of a draft; `author_id` is NULL for the files that were copied from the published version."""

    __tablename__ = "draft_revision"

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course_draft.course_id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[RevisionKind]
    note: Mapped[str] = mapped_column(String(300), default="")
    author_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]


class DraftSourceAuthor(Base):
    """A person who wrote text that a revision copied from another course: such a person does not approve the copy."""

    __tablename__ = "draft_source_author"
    __table_args__ = (
        ForeignKeyConstraint(["course_id", "number"], ["draft_revision.course_id", "draft_revision.number"]),
    )

    course_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)


class DraftChange(Base):
    """The change of one file in a revision; no digest before: added, none after: deleted."""

    __tablename__ = "draft_change"
    __table_args__ = (
        ForeignKeyConstraint(["course_id", "number"], ["draft_revision.course_id", "draft_revision.number"]),
        Index(None, "course_id", "path", "number"),
    )

    course_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    path: Mapped[str] = mapped_column(PATH, primary_key=True)
    before: Mapped[str | None] = mapped_column(ForeignKey("draft_blob.digest"), index=True)
    after: Mapped[str | None] = mapped_column(ForeignKey("draft_blob.digest"), index=True)


class DraftReplaced(Base):
    """A text that an automatic save replaced within its revision: pages that are open may still begin from it.

    A nightly job deletes it after 7 days (`studio.service.retention`).
    """

    __tablename__ = "draft_replaced"

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course_draft.course_id"), primary_key=True)
    path: Mapped[str] = mapped_column(PATH, primary_key=True)
    digest: Mapped[str] = mapped_column(ForeignKey("draft_blob.digest"), primary_key=True, index=True)
    replaced_at: Mapped[datetime] = mapped_column(index=True)


class DraftEditor(Base):
    """A user who has a file open in the editor, and the time of the last request from that page."""

    __tablename__ = "draft_editor"

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course_draft.course_id"), primary_key=True)
    path: Mapped[str] = mapped_column(PATH, primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    since: Mapped[datetime]
    seen_at: Mapped[datetime]


class CourseReviewer(Base):
    """A person who may read and review the draft of a course without being its trainer."""

    __tablename__ = "course_reviewer"

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    added_at: Mapped[datetime]


class CourseReview(Keyed):
    """A revision of a draft that was sent to review, until it is published or withdrawn.

    `decided_by` approved it or requested changes; it is never `submitted_by`.
    """

    __tablename__ = "course_review"
    __table_args__ = (
        CheckConstraint("decided_by <> submitted_by", "two_people_decide"),
        CheckConstraint(
            "(state IN ('approved', 'changes_requested', 'published')) = (decided_by IS NOT NULL)",
            "decided_says_by_whom",
        ),
        CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL)", "decided_says_when"),
        CheckConstraint("(ends_on IS NULL) = (kind <> 'breaking')", "breaking_has_a_day"),
        Index("uq_course_review_open", "course_id", unique=True,
              sqlite_where=text("state IN ('in_review', 'approved')"),
              postgresql_where=text("state IN ('in_review', 'approved')")),
    )  # fmt: skip

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course_draft.course_id"))
    revision: Mapped[int]
    state: Mapped[ReviewState]
    kind: Mapped[VersionKind]
    message: Mapped[str] = mapped_column(String(500))
    ends_on: Mapped[date | None]  # a breaking version: the last day of the records of earlier versions
    submitted_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    submitted_at: Mapped[datetime]
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]  # published or withdrawn


class ReviewTick(Base):
    """A fulfilled point of the checklist of a review, and who checked it."""

    __tablename__ = "course_review_tick"

    review_id: Mapped[UUID] = mapped_column(ForeignKey("course_review.id"), primary_key=True)
    point: Mapped[ReviewPoint] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    ticked_at: Mapped[datetime]


class ReviewRemark(Keyed):
    """A remark on a paragraph of a file, or the answer to one.

    `anchor` is the hash of the paragraph (`catalogue.domain.translations`), `position` its index when the remark was
    written: an edited paragraph is searched near that index.
    """

    __tablename__ = "course_review_remark"
    __table_args__ = (
        CheckConstraint("(resolved_by IS NULL) = (resolved_at IS NULL)", "resolved_says_when"),
        Index(None, "course_id", "path"),
    )

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course_draft.course_id"))
    path: Mapped[str] = mapped_column(PATH)
    anchor: Mapped[str] = mapped_column(String(6))
    position: Mapped[int]
    answers_id: Mapped[UUID | None] = mapped_column(ForeignKey("course_review_remark.id"))
    body: Mapped[str] = mapped_column(Text)
    author_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]
    resolved_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    resolved_at: Mapped[datetime | None]


class FlaggedQuestions(Base):
    """How many questions of a published version have flags, as the job counted them; `item` is the most urgent one."""

    __tablename__ = "flagged_questions"
    __table_args__ = (CheckConstraint("(questions = 0) = (item = '')", "flagged_names_the_first"),)

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"), primary_key=True)
    version_id: Mapped[UUID] = mapped_column(ForeignKey("course_version.id"))
    questions: Mapped[int]
    item: Mapped[str] = mapped_column(String(24), default="")
    counted_at: Mapped[datetime]


class StoredResult(Base):
    """The counts of learners, lessons, cases and countries of a course, as the job counted them for its version."""

    __tablename__ = "stored_result"

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"), primary_key=True)
    version_id: Mapped[UUID] = mapped_column(ForeignKey("course_version.id"))
    counted_at: Mapped[datetime]
    left_out: Mapped[str] = mapped_column(String(64))  # SHA-256 over the ids of the people who do not count
    body: Mapped[str] = mapped_column(Text)  # queries.learner_figures.LearnerFigures as JSON


class JudgingPanel(Keyed):
    """A panel of judges for an item of a draft; `used_rate` is the pass value that its mean gave the item, if any."""

    __tablename__ = "judging_panel"
    __table_args__ = (
        CheckConstraint("used_rate IS NULL OR used_rate BETWEEN 0 AND 1", "used_rate_is_a_rate"),
        CheckConstraint("used_rate IS NULL OR closed_at IS NOT NULL", "used_is_closed"),
        CheckConstraint("(closed_by IS NULL) = (closed_at IS NULL)", "closed_says_when"),
        Index("uq_judging_panel_open", "course_id", "item", unique=True,
              sqlite_where=text("closed_at IS NULL"), postgresql_where=text("closed_at IS NULL")),
    )  # fmt: skip

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"))
    item: Mapped[str] = mapped_column(String(24))
    opened_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime]
    used_rate: Mapped[float | None]  # NULL: open, or closed without using the mean
    closed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    closed_at: Mapped[datetime | None]


class Judgement(Base):
    """The values of a judge in both rounds of a panel: the rate of just-competent officers who answer right."""

    __tablename__ = "judgement"
    __table_args__ = (
        CheckConstraint("first_rate IS NULL OR first_rate BETWEEN 0 AND 1", "first_rate_is_a_rate"),
        CheckConstraint("second_rate IS NULL OR second_rate BETWEEN 0 AND 1", "second_rate_is_a_rate"),
        CheckConstraint("second_rate IS NULL OR first_rate IS NOT NULL", "second_comes_after_first"),
        CheckConstraint("(first_rate IS NULL) = (judged_at IS NULL)", "judged_says_when"),
        Index(None, "person_id"),
    )

    panel_id: Mapped[UUID] = mapped_column(ForeignKey("judging_panel.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    first_rate: Mapped[float | None]
    second_rate: Mapped[float | None]
    judged_at: Mapped[datetime | None]  # the newest value
