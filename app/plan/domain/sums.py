"""Sums of contributions, and the key of the cells over all."""

from dataclasses import dataclass

EVERY = "*"  # in rollups: all kinds of agencies, or all roles
TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class FigureSum:
    """A sum of contributions; `denominator` is 0 for plain counts, and the number of reports for figures by hand."""

    numerator: float = 0.0
    denominator: float = 0.0

    def __add__(self, other: "FigureSum") -> "FigureSum":
        return FigureSum(self.numerator + other.numerator, self.denominator + other.denominator)
