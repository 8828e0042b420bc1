"""The head of each page of the plan: version, day, and the form for another day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Version and day of a page; `kept` are the values that the form for another day keeps."""

    version: int
    on: date
    past: bool
    days: Sequence[tuple[str, str, bool]]
    published: date
    mine: str
    kept: Mapping[str, str]
    path: str
    plan_href: str
