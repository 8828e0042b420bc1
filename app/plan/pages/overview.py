"""`/plan` (late indicators, outcomes, outputs, countries), its page without a plan, and `/plan/checks`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _

from app.access.policy import Action, Actor, CountryScope, allows, own_scope
from app.catalogue.domain.references.plan import Plan, PlanResult
from app.plan import labels
from app.plan.pages import attention, falls, lines, members, tables
from app.plan.pages.attention import AttentionRow, Waiting
from app.plan.pages.frame import Frame
from app.plan.pages.lines import History, IndicatorLine, IndicatorRow, PlanLink
from app.plan.pages.members import MemberTable
from app.plan.shapes import FigureCheckRun
from app.ports import PlanAttention
from app.web.pages import Page

FIRST = 5  # late indicators before "see all"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRows(PlanLink):
    """An outcome or output with its indicators."""

    rows: Sequence[IndicatorRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPage(Page):
    """The plan on one page. The addresses of pages that the actor may not open are empty; `first` rows are unfolded."""

    template: ClassVar[str] = "plan/plan.html"
    frame: Frame
    title: str
    lead: Sequence[str]
    late: Sequence[AttentionRow]
    attention_links: Sequence[tuple[str, str]]
    first: int = FIRST
    outcomes: Sequence[ResultRows]
    outputs: Sequence[ResultRows]
    context: Sequence[IndicatorRow]
    members: MemberTable
    notes: Sequence[str]
    pending: int
    check: FigureCheckRun | None
    compare_href: str
    links: Mapping[str, str]
    figures_href: str
    checks_href: str
    people_href: str
    completion_href: str
    targets_href: str
    needs_href: str
    periods_href: str
    reports_href: str
    sheets_href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoPlanPage(Page):
    """No plan is loaded yet."""

    template: ClassVar[str] = "plan/none.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecksPage(Page):
    """The result of the last check of the figures; `messages` are for operators."""

    template: ClassVar[str] = "plan/checks.html"
    check: FigureCheckRun | None
    messages: Sequence[str]
    plan_href: str


def show(
    frame: Frame,
    indicator_lines: Sequence[IndicatorLine],
    history: History,
    *,
    waiting: Waiting,
    check: FigureCheckRun | None,
    further: PlanAttention,
) -> PlanPage:
    """Return the page. `waiting` is what the actor may decide; `check` is the last check if the actor may see it.

    `further` are the rows of late work and actions.
    """
    plan, asked, actor = frame.plan, frame.asked, frame.actor
    scope = own_scope(actor)
    return PlanPage(
        frame=frame,
        title=title(plan),
        lead=attention.lead(indicator_lines),
        late=[
            *falls.rows(frame, indicator_lines, further),
            *attention.rows(plan, indicator_lines, asked, check, waits=waiting, further=further),
        ],
        attention_links=further.links,
        outcomes=_groups(frame, plan.outcome, "plan.outcome", indicator_lines),
        outputs=_groups(frame, plan.output, "plan.output", indicator_lines),
        context=lines.rows(frame, [line for line in indicator_lines if line.indicator.level == "context"]),
        members=members.members(plan, history, asked),
        notes=_notes(indicator_lines),
        pending=waiting.figures,
        check=check,
        compare_href=asked.link("plan.show_overview", **({} if asked.compare else {"compare": 1})),
        links={
            **asked.file_links("plan.show_overview"),
            "countries": asked.link("plan.countries_file", form="csv"),
            "capacity": asked.link("plan.capacity"),
        },
        figures_href=url_for("plan.show_manual_figures") if allows(actor, Action.ENTER_FIGURE, scope) else "",
        checks_href=asked.link("plan.checks") if allows(actor, Action.SEE_CHECKS) else "",
        people_href=url_for("directory.show_people") if allows(actor, Action.SEE_PEOPLE, scope) else "",
        completion_href=url_for("coordination.show_completion") if allows(actor, Action.SEE_COMPLETION) else "",
        targets_href=_targets_href(actor),
        needs_href=_needs_href(actor, asked.own_country),
        periods_href=_periods_href(actor),
        reports_href=_reports_href(actor),
        sheets_href=_sheets_href(actor),
    )


def _targets_href(actor: Actor) -> str:
    return url_for("plan.show_targets") if allows(actor, Action.SET_TARGET) else ""


def _needs_href(actor: Actor, own_country: str) -> str:
    enters = allows(actor, Action.ENTER_PLANNED_NEED, CountryScope(own_country))
    return url_for("plan.show_needs", country=own_country) if enters else ""


def _reports_href(actor: Actor) -> str:
    return url_for("reports.show_reports") if allows(actor, Action.SEE_REPORTS) else ""


def _sheets_href(actor: Actor) -> str:
    return url_for("plan.show_value_sheets") if allows(actor, Action.SEND_VALUE_SHEET, own_scope(actor)) else ""


def _periods_href(actor: Actor) -> str:
    return url_for("plan.show_periods") if allows(actor, Action.LOCK_PERIOD) else ""


def _notes(indicator_lines: Sequence[IndicatorLine]) -> list[str]:
    """Return which countries are left out of figures of the page."""
    without = {country for line in indicator_lines for country in line.now.without}
    return [tables.without_text(without)] if without else []


def title(plan: Plan) -> str:
    """Return the title with the years of the plan, in words: a dash between numbers changes its place in Arabic."""
    if plan.head is None:
        return _("Plan")
    return _("Plan %(first)s to %(last)s", first=plan.head.period.starts.year, last=plan.head.period.ends.year)


def _groups(
    frame: Frame, results: Sequence[PlanResult], endpoint: str, indicator_lines: Sequence[IndicatorLine]
) -> list[ResultRows]:
    return [
        ResultRows(
            code=result.id,
            title=labels.plan_title(frame.plan, result.id),
            href=frame.asked.link(endpoint, code=result.id),
            rows=lines.rows(frame, lines.indicators_of(indicator_lines, result.id)),
        )
        for result in results
    ]
