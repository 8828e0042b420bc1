"""The pages that packages without a request link to."""

from enum import Enum


class Target(Enum):
    """A page that a notice or a mail leads to."""
