"""Tables: watched sittings with seats and work, requests for a check, products and markings, surprise draws."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.catalogue.domain.items import Level
from app.checks.domain.products import COMMENT_LIMIT, MarkingPart, ProductState
from app.checks.domain.requests import REASON_LIMIT, CheckRequestState
from app.checks.domain.sittings import NOTE_LIMIT, PLACE_LIMIT, SeatState, SittingState, Way, WorkState
from app.checks.domain.surprise import PickState
from app.db.base import Base, Keyed, Numbered, Serial, text_enum

LEVEL = text_enum(Level, "checklevel")


class Sitting(Keyed):
    """A watched sitting of officers of a country, of one agency if it is set.

    `code` opens it on the officers' devices. A sitting for one officer (`is_group` false) is for the seats that were
    planned; in a group, an officer of the country or agency may also take a seat with the code.
    """

    __tablename__ = "sitting"
    __table_args__ = (
        CheckConstraint("(state IN ('planned', 'cancelled')) = (opened_at IS NULL)", "opened_says_when"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", "closed_says_when"),
        Index(None, "country", "planned_for"),
        Index(None, "state", "planned_for"),
    )

    code: Mapped[str] = mapped_column(String(12), unique=True)
    country: Mapped[str] = mapped_column(String(2))
    agency_id: Mapped[UUID | None] = mapped_column(ForeignKey("agency.id"))
    place: Mapped[str] = mapped_column(String(PLACE_LIMIT), default="")
    is_group: Mapped[bool] = mapped_column(default=True)
    planned_for: Mapped[datetime]
    state: Mapped[SittingState] = mapped_column(text_enum(SittingState, "sittingstate"))
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    created_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    created_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(String(NOTE_LIMIT), default="")  # of who closed or cancelled it, or ""
    submission: Mapped[str | None] = mapped_column(String(64), unique=True)  # of the form that created it


class SittingTask(Base):
    """A competency at a level that a sitting checks, and how; `task` is a desk task of the course, "" for questions."""

    __tablename__ = "sitting_task"
    __table_args__ = (
        CheckConstraint("(way = 'desk_task') = (task <> '')", "desk_task_is_named"),
        UniqueConstraint("sitting_id", "competency", "level"),
    )

    sitting_id: Mapped[UUID] = mapped_column(ForeignKey("sitting.id"), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    competency: Mapped[str] = mapped_column(String(20))
    level: Mapped[Level] = mapped_column(LEVEL)
    way: Mapped[Way] = mapped_column(text_enum(Way, "checkway"))
    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"))
    task: Mapped[str] = mapped_column(String(24), default="")
    minutes: Mapped[int] = mapped_column(SmallInteger)


class SittingInvigilator(Base):
    """A person who watches a sitting; the first one opened it."""

    __tablename__ = "sitting_invigilator"
    __table_args__ = (Index(None, "person_id"),)

    sitting_id: Mapped[UUID] = mapped_column(ForeignKey("sitting.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    added_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    added_at: Mapped[datetime]


class SittingInterruption(Numbered):
    """A time in which a sitting was interrupted; `ended_at` is NULL while it lasts."""

    __tablename__ = "sitting_interruption"
    __table_args__ = (Index(None, "sitting_id"),)

    sitting_id: Mapped[UUID] = mapped_column(ForeignKey("sitting.id"))
    began_at: Mapped[datetime]
    began_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    ended_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(NOTE_LIMIT))


class SittingSeat(Keyed):
    """The seat of an officer. Only the sign-in session `session_id` may open the work; NULL: none may.

    `moves` counts how often an invigilator confirmed the officer on another device.
    """

    __tablename__ = "sitting_seat"
    __table_args__ = (
        UniqueConstraint("sitting_id", "person_id"),
        CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", "confirmed_says_when"),
        CheckConstraint("confirmed_by IS NULL OR confirmed_by <> person_id", "another_person_confirms"),
        Index(None, "person_id"),
    )

    sitting_id: Mapped[UUID] = mapped_column(ForeignKey("sitting.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    state: Mapped[SeatState] = mapped_column(text_enum(SeatState, "seatstate"))
    is_surprise: Mapped[bool] = mapped_column(default=False)
    arrived_at: Mapped[datetime | None]
    is_late: Mapped[bool] = mapped_column(default=False)
    confirmed_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None]
    session_id: Mapped[str | None] = mapped_column(String(64))  # a digest of the sign-in session
    browser_id: Mapped[str | None] = mapped_column(String(64))  # a digest; two seats of one browser at once are shown
    moves: Mapped[int] = mapped_column(SmallInteger, default=0)
    device_refused_at: Mapped[datetime | None]  # the last time that the officer entered the code on a second device
    finished_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(String(NOTE_LIMIT), default="")


class SeatWork(Keyed):
    """The work of a seat on a task of its sitting: an attempt with purpose WATCHED."""

    __tablename__ = "seat_work"
    __table_args__ = (
        UniqueConstraint("seat_id", "position"),
        CheckConstraint("(state = 'waiting') = (attempt_id IS NULL) OR state = 'void'", "begun_has_an_attempt"),
    )

    seat_id: Mapped[UUID] = mapped_column(ForeignKey("sitting_seat.id"))
    position: Mapped[int] = mapped_column(SmallInteger)  # of the task in the sitting
    state: Mapped[WorkState] = mapped_column(text_enum(WorkState, "workstate"))
    attempt_id: Mapped[UUID | None] = mapped_column(unique=True)  # attempt.public_id
    began_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class CheckRequest(Keyed):
    """An officer asks the contact point for a check of a competency at a level."""

    __tablename__ = "check_request"
    __table_args__ = (
        CheckConstraint("state <> 'declined' OR reason <> ''", "declined_says_why"),
        Index(None, "country", "state"),
        Index(None, "person_id"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    country: Mapped[str] = mapped_column(String(2))
    competency: Mapped[str] = mapped_column(String(20))
    level: Mapped[Level] = mapped_column(LEVEL)
    state: Mapped[CheckRequestState] = mapped_column(text_enum(CheckRequestState, "checkrequeststate"))
    asked_at: Mapped[datetime]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(REASON_LIMIT), default="")
    sitting_id: Mapped[UUID | None] = mapped_column(ForeignKey("sitting.id"))


class Product(Keyed):
    """What an officer produced for a desk task. Markers see `number` alone, never the officer, agency or country.

    `country` and `agency_id` are those of the officer on the day of the sitting; they choose who may mark.
    """

    __tablename__ = "product"
    __table_args__ = (
        UniqueConstraint("seat_id", "position"),
        CheckConstraint("share IS NULL OR share BETWEEN 0 AND 1", "share_is_a_share"),
        CheckConstraint("(state = 'marked') = (marked_at IS NOT NULL)", "marked_says_when"),
        Index(None, "state", "wanted_by"),
    )

    seat_id: Mapped[UUID] = mapped_column(ForeignKey("sitting_seat.id"))
    position: Mapped[int] = mapped_column(SmallInteger)  # of the task in the sitting
    number: Mapped[int] = mapped_column(unique=True)  # random, 5 to 6 digits
    competency: Mapped[str] = mapped_column(String(20))
    level: Mapped[Level] = mapped_column(LEVEL)
    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"))
    version_id: Mapped[UUID] = mapped_column(ForeignKey("course_version.id"))
    task: Mapped[str] = mapped_column(String(24))
    language: Mapped[str] = mapped_column(String(12))
    attempt_id: Mapped[UUID] = mapped_column(unique=True)  # attempt.public_id
    country: Mapped[str] = mapped_column(String(2))
    agency_id: Mapped[UUID | None] = mapped_column(ForeignKey("agency.id"))
    sat_on: Mapped[date]
    submitted_at: Mapped[datetime]
    wanted_by: Mapped[date]
    state: Mapped[ProductState] = mapped_column(text_enum(ProductState, "productstate"))
    share: Mapped[float | None]
    marked_at: Mapped[datetime | None]


class Marking(Keyed):
    """The scores that an assessor gives a product; `scores` is a JSON object of scores by criterion, "" until then."""

    __tablename__ = "marking"
    __table_args__ = (
        UniqueConstraint("product_id", "marker_id"),
        UniqueConstraint("product_id", "part"),
        CheckConstraint("(submitted_at IS NULL) OR scores <> ''", "submitted_has_scores"),
        Index(None, "marker_id", "submitted_at"),
    )

    product_id: Mapped[UUID] = mapped_column(ForeignKey("product.id"))
    marker_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    part: Mapped[MarkingPart] = mapped_column(text_enum(MarkingPart, "markingpart"))
    country: Mapped[str] = mapped_column(String(2))  # of the marker
    agency_id: Mapped[UUID | None] = mapped_column(ForeignKey("agency.id"))
    taken_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    scores: Mapped[str] = mapped_column(Text, default="")
    comment: Mapped[str] = mapped_column(String(COMMENT_LIMIT), default="")  # to the officer
    evidence_id: Mapped[int | None] = mapped_column(Serial, ForeignKey("evidence.id"))


class MarkingComment(Keyed):
    """A comment of the shared bank for products of a rubric."""

    __tablename__ = "marking_comment"
    __table_args__ = (Index(None, "rubric"),)

    rubric: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(String(COMMENT_LIMIT))
    written_by: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    written_at: Mapped[datetime]


class Calibration(Keyed):
    """The scores of an assessor for the calibration case of a rubric; `passed` allows marking by this rubric."""

    __tablename__ = "calibration"
    __table_args__ = (Index(None, "person_id", "rubric"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    rubric: Mapped[str] = mapped_column(String(40))
    scores: Mapped[str] = mapped_column(Text)
    passed: Mapped[bool]
    done_at: Mapped[datetime]


class SurpriseDraw(Keyed):
    """The draw of a quarter for a competency; the same seed and pool draw the same officers."""

    __tablename__ = "surprise_draw"
    __table_args__ = (UniqueConstraint("quarter", "competency"),)

    quarter: Mapped[str] = mapped_column(String(7))  # "2026-Q4"
    competency: Mapped[str] = mapped_column(String(20))
    seed: Mapped[int] = mapped_column(BigInteger)
    pool: Mapped[int]  # number of officers from whom it was drawn
    drawn_at: Mapped[datetime]


class SurprisePick(Base):
    """An officer of a surprise draw."""

    __tablename__ = "surprise_pick"
    __table_args__ = (Index(None, "person_id"),)

    draw_id: Mapped[UUID] = mapped_column(ForeignKey("surprise_draw.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    level: Mapped[Level] = mapped_column(LEVEL)
    country: Mapped[str] = mapped_column(String(2))
    state: Mapped[PickState] = mapped_column(text_enum(PickState, "pickstate"))
    sitting_id: Mapped[UUID | None] = mapped_column(ForeignKey("sitting.id"))
    reason: Mapped[str] = mapped_column(String(REASON_LIMIT), default="")


class EvidenceWatcher(Base):
    """A person who watched, or marked, what became a piece of evidence.

    `in_own_chain`: of the officer's own agency on that day, or a supervisor of the officer.
    """

    __tablename__ = "evidence_watcher"
    __table_args__ = (Index(None, "person_id"),)

    evidence_id: Mapped[int] = mapped_column(Serial, ForeignKey("evidence.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    in_own_chain: Mapped[bool]
