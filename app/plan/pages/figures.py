"""`/plan/figures`: view models of the list of figures entered by hand, of a figure, and of its form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from app.access.policy import Action, Actor, allows
from app.catalogue.domain.references.plan import Indicator, Plan
from app.i18n import babel
from app.i18n.languages import country_name
from app.i18n.stored_translations import TranslatedText
from app.plan import labels
from app.plan.domain.definitions import collected, is_entered, is_entered_by_countries
from app.plan.domain.entries import EntryRule, EntryUnit, entry_rule, is_large
from app.plan.domain.observations import OPEN, ObservationState
from app.plan.forms import FigureForm, FileForm, ReturnForm
from app.plan.queries import published
from app.plan.service.manual_figures import NewObservation
from app.plan.shapes import Observed
from app.web.pages import Page
from app.web.table_files import Row


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRow:
    """A figure entered by hand as a row of a table; `status` is the text of the state and its shape."""

    observed: Observed
    title: TranslatedText
    country: str
    number: str
    status: tuple[str, str]
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureCheck:
    """The effect of a figure; empty for an indicator that the plan does not have."""

    rule: str = ""
    effect: str = ""
    last: str = ""
    is_large: bool = False
    explanation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureDetails:
    """A figure with its author and approver, and the steps that the actor may take."""

    row: FigureRow
    entered_by: str
    decided_by: str
    writable: bool
    decides: bool
    waits_for_other: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresPage(Page):
    """The figures entered by hand, the newest first."""

    template: ClassVar[str] = "plan/figures.html"
    figures: Sequence[FigureRow]
    new_url: str
    links: Mapping[str, str]
    plan_href: str
    pages: Sequence[tuple[int, str, bool]]
    onward: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FigurePage(Page):
    """A figure entered by hand; `urls` are the addresses of the steps, `error` belongs to the document."""

    template: ClassVar[str] = "plan/figure.html"
    figure: FigureDetails
    check: FigureCheck
    form: ReturnForm
    file: FileForm
    error: str
    urls: Mapping[str, str]
    back: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureFormPage(Page):
    """The form for a figure; `check` is its effect once the user asked for it."""

    template: ClassVar[str] = "plan/figure_form.html"
    form: FigureForm
    url: str
    error: str
    check: FigureCheck | None
    submission: str
    back: str
    today: date


def state(value: ObservationState) -> tuple[str, str]:
    """Return a state in words, and its shape."""
    return {
        ObservationState.DRAFT: (_("Draft"), "here"),
        ObservationState.PENDING: (_("Waiting"), "wait"),
        ObservationState.RETURNED: (_("Returned"), "risk"),
        ObservationState.APPROVED: (_("Approved"), "good"),
    }[value]


def entered_by(plan: Plan, actor: Actor) -> list[Indicator]:
    """Return the indicators that the user may enter: those of the community as a whole only with the right to it."""
    enters_all = allows(actor, Action.DECIDE_FIGURE)
    return [
        indicator
        for indicator in plan.indicator
        if is_entered(indicator) and (enters_all or is_entered_by_countries(indicator))
    ]


def codes(plan: Plan, indicators: Sequence[Indicator]) -> list[tuple[str, str]]:
    """Return indicators with their titles, and whether they are entered only for the time being, to choose from."""
    return [(indicator.id, _choice(plan, indicator)) for indicator in indicators]


def _choice(plan: Plan, indicator: Indicator) -> str:
    title = f"{indicator.id} {labels.plan_title(plan, indicator.id).text}"
    remark = labels.interim(collected(indicator))
    return f"{title} ({remark})" if remark else title


def rules(indicators: Sequence[Indicator], code: str) -> list[tuple[str, str]]:
    """Return the rules of values by indicator: of the chosen indicator, or of all."""
    chosen = [indicator for indicator in indicators if indicator.id == code]
    return [(indicator.id, rule(entry_rule(indicator))) for indicator in chosen or indicators]


def rule(entry: EntryRule) -> str:
    """Return unit, range and effect of an indicator's values in words."""
    unit = {
        EntryUnit.POINTS: _("Points"),
        EntryUnit.TOPICS: _("Number of topics"),
        EntryUnit.NUMBER: _("Number"),
        EntryUnit.PERCENT: _("Percent"),
        EntryUnit.SCORE: _("Mean answer"),
    }[entry.unit]
    if entry.is_limited:
        span = _(
            "%(unit)s, %(least)s to %(most)s.",
            unit=unit,
            least=labels.number(entry.minimum),
            most=labels.number(entry.maximum),
        )
    else:
        span = _("%(unit)s, 0 or more.", unit=unit)
    effect = (
        _("The value counts as it is.")
        if entry.counts_from is None
        else _("From %(least)s on the country counts.", least=labels.number(entry.counts_from))
    )
    return f"{span} {effect}"


def check(plan: Plan, new: NewObservation | Observed, last: Observed | None) -> FigureCheck:
    """Return the effect of a figure, beside the rule and the last approved figure."""
    indicator = next((indicator for indicator in plan.indicator if indicator.id == new.code), None)
    if indicator is None:
        return FigureCheck(explanation=new.explanation)
    entry = entry_rule(indicator)
    value = labels.number(new.value)
    of = _("%(n)s of %(m)s", n=value, m=labels.number(entry.maximum)) if entry.is_limited else value
    before = "" if last is None else _("%(n)s on %(day)s", n=labels.number(last.value), day=babel.words(last.day))
    return FigureCheck(
        rule=rule(entry),
        effect=_("%(value)s: will count as %(counts)s.", value=of, counts=labels.number(entry.counts_as(new.value))),
        last=before,
        is_large=is_large(new.value, None if last is None else last.value),
        explanation=new.explanation,
    )


def countries(plan: Plan, actor: Actor) -> list[tuple[str, str]]:
    """Return the countries for which the user may enter a figure."""
    if allows(actor, Action.DECIDE_FIGURE):
        return [
            ("", _("The community as a whole")),
            *((code, country_name(code)) for code in labels.in_alphabet(published.members(plan))),
        ]
    return [(actor.country, country_name(actor.country))]


def listing(plan: Plan, observations: Sequence[Observed]) -> list[FigureRow]:
    """Return the figures as rows of a table."""
    return [_row(plan, observation) for observation in observations]


def details(plan: Plan, observation: Observed, aliases: Mapping[UUID, str], actor: Actor) -> FigureDetails:
    """Return a figure with the aliases of its author and approver, and the steps that the actor may take."""
    is_own = observation.entered_by == actor.id
    is_pending = observation.state is ObservationState.PENDING
    return FigureDetails(
        row=_row(plan, observation),
        entered_by=aliases.get(observation.entered_by, ""),
        decided_by=aliases.get(observation.decided_by, "") if observation.decided_by else "",
        writable=is_own and observation.state in OPEN,
        decides=is_pending and not is_own and allows(actor, Action.DECIDE_FIGURE),
        waits_for_other=is_pending and is_own,
    )


def table(rows: Sequence[FigureRow]) -> tuple[Row, list[Row]]:
    """Return the heads and rows of the file of figures."""
    heads = [_("Indicator"), _("Title"), _("Country"), _("On"), _("Figure"), _("Source"), _("State")]
    file_rows: list[Row] = []
    for row in rows:
        figure = row.observed
        file_rows.append(
            [figure.code, row.title.text, row.country, figure.day, figure.value, figure.source, row.status[0]]
        )
    return heads, file_rows


def _row(plan: Plan, observation: Observed) -> FigureRow:
    units = {indicator.id: indicator.unit for indicator in plan.indicator}
    return FigureRow(
        observed=observation,
        title=labels.plan_title(plan, observation.code),
        country=country_name(observation.country) if observation.country else _("The community as a whole"),
        number=labels.number(observation.value, units.get(observation.code, "count")),
        status=state(observation.state),
        href=url_for("plan.show_figure", observation_id=observation.id),
    )
