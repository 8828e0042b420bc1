"""Errors of rules and of input with messages for users; `web.errors` turns them into error pages."""

from collections.abc import Callable, Sequence


class Word(str):
    """A value in an error message that is translated, too: the name of a field."""

    __slots__ = ()


class DomainError(Exception):
    """A rule does not allow the step; the message is safe to show.

    The message contains `values` as `%(name)s`, so that it can be translated.
    """

    def __init__(self, message: str = "", **values: object) -> None:
        super().__init__(message % values if values else message)
        self.message = message
        self.values = values

    def translated(self, translate: Callable[[str], str]) -> str:
        """Return the message in the language of `translate`."""
        if not self.message:
            return ""
        values = {name: _translated_value(value, translate) for name, value in self.values.items()}
        return translate(self.message) % values if values else translate(self.message)


def _translated_value(value: object, translate: Callable[[str], str]) -> object:
    return translate(value) if isinstance(value, Word) else value


class SeveralError(DomainError):
    """A rule does not allow the step for several reasons."""

    def __init__(self, reasons: Sequence[DomainError]) -> None:
        super().__init__()
        self.args = (" ".join(map(str, reasons)),)
        self.reasons = reasons

    def translated(self, translate: Callable[[str], str]) -> str:
        """Return the messages of all reasons in the language of `translate`."""
        return " ".join(reason.translated(translate) for reason in self.reasons)


class IllegalMoveError(DomainError):
    """The table of transitions does not allow this step from the current state."""


class RateLimitedError(DomainError):
    """A person sent more requests than the rate limit allows; shown as a 429 page. `seconds`: when to try again."""

    def __init__(self, seconds: int) -> None:
        super().__init__()
        self.seconds = seconds


class InputError(Exception):
    """The request cannot be read; shown as a 400 page with this message."""


class TooLargeError(InputError):
    """The request exceeds a limit; shown as a 413 page with this message."""
