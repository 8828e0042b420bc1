"""Find and remove invisible characters of forms and sheets: they reverse text or make texts look alike."""

import re
import unicodedata

# what controls a terminal, turns or breaks lines, has no width or looks like a blank; both marks of direction and
# both joiners stay, Arabic and Urdu need them
UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u115f\u1160\u180e\u200b\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb"
    r"\U000e0000-\U000e007f]"
)


LOST = frozenset("?\ufffd")  # what programs write for a letter that they cannot


def has_unseen(text: str) -> bool:
    """Return whether a text contains an invisible character."""
    return UNSEEN.search(text) is not None


def without_unseen(text: str | None) -> str | None:
    """Remove invisible characters from a text; None stays None, for use as a filter of form fields."""
    return None if text is None else UNSEEN.sub("", text)


def is_blank(text: str) -> bool:
    """Return whether all characters of a text are blank or invisible."""
    return all(unicodedata.category(sign)[0] in "CZ" for sign in text)


def is_name(text: str) -> bool:
    """Return whether a text can be a name: it has a letter of any script and no replacement character."""
    return any(unicodedata.category(sign)[0] == "L" for sign in text) and not LOST & set(text)
