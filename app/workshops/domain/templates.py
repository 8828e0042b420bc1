"""Templates of events: agendas with the usual sessions, and the usual days of nominations.

Source: the agenda patterns and the time line of the programme for workshops, study visits, meetings and exercises.
Texts are in English, the source language of events.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import StrEnum

from app.workshops.domain.events import Format, SessionKind, WorkshopKind

OPENS, CLOSES, REALLOCATION = timedelta(weeks=12), timedelta(weeks=8), timedelta(weeks=3)  # before the first day


class EventTemplate(StrEnum):
    """The templates by name."""

    PRACTICAL_WORKSHOP = "practical_workshop"
    ONLINE_AND_PRACTICE = "online_and_practice"
    STUDY_VISIT = "study_visit"
    COLEP_MEETING = "colep_meeting"
    EXERCISE = "exercise"


@dataclass(frozen=True, slots=True)
class TemplateSession:
    """A session of a template; `after` counts days from the first day on."""

    after: int
    starts: time
    ends: time
    kind: SessionKind
    title: str


@dataclass(frozen=True, slots=True)
class Template:
    """What a template fills in."""

    kind: WorkshopKind
    form: Format
    capacity: int
    sessions: tuple[TemplateSession, ...]


def _session(after: int, starts: str, ends: str, kind: SessionKind, title: str) -> TemplateSession:
    return TemplateSession(after, time.fromisoformat(starts), time.fromisoformat(ends), kind, title)


_PRACTICE, _LECTURE, _DISCUSSION = SessionKind.PRACTICE, SessionKind.LECTURE, SessionKind.DISCUSSION
_ASSESSMENT, _VISIT = SessionKind.ASSESSMENT, SessionKind.VISIT
TEMPLATES: Mapping[EventTemplate, Template] = {
    EventTemplate.PRACTICAL_WORKSHOP: Template(
        WorkshopKind.WORKSHOP,
        Format.IN_PERSON,
        26,
        (
            _session(0, "09:00", "10:00", _DISCUSSION, "Welcome, rules and results of the pre-test"),
            _session(0, "10:15", "11:00", _LECTURE, "Refresher"),
            _session(0, "11:15", "12:30", _PRACTICE, "Demonstration"),
            _session(0, "13:30", "16:30", _PRACTICE, "Practice 1 with feedback"),
            _session(1, "09:00", "12:30", _PRACTICE, "Practice 2 in groups of several countries"),
            _session(1, "13:30", "16:30", _PRACTICE, "Practice 3 with an interpreter"),
            _session(2, "09:00", "12:30", _ASSESSMENT, "Assessed practice"),
            _session(2, "13:30", "14:45", _DISCUSSION, "Lessons of the groups and action cards"),
            _session(2, "15:00", "16:00", _ASSESSMENT, "Post-test and evaluation"),
        ),
    ),
    EventTemplate.ONLINE_AND_PRACTICE: Template(
        WorkshopKind.WORKSHOP,
        Format.BLENDED,
        20,
        (
            _session(0, "10:00", "12:00", _LECTURE, "Online session 1"),
            _session(7, "10:00", "12:00", _PRACTICE, "Online session 2"),
            _session(14, "09:00", "12:30", _PRACTICE, "Practice 1 with feedback"),
            _session(14, "13:30", "16:30", _PRACTICE, "Practice 2"),
            _session(15, "09:00", "12:30", _ASSESSMENT, "Assessed practice"),
            _session(15, "13:30", "15:30", _ASSESSMENT, "Post-test and evaluation"),
        ),
    ),
    EventTemplate.STUDY_VISIT: Template(
        WorkshopKind.STUDY_VISIT,
        Format.BLENDED,
        8,
        (
            _session(0, "10:00", "11:00", _DISCUSSION, "Online briefing"),
            _session(7, "09:00", "16:30", _VISIT, "The unit and its procedure"),
            _session(8, "09:00", "16:30", _VISIT, "The service or referral centre"),
            _session(9, "09:00", "12:30", _DISCUSSION, "Talk with the prosecutor"),
            _session(9, "13:30", "15:30", _DISCUSSION, "Commitments of the participants"),
        ),
    ),
    EventTemplate.COLEP_MEETING: Template(
        WorkshopKind.COLEP_MEETING,
        Format.IN_PERSON,
        45,
        (
            _session(0, "09:00", "10:30", _DISCUSSION, "Opening and follow-up of action points"),
            _session(0, "10:45", "12:30", _DISCUSSION, "State of play, five minutes each"),
            _session(0, "13:30", "15:00", _LECTURE, "Case studies with questions"),
            _session(0, "15:15", "16:30", _LECTURE, "Theme with an expert"),
            _session(1, "09:00", "11:00", _DISCUSSION, "Working groups"),
            _session(1, "11:15", "12:30", _DISCUSSION, "The plan and its indicators"),
            _session(1, "13:30", "14:15", _DISCUSSION, "Check of the contact directory"),
            _session(1, "14:30", "16:00", _DISCUSSION, "Action points, evaluation and next date"),
        ),
    ),
    EventTemplate.EXERCISE: Template(
        WorkshopKind.EXERCISE,
        Format.ONLINE,
        26,
        (
            _session(0, "10:00", "11:00", _PRACTICE, "First message of the exercise"),
            _session(2, "10:00", "11:00", _PRACTICE, "Second message of the exercise"),
            _session(4, "10:00", "11:30", _DISCUSSION, "What we learned"),
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class NominationDays:
    """The usual days of nominations of an event."""

    opens: date
    deadline: date
    reallocation: date


def nomination_days(first_day: date) -> NominationDays:
    """Return the usual days: twelve, eight and three weeks before the first day."""
    return NominationDays(first_day - OPENS, first_day - CLOSES, first_day - REALLOCATION)
