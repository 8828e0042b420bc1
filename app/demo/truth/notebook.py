"""A register in memory by the rules alone: what the services must come to, and fast."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

from app.competence.domain.evidence import Piece
from app.competence.domain.history import Rule, replay, step
from app.competence.domain.measure import Parameters, State, p
from app.competence.domain.refit import half_gain, met
from app.demo.truth.trial import Report

VERIFIED_BY = frozenset({"watched_check", "assessor"})  # as the framework has it for the foundation level


class Notebook:
    """What officers did, and their states."""

    def __init__(self, count: int, parameters: Parameters) -> None:
        self.parameters = self._assumed = parameters
        self._rows: list[list[Piece]] = [[] for _ in range(count)]
        self._states: list[State | None] = [None] * count

    @contextmanager
    def open(self, _day: date) -> Iterator[None]:
        """Open the register for the entries of a week."""
        yield

    def add(self, place: int, pieces: Iterable[Piece]) -> None:
        """Enter what an officer did: one training with its tests, or one sitting."""
        rows = self._rows[place]
        training = f"{place}:{len(rows)}"
        for piece in pieces:
            new = replace(piece, training=training)
            self._states[place] = step(self._states[place], new, rows, self._rule())
            rows.append(new)

    def states(self) -> Sequence[State | None]:
        """Return what is known of each officer."""
        return self._states

    def refit(self) -> None:
        """Look how fast the skill was seen to fade, and make everything again by it from the evidence."""
        checks = [one for rows in self._rows for one in met(rows, self._rule())]
        fitted = half_gain(checks, self._assumed)
        if fitted is not None:
            self.parameters = replace(self.parameters, half_gain=float(fitted))
            self._states = [replay(rows, self._rule())[-1].state if rows else None for rows in self._rows]

    def report(self, day: date) -> Report:
        """Return the figures of a day."""
        at, count = day.toordinal(), len(self._states)
        held = sum(one is not None and (one.verified_until or 0) >= at for one in self._states)
        return Report(held / count, sum(p(one, at, self.parameters) for one in self._states) / count)

    def _rule(self) -> Rule:
        return Rule(self.parameters, VERIFIED_BY)
