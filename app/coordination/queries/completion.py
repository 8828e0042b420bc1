"""Read cells of completion, countries that agreed to exact counts, views of small numbers, officers of a reader."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.coordination.domain.completion import CompletionColumns, CompletionRows, CompletionSource, filter_digest
from app.coordination.models import CompletionView
from app.db.session import db
from app.identity.queries import visible_identity
from app.learning.domain.completion import CompletionGroup
from app.learning.queries import completion, requirements
from app.learning.queries.completion import CellAxis
from app.learning.shapes import CompletionCell
from app.rights.queries import supervision

GROUPS = {
    CompletionSource.REQUIRED: (CompletionGroup.REQUIRED,),
    CompletionSource.ASKED: (CompletionGroup.ASKED,),
    CompletionSource.ALL: (),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletionFilter:
    """What a table of completion shows; `courses`: codes, all if empty; `country` and `role`: "" for all."""

    on: date
    courses: tuple[str, ...] = ()
    country: str = ""
    role: str = ""
    source: CompletionSource = CompletionSource.REQUIRED
    by: CompletionRows = CompletionRows.COUNTRY
    show: CompletionColumns = CompletionColumns.COUNTS

    @property
    def key(self) -> str:
        """Return the filter as a text that is the same for the same numbers, for the audit log."""
        parts = [f"on={self.on.isoformat()}", *(f"course={code}" for code in self.courses)]
        parts += [f"country={self.country}"] if self.country else []
        parts += [f"role={self.role}"] if self.role else []
        return " ".join([*parts, f"source={self.source}", f"by={self.by}", f"show={self.show}"])


def cells(chosen: CompletionFilter, ids: Collection[UUID]) -> list[CompletionCell]:
    """Return the cells of a filter by course and country, and by role for rows of roles, in one statement."""
    axes = {CellAxis.COURSE, CellAxis.COUNTRY}
    return completion.cells(
        chosen.on,
        by=axes | {CellAxis.ROLE} if chosen.by is CompletionRows.ROLE else axes,
        courses=ids,
        countries=[chosen.country] if chosen.country else (),
        roles=[chosen.role] if chosen.role else (),
        groups=GROUPS[chosen.source],
    )


def countries_with_exact_counts() -> frozenset[str]:
    """Return the members whose contact point agreed that coordinators see exact counts of completion."""
    return visible_identity.disclosure().exact_counts


def is_viewed(person_id: UUID, filters: str, today: date) -> bool:
    """Return whether the view of a person with this filter is recorded today."""
    row = (CompletionView.person_id == person_id, CompletionView.day == today)
    query = select(CompletionView.day).where(*row, CompletionView.filters == filter_digest(filters))
    return db.session.scalar(query) is not None


def required_in(country: str, today: date) -> frozenset[UUID]:
    """Return the courses that are required in a country on a day."""
    lines = requirements.lines(country=country, drafts=False)
    return frozenset(
        line.course_id for line in lines if line.starts <= today and (line.ends is None or today <= line.ends)
    )


def supervised(supervisor_id: UUID, today: date) -> list[UUID]:
    """Return the officers whom a person supervises today."""
    return list(db.session.scalars(supervision.officers_of(supervisor_id, today)))
