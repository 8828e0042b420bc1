"""Need and planned need in words, for coordinators and the own country: "31 of 42 on the academy (120 planned)"."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from app.catalogue.domain.references.plan import Indicator
from app.identity.queries import postings
from app.plan import labels
from app.plan.domain import planned_needs
from app.plan.domain.cells import MIN_GROUP, Published, Shown
from app.plan.domain.planned_needs import PlannedNeeds
from app.plan.domain.readers import FigureReader, NumberKind, kind_of
from app.plan.queries import left_out, published


@dataclass(frozen=True, slots=True)
class Serving:
    """Officers on the academy by country and roles, as the reader counts them."""

    by_country: Mapping[str, Mapping[frozenset[str], int]]

    def of(self, indicator: Indicator, country: str) -> int:
        """Return the officers of a country in a role that an indicator asks."""
        wanted = frozenset(indicator.settings.get("roles", ()))
        groups = self.by_country.get(country, {})
        return sum(count for roles, count in groups.items() if not wanted or wanted & roles)


@dataclass(frozen=True, slots=True)
class NeedTexts:
    """What sentences about need are made of; empty for a page without them."""

    planned: PlannedNeeds
    serving: Serving
    reader: FigureReader
    exact: bool = True  # numbers under five may be shown to a coordinator

    def text(self, indicator: Indicator, country: str, cell: Published) -> str:
        """Return the need of a country beside the officers reached.

        It is "" for an indicator without officers, and outside: needs are not in the fixed list of tables.
        """
        if not has_need(indicator) or self.reader is FigureReader.OUTSIDE:
            return ""
        need = self.serving.of(indicator, country)
        entered = planned_needs.total(self.planned.get(country, {}), planned_needs.roles_of(indicator))
        return _sentence(
            _reached(indicator, cell), self._number(need), "" if entered is None else labels.number(entered)
        )

    def _number(self, n: int) -> str:
        return labels.number(n) if self.exact or not 0 < n < MIN_GROUP else _("1 to 4")


def has_need(indicator: Indicator) -> bool:
    """Return whether an indicator counts each officer once, so that the need is a number of the same kind."""
    return published.about_officers(indicator) and indicator.rule not in published.OFTEN


def serving_on(day: date, reader: FigureReader) -> Serving:
    """Return the officers who serve on a day; officers under threat are left out outside their country."""
    is_own = reader is FigureReader.OWN
    serving = postings.serving_groups([day], frozenset())[day] if is_own else left_out.serving(day)
    groups: dict[str, dict[frozenset[str], int]] = {}
    for group in serving:
        of_country = groups.setdefault(group.country, {})
        roles = frozenset(group.roles)
        of_country[roles] = of_country.get(roles, 0) + group.count
    return Serving(groups)


def _reached(indicator: Indicator, cell: Published) -> str:
    """Return a process count; a number of competence is in bands, and has no place in the sentence."""
    is_process = kind_of(indicator.rule) is NumberKind.PROCESS
    if not is_process or not isinstance(cell, Shown) or cell.n is None or indicator.rule == "active_countries":
        return ""
    return labels.number(cell.n)


def _sentence(reached: str, need: str, planned: str) -> str:
    if reached and planned:
        return _("%(n)s of %(of)s on the academy (%(planned)s planned)", n=reached, of=need, planned=planned)
    if reached:
        return _("%(n)s of %(of)s on the academy (planned need: not told)", n=reached, of=need)
    if planned:
        return _("%(of)s on the academy (%(planned)s planned)", of=need, planned=planned)
    return _("%(of)s on the academy (planned need: not told)", of=need)
