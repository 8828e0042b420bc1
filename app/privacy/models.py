"""Table of erasure requests."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.db.base import Base


class ErasureRequest(Base):
    """A person's request to be erased; the contact point of the country identifies the person and carries it out."""

    __tablename__ = "erasure_request"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    asked_at: Mapped[datetime]
