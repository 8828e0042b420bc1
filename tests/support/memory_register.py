"""A register in memory that uses the rules only. The services must give the same results."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta

from app.competence.domain import audit
from app.competence.domain.audit import LevelShift
from app.competence.domain.evidence import EvidenceKind, Piece
from app.competence.domain.history import CompetencyRule, next_state, replay
from app.competence.domain.measure import Parameters, SkillState, p, project
from app.competence.domain.refit import half_gain, projected_check, watched_checks
from app.demo.truth.trial import CapacityReport

FOUR_QUARTERS = timedelta(days=364)
# as in the framework for the foundation level
VERIFIED_BY, EVIDENCE = frozenset({"watched_check", "assessor"}), frozenset({"quiz"})


class MemoryRegister:
    """The evidence and states of officers."""

    def __init__(self, count: int, parameters: Parameters) -> None:
        self.parameters = self._assumed = parameters
        self._rows: list[list[Piece]] = [[] for _ in range(count)]
        self._states: list[SkillState | None] = [None] * count
        self._cached: tuple[tuple[int, Parameters] | None, LevelShift | None] = None, None

    @contextmanager
    def open(self, _day: date) -> Iterator[None]:
        """Open the register for the entries of a week."""
        yield

    def add(self, index: int, pieces: Iterable[Piece]) -> None:
        """Record the evidence of an officer: a training with its tests, or one attempt."""
        rows = self._rows[index]
        training = f"{index}:{len(rows)}"
        for piece in pieces:
            new = replace(piece, training=training)
            self._states[index] = next_state(self._states[index], new, rows, self._rule())
            rows.append(new)

    def states(self) -> Sequence[SkillState | None]:
        """Return the state of each officer, None without evidence."""
        return self._states

    def refit(self) -> None:
        """Fit how fast the skill fades to the evidence, and recalculate all states."""
        checks = [check for rows in self._rows for check in watched_checks(rows, self._rule())]
        fitted = half_gain(checks, self._assumed)
        if fitted is not None:
            self.parameters = replace(self.parameters, half_gain=float(fitted))
            self._states = [replay(rows, self._rule())[-1].state if rows else None for rows in self._rows]

    def report(self, day: date) -> CapacityReport:
        """Return the figures of a day."""
        at, count = day.toordinal(), len(self._states)
        chances = self._chances(at, 0.0)
        verified = sum(state is not None and (state.verified_until or 0) >= at for state in self._states)
        plain = CapacityReport(verified / count, sum(chances) / count)
        shift = self._shift(day)
        if shift is None:
            return plain
        low, high = audit.likely_range(
            chances, lows=self._chances(at, shift.range[0]), highs=self._chances(at, shift.range[1])
        )
        audited = None if shift.agrees else sum(self._chances(at, shift.delta)) / count
        return replace(plain, low=low / count, high=high / count, audited=audited)

    def _chances(self, day: int, delta: float) -> list[float]:
        k, chances = self.parameters, []
        for state in self._states:
            at = project(state, day, k) if state is not None else None
            chances.append(p(None, day, k) if at is None else audit.p(at.level, at.var, delta))
        return chances

    def _shift(self, day: date) -> LevelShift | None:
        """Return the shift by surprise checks of four quarters, calculated once for each quarter."""
        since = day - FOUR_QUARTERS
        sampled = [rows for rows in self._rows if any(_is_sample(row, since) for row in rows)]
        days = sum(row.day.toordinal() for rows in sampled for row in rows if _is_sample(row, since))
        key = (days, self.parameters)
        if key != self._cached[0]:
            checks = [
                check
                for rows in sampled
                for check in watched_checks(rows, self._rule())
                if _is_sample(check.check, since)
            ]
            self._cached = (
                key,
                audit.estimated_shift([projected_check(check, self.parameters) for check in checks], self.parameters),
            )
        return self._cached[1]

    def _rule(self) -> CompetencyRule:
        return CompetencyRule(self.parameters, VERIFIED_BY, EVIDENCE)


def _is_sample(piece: Piece, since: date) -> bool:
    return piece.kind is EvidenceKind.SURPRISE and piece.day > since
