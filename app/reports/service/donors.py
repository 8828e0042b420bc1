"""Use cases of donors' lines: create and delete."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, select

from app.db.session import db, record
from app.kernel.errors import DomainError
from app.reports.domain.donors import NewDonorLine, check_line
from app.reports.events import DonorLineChanged
from app.reports.models import DonorLine


def create(line: NewDonorLine, *, indicators: Collection[str], now: datetime) -> UUID:
    """Create a line and return its id. Raises DomainError for an invalid value, or a code that exists."""
    check_line(line, indicators)
    same = select(DonorLine.id).where(DonorLine.donor == line.donor, DonorLine.code == line.code)
    if db.session.scalar(same) is not None:
        raise DomainError("This donor has a line with this code already.")
    row = DonorLine(id=uuid4(), donor=line.donor, code=line.code, wording=line.wording, indicator=line.indicator)
    db.session.add(row)
    record(DonorLineChanged(at=now, line_id=row.id, code=line.indicator, state="created"))
    return row.id


def remove(line_id: UUID, *, indicator: str, now: datetime) -> None:
    """Delete a line; do nothing if it is deleted already."""
    if db.session.scalars(delete(DonorLine).where(DonorLine.id == line_id).returning(DonorLine.id)).first():
        record(DonorLineChanged(at=now, line_id=line_id, code=indicator, state="deleted"))
