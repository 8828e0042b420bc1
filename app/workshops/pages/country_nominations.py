"""Build `/country/nominations/<workshop>` while nominations are open: rank and nominate the officers of a country."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _, ngettext
from sqlalchemy.exc import NoResultFound

from app.access.policy import Actor
from app.i18n import babel
from app.i18n.babel import words
from app.identity.queries import people as accounts
from app.identity.queries.people import OfficerLine
from app.web.pages import Page
from app.workshops import labels
from app.workshops.domain import ranking
from app.workshops.domain.allocation import CountedAs
from app.workshops.domain.nominations import BEFORE_SELECTION, ENDED, NominationState
from app.workshops.forms.country_nominations import DEFAULT_REASON, NominationInput, fingerprint
from app.workshops.labels import nominations as nomination_labels
from app.workshops.pages import country_headings as headings, country_nomination_words as text
from app.workshops.pages.country_headings import NominationHeading
from app.workshops.pages.country_nomination_words import Titles
from app.workshops.pages.participation import RouteStep
from app.workshops.queries import country_nominations, nomination_candidates, nominations
from app.workshops.queries.country_nominations import CountryEvent
from app.workshops.queries.nomination_candidates import PAGE_SIZE, NominationCandidate
from app.workshops.queries.nominations import NominationLine
from app.workshops.service.nominations import RankedOfficer


@dataclass(frozen=True, slots=True, kw_only=True)
class NomineeRow:
    """An officer of the form; `position` is that in the order, 0 for an officer who is not ticked."""

    id: str
    alias: str
    href: str
    facts: Sequence[str]
    lacks: Sequence[str]
    aim: str
    word: str
    kind: str
    position: int
    outlook: str
    reason: str
    text: str
    counted: str
    decline_url: str

    @property
    def is_ticked(self) -> bool:
        """Return whether the officer is in the order."""
        return self.position > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NominatePage(Page):
    """The form of the nominations of a country: officers in their order, officers who ask, others who fit."""

    template: ClassVar[str] = "workshops/nominate.html"
    heading: NominationHeading
    route: Sequence[RouteStep]
    until: str
    errors: Sequence[tuple[str, str]]
    order: Sequence[NomineeRow]
    asking: Sequence[NomineeRow]
    others: Sequence[NomineeRow]
    is_search: bool
    search: str
    previous: int
    next: int
    page_number: int
    ended: Sequence[tuple[str, str, str, str]]
    reasons: Sequence[tuple[str, str]]
    counted: Sequence[tuple[str, str]]
    before: str
    url: str
    arrange_url: str
    sheet_url: str


@dataclass(frozen=True, slots=True)
class NomineeForm:
    """What the rows of the form are built from."""

    event: CountryEvent
    nominations: Mapping[UUID, NominationLine]
    unsupervised: Collection[UUID]
    titles: Titles
    places: Mapping[UUID, int] = field(default_factory=dict)
    entered: Mapping[UUID, RankedOfficer] = field(default_factory=dict)


def saved_input(actor: Actor, event: CountryEvent, further: Iterable[UUID] = ()) -> NominationInput:
    """Return the saved order of a country, with further officers after it who have no decision yet."""
    lines = nominations.of_country(actor, event.workshop.id)
    ranked = ranked_lines(lines)
    taken = {line.person_id for line in lines if line.state not in (*ENDED, *BEFORE_SELECTION)}
    taken |= {line.person_id for line in ranked} | {actor.id}
    added = [_entered(person_id, None) for person_id in further if person_id not in taken]
    return NominationInput(
        officers=tuple([_entered(line.person_id, line) for line in ranked] + added)[: ranking.MOST_NOMINATED],
        before=fingerprint([line.person_id for line in ranked]),
    )


def ranked_lines(lines: Sequence[NominationLine]) -> list[NominationLine]:
    """Return the nominations that the contact point ranked, in their order."""
    ranked = [line for line in lines if line.rank is not None and line.state in BEFORE_SELECTION]
    return sorted(ranked, key=lambda line: line.rank or 0)


def page(
    actor: Actor, event: CountryEvent, entered: NominationInput, *, error: str = "", now: datetime
) -> NominatePage:
    """Return the form with what was entered. Raises NoResultFound for an officer of another country."""
    today = now.date()
    lines = _lines_of_others(actor, event)
    live = {line.person_id: line for line in lines if line.state in BEFORE_SELECTION}
    chosen = [officer.person_id for officer in entered.officers]
    asking = list(live.keys() - set(chosen))
    asking.sort(key=list(live).index)
    officers = _officers(event, [*chosen, *asking], live, today)
    candidates = _candidates(actor, event, entered, lines, [*chosen, *asking], today)
    start = (entered.page - 1) * PAGE_SIZE
    form = NomineeForm(
        event=event,
        nominations=live,
        unsupervised=country_nominations.without_supervisor([*chosen, *asking], today),
        titles=text.titles(actor),
        places=dict(zip(chosen, range(1, len(chosen) + 1), strict=True)),
        entered=dict(zip(chosen, entered.officers, strict=True)),
    )
    rows = _rows(form, officers, live, today)
    return NominatePage(
        heading=headings.heading(actor, event),
        route=_route(event, live.values(), now),
        until=text.closing(event.workshop.times.closes_at, event.workshop, now),
        errors=[("nominees", error)] if error else [],
        order=rows[: len(chosen)],
        asking=rows[len(chosen) :],
        others=[_row(form, candidate) for candidate in candidates[start : start + PAGE_SIZE]],
        is_search=bool(entered.search),
        search=entered.search,
        previous=entered.page - 1,
        next=entered.page + 1 if len(candidates) > start + PAGE_SIZE else 0,
        page_number=entered.page,
        ended=_ended(lines, live),
        reasons=text.reasons(),
        counted=text.counted_as(),
        before=entered.before,
        url=url_for("workshops.nominate", workshop_id=event.workshop.id),
        arrange_url=url_for("workshops.arrange_nominations", workshop_id=event.workshop.id),
        sheet_url=url_for("workshops.show_nomination_sheet", workshop_id=event.workshop.id),
    )


def _lines_of_others(actor: Actor, event: CountryEvent) -> list[NominationLine]:
    """Return the nominations of the country without the actor's own."""
    return [line for line in nominations.of_country(actor, event.workshop.id) if line.person_id != actor.id]


def _entered(person_id: UUID, line: NominationLine | None) -> RankedOfficer:
    if line is None:
        return RankedOfficer(person_id=person_id, reason=DEFAULT_REASON)
    return RankedOfficer(
        person_id=person_id,
        reason=line.nomination_reason or DEFAULT_REASON,
        text=line.nomination_text,
        counted_as=line.counted_as or CountedAs.NOT_SAID,
    )


def _officers(
    event: CountryEvent, ids: Sequence[UUID], live: Mapping[UUID, NominationLine], today: date
) -> list[OfficerLine]:
    """Return the officers of the form; one who asked and has left the service since is shown by the alias alone."""
    lines = nomination_candidates.officers(event.country, ids, today)
    missing = [person_id for person_id in ids if person_id not in lines]
    if any(person_id not in live for person_id in missing):
        raise NoResultFound
    names = accounts.names(missing) if missing else {}
    return [lines.get(person_id) or OfficerLine(names[person_id], person_id, (), "", False) for person_id in ids]


def _candidates(
    actor: Actor,
    event: CountryEvent,
    entered: NominationInput,
    lines: Sequence[NominationLine],
    listed: Sequence[UUID],
    today: date,
) -> list[NominationCandidate]:
    with_decision = [line.person_id for line in lines if line.state not in ENDED]
    without = {actor.id, *listed, *with_decision}
    return nomination_candidates.candidates(
        event.workshop, event.country, today, search=entered.search, without=without
    )


def _rows(
    form: NomineeForm, officers: Sequence[OfficerLine], live: Mapping[UUID, NominationLine], today: date
) -> list[NomineeRow]:
    answers = {person_id: line.language_level for person_id, line in live.items()}
    described = nomination_candidates.describe(form.event.workshop, officers, answers, today)
    return [_row(form, candidate) for candidate in described]


def _row(form: NomineeForm, candidate: NominationCandidate) -> NomineeRow:
    person_id, officer = candidate.person_id, candidate.officer
    nomination = form.nominations.get(person_id)
    entered = form.entered.get(person_id) or _entered(person_id, nomination)
    position = form.places.get(person_id, 0)
    word, kind = _endorsement(nomination, has_supervisor=person_id not in form.unsupervised)
    return NomineeRow(
        id=str(person_id),
        alias=officer.alias,
        href=url_for("competence.show_officer", person_id=person_id) if officer.roles else "",
        facts=_facts(form, candidate),
        lacks=[text.obstacle(obstacle, form.titles) for obstacle in candidate.obstacles],
        aim=nomination.aim if nomination else "",
        word=word,
        kind=kind,
        position=position,
        outlook=_outlook(form.event, position),
        reason=entered.reason.value,
        text=entered.text,
        counted=entered.counted_as.value,
        decline_url=_decline_url(form, nomination),
    )


def _facts(form: NomineeForm, candidate: NominationCandidate) -> list[str]:
    """Return the roles, the competencies of the event that the officer needs, and that all courses are done."""
    needs = [text.competency(code, form.titles) for code in candidate.needs]
    roles = labels.audience(candidate.officer.roles, form.titles.roles)
    service = _("%(role)s, %(agency)s", role=roles, agency=candidate.officer.agency) if roles else ""
    facts = [service, text.needs(needs)]
    if form.event.workshop.prerequisites and not candidate.obstacles:
        facts.append(_("All needed courses are done"))
    return [fact for fact in facts if fact]


def _endorsement(nomination: NominationLine | None, *, has_supervisor: bool) -> tuple[str, str]:
    """Return the word and the shape of the endorsement of an officer."""
    if nomination is None and has_supervisor:
        return "", ""
    if nomination is None:
        return _("You endorse"), "open"
    if nomination.state is NominationState.NOMINATED:
        return _("Nominated"), "good"
    if nomination.endorsed_at is not None:
        return _("Endorsed on %(day)s", day=words(nomination.endorsed_at)), "good"
    return (_("Supervisor is asked"), "wait") if has_supervisor else (_("You endorse"), "open")


def _outlook(event: CountryEvent, position: int) -> str:
    if not position:
        return ""
    outlook = ranking.outlook(position, guaranteed=event.rules.guaranteed, capacity=event.workshop.capacity)
    return str(text.OUTLOOKS[outlook])


def _decline_url(form: NomineeForm, nomination: NominationLine | None) -> str:
    """Return the page on which an officer is declined; an interest is declined by the supervisor if there is one."""
    if nomination is None:
        return ""
    is_supervised = nomination.person_id not in form.unsupervised
    if nomination.state is NominationState.INTERESTED and is_supervised:
        return ""
    workshop_id = form.event.workshop.id
    return url_for("workshops.confirm_decline_of_nominee", workshop_id=workshop_id, nomination_id=nomination.id)


def _route(event: CountryEvent, live: Iterable[NominationLine], now: datetime) -> list[RouteStep]:
    lines = list(live)
    endorsed = sum(line.endorsed_at is not None for line in lines)
    ranked = sum(line.rank is not None for line in lines)
    rules = event.rules
    return [
        RouteStep(name=_("Interest"), small=ngettext("%(num)s officer", "%(num)s officers", len(lines)), node="done"),
        RouteStep(
            name=_("Endorsement"),
            small=_("%(n)s of %(m)s", n=endorsed, m=len(lines)),
            node="done" if endorsed == len(lines) else "",
        ),
        RouteStep(
            name=_("Nomination"),
            small=_("%(ranked)s by you, until %(day)s", ranked=ranked, day=babel.short_day(rules.deadline)),
            node="here",
        ),
        RouteStep(name=_("Selection"), small=_("By the secretariat and the host")),
        RouteStep(
            name=_("Confirmation"), small=ngettext("Within %(num)s day", "Within %(num)s days", rules.offer_days)
        ),
    ]


def _ended(lines: Sequence[NominationLine], live: Mapping[UUID, NominationLine]) -> list[tuple[str, str, str, str]]:
    """Return alias, word, shape and reason of the officers whose nomination has ended before the selection."""
    ended = [line for line in lines if line.state in ENDED and line.person_id not in live]
    names = accounts.names([line.person_id for line in ended]) if ended else {}
    return [
        (
            names[line.person_id],
            str(nomination_labels.STATES[line.state][0]),
            nomination_labels.STATES[line.state][1],
            text.own_reason(line.decision_reason),
        )
        for line in ended
    ]
