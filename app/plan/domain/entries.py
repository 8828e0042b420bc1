"""Unit, range and effect of the values of figures entered by hand; `observations.check` applies them."""

from dataclasses import dataclass
from enum import StrEnum
from math import isclose

from app.catalogue.domain.references.plan import Indicator

HIGHEST = 1e9  # of what has no limit of its own
SCALE = (1.0, 5.0)  # of answers behind a score
TENTH = 0.1
NEAR = 1e-6  # of a step: 4.1 is 41 tenths
LARGE = 0.5  # a change of more than this share of the last value needs a sentence


class EntryUnit(StrEnum):
    """The unit of a value entered by hand."""

    POINTS = "points"
    TOPICS = "topics"
    NUMBER = "number"
    PERCENT = "percent"
    SCORE = "score"


BY_UNIT = {  # unit, range and step of values without a rule of their own
    "count": (EntryUnit.NUMBER, 0.0, HIGHEST, 1.0),
    "percent": (EntryUnit.PERCENT, 0.0, 100.0, 0.5),
    "score": (EntryUnit.SCORE, *SCALE, TENTH),
}
ANY_NUMBER = (EntryUnit.NUMBER, 0.0, HIGHEST, 0.5)


@dataclass(frozen=True, slots=True)
class EntryRule:
    """Unit, range and step of a value; from `counts_from` on a country counts, None: the value itself counts."""

    unit: EntryUnit
    minimum: float
    maximum: float
    step: float
    counts_from: float | None

    @property
    def is_limited(self) -> bool:
        """Return whether the values have an upper end of their own."""
        return self.maximum < HIGHEST

    def takes(self, value: float) -> bool:
        """Return whether a value lies in the range and on a step."""
        steps = value / self.step
        return self.minimum <= value <= self.maximum and isclose(steps, round(steps), abs_tol=NEAR)

    def counts_as(self, value: float) -> float:
        """Return what a value counts as."""
        return value if self.counts_from is None else float(value >= self.counts_from)


def entry_rule(indicator: Indicator) -> EntryRule:
    """Return the rule by which an indicator's values are entered."""
    settings = indicator.settings
    topics = len(settings.get("topics", ()))
    counts_from: float | None = None
    if indicator.rule == "observed_countries":
        counts_from = float(settings.get("points_needed", topics or 1))
    if "points" in settings:
        return EntryRule(EntryUnit.POINTS, 0, float(settings["points"]), 1, counts_from)
    if topics:
        return EntryRule(EntryUnit.TOPICS, 0, topics, 1, counts_from)
    return EntryRule(*BY_UNIT.get(indicator.unit, ANY_NUMBER), counts_from)


def is_large(value: float, last: float | None) -> bool:
    """Return whether a value differs from the last one by more than half of it."""
    return last is not None and abs(value - last) > LARGE * abs(last)
