"""Compare typed answers with the accepted ones: numbers with either decimal sign, texts with wildcards (`*`)."""

import re
from decimal import Context, Decimal

from app.kernel.folding import fold

# A private character replaces the star while the pattern is folded whole: folded in pieces, blanks beside it would go.
_STAR = "\ue000"
_SIGNS = str.maketrans(
    {
        **dict.fromkeys("\u2212\u2010\u2011\u2012\u2013", "-"),
        "\u066b": ".",  # Arabic decimal sign
        "\u060c": ",",  # Arabic comma
        **dict.fromkeys("\u066c\u2019", "'"),  # Arabic thousands sign, typographic apostrophe
    }
)
_BLANK_BETWEEN = re.compile(r"(?<=[0-9])[ '](?=[0-9]{3})|(?<=^[+-]) ", re.ASCII)
_THOUSANDS = {sign: re.compile(rf"[+-]?[1-9][0-9]{{0,2}}(?:\{sign}[0-9]{{3}})+", re.ASCII) for sign in ",."}
_PLAIN = re.compile(r"[+-]?(?:[0-9]{1,40}(?:\.[0-9]{1,40})?|\.[0-9]{1,40})", re.ASCII)
_LONGEST_NUMBER = 80
_CONTEXT = Context(prec=90)


def matches(pattern: str, text: str) -> bool:
    """Return whether the text matches the pattern, both folded; `*` is any run, and a backslash makes it literal.

    The parts between asterisks are searched from left to right, each once, so that no pattern is slow.
    """
    first, *rest = fold(_with_stars(pattern)).split(_STAR)
    typed = fold(text.replace(_STAR, ""))
    if not rest:
        return typed == first
    *middle, last = rest
    if not typed.startswith(first) or not typed.endswith(last) or len(typed) < len(first) + len(last):
        return False
    at, end = len(first), len(typed) - len(last)
    for part in middle:
        index = typed.find(part, at, end)
        if index < 0:
            return False
        at = index + len(part)
    return True


def readable(pattern: str) -> str:
    """Return a pattern as a reader sees it: an ellipsis where any words may stand between others."""
    parts = (part.strip() for part in _with_stars(pattern).split(_STAR))
    return " … ".join(part for part in parts if part)


def _with_stars(pattern: str) -> str:
    return re.sub(r"\\\*|\*", lambda match: _STAR if match[0] == "*" else "*", pattern.replace(_STAR, ""))


def alike(text: str, other: str) -> bool:
    """Return whether two texts are the same after folding, and not empty."""
    return fold(text) == fold(other) != ""


def within(text: str, value: str, tolerance: str = "") -> bool:
    """Return whether one reading of the typed number is within the tolerance of the value, limits included."""
    target, reach = decimal(value), decimal(tolerance or "0")
    if target is None or reach is None:
        return False
    return any(abs(_CONTEXT.subtract(number, target)) <= reach for number in readings(text))


def without_unit(text: str, unit: str) -> str:
    """Return the typed number, folded, without the item's unit behind it."""
    return fold(text).removesuffix(fold(unit)).strip()


def decimal(text: str) -> Decimal | None:
    """Return a number written with a decimal point, as in course files, or None if it is no number."""
    text = text.strip()
    return Decimal(text) if _PLAIN.fullmatch(text) else None


def readings(text: str) -> frozenset[Decimal]:
    """Return the possible values of a typed number: none, one or two.

    Digits of any script are read, and point, comma or the Arabic sign as decimal sign. Blanks, apostrophes or the
    other sign may separate thousands. `1,234` can be 1.234 and 1234, so both are returned.
    """
    if len(text) > _LONGEST_NUMBER:
        return frozenset()
    typed = _BLANK_BETWEEN.sub("", fold(text).translate(_SIGNS))
    spellings = (_spelt(typed, group, point) for group, point in ((",", "."), (".", ",")))
    return frozenset(number for spelling in spellings if (number := decimal(spelling)) is not None)


def _spelt(typed: str, group: str, point: str) -> str:
    """Return the number with a decimal point, read with these two signs; groups must be whole thousands."""
    whole, _, rest = typed.partition(point)
    if group in whole and _THOUSANDS[group].fullmatch(whole):
        whole = whole.replace(group, "")
    return f"{whole}.{rest}" if rest else whole
