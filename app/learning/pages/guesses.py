"""Say in words how well readers who did not take a course guessed its questions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import format_decimal, gettext as _, lazy_gettext, ngettext
from flask_babel.speaklater import LazyString

from app.catalogue.domain.guesses import GuessCondition, GuessReaders, GuessRecord, newest_guesses
from app.catalogue.queries import versions
from app.catalogue.shapes import Outline

RESULTS: Mapping[GuessCondition, LazyString] = {
    GuessCondition.OPTIONS: lazy_gettext(
        "They saw the options only and were right in %(rate)s of 100 cases. Guessing gives %(chance)s."
    ),
    GuessCondition.STEM: lazy_gettext(
        "They saw questions and options, but no document, and were right in %(rate)s of 100 cases. "
        "Guessing gives %(chance)s."
    ),
    GuessCondition.FULL: lazy_gettext(
        "They saw everything but the lessons and were right in %(rate)s of 100 cases. Guessing gives %(chance)s."
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class GuessLine:
    """A measurement in words; `is_older`: the questions changed after it."""

    text: str
    on: date
    is_older: bool


def guess_lines(outline: Outline) -> Sequence[GuessLine]:
    """Return the newest measurement of each condition and kind of readers, in words."""
    records = newest_guesses(outline.facts.guesses)
    if not records:
        return ()
    fingerprint = versions.bank_fingerprint(outline.version_id, outline.facts.source_language)
    return [
        GuessLine(text=f"{_readers(record)} {_result(record)}", on=record.on, is_older=not record.is_of(fingerprint))
        for record in records
    ]


def is_measured_by_models_only(outline: Outline) -> bool:
    """Return whether there are measurements, and no person answered in any of them."""
    records = outline.facts.guesses
    return bool(records) and all(record.readers is GuessReaders.MODEL for record in records)


def _readers(record: GuessRecord) -> str:
    return {
        GuessReaders.NOVICES: ngettext(
            "%(num)s person who had not taken this course answered.",
            "%(num)s people who had not taken this course answered.",
            record.count,
        ),
        GuessReaders.PRACTITIONERS_BEFORE: ngettext(
            "%(num)s practitioner answered before the course.",
            "%(num)s practitioners answered before the course.",
            record.count,
        ),
        GuessReaders.MODEL: _("A language model answered (%(model)s).", model=record.model),
    }[record.readers]


def _result(record: GuessRecord) -> str:
    return str(RESULTS[record.condition]) % {"rate": _of_100(record.rate), "chance": _of_100(record.chance)}


def _of_100(rate: float) -> str:
    return str(format_decimal(round(100 * rate), "0"))
