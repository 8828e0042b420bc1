"""Build the page /workshops/<id>/interest/decision: how the seats were shared, with the own numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any, ClassVar

import msgspec
from flask_babel import format_decimal, gettext as _, ngettext

from app.i18n import babel
from app.web.pages import Page
from app.workshops.domain.allocation import LostSeat, Reason
from app.workshops.labels import nominations as nomination_labels
from app.workshops.pages import event, obstacles
from app.workshops.pages.event import EventHeading
from app.workshops.queries import nominations
from app.workshops.queries.nominations import DecisionLine
from app.workshops.shapes import OwnNomination, WorkshopFacts

Compared = Mapping[str, Any]  # the values of a country in a comparison
CRITERIA = ("used_rate", "role", "courses", "women", "nominated_at", "draw")


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundResult:
    """What a round decided about the user; `facts` are the compared values of the user and the own country."""

    at: datetime
    result: str
    reason: str
    compared: str
    facts: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatSharingPage(Page):
    """How the seats of an event were shared: the rule in words, and the rounds that concerned the user."""

    template: ClassVar[str] = "workshops/seat_sharing.html"
    heading: EventHeading
    event_url: str
    criteria: Sequence[str]
    rounds: Sequence[RoundResult]


def page(workshop: WorkshopFacts, nomination: OwnNomination, event_url: str) -> SeatSharingPage:
    """Return the page; other countries are counted and not named."""
    names = criteria()
    return SeatSharingPage(
        heading=event.heading_of(workshop),
        event_url=event_url,
        criteria=[names[name] for name in CRITERIA],
        rounds=[_round(decision) for decision in nominations.decisions(nomination.id)],
    )


def criteria() -> Mapping[str, str]:
    """Return what is compared for a shared seat, in this order."""
    return {
        "used_rate": _("The country that has used fewer seats this year, for the seats guaranteed to it"),
        "role": _("Officers in a role named for the event"),
        "courses": _("Officers who have done the needed courses"),
        "women": _("Women, while their share of the seats is below their share of the nominees"),
        "nominated_at": _("The earlier nomination"),
        "draw": _("A draw from a recorded number"),
    }


def _round(decision: DecisionLine) -> RoundResult:
    competitors: list[Compared] = msgspec.json.decode(decision.competitors)
    return RoundResult(
        at=decision.made_at,
        result=_result(decision),
        reason=nomination_labels.exception_reason(decision.exception_category, decision.exception_reason),
        compared=_compared(competitors),
        facts=_facts(competitors[0], decision.seed) if competitors else [],
    )


def _result(decision: DecisionLine) -> str:
    if decision.lost_seat:
        return _lost_seat(decision, decision.lost_seat)
    texts = {
        Reason.GUARANTEED_SEAT: _("You got a seat guaranteed to your country: you came first on its list."),
        Reason.POOL_SEAT: _("You got a shared seat by the rule."),
        Reason.SET_IN: _("The secretariat gave you a seat, with a reason."),
        Reason.NO_SEAT_LEFT: _("All seats were taken. You got place %(n)s on the waiting list.", n=decision.reserve),
        Reason.NOT_ELIGIBLE: _("You lacked: %(what)s.", what=obstacles.kinds(decision.problems)),
        Reason.SET_OUT: _("The secretariat left you out, with a reason."),
    }
    return texts[decision.reason]


def _lost_seat(decision: DecisionLine, seat: LostSeat) -> str:
    """Return who has the seat that the rule gives to the first on the list; the other officer is not named."""
    why = _("The seat guaranteed to your country went to an officer whom the secretariat selected by exception.")
    recorded = _("The reason of the exception is recorded.")
    if seat.category:
        category = nomination_labels.EXCEPTION_CATEGORIES[seat.category]
        recorded = _("Reason of the exception: %(category)s.", category=category)
    position = _("You got place %(n)s on the waiting list.", n=decision.reserve)
    return f"{why} {recorded} {position}"


def _compared(competitors: Sequence[Compared]) -> str:
    """Return with how many other countries the user was compared, and what made the difference."""
    if not competitors:
        return ""
    others = len(competitors) - 1
    if not others:
        return _("No other country competed for it.")
    compared = ngettext(
        "You were compared with the first nominee of %(num)s other country.",
        "You were compared with the first nominees of %(num)s other countries.",
        others,
    )
    different = next((name for name in CRITERIA if _differs(competitors, name)), "")
    decided = _("What made the difference: %(criterion)s.", criterion=criteria()[different]) if different else ""
    return f"{compared} {decided}".rstrip()


def _differs(competitors: Sequence[Compared], name: str) -> bool:
    own, other = competitors[0].get(name), competitors[1].get(name)
    return own is not None and other is not None and own != other


def _facts(own: Compared, seed: int) -> list[tuple[str, str]]:
    used = float(Fraction(own["used_rate"]))
    facts = [
        (_("Seats used this year for each guaranteed seat"), str(format_decimal(round(used, 2)))),
        (_("Role named for the event"), _("Yes") if own["role"] == 0 else _("No")),
        (_("Needed courses done"), _("Yes") if own["courses"] == 0 else _("No")),
        (_("Nominated on"), babel.words(datetime.fromisoformat(own["nominated_at"]))),
        (_("Draw"), _("%(lot)s, from the number %(seed)s", lot=own["draw"][:8], seed=seed)),
    ]
    if own.get("women") == 1:
        facts.insert(3, (_("Share of women"), _("Women went first in this step")))
    return facts
