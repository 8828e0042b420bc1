"""Every call from a lower package to a higher one; the factory builds them.

The types come from `access` and from the libraries alone: this module knows no package above it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, cast

from flask import Flask, current_app
from sqlalchemy import Select

from app.access.people_rules import PersonCard
from app.access.policy import Actor, Scope
from app.access.targets import Target

_KEY = "ports"


@dataclass(frozen=True, slots=True)
class PersonSection:
    """A page about a person that the user may open."""

    label: str
    href: str


class PostingTitles(Protocol):
    """Return the roles of the framework in force, each with its title in a language."""

    def __call__(self, language: str, /) -> Sequence[tuple[str, str]]: ...


class RoleScopeTitles(Protocol):
    """Return the courses and events that an actor may name, each by its identifier with its title."""

    def __call__(self, actor: Actor, /) -> Mapping[Scope, list[tuple[str, str]]]: ...


class ExportLimit(Protocol):
    """Count exported people towards the daily limit; raise DomainError above it."""

    def __call__(self, actor: Actor, count: int, real_now: datetime, /) -> None: ...


class PersonSections(Protocol):
    """Return the pages about a person that the user may open from a page, the page of the person by default."""

    def __call__(self, person: PersonCard, /, *, parent: str = "directory.show_person") -> Sequence[PersonSection]: ...


class HelpContact(Protocol):
    """Return where officers of the reader's country find help."""

    def __call__(self) -> str: ...


class PathTo(Protocol):
    """Return the path of a page."""

    def __call__(self, target: Target, *values: object) -> str: ...


TaskSource = Callable[[Actor], Mapping[str, Select[Any]]]  # queries of one value each, by name


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """The calls from lower packages to higher ones."""

    posting_titles: PostingTitles
    role_scope_titles: RoleScopeTitles
    export_limit: ExportLimit
    person_sections: PersonSections
    help_contact: HelpContact
    task_sources: tuple[TaskSource, ...]
    path_to: PathTo


def init_app(app: Flask, members: Ports) -> None:
    """Keep the ports with the application."""
    app.extensions[_KEY] = members


def ports() -> Ports:
    """Return the ports of the current application."""
    return cast("Ports", current_app.extensions[_KEY])
