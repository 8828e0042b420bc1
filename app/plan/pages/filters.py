"""What an address asks the plan for (the day, what narrows it), and addresses that ask for the same."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.access.policy import ALL_COUNTRIES, Action, Actor, allows
from app.i18n.languages import country_name
from app.plan import labels
from app.plan.domain.cells import published_day
from app.plan.forms import AskedForm


@dataclass(frozen=True, slots=True)
class PlanFilter:
    """The day asked for, the cut, and the reader: `mine` is the country of a contact point, empty for all others."""

    on: date
    today: date
    mine: str
    country: str = ""
    agency_kind: str = ""
    role: str = ""
    compare: bool = False
    after: int = 0

    @property
    def past(self) -> bool:
        """Say whether an earlier day is asked for."""
        return self.on != self.today

    @property
    def published(self) -> date:
        """Return the day of which cells are shown: any for the own country, the end of a quarter across borders."""
        return self.on if self.mine else published_day(self.on)

    @property
    def cut(self) -> dict[str, str]:
        """Return what narrows the numbers."""
        parts = {"country": self.country, "agency_kind": self.agency_kind, "role": self.role}
        return {name: value for name, value in parts.items() if value}

    @property
    def crosses(self) -> bool:
        """Say whether more than one thing narrows numbers of several countries: such a cell might be one officer."""
        return not self.mine and len(self.cut) > 1

    def link(self, endpoint: str, **values: Any) -> str:
        """Return an address that keeps the day."""
        return url_for(endpoint, **({"on": self.on.isoformat()} if self.past else {}) | values)

    def chips(self, endpoint: str, **values: Any) -> list[tuple[str, str]]:
        """Return what narrows the numbers in words, each with the address that takes it away."""
        texts = {
            "country": country_name(self.country),
            "agency_kind": labels.agency_kind(self.agency_kind),
            "role": labels.roles().get(self.role, self.role),
        }
        shown = self.cut if not self.mine else {name: value for name, value in self.cut.items() if name != "country"}
        return [
            (texts[name], self.link(endpoint, **values, **{key: v for key, v in shown.items() if key != name}))
            for name in shown
        ]

    @property
    def day_words(self) -> str:
        """Return the day as the head of a page says it."""
        return _("As of today") if not self.past else ""


def read(form: AskedForm, actor: Actor, today: date) -> PlanFilter:
    """Return the filter of a form; a contact point always gets the cells of the own country."""
    own = "" if allows(actor, Action.SEE_COUNTRY, ALL_COUNTRIES) else actor.country
    values = {name: form[name].data or "" for name in ("country", "agency_kind", "role")}
    return PlanFilter(
        on=form.on.data or today,
        today=today,
        mine=own,
        country=own or values["country"],
        agency_kind=values["agency_kind"],
        role=values["role"],
        compare=bool(form.compare.data),
        after=form.after.data or 0,
    )
