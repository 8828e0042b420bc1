"""English words with several meanings: each meaning has its own entry, because other languages have two words."""

import pytest
from babel.messages.catalog import Catalog

# the meaning without a context is the one that most places share
MEANINGS = {
    "Closed": {None, "event", "sitting"},  # an account, an event, a watched sitting
    "Ended": {None, "invitation"},  # when something was over, that an invitation is
    "Event": {None, "trail"},  # a workshop or visit, something that happened
    "Form": {None, "document"},  # of an event, a kind of document
    "From": {None, "document"},  # a day, the sender of a document
    "Not shown": {None, "skill"},  # a number that is too small, a step of a rubric
    "Note": {None, "document"},  # a remark of the checker, a kind of document
    # an account, an invitation, not answered, a watched sitting, not done, what a link does
    "Open": {None, "invitation", "question", "sitting", "step", "travel", "verb"},
}


@pytest.fixture(scope="module")
def said(wanted: Catalog) -> dict[str, set[str | None]]:
    found: dict[str, set[str | None]] = {word: set() for word in MEANINGS}
    for message in wanted:
        if message.id in found:
            found[str(message.id)].add(message.context)
    return found


@pytest.mark.parametrize("word", sorted(MEANINGS))
def test_each_meaning_of_a_word_has_its_translation(said: dict[str, set[str | None]], word: str) -> None:
    assert said[word] == MEANINGS[word]
