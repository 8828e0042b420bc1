"""Plan of an upgrade: which migrations are missing, how long they take about, and whether the disks have the space."""

from collections.abc import Sequence
from dataclasses import dataclass

# Measured on SQLite with 100,000 saved answers (14 MiB): 46 migrations with copy and comparison took 6 seconds of
# processor time. The estimate is twice that; `--rehearse` measures instead.
SECONDS_A_MIGRATION = 0.2
SECONDS_A_MIB = 0.2
COPIES = 3  # of the database: a plain copy, its scratch database, and tables that are written again
MIB = 1024**2


@dataclass(frozen=True, slots=True, kw_only=True)
class UpgradePlan:
    """An upgrade from revision `applied` ("": there are no tables) to `head`; sizes in bytes.

    `pending`: revision and title of each missing migration, the oldest first; `free`: by the name of a folder, the
    space on its disk.
    """

    applied: str
    head: str
    pending: Sequence[tuple[str, str]]
    database_size: int
    free: Sequence[tuple[str, int]]

    @property
    def has_data(self) -> bool:
        """Return whether there are tables, which are copied first and put back after a failure."""
        return bool(self.applied)

    @property
    def estimated_seconds(self) -> int:
        """Return about how long the upgrade takes, at least one second."""
        copies = self.database_size / MIB * SECONDS_A_MIB if self.has_data else 0.0
        return max(1, round(len(self.pending) * SECONDS_A_MIGRATION + copies))

    @property
    def needed_space(self) -> int:
        """Return the bytes that must be free on each disk."""
        return COPIES * self.database_size if self.has_data and self.pending else 0

    def full_disks(self) -> list[str]:
        """Return the folders whose disks have too little space."""
        return [name for name, free in self.free if free < self.needed_space]
