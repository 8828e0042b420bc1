"""Build the page /workshops/<id>/selection: the proposal, offers, waiting list, seats by country and nominees."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _, ngettext, pgettext

from app.i18n import babel
from app.identity.queries import people as accounts
from app.web.pages import Page
from app.workshops.domain.allocation import SEATED, SeatSource
from app.workshops.domain.events import ACTIVE, OVER, WorkshopState, WorkshopStep
from app.workshops.domain.nominations import OPEN_SEATS, USED_SEATS, NominationState, RoundKind
from app.workshops.domain.phases import NominationRules, Phase, phase
from app.workshops.forms.selection import ExceptionRows, ObserverForm
from app.workshops.pages import event, selection_rows, selection_texts as texts
from app.workshops.pages.dashboard import TeachingTask
from app.workshops.pages.event import EventHeading
from app.workshops.pages.selection_rows import (
    CountrySeats,
    DecisionRow,
    ExceptionChoices,
    Nominees,
    NomineeSeat,
    SelectionRow,
)
from app.workshops.queries import nominations, selection as queries
from app.workshops.queries.selection import RoundLine
from app.workshops.service.selection import Proposal
from app.workshops.shapes import WorkshopFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalForm:
    """The proposal with its exceptions; `fingerprint` is that of the input that it was made from."""

    rows: Sequence[DecisionRow]
    fingerprint: str
    seats: str
    choices: ExceptionChoices
    preview_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundSection:
    """The decisions of a round."""

    title: str
    made_at: datetime
    by: str
    rows: Sequence[DecisionRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class ObserverSection:
    """The observers of an event; `action` is empty if no more can be added."""

    people: Sequence[NomineeSeat]
    summary: str
    action: str
    form: ObserverForm


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectionPage(Page):
    """The selection of a nominated event for the secretariat; `unsent` is the number of offers to send.

    `message` is why a selection was not confirmed, `problems` are (id of the field, message), `sum_line` how the seats
    are shared, `days` the days of the event with their terms.
    """

    template: ClassVar[str] = "teaching/selection.html"
    heading: EventHeading
    phase: str
    message: str
    problems: Sequence[tuple[str, str]]
    sum_line: str
    days: Sequence[tuple[str, str]]
    proposal: ProposalForm | None
    seats: Sequence[NomineeSeat]
    seats_summary: str
    unsent: int
    offers_url: str
    waiting: Sequence[NomineeSeat]
    rounds: Sequence[RoundSection]
    nominees: Sequence[SelectionRow]
    countries: Sequence[CountrySeats]
    observers: ObserverSection | None
    steps: Sequence[TeachingTask]
    confirm_url: str


def page(
    workshop: WorkshopFacts,
    rules: NominationRules,
    proposal: Proposal | None,
    exceptions: ExceptionRows,
    observer: ObserverForm,
    *,
    message: str = "",
    now: datetime,
) -> SelectionPage:
    """Return the selection page; `exceptions` are those of the submitted form."""
    people = selection_rows.nominees(workshop, nominations.of_workshop(workshop.id), now)
    countries = list(rules.countries) or accounts.countries()
    rounds = queries.rounds(workshop.id)
    seats = _proposed_seats(proposal) if proposal else _given_seats(people)
    return SelectionPage(
        heading=event.heading_of(workshop),
        phase=texts.phase_text(workshop, rules, now),
        message=message,
        problems=[*exceptions.problems, *(("alias", str(error)) for error in observer.alias.errors)],
        sum_line=texts.sum_line(countries=len(countries), guaranteed=rules.guaranteed, capacity=workshop.capacity),
        days=texts.days(workshop, rules),
        proposal=_proposal(workshop, proposal, people, exceptions),
        seats=selection_rows.seat_rows(people.in_state(*OPEN_SEATS), people),
        seats_summary=_summary(people, rules),
        unsent=_unsent(workshop, people, now),
        offers_url=url_for("workshops.send_offers", workshop_id=workshop.id),
        waiting=_waiting(people, rounds),
        rounds=_rounds(people, rounds),
        nominees=selection_rows.nominee_rows(people),
        countries=selection_rows.country_rows(people, countries, queries.years_of(workshop.id, countries), seats),
        observers=_observers(workshop, rules, people, observer, now),
        steps=_steps(workshop, rules, people, now),
        confirm_url=url_for("workshops.confirm_selection", workshop_id=workshop.id),
    )


def _is_open(workshop: WorkshopFacts, now: datetime) -> bool:
    return workshop.state in ACTIVE and now < workshop.starts_at


def _proposal(
    workshop: WorkshopFacts, proposal: Proposal | None, people: Nominees, exceptions: ExceptionRows
) -> ProposalForm | None:
    if proposal is None:
        return None
    seats = sum(decision.reason in SEATED for decision in proposal.decisions)
    return ProposalForm(
        rows=selection_rows.proposed_rows(proposal.decisions, people, sent=exceptions.sent),
        fingerprint=proposal.fingerprint,
        seats=ngettext("%(num)s seat of %(total)s is given.", "%(num)s seats of %(total)s are given.", seats,
                       total=workshop.capacity),
        choices=selection_rows.exception_choices(),
        preview_url=url_for("workshops.preview_selection", workshop_id=workshop.id),
    )  # fmt: skip


def _unsent(workshop: WorkshopFacts, people: Nominees, now: datetime) -> int:
    """Return the number of offers that can be sent."""
    return len(people.in_state(NominationState.SELECTED)) if _is_open(workshop, now) else 0


def _proposed_seats(proposal: Proposal) -> Mapping[tuple[str, SeatSource], int]:
    return Counter(
        (decision.country, decision.seat_source) for decision in proposal.decisions if decision.seat_source is not None
    )


def _given_seats(people: Nominees) -> Mapping[tuple[str, SeatSource], int]:
    return Counter(
        (line.country, line.seat_source) for line in people.in_state(*USED_SEATS) if line.seat_source is not None
    )


def _summary(people: Nominees, rules: NominationRules) -> str:
    """Return how many offers were answered, and the number that the event needs."""
    counts = Counter(line.state for line in people.in_state(*OPEN_SEATS))
    confirmed = ngettext("%(num)s person confirmed", "%(num)s people confirmed", counts[NominationState.CONFIRMED])
    offered = ngettext(
        "%(num)s offer is not answered", "%(num)s offers are not answered", counts[NominationState.OFFERED]
    )
    parts = [confirmed, offered]
    if rules.minimum:
        parts.append(_("the minimum is %(n)s", n=rules.minimum))
    return _("%(parts)s.", parts="; ".join(parts))


def _waiting(people: Nominees, rounds: Sequence[RoundLine]) -> list[NomineeSeat]:
    """Return the waiting list in the order of the last round; people under threat have no country."""
    order = {decision.nomination_id: decision.reserve or 0 for line in rounds for decision in line.decisions}
    waiting = people.in_state(NominationState.WAITLISTED)
    waiting.sort(key=lambda line: order.get(line.id, 0))
    return selection_rows.seat_rows(waiting, people)


def _rounds(people: Nominees, rounds: Sequence[RoundLine]) -> list[RoundSection]:
    names = accounts.names([line.made_by for line in rounds if line.made_by]) if rounds else {}
    titles = {RoundKind.SELECTION: _("Selection"), RoundKind.REALLOCATION: _("Free seats shared again")}
    return [
        RoundSection(
            title=_("Round %(n)s: %(title)s", n=line.number, title=titles[line.kind]),
            made_at=line.made_at,
            by=names.get(line.made_by, "") if line.made_by else _("the system"),
            rows=selection_rows.stored_rows(line.decisions, people),
        )
        for line in rounds
    ]


def _observers(
    workshop: WorkshopFacts, rules: NominationRules, people: Nominees, form: ObserverForm, now: datetime
) -> ObserverSection | None:
    if not rules.observers:
        return None
    observers = people.in_state(NominationState.CONFIRMED, observers=True)
    has_room = len(observers) < rules.observers and _is_open(workshop, now)
    return ObserverSection(
        people=selection_rows.seat_rows(observers, people),
        summary=_("%(n)s of %(m)s", n=len(observers), m=rules.observers),
        action=url_for("workshops.add_observer", workshop_id=workshop.id) if has_room else "",
        form=form,
    )


def _steps(workshop: WorkshopFacts, rules: NominationRules, people: Nominees, now: datetime) -> list[TeachingTask]:
    """Return the decisions about the event: go or no go, postpone, resume, cancel."""
    return [*_go(workshop, rules, people), *_other_steps(workshop, now)]


def _go(workshop: WorkshopFacts, rules: NominationRules, people: Nominees) -> Iterable[TeachingTask]:
    if workshop.state is WorkshopState.SELECTION_MADE:
        confirmed = len(people.in_state(NominationState.CONFIRMED))
        sub = _("%(n)s confirmed, at least %(m)s are needed", n=confirmed, m=rules.minimum)
        if rules.decide_by:
            sub = _("%(text)s. Decide by %(day)s", text=sub, day=babel.short_day(rules.decide_by))
        word, kind = pgettext("step", "Open"), "open"
        href = step_url(workshop.id, WorkshopStep.CONFIRM_SEATS)
        yield TeachingTask(name=_("Decide that the event takes place"), sub=sub, href=href, word=word, kind=kind)
    elif workshop.state is WorkshopState.SEATS_CONFIRMED:
        yield TeachingTask(name=_("The event takes place"), href="", word=_("Done"), kind="good")


def _other_steps(workshop: WorkshopFacts, now: datetime) -> Iterable[TeachingTask]:
    if workshop.state is WorkshopState.POSTPONED:
        sub = _("Set the new dates first, in facts and sessions")
        yield TeachingTask(name=_("Resume this event"), sub=sub, href=step_url(workshop.id, WorkshopStep.RESUME))
    elif workshop.state in ACTIVE and now < workshop.starts_at:
        href = step_url(workshop.id, WorkshopStep.POSTPONE)
        yield TeachingTask(name=_("Postpone this event"), sub=_("Its nominations stay."), href=href)
    is_changed = workshop.state in OVER or (workshop.state in ACTIVE and now >= workshop.starts_at)
    if not is_changed:
        href = step_url(workshop.id, WorkshopStep.CANCEL)
        yield TeachingTask(name=_("Cancel this event"), sub=_("It cannot be opened again."), href=href)


def step_url(workshop_id: UUID, step: WorkshopStep) -> str:
    """Return the address of the page of a step."""
    return url_for("workshops.step", workshop_id=workshop_id, step=event.step_name(step))


def is_proposed(workshop: WorkshopFacts, now: datetime) -> bool:
    """Return whether the page shows a proposal."""
    return phase(workshop.times, now) is Phase.NOMINATIONS_CLOSED
