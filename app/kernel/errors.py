"""Refusals that a rule can give."""


class DomainError(Exception):
    """A rule said no; the message is safe to show."""


class IllegalMoveError(DomainError):
    """A table of moves has no such step from this state."""


class InputError(Exception):
    """What was sent cannot be read; shown as a 400 page with this sentence."""


class TooLargeError(InputError):
    """What was sent is over a limit; shown as a 413 page with this sentence."""
