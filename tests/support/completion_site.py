"""Requirements and officers for tests of completion: one course, two coordinators."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.access.policy import Actor, Role, Scope
from app.catalogue.shapes import Outline
from app.db.session import transaction
from app.kernel import clock
from app.learning.domain.completion import CompletionCounts
from app.learning.domain.requirements import NewRequirement
from app.learning.queries import completion
from app.learning.queries.completion import CellAxis
from app.learning.service import requirements
from tests.support import courses, factories
from tests.support.site_snapshots import kept


@dataclass(frozen=True, slots=True)
class CompletionSite:
    """A published course and two coordinators."""

    outline: Outline
    first: Actor
    second: Actor

    @property
    def course_id(self) -> UUID:
        """Return the id of the course."""
        return self.outline.course_id


@kept
def make() -> CompletionSite:
    """Publish a course and add two coordinators."""
    return CompletionSite(courses.publish().outline, coordinator(), coordinator())


def coordinator() -> Actor:
    """Add a coordinator."""
    person_id = factories.person(country="AT", roles=(), grants=((Role.COORDINATOR, Scope.ALL, ""),))
    return Actor(person_id, "AT", frozenset({Role.COORDINATOR}))


def require(site: CompletionSite, **fields: object) -> UUID:
    """Require the course, agreed by the second coordinator, and return the requirement."""
    values: dict[str, object] = {"starts": clock.today(), "due_days": 30} | fields
    with transaction():
        new = NewRequirement(**values)  # type: ignore[arg-type]
        requirement_id = requirements.draft(site.course_id, new, by=site.first, now=clock.now())
    with transaction():
        requirements.agree(requirement_id, by=site.second, now=clock.now())
    return requirement_id


def by_country(day: date) -> Mapping[str, CompletionCounts]:
    """Return the counters of a day by country."""
    return {cell.country: cell.counts for cell in completion.cells(day, by=[CellAxis.COUNTRY])}
