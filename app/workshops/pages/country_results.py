"""Build the pages of a contact point after nominations: states of the nominees, decline, and replace an officer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from app.access.policy import Actor
from app.i18n.babel import words
from app.identity.queries import people as accounts
from app.web.pages import Page
from app.workshops import labels
from app.workshops.domain.allocation import SeatSource
from app.workshops.domain.events import ACTIVE
from app.workshops.domain.nominations import (
    ENDED,
    OPEN_SEATS,
    EventDeadlines,
    NominationFacts,
    NominationState,
    next_step,
)
from app.workshops.domain.phases import Phase, phase
from app.workshops.domain.times import end_of
from app.workshops.forms.country_nominations import DeclineNomineeForm, SubstituteForm
from app.workshops.labels import nominations as nomination_labels
from app.workshops.pages import country_headings as headings, country_nomination_words as text
from app.workshops.pages.country_headings import NominationHeading
from app.workshops.pages.country_nomination_words import Titles
from app.workshops.queries import country_nominations, nomination_candidates, nominations
from app.workshops.queries.country_nominations import CountryEvent, CountryNomination
from app.workshops.queries.nomination_candidates import PAGE_SIZE, NominationCandidate
from app.workshops.queries.nominations import DecisionLine, NominationLine
from app.workshops.service.offers import SUBSTITUTE_UNTIL


@dataclass(frozen=True, slots=True, kw_only=True)
class NomineeResult:
    """A nominee after the nominations: the state, and what was decided, why, and who acts next until when."""

    alias: str
    rank: str
    word: str
    kind: str
    facts: Sequence[str]
    replace_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryResultPage(Page):
    """The nominees of a country; `lead` says in which phase the event is."""

    template: ClassVar[str] = "workshops/country_results.html"
    heading: NominationHeading
    word: str
    kind: str
    lead: str
    nominees: Sequence[NomineeResult]
    replace_until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineNomineePage(Page):
    """The reason for which an officer is declined."""

    template: ClassVar[str] = "workshops/decline_nominee.html"
    heading: NominationHeading
    alias: str
    aim: str
    form: DeclineNomineeForm
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubstituteRow:
    """An officer who can replace a person."""

    id: str
    alias: str
    facts: Sequence[str]
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SubstitutePage(Page):
    """The officers who can replace a person: the waiting list of the country first, then others who fit."""

    template: ClassVar[str] = "workshops/substitute.html"
    heading: NominationHeading
    alias: str
    until: str
    form: SubstituteForm
    officers: Sequence[SubstituteRow]
    search: str
    url: str


def page(actor: Actor, event: CountryEvent, now: datetime) -> CountryResultPage:
    """Return the states of the nominees of a country: those with a seat or a place first, then those who ended."""
    lines = sorted(nominations.of_country(actor, event.workshop.id), key=_position)
    ids = [line.person_id for line in lines]
    names = accounts.names(ids)
    places = nominations.waiting_places(event.workshop.id)
    decisions = {
        nomination_id: replace(decision, reserve=places.get(nomination_id, decision.reserve))
        for nomination_id, decision in nominations.last_decisions([line.id for line in lines]).items()
    }
    unsupervised = country_nominations.without_supervisor(ids, now.date())
    current = phase(event.workshop.times, now)
    word, kind = text.PHASES[current]
    return CountryResultPage(
        heading=headings.heading(actor, event),
        word=str(word),
        kind=kind,
        lead=_lead(event, current),
        nominees=[
            _nominee(actor, event, line, names, decisions, has_supervisor=line.person_id not in unsupervised, now=now)
            for line in lines
        ],
        replace_until=_replace_day(event) if _is_replaceable(event, now) else "",
    )


def decline_page(actor: Actor, loaded: CountryNomination, form: DeclineNomineeForm) -> DeclineNomineePage:
    """Return the page on which an officer is declined."""
    line = loaded.line
    return DeclineNomineePage(
        heading=headings.heading(actor, loaded.event),
        alias=accounts.names([line.person_id])[line.person_id],
        aim=line.aim,
        form=form,
        url=url_for("workshops.decline_nominee", workshop_id=line.workshop_id, nomination_id=line.id),
    )


def can_replace(event: CountryEvent, line: NominationLine, now: datetime) -> bool:
    """Return whether a person with a seat or an offer can be replaced by another officer of the country."""
    is_participant = line.state in OPEN_SEATS and line.seat_source is not SeatSource.OBSERVER
    return is_participant and _is_replaceable(event, now)


def substitutes(actor: Actor, event: CountryEvent, search: str, now: datetime) -> list[NominationCandidate]:
    """Return the officers without an obstacle: the waiting list of the country by rank, then others who fit."""
    lines = nominations.of_country(actor, event.workshop.id)
    taken = {actor.id, *(line.person_id for line in lines if line.state not in ENDED)}
    today = now.date()
    others = nomination_candidates.candidates(event.workshop, event.country, today, search=search, without=taken)
    fitting = [candidate for candidate in others if not candidate.obstacles]
    return _reserve(actor, event, lines, now) + fitting[:PAGE_SIZE]


def _reserve(
    actor: Actor, event: CountryEvent, lines: Sequence[NominationLine], now: datetime
) -> list[NominationCandidate]:
    """Return the officers of the waiting list without an obstacle, and those who were admitted in spite of one."""
    waiting = {line.person_id: line for line in lines if line.state is NominationState.WAITLISTED}
    waiting.pop(actor.id, None)
    officers = nomination_candidates.officers(event.country, list(waiting), now.date())
    answers = {person_id: line.language_level for person_id, line in waiting.items()}
    in_order = sorted(officers.values(), key=lambda officer: waiting[officer.person_id].rank or 0)
    described = nomination_candidates.describe(event.workshop, in_order, answers, now.date())
    return [row for row in described if not row.obstacles or waiting[row.person_id].admission_reason]


def substitute_page(
    actor: Actor, loaded: CountryNomination, form: SubstituteForm, officers: Iterable[NominationCandidate], search: str
) -> SubstitutePage:
    """Return the page on which a person is replaced."""
    line, event = loaded.line, loaded.event
    lines = nominations.of_country(actor, event.workshop.id)
    reserve = {row.person_id for row in lines if row.state is NominationState.WAITLISTED}
    titles = text.titles(actor)
    return SubstitutePage(
        heading=headings.heading(actor, event),
        alias=accounts.names([line.person_id])[line.person_id],
        until=_replace_day(event),
        form=form,
        officers=[
            SubstituteRow(
                id=str(candidate.person_id),
                alias=candidate.officer.alias,
                facts=_substitute_facts(candidate, titles, is_reserve=candidate.person_id in reserve),
                is_chosen=form.officer.data == str(candidate.person_id),
            )
            for candidate in officers
        ],
        search=search,
        url=url_for("workshops.substitute_nominee", workshop_id=line.workshop_id, nomination_id=line.id),
    )


def _nominee(
    actor: Actor,
    event: CountryEvent,
    line: NominationLine,
    names: Mapping[UUID, str],
    decisions: Mapping[UUID, DecisionLine],
    *,
    has_supervisor: bool,
    now: datetime,
) -> NomineeResult:
    word, kind = nomination_labels.state(line.state)
    return NomineeResult(
        alias=names[line.person_id],
        rank=str(line.rank or ""),
        word=str(word),
        kind=kind,
        facts=_facts(event, line, decisions.get(line.id), has_supervisor=has_supervisor, now=now),
        replace_url=_replace_url(actor, event, line, now),
    )


def _position(line: NominationLine) -> tuple[bool, int, str]:
    return line.state in ENDED, line.rank or 1000, str(line.state)


def _lead(event: CountryEvent, current: Phase) -> str:
    if current is Phase.ANNOUNCED:
        return _("Nominations open on %(day)s.", day=words(event.rules.opens))
    if current is Phase.CANCELLED:
        return _("Cancelled: %(reason)s", reason=event.workshop.reason)
    if current is Phase.POSTPONED:
        return labels.postponed_text(event.workshop.postponed_reason)
    return _("Nominations closed on %(day)s.", day=words(event.rules.deadline))


def _facts(
    event: CountryEvent,
    line: NominationLine,
    decision: DecisionLine | None,
    *,
    has_supervisor: bool,
    now: datetime,
) -> list[str]:
    facts = NominationFacts(line.state, line.offered_until, has_supervisor)
    step = next_step(facts, _deadlines(event), now)
    reason = text.own_reason(line.decision_reason)
    if decision is not None and decision.exception_reason == reason:
        reason = ""  # the decision says it
    texts = (_decision(line, decision), reason, text.next_step(step, event.workshop.time_zone))
    return [fact for fact in texts if fact]


def _decision(line: NominationLine, decision: DecisionLine | None) -> str:
    """Return the last decision, or the source of a seat that no decision gave: a substitute's may be an earlier one."""
    if decision is not None and line.seat_source is not SeatSource.SUBSTITUTE:
        return text.decision(decision)
    return str(nomination_labels.SOURCES[line.seat_source]) if line.seat_source is not None else ""


def _deadlines(event: CountryEvent) -> EventDeadlines:
    workshop, day = event.workshop, event.rules.reallocation
    return EventDeadlines(
        state=workshop.state,
        closes_at=workshop.times.closes_at,
        reallocates_at=None if day is None else end_of(day, workshop.time_zone),
        starts_at=workshop.starts_at,
    )


def _is_replaceable(event: CountryEvent, now: datetime) -> bool:
    return event.workshop.state in ACTIVE and now < event.workshop.starts_at - SUBSTITUTE_UNTIL


def _replace_day(event: CountryEvent) -> str:
    return words(labels.local_day(event.workshop.starts_at - SUBSTITUTE_UNTIL, event.workshop.time_zone))


def _replace_url(actor: Actor, event: CountryEvent, line: NominationLine, now: datetime) -> str:
    if line.person_id == actor.id or not can_replace(event, line, now):
        return ""
    return url_for("workshops.confirm_substitute", workshop_id=line.workshop_id, nomination_id=line.id)


def _substitute_facts(candidate: NominationCandidate, titles: Titles, *, is_reserve: bool) -> list[str]:
    needs = [text.competency(code, titles) for code in candidate.needs]
    return [
        fact
        for fact in (
            _("On the waiting list") if is_reserve else "",
            labels.audience(candidate.officer.roles, titles.roles),
            text.needs(needs),
        )
        if fact
    ]
