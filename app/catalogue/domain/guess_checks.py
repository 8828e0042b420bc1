"""Check the `[[guess]]` records of `course.toml`: intervals, dates, whether they are of the present questions."""

from collections.abc import Iterator, Sequence
from datetime import date

from app.catalogue.domain.courses import CourseFacts
from app.catalogue.domain.guesses import BANK_FIGURES, GuessReaders, GuessRecord, bank_fingerprint
from app.catalogue.domain.problems import Problem, Weight
from app.catalogue.domain.toml_lines import TomlLines

ENOUGH_NOVICES = 10


def check_guesses(course: CourseFacts, bank_text: str | None, *, file: str, toml: str) -> list[Problem]:
    """Return the problems of the records; `bank_text` are the questions in the source language, None without any.

    `file` and `toml` are of `course.toml`.
    """
    if not course.guesses:
        return []
    lines = TomlLines(toml)
    problems = [
        problem
        for index, record in enumerate(course.guesses)
        for problem in _record_problems(record, file, lines.of(("guess", index)))
    ]
    return problems + list(_warnings(course.guesses, bank_text, file, lines.of(("guess", 0))))


def future_guesses(course: CourseFacts, today: date, *, file: str, toml: str) -> list[Problem]:
    """Return a problem for each record of a day that has not come yet."""
    lines, message, hint = TomlLines(toml), "The date is in the future.", "Write the day of the measurement."
    return [
        Problem(file, lines.of(("guess", index, "on")), message, hint)
        for index, record in enumerate(course.guesses)
        if record.on > today
    ]


def _record_problems(record: GuessRecord, file: str, line: int) -> Iterator[Problem]:
    if record.low > record.high:
        yield Problem(file, line, 'The value of "low" is above "high".', "Write the lower end of the interval first.")
    if record.readers is GuessReaders.MODEL and not record.model:
        yield Problem(file, line, 'The key "model" is missing.', "Write the name and version of the model.")


def _warnings(records: Sequence[GuessRecord], bank_text: str | None, file: str, line: int) -> Iterator[Problem]:
    fingerprint = bank_fingerprint(bank_text or "")
    present = [record for record in records if record.is_of(fingerprint)]
    if not present:
        message = "The questions changed after it was measured how well they can be guessed."
        hint = "Measure again. The questions of today have the bank %(bank)s."
        yield Problem(file, line, message, hint, {"bank": fingerprint[:BANK_FIGURES]}, Weight.WARNING)
    yield from _reader_warnings(present or records, file, line)


def _reader_warnings(records: Sequence[GuessRecord], file: str, line: int) -> Iterator[Problem]:
    readers = {record.readers for record in records}
    if GuessReaders.NOVICES in readers and _most_novices(records) < ENOUGH_NOVICES:
        message, hint = "Fewer than %(least)s novices were asked.", "Ask more people who have not taken the course."
        yield Problem(file, line, message, hint, {"least": ENOUGH_NOVICES}, Weight.WARNING)
    if readers == {GuessReaders.MODEL}:
        message, hint = "Only a language model was asked.", "Ask at least ten people who have not taken the course."
        yield Problem(file, line, message, hint, weight=Weight.WARNING)


def _most_novices(records: Sequence[GuessRecord]) -> int:
    return max((record.count for record in records if record.readers is GuessReaders.NOVICES), default=0)
