"""`GuessRecord`: how well readers who did not take a course guessed its questions, measured by the blind protocol."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum

import msgspec

from app.catalogue.domain.text import normalise

OPTIONS_BAR = 0.40  # highest mean rate of right answers from the options alone (gate G10)
INTERVAL_BAR = 0.10  # how far the upper end of the interval may be above the bar
BANK_FIGURES = 8
_SECTIONS = re.compile(r"^(?=## )", re.MULTILINE)


class GuessCondition(StrEnum):
    """What the readers saw: options only, stem and options, everything but the lessons."""

    OPTIONS = "O"
    STEM = "S"
    FULL = "F"


class GuessReaders(StrEnum):
    NOVICES = "novices"
    PRACTITIONERS_BEFORE = "practitioners_before"
    MODEL = "model"


class GuessRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A measurement with `count` readers of `items` questions each. Rates are 0..1, `low` to `high` the 95 % interval.

    `bank` are the first figures of the fingerprint of the questions; `by` is a role, `model` the name of a model.
    """

    condition: GuessCondition
    readers: GuessReaders
    count: int
    items: int
    rate: float = msgspec.field(name="share")
    low: float
    high: float
    chance: float
    bank: str
    seed: int
    on: date
    by: str
    method: str
    model: str = ""

    def is_of(self, fingerprint: str) -> bool:
        """Return whether the questions are still those that were measured."""
        return fingerprint.startswith(self.bank)


def bank_fingerprint(text: str) -> str:
    """Return the SHA-256 of the questions in the source language, as a file with LF line ends.

    Questions of form `practice` are left out: no test and no watched check asks them, so the protocol draws none.
    """
    sections = _SECTIONS.split(normalise(text))
    measured = [section.rstrip() for section in sections if not _is_practice(section)]
    return hashlib.sha256("\n\n".join(measured).encode()).hexdigest()


def _is_practice(section: str) -> bool:
    keys = section.partition("\n\n")[0]
    return "form: practice" in keys.splitlines()


def newest_guesses(records: Sequence[GuessRecord]) -> list[GuessRecord]:
    """Return the newest record of each condition and kind of readers, by condition; of one day the last in the file."""
    newest: dict[tuple[GuessCondition, GuessReaders], GuessRecord] = {}
    for record in sorted(records, key=lambda record: record.on):
        newest[record.condition, record.readers] = record
    order = [(condition, readers) for condition in GuessCondition for readers in GuessReaders]
    return [newest[pair] for pair in order if pair in newest]


def resists_guessing(records: Iterable[GuessRecord], fingerprint: str) -> bool:
    """Return whether the options alone give the present questions away to none of the readers that were asked.

    False without a record of condition O for these questions. Source: gate G10 and the reckoning of the protocol.
    """
    present = newest_guesses([record for record in records if record.is_of(fingerprint)])
    asked = [record for record in present if record.condition is GuessCondition.OPTIONS]
    return bool(asked) and all(_is_within_bar(record) for record in asked)


def _is_within_bar(record: GuessRecord) -> bool:
    return record.rate <= OPTIONS_BAR and record.high <= OPTIONS_BAR + INTERVAL_BAR
