"""Lines of donors: the longest values, and what is checked."""

from collections.abc import Collection
from dataclasses import dataclass

from app.kernel.errors import DomainError

DONOR_LIMIT, CODE_LIMIT, WORDING_LIMIT, INDICATOR_LIMIT = 80, 40, 300, 20  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDonorLine:
    """A line of a donor's results table: the donor's code and wording, and the code of our indicator."""

    donor: str
    code: str
    wording: str
    indicator: str


def check_line(line: NewDonorLine, indicators: Collection[str]) -> None:
    """Raise DomainError for an empty or long value, or an unknown indicator."""
    limits = ((line.donor, DONOR_LIMIT), (line.code, CODE_LIMIT), (line.wording, WORDING_LIMIT))
    if not all(0 < len(text) <= limit for text, limit in limits):
        raise DomainError("Enter the donor, the code and the wording.")
    if line.indicator not in indicators:
        raise DomainError("Choose an indicator from the list.")
