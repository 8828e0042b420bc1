"""Which texts look alike: case, marks, signs and letters of other scripts that do not tell two aliases apart."""

from functools import lru_cache

from app.kernel.folding import fold

# signs of other scripts that look like a Latin one, as they are written; what is left of them is folded
_CYRILLIC = dict(zip("АВЕЗІЈКМНОРСЅТУХЅавеікморсѕтухјһԁԛԝ", "ABE3IJKMHOPCSTYXSabeikmopcstyxjhdqw", strict=True))
_GREEK = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαβγεικνορτυχ", "ABEZHIKMNOPTYXabyeikvoptux", strict=True))
_SCRIPTS = str.maketrans(_CYRILLIC | _GREEK | {"в": "b", "Ӏ": "I", "ӏ": "l"})
# signs of one script that are taken for one another, and those that tell nothing apart
_SIGNLESS = [chr(point) for point in range(128) if not chr(point).isalnum()]
_TWINS = str.maketrans({**dict.fromkeys(_SIGNLESS), "i": "l", "1": "l", "|": "l", "0": "o"})


def lookalike_keys(text: str) -> frozenset[str]:
    """Return what an alias looks like, each a text to compare: two that share one are taken for each other.

    Case, marks, blanks and punctuation do not tell two aliases apart, nor do letters of another script or digits that
    look like a letter.
    """
    if text.isascii():  # most are, and all of them are compared
        return frozenset({_bare(text.casefold())})
    read = [_read(word) for word in text.split()] or [("", "")]
    return frozenset(_joined("".join(words)) for words in zip(*read, strict=True))


def has_letters_or_digits(text: str) -> bool:
    """Say whether an alias holds a letter or a digit."""
    return bool(_bare(fold(text)))


def _read(word: str) -> tuple[str, str]:
    """Return what is left of a word, as it is written and as it is seen."""
    if word.isascii():
        return (left := _left(word.casefold())), left
    return _read_once(word)


@lru_cache(4096)
def _read_once(word: str) -> tuple[str, str]:
    """Return the same of a word of another script: in all aliases they are few, but for the numbers."""
    return _left(fold(word)), _left(fold(word.translate(_SCRIPTS)))


def _bare(text: str) -> str:
    return _joined(_left(text))


def _left(text: str) -> str:
    shown = text.translate(_TWINS)
    return shown if shown.isascii() else "".join(sign for sign in shown if sign.isalnum())


def _joined(text: str) -> str:
    return text.replace("rn", "m").replace("vv", "w")
