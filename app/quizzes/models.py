"""Tables: attempts, saves, scores and their corrections, practice, peer marking, counts for the rate limit."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Keyed, Numbered
from app.quizzes.domain.attempts import AttemptState, Purpose
from app.quizzes.domain.peer_marking import LONGEST_COMMENT, MARKINGS


class Attempt(Numbered):
    """An attempt. Its texts are fixed: those of an immutable course version, in the language in which it began.

    24 months after its plan period (`catalogue.domain.retention`) only the result of an ended attempt remains: saves
    and scores are deleted, `paper` is empty, `seed` 0, `deadline_at` NULL. An open attempt loses the saves of that
    time, too.
    """

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("person_id", "course_id", "purpose", "number"),
        CheckConstraint("(state = 'open') = (ended_at IS NULL)", "ended_says_when"),
        CheckConstraint(
            "(state = 'open') = (share IS NULL) AND (state = 'open') = (passed IS NULL)", "ended_is_marked"
        ),
        CheckConstraint("share IS NULL OR share BETWEEN 0 AND 1", "share_is_a_share"),
        CheckConstraint("number > 0", "number_counts_from_one"),
        Index("uq_attempt_open", "person_id", "course_id", "purpose", unique=True,
              sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'")),
        Index("ix_attempt_open_deadline", "deadline_at",
              sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'")),
        Index(None, "course_id", "ended_at"),
    )  # fmt: skip

    public_id: Mapped[UUID] = mapped_column(unique=True, default=uuid4)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"))
    version_id: Mapped[UUID] = mapped_column(ForeignKey("course_version.id"))
    purpose: Mapped[Purpose]
    number: Mapped[int] = mapped_column(SmallInteger)
    language: Mapped[str] = mapped_column(String(12))
    seed: Mapped[int] = mapped_column(BigInteger)
    paper: Mapped[str] = mapped_column(
        Text
    )  # domain.selection.StoredQuestion as JSON: items and the order of their options
    pass_mark: Mapped[float]
    state: Mapped[AttemptState]
    started_at: Mapped[datetime]
    deadline_at: Mapped[datetime | None]  # NULL: no limit of time
    ended_at: Mapped[datetime | None]
    share: Mapped[float | None]
    passed: Mapped[bool | None]


class PracticeSitting(Base):
    """What a practice sitting asked about, and for which competencies it counts as a review; both as JSON lists."""

    __tablename__ = "practice_sitting"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    asked: Mapped[str] = mapped_column(Text)
    counted: Mapped[str] = mapped_column(Text)


class AnswerSave(Base):
    """A saved answer; of the saves in time, the highest sequence of a question counts, whenever it arrived."""

    __tablename__ = "answer_save"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    question: Mapped[int] = mapped_column(SmallInteger, primary_key=True)  # place on the paper, from 1
    sequence: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    body: Mapped[str] = mapped_column(Text)  # domain.answers.Answer as JSON; "null": taken back
    certainty: Mapped[int | None] = mapped_column(SmallInteger)  # NULL: not said
    marked: Mapped[bool] = mapped_column(default=False)  # "come back to this"
    arrived_at: Mapped[datetime]
    late: Mapped[bool] = mapped_column(default=False)  # after the end: kept, never counted
    locked: Mapped[bool] = mapped_column(default=False)  # its feedback was shown: no later save counts


class SaveCount(Base):
    """Number of saves and practice answers that a person sent within a minute, for the rate limit."""

    __tablename__ = "save_count"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    minute: Mapped[int] = mapped_column(BigInteger)  # minutes since 1970-01-01 UTC, by the machine's clock
    count: Mapped[int]


class QuestionMark(Base):
    """The score of a question of an ended attempt, by item and revision."""

    __tablename__ = "question_mark"
    __table_args__ = (
        CheckConstraint("share BETWEEN 0 AND 1", "share_is_a_share"),
        Index(None, "item", "revision"),
    )

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    question: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    item: Mapped[str] = mapped_column(String(24))
    revision: Mapped[int] = mapped_column(SmallInteger)
    competency: Mapped[str] = mapped_column(String(20))
    share: Mapped[float]


class PracticeAnswer(Numbered):
    """An answer to a practice question in a lesson: never counted, stored so that the page can show it again."""

    __tablename__ = "practice_answer"
    __table_args__ = (UniqueConstraint("person_id", "press"), Index(None, "person_id", "course_id", "item"))

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"))
    item: Mapped[str] = mapped_column(String(24))
    press: Mapped[str] = mapped_column(String(32))  # the form's own key: a second press is the first one
    body: Mapped[str] = mapped_column(Text)
    share: Mapped[float]
    answered_at: Mapped[datetime]


class PeerRequest(Keyed):
    """An open answer that its writer asks two colleagues to mark: a copy of the text and of the ticked criteria.

    One that was withdrawn has no text any more; its row counts for the limit of a day.
    """

    __tablename__ = "peer_request"
    __table_args__ = (
        CheckConstraint("withdrawn_at IS NULL OR body = ''", "withdrawn_has_no_text"),
        Index(None, "person_id", "course_id", "item"),
        Index(None, "course_id", "asked_at"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"))
    version_id: Mapped[UUID] = mapped_column(ForeignKey("course_version.id"))
    lesson: Mapped[str] = mapped_column(String(100))
    item: Mapped[str] = mapped_column(String(24))
    body: Mapped[str] = mapped_column(Text)
    earned: Mapped[str] = mapped_column(Text)  # positions of criteria as JSON
    answered_at: Mapped[datetime]
    asked_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class PeerMarking(Keyed):
    """A colleague who reads an answer (`marked_at` NULL) or has marked it; each takes one of the two positions.

    A reading that is a day old is deleted, and its position is free. `reported_at`: the writer reported the comment,
    which is hidden since then.
    """

    __tablename__ = "peer_marking"
    __table_args__ = (
        UniqueConstraint("request_id", "position"),
        UniqueConstraint("request_id", "person_id"),
        CheckConstraint(f"position BETWEEN 1 AND {MARKINGS}", "position_is_one_of_two"),
        CheckConstraint("marked_at IS NOT NULL OR (comment = '' AND reported_at IS NULL)", "comment_is_marked"),
        Index(None, "person_id", "drawn_at"),
    )

    request_id: Mapped[UUID] = mapped_column(ForeignKey("peer_request.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    position: Mapped[int] = mapped_column(SmallInteger)
    drawn_at: Mapped[datetime]
    marked_at: Mapped[datetime | None]
    earned: Mapped[str] = mapped_column(Text, default="[]")  # positions of criteria as JSON
    comment: Mapped[str] = mapped_column(String(LONGEST_COMMENT), default="")
    reported_at: Mapped[datetime | None]


class KeyCorrection(Base):
    """A question of a version whose key a later version corrected; `done_at`: its ended attempts are graded again."""

    __tablename__ = "key_correction"

    version_id: Mapped[UUID] = mapped_column(ForeignKey("course_version.id"), primary_key=True)
    item: Mapped[str] = mapped_column(String(24), primary_key=True)
    by_version_id: Mapped[UUID] = mapped_column(ForeignKey("course_version.id"))
    noted_at: Mapped[datetime]
    done_at: Mapped[datetime | None]  # NULL: attempts wait


class Regrade(Base):
    """A score that a corrected key changed. `number` counts the corrections of an attempt from 1."""

    __tablename__ = "regrade"
    __table_args__ = (
        CheckConstraint("share_before BETWEEN 0 AND 1 AND share_after BETWEEN 0 AND 1", "shares_are_shares"),
    )

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), primary_key=True)
    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    question: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    by_version_id: Mapped[UUID] = mapped_column(ForeignKey("course_version.id"))
    share_before: Mapped[float]
    share_after: Mapped[float]
    at: Mapped[datetime]


class CourseStatistic(Base):
    """The statistics of the first answers in a course, as the job counted them for its published version."""

    __tablename__ = "course_statistic"

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"), primary_key=True)
    version_id: Mapped[UUID] = mapped_column(ForeignKey("course_version.id"))
    counted_at: Mapped[datetime]
    body: Mapped[str] = mapped_column(Text)  # shapes.CourseStatistics as JSON


class CourseSum(Base):
    """Sums over the first attempts in a course that were counted, to which the job adds the new ones."""

    __tablename__ = "course_sum"

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"), primary_key=True)
    counted_at: Mapped[datetime]
    left_out: Mapped[str] = mapped_column(String(64))  # SHA-256 over the ids of the people who do not count
    body: Mapped[str] = mapped_column(Text)  # domain.answer_sums.CourseSums as JSON


class UncountedAttempt(Numbered):
    """A first attempt that the sums of its course lack, or (`was_counted`) whose scores are no longer those counted.

    It is stored in the transaction that ended, regraded or reduced the attempt.
    """

    __tablename__ = "uncounted_attempt"
    __table_args__ = (Index(None, "course_id"), Index(None, "attempt_id"))

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"))
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    was_counted: Mapped[bool]


class RateBefore(Base):
    """The mean score of the answers to a revision of an item before the course, as the job counted them."""

    __tablename__ = "rate_before"
    __table_args__ = (CheckConstraint("share BETWEEN 0 AND 1", "share_is_a_share"),)

    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"), primary_key=True)
    item: Mapped[str] = mapped_column(String(24), primary_key=True)
    revision: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    n: Mapped[int]
    share: Mapped[float]
