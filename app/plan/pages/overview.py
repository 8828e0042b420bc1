"""The plan on one page: what is late, outcomes, outputs, countries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from flask_babel import gettext as _

from app.catalogue.domain.references.plan import Plan, PlanResult
from app.plan import labels
from app.plan.domain.observations import ObservationState
from app.plan.pages import attention, lines, members
from app.plan.pages.filters import PlanFilter
from app.plan.pages.lines import History, IndicatorLine
from app.plan.shapes import Checked, Observed
from app.web.pages import Page
from app.web.table_files import Row

FIRST = 5  # late indicators before "see all"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoPlanPage(Page):
    """No plan is loaded yet."""

    template: ClassVar[str] = "plan/none.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecksPage(Page):
    """The result of the last check of the figures; `sentences` are for operators."""

    template: ClassVar[str] = "plan/checks.html"
    check: Checked | None
    sentences: Sequence[str]
    plan_href: str


def show(
    plan: Plan,
    indicator_lines: Sequence[IndicatorLine],
    history: History,
    asked: PlanFilter,
    *,
    opens_rows: bool,
    hands: Sequence[Observed],
    check: Checked | None,
) -> dict[str, Any]:
    """Return the page; `opens_rows`: the reader may open the records behind a number."""
    late = attention.rows(plan, indicator_lines, asked)
    beside = [attention.faults(check, asked), attention.waiting(_pending(hands), asked)]
    return {
        "lead": attention.lead(indicator_lines),
        "late": [*late, *(one for one in beside if one)],
        "first": FIRST,
        "outcomes": _groups(plan, plan.outcome, indicator_lines, asked, opens_rows),
        "outputs": _groups(plan, plan.output, indicator_lines, asked, opens_rows),
        "context": [
            lines.show(plan, line, asked, opens_rows=opens_rows)
            for line in indicator_lines
            if line.indicator.level == "context"
        ],
        "last_year": _last_year(plan),
        "tiles": members.tiles(plan, history, asked),
        "matrix": members.matrix(plan, history, asked),
        "pending": _pending(hands),
        "check": check,
    }


def table(plan: Plan, found: Sequence[IndicatorLine]) -> tuple[Row, list[Row]]:
    """Return the heads and rows of the file of all indicators."""
    return lines.table(plan, found)


def title(plan: Plan) -> str:
    """Return what the plan is called: by its years, in words, because a dash between numbers flips."""
    if plan.head is None:
        return _("Plan")
    return _("Plan %(first)s to %(last)s", first=plan.head.period.starts.year, last=plan.head.period.ends.year)


def _pending(hands: Sequence[Observed]) -> int:
    return sum(one.state is ObservationState.PENDING for one in hands)


def _last_year(plan: Plan) -> str:
    return str(plan.head.period.ends.year) if plan.head else ""


def _groups(
    plan: Plan,
    results: Sequence[PlanResult],
    indicator_lines: Sequence[IndicatorLine],
    asked: PlanFilter,
    opens_rows: bool,
) -> list[dict[str, Any]]:
    kind = "plan.outcome" if results is plan.outcome else "plan.output"
    return [
        {
            "code": result.id,
            "title": labels.said(plan, result.id),
            "href": asked.link(kind, code=result.id),
            "rows": [
                lines.show(plan, line, asked, opens_rows=opens_rows) for line in lines.of(indicator_lines, result.id)
            ],
        }
        for result in results
    ]
