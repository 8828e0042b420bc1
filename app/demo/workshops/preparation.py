"""The workshops of the year before they begin, carried out: written, cleared, announced, booked, cancelled."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import partial
from random import Random
from uuid import UUID

from app.access.policy import Role, Sensitivity
from app.demo.cast import roster
from app.demo.history.accounts import Officer
from app.demo.history.timeline import Deed
from app.demo.workshops.programme import Fate, Gathering
from app.workshops.domain.drafts import NewSession, NewWorkshop
from app.workshops.domain.events import Format
from app.workshops.service import bookings, lifecycle, staff

CLEARED, ANNOUNCED = timedelta(days=2), timedelta(days=4)  # after it was written
BOOKED_BEFORE = timedelta(days=7)  # booking ends so long before the first day
CANCELLED_BEFORE = timedelta(days=21)
MORNING = time(8)
KEEN = 0.9  # of the officers of the countries whose people come first
FIRST_BOOKING = timedelta(hours=2)  # after somebody has come


@dataclass(slots=True)
class Season:
    """Who there is for the events, by alias and by role, and what is known of the events once they are written."""

    now: datetime
    staff: Mapping[str, UUID]
    officers: Sequence[Officer]
    seed: int
    ids: dict[str, UUID] = field(default_factory=dict)  # by code
    seen: dict[str, set[UUID]] = field(default_factory=dict)  # who was chosen for a subject, by its English title

    def dice(self, *what: object) -> Random:
        """Return dice of one thing's own: to plan one event in another way changes no other one."""
        return Random(" ".join(map(str, (self.seed, *what))))  # noqa: S311 - an invented year, no secret

    def day(self, number: int) -> datetime:
        """Return the morning of a day counted from the one on which the demonstration begins."""
        return datetime.combine(self.now.date() + timedelta(days=number), MORNING, UTC)


def deeds(season: Season, gatherings: Sequence[Gathering]) -> Iterator[Deed]:
    """Return what happened before all events; ask once, for people are drawn for each event after the other."""
    for gathering in gatherings:
        yield from _prepared(season, gathering)
        if gathering.fate is not Fate.DRAFT:
            yield from _booked(season, gathering)
        if gathering.fate is Fate.CANCELLED:
            yield _cancelled(season, gathering)


def _prepared(season: Season, it: Gathering) -> Iterator[Deed]:
    made = season.day(it.made)
    writer, clearer = (season.staff[alias] for alias in it.by)
    yield Deed(made, writer, partial(_make, season, it, made))
    if it.fate is not Fate.DRAFT:
        cleared, announced = made + CLEARED, made + ANNOUNCED
        yield Deed(cleared, clearer, lambda: lifecycle.clear(season.ids[it.code], by=clearer, now=cleared))
        yield Deed(announced, writer, lambda: lifecycle.announce(season.ids[it.code], by=writer, now=announced))


def _make(season: Season, it: Gathering, now: datetime) -> None:
    first = season.now.date() + timedelta(days=it.first)
    new = NewWorkshop(
        code=it.code,
        kind=it.kind,
        sensitivity=Sensitivity.LAW_ENFORCEMENT_ONLY,
        host_country=it.host,
        town=it.town,
        venue=it.venue,
        form=Format.IN_PERSON,
        time_zone=roster.ZONES[it.host],
        booking_until=first - BOOKED_BEFORE,
        capacity=it.capacity,
        languages=("en", "ar", "fr"),
        sessions=tuple(
            NewSession(
                kind=session.kind,
                day=first + timedelta(days=session.day),
                starts=session.starts,
                ends=session.ends,
                title=session.title,
            )
            for session in it.sessions
        ),
        outcomes=tuple(it.subject.outcomes.items()),
        title=it.subject.title,
        summary=it.subject.summary,
        practise=it.subject.practise,
        roles=it.subject.roles,
        activity=it.activity,
    )
    workshop_id = season.ids[it.code] = lifecycle.create_workshop(new, by=season.staff[it.by[0]], now=now)
    for role, aliases in ((Role.TRAINER, it.trainers), (Role.ASSESSOR, it.assessors)):
        for alias in aliases:
            staff.appoint(workshop_id, season.staff[alias], role, now)


def _booked(season: Season, it: Gathering) -> Iterator[Deed]:
    opens = season.day(it.made) + ANNOUNCED + FIRST_BOOKING
    closes = season.day(it.first) - BOOKED_BEFORE
    if it.fate is Fate.CANCELLED:
        closes = season.day(it.first) - CANCELLED_BEFORE
    ends = min(closes, season.now)
    dice = season.dice(it.code, "bookings")
    for number, officer in enumerate(_chosen(season, it, ends), 1):
        begins = max(opens, officer.since + FIRST_BOOKING)
        moment = begins + (ends - begins) * dice.random()
        yield Deed(moment, officer.id, partial(_book, season, it.code, officer.id, moment))
        if number == it.withdraws:
            gone = moment + (ends - moment) * 0.9
            yield Deed(gone, officer.id, partial(_withdraw, season, it.code, officer.id, gone))


def _book(season: Season, code: str, person_id: UUID, now: datetime) -> None:
    bookings.book(season.ids[code], person_id, now)


def _withdraw(season: Season, code: str, person_id: UUID, now: datetime) -> None:
    bookings.withdraw(season.ids[code], person_id, now)


def _chosen(season: Season, it: Gathering, ends: datetime) -> list[Officer]:
    """Return who books: those it is for and who have come, first those who were at no event on the same subject."""
    dice = season.dice(it.code, "people")
    first, *investigators = season.officers[: len(roster.TOUR)]
    tour = [first] * it.with_tour + investigators * it.with_investigators
    fits = [
        officer
        for officer in season.officers[1:]
        if officer not in tour
        and officer.since + FIRST_BOOKING < ends
        and (not it.subject.roles or officer.player.roles[0] in it.subject.roles)
    ]
    dice.shuffle(fits)
    seen = season.seen.setdefault(it.subject.title["en"], set())
    keen = {officer.id for officer in fits if officer.player.country in roster.EAGER and dice.random() < KEEN}
    fits.sort(key=lambda officer: (officer.id in seen, officer.id not in keen))
    found = [*tour, *fits][: it.people]
    seen.update(officer.id for officer in found)
    return found


def _cancelled(season: Season, it: Gathering) -> Deed:
    moment = season.day(it.first) - CANCELLED_BEFORE
    by = season.staff[it.by[0]]
    return Deed(moment, by, lambda: lifecycle.cancel(season.ids[it.code], reason=it.reason, by=by, now=moment))
