"""Use cases of the matrix: suggest a course to several officers, take untouched suggestions back, record a file."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.access.policy import Actor
from app.catalogue.shapes import Outline
from app.coordination.events import MatrixExported
from app.coordination.queries import matrix as queries
from app.db.session import record
from app.identity.queries.people import OfficerLine
from app.learning.domain import Suggester
from app.learning.queries import suggestions as learning_suggestions
from app.learning.service import suggestions
from app.learning.service.suggestions import NewSuggestion
from app.ports import ports


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkSuggestion:
    """A course for several officers of a country; `due_on` None: no day."""

    current: Outline
    by: Actor
    suggested_as: Suggester
    reason: str = ""
    due_on: date | None = None


def suggest(officers: Sequence[OfficerLine], new: BulkSuggestion, now: datetime) -> tuple[UUID | None, int]:
    """Suggest a course to the officers whom it fits; return one suggestion of the batch (None: none) and its size."""
    ids = [line.person_id for line in officers]
    left_out = queries.misfits(ids, new.current, new.by.id, now.date())
    # by id: two bulk suggestions lock the same officers in the same order
    reached = [person_id for person_id in sorted(set(ids) - left_out.keys()) if _suggest(person_id, new, now)]
    if not reached:
        return None, 0
    return learning_suggestions.live_id(reached[0], new.current.course_id), len(reached)


def take_back(suggestion_ids: Collection[UUID], now: datetime) -> int:
    """Withdraw the suggestions that are untouched; return their number."""
    return sum(suggestions.take_back_untouched(suggestion_id, now) for suggestion_id in sorted(suggestion_ids))


def record_export(actor: Actor, *, count: int, form: str, real_now: datetime) -> None:
    """Record a file of officers before it is sent; raise DomainError if it needs a second person."""
    ports().export_limit(actor, count, real_now)
    record(MatrixExported(country=actor.country, count=count, form=form))


def _suggest(person_id: UUID, new: BulkSuggestion, now: datetime) -> bool:
    suggestion = NewSuggestion(
        person_id=person_id,
        country=new.by.country,
        suggested_by=new.by.id,
        suggested_as=new.suggested_as,
        reason=new.reason,
        due_on=new.due_on,
    )
    return suggestions.suggest(suggestion, new.current, now)
