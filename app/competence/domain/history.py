"""All evidence on one competency and level, in order: what each piece bears, and the state and days it leads to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.competence.domain import measure
from app.competence.domain.evidence import EvidenceKind, Piece
from app.competence.domain.measure import Bearing, Parameters, State
from app.competence.domain.spans import Span, before, from_day, merged

TRAININGS = frozenset({EvidenceKind.MODULE, EvidenceKind.REFRESHER, EvidenceKind.QUIZ, EvidenceKind.WORKSHOP})
OPENINGS = TRAININGS | {EvidenceKind.CLAIM}  # a check on the same day closes them
PRACTICE = frozenset({EvidenceKind.REVIEW, EvidenceKind.SCENARIO, EvidenceKind.SUPERVISOR})
REPORT_TIME = timedelta(days=30)  # reports of one supervisor on the same competency count once in this time


@dataclass(frozen=True, slots=True)
class Rule:
    """What holds for a competency at a level: its numbers, and which of the framework's ways verify."""

    parameters: Parameters
    verified_by: frozenset[str]


@dataclass(frozen=True, slots=True)
class After:
    """What stands after a piece of evidence: the state (None: it counted for nothing and none was there), the days."""

    state: State | None
    spans: tuple[Span, ...]


def replay(pieces: Sequence[Piece], rule: Rule) -> list[After]:
    """Return what stands after each piece; the pieces are in order."""
    found: list[After] = []
    state: State | None = None
    spans: list[Span] = []
    for place, piece in enumerate(pieces):
        state = step(state, piece, pieces[:place], rule)
        spans = merged([*before(spans, piece.day), *held(state, piece.day)])
        found.append(After(state, tuple(spans)))
    return found


def last(pieces: Sequence[Piece], rule: Rule) -> State | None:
    """Return the state after the last of the pieces, which are in order."""
    state: State | None = None
    for place, piece in enumerate(pieces):
        state = step(state, piece, pieces[:place], rule)
    return state


def step(state: State | None, piece: Piece, earlier: Sequence[Piece], rule: Rule) -> State | None:
    """Return the state after one more piece, given all the earlier ones; unchanged when it does not count."""
    if not counts(piece, earlier):
        return state
    return measure.apply(state, piece, rule.parameters, bearing(piece, earlier, rule))


def held(state: State | None, day: date) -> list[Span]:
    """Return the days from this one on that a state holds."""
    if state is None or state.verified_from is None or state.verified_until is None:
        return []
    return from_day(date.fromordinal(state.verified_from), date.fromordinal(state.verified_until), day)


def counts(piece: Piece, earlier: Sequence[Piece]) -> bool:
    """Say whether a piece counts at all.

    A claim counts before everything else alone; practice without trust (repeated, too fast) does not; nor does the
    second report of a supervisor within 30 days.
    """
    match piece.kind:
        case EvidenceKind.CLAIM:
            return not earlier
        case EvidenceKind.SUPERVISOR if piece.reporter is not None:
            return piece.trust > 0 and not _heard_lately(piece, earlier)
        case kind:
            return kind not in PRACTICE or piece.trust > 0


def bearing(piece: Piece, earlier: Sequence[Piece], rule: Rule) -> Bearing:
    """Return what a piece may do, given the earlier ones."""
    last = earlier[-1] if earlier else None
    return Bearing(
        verifies=piece.watched and _may_verify(piece, earlier, rule),
        trains=not (piece.training and any(_same_training(piece, one) for one in earlier)),
        closes=last is not None and last.day == piece.day and last.kind in OPENINGS,
    )


def _may_verify(piece: Piece, earlier: Iterable[Piece], rule: Rule) -> bool:
    if "watched_check" in rule.verified_by:
        return True
    if piece.assessor is None:
        return False
    if "assessor" in rule.verified_by:
        return True
    if "two_assessors" not in rule.verified_by:
        return False
    oldest = piece.day - timedelta(days=rule.parameters.watched_every)
    return any(_second_country(piece, one) for one in earlier if one.day >= oldest)


def _second_country(piece: Piece, other: Piece) -> bool:
    if other.assessor is None or other.assessor == piece.assessor:
        return False
    return "" not in {piece.assessor_country, other.assessor_country} and (
        piece.assessor_country != other.assessor_country
    )


def _same_training(piece: Piece, other: Piece) -> bool:
    return other.kind in TRAININGS and other.training == piece.training


def _heard_lately(piece: Piece, earlier: Iterable[Piece]) -> bool:
    heard: date | None = None  # the last report that counted
    for one in earlier:
        mine = one.kind is EvidenceKind.SUPERVISOR and one.reporter == piece.reporter and one.trust > 0
        if mine and (heard is None or one.day - heard >= REPORT_TIME):
            heard = one.day
    return heard is not None and piece.day - heard < REPORT_TIME
