"""Rules of aliases: what an alias may contain and reveal."""

import re
from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum

from app.identity.domain.contact import ALIAS_MAX
from app.identity.domain.lookalikes import has_letters_or_digits, lookalike_keys
from app.kernel.folding import fold

ALIAS_STAYS = timedelta(days=30)  # at least, before another one
ALIAS_RESTS = timedelta(days=365)  # after it was given up, before somebody else gets it
ALIAS_TRIES, TRIES_WITHIN = 10, timedelta(days=1)  # refused because somebody is so called
TELLING = 3  # letters of a word of a name, from which on it tells the name
HIDING = 5  # the same of a word that stands within another, and of a mail address or number: shorter ones are in many
_WORD = re.compile(r"[^\W\d_]+")


class AliasRefusal(StrEnum):
    """Why somebody does not get an alias."""

    SAME = "same"  # it is theirs already
    SOON = "soon"  # they chose one less than 30 days ago
    EMPTY = "empty"  # no letter or digit in it
    NAME = "name"  # it tells who they are
    ROLE = "role"  # it names a role of the academy that they do not have
    ALIKE = "alike"  # somebody has or had it, or one that looks like it
    TRIES = "tries"  # they tried too many that others have


def alias(title: str, number: int) -> str:
    """Return the alias of a role and a number, such as "Border officer 1704"."""
    return f"{title[: ALIAS_MAX - 12].strip()} {number}"


def reveals_name(alias: str, *, names: Iterable[str], addresses: Iterable[str]) -> bool:
    """Say whether an alias tells who somebody is: by a word of a name, or as a name, mail address or service number.

    A long one tells it within a word, too, such as "JohnSmith7"; of addresses none that is a plain word, such as
    officer@service.example: it may stand in the title of a role.
    """
    names, parts = list(names), [part for one in addresses for part in (one, one.partition("@")[0])]
    own = {word for name in names for word in _words(name) if len(word) >= TELLING}
    whole = frozenset[str]().union(*(lookalike_keys(one) for one in (*names, *parts) if has_letters_or_digits(one)))
    if own & set(_words(alias)) or whole & lookalike_keys(alias):
        return True
    long = [one for one in (*own, *(part for part in parts if not part.isalpha())) if len(one) >= HIDING]
    within = frozenset[str]().union(*(lookalike_keys(one) for one in long))
    return any(len(one) >= HIDING and one in look for one in within for look in lookalike_keys(alias))


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(text))
