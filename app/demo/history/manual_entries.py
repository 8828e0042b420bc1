"""What was written by hand in the demonstration's year: figures with a document, notes, claims, needs by name."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import partial
from uuid import UUID

from app.catalogue.domain.items import Level
from app.competence.service import claims, needs
from app.demo.cast import roster
from app.demo.history import pdf
from app.demo.history.accounts import Officer
from app.demo.history.timeline import Deed
from app.plan.domain.observations import ObservationState
from app.plan.service import manual_figures as plan
from app.plan.service.manual_figures import NewObservation

LATER = timedelta(days=2)  # until the second person looks at it
CHECKLIST = "Peer review of the written procedure, two reviewers from other countries (fictional)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """A figure from a country's contact point, or from the secretariat for all; `day` counts from the first one."""

    code: str
    country: str
    value: float
    source: str
    day: int
    state: ObservationState
    reason: str = ""
    explanation: str = ""  # of a large change against the last figure


@dataclass(frozen=True, slots=True)
class Noted:
    """A note on an outcome."""

    code: str
    day: int
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class Claimed:
    """An earlier skill that the officer at this place of the country's list claims; `endorsed` None: it waits."""

    country: str
    role: str
    competency: str
    level: Level
    day: int
    endorsed: bool | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A competency that a contact point asks an officer for by name; no role: the tour's practitioner."""

    country: str
    role: str
    competency: str
    level: Level
    day: int


def _procedure(
    country: str, day: int, *, value: float, state: ObservationState, reason: str = "", explanation: str = ""
) -> Reported:
    return Reported(
        code="OC2.3",
        country=country,
        value=value,
        source=CHECKLIST,
        day=day,
        state=state,
        reason=reason,
        explanation=explanation,
    )


REPORTED = (
    _procedure("BG", -96, value=18, state=ObservationState.APPROVED),
    _procedure("AT", -90, value=19, state=ObservationState.APPROVED),
    _procedure("FR", -75, value=17, state=ObservationState.APPROVED),
    _procedure("NL", -41, value=18, state=ObservationState.APPROVED),
    _procedure("MK", -30, value=12, state=ObservationState.APPROVED),
    _procedure("RS", -6, value=16, state=ObservationState.PENDING),
    _procedure(
        "MK", -4, value=19, state=ObservationState.PENDING,
        explanation="The procedure was written anew after the first review and now names interpreters.",
    ),
    _procedure(
        "HU", -20, value=17, state=ObservationState.RETURNED,
        reason="The second reviewer is from your own country. Please ask somebody from another one.",
    ),
    _procedure("IQ", -2, value=15, state=ObservationState.DRAFT),
    Reported(
        code="OC3.4", country="", value=1, day=-47, state=ObservationState.APPROVED,
        source="Joint action day of two members, confirmed by both contact points (fictional)",
    ),
)  # fmt: skip
NOTES = (
    Noted(
        "OC2",
        -32,
        "Coordinator 1",
        "Two workshops on the first contact were held. Officers of the first one begin to lapse: offer a refresher.",
    ),
    Noted(
        "OC1",
        -55,
        "Coordinator 2",
        "One workshop was held and twenty officers came. The next one is in October, so the outcome stays behind.",
    ),
    Noted(
        "OC1",
        -8,
        "Coordinator 1",
        "Digital investigators need the specialist level, which two assessors must see. Nobody has it yet.",
    ),
)
CLAIMED = (
    Claimed("IQ", "investigator", "FIN-01", Level.PRACTITIONER, -9),
    Claimed("IQ", "first_responder", "COP-01", Level.FOUNDATION, -4),
    Claimed("BG", "investigator", "COP-02", Level.PRACTITIONER, -60, endorsed=True),
    Claimed("RS", "investigator", "ONL-06", Level.PRACTITIONER, -52, endorsed=False),
)
ASKED = (
    Asked(roster.FIRST, "", "LRE-03", Level.PRACTITIONER, -140),
    Asked(roster.FIRST, "", "ONL-07", Level.FOUNDATION, -140),
    Asked("IQ", "first_responder", "ONL-08", Level.FOUNDATION, -33),
    Asked("IQ", "investigator", "FIN-02", Level.PRACTITIONER, -33),
    Asked("PK", "first_responder", "COP-02", Level.FOUNDATION, -26),
)


@dataclass(frozen=True, slots=True)
class Office:
    """Who writes: staff by alias, contact points by country, officers."""

    now: datetime
    staff: Mapping[str, UUID]
    contacts: Mapping[str, UUID]
    officers: Sequence[Officer]

    def at(self, day: int) -> datetime:
        """Return the morning of a day, never after now."""
        return min(datetime.combine(self.now.date() + timedelta(days=day), time(9), UTC), self.now)

    def officer(self, country: str, role: str, at: datetime) -> UUID | None:
        """Return an officer who had come by then, in this role if there is one; None where a small cast has nobody."""
        # the tour's practitioner is left as the tour tells it
        there = [one for one in self.officers[1:] if one.player.country == country and one.since < at]
        there.sort(key=lambda one: one.player.roles[0] != role)
        return there[0].id if there else None


def deeds(office: Office) -> Iterator[Deed]:
    """Return all that was written."""
    for reported in REPORTED:
        yield from _reported(office, reported)
    for noted in NOTES:
        at, by = office.at(noted.day), office.staff[noted.by]
        yield Deed(at, by, partial(plan.write_note, noted.code, noted.text, by=by, now=at))
    for claimed in CLAIMED:
        yield from _claimed(office, claimed)
    for asked in ASKED:
        at, by = office.at(asked.day), office.contacts[asked.country]
        officer = office.officer(asked.country, asked.role, at) if asked.role else office.officers[0].id
        if officer is not None:
            yield Deed(at, by, partial(needs.name_need, officer, asked.competency, asked.level, by=by, now=at))


def _reported(office: Office, it: Reported) -> Iterator[Deed]:
    at, second = office.at(it.day), office.staff["Coordinator 1"]
    by = office.contacts[it.country] if it.country else office.staff["Coordinator 2"]
    kept: list[UUID] = []
    new = NewObservation(
        code=it.code, country=it.country, day=at.date(), value=it.value, source=it.source, explanation=it.explanation
    )
    yield Deed(at, by, lambda: kept.append(_entered(new, by, at, hand_on=it.state is not ObservationState.DRAFT)))
    later = at + LATER
    if it.state is ObservationState.APPROVED:
        yield Deed(later, second, lambda: plan.approve(kept[0], by=second, now=later))
    elif it.state is ObservationState.RETURNED:
        yield Deed(later, second, lambda: plan.return_(kept[0], by=second, reason=it.reason, now=later))


def _entered(new: NewObservation, by: UUID, now: datetime, *, hand_on: bool) -> UUID:
    found = plan.enter(new, by=by, now=now)
    about = [
        "Source of a figure (fictional)",
        f"Indicator {new.code}, {new.country or 'all members'}, {new.day.isoformat()}: {new.value:g}",
        new.source,
    ]
    plan.add_file(found, pdf.pdf(about), by=by, now=now)
    if hand_on:
        plan.submit(found, by=by, now=now)
    return found


def _claimed(office: Office, it: Claimed) -> Iterator[Deed]:
    at, by = office.at(it.day), office.contacts[it.country]
    officer = office.officer(it.country, it.role, at)
    if officer is None:
        return
    kept: list[UUID] = []
    yield Deed(at, officer, lambda: kept.append(claims.claim_skill(officer, it.competency, it.level, at)))
    endorsed, later = it.endorsed, at + LATER
    if endorsed is not None:
        reason = "" if endorsed else "The certificate is from another field. Please take part in a workshop."
        yield Deed(
            later,
            by,
            lambda: claims.decide_claim(kept[0], by=by, endorse=endorsed, reason=reason, now=later),
        )
