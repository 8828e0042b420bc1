"""Nominated events of the demonstration: with nominations, before its selection, with offers, held, postponed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import select

from app.access.policy import Actor, Role, Sensitivity
from app.db.session import db
from app.demo.cast import roster
from app.demo.history.accounts import DemoOfficer
from app.demo.history.manual_entries import DemoStaff
from app.demo.history.timeline import TimedAction
from app.demo.workshops import subjects
from app.demo.workshops.subjects import Subject
from app.workshops.domain.allocation import CountedAs
from app.workshops.domain.attendance import Attendance
from app.workshops.domain.drafts import NewSession, NewWorkshop
from app.workshops.domain.events import Format, SessionKind, WorkshopKind
from app.workshops.domain.nominations import LanguageLevel, NominationReason, NominationState, UseTime
from app.workshops.domain.phases import NominationRules
from app.workshops.models import Nomination, Workshop
from app.workshops.queries import bookings, workshops
from app.workshops.service import (
    closing,
    lifecycle,
    nomination_events,
    nominations,
    offers,
    results,
    selection,
    staff,
)
from app.workshops.service.nominations import Interest, RankedOfficer

SECRETARIAT, CLEARER, SUPERVISOR = "Coordinator 1", "Coordinator 2", "Supervisor 1"
CREATED = -40  # day, counted from the first day of the demonstration
CLEARED, ANNOUNCED, OPENED, RANKED = 2, 4, 5, 17  # days after the event was created
WOMEN = 3  # each third nominee of a held event is counted as a woman
AIM = "I want to use it at my post and show it to my shift."
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class NominatedEvent:
    """An event with the days of its nominations, and how many officers of each country are nominated."""

    code: str
    kind: WorkshopKind = WorkshopKind.WORKSHOP
    subject: Subject
    host: str
    town: str
    venue: str
    activity: str
    first: int  # day
    deadline: int  # day
    capacity: int
    nominees: dict[str, int]
    trainer: str = "Trainer 1"
    interested: int = 0  # officers of the first country who ask and wait for the endorsement, the tour's first
    has_offers: bool = False  # the seats are shared and offered
    created: int = CREATED  # day
    with_tour: bool = False  # the practitioner of the tour is nominated
    is_held: bool = False  # it took place and is closed
    length: int = 3  # days, the first of `SESSIONS`
    postponed: int | None = None  # day
    postponed_because: str = ""


EVENTS = (
    NominatedEvent(
        code="WS-2027-11", subject=subjects.FIRST_CONTACT, host="RS", town="Novi Sad",
        venue="Training house J (fictional)", activity="A07", first=117, deadline=16, capacity=20,
        nominees={"BG": 3, "IQ": 2, "MK": 1}, interested=3,
    ),
    NominatedEvent(
        code="WS-2027-10", subject=subjects.ONLINE_TRACES, host="BG", town="Varna",
        venue="Training house K (fictional)", activity="A06", first=89, deadline=-2, capacity=8,
        nominees={"BG": 4, "IQ": 3, "PK": 3, "RS": 4, "MK": 1, "AZ": 1},
    ),
    NominatedEvent(
        code="SV-2027-03", kind=WorkshopKind.STUDY_VISIT, subject=subjects.REFERRAL, host="AT", town="Vienna",
        venue="Referral centre C (fictional)", activity="A10", first=61, deadline=-9, capacity=6,
        nominees={"BG": 3, "IQ": 3, "PK": 2, "RS": 2, "BD": 1}, has_offers=True,
    ),
    NominatedEvent(
        code="WS-2027-09", subject=subjects.FIRST_CONTACT, host="RS", town="Novi Sad",
        venue="Training house J (fictional)", activity="A07", created=-86, first=-10, deadline=-48, capacity=14,
        nominees={"BG": 4, "IQ": 4, "PK": 4, "RS": 4}, has_offers=True, with_tour=True, is_held=True,
    ),
    NominatedEvent(
        code="WS-2027-12", subject=subjects.INTERPRETERS, host="MK", town="Bitola",
        venue="Training house M (fictional)", activity="A07", created=-54, first=33, deadline=-16, capacity=6,
        nominees={"AZ": 1, "BG": 3, "IQ": 3}, has_offers=True, with_tour=True, length=2, postponed=-4,
        postponed_because="The interpreters of the practice have to be in court on these days.",
    ),
)  # fmt: skip
SESSIONS = (
    (0, SessionKind.LECTURE, time(9), time(12), subjects.OPENING),
    (1, SessionKind.PRACTICE, time(9), time(12), subjects.PAIRS),
    (2, SessionKind.PRACTICE, time(9), time(12), subjects.GROUPS),
)


def actions(office: DemoStaff) -> Iterator[TimedAction]:
    """Return the actions of all nominated events. An officer is nominated for one of them."""
    taken: set[UUID] = set()
    for event in EVENTS:
        chosen = {country: _officers(office, event, country, taken) for country in event.nominees}
        yield from _announcement(office, event)
        yield from _interests(office, event, chosen.get(roster.FIRST, []))
        for country, officers in chosen.items():
            yield from _nominations(office, event, country, officers[: event.nominees[country]])
        if event.has_offers:
            yield from _seats(office, event)
        if event.is_held:
            yield from _held(office, event)


def _officers(office: DemoStaff, event: NominatedEvent, country: str, taken: set[UUID]) -> list[DemoOfficer]:
    """Return officers of a country with a role of the event, in the first country also those who only ask."""
    tour = [office.officers[0]] if event.with_tour and country == roster.FIRST else []
    asking = event.interested if country == roster.FIRST else 0
    wanted = event.nominees[country] + asking
    fits = [officer for officer in _fitting(office, event, country) if officer.id not in taken]
    # the practitioner of the tour, the first of all, asks and is not nominated yet
    chosen = [*fits[1:wanted], fits[0]] if asking else list(dict.fromkeys([*tour, *fits]))[:wanted]
    taken.update(officer.id for officer in chosen)
    return chosen


def _fitting(office: DemoStaff, event: NominatedEvent, country: str) -> list[DemoOfficer]:
    return [officer for officer in _serving(office, event) if _fits(officer, event.subject, country)]


def _serving(office: DemoStaff, event: NominatedEvent) -> list[DemoOfficer]:
    """Return all officers, or for a held event those who had an account when it was created."""
    if not event.is_held:
        return list(office.officers)
    return [officer for officer in office.officers if officer.since < office.at(event.created)]


def _fits(officer: DemoOfficer, subject: Subject, country: str) -> bool:
    has_role = not subject.roles or officer.player.roles[0] in subject.roles
    return has_role and officer.player.country == country


def _announcement(office: DemoStaff, event: NominatedEvent) -> Iterator[TimedAction]:
    writer, clearer = office.staff[SECRETARIAT], office.staff[CLEARER]
    created = office.at(event.created)
    cleared, announced = office.at(event.created + CLEARED), office.at(event.created + ANNOUNCED)
    yield TimedAction(created, writer, partial(_create, office, event, created))
    yield TimedAction(cleared, clearer, lambda: lifecycle.clear(_workshop_id(event), by=clearer, now=cleared))
    yield TimedAction(announced, writer, lambda: lifecycle.announce(_workshop_id(event), by=writer, now=announced))


def _create(office: DemoStaff, event: NominatedEvent, now: datetime) -> None:
    day_of = partial(_date, office)
    new = NewWorkshop(
        code=event.code,
        kind=event.kind,
        sensitivity=Sensitivity.LAW_ENFORCEMENT_ONLY,
        host_country=event.host,
        town=event.town,
        venue=event.venue,
        form=Format.IN_PERSON,
        time_zone=roster.ZONES[event.host],
        booking_until=day_of(event.deadline),
        capacity=event.capacity,
        languages=("en", "ar", "fr"),
        sessions=tuple(
            NewSession(kind=kind, day=day_of(event.first + day), starts=starts, ends=ends, title=title)
            for day, kind, starts, ends, title in SESSIONS[: event.length]
        ),
        outcomes=tuple(event.subject.outcomes.items()),
        title=event.subject.title,
        summary=event.subject.summary,
        practise=event.subject.practise,
        roles=event.subject.roles,
        activity=event.activity,
        nomination=NominationRules(
            opens=day_of(event.created + OPENED),
            deadline=day_of(event.deadline),
            reallocation=day_of(event.first - 21),
            guaranteed=1,
            countries=tuple(event.nominees),
            offer_days=14,
            minimum=event.capacity // 2,
            decide_by=day_of(event.first - 28),
            withdraw_by=day_of(event.first - 14),
            observers=1,
        ),
    )
    workshop_id = lifecycle.create_workshop(new, by=office.staff[SECRETARIAT], now=now)
    staff.appoint(workshop_id, office.staff[event.trainer], Role.TRAINER, now)


def _interests(office: DemoStaff, event: NominatedEvent, officers: Sequence[DemoOfficer]) -> Iterator[TimedAction]:
    """Let the officers of the first country ask; the supervisor endorses those whom the country nominates."""
    supervisor = Actor(office.staff[SUPERVISOR], roster.FIRST, frozenset({Role.SUPERVISOR}))
    endorsed = officers[: event.nominees.get(roster.FIRST, 0)]
    for number, officer in enumerate(officers):
        asked = office.at(event.created + OPENED) + (number + 1) * 5 * HOUR
        yield TimedAction(asked, officer.id, partial(_ask, event, officer.id, asked))
        if officer in endorsed:
            moment = asked + 40 * HOUR
            yield TimedAction(moment, supervisor.id, partial(_endorse, event, officer.id, supervisor, moment))


def _ask(event: NominatedEvent, person_id: UUID, now: datetime) -> None:
    interest = Interest(use_time=UseTime.NOW, language_level=LanguageLevel.WORKING, aim=AIM)
    nominations.express_interest(_workshop_id(event), person_id, interest, now)


def _endorse(event: NominatedEvent, person_id: UUID, supervisor: Actor, now: datetime) -> None:
    nominations.endorse(_nomination(event, person_id).id, supervisor, now)


def _nominations(
    office: DemoStaff, event: NominatedEvent, country: str, officers: Sequence[DemoOfficer]
) -> Iterator[TimedAction]:
    """Let the contact point nominate officers; in the first country only those whom the supervisor endorsed."""
    actor = Actor(office.contacts[country], country, frozenset({Role.CONTACT_POINT}))
    moment = office.at(event.created + RANKED)
    ranked = [
        RankedOfficer(
            person_id=officer.id,
            reason=NominationReason.USES_IT_DAILY,
            counted_as=CountedAs.WOMAN if event.is_held and number % WOMEN == 1 else _told(event),
        )
        for number, officer in enumerate(officers)
    ]
    yield TimedAction(moment, actor.id, lambda: nominations.nominate(_workshop_id(event), ranked, actor, moment))


def _told(event: NominatedEvent) -> CountedAs:
    return CountedAs.MAN if event.is_held else CountedAs.NOT_SAID


def _held(office: DemoStaff, event: NominatedEvent) -> Iterator[TimedAction]:
    """Hold an event: attendance of each session, closing, and the deletion of what nominees told."""
    trainer = office.staff[event.trainer]
    for number, (day, _kind, _starts, ends, _title) in enumerate(SESSIONS):
        moment = office.at(event.first + day).replace(hour=ends.hour + 2)
        yield TimedAction(moment, trainer, partial(_record_attendance, event, number, trainer, moment))
    closed = office.at(event.first + 5)
    reason = "The rubrics of this short course are scored at the next practice."
    yield TimedAction(
        closed, trainer, lambda: closing.close(_workshop_id(event), by=trainer, now=closed, reason=reason)
    )
    deleted = closed + 20 * HOUR
    yield TimedAction(deleted, None, lambda: nomination_events.delete_answers(_workshop_id(event), deleted.date()))


def _record_attendance(event: NominatedEvent, number: int, trainer: UUID, now: datetime) -> None:
    """Record everybody as present; the last participant does not come."""
    session = workshops.get(_workshop_id(event)).sessions[number]
    seated = bookings.seated(_workshop_id(event))
    marks = {booking.id: Attendance.PRESENT for booking in seated}
    marks[seated[-1].id] = Attendance.ABSENT
    results.save_attendance(_workshop_id(event), session.id, marks, by=trainer, now=now)


def _seats(office: DemoStaff, event: NominatedEvent) -> Iterator[TimedAction]:
    """Share the seats and offer them; most people answer, one declines, and two have not answered yet."""
    actor = Actor(office.staff[SECRETARIAT], "AT", frozenset({Role.COORDINATOR}))
    shared, offered = office.at(event.deadline + 2), office.at(event.deadline + 3)
    yield TimedAction(shared, actor.id, partial(_select, event, actor, shared))
    yield TimedAction(offered, actor.id, lambda: offers.send_offers(_workshop_id(event), actor, offered))
    answers: tuple[Callable[[Nomination, datetime], object], ...] = (_confirm, _confirm, _decline, _confirm)
    if event.is_held:
        yield from _all_answers(event, offered)
        return
    if event.postponed is not None:
        yield from _postponement(office, event, actor, offered)
        return
    for number, answer in enumerate(answers):
        moment = offered + (number + 1) * 20 * HOUR
        yield TimedAction(moment, None, partial(_answer, event, answer, moment))


def _all_answers(event: NominatedEvent, offered: datetime) -> Iterator[TimedAction]:
    """Let all but two nominees confirm: one declines, one does not answer, and both seats pass on."""
    answered, settled, last = (offered + days * DAY for days in (5, 15, 20))
    yield TimedAction(answered, None, partial(_answer_all, event, answered, leave=1, declines=True))
    yield TimedAction(settled, None, lambda: offers.settle_offers(_workshop_id(event), settled))
    yield TimedAction(last, None, partial(_answer_all, event, last, leave=0, declines=False))


def _postponement(office: DemoStaff, event: NominatedEvent, actor: Actor, offered: datetime) -> Iterator[TimedAction]:
    """Let all but the last nominee of the last country confirm, then postpone the event."""
    answered, postponed = offered + 5 * DAY, office.at(event.postponed or 0)
    yield TimedAction(answered, None, partial(_answer_all, event, answered, leave=1, declines=False))
    postpone = partial(nomination_events.postpone, actor=actor, reason=event.postponed_because, now=postponed)
    yield TimedAction(postponed, actor.id, lambda: postpone(_workshop_id(event)))


def _answer_all(event: NominatedEvent, now: datetime, *, leave: int, declines: bool) -> None:
    query = select(Nomination).where(
        Nomination.workshop_id == _workshop_id(event), Nomination.state == NominationState.OFFERED
    )
    rows = db.session.scalars(query.order_by(Nomination.country, Nomination.rank)).all()
    answering = rows[: len(rows) - leave]
    for number, row in enumerate(answering):
        (_decline if declines and number == len(answering) - 1 else _confirm)(row, now)


def _select(event: NominatedEvent, actor: Actor, now: datetime) -> None:
    proposal = selection.propose(_workshop_id(event), actor, now=now)
    selection.confirm_selection(_workshop_id(event), actor, fingerprint=proposal.fingerprint, now=now)


def _answer(event: NominatedEvent, answer: Callable[[Nomination, datetime], object], now: datetime) -> None:
    """Answer the first open offer of a country that is not the tour's."""
    query = select(Nomination).where(
        Nomination.workshop_id == _workshop_id(event),
        Nomination.state == NominationState.OFFERED,
        Nomination.country != roster.FIRST,
    )
    first = query.order_by(Nomination.country, Nomination.rank).limit(1)
    answer(db.session.scalars(first).one(), now)


def _confirm(nomination: Nomination, now: datetime) -> None:
    offers.confirm_offer(nomination.id, nomination.person_id, now)


def _decline(nomination: Nomination, now: datetime) -> None:
    offers.withdraw(nomination.id, nomination.person_id, reason="A trial was set for these days.", now=now)


def _nomination(event: NominatedEvent, person_id: UUID) -> Nomination:
    return db.session.scalars(
        select(Nomination).where(Nomination.workshop_id == _workshop_id(event), Nomination.person_id == person_id)
    ).one()


def _workshop_id(event: NominatedEvent) -> UUID:
    return db.session.scalars(select(Workshop.id).where(Workshop.code == event.code)).one()


def _date(office: DemoStaff, day: int) -> date:
    return office.now.date() + timedelta(days=day)
