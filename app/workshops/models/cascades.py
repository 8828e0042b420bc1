"""Tables of cascade sessions: national sessions of verified trainers, their people and signed lists."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base, EncryptedText, Keyed
from app.workshops.domain.cascades import CascadeState, CountedBy


class CascadeSession(Keyed):
    """A national session that a verified trainer recorded. It is no event and verifies nothing."""

    __tablename__ = "cascade_session"
    __table_args__ = (
        CheckConstraint("people BETWEEN 1 AND 500", "people_are_possible"),
        CheckConstraint("minutes BETWEEN 15 AND 3000", "minutes_are_possible"),
        CheckConstraint("state <> 'withdrawn' OR reason <> ''", "withdrawn_says_why"),
        Index(None, "country", "day"),
        Index(None, "person_id"),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))  # the trainer
    country: Mapped[str] = mapped_column(ForeignKey("country.code"))
    day: Mapped[date]
    minutes: Mapped[int] = mapped_column(SmallInteger)
    competency: Mapped[str] = mapped_column(String(20))
    activity: Mapped[str] = mapped_column(String(20), default="")  # of the plan; empty: none
    counted_by: Mapped[CountedBy]
    people: Mapped[int] = mapped_column(SmallInteger)
    state: Mapped[CascadeState]
    reason: Mapped[str] = mapped_column(String(300), default="")  # of the last correction or of the withdrawal
    recorded_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class CascadeOfficer(Base):
    """An officer who took part in a cascade session."""

    __tablename__ = "cascade_officer"
    __table_args__ = (Index(None, "person_id"),)

    cascade_id: Mapped[UUID] = mapped_column(ForeignKey("cascade_session.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)


class CascadeList(Base):
    """The signed list of a cascade session: a PDF in base64, encrypted because it contains names."""

    __tablename__ = "cascade_list"

    cascade_id: Mapped[UUID] = mapped_column(ForeignKey("cascade_session.id"), primary_key=True)
    content: Mapped[str] = mapped_column(EncryptedText("cascade_list", "content"))
    sha256: Mapped[str] = mapped_column(String(64))
    added_at: Mapped[datetime]
