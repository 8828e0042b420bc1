"""`PlanFilter`, the query string of the plan's pages: day, country, kind of agency, role; links of the same day."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for

from app.access.policy import ALL_COUNTRIES, Action, Actor, allows
from app.i18n.languages import country_name
from app.plan import labels
from app.plan.domain.cells import published_day
from app.plan.forms import AskedForm


@dataclass(frozen=True, slots=True)
class PlanFilter:
    """The chosen day and cut. `own_country` is the country of a contact point, empty for all other users."""

    on: date
    today: date
    own_country: str
    country: str = ""
    agency_kind: str = ""
    role: str = ""
    compare: bool = False
    after: int = 0

    @property
    def past(self) -> bool:
        """Return whether the day is before today."""
        return self.on != self.today

    @property
    def published(self) -> date:
        """Return the day of the cells: any day for the own country, the end of a quarter for several countries."""
        return self.on if self.own_country else published_day(self.on)

    @property
    def cut(self) -> dict[str, str]:
        """Return the values that narrow the numbers, by name."""
        parts = {"country": self.country, "agency_kind": self.agency_kind, "role": self.role}
        return {name: value for name, value in parts.items() if value}

    @property
    def chosen_cut(self) -> dict[str, str]:
        """Return the cut without the own country, which a contact point cannot change."""
        return {name: value for name, value in self.cut.items() if not (self.own_country and name == "country")}

    @property
    def free_cut(self) -> dict[str, str]:
        """Return the cut of figures over time: none for a contact point, who sees those of the own country."""
        return {} if self.own_country else self.cut

    @property
    def crosses(self) -> bool:
        """Return whether numbers of several countries have more than one filter: such a cell might be one officer."""
        return not self.own_country and len(self.cut) > 1

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
        country=own or values["country"],
        agency_kind=values["agency_kind"],
        role=values["role"],
        compare=bool(form.compare.data),
        after=form.after.data or 0,
    )
