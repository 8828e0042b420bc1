"""An outcome or output on a page: its indicators, what feeds it, what it counts on, notes."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from app.catalogue.domain.references.plan import Activity, Plan, PlanResult
from app.i18n.babel import joined
from app.plan import labels
from app.plan.pages import lines
from app.plan.pages.filters import PlanFilter
from app.plan.pages.lines import IndicatorLine
from app.plan.shapes import Noted


def find(plan: Plan, code: str, *, outcome: bool) -> PlanResult | None:
    """Return the outcome or output of a code."""
    return next((one for one in (plan.outcome if outcome else plan.output) if one.id == code), None)


def show(
    plan: Plan,
    result: PlanResult,
    indicator_lines: Sequence[IndicatorLine],
    asked: PlanFilter,
    *,
    opens_rows: bool,
    notes: Sequence[Noted],
    aliases: Mapping[UUID, str],
) -> dict[str, Any]:
    """Return the page of an outcome or output."""
    outcome = result in plan.outcome
    return {
        "code": result.id,
        "is_outcome": outcome,
        "title": labels.said(plan, result.id),
        "body": labels.body(plan, result.id),
        "above": _above(plan, result, asked),
        "rows": [lines.show(plan, line, asked, opens_rows=opens_rows) for line in lines.of(indicator_lines, result.id)],
        "last_year": str(plan.head.period.ends.year) if plan.head else "",
        "outputs": _outputs(plan, result, asked) if outcome else [],
        "activities": _activities(plan, result),
        "assumptions": [labels.said(plan, assumption.id) for assumption in plan.assumption],
        "notes": [{"text": note.text, "by": aliases.get(note.written_by, ""), "at": note.written_at} for note in notes],
    }


def _outputs(plan: Plan, outcome: PlanResult, asked: PlanFilter) -> list[dict[str, Any]]:
    return [_link(plan, output, asked) for output in plan.output if outcome.id in output.outcomes]


def _activities(plan: Plan, result: PlanResult) -> list[dict[str, Any]]:
    return [_activity(plan, activity) for activity in plan.activity if result.id in activity.contributes_to]


def _above(plan: Plan, result: PlanResult, asked: PlanFilter) -> list[dict[str, Any]]:
    """Return what a result serves: outcomes above an output; needs and expected results above an outcome."""
    if result.outcomes:
        return [_link(plan, one, asked) for one in plan.outcome if one.id in result.outcomes]
    names = (*result.needs, *result.expected_results)
    return [{"code": name, "title": labels.said(plan, name), "href": ""} for name in names]


def _link(plan: Plan, result: PlanResult, asked: PlanFilter) -> dict[str, Any]:
    endpoint = "plan.outcome" if result in plan.outcome else "plan.output"
    return {"code": result.id, "title": labels.said(plan, result.id), "href": asked.link(endpoint, code=result.id)}


def _activity(plan: Plan, activity: Activity) -> dict[str, Any]:
    return {
        "code": activity.id,
        "title": labels.said(plan, activity.id),
        "lead": labels.part(plan, activity.id, "lead"),
        "quantity": activity.quantity,
        "when": _when(activity),
        "modules": joined(list(activity.modules)) if activity.modules else "",
    }


def _when(activity: Activity) -> str:
    starts, ends = activity.starts, activity.ends
    if not starts:
        return ""
    first = _quarter(starts)
    if not ends or ends == starts:
        return first
    return _("%(first)s to %(last)s", first=first, last=_quarter(ends))


def _quarter(code: str) -> str:
    year, _dash, number = str(code).partition("-Q")
    return _("Q%(n)s %(year)s", n=number, year=year)
