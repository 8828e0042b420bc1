"""Manual entries of the demonstration: plan figures with a document, notes on outcomes, claims, required skills."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import partial
from uuid import UUID

from app.catalogue.domain.items import Level
from app.competence.service import claims, needs
from app.demo.cast import roster
from app.demo.history import pdf
from app.demo.history.accounts import DemoOfficer
from app.demo.history.timeline import TimedAction
from app.plan.domain.observations import ObservationState
from app.plan.service import manual_figures as plan
from app.plan.service.manual_figures import NewObservation

LATER = timedelta(days=2)  # until the second person decides
CHECKLIST = "Peer review of the written procedure, two reviewers from other countries (fictional)"


@dataclass(frozen=True, slots=True)
class ReportedFigure:
    """A figure of a country, or of all countries if `country` is empty. Days count from the first day."""

    country: str
    day: int
    value: float
    state: ObservationState
    code: str = "OC2.3"
    source: str = CHECKLIST
    reason: str = ""
    explanation: str = ""  # of a large change
    back: int = 0  # days from the day of the value to its entry


@dataclass(frozen=True, slots=True)
class OutcomeNote:
    """A note on an outcome."""

    code: str
    day: int
    by: str
    text: str


@dataclass(frozen=True, slots=True)
class OfficerEntry:
    """A claim of an earlier skill by an officer with a role, or a competency that a contact point requires of one.

    Without a role it is the practitioner of the tour. `endorsed` is None while a claim is open.
    """

    country: str
    role: str
    competency: str
    level: Level
    day: int
    endorsed: bool | None = None


FIGURES = (
    ReportedFigure("BG", -96, 18, ObservationState.APPROVED),
    ReportedFigure("AT", -90, 19, ObservationState.APPROVED),
    ReportedFigure("FR", -75, 17, ObservationState.APPROVED),
    ReportedFigure("NL", -41, 13, ObservationState.APPROVED),  # three points more are needed
    ReportedFigure("MK", -30, 17, ObservationState.APPROVED),
    ReportedFigure("RS", -6, 16, ObservationState.PENDING),
    ReportedFigure(
        "MK", -4, 19, ObservationState.PENDING,
        explanation="The procedure was rewritten after the first review and now names interpreters.",
    ),
    ReportedFigure(
        "HU", -20, 17, ObservationState.RETURNED,
        reason="The second reviewer is from your own country. Please ask a reviewer from another one.",
    ),
    ReportedFigure("IQ", -2, 15, ObservationState.DRAFT),
    ReportedFigure("BG", -52, 3, ObservationState.APPROVED, code="OC2.4"),
    ReportedFigure("FR", -34, 3, ObservationState.APPROVED, code="OC2.4"),
    ReportedFigure("HU", -21, 2, ObservationState.APPROVED, code="OC2.4"),
    ReportedFigure(
        "", -47, 1, ObservationState.APPROVED, code="OC3.4",
        source="Joint action day of two members, confirmed by both contact points (fictional)",
    ),
)  # fmt: skip
NOTES = (
    OutcomeNote(
        "OC2",
        -32,
        "Coordinator 1",
        "Two workshops on the first contact were held. Officers of the first one begin to lapse: offer a refresher.",
    ),
    OutcomeNote(
        "OC1",
        -55,
        "Coordinator 2",
        "One workshop was held and twenty officers came. The next one is in October, so the outcome stays behind.",
    ),
    OutcomeNote(
        "OC1",
        -8,
        "Coordinator 1",
        "Digital investigators need the specialist level, which two assessors must see. No officer has it yet.",
    ),
)
CLAIMS = (
    OfficerEntry("IQ", "investigator", "FIN-01", Level.PRACTITIONER, -9),
    OfficerEntry("IQ", "first_responder", "COP-01", Level.FOUNDATION, -4),
    OfficerEntry("BG", "investigator", "COP-02", Level.PRACTITIONER, -60, endorsed=True),
    OfficerEntry("RS", "investigator", "ONL-06", Level.PRACTITIONER, -52, endorsed=False),
)
NEEDS = (
    OfficerEntry(roster.FIRST, "", "LRE-03", Level.PRACTITIONER, -140),
    OfficerEntry(roster.FIRST, "", "ONL-07", Level.FOUNDATION, -140),
    OfficerEntry("IQ", "first_responder", "ONL-08", Level.FOUNDATION, -33),
    OfficerEntry("IQ", "investigator", "FIN-02", Level.PRACTITIONER, -33),
    OfficerEntry("PK", "first_responder", "COP-02", Level.FOUNDATION, -26),
)


@dataclass(frozen=True, slots=True)
class DemoStaff:
    """The current time, and the ids of people who make entries: staff by alias, contact points by country, officers."""

    now: datetime
    staff: Mapping[str, UUID]
    contacts: Mapping[str, UUID]
    officers: Sequence[DemoOfficer]

    def at(self, day: int) -> datetime:
        """Return the morning of a day, or `now` if that is earlier."""
        return min(datetime.combine(self.now.date() + timedelta(days=day), time(9), UTC), self.now)

    def officer(self, country: str, role: str, at: datetime) -> UUID | None:
        """Return an officer who arrived before a time, with the role if possible, or None."""
        # the practitioner of the tour is not changed
        present = [
            candidate for candidate in self.officers[1:] if candidate.player.country == country and candidate.since < at
        ]
        return min(present, key=lambda officer: officer.player.roles[0] != role).id if present else None


def actions(office: DemoStaff) -> Iterator[TimedAction]:
    """Return all manual entries."""
    for figure in FIGURES:
        yield from figure_actions(office, figure)
    for note in NOTES:
        at, by = office.at(note.day), office.staff[note.by]
        yield TimedAction(at, by, partial(plan.write_note, note.code, note.text, by=by, now=at))
    for claim in CLAIMS:
        yield from _claim_actions(office, claim)
    for need in NEEDS:
        at, by = office.at(need.day), office.contacts[need.country]
        officer = office.officer(need.country, need.role, at) if need.role else office.officers[0].id
        if officer is not None:
            yield TimedAction(at, by, partial(needs.name_need, officer, need.competency, need.level, by=by, now=at))


def figure_actions(office: DemoStaff, figure: ReportedFigure) -> Iterator[TimedAction]:
    """Return the entry of a figure and the decision of a second person."""
    at, second = office.at(figure.day), office.staff["Coordinator 1"]
    by = office.contacts[figure.country] if figure.country else office.staff["Coordinator 2"]
    ids: list[UUID] = []
    new = NewObservation(
        code=figure.code,
        country=figure.country,
        day=at.date() - timedelta(days=figure.back),
        value=figure.value,
        source=figure.source,
        explanation=figure.explanation,
    )
    yield TimedAction(
        at, by, lambda: ids.append(_enter_figure(new, by, at, submits=figure.state is not ObservationState.DRAFT))
    )
    later = at + LATER
    if figure.state is ObservationState.APPROVED:
        yield TimedAction(later, second, lambda: plan.approve(ids[0], by=second, now=later))
    elif figure.state is ObservationState.RETURNED:
        yield TimedAction(later, second, lambda: plan.return_(ids[0], by=second, reason=figure.reason, now=later))


def _enter_figure(new: NewObservation, by: UUID, now: datetime, *, submits: bool) -> UUID:
    figure_id = plan.enter(new, by=by, now=now)
    document = [
        "Source of a figure (fictional)",
        f"Indicator {new.code}, {new.country or 'all members'}, {new.day.isoformat()}: {new.value:g}",
        new.source,
    ]
    plan.add_file(figure_id, pdf.pdf(document), by=by, now=now)
    if submits:
        plan.submit(figure_id, by=by, now=now)
    return figure_id


def _claim_actions(office: DemoStaff, claim: OfficerEntry) -> Iterator[TimedAction]:
    at, by = office.at(claim.day), office.contacts[claim.country]
    officer = office.officer(claim.country, claim.role, at)
    if officer is None:
        return
    ids: list[UUID] = []
    yield TimedAction(at, officer, lambda: ids.append(claims.claim_skill(officer, claim.competency, claim.level, at)))
    endorsed, later = claim.endorsed, at + LATER
    if endorsed is not None:
        reason = "" if endorsed else "The certificate is from another field. Please take part in a workshop."
        yield TimedAction(
            later,
            by,
            lambda: claims.decide_claim(ids[0], by=by, endorse=endorsed, reason=reason, now=later),
        )
