"""Page models of `/country` and `/country/seats` for contact points: tasks, numbers, and seats."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _, ngettext

from app.access.policy import Sensitivity
from app.competence.queries.officers import OfficerFilter
from app.home.domain import Task
from app.home.pages import titles
from app.home.pages.titles import TitledLine, Translations
from app.web.pages import Page
from app.workshops.queries.bookings import SeatOfCountry


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedNumber:
    """A number with its meaning and the address of its list."""

    number: int
    text: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCountryPage(Page):
    """The own country: tasks of the contact point, and numbers; `code` is the country."""

    template: ClassVar[str] = "home/country.html"
    code: str
    to_do: Sequence[Task]
    numbers: Sequence[LinkedNumber]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatLine(TitledLine):
    """A seat of an officer in a workshop; `href` is empty if the workshop is shown by its code alone."""

    alias: str
    officer_href: str
    starts_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatsPage(Page):
    """The seats of the officers of a country, the next workshop first."""

    template: ClassVar[str] = "home/seats.html"
    seats: Sequence[SeatLine]


def tasks(assigned: Sequence[Task], drafts: int, *, help_is_due: bool) -> list[Task]:
    """Return the tasks of a contact point; `drafts` is the number of figures that were not submitted."""
    country_tasks = [*assigned]
    if drafts:
        text = ngettext("%(num)s figure is a draft, not submitted", "%(num)s figures are drafts, not submitted", drafts)
        country_tasks.append(Task(text, url_for("plan.show_manual_figures")))
    if help_is_due:
        text = _("Review the help contact of your country")
        country_tasks.append(Task(text, url_for("directory.show_country_settings")))
    return country_tasks


def numbers(*, officers: int, soon: int, lapsed: int, seats: int) -> list[LinkedNumber]:
    """Return the numbers of officers, of officers who lose or have lost a needed competency, and of coming seats."""
    endpoint = "competence.show_officers"
    soon_href, lapsed_href = (url_for(endpoint, state=state) for state in (OfficerFilter.SOON, OfficerFilter.LAPSED))
    return [
        LinkedNumber(number=officers, text=_("Officers on their paths"), href=url_for(endpoint)),
        LinkedNumber(number=soon, text=_("Lose a needed competency within 90 days"), href=soon_href),
        LinkedNumber(number=lapsed, text=_("Have lost a needed competency"), href=lapsed_href),
        LinkedNumber(number=seats, text=_("Seats in coming workshops"), href=url_for("home.country_seats")),
    ]


def seats_page(seats: Sequence[SeatOfCountry], aliases: Mapping[UUID, str], translations: Translations) -> SeatsPage:
    """Return the page of seats, the next workshop first; a workshop of a higher sensitivity is shown by its code."""
    return SeatsPage(
        seats=[
            SeatLine(
                title=titles.workshop_title(seat.workshop_id, seat.code, translations),
                href=url_for("workshops.show_workshop", workshop_id=seat.workshop_id) if is_unrestricted(seat) else "",
                alias=aliases.get(seat.person_id, ""),
                officer_href=url_for("competence.show_officer", person_id=seat.person_id),
                starts_at=seat.starts_at,
            )
            for seat in seats
        ]
    )


def is_unrestricted(seat: SeatOfCountry) -> bool:
    """Return whether every contact point may see the title of the workshop."""
    return seat.sensitivity is Sensitivity.UNRESTRICTED
