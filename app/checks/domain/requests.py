"""Rules of requests for a check: states and limits."""

from enum import StrEnum

REASON_LIMIT = 300


class RequestState(StrEnum):
    OPEN = "open"
    PLANNED = "planned"  # the officer has a seat in a sitting
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    DONE = "done"
