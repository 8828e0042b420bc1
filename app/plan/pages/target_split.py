"""`/plan/edit/<code>/<period>/split`: the community's target of a count, split among the countries by their need."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _

from app.catalogue.domain.references.plan import Indicator, Plan
from app.i18n.languages import country_name
from app.i18n.stored_translations import TranslatedText
from app.plan import labels
from app.plan.domain import planned_needs
from app.plan.domain.apportionment import split_by_need
from app.plan.domain.planned_needs import PlannedNeeds
from app.plan.domain.targets import TargetPeriod
from app.plan.forms import SplitForm
from app.plan.pages import targets as listing
from app.plan.queries import published
from app.plan.queries.need_texts import Serving
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitRow:
    """A country with its need, where the need comes from, its target and the part that is proposed."""

    name: str
    need: str
    origin: str
    target: str
    part: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitPage(Page):
    """The proposal: a row for each country, the sum beside the community's target, a form for the reason."""

    template: ClassVar[str] = "plan/target_split.html"
    code: str
    title: TranslatedText
    period: str
    rows: Sequence[SplitRow]
    sum_text: str
    shown: str
    form: SplitForm
    error: str
    url: str
    back: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Split:
    """The parts of the community's target by country, with the needs that they come from."""

    parts: Mapping[str, int]
    needs: Mapping[str, int]
    planned: frozenset[str]  # countries whose planned need is used

    @property
    def digest(self) -> str:
        """Return a text that identifies the parts, to compare a page with the needs of now."""
        return hashlib.sha256(repr(sorted(self.parts.items())).encode()).hexdigest()


def split(plan: Plan, indicator: Indicator, period: TargetPeriod, planned: PlannedNeeds, serving: Serving) -> Split:
    """Return the community's target split by planned need, by officers on the academy where it is not told."""
    whole = listing.target_of(indicator, "", period)
    members = published.members(plan)
    asked = planned_needs.roles_of(indicator)
    entered = {country: planned_needs.total(planned.get(country, {}), asked) for country in members}
    planned_only = {country: value for country, value in entered.items() if value is not None}
    needs = {country: planned_only.get(country, serving.of(indicator, country)) for country in sorted(members)}
    parts = split_by_need(round(whole.value), needs) if whole is not None else {}
    return Split(parts, needs, frozenset(planned_only))


def split_page(
    plan: Plan, indicator: Indicator, period: TargetPeriod, proposed: Split, form: SplitForm, *, error: str = ""
) -> SplitPage:
    """Return the page of a proposal."""
    return SplitPage(
        code=indicator.id,
        title=labels.plan_title(plan, indicator.id),
        period=labels.period(period),
        rows=[_row(indicator, country, period, proposed) for country in labels.in_alphabet(proposed.needs)],
        sum_text=listing.sum_text(indicator, period, proposed.parts) if proposed.parts else "",
        shown=proposed.digest,
        form=form,
        error=error,
        url=url_for("plan.propose_split", code=indicator.id, period=str(period)),
        back=(_("Targets"), url_for("plan.show_targets", result=indicator.result, period=str(period))),
    )


def _row(indicator: Indicator, country: str, period: TargetPeriod, proposed: Split) -> SplitRow:
    target = listing.target_of(indicator, country, period)
    part = proposed.parts.get(country)
    return SplitRow(
        name=country_name(country),
        need=labels.number(proposed.needs[country]),
        origin=_("Planned need") if country in proposed.planned else _("Officers on the academy"),
        target=labels.number(target.value) if target else _("No target"),
        part="" if part is None else labels.number(part),
    )
