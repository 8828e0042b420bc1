"""Delete the answers of watched attempts of a person whose account is erased; results stay."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete, select

from app.db.session import db
from app.quizzes.models import AnswerSave, Attempt
from app.quizzes.service import store


def delete_answers(attempts: Collection[UUID]) -> None:
    """Delete the answers of these attempts by public id; of ended ones everything but the result."""
    row_ids = list(db.session.scalars(select(Attempt.id).where(Attempt.public_id.in_(attempts))))
    if row_ids:
        store.reduce(row_ids)
        db.session.execute(delete(AnswerSave).where(AnswerSave.attempt_id.in_(row_ids)))
