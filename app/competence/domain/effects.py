"""The effect of each piece of evidence, as `/path/<competency>` lists it: counted or not, end date before and after."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.competence.domain.evidence import EvidenceKind, Piece
from app.competence.domain.history import CompetencyRule, counts, effect_allowed, replay
from app.competence.domain.periods import ValidityPeriod

QUARTER = 0.25  # the trust of a later attempt with unseen questions
REPEATED = frozenset({EvidenceKind.QUIZ, EvidenceKind.SCENARIO})


class NotCounted(StrEnum):
    """The reason why a piece of evidence does not count."""

    SEEN = "seen"  # each question was answered, or the case was played, within 90 days
    CARRIED_BY_TEST = "carried_by_test"  # a completion: the test of the course counts
    LEVEL = "level"  # this kind counts at lower levels alone
    TOO_FAST = "too_fast"
    REPORTED_LATELY = "reported_lately"  # a report of the same supervisor counted within 30 days
    NOT_FIRST = "not_first"  # a claim after other evidence


@dataclass(frozen=True, slots=True)
class Effect:
    """The effect of one piece; `before`, `after`: the last valid day, None if nothing is verified."""

    not_counted: NotCounted | None
    quarter: bool
    trained: bool
    before: date | None
    after: date | None


def effects(pieces: Sequence[Piece], rule: CompetencyRule) -> list[Effect]:
    """Return the effect of each piece; the pieces are in order."""
    results: list[Effect] = []
    spans: tuple[ValidityPeriod, ...] = ()
    for index, (piece, after) in enumerate(zip(pieces, replay(pieces, rule), strict=True)):
        earlier = pieces[:index]
        reason = _reason(piece, earlier, rule)
        results.append(
            Effect(
                not_counted=reason,
                quarter=reason is None and piece.kind in REPEATED and piece.trust <= QUARTER,
                trained=reason is None and effect_allowed(piece, earlier, rule).trains,
                before=_until(spans, piece.day),
                after=_until(after.spans, piece.day),
            )
        )
        spans = after.spans
    return results


def _until(spans: Sequence[ValidityPeriod], day: date) -> date | None:
    return spans[-1].until if spans and spans[-1].until >= day else None


def _reason(piece: Piece, earlier: Sequence[Piece], rule: CompetencyRule) -> NotCounted | None:
    if counts(piece, earlier, rule):
        return None
    if piece.kind is EvidenceKind.CLAIM:
        return NotCounted.NOT_FIRST
    if piece.trust <= 0:
        return _UNTRUSTED.get(piece.kind, NotCounted.TOO_FAST)
    if piece.named and piece.named not in rule.evidence:
        return NotCounted.LEVEL
    return NotCounted.REPORTED_LATELY


_UNTRUSTED = {
    EvidenceKind.MODULE: NotCounted.CARRIED_BY_TEST,
    EvidenceKind.REFRESHER: NotCounted.CARRIED_BY_TEST,
    EvidenceKind.QUIZ: NotCounted.SEEN,
    EvidenceKind.SCENARIO: NotCounted.SEEN,
}
