"""`Problem`: an error or warning in a course file, with its line and a hint how to fix it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Weight(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem. `line` counts from 1; `values` fills the `%(name)s` of `message` and `hint`."""

    file: str
    line: int
    message: str
    hint: str
    values: Mapping[str, str | int | float] = field(default_factory=dict)
    weight: Weight = Weight.ERROR

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.weight}: {self.message % self.values} {self.hint % self.values}"
