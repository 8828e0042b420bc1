"""The gates G1 to G9 that a bank passes before publication: bars for its clues."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from app.catalogue.domain.clues.measures import BankClues

LEAST_SINGLE = 8  # single choices; a smaller bank is not judged
LEAST_FOR_PLACE, LEAST_FOR_WORDS, LEAST_SEVERAL = 12, 20, 6
SMALL = 40  # single choices; a smaller bank has one standard error of slack in G1
WORDS, WORDS_INSIDE, POSITION, ABSOLUTE = 0.30, 0.40, 0.40, 0.10
LENGTH, TRUE, FIRM_RANGE = (0.15, 0.35), (0.40, 0.60), (0.30, 0.60)
THREE_OF_FIVE, WITH_DOCUMENT, PRODUCED, IN_TEST = 0.50, 0.50, 0.20, 1 / 3


@dataclass(frozen=True, slots=True)
class MissedGate:
    """A gate that a bank misses, with what was measured, as an English text for the console."""

    gate: str
    text: str


def missed_gates(clues: BankClues) -> list[MissedGate]:
    """Return the gates that a bank misses; none for a bank with fewer than eight single choices."""
    if clues.single < LEAST_SINGLE:
        return []
    slack = slack_of(clues.single)
    return [
        *_words(clues, slack),
        *_positions(clues, slack),
        *_shape(clues),
        *_content(clues),
        *_absolute(clues, slack),
    ]


def slack_of(single: int) -> float:
    """Return one standard error of the rate of right guesses among single choices with four options."""
    return math.sqrt(0.25 * 0.75 / single) if single else 1.0


def _words(clues: BankClues, slack: float) -> Iterator[MissedGate]:
    if clues.across is not None and clues.across > WORDS + (slack if clues.single < SMALL else 0):
        yield MissedGate("G1", f"words alone find {clues.across:.0%} (bar 30 %)")
    if clues.single >= LEAST_FOR_WORDS and clues.inside > WORDS_INSIDE + slack:
        yield MissedGate("G2", f"words of the bank's own items find {clues.inside:.0%} (bar 40 %: twins)")


def _positions(clues: BankClues, slack: float) -> Iterator[MissedGate]:
    if clues.single < LEAST_FOR_PLACE:
        return
    for name, rate in (("longest", clues.longest), ("shortest", clues.shortest)):
        if not LENGTH[0] - slack <= rate <= LENGTH[1] + slack:
            yield MissedGate("G3", f"the {name} option is right in {rate:.0%} (bar 15 to 35 %)")
    if clues.position > POSITION + slack:
        yield MissedGate("G4", f"one place in the file has {clues.position:.0%} of the right options (bar 40 %)")


def _shape(clues: BankClues) -> Iterator[MissedGate]:
    if clues.several >= LEAST_SEVERAL and (clues.three_of_five or 0) > THREE_OF_FIVE:
        yield MissedGate("G5", f"{clues.three_of_five:.0%} of several have three right of five (bar 50 %)")
    if clues.true is not None and not TRUE[0] <= clues.true <= TRUE[1]:
        yield MissedGate("G6", f"{clues.true:.0%} of true/false are true (bar 40 to 60 %)")


def _content(clues: BankClues) -> Iterator[MissedGate]:
    firm, with_document, produced, in_test = (
        rate or 0.0 for rate in (clues.firm, clues.with_document, clues.produced, clues.in_test)
    )
    if not FIRM_RANGE[0] <= firm <= FIRM_RANGE[1]:
        yield MissedGate("G7", f"the firm, fast or negative act is right in {firm:.0%} (bar 30 to 60 %)")
    if with_document < WITH_DOCUMENT:
        yield MissedGate("G8", f"{with_document:.0%} of items have a document (bar 50 %)")
    if produced < PRODUCED:
        yield MissedGate("G8", f"{produced:.0%} of items ask for a produced answer (bar 20 %)")
    if in_test > IN_TEST:
        yield MissedGate("G8", f"{in_test:.0%} of the items of the test are single choice (bar 33 %)")


def _absolute(clues: BankClues, slack: float) -> Iterator[MissedGate]:
    right, other = clues.absolute
    if clues.single >= LEAST_FOR_WORDS and abs(other - right) > ABSOLUTE + slack / 2:
        yield MissedGate("G9", f"absolute words: wrong {other:.0%}, right {right:.0%} (bar 10 points)")
