"""Forecast of a competency: its end and the reason, and the end date after each kind of further evidence."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from app.catalogue.domain.items import Level
from app.competence.domain import measure
from app.competence.domain.assessment import EvidenceBook, Rules, in_order
from app.competence.domain.evidence import NAMES, EvidenceKind, Piece
from app.competence.domain.history import CompetencyRule, next_state, validity_from
from app.competence.domain.measure import SkillState
from app.competence.domain.needs import at_least

MARK, RUBRIC_MARK, RUBRIC_GUESS = 0.62, 2 / 3, 0.05
ANY_ASSESSOR, ANOTHER_COUNTRY = UUID(int=0), "--"  # an assessor of no country that evidence has
# a good result, not a perfect one, where it is watched
GOOD: Mapping[EvidenceKind, Mapping[str, float]] = {
    EvidenceKind.REVIEW: {"share": 1.0, "mark": MARK, "items": 4, "trust": 0.5},
    EvidenceKind.SCENARIO: {"share": 1.0, "mark": MARK, "items": 4, "trust": 0.5},
    EvidenceKind.CHECK: {"share": 11 / 12, "mark": MARK, "items": 12, "trust": 1.0},
    EvidenceKind.WORKSHOP: {"share": 0.9, "mark": RUBRIC_MARK, "items": 5, "trust": 1.0, "guess": RUBRIC_GUESS},
}
WATCHED = (EvidenceKind.CHECK, EvidenceKind.WORKSHOP)
PROLONGING = (EvidenceKind.REVIEW, EvidenceKind.SCENARIO, *WATCHED)


@dataclass(frozen=True, slots=True)
class Forecast:
    """A forecast: chance today, last valid day, reason of the end, and the last day after each kind of evidence."""

    p_today: float
    until: date | None
    ends_by: Literal["fading", "watched"] | None
    steps: tuple[tuple[EvidenceKind, date | None], ...]


def chance(states: Mapping[Level, SkillState], rules: Rules, level: Level, day: date) -> float:
    """Return how likely an officer reaches the pass mark of a level: by that level's state, or a better one above."""
    options = [(states[at], rules(at).parameters) for at in at_least(level) if at in states]
    if not options:
        return measure.p(None, day.toordinal(), rules(level).parameters)
    return max(measure.p(state, day.toordinal(), k) for state, k in options)


def outlook(book: EvidenceBook, rules: Rules, level: Level, today: date) -> Forecast:
    """Return the forecast at a level; a higher level that is valid longer is used instead."""
    bearer = _bearer(book, level, today)
    state, rule = book.states.get(bearer), rules(bearer)
    until = _last_day(book, level)
    counts = until is not None and until >= today
    kinds = PROLONGING if counts else _beginning(state)
    steps = tuple((kind, _would(book, bearer, kind, rules, today)) for kind in kinds if _offered(kind, rule))
    ends_by = _ends_by(state, rule) if counts and state else None
    return Forecast(chance(book.states, rules, level, today), until, ends_by, steps)


def _bearer(book: EvidenceBook, level: Level, today: date) -> Level:
    """Return the level whose state is valid longest for a level, or the level itself if none is valid today."""
    bearer = max((at for at in at_least(level) if at in book.states), key=lambda at: _end(book, at), default=level)
    return bearer if _holds(book, bearer, today) else level


def _last_day(book: EvidenceBook, level: Level) -> date | None:
    periods = book.periods.get(level, ())
    return periods[-1].until if periods else None


def _end(book: EvidenceBook, level: Level) -> int:
    return book.states[level].verified_until or 0


def _holds(book: EvidenceBook, level: Level, today: date) -> bool:
    return level in book.states and _end(book, level) >= today.toordinal()


def _beginning(state: SkillState | None) -> tuple[EvidenceKind, ...]:
    return WATCHED if state is not None and state.trained else (EvidenceKind.MODULE, *WATCHED)


def _offered(kind: EvidenceKind, rule: CompetencyRule) -> bool:
    if kind in WATCHED:
        return kind is not EvidenceKind.CHECK or "watched_check" in rule.verified_by
    return kind is EvidenceKind.MODULE or NAMES[kind] in rule.evidence


def _ends_by(state: SkillState, rule: CompetencyRule) -> Literal["fading", "watched"]:
    if state.watched is None or state.verified_until is None:
        return "fading"
    return "watched" if state.verified_until >= state.watched + rule.parameters.watched_every else "fading"


def _would(book: EvidenceBook, level: Level, kind: EvidenceKind, rules: Rules, today: date) -> date | None:
    pieces = [row.piece for row in in_order(book.rows, level, rules)]
    after = next_state(book.states.get(level), good_piece(kind, today), pieces, rules(level))
    spans = validity_from(after, today)
    return spans[-1].until if spans else None


def good_piece(kind: EvidenceKind, today: date) -> Piece:
    """Return a good result of a kind on a day: not a perfect one where it is watched."""
    numbers = GOOD.get(kind, {})
    scored = kind is EvidenceKind.WORKSHOP
    return Piece(
        day=today,
        kind=kind,
        share=numbers.get("share"),
        mark=numbers.get("mark"),
        items=int(numbers.get("items", 0)),
        trust=numbers.get("trust", 0.0),
        guess=numbers.get("guess", 0.25),
        watched=kind in WATCHED,
        assessor=ANY_ASSESSOR if scored else None,
        assessor_country=ANOTHER_COUNTRY if scored else "",
    )
