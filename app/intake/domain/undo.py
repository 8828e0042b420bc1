"""The result of undoing an import: only values that have not changed since are restored."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from enum import StrEnum

from app.intake.domain.headers import Column
from app.intake.domain.validation import OF_POSTING, ValueChange

UNDO_FOR = timedelta(days=30)
SHEET_LIFE = timedelta(hours=24)


class UndoOutcome(StrEnum):
    """The result of undoing a row of an import."""

    UNDONE = "undone"
    PARTLY = "partly"  # some of its values have changed since
    ACCEPTED = "accepted"  # the invited person has an account
    WITHDRAWN = "withdrawn"  # the invitation was withdrawn before
    CHANGED = "changed"  # all of its values have changed since
    LEFT = "left"  # the person no longer serves in the country
    NUMBER = "number"  # another person now has the old number


def set_back(
    changes: Sequence[ValueChange], now: Mapping[Column, str], *, moves: bool = False
) -> tuple[tuple[ValueChange, ...], UndoOutcome]:
    """Return which changes are restored, given the current values, and the outcome for the row.

    If the person `moves` on a later day, that move is based on the imported posting: the posting is not restored.
    """
    fixed = OF_POSTING if moves else ()
    restored = tuple(
        change for change in changes if now.get(change.column, "") == change.after and change.column not in fixed
    )
    if len(restored) == len(changes):
        return restored, UndoOutcome.UNDONE
    return restored, UndoOutcome.PARTLY if restored else UndoOutcome.CHANGED
