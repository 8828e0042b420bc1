"""Read lines of donors."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from app.access.policy import Action, Actor, allows
from app.db.session import db
from app.reports.models import DonorLine
from app.reports.shapes import DonorLineFacts

MOST = 500
_COLUMNS = (DonorLine.id, DonorLine.donor, DonorLine.code, DonorLine.wording, DonorLine.indicator)


def lines(donor: str = "") -> list[DonorLineFacts]:
    """Return the lines of a donor, or of all, by donor and code."""
    query = select(*_COLUMNS).order_by(DonorLine.donor, DonorLine.code).limit(MOST)
    if donor:
        query = query.where(DonorLine.donor == donor)
    return [DonorLineFacts(**row) for row in db.session.execute(query).mappings()]


def donors() -> list[str]:
    """Return the donors with a line, by name."""
    return list(db.session.scalars(select(DonorLine.donor).distinct().order_by(DonorLine.donor)))


def visible(actor: Actor, line_id: UUID) -> DonorLineFacts:
    """Return a line for a coordinator, or raise NoResultFound."""
    row = db.session.execute(select(*_COLUMNS).where(DonorLine.id == line_id)).mappings().one_or_none()
    if row is None or not allows(actor, Action.MAKE_REPORT):
        raise NoResultFound
    return DonorLineFacts(**row)
