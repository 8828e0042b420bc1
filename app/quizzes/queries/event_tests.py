"""Read attempts at the tests of events for `workshops`: scores of ended attempts, and open ones."""

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import select

from app.db.session import db
from app.quizzes.models import Attempt


def scores(attempt_ids: Collection[UUID]) -> Mapping[UUID, float | None]:
    """Return the score (0 to 1) of each attempt by its public id, None while it is open."""
    query = select(Attempt.public_id, Attempt.share).where(Attempt.public_id.in_(attempt_ids))
    return {row[0]: row[1] for row in db.session.execute(query)}
