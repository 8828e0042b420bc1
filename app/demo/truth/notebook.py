"""A register in memory by the measure alone: what the services must come to, and fast."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date

from app.competence.domain.evidence import EvidenceKind, Piece
from app.competence.domain.measure import Bearing, Parameters, State, apply, p
from app.competence.domain.refit import redate
from app.demo.truth.trial import Report

TRAININGS = {EvidenceKind.MODULE, EvidenceKind.REFRESHER}


class Notebook:
    """Officers' states, kept by hand."""

    def __init__(self, count: int, parameters: Parameters) -> None:
        self.parameters = parameters
        self._states: list[State | None] = [None] * count

    @contextmanager
    def open(self, day: date) -> Iterator[None]:
        """Open the register for a week's entries."""
        yield

    def add(self, place: int, pieces: Iterable[Piece]) -> None:
        """Enter what an officer did: one training, or one sitting."""
        taught = False
        for piece in pieces:
            bearing = Bearing(verifies=piece.watched, trains=not taught, closes=taught)
            self._states[place] = apply(self._states[place], piece, self.parameters, bearing)
            taught = taught or piece.kind in TRAININGS

    def states(self) -> Sequence[State | None]:
        """Return what is known of each officer."""
        return self._states

    def report(self, day: date) -> Report:
        """Return the figures of a day."""
        at, count = day.toordinal(), len(self._states)
        held = sum(one is not None and (one.verified_until or 0) >= at for one in self._states)
        return Report(held / count, sum(p(one, at, self.parameters) for one in self._states) / count)

    def adjust(self, parameters: Parameters, day: date) -> None:
        """Measure by these parameters from now on: what was verified by others gets a new date."""
        self.parameters = parameters
        self._states = [one and redate(one, day.toordinal(), parameters) for one in self._states]
