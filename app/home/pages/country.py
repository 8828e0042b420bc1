"""My country, for its contact point: what waits, and the numbers that each open their list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.access.policy import Sensitivity
from app.competence.queries.officers import OfficerFilter
from app.home.domain import Task
from app.i18n.stored_translations import TranslatedText
from app.workshops.labels import translated
from app.workshops.queries.bookings import SeatOfCountry


@dataclass(frozen=True, slots=True)
class PendingCounts:
    """How much waits for the contact point."""

    duties: Sequence[Task]
    figures: int
    help_is_due: bool


@dataclass(frozen=True, slots=True)
class Numbers:
    """How many officers there are, hold something needed that ends soon or has ended, and have seats to come."""

    officers: int
    soon: int
    lapsed: int
    seats: int


def tasks(waiting: PendingCounts) -> list[dict[str, str]]:
    """Return what waits, each with where it is done."""
    found = [{"text": one.name, "href": one.href} for one in waiting.duties]
    if n := waiting.figures:
        text = ngettext("%(num)s figure is a draft, not submitted", "%(num)s figures are drafts, not submitted", n)
        found.append({"text": text, "href": url_for("plan.show_manual_figures")})
    if waiting.help_is_due:
        found.append(
            {"text": _("Review the help contact of your country"), "href": url_for("directory.show_country_settings")}
        )
    return found


def numbers(found: Numbers) -> list[dict[str, Any]]:
    """Return the numbers, each with its words and its list."""
    officers = "competence.show_officers"
    return [
        {"n": found.officers, "text": _("Officers on their paths"), "href": url_for(officers)},
        {
            "n": found.soon,
            "text": _("Lose something within 90 days"),
            "href": url_for(officers, state=OfficerFilter.SOON),
        },
        {
            "n": found.lapsed,
            "text": _("Have lost something they need"),
            "href": url_for(officers, state=OfficerFilter.LAPSED),
        },
        {"n": found.seats, "text": _("Seats in workshops to come"), "href": url_for("home.country_seats")},
    ]


def seats(
    found: Sequence[SeatOfCountry], aliases: Mapping[UUID, str], said: Mapping[tuple[UUID, str], TranslatedText]
) -> list[dict[str, Any]]:
    """Return who has a seat in which event, the next one first; an event of a higher mark stands by its code alone."""
    return [
        {
            "alias": aliases.get(one.person_id, ""),
            "officer_href": url_for("competence.show_officer", person_id=one.person_id),
            "title": translated(said.get((one.workshop_id, "title")), one.code),
            "href": url_for("workshops.show_workshop", workshop_id=one.workshop_id) if open_to_all(one) else "",
            "starts_at": one.starts_at,
        }
        for one in found
    ]


def open_to_all(one: SeatOfCountry) -> bool:
    """Say whether a contact point may read of the event, whatever else they are."""
    return one.sensitivity is Sensitivity.UNRESTRICTED
