"""Rate limit of the public check: checks a minute, by network and in all, counted in memory.

A check changes nothing, so it writes no row either. Each web process counts for itself: with two, the limits are twice
these. Guessing 128 random bits is hopeless anyway; the limit keeps the page from being read in bulk.
"""

from threading import Lock

PER_NETWORK = 30
IN_ALL = 1_000
_SECONDS = 60


class CheckLimit:
    """Counts of the current minute."""

    def __init__(self) -> None:
        """Begin without counts."""
        self._lock = Lock()
        self._minute = -1
        self._counts: dict[str, int] = {}
        self._all = 0

    def wait(self, network: str, now: float) -> int:
        """Count a check at a time in seconds; return 0, or after how many seconds the network may check again."""
        minute = int(now // _SECONDS)
        with self._lock:
            if minute != self._minute:
                self._minute, self._all = minute, 0
                self._counts.clear()
            if self._all >= IN_ALL or self._counts.get(network, 0) >= PER_NETWORK:
                return int((minute + 1) * _SECONDS - now) + 1
            self._all += 1
            self._counts[network] = self._counts.get(network, 0) + 1
            return 0
