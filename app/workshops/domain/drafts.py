"""Check the form data of an event before `service.lifecycle` saves it; each problem has its error message."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from itertools import pairwise
from urllib.parse import urlsplit

from app.access.policy import Sensitivity
from app.catalogue.domain.items import Level
from app.kernel.errors import DomainError, Word
from app.kernel.invisible_characters import has_unseen, is_blank
from app.workshops.domain import times
from app.workshops.domain.events import Format, SessionKind, WorkshopKind
from app.workshops.domain.nomination_drafts import nomination_problems
from app.workshops.domain.phases import NominationRules

SOURCE = "en"
COMPETENCY = re.compile(r"[A-Z0-9-]{2,20}:(foundation|practitioner|specialist)")
CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{1,19}")
MOST_SEATS = 1000
MOST_SESSIONS = 60
TITLE, SUMMARY, PRACTISE, TOWN, VENUE, ACTIVITY, ROOM, LINK = 200, 1_000, 2_000, 80, 300, 20, 80, 300
CODES, LANGUAGES = 200, 100  # characters of all codes of a kind, parted by blanks


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSession:
    """A session to save: local day and times, titles by language."""

    kind: SessionKind
    day: date
    starts: time
    ends: time
    title: Mapping[str, str]
    room: str = ""
    link: str = ""  # of the live meeting, https
    language: str = ""  # empty: the working language of the event


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWorkshop:
    """An event to save, sessions in order; its days are those of the first and the last session.

    Texts are by language, English included; `practise` has one item a line.
    """

    code: str
    kind: WorkshopKind
    sensitivity: Sensitivity
    host_country: str
    form: Format
    time_zone: str
    booking_until: date
    capacity: int
    languages: tuple[str, ...]
    sessions: tuple[NewSession, ...]
    outcomes: tuple[tuple[str, Level], ...]
    title: Mapping[str, str]
    summary: Mapping[str, str]
    practise: Mapping[str, str]
    town: str = ""
    venue: str = ""
    prerequisites: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    activity: str = ""
    attendance_share: float = 0.8
    competencies: tuple[str, ...] = ()  # needed before, such as ONL-07:foundation
    nomination: NominationRules | None = None  # None: open enrolment


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowedCodes:
    """The codes that an event may name; None where no list of them was loaded."""

    courses: Collection[str]
    roles: Collection[str] | None
    outcomes: Collection[tuple[str, Level]] | None
    activities: Collection[str] | None


def unknown_codes(new: NewWorkshop, allowed: AllowedCodes, existing: Collection[object] = ()) -> list[DomainError]:
    """Return an error for each code that does not exist.

    Codes in `existing`, which the event has already, are accepted: today's lists may no longer contain them.
    """
    named: list[tuple[object, Collection[object] | None, DomainError]] = [
        *(
            (code, allowed.courses, DomainError("There is no course %(code)s.", code=code))
            for code in new.prerequisites
        ),
        *((code, allowed.roles, DomainError("There is no role %(code)s.", code=code)) for code in new.roles),
        *(
            (code, allowed.activities, DomainError("There is no activity %(code)s in the plan.", code=code))
            for code in (new.activity,)
            if code
        ),
        *((aim, allowed.outcomes, _unknown_outcome(*aim)) for aim in new.outcomes),
    ]
    return [error for code, codes, error in named if codes is not None and code not in {*codes, *existing}]


def problems(new: NewWorkshop) -> list[DomainError]:
    """Return an error for each problem of a draft."""
    return [
        *_problems_of_facts(new),
        *_problems_of_codes(new),
        *_problems_of_texts(new),
        *_problems_of_sessions(new),
        *_problems_of_nomination(new),
    ]


def _unknown_outcome(competency: str, level: Level) -> DomainError:
    return DomainError("There is no competency %(code)s at the level %(level)s.", code=competency, level=level.value)


def _problems_of_facts(new: NewWorkshop) -> Iterator[DomainError]:
    yield from _problems_of_numbers(new)
    if not CODE.fullmatch(new.code):
        yield DomainError("A code has 2 to 20 capital letters, digits and hyphens, such as WS-2027-02.")
    if not new.languages:
        yield DomainError("An event has at least one language.")
    if len({competency for competency, _level in new.outcomes}) < len(new.outcomes):
        yield DomainError("Each competency can appear once among the outcomes.")
    if new.form is not Format.ONLINE and is_blank(new.town):
        yield DomainError("Name the town, or make the event an online one.")


def _problems_of_nomination(new: NewWorkshop) -> Iterator[DomainError]:
    if new.nomination is not None and new.sessions:
        yield from nomination_problems(new.nomination, capacity=new.capacity, first_day=new.sessions[0].day)


def _problems_of_numbers(new: NewWorkshop) -> Iterator[DomainError]:
    if not 1 <= new.capacity <= MOST_SEATS:
        yield DomainError("An event has 1 to %(most)s seats.", most=MOST_SEATS)
    if not 0 < new.attendance_share <= 1:
        yield DomainError("The share of sessions for a certificate lies above 0 and is at most 1.")


def _problems_of_codes(new: NewWorkshop) -> Iterator[DomainError]:
    if not all(COMPETENCY.fullmatch(code) for code in new.competencies):
        yield DomainError("Name a competency with its level, such as ONL-07:foundation.")
    for codes, most, label in (
        (new.prerequisites, CODES, Word("Courses needed before")),
        (new.roles, CODES, Word("For these roles")),
        (new.competencies, CODES, Word("Competencies needed before")),
        (new.languages, LANGUAGES, Word("Languages")),
    ):
        if len(" ".join(codes)) > most:
            yield DomainError("%(what)s: these are too many. Name fewer of them.", what=label)


def _problems_of_texts(new: NewWorkshop) -> Iterator[DomainError]:
    if is_blank(new.title.get(SOURCE, "")):
        yield DomainError("An event has a title in English.")
    for texts, most, label in (
        (new.title, TITLE, Word("Title")),
        (new.summary, SUMMARY, Word("Summary")),
        (new.practise, PRACTISE, Word("What is practised")),
        ({"": new.town}, TOWN, Word("Town")),
        ({"": new.venue}, VENUE, Word("Venue")),
        ({"": new.activity}, ACTIVITY, Word("Activity of the plan")),
    ):
        if any(len(text) > most for text in texts.values()):
            yield DomainError("%(what)s: at most %(most)s characters.", what=label, most=most)
        if any(map(has_unseen, texts.values())):
            yield DomainError("%(what)s contains invisible characters. Type it again.", what=label)


def _problems_of_sessions(new: NewWorkshop) -> Iterator[DomainError]:
    if not times.is_zone(new.time_zone):
        yield DomainError("There is no time zone %(zone)s. Enter one such as Europe/Sofia.", zone=new.time_zone)
        return
    if not 1 <= len(new.sessions) <= MOST_SESSIONS:
        yield DomainError("An event has 1 to %(most)s sessions.", most=MOST_SESSIONS)
        return
    if not all(times.is_possible(day) for day in (new.booking_until, *(session.day for session in new.sessions))):
        yield DomainError("Days lie between %(first)s and %(last)s.", first=times.FIRST.year, last=times.LAST.year)
        return
    for number, session in enumerate(new.sessions, 1):
        yield from _problems_of_session(number, session, new.time_zone)
    yield from _problems_of_order(new)


def _problems_of_order(new: NewWorkshop) -> Iterator[DomainError]:
    for number, (before, session) in enumerate(pairwise(new.sessions), 2):
        if (session.day, session.starts) < (before.day, before.ends):
            yield DomainError("Session %(n)s begins before session %(before)s ends.", n=number, before=number - 1)
    if new.booking_until > new.sessions[0].day:
        yield DomainError("Booking ends on the day of the first session at the latest.")


def _problems_of_session(number: int, session: NewSession, zone: str) -> Iterator[DomainError]:
    if session.ends <= session.starts:
        yield DomainError("Session %(n)s ends before it starts.", n=number)
    if not all(times.exists(session.day, when, zone) for when in (session.starts, session.ends)):
        yield DomainError(
            "Session %(n)s has a time that does not exist on that day, because the clocks change.", n=number
        )
    yield from _problems_of_title(number, session)
    yield from _problems_of_room(number, session)


def _problems_of_room(number: int, session: NewSession) -> Iterator[DomainError]:
    if len(session.room) > ROOM or has_unseen(session.room):
        yield DomainError("The room of session %(n)s has at most %(most)s visible characters.", n=number, most=ROOM)
    if session.link and not is_meeting_link(session.link):
        yield DomainError("The meeting link of session %(n)s begins with https and has no spaces.", n=number)


def is_meeting_link(link: str) -> bool:
    """Return whether a text is an absolute https address that a page can link to."""
    if len(link) > LINK or has_unseen(link) or any(map(str.isspace, link)):
        return False
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and not parts.username


def _problems_of_title(number: int, session: NewSession) -> Iterator[DomainError]:
    if is_blank(session.title.get(SOURCE, "")):
        yield DomainError("Session %(n)s has a title in English.", n=number)
    if any(len(text) > TITLE for text in session.title.values()):
        yield DomainError("The title of session %(n)s has at most %(most)s characters.", n=number, most=TITLE)
    if any(map(has_unseen, session.title.values())):
        yield DomainError("The title of session %(n)s contains invisible characters. Type it again.", n=number)
