"""Convert numbers of other systems into numbers of the course format: `2.5`, without exponent."""

import re
from decimal import Decimal

from app.studio.domain.exchange.shapes import QuestionRefusedError

_FORMAT = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?")
_NUMBER = re.compile(r"[-+]?(?:[0-9]{1,15}(?:[.,][0-9]{0,15})?|[.,][0-9]{1,15})(?:[eE][-+]?[0-9]{1,2})?")


def number_text(text: str) -> str:
    """Return a number as the course format writes it; raise QuestionRefusedError if it is none."""
    text = text.strip()
    if _FORMAT.fullmatch(text):
        return text
    if not _NUMBER.fullmatch(text):
        raise QuestionRefusedError("%(text)s is not a number.", "Write it as 2.5.", text=text[:40] or "-")
    return decimal_text(Decimal(text.replace(",", ".")))


def decimal_text(number: Decimal) -> str:
    """Return a number without exponent and trailing zeros; raise QuestionRefusedError if it has too many digits."""
    written = f"{number:.15f}".rstrip("0").rstrip(".")
    if not _FORMAT.fullmatch(written):
        hint = "Use at most 15 digits before the decimal point."
        raise QuestionRefusedError("The number %(text)s has too many digits.", hint, text=str(number)[:40])
    return written


def tolerance_text(text: str) -> str:
    """Return a tolerance; empty if there is none. Raise QuestionRefusedError if it is not a number."""
    text = text.strip()
    return "" if text in ("", "0") else number_text(text).lstrip("-")


def range_text(low: str, high: str) -> tuple[str, str]:
    """Return the middle of a range and the tolerance that covers it."""
    first, last = Decimal(number_text(low)), Decimal(number_text(high))
    return decimal_text((first + last) / 2), tolerance_text(decimal_text(abs(last - first) / 2))
