"""Describe the user's request for a seat in an event with nominations: steps, who acts next, what may be done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _, ngettext, pgettext

from app.i18n import babel
from app.workshops import labels
from app.workshops.domain.events import WorkshopState
from app.workshops.domain.nomination_drafts import guaranteed_seats
from app.workshops.domain.nominations import (
    BEFORE_SELECTION,
    NominationOffice,
    NominationState,
)
from app.workshops.domain.phases import NominationRules, Phase
from app.workshops.labels import nominations as nomination_labels
from app.workshops.pages import obstacles as obstacle_pages
from app.workshops.pages.obstacles import CourseLinks, ObstacleLine
from app.workshops.pages.own_request import OwnNominationRequest
from app.workshops.pages.participation import RouteStep
from app.workshops.queries import nominations, own_nominations
from app.workshops.queries.nominations import ChangeLine
from app.workshops.shapes import OwnNomination, WorkshopFacts

State = NominationState
STEPS = (State.INTERESTED, State.ENDORSED, State.NOMINATED, State.SELECTED, State.OFFERED, State.CONFIRMED)
REACHED: Mapping[NominationState, int] = {  # index of the last reached step
    **{state: index for index, state in enumerate(STEPS)},
    State.WAITLISTED: STEPS.index(State.NOMINATED),
    State.ATTENDED: STEPS.index(State.CONFIRMED),
    State.PARTLY_ATTENDED: STEPS.index(State.CONFIRMED),
    State.NO_SHOW: STEPS.index(State.CONFIRMED),
}
OVER = frozenset({Phase.RUNNING, Phase.FINISHED, Phase.CLOSED, Phase.CANCELLED})
OF_CONTACT_POINTS = frozenset({State.NOMINATED, State.REPLACED})
UNDECIDED = frozenset({*BEFORE_SELECTION, State.WAITLISTED, State.WITHDRAWN})
EXPLAINED = frozenset({State.DECLINED, State.WAITLISTED, State.SELECTED, State.OFFERED})


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """A change of the request: the new state, the office that made it, and why."""

    at: datetime
    word: str
    office: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NominationSection:
    """The user's request on the page of an event; an empty address means that the step is not offered.

    `answer_label`: of the link to the questions; `left`: the time left to answer an offer.
    """

    lead: str
    next: str
    route: Sequence[RouteStep]
    refusal: str
    obstacles: Sequence[ObstacleLine]
    answer_label: str
    answer_url: str
    confirm_url: str
    decline_url: str
    left: str
    withdraw_url: str
    sharing_url: str
    history: Sequence[HistoryLine]


def section(request: OwnNominationRequest, courses: CourseLinks) -> NominationSection:
    """Return the user's request as a section of the page of an event."""
    workshop_id = request.workshop.id
    interest_url = url_for("workshops.show_interest", workshop_id=workshop_id)
    can_withdraw = request.can_withdraw and not request.is_offered
    return NominationSection(
        lead=lead(request),
        next=_next(request),
        route=route(request),
        refusal=_refusal(request),
        obstacles=obstacle_lines(request, courses),
        answer_label=_answer_label(request),
        answer_url=interest_url if request.can_answer else "",
        confirm_url=url_for("workshops.confirm_offer", workshop_id=workshop_id) if request.is_offered else "",
        decline_url=url_for("workshops.withdraw_nomination", workshop_id=workshop_id) if request.is_offered else "",
        left=_left(request),
        withdraw_url=f"{interest_url}#withdraw" if can_withdraw else "",
        sharing_url=_sharing_url(request),
        history=_history(request),
    )


def _sharing_url(request: OwnNominationRequest) -> str:
    """Return the page of the decisions about the user, "" before the first one."""
    if request.nomination is None or not nominations.decisions(request.nomination.id):
        return ""
    return url_for("workshops.show_own_decision", workshop_id=request.workshop.id)


def obstacle_lines(request: OwnNominationRequest, courses: CourseLinks) -> list[ObstacleLine]:
    """Return what the user lacks, while it can still matter."""
    if not request.may_ask or not request.is_invited or request.phase in OVER:
        return []
    if request.nomination is not None and request.nomination.state not in UNDECIDED:
        return []
    return obstacle_pages.lines(request.workshop, request.obstacles, request.own_roles, courses)


def seats(workshop: WorkshopFacts, rules: NominationRules) -> str:
    """Return how the seats are shared: 26 seats: 1 for each country, 13 shared."""
    shared = workshop.capacity - guaranteed_seats(rules)
    if not rules.guaranteed:
        return ngettext("%(num)s seat, shared", "%(num)s seats, all shared", workshop.capacity)
    if not shared:
        return ngettext(
            "%(num)s seat: %(each)s for each country",
            "%(num)s seats: %(each)s for each country",
            workshop.capacity,
            each=rules.guaranteed,
        )
    return ngettext(
        "%(num)s seat: %(each)s for each country, %(shared)s shared",
        "%(num)s seats: %(each)s for each country, %(shared)s shared",
        workshop.capacity,
        each=rules.guaranteed,
        shared=shared,
    )


def lead(request: OwnNominationRequest) -> str:
    """Return the state of the request in one or two sentences."""
    if request.nomination is None:
        return _without_nomination(request)
    nomination = request.nomination
    texts = {
        State.INTERESTED: _("Your interest is sent. You have done your part."),
        State.ENDORSED: _("Your request is endorsed."),
        State.NOMINATED: _place_in_country(nomination),
        State.SELECTED: _("A seat is reserved for you. The offer follows."),
        State.WAITLISTED: labels.waiting_place(nomination),
        State.DECLINED: _("Your request was declined."),
        State.OFFERED: _("A seat is offered to you."),
        State.CONFIRMED: _confirmed(request),
        State.ATTENDED: _("You took part."),
        State.PARTLY_ATTENDED: _("You took part in some of the sessions."),
        State.NO_SHOW: _("You had a seat and did not come."),
        State.WITHDRAWN: _("You have withdrawn."),
        State.REPLACED: _("Your country gave the seat to another person."),
        State.EXPIRED: _("The offer was not answered in time. The seat passed on."),
    }
    reason = reason_text(nomination.decision_reason) if nomination.state in EXPLAINED else ""
    return f"{texts[nomination.state]} {reason}".rstrip()


def reason_text(reason: str) -> str:
    """Return the reason of a decision: the text of a person, or the text for the code of a rule or an exception."""
    codes = {
        "guaranteed_seat": _("Reason: a seat of your country."),
        "pool_seat": _("Reason: a shared seat, given by the rule."),
        "no_seat_left": _("Reason: all seats were taken."),
        "not_eligible": _("Reason: a requirement was missing when the seats were shared."),
        "not_nominated": _("Reason: your country did not nominate you in time."),
        "-": "",
        "": "",
    }
    if reason in codes:
        return codes[reason]
    return _("Reason: %(reason)s", reason=nomination_labels.EXCEPTION_CODES.get(reason, reason))


def route(request: OwnNominationRequest) -> list[RouteStep]:
    """Return the steps from interest to confirmation, with days and offices; none for a cancelled event."""
    if request.workshop.state is WorkshopState.CANCELLED:
        return []
    reached = _reached(request)
    days = {change.to_state: change.at for change in request.changes}
    return [_step(request, index, reached, days.get(state)) for index, state in enumerate(STEPS)]


def _reached(request: OwnNominationRequest) -> int:
    """Return the index of the last step that the request has reached, -1 without a nomination."""
    if request.nomination is None:
        return -1
    if request.nomination.state in REACHED:
        return REACHED[request.nomination.state]
    before = [change.from_state for change in request.changes if change.from_state is not None]
    return REACHED.get(before[-1], 0) if before else 0


def _step(request: OwnNominationRequest, index: int, reached: int, at: datetime | None) -> RouteStep:
    name = step_names()[index]
    if index <= reached:
        day = babel.short_day(labels.local_day(at, request.workshop.time_zone)) if at else ""
        return RouteStep(name=name, small=day, node="done")
    if index > reached + 1 or not _goes_on(request):
        return RouteStep(name=name, small=office_name(_taker(request, index)))
    return RouteStep(name=name, small=_expected(request, index), node="here")


def _goes_on(request: OwnNominationRequest) -> bool:
    """Return whether a next step is expected."""
    return request.is_live or (request.nomination is None and request.can_answer)


def _waiting(nomination: OwnNomination) -> str:
    return (
        _("Waiting list")
        if nomination.waiting_place is None
        else _("Waiting list, place %(n)s", n=nomination.waiting_place)
    )


def step_names() -> list[str]:
    """Return the names of the steps."""
    return [
        pgettext("nomination", "Interest"),
        pgettext("nomination", "Endorsed"),
        pgettext("nomination", "Nominated"),
        pgettext("nomination", "Selected"),
        pgettext("nomination", "Offered"),
        pgettext("nomination", "Confirmed"),
    ]


def _taker(request: OwnNominationRequest, index: int) -> NominationOffice:
    """Return who takes a step."""
    endorser = NominationOffice.SUPERVISOR if request.has_supervisor else NominationOffice.CONTACT_POINT
    takers = (
        NominationOffice.NOMINEE, endorser, NominationOffice.CONTACT_POINT, NominationOffice.SECRETARIAT,
        NominationOffice.SECRETARIAT, NominationOffice.NOMINEE,
    )  # fmt: skip
    return takers[index]


def _expected(request: OwnNominationRequest, index: int) -> str:
    """Return who takes the next step, and until when; on the waiting list the place."""
    office, nomination = office_name(_taker(request, index)), request.nomination
    if nomination is None:
        return _by(office, own_nominations.deadlines(request.workshop).closes_at, request)
    if nomination.state is State.WAITLISTED:
        return _waiting(nomination)
    return _by(office, request.next.until, request) if request.next else office


def _by(office: str, until: datetime, request: OwnNominationRequest) -> str:
    day = babel.short_day(labels.last_day(until, request.workshop.time_zone))
    return _("%(office)s, by %(day)s", office=office, day=day)


def office_name(office: NominationOffice) -> str:
    """Return who acts, from the point of view of the nominee."""
    return {
        NominationOffice.NOMINEE: _("You"),
        NominationOffice.SUPERVISOR: _("Your supervisor"),
        NominationOffice.CONTACT_POINT: _("Your contact point"),
        NominationOffice.SECRETARIAT: _("Secretariat and host"),
        NominationOffice.SYSTEM: _("By the rule"),
    }[office]


def _history(request: OwnNominationRequest) -> list[HistoryLine]:
    """Return the changes of the request, the newest first."""
    return [
        HistoryLine(
            at=change.at,
            word=nomination_labels.state(change.to_state)[0],
            office=office_name(_office(request, change)),
            reason=reason_text(change.reason),
        )
        for change in reversed(request.changes)
    ]


def _office(request: OwnNominationRequest, change: ChangeLine) -> NominationOffice:
    if change.changed_by is None:
        return NominationOffice.SYSTEM
    if request.nomination is not None and change.changed_by == request.nomination.person_id:
        return NominationOffice.NOMINEE
    if change.changed_by in request.contact_points or change.to_state in OF_CONTACT_POINTS:
        return NominationOffice.CONTACT_POINT
    is_answer = change.from_state is State.INTERESTED  # endorsed, or declined
    return NominationOffice.SUPERVISOR if is_answer else NominationOffice.SECRETARIAT


def _without_nomination(request: OwnNominationRequest) -> str:
    opens, deadline = babel.short_day(request.rules.opens), babel.short_day(request.rules.deadline)
    current = request.phase
    if current is Phase.ANNOUNCED:
        return _("You can express interest from %(day)s.", day=opens)
    if current is not Phase.NOMINATIONS_OPEN:
        return "" if current in {Phase.CANCELLED, Phase.POSTPONED} else _("Nominations are closed.")
    if not request.is_invited:
        return _("Your country is not invited to this event.")
    return _("You can express interest until %(day)s.", day=deadline) if request.can_answer else ""


def _refusal(request: OwnNominationRequest) -> str:
    can_matter = request.nomination is None and request.is_invited and request.may_ask
    return _("You cannot ask for a seat in this event.") if can_matter and request.is_refused else ""


def _next(request: OwnNominationRequest) -> str:
    if request.workshop.state is WorkshopState.POSTPONED and request.is_live:
        return _("The event is postponed. Your request stays, and you get a notice with the new days.")
    if request.nomination is None or request.next is None:
        return ""
    return labels.next_actor(request.next, request.workshop, request.nomination.state)


def _place_in_country(nomination: OwnNomination) -> str:
    if nomination.rank is None:
        return _("Your country has nominated you.")
    return _("Your country has nominated you, at place %(n)s of its list.", n=nomination.rank)


def _confirmed(request: OwnNominationRequest) -> str:
    if not request.can_withdraw:
        return _("You have a seat.")
    seat = _("You have a seat. If you cannot come, withdraw: another person gets it.")
    day = request.rules.withdraw_by
    if day is None:
        return seat
    reason = _("After %(day)s a withdrawal needs a reason.", day=babel.short_day(day))
    return f"{seat} {reason}"


def _left(request: OwnNominationRequest) -> str:
    """Return the time left to answer an offer."""
    until = request.nomination.offered_until if request.nomination else None
    if not request.is_offered or until is None:
        return ""
    left = until - request.now
    if left.days:
        return ngettext("%(num)s day left", "%(num)s days left", left.days)
    hours = -(-left.seconds // 3600)
    return ngettext("%(num)s hour left", "%(num)s hours left", hours)


def _answer_label(request: OwnNominationRequest) -> str:
    if request.is_live:
        return _("Change my answers")
    return _("Express interest again") if request.nomination else _("Express interest")
