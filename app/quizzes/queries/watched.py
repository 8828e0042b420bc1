"""Read the answers of a watched attempt for those who mark them."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.catalogue.domain.items import Item
from app.catalogue.queries import courses as catalogue
from app.db.session import db
from app.quizzes.models import Attempt
from app.quizzes.queries import _slips, counted_saves


@dataclass(frozen=True, slots=True)
class WatchedAnswer:
    """An answer that counts: number and item of its question, and the answer as JSON values, None without one."""

    number: int
    item: Item
    body: object


def answers_of(attempt_id: UUID) -> list[WatchedAnswer]:
    """Return the answers that count of an attempt by its public id, in order; empty after its answers were deleted."""
    columns = (Attempt.id, Attempt.paper, Attempt.version_id, Attempt.language)
    row = db.session.execute(select(*columns).where(Attempt.public_id == attempt_id)).one()
    bank = catalogue.bank(row.version_id, row.language)
    saves = counted_saves(row.id)
    return [
        WatchedAnswer(number, bank[question.item].item, saves[number].body if number in saves else None)
        for number, question in enumerate(_slips(row.paper), 1)
    ]
