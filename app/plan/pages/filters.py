"""`PlanFilter`, the query string of the plan's pages: day, country, kind of agency, role; links of the same day."""

from dataclasses import dataclass
from datetime import date
from typing import Any, assert_never

from flask import url_for
from flask_babel import gettext as _

from app.access.policy import ALL_COUNTRIES, Action, Actor, allows
from app.i18n.languages import country_name
from app.plan import labels
from app.plan.domain.bands import month_end
from app.plan.domain.cells import published_day
from app.plan.domain.readers import FigureReader, NumberKind, kind_of
from app.plan.domain.spans import ends_month
from app.plan.forms import AskedForm


@dataclass(frozen=True, slots=True)
class PlanFilter:
    """The chosen day and cut. `own_country` is the country of a contact point, empty for all other users."""

    on: date
    today: date
    own_country: str
    reader: FigureReader
    country: str = ""
    agency_kind: str = ""
    role: str = ""
    own_chain: bool = False
    compare: bool = False
    after: int = 0

    @property
    def past(self) -> bool:
        """Return whether the day is before today."""
        return self.on != self.today

    @property
    def is_coordinator(self) -> bool:
        """Return whether the numbers are for organising: exact process counts, competence in bands."""
        return self.reader is FigureReader.COORDINATOR

    @property
    def published(self) -> date:
        """Return the day of competence in tables: any of the own country, else the end of a month or quarter."""
        match self.reader:
            case FigureReader.OWN:
                return self.on
            case FigureReader.COORDINATOR:
                return month_end(self.on)
            case FigureReader.OUTSIDE:
                return published_day(self.on)
            case _:
                assert_never(self.reader)

    @property
    def process_day(self) -> date:
        """Return the day of process counts in tables."""
        return published_day(self.on) if self.reader is FigureReader.OUTSIDE else self.on

    @property
    def outside_day(self) -> date:
        """Return the day of the community's numbers of officers: any for coordinators, else the end of a quarter."""
        return self.on if self.is_coordinator else published_day(self.on)

    @property
    def exact(self) -> bool:
        """Return whether process counts under five are exact on the day: today, and at the end of a month."""
        return not self.past or ends_month(self.on)

    def table_day(self, rule: str) -> date:
        """Return the day of the tables of a rule."""
        return self.published if kind_of(rule) is NumberKind.COMPETENCE else self.process_day

    @property
    def cut(self) -> dict[str, str]:
        """Return the values that narrow the numbers, by name."""
        parts = {"country": self.country, "agency_kind": self.agency_kind, "role": self.role}
        return {name: value for name, value in parts.items() if value}

    @property
    def chosen_cut(self) -> dict[str, str]:
        """Return the cut without the own country, which a contact point cannot change."""
        chosen = {name: value for name, value in self.cut.items() if not (self.own_country and name == "country")}
        return chosen | ({"watched": "own_chain"} if self.own_chain else {})

    @property
    def free_cut(self) -> dict[str, str]:
        """Return the cut of figures over time: none for a contact point, who sees those of the own country."""
        return {} if self.own_country else self.cut

    @property
    def crosses(self) -> bool:
        """Return whether numbers of several countries have more than one filter: such a cell might be one officer."""
        return not self.own_country and len(self.chosen_cut) > 1

    def link(self, endpoint: str, **values: Any) -> str:
        """Return an address with the same day."""
        return url_for(endpoint, **({"on": self.on.isoformat()} if self.past else {}) | values)

    def file_links(self, endpoint: str, **values: Any) -> dict[str, str]:
        """Return the addresses of a page as a file, by form."""
        return {form: self.link(endpoint, form=form, **values) for form in ("csv", "xlsx")}

    def chips(self, endpoint: str, **values: Any) -> list[tuple[str, str]]:
        """Return the texts of the active filters, each with the address without it."""
        texts = {
            "country": country_name(self.country),
            "agency_kind": labels.agency_kind(self.agency_kind),
            "role": labels.roles().get(self.role, self.role),
            "watched": _("Watched by the own chain alone"),
        }
        chosen = self.chosen_cut
        return [
            (texts[name], self.link(endpoint, **values, **{key: v for key, v in chosen.items() if key != name}))
            for name in chosen
        ]


def read(form: AskedForm, actor: Actor, today: date) -> PlanFilter:
    """Return the filter of a form; a contact point always gets the cells of the own country."""
    own = "" if allows(actor, Action.SEE_COUNTRY, ALL_COUNTRIES) else actor.country
    values = {name: form[name].data or "" for name in ("country", "agency_kind", "role")}
    return PlanFilter(
        on=form.on.data or today,
        today=today,
        own_country=own,
        reader=_reader(actor, own),
        country=own or values["country"],
        agency_kind=values["agency_kind"],
        role=values["role"],
        own_chain=bool(form.watched.data),
        compare=bool(form.compare.data),
        after=form.after.data or 0,
    )


def _reader(actor: Actor, own_country: str) -> FigureReader:
    if own_country:
        return FigureReader.OWN
    return FigureReader.COORDINATOR if allows(actor, Action.SEE_EXACT_COUNTS) else FigureReader.OUTSIDE
