"""Values that the parts of one request share."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, cast
from uuid import UUID

from flask import g


class ProtectedPeople(Protocol):
    """The people under threat, with their current and former postings."""

    @property
    def people(self) -> frozenset[UUID]:
        """Return the people."""

    @property
    def places(self) -> frozenset[str]:
        """Return the countries, kinds of agencies and roles."""


@dataclass(slots=True)
class RequestState:
    """The values of one request; None if a value was not read yet."""

    started: float | None = None  # for the duration in the log
    arrived_at: datetime | None = None
    bare: bool = False  # the layout sends no query, on the page of a server error
    is_repeated: bool = False
    browser_id: str = ""
    opened: bool = False  # a session was opened in this request
    unread: int | None = None
    guarded: Mapping[str, frozenset[str]] | None = None  # indicator -> cells that may count a person under threat
    protected: ProtectedPeople | None = None
    role_titles: dict[str, Mapping[str, str]] = field(default_factory=dict)  # by language


def request_state() -> RequestState:
    """Return the state of the current request."""
    if "request_state" not in g:
        g.request_state = RequestState()
    return cast("RequestState", g.request_state)
