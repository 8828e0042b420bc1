"""`/about/colep`: the initiative, its members, and the plan without figures; public."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from app.catalogue.domain.references.plan import Plan, PlanResult
from app.i18n.languages import country_name
from app.i18n.stored_translations import TranslatedText
from app.plan import labels
from app.plan.pages import overview
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanEntry:
    """A part of the plan: its code and title; `serves` are the codes above it that it contributes to."""

    code: str
    title: TranslatedText
    serves: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutColepPage(Page):
    """The network and its plan; everything that depends on the plan is empty before one was loaded."""

    template: ClassVar[str] = "plan/about_colep.html"
    since: int | None = None
    members: Sequence[str] = ()
    co_chairs: Sequence[str] = ()
    mailbox: str = ""
    is_illustrative: bool = False
    plan_title: str = ""
    objectives: Sequence[PlanEntry] = ()
    results: Sequence[PlanEntry] = ()
    needs: Sequence[PlanEntry] = ()
    outcomes: Sequence[PlanEntry] = ()
    outputs: Sequence[PlanEntry] = ()


def about_colep(plan: Plan | None) -> AboutColepPage:
    """Return the page with the newest plan, or without one."""
    if plan is None or plan.head is None:
        return AboutColepPage()
    head = plan.head
    return AboutColepPage(
        since=head.since,
        members=_names(head.members),
        co_chairs=_names(head.co_chairs),
        mailbox=head.secretariat.mailbox if head.secretariat else "",
        is_illustrative=bool(head.secretariat and head.secretariat.illustrative),
        plan_title=overview.title(plan),
        objectives=_entries(plan, plan.objective),
        results=_entries(plan, plan.expected_result),
        needs=_entries(plan, plan.need),
        outcomes=_entries(plan, plan.outcome),
        outputs=_entries(plan, plan.output),
    )


def _names(countries: Sequence[str]) -> list[str]:
    return [country_name(code) for code in labels.in_alphabet(countries)]


def _entries(plan: Plan, results: Sequence[PlanResult]) -> list[PlanEntry]:
    return [
        PlanEntry(code=result.id, title=labels.plan_title(plan, result.id), serves=_above(result)) for result in results
    ]


def _above(result: PlanResult) -> tuple[str, ...]:
    """Return the ids that a part of the plan serves directly: of an output its outcomes, and so on upwards."""
    return result.outcomes or result.needs or result.expected_results or result.objectives
