"""The head that the pages of the plan share: plan version, filter, user, and the form for another day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.access.policy import Action, Actor, allows, own_scope
from app.catalogue.domain.references.plan import Plan
from app.plan.pages.filters import PlanFilter


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A version of the plan, the filter and the user; `hidden_fields` are other values of the form for another day.

    `is_final`: the day ends a locked quarter; None for a day that ends no quarter.
    """

    plan: Plan
    version: int
    asked: PlanFilter
    actor: Actor
    days: Sequence[tuple[str, str, bool]]
    hidden_fields: Mapping[str, str]
    path: str
    plan_href: str
    is_final: bool | None = None

    @property
    def opens_rows(self) -> bool:
        """Return whether the user may open the records behind a number."""
        return allows(self.actor, Action.SEE_ROWS, own_scope(self.actor))

    @property
    def last_year(self) -> str:
        """Return the last year of the plan, or "" for a plan without a head."""
        return str(self.plan.head.period.ends.year) if self.plan.head else ""
