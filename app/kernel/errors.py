"""Refusals that a rule can give."""

from collections.abc import Callable, Sequence


class Word(str):
    """A value in a refusal that is itself said in the reader's language: the name of a field."""

    __slots__ = ()


class DomainError(Exception):
    """A rule said no; the message is safe to show.

    `values` stand in the sentence as `%(name)s`, so that it can be said in any language.
    """

    def __init__(self, sentence: str = "", **values: object) -> None:
        super().__init__(sentence % values if values else sentence)
        self.sentence = sentence
        self.values = values

    def told(self, translate: Callable[[str], str]) -> str:
        """Return the sentence as `translate` says it."""
        if not self.sentence:
            return ""
        said = {name: translate(one) if isinstance(one, Word) else one for name, one in self.values.items()}
        return translate(self.sentence) % said if said else translate(self.sentence)


class SeveralError(DomainError):
    """A rule said no for several reasons."""

    def __init__(self, reasons: Sequence[DomainError]) -> None:
        super().__init__()
        self.args = (" ".join(map(str, reasons)),)
        self.reasons = reasons

    def told(self, translate: Callable[[str], str]) -> str:
        """Return all sentences as `translate` says them."""
        return " ".join(one.told(translate) for one in self.reasons)


class IllegalMoveError(DomainError):
    """A table of moves has no such step from this state."""


class RateLimitedError(DomainError):
    """More was sent than one person may send within a time; shown as a 429 page. `seconds`: when to try again."""

    def __init__(self, seconds: int) -> None:
        super().__init__()
        self.seconds = seconds


class InputError(Exception):
    """What was sent cannot be read; shown as a 400 page with this sentence."""


class TooLargeError(InputError):
    """What was sent is over a limit; shown as a 413 page with this sentence."""
