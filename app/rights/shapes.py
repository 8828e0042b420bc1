"""A role assignment as a line of a list, for the pages of `rights` and `directory`."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleLine:
    """A role assignment as a line of a list; `reach` is "" if the user may not see it."""

    role: str
    reach: str
    since: date
    until: date | None
    coming: bool
