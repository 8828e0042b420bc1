"""Values that the parts of one request share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, cast

from flask import g


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
    disclosure: Any = None  # people under threat, countries that agreed to exact counts
    protected_records: Sequence[Any] | None = None  # their contributions to figures of the plan
    serving: dict[date, Sequence[Any]] = field(default_factory=dict)  # groups of officers by day
    role_titles: dict[str, Mapping[str, str]] = field(default_factory=dict)  # by language


def request_state() -> RequestState:
    """Return the state of the current request."""
    if "request_state" not in g:
        g.request_state = RequestState()
    return cast("RequestState", g.request_state)
