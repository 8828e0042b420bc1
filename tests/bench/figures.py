"""What was measured, beside what is wanted."""

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value; `most` is the target, None where there is none."""

    database: str
    name: str
    value: float
    unit: str
    most: float | None = None

    @property
    def late(self) -> bool:
        return self.most is not None and self.value > self.most

    def __str__(self) -> str:
        wanted = "" if self.most is None else f"<= {_number(self.most)}"
        verdict = "" if self.most is None else ("late" if self.late else "ok")
        return f"{self.database:<11}{self.name:<46}{wanted:>10}{_number(self.value):>10} {self.unit:<9}{verdict}"


HEAD = f"{'database':<11}{'what':<46}{'target':>10}{'figure':>10}"


def percentile(values: Sequence[float], share: float) -> float:
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, ceil(len(ranked) * share) - 1)]


def machine() -> list[str]:
    """Return what one must know of the machine to read the figures."""
    cpu = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), "?"
    )
    total = next((int(line.split()[1]) // 1024 for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0)
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    return [
        f"{cpu or platform.processor()}, {os.cpu_count()} cores, {total} MB, load {load:.1f} before",
        f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
    ]


def _lines(path: str) -> list[str]:
    found = Path(path)
    return found.read_text().splitlines() if found.exists() else []


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"
