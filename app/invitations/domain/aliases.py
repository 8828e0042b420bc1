"""Rules of aliases: reasons for a refusal, minimum periods, and which texts reveal the identity."""

import re
from collections.abc import Iterable
from datetime import timedelta
from enum import StrEnum

from app.identity.domain.contact import ALIAS_MAX
from app.identity.domain.lookalikes import has_letters_or_digits, lookalike_keys
from app.kernel.folding import fold

ALIAS_STAYS = timedelta(days=30)  # minimum time before another one
ALIAS_RESTS = timedelta(days=365)  # before another person may take an alias that was given up
ALIAS_TRIES, TRIES_WITHIN = 10, timedelta(days=1)  # refused because another person has the alias
TELLING = 3  # minimum length of a word of a name that reveals the name
HIDING = 5  # the same inside another word, and of mail addresses and numbers: shorter ones are too common
_WORD = re.compile(r"[^\W\d_]+")


class AliasRefusal(StrEnum):
    """Why an alias is refused."""

    SAME = "same"  # it is already the alias of this person
    SOON = "soon"  # the last change was less than 30 days ago
    EMPTY = "empty"  # no letter or digit in it
    NAME = "name"  # it reveals the identity
    ROLE = "role"  # it names a role of the academy that the person does not have
    ALIKE = "alike"  # another person has or had it, or one that looks like it
    TRIES = "tries"  # too many refused attempts


def alias(title: str, number: int) -> str:
    """Return the alias of a role and a number, such as "Border officer 1704"."""
    return f"{title[: ALIAS_MAX - 12].strip()} {number}"


def reveals_name(alias: str, *, names: Iterable[str], addresses: Iterable[str]) -> bool:
    """Return whether an alias contains a word of a name, or equals a name, mail address or service number.

    Long words count inside another word as well ("JohnSmith7"). Parts of addresses that are plain words do not,
    such as officer@service.example: a title of a role may contain them.
    """
    names = list(names)
    parts = [part for address in addresses for part in (address, address.partition("@")[0])]
    name_words = _name_words(names)
    whole = _looks(text for text in (*names, *parts) if has_letters_or_digits(text))
    if name_words & set(_words(alias)) or whole & lookalike_keys(alias):
        return True
    return _contains(alias, [*name_words, *(part for part in parts if not part.isalpha())])


def _name_words(names: Iterable[str]) -> set[str]:
    return {word for name in names for word in _words(name) if len(word) >= TELLING}


def _contains(alias: str, texts: Iterable[str]) -> bool:
    """Return whether an alias contains one of the long texts, compared by their looks."""
    hidden = [look for look in _looks(text for text in texts if len(text) >= HIDING) if len(look) >= HIDING]
    return any(text in look for text in hidden for look in lookalike_keys(alias))


def _looks(texts: Iterable[str]) -> frozenset[str]:
    return frozenset[str]().union(*(lookalike_keys(text) for text in texts))


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(text))
