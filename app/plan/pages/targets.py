"""`/plan/edit`: the targets of an outcome or output in a period, by indicator and country, with the sums beside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _

from app.catalogue.domain.references.plan import Indicator, IndicatorTarget, Plan
from app.i18n import babel
from app.i18n.languages import country_name
from app.i18n.stored_translations import TranslatedText
from app.plan import labels
from app.plan.domain import targets as rules
from app.plan.domain.targets import TargetCell, TargetPeriod, TargetState
from app.plan.queries import published
from app.plan.shapes import TargetVersion
from app.web.pages import Page

Versions = Mapping[TargetCell, Sequence[TargetVersion]]  # the newest first


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetColumn:
    """An indicator as a column; `sum_text` compares the sum of the countries with the community's target."""

    code: str
    title: TranslatedText
    href: str
    sum_text: str
    split_href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetCellText:
    """The target of a cell; `open_text` is a version that is not in effect. No `href`: none can be set."""

    text: str
    open_text: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetRow:
    """A country, or the community, with a cell for each indicator."""

    name: str
    cells: Sequence[TargetCellText]


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetsPage(Page):
    """The targets of an outcome or output in a year or quarter."""

    template: ClassVar[str] = "plan/targets.html"
    result: TranslatedText
    results: Sequence[tuple[str, str]]
    periods: Sequence[tuple[str, str]]
    chosen: tuple[str, str]  # outcome or output, period
    columns: Sequence[TargetColumn]
    rows: Sequence[TargetRow]
    plan_href: str


def targets_page(plan: Plan, result: str, period: TargetPeriod, versions: Versions, today: date) -> TargetsPage:
    """Return the page; `plan` has the agreed targets that are in effect today."""
    indicators = [indicator for indicator in plan.indicator if indicator.result == result]
    countries = labels.in_alphabet(published.members(plan))
    return TargetsPage(
        result=labels.plan_title(plan, result),
        results=_result_choices(plan),
        periods=_period_choices(plan),
        chosen=(result, str(period)),
        columns=[_column(plan, indicator, period) for indicator in indicators],
        rows=[
            TargetRow(
                name=country_text(country),
                cells=[_cell(indicator, country, period, versions, today) for indicator in indicators],
            )
            for country in ("", *countries)
        ],
        plan_href=url_for("plan.show_overview"),
    )


def _result_choices(plan: Plan) -> list[tuple[str, str]]:
    return [(name, f"{name} {labels.plan_title(plan, name).text}") for name in results(plan)]


def _period_choices(plan: Plan) -> list[tuple[str, str]]:
    return [(str(due), labels.period(due)) for due in rules.periods(plan)]


def results(plan: Plan) -> list[str]:
    """Return the codes of the outcomes and outputs."""
    return [result.id for result in (*plan.outcome, *plan.output)]


def target_of(indicator: Indicator, country: str, period: TargetPeriod) -> IndicatorTarget | None:
    """Return the target of a cell, None if there is none."""
    cell = (period, country)
    return next((target for target in indicator.targets if (rules.period(target), target.country or "") == cell), None)


def can_split(indicator: Indicator) -> bool:
    """Return whether the community's target may be split by need: of a number of officers."""
    return rules.is_summed(indicator) and published.about_officers(indicator)


def sum_text(indicator: Indicator, period: TargetPeriod, parts: Mapping[str, float]) -> str:
    """Return the sum of the countries beside the community's target."""
    whole = target_of(indicator, "", period)
    total = labels.number(sum(parts.values()))
    if whole is None:
        return _("Sum of countries %(n)s", n=total)
    return _("Sum of countries %(n)s of %(of)s", n=total, of=labels.number(whole.value))


def country_text(country: str) -> str:
    """Return the name of a country, or of the community."""
    return country_name(country) if country else _("The community as a whole")


def cell_href(code: str, period: str, country: str) -> str:
    """Return the address of the page of a cell."""
    if not country:
        return url_for("plan.show_community_target", code=code, period=period)
    return url_for("plan.show_target", code=code, period=period, country=country)


def _column(plan: Plan, indicator: Indicator, period: TargetPeriod) -> TargetColumn:
    own = {target.country: target.value for target in indicator.targets if rules.period(target) == period}
    parts = {country: value for country, value in own.items() if country}
    splits = can_split(indicator) and None in own
    return TargetColumn(
        code=indicator.id,
        title=labels.plan_title(plan, indicator.id),
        href=url_for("plan.indicator", code=indicator.id),
        sum_text=sum_text(indicator, period, parts) if rules.is_summed(indicator) else "",
        split_href=url_for("plan.show_split", code=indicator.id, period=str(period)) if splits else "",
    )


def _cell(indicator: Indicator, country: str, period: TargetPeriod, versions: Versions, today: date) -> TargetCellText:
    if country and not rules.takes_countries(indicator):
        return TargetCellText(text=_("Community only"), open_text="", href="")
    cell = TargetCell(indicator.id, country, str(period))
    target = target_of(indicator, country, period)
    newest = next(iter(versions.get(cell, ())), None)
    return TargetCellText(
        text=labels.values(target.value, target.second, indicator.unit) if target else _("No target"),
        open_text="" if newest is None else _open_text(newest, indicator.unit, today),
        href=cell_href(indicator.id, str(period), country),
    )


def _open_text(version: TargetVersion, unit: str, today: date) -> str:
    value = labels.values(version.value, version.second, unit)
    if version.state is TargetState.DRAFT:
        return _("%(n)s as a draft", n=value)
    if version.state is TargetState.PROPOSED:
        return _("%(n)s proposed", n=value)
    if version.valid_from > today:
        return _("%(n)s from %(day)s", n=value, day=babel.words(version.valid_from))
    return ""
