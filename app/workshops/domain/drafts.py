"""An event as somebody writes it, and what is refused with a sentence before anything is stored."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from itertools import pairwise

from app.access.policy import Sensitivity
from app.catalogue.domain.items import Level
from app.kernel.signs import has_unseen, is_blank
from app.workshops.domain import times
from app.workshops.domain.events import Format, SessionKind, WorkshopKind

SOURCE = "en"
CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{1,19}")
MOST_SEATS = 1000
MOST_SESSIONS = 60
TITLE, SUMMARY, PRACTISE, TOWN, VENUE, ACTIVITY = 200, 1_000, 2_000, 80, 300, 20
CODES, LANGUAGES = 200, 100  # characters of all codes of a kind, parted by blanks


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSession:
    """A session as it is written: local day and times, titles by language."""

    kind: SessionKind
    day: date
    starts: time
    ends: time
    title: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWorkshop:
    """An event as it is written, sessions in order; its days are those of the first and the last one.

    Texts are by language, English among them; `practise` has one thing a line.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """The codes that an event may name; None where no list of them was loaded."""

    courses: Collection[str]
    roles: Collection[str] | None
    outcomes: Collection[tuple[str, Level]] | None
    activities: Collection[str] | None


def unknown(new: NewWorkshop, known: Known, had: Collection[object] = ()) -> list[str]:
    """Return a sentence for each code that stands for nothing; empty when all are known.

    What the event `had` before stays: a list of today may have lost it.
    """
    named: list[tuple[str, object, Collection[object] | None]] = [
        *((f"course {code}", code, known.courses) for code in new.prerequisites),
        *((f"role {code}", code, known.roles) for code in new.roles),
        *((f"activity {code} in the plan", code, known.activities) for code in (new.activity,) if code),
        *((f"competency {aim[0]} at the level {aim[1]}", aim, known.outcomes) for aim in new.outcomes),
    ]
    return [f"There is no {what}." for what, one, codes in named if codes is not None and one not in {*codes, *had}]


def faults(new: NewWorkshop) -> list[str]:
    """Return what cannot be as it is, one sentence each; empty when all is well."""
    return [*_faults_of_facts(new), *_faults_of_codes(new), *_faults_of_words(new), *_faults_of_sessions(new)]


def _faults_of_facts(new: NewWorkshop) -> Iterator[str]:
    if not CODE.fullmatch(new.code):
        yield "A code has 2 to 20 capital letters, digits and hyphens, such as WS-2027-02."
    if not 1 <= new.capacity <= MOST_SEATS:
        yield f"An event has 1 to {MOST_SEATS} seats."
    if not 0 < new.attendance_share <= 1:
        yield "The share of sessions for a certificate lies above 0 and is at most 1."
    if not new.languages:
        yield "An event has at least one language."
    if len({competency for competency, _level in new.outcomes}) < len(new.outcomes):
        yield "A competency stands among the outcomes once, with one level."
    if new.form is not Format.ONLINE and is_blank(new.town):
        yield "Name the town, or make the event an online one."


def _faults_of_codes(new: NewWorkshop) -> Iterator[str]:
    for codes, most, what in (
        (new.prerequisites, CODES, "courses"),
        (new.roles, CODES, "roles"),
        (new.languages, LANGUAGES, "languages"),
    ):
        if len(" ".join(codes)) > most:
            yield f"These are too many {what}. Name fewer of them."


def _faults_of_words(new: NewWorkshop) -> Iterator[str]:
    if is_blank(new.title.get(SOURCE, "")):
        yield "An event has a title in English."
    for texts, most, what in (
        (new.title, TITLE, "title"),
        (new.summary, SUMMARY, "summary"),
        (new.practise, PRACTISE, "list of what is practised"),
        ({"": new.town}, TOWN, "town"),
        ({"": new.venue}, VENUE, "venue"),
        ({"": new.activity}, ACTIVITY, "activity"),
    ):
        if any(len(text) > most for text in texts.values()):
            yield f"The {what} has at most {most} characters."
        if any(map(has_unseen, texts.values())):
            yield f"The {what} holds signs that nobody sees. Type it anew."


def _faults_of_sessions(new: NewWorkshop) -> Iterator[str]:
    if not times.is_zone(new.time_zone):
        yield f"There is no time zone {new.time_zone}. One is written as Europe/Sofia."
        return
    if not 1 <= len(new.sessions) <= MOST_SESSIONS:
        yield f"An event has 1 to {MOST_SESSIONS} sessions."
        return
    if not all(times.is_possible(day) for day in (new.booking_until, *(one.day for one in new.sessions))):
        yield f"Days lie between {times.FIRST:%Y} and {times.LAST:%Y}."
        return
    for number, one in enumerate(new.sessions, 1):
        yield from _faults_of_session(number, one, new.time_zone)
    for number, (before, one) in enumerate(pairwise(new.sessions), 2):
        if (one.day, one.starts) < (before.day, before.ends):
            yield f"Session {number} begins before session {number - 1} ends."
    if new.booking_until > new.sessions[0].day:
        yield "Booking ends on the day of the first session at the latest."


def _faults_of_session(number: int, one: NewSession, zone: str) -> Iterator[str]:
    if one.ends <= one.starts:
        yield f"Session {number} ends before it starts."
    if not all(times.exists(one.day, when, zone) for when in (one.starts, one.ends)):
        yield f"Clocks leave out a time of session {number} on that day."
    if is_blank(one.title.get(SOURCE, "")):
        yield f"Session {number} has a title in English."
    if any(len(text) > TITLE for text in one.title.values()):
        yield f"The title of session {number} has at most {TITLE} characters."
    if any(map(has_unseen, one.title.values())):
        yield f"The title of session {number} holds signs that nobody sees. Type it anew."
