"""Fold texts to compare their letters in search, short answers and aliases, however typed. Fold both sides."""

import unicodedata

_TATWEEL = "\u0640"
_JOINERS = {"\u034f", *(chr(point) for point in range(0xFE00, 0xFE10))}
# Canonical decomposition already takes hamza and madda off alef, waw, yeh and heh; these letters have no decomposition.
# Yeh barree and the Kurdish yeh and waw with a small v stay: they make other words.
_VARIANTS = str.maketrans(
    {
        **dict.fromkeys("\u0671\u0672\u0673\u0675", "\u0627"),  # alef
        **dict.fromkeys("\u0649\u06cc", "\u064a"),  # yeh
        **dict.fromkeys("\u06a9\u06aa", "\u0643"),  # kaf
        **dict.fromkeys("\u06c1\u06be\u06d5\u0629\u06c3", "\u0647"),  # heh, teh marbuta
        "\u0131": "i",  # its capital is I, whose small letter is i everywhere else
        "\u0111": "d",
        "\u00f8": "o",
        "\u0142": "l",
    }
)
# Nukta and virama (classes 7 and 9) and vowel signs (class 0) make other letters in Bengali: they are no ornament.
_LETTER_MARKS = {0, 7, 9}


def _is_ornament(sign: str) -> bool:
    if sign == _TATWEEL or sign in _JOINERS or unicodedata.category(sign) == "Cf":
        return True
    return unicodedata.combining(sign) not in _LETTER_MARKS


def _plain(sign: str) -> str:
    digit = unicodedata.decimal(sign, None)
    return sign if digit is None else str(digit)


class _Letters(dict[int, str]):
    """What each code point becomes; filled when one occurs for the first time."""

    def __missing__(self, code: int) -> str:
        variant = chr(code).translate(_VARIANTS)
        self[code] = "".join(_plain(sign) for sign in variant if not _is_ornament(sign))
        return self[code]


_LETTERS = _Letters()


def _spread(text: str) -> str:
    return unicodedata.normalize("NFKD", text)


def fold(text: str) -> str:
    """Return the text without case, marks, tatweel and zero-width signs, with one form of each letter family.

    Decimal digits of any script become 0 to 9, runs of white space one space, ends are trimmed. Folding twice changes
    nothing. The result is in NFC and is for comparing, never for showing.
    """
    # Case folding can bring out signs that spread further, and the other way about: hence twice (Unicode, D146).
    spread = _spread(_spread(_spread(text).casefold()).casefold())
    return unicodedata.normalize("NFC", " ".join(spread.translate(_LETTERS).split()))
