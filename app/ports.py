"""Ports: functions of higher packages that lower packages call; `factory` provides them (decision 3).

The types come from `access` and from libraries only: this module imports no package above it.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol, cast
from uuid import UUID

from flask import Flask, current_app
from sqlalchemy import Select

from app.access.people_rules import PersonCard
from app.access.policy import Actor, Scope
from app.access.targets import Target

_KEY = "ports"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskLink:
    """A task of a user with its page; `word` and `kind` are its state and the shape of the state."""

    name: str
    href: str
    sub: str
    word: str
    kind: str
    lang: str
    dir: str


@dataclass(frozen=True, slots=True)
class PersonSection:
    """A page about a person that the user may open."""

    label: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NationalHotline:
    """The hotline for victims of trafficking in a country, and the page of its source.

    `service` is "" if none was found, `number` also if its source is older than twelve months.
    """

    country: str
    service: str
    number: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AttentionItem:
    """A row of "Needs attention" on `/plan`: its page, sentences, the office that acts, and the form of an action."""

    title: str
    href: str
    details: Sequence[str]
    owner: str
    word: str
    kind: str
    action_href: str
    remind_href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanAttention:
    """Further rows of "Needs attention", links below them, and the form of an action ("" if not allowed).

    `contact_points` is the number of countries whose contact points the form `remind_url` can remind of a fall.
    """

    items: Sequence[AttentionItem] = ()
    links: Sequence[tuple[str, str]] = ()
    action_url: str = ""
    remind_url: str = ""
    contact_points: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingAction:
    """An action agreed at a meeting; `country` is that of the contact point who acts, "" for another office.

    `first_due_on` is the first due date, whatever came later; `done_on` is None for an action that is not done.
    """

    id: UUID
    country: str
    meeting_on: date
    first_due_on: date
    done_on: date | None


@dataclass(frozen=True, slots=True)
class WatchedGate:
    """Whether a watched attempt may be opened now; if not, the reason ("": it has ended), and the page to go to."""

    allowed: bool
    message: str
    back_url: str


class PersonSections(Protocol):
    """Return the pages about a person that the user may open from a page, the page of the person by default."""

    def __call__(self, person: PersonCard, /, *, parent: str = "directory.show_person") -> Sequence[PersonSection]: ...


class PathTo(Protocol):
    """Return the path of a target, with one value for each placeholder."""

    def __call__(self, target: Target, *values: object) -> str: ...


class OutsideCounts(Protocol):
    """Return numbers by country in words as published outside, "" for hidden ones; members without a number, too.

    Each number is n of all, and the officers that all are about.
    """

    def __call__(self, counts: Mapping[str, tuple[int, int, int]], /) -> Mapping[str, str]: ...


# queries of one value each, by name
TaskSource = Callable[[Actor], Mapping[str, Select[Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """The functions that lower packages call; each is from a higher package."""

    posting_titles: Callable[[str], Sequence[tuple[str, str]]]  # roles of the framework with titles in a language
    role_scope_titles: Callable[[Actor], Mapping[Scope, list[tuple[str, str]]]]  # courses and events: ids with titles
    export_limit: Callable[[Actor, int, datetime], None]  # counts exported people; raises DomainError above the limit
    person_sections: PersonSections
    help_contact: Callable[[], str]  # where officers of the user's country find help
    national_hotline: Callable[[], NationalHotline | None]  # of the user's country, if it has a card
    task_sources: tuple[TaskSource, ...]
    teaching_tasks: Callable[[Actor], Sequence[TaskLink]]  # reviews of course drafts, for /teaching
    course_tasks: Callable[[Actor], Sequence[TaskLink]]  # open work in the courses that a trainer writes, for /teaching
    plan_attention: Callable[[Actor], PlanAttention]  # late work and actions, for /plan
    meeting_actions: Callable[[Collection[UUID]], Sequence[MeetingAction]]  # those of these ids, for the plan's figures
    meeting_action_ids: Callable[[UUID | None, int], list[UUID]]  # ids after an id, at most so many
    outside_counts: OutsideCounts
    path_to: PathTo
    certificate_url: Callable[[UUID, UUID, UUID], str]  # of a person, a course and its version; "" if not completed
    watched_attempt: Callable[[UUID, str], WatchedGate]  # of an attempt and the digest of a sign-in session


def init_app(app: Flask, members: Ports) -> None:
    """Store the ports in the application."""
    app.extensions[_KEY] = members


def ports() -> Ports:
    """Return the ports of the current application."""
    return cast("Ports", current_app.extensions[_KEY])
