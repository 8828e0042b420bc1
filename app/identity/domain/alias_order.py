"""Sort key of aliases in lists: numbers by their value, "Officer 9" before "Officer 10"."""

import re

LONGEST = 400  # of a key: an alias of 80 characters, its numbers with their lengths, and the alias again
_NUMBER = re.compile(r"\d+")


def alias_key(alias: str) -> str:
    """Return the text by which an alias is sorted: each number after its length, then the unique alias."""
    return f"{_NUMBER.sub(_sortable, alias)} {alias}" if alias else ""


def _sortable(number: re.Match[str]) -> str:
    digits = str(int(number[0]))
    return f"{len(digits):02}{digits}"
