"""A register in memory by the rules alone: what the services must come to, and fast."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta

from app.competence.domain import audit
from app.competence.domain.audit import Shift
from app.competence.domain.evidence import EvidenceKind, Piece
from app.competence.domain.history import CompetencyRule, replay, step
from app.competence.domain.measure import Parameters, SkillState, p, project
from app.competence.domain.refit import checked, half_gain, met
from app.demo.truth.trial import Report

FOUR_QUARTERS = timedelta(days=364)
# as the framework has it for the foundation level
VERIFIED_BY, EVIDENCE = frozenset({"watched_check", "assessor"}), frozenset({"quiz"})


class Notebook:
    """What officers did, and their states."""

    def __init__(self, count: int, parameters: Parameters) -> None:
        self.parameters = self._assumed = parameters
        self._rows: list[list[Piece]] = [[] for _ in range(count)]
        self._states: list[SkillState | None] = [None] * count
        self._known: tuple[tuple[int, Parameters] | None, Shift | None] = None, None

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

    def states(self) -> Sequence[SkillState | None]:
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
        chances = self._chances(at, 0.0)
        held = sum(one is not None and (one.verified_until or 0) >= at for one in self._states)
        plain = Report(held / count, sum(chances) / count)
        found = self._shift(day)
        if found is None:
            return plain
        low, high = audit.likely(
            chances, lows=self._chances(at, found.range[0]), highs=self._chances(at, found.range[1])
        )
        audited = None if found.agrees else sum(self._chances(at, found.delta)) / count
        return replace(plain, low=low / count, high=high / count, audited=audited)

    def _chances(self, day: int, delta: float) -> list[float]:
        k, found = self.parameters, []
        for state in self._states:
            at = project(state, day, k) if state is not None else None
            found.append(p(None, day, k) if at is None else audit.p(at.level, at.var, delta))
        return found

    def _shift(self, day: date) -> Shift | None:
        """Return what the surprise checks of four quarters say; reckoned anew at the end of each alone."""
        since = day - FOUR_QUARTERS
        sampled = [rows for rows in self._rows if any(_is_sample(one, since) for one in rows)]
        days = sum(one.day.toordinal() for rows in sampled for one in rows if _is_sample(one, since))
        key = (days, self.parameters)
        if key != self._known[0]:
            checks = [one for rows in sampled for one in met(rows, self._rule()) if _is_sample(one.check, since)]
            self._known = key, audit.shift([checked(one, self.parameters) for one in checks], self.parameters)
        return self._known[1]

    def _rule(self) -> CompetencyRule:
        return CompetencyRule(self.parameters, VERIFIED_BY, EVIDENCE)


def _is_sample(piece: Piece, since: date) -> bool:
    return piece.kind is EvidenceKind.SURPRISE and piece.day > since
