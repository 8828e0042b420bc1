"""Tables of the playthroughs of cases and of each choice in them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, Keyed


class Playthrough(Keyed):
    """One playthrough of a case; `share` is the mean of its ratings when finished.

    Its choices are deleted 24 months after its plan's period (`catalogue.domain.retention`); the result of a finished
    one remains.
    """

    __tablename__ = "playthrough"
    __table_args__ = (
        UniqueConstraint("person_id", "course_id", "name", "number"),
        CheckConstraint("(finished_at IS NULL) = (share IS NULL)", "finished_is_marked"),
        CheckConstraint("share IS NULL OR share BETWEEN 0 AND 1", "share_is_a_share"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    course_id: Mapped[UUID] = mapped_column(ForeignKey("course.id"))
    version_id: Mapped[UUID] = mapped_column(ForeignKey("course_version.id"))
    name: Mapped[str] = mapped_column(String(100))
    number: Mapped[int] = mapped_column(SmallInteger)
    language: Mapped[str] = mapped_column(String(12))
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]  # NULL: still under way
    share: Mapped[float | None]
    misses: Mapped[int] = mapped_column(SmallInteger, default=0)
    false_alarms: Mapped[int] = mapped_column(SmallInteger, default=0)


class Choice(Base):
    """One choice: the node, and the index (from 0) of the chosen move in the source."""

    __tablename__ = "case_choice"

    playthrough_id: Mapped[UUID] = mapped_column(ForeignKey("playthrough.id"), primary_key=True)
    step: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    node: Mapped[str] = mapped_column(String(40))
    move: Mapped[int] = mapped_column(SmallInteger)
    chosen_at: Mapped[datetime]
