"""What becomes of an import that is undone: only what nobody has gone on from is set back."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from enum import StrEnum

from app.intake.domain.headers import Column
from app.intake.domain.validation import OF_POSTING, Change

UNDO_FOR = timedelta(days=30)
SHEET_LIFE = timedelta(hours=24)


class Outcome(StrEnum):
    """What became of a row of an import that was undone."""

    UNDONE = "undone"
    PARTLY = "partly"  # some of its values were changed meanwhile
    ACCEPTED = "accepted"  # the invited person has an account
    WITHDRAWN = "withdrawn"  # before, by somebody else
    CHANGED = "changed"  # all of its values were changed meanwhile
    LEFT = "left"  # the person serves here no more
    NUMBER = "number"  # the old number is somebody else's now

    @property
    def is_undone(self) -> bool:
        """Say whether nothing of the import is left in the row."""
        return self is Outcome.UNDONE


def set_back(
    changes: Sequence[Change], now: Mapping[Column, str], *, moves: bool = False
) -> tuple[tuple[Change, ...], Outcome]:
    """Return which changes are set back, given the values of now, and what that makes of the row.

    Somebody who `moves` on a day to come goes on from the posting that the import gave.
    """
    fixed = OF_POSTING if moves else ()
    still = tuple(
        change for change in changes if now.get(change.column, "") == change.after and change.column not in fixed
    )
    if len(still) == len(changes):
        return still, Outcome.UNDONE
    return still, Outcome.PARTLY if still else Outcome.CHANGED
