"""Signs in a text that nobody sees: some turn the direction of what follows, some make two texts look like one."""

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
    """Say whether a text holds such a sign."""
    return UNSEEN.search(text) is not None


def without_unseen(text: str | None) -> str | None:
    """Return a text without such signs, as a filter of a form's field takes it."""
    return None if text is None else UNSEEN.sub("", text)


def is_blank(text: str) -> bool:
    """Say whether nothing of a text is seen."""
    return all(unicodedata.category(sign)[0] in "CZ" for sign in text)


def is_name(text: str) -> bool:
    """Say whether a text can be a name: it has a letter of any script, and no sign that stands for a lost one."""
    return any(unicodedata.category(sign)[0] == "L" for sign in text) and not LOST & set(text)
