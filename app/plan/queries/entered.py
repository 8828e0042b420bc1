"""Read the figures entered by hand within a period, without their values."""

from datetime import date

from sqlalchemy import select

from app.db.session import db
from app.plan.domain.missing import EnteredFigure
from app.plan.models import Observation


def entered(first: date, last: date) -> list[EnteredFigure]:
    """Return the figures entered by hand for days from the first to the last."""
    query = select(Observation.code, Observation.country, Observation.day, Observation.state)
    return [EnteredFigure(*row) for row in db.session.execute(query.where(Observation.day.between(first, last)))]
