"""Comparison keys of aliases that look alike despite case, accents, punctuation and other scripts."""

from functools import lru_cache

from app.kernel.folding import fold

# characters of other scripts that look like a Latin character; the rest of them is folded
_CYRILLIC = dict(zip("АВЕЗІЈКМНОРСЅТУХЅавеікморсѕтухјһԁԛԝ", "ABE3IJKMHOPCSTYXSabeikmopcstyxjhdqw", strict=True))
_GREEK = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαβγεικνορτυχ", "ABEZHIKMNOPTYXabyeikvoptux", strict=True))
_SCRIPTS = str.maketrans(_CYRILLIC | _GREEK | {"в": "b", "Ӏ": "I", "ӏ": "l"})
# characters that are mistaken for another one, and characters that do not distinguish texts
_PUNCTUATION = [chr(point) for point in range(128) if not chr(point).isalnum()]
_TWINS = str.maketrans({**dict.fromkeys(_PUNCTUATION), "i": "l", "1": "l", "|": "l", "0": "o"})


def lookalike_keys(text: str) -> frozenset[str]:
    """Return the comparison keys of an alias: two aliases that share a key look alike.

    Case, accents, blanks and punctuation do not distinguish two aliases, nor do letters of another script or digits
    that look like a letter.
    """
    if text.isascii():  # the common case, and all aliases are compared
        return frozenset({_bare(text.casefold())})
    read = [_read(word) for word in text.split()] or [("", "")]
    return frozenset(_joined("".join(words)) for words in zip(*read, strict=True))


def has_letters_or_digits(text: str) -> bool:
    """Return whether an alias contains a letter or a digit."""
    if text.isascii():  # a sign that only looks like a letter, such as "|", is none
        return any(sign.isalnum() for sign in text)
    return bool(_bare(fold(text)))


def _read(word: str) -> tuple[str, str]:
    """Return the key of a word as written and the key of the word as it appears."""
    if word.isascii():
        return (left := _left(word.casefold())), left
    return _read_once(word)


@lru_cache(4096)
def _read_once(word: str) -> tuple[str, str]:
    """Return the keys of a word of another script; the cache suffices, since few such words occur."""
    return _left(fold(word)), _left(fold(word.translate(_SCRIPTS)))


def _bare(text: str) -> str:
    return _joined(_left(text))


def _left(text: str) -> str:
    shown = text.translate(_TWINS)
    return shown if shown.isascii() else "".join(sign for sign in shown if sign.isalnum())


def _joined(text: str) -> str:
    return text.replace("rn", "m").replace("vv", "w")
