"""Actions before an event of `programme` begins: create, clear, announce, book, withdraw, cancel."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import partial
from random import Random
from uuid import UUID

from app.access.policy import Role, Sensitivity
from app.demo.cast import roster
from app.demo.history.accounts import DemoOfficer
from app.demo.history.timeline import TimedAction
from app.demo.workshops.programme import Fate, Gathering, Hours
from app.workshops.domain.drafts import NewSession, NewWorkshop
from app.workshops.domain.events import Format, SessionKind
from app.workshops.service import bookings, lifecycle, staff

CLEARED, ANNOUNCED = timedelta(days=2), timedelta(days=4)  # after it is created
BOOKED_BEFORE = timedelta(days=7)  # end of booking before the first day
CANCELLED_BEFORE = timedelta(days=21)
MORNING = time(8)
KEEN = 0.9  # ratio of officers in eager countries who book first
FIRST_BOOKING = timedelta(hours=2)  # after the arrival of an officer


@dataclass(slots=True)
class Season:
    """Staff and officers for the events, and the ids of created events by code."""

    now: datetime
    staff: Mapping[str, UUID]
    officers: Sequence[DemoOfficer]
    seed: int
    ids: dict[str, UUID] = field(default_factory=dict)  # by code
    participants: dict[str, set[UUID]] = field(default_factory=dict)  # by the English title of the subject

    def dice(self, *purpose: object) -> Random:
        """Return random numbers for a purpose, so that a change of one event does not change others."""
        return Random(" ".join(map(str, (self.seed, *purpose))))  # noqa: S311 - an invented year, no secret

    def day(self, number: int) -> datetime:
        """Return the morning of a day, counted from the first day of the demonstration."""
        return datetime.combine(self.now.date() + timedelta(days=number), MORNING, UTC)


def actions(season: Season, gatherings: Sequence[Gathering]) -> Iterator[TimedAction]:
    """Return the actions before all events. Call it once: officers are drawn for one event after the other."""
    for gathering in gatherings:
        yield from _preparation(season, gathering)
        if gathering.fate is not Fate.DRAFT:
            yield from _bookings(season, gathering)
        if gathering.fate is Fate.CANCELLED:
            yield _cancellation(season, gathering)


def _preparation(season: Season, event: Gathering) -> Iterator[TimedAction]:
    created = season.day(event.created)
    writer, clearer = (season.staff[alias] for alias in event.by)
    yield TimedAction(created, writer, partial(_create, season, event, created))
    if event.fate is not Fate.DRAFT:
        cleared, announced = created + CLEARED, created + ANNOUNCED
        yield TimedAction(cleared, clearer, lambda: lifecycle.clear(season.ids[event.code], by=clearer, now=cleared))
        yield TimedAction(
            announced, writer, lambda: lifecycle.announce(season.ids[event.code], by=writer, now=announced)
        )


def _create(season: Season, event: Gathering, now: datetime) -> None:
    first = season.now.date() + timedelta(days=event.first)
    new = NewWorkshop(
        code=event.code,
        kind=event.kind,
        sensitivity=Sensitivity.LAW_ENFORCEMENT_ONLY,
        host_country=event.host,
        town=event.town,
        venue=event.venue,
        form=Format.IN_PERSON,
        time_zone=roster.ZONES[event.host],
        booking_until=first - BOOKED_BEFORE,
        capacity=event.capacity,
        languages=("en", "ar", "fr"),
        sessions=tuple(
            NewSession(
                kind=session.kind,
                day=first + timedelta(days=session.day),
                starts=session.starts,
                ends=session.ends,
                title=session.title,
                room=_room(session),
            )
            for session in event.sessions
        ),
        outcomes=tuple(event.subject.outcomes.items()),
        title=event.subject.title,
        summary=event.subject.summary,
        practise=event.subject.practise,
        roles=event.subject.roles,
        activity=event.activity,
    )
    workshop_id = season.ids[event.code] = lifecycle.create_workshop(new, by=season.staff[event.by[0]], now=now)
    for role, aliases in ((Role.TRAINER, event.trainers), (Role.ASSESSOR, event.assessors)):
        for alias in aliases:
            staff.appoint(workshop_id, season.staff[alias], role, now)


def _room(session: Hours) -> str:
    return {SessionKind.VISIT: "", SessionKind.ASSESSMENT: "Room 2"}.get(session.kind, "Room 1")


def _bookings(season: Season, event: Gathering) -> Iterator[TimedAction]:
    opens = season.day(event.created) + ANNOUNCED + FIRST_BOOKING
    closes = season.day(event.first) - BOOKED_BEFORE
    if event.fate is Fate.CANCELLED:
        closes = season.day(event.first) - CANCELLED_BEFORE
    ends = min(closes, season.now)
    dice = season.dice(event.code, "bookings")
    for number, officer in enumerate(_participants(season, event, ends), 1):
        begins = max(opens, officer.since + FIRST_BOOKING)
        moment = begins + (ends - begins) * dice.random()
        yield TimedAction(moment, officer.id, partial(_run, season, event, bookings.book, officer.id, moment))
        if number == event.withdraws:
            withdrawn = moment + (ends - moment) * 0.9
            yield TimedAction(
                withdrawn, officer.id, partial(_run, season, event, bookings.withdraw, officer.id, withdrawn)
            )


def _run(
    season: Season, event: Gathering, act: Callable[[UUID, UUID, datetime], object], person_id: UUID, now: datetime
) -> None:
    act(season.ids[event.code], person_id, now)


def _participants(season: Season, event: Gathering, ends: datetime) -> list[DemoOfficer]:
    """Return the officers who book, first those without an event on the same subject."""
    dice = season.dice(event.code, "people")
    first, *investigators = season.officers[: len(roster.TOUR)]
    tour = [first] * event.with_tour + investigators * event.with_investigators
    fits = [officer for officer in season.officers[1:] if officer not in tour and _is_suitable(officer, event, ends)]
    dice.shuffle(fits)
    earlier = season.participants.setdefault(event.subject.title["en"], set())
    keen = {officer.id for officer in fits if officer.player.country in roster.EAGER and dice.random() < KEEN}
    fits.sort(key=lambda officer: ((officer.id in earlier) is not event.again, officer.id not in keen))
    participants = [*tour, *fits][: event.people]
    earlier.update(officer.id for officer in participants)
    return participants


def _is_suitable(officer: DemoOfficer, event: Gathering, ends: datetime) -> bool:
    has_role = not event.subject.roles or officer.player.roles[0] in event.subject.roles
    is_of_country = not event.countries or officer.player.country in event.countries
    return has_role and is_of_country and officer.since + FIRST_BOOKING < ends


def _cancellation(season: Season, event: Gathering) -> TimedAction:
    moment = season.day(event.first) - CANCELLED_BEFORE
    by = season.staff[event.by[0]]
    return TimedAction(
        moment, by, lambda: lifecycle.cancel(season.ids[event.code], reason=event.reason, by=by, now=moment)
    )
