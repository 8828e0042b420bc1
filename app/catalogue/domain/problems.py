"""A mistake in a course file: where it is, what is wrong, what would be right."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Weight(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake. `line` counts from 1; `what` and `cure` are sentences whose `%(name)s` places `values` fills."""

    file: str
    line: int
    what: str
    cure: str
    values: Mapping[str, str | int | float] = field(default_factory=dict)
    weight: Weight = Weight.ERROR

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.weight}: {self.what % self.values} {self.cure % self.values}"
