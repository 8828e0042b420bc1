from datetime import date

import msgspec
import pytest
from flask import Flask

from app.catalogue.domain.guesses import GuessCondition, GuessReaders, GuessRecord
from app.catalogue.queries import versions
from app.catalogue.shapes import Outline
from app.learning.pages.guesses import guess_lines, is_measured_by_models_only
from tests.support import courses


def _with_record(outline: Outline, **changes: object) -> Outline:
    record = GuessRecord(
        condition=GuessCondition.OPTIONS, readers=GuessReaders.NOVICES, count=10, items=12, rate=0.37, low=0.29,
        high=0.46, chance=0.25, bank=versions.bank_fingerprint(outline.version_id, "en")[:8], seed=7,
        on=date(2026, 12, 14), by="course owner", method="honest-tests 1",
    )  # fmt: skip
    record = msgspec.structs.replace(record, **changes)
    return msgspec.structs.replace(outline, facts=msgspec.structs.replace(outline.facts, guesses=(record,)))


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "10 people who had not taken this course answered. They saw the options only and were right in 37 of 100"),
        ({"count": 1}, "1 person who had not taken this course answered."),
        ({"condition": GuessCondition.STEM}, "They saw questions and options, but no document,"),
        ({"readers": GuessReaders.MODEL, "model": "A model 1"}, "A language model answered (A model 1)."),
    ],
)
def test_measurement_is_said_in_words(context: Flask, changes: dict[str, object], text: str) -> None:
    outline = courses.publish().outline
    with context.test_request_context():
        (line,) = guess_lines(_with_record(outline, **changes))
    assert text in line.text
    assert line.text.endswith("Guessing gives 25.")
    assert not line.is_older


def test_measurement_of_other_questions_is_older(context: Flask) -> None:
    outline = courses.publish().outline
    with context.test_request_context():
        (line,) = guess_lines(_with_record(outline, bank="00000000"))
    assert line.is_older
    assert guess_lines(outline) == ()


@pytest.mark.parametrize(("readers", "expected"), [(GuessReaders.MODEL, True), (GuessReaders.NOVICES, False)])
def test_course_says_that_only_models_measured(context: Flask, readers: GuessReaders, *, expected: bool) -> None:
    outline = courses.publish().outline
    assert is_measured_by_models_only(_with_record(outline, readers=readers, model="A model 1")) is expected
    assert not is_measured_by_models_only(outline)
