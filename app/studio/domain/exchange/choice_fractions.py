"""Translate the shares of options between the course format and the percentages of Moodle."""

from collections.abc import Sequence
from math import fsum, isclose

from app.catalogue.domain.items import ItemKind
from app.studio.domain.exchange.item_tags import write_tag
from app.studio.domain.exchange.shapes import NoteList

SHARES = "shares"
"""The name of the tag with the shares of the options in per cent."""


def fractions_of(shares: Sequence[float], kind: ItemKind) -> list[float]:
    """Return the percentage of each option in Moodle; those of the right options of `several` add up to 100.

    An option of `several` that is not right costs 1 / (number of such options), unless it has its own deduction.
    """
    if kind is not ItemKind.SEVERAL:
        return [round(share * 100, 5) for share in shares]
    total = fsum(share for share in shares if share > 0) or 1.0
    plain = _plain_deduction(shares)
    return [round(_fraction(credit, total, plain) * 100, 5) for credit in shares]


def _fraction(credit: float, total: float, plain_deduction: float) -> float:
    return credit / total if credit > 0 else credit or plain_deduction


def _plain_deduction(shares: Sequence[float]) -> float:
    return -1 / max(1, sum(share <= 0 for share in shares))


def shares_of(fractions: Sequence[float], kind: ItemKind, notes: NoteList, *, written: str) -> list[float]:
    """Return the share of each option; `written` is the value of the tag `shares`, used if it is still true."""
    shares = _written_shares(written)
    if len(shares) == len(fractions) and all(map(_is_near, fractions_of(shares, kind), fractions)):
        return shares
    if kind is ItemKind.SEVERAL:
        return _shares_of_several(fractions, notes)
    return [share_of(fraction, notes) for fraction in fractions]


def shares_tag(shares: Sequence[float]) -> str:
    """Return the tag with the shares."""
    return write_tag(SHARES, ",".join(str(round(share * 100)) for share in shares))


def _written_shares(written: str) -> list[float]:
    values = written.split(",")
    return [int(value) / 100 for value in values] if all(_is_percent(value) for value in values) else []


def _is_percent(value: str) -> bool:
    digits = value.removeprefix("-")
    return digits.isascii() and digits.isdigit() and len(digits) <= 3 and int(digits) <= 100


def _is_near(expected: float, fraction: float) -> bool:
    return isclose(expected, fraction, abs_tol=0.01)


def share_of(fraction: float, notes: NoteList) -> float:
    """Return the share for a percentage, rounded to whole per cents and limited to -100 to 100."""
    rounded = max(-100, min(100, round(fraction)))
    if not _is_near(rounded, fraction):
        message = "The mark of %(before)s%% is %(after)s%% now."
        notes.warn(
            message, "Marks are whole numbers from -100 to 100. Check it.", before=f"{fraction:g}", after=rounded
        )
    return rounded / 100


def _shares_of_several(fractions: Sequence[float], notes: NoteList) -> list[float]:
    positive = [fraction for fraction in fractions if fraction > 0]
    are_equal = all(_is_near(positive[0], fraction) for fraction in positive)
    plain = _plain_deduction(fractions) * 100
    shares = []
    for fraction in fractions:
        if fraction > 0:
            shares.append(1.0 if are_equal else share_of(fraction, notes))
        else:
            shares.append(0.0 if _is_near(plain, fraction) else share_of(fraction, notes))
            _note_deduction(fraction, notes)
    return shares


def _note_deduction(fraction: float, notes: NoteList) -> None:
    if fraction == 0:
        message = "Selecting a wrong option now costs points, as in all items with several right options."
        notes.warn(message, "Write a mark such as [-10%%] before the option for another deduction.")
