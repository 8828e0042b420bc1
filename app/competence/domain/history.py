"""Replay the evidence on one competency and level in order: which pieces count, states and periods after each.

The results are stored. A change that gives other results needs a new `measure.EDITION`, so that `jobs` rebuilds them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.competence.domain import measure
from app.competence.domain.evidence import EvidenceKind, Piece
from app.competence.domain.measure import Bearing, Parameters, SkillState
from app.competence.domain.periods import ValidityPeriod, from_day, merged_periods, periods_before

COURSES = frozenset({EvidenceKind.MODULE, EvidenceKind.REFRESHER})  # nothing asked: their trust says whether they count
REPORT_TIME = timedelta(days=30)  # reports of one supervisor on the same competency count once in this time


@dataclass(frozen=True, slots=True)
class CompetencyRule:
    """The rule of a competency at a level: parameters, ways of verification, kinds of evidence that count.

    `evidence` names the unwatched kinds that count at the level; watched kinds always count.
    """

    parameters: Parameters
    verified_by: frozenset[str]
    evidence: frozenset[str]


@dataclass(frozen=True, slots=True)
class StateAfter:
    """State and periods after a piece of evidence; `state` None: no piece has counted yet."""

    state: SkillState | None
    spans: tuple[ValidityPeriod, ...]


def replay(pieces: Sequence[Piece], rule: CompetencyRule) -> list[StateAfter]:
    """Return state and periods after each piece; the pieces are in order."""
    results: list[StateAfter] = []
    state: SkillState | None = None
    spans: list[ValidityPeriod] = []
    for index, piece in enumerate(pieces):
        state = next_state(state, piece, pieces[:index], rule)
        spans = merged_periods([*periods_before(spans, piece.day), *validity_from(state, piece.day)])
        results.append(StateAfter(state, tuple(spans)))
    return results


def last_state(pieces: Sequence[Piece], rule: CompetencyRule) -> SkillState | None:
    """Return the state after the last of the pieces, which are in order."""
    state: SkillState | None = None
    for index, piece in enumerate(pieces):
        state = next_state(state, piece, pieces[:index], rule)
    return state


def next_state(
    state: SkillState | None, piece: Piece, earlier: Sequence[Piece], rule: CompetencyRule
) -> SkillState | None:
    """Return the state after one more piece, given all the earlier ones; unchanged when it does not count."""
    if not counts(piece, earlier, rule):
        return state
    return measure.apply(state, piece, rule.parameters, effect_allowed(piece, earlier, rule))


def validity_from(state: SkillState | None, day: date) -> list[ValidityPeriod]:
    """Return the validity period of a state from a day on."""
    if state is None or state.verified_from is None or state.verified_until is None:
        return []
    return from_day(date.fromordinal(state.verified_from), date.fromordinal(state.verified_until), day)


def counts(piece: Piece, earlier: Sequence[Piece], rule: CompetencyRule) -> bool:
    """Return whether a piece counts at all.

    An unwatched kind counts if the level's `evidence` names it. Nothing counts without trust (a completion, an
    attempt at known questions, a review too fast), except a claim, which counts only before all other evidence. The
    second report of a supervisor within 30 days does not count.
    """
    if piece.kind is EvidenceKind.CLAIM:
        return not earlier
    if piece.trust <= 0 or (piece.named and piece.named not in rule.evidence):
        return False
    return piece.kind is not EvidenceKind.SUPERVISOR or not _heard_lately(piece, earlier)


def effect_allowed(piece: Piece, earlier: Sequence[Piece], rule: CompetencyRule) -> Bearing:
    """Return the possible effects of a piece, given the earlier pieces."""
    trainings = _trainings(earlier, rule)
    return Bearing(
        verifies=piece.watched and _may_verify(piece, earlier, rule),
        trains=_trains(piece, trainings),
        closes=any(training.day == piece.day for training in trainings) or _claimed_on(piece.day, earlier),
    )


def _trainings(pieces: Iterable[Piece], rule: CompetencyRule) -> list[Piece]:
    trainings: list[Piece] = []
    for piece in pieces:
        counted = piece.trust > 0 and (not piece.named or piece.named in rule.evidence)
        if counted and _trains(piece, trainings):
            trainings.append(piece)
    return trainings


def _trains(piece: Piece, trainings: Sequence[Piece]) -> bool:
    """Return whether a piece counts as training: each course and workshop once, tests and workshops if passed.

    The first workshop of an officer without earlier training counts also if it is not passed.
    """
    if piece.training and any(training.training == piece.training for training in trainings):
        return False
    if piece.kind is EvidenceKind.QUIZ:
        return piece.reached
    if piece.kind is EvidenceKind.WORKSHOP:
        return piece.reached or not trainings
    return piece.kind in COURSES


def _claimed_on(day: date, earlier: Sequence[Piece]) -> bool:
    return bool(earlier) and earlier[0].kind is EvidenceKind.CLAIM and earlier[0].day == day


def _may_verify(piece: Piece, earlier: Iterable[Piece], rule: CompetencyRule) -> bool:
    if "watched_check" in rule.verified_by:
        return True
    if piece.assessor is None:
        return False
    if "assessor" in rule.verified_by:
        return True
    if "two_assessors" not in rule.verified_by:
        return False
    oldest = piece.day - timedelta(days=rule.parameters.watched_every)
    return any(
        earlier_piece.reached and _second_country(piece, earlier_piece)
        for earlier_piece in earlier
        if earlier_piece.day >= oldest
    )


def _second_country(piece: Piece, other: Piece) -> bool:
    if other.assessor is None or other.assessor == piece.assessor:
        return False
    return "" not in {piece.assessor_country, other.assessor_country} and (
        piece.assessor_country != other.assessor_country
    )


def _heard_lately(piece: Piece, earlier: Iterable[Piece]) -> bool:
    """Return whether a report of the same supervisor counted within the last 30 days."""
    newest: date | None = None  # the last report that counted
    for report in earlier:
        if _is_same_reporter(report, piece) and (newest is None or report.day - newest >= REPORT_TIME):
            newest = report.day
    return newest is not None and piece.day - newest < REPORT_TIME


def _is_same_reporter(report: Piece, piece: Piece) -> bool:
    return report.kind is EvidenceKind.SUPERVISOR and report.reporter == piece.reporter and report.trust > 0
