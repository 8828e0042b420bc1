"""Results of one person and competency (`EvidenceBook`): rebuild them from all evidence, or add one piece."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from app.catalogue.domain.items import Level
from app.catalogue.domain.references.competencies import Competencies, Fading
from app.competence.domain.evidence import LEVELS, Piece
from app.competence.domain.history import CompetencyRule, last_state, next_state, replay, validity_from
from app.competence.domain.measure import EDITION, Parameters, SkillState
from app.competence.domain.periods import (
    PostedPeriod,
    PostingDays,
    ValidityPeriod,
    merged_periods,
    periods_before,
    periods_by_level,
    periods_by_posting,
)

Rules = Callable[[Level], CompetencyRule]
TESTS = "quiz"  # the framework's word for what counts at lower levels too
MONTH = 30.4  # days
HALF_GAIN = {Fading.KNOWLEDGE: 198.0, Fading.DECISION: 198.0, Fading.PROCEDURE: 330.0}  # days


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A piece of evidence that is not voided, with the fields that order it."""

    id: int
    level: Level
    done_at: datetime
    recorded_at: datetime
    piece: Piece

    @property
    def order(self) -> tuple[object, ...]:
        """Return the sort key: day, time of the activity, then time and number of the record."""
        return self.piece.day, self.done_at, self.recorded_at, self.id


@dataclass(frozen=True, slots=True)
class EvidenceBook:
    """The stored evidence and results of one person and competency; levels without results are left out.

    `edition` is the oldest edition of the rules behind the states.
    """

    rows: tuple[EvidenceRow, ...] = ()
    sources: frozenset[tuple[Level, str]] = frozenset()
    states: Mapping[Level, SkillState] = field(default_factory=dict)
    periods: Mapping[Level, Sequence[PostedPeriod]] = field(default_factory=dict)
    edition: int = EDITION


def rules(framework: Competencies, competency: str) -> Rules:
    """Return the rule of a competency at each level; the defaults for one that is no longer in the framework."""
    entry = framework.get(competency)
    parameters = Parameters()
    if entry is not None:
        every = round(entry.months * MONTH)
        parameters = Parameters(half_gain=entry.half_gain or HALF_GAIN[entry.fading], watched_every=every)
    ways = {
        level_rule.id: (frozenset[str](level_rule.verified_by), frozenset[str](level_rule.evidence))
        for level_rule in framework.levels
    }
    return lambda level: CompetencyRule(parameters, *ways.get(level, (frozenset(), frozenset())))


def counted_at(level: Level, piece: Piece, rules: Rules) -> Level:
    """Return the level at which a piece counts: a test counts at its own or the next lower level that names tests."""
    if piece.named != TESTS:
        return level
    below = reversed(LEVELS[: LEVELS.index(level) + 1])
    return next((lower_level for lower_level in below if TESTS in rules(lower_level).evidence), level)


def in_order(rows: Iterable[EvidenceRow], level: Level, rules: Rules) -> list[EvidenceRow]:
    """Return the evidence that counts at a level, in the order in which it counts."""
    return sorted((row for row in rows if counted_at(row.level, row.piece, rules) is level), key=lambda row: row.order)


def states_by_level(rows: Sequence[EvidenceRow], rules: Rules) -> dict[Level, SkillState]:
    """Return the states that evidence leads to, by level."""
    states = {level: last_state([row.piece for row in in_order(rows, level, rules)], rules(level)) for level in LEVELS}
    return {level: state for level, state in states.items() if state is not None}


def rebuilt_book(book: EvidenceBook, rules: Rules, postings: Sequence[PostingDays]) -> EvidenceBook:
    """Return the book with all results recalculated from its evidence."""
    states, raw = {}, {}
    for level in LEVELS:
        pieces = [row.piece for row in in_order(book.rows, level, rules)]
        after = replay(pieces, rules(level))[-1] if pieces else None
        if after is not None and after.state is not None:
            states[level], raw[level] = after.state, after.spans
    return _written(book, states, periods_by_level(raw), postings)


def with_evidence(book: EvidenceBook, new: EvidenceRow, rules: Rules, postings: Sequence[PostingDays]) -> EvidenceBook:
    """Return the book with one more piece of evidence; late evidence or older rules rebuild everything."""
    after = EvidenceBook((*book.rows, new), book.sources, book.states, book.periods, book.edition)
    level = counted_at(new.level, new.piece, rules)
    earlier = in_order(book.rows, level, rules)
    if book.edition < EDITION or _is_late(new, book, earlier):
        return rebuilt_book(after, rules, postings)
    state = next_state(book.states.get(level), new.piece, [row.piece for row in earlier], rules(level))
    if state is None:
        return after
    states = {**book.states, level: state}
    return _written(after, states, _spans_from(book, states, new.piece.day), postings)


def _is_late(new: EvidenceRow, book: EvidenceBook, earlier: Iterable[EvidenceRow]) -> bool:
    """Return whether evidence is older than evidence that is stored already."""
    return any(row.piece.day > new.piece.day for row in book.rows) or any(row.order > new.order for row in earlier)


def _spans_from(book: EvidenceBook, states: Mapping[Level, SkillState], day: date) -> dict[Level, list[ValidityPeriod]]:
    """Return the periods of each level: before a day those of the book, from it on those of the states."""
    ahead = periods_by_level({level: validity_from(state, day) for level, state in states.items()})
    return {level: merged_periods([*periods_before(_days(book, level), day), *ahead[level]]) for level in LEVELS}


def _written(
    book: EvidenceBook,
    states: Mapping[Level, SkillState],
    spans: Mapping[Level, Sequence[ValidityPeriod]],
    postings: Sequence[PostingDays],
) -> EvidenceBook:
    periods = {level: cut for level in LEVELS if (cut := periods_by_posting(spans[level], postings))}
    return EvidenceBook(book.rows, book.sources, states, periods)


def _days(book: EvidenceBook, level: Level) -> list[ValidityPeriod]:
    return [ValidityPeriod(period.since, period.until) for period in book.periods.get(level, ())]
