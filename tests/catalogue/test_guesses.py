from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import msgspec
import pytest

from app.catalogue.domain.course_reader import read_course
from app.catalogue.domain.course_writer import write_course
from app.catalogue.domain.courses import CourseFacts
from app.catalogue.domain.guess_checks import check_guesses, future_guesses
from app.catalogue.domain.guesses import (
    GuessCondition,
    GuessReaders,
    GuessRecord,
    bank_fingerprint,
    newest_guesses,
    resists_guessing,
)
from app.catalogue.domain.problems import Weight
from app.catalogue.domain.text import TextFile
from app.studio.domain import course_settings
from app.studio.domain.course_edits import NewCourse, copied_course

BANK = "# Harbour\n\n## T10-Q01\n"
DAY = date(2026, 12, 14)
HEAD = """\
id = "T10"
source_language = "en"
sensitivity = "unrestricted"
hours = 1
licence = "CC-BY-4.0"
"""
RECORD = GuessRecord(
    condition=GuessCondition.OPTIONS,
    readers=GuessReaders.NOVICES,
    count=10,
    items=12,
    rate=0.37,
    low=0.29,
    high=0.46,
    chance=0.25,
    bank=bank_fingerprint(BANK)[:8],
    seed=7,
    on=DAY,
    by="course owner",
    method="honest-tests 1",
)
MODEL = msgspec.structs.replace(RECORD, readers=GuessReaders.MODEL, model="A model, version 1")


def toml(changes: Mapping[str, str] | None = None) -> str:
    """Return a `course.toml` with one record, some of whose values are other TOML; "" leaves a key out."""
    values = {
        "condition": '"O"', "readers": '"novices"', "count": "10", "items": "12", "share": "0.37", "low": "0.29",
        "high": "0.46", "chance": "0.25", "bank": f'"{RECORD.bank}"', "seed": "7", "on": "2026-12-14",
        "by": '"course owner"', "method": '"honest-tests 1"', **(changes or {}),
    }  # fmt: skip
    rows = [f"{name} = {value}\n" for name, value in values.items() if value]
    return f"{HEAD}\n# measured by the owner\n[[guess]]\n{''.join(rows)}"


def facts_of(text: str) -> CourseFacts:
    course, problems = read_course(TextFile("course.toml", text))
    assert problems == []
    assert course is not None
    return course


def record(**changes: object) -> GuessRecord:
    return msgspec.structs.replace(RECORD, **changes)


def messages(*records: GuessRecord, bank: str | None = BANK) -> list[tuple[str, bool]]:
    text = write_course(msgspec.structs.replace(facts_of(HEAD), guesses=records))
    problems = check_guesses(facts_of(text), bank, file="course.toml", toml=text)
    return [(problem.message % problem.values, problem.weight is Weight.ERROR) for problem in problems]


def test_record_of_the_format_is_read() -> None:
    assert facts_of(toml()).guesses == (RECORD,)


def test_course_with_a_record_is_written_as_it_was_read() -> None:
    assert write_course(facts_of(toml()), toml()) == toml()


def test_records_are_written_and_read_again() -> None:
    course = msgspec.structs.replace(facts_of(HEAD), guesses=(RECORD, MODEL))
    assert facts_of(write_course(course)) == course
    assert facts_of(write_course(course, toml())) == course
    assert "# measured by the owner" in write_course(course, toml())


def test_records_are_stored_as_json() -> None:
    course = facts_of(toml())
    assert msgspec.json.decode(msgspec.json.encode(course), type=CourseFacts) == course


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("share", "1.2", 'The value of "share"'),
        ("condition", '"X"', 'The value of "condition"'),
        ("readers", '"friends"', 'The value of "readers"'),
        ("bank", '"no figures"', 'The value of "bank"'),
        ("on", "", 'The key "on" is missing.'),
        ("names", '"a"', 'The key "names" is not known here.'),
    ],
)
def test_value_that_cannot_be_used_is_a_mistake(key: str, value: str, message: str) -> None:
    _course, problems = read_course(TextFile("course.toml", toml({key: value})))
    assert any((problem.message % problem.values).startswith(message) for problem in problems)


def test_sound_record_has_no_problem() -> None:
    assert messages(RECORD) == []
    assert messages() == []


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        (record(low=0.5), ('The value of "low" is above "high".', True)),
        (record(readers=GuessReaders.MODEL), ('The key "model" is missing.', True)),
        (record(bank="00000000"), ("The questions changed after it was measured how well they can be guessed.", False)),
        (record(count=9), ("Fewer than 10 novices were asked.", False)),
        (MODEL, ("Only a language model was asked.", False)),
    ],
)
def test_unsound_record_is_reported(entry: GuessRecord, problem: tuple[str, bool]) -> None:
    assert problem in messages(entry)


def test_record_of_a_coming_day_is_a_mistake() -> None:
    course = facts_of(toml())
    before = future_guesses(course, DAY - timedelta(days=1), file="course.toml", toml=toml())
    assert [(problem.line, problem.weight) for problem in before] == [(19, Weight.ERROR)]
    assert future_guesses(course, DAY, file="course.toml", toml=toml()) == []


def test_newest_record_of_each_condition_and_readers_counts() -> None:
    old, later = record(on=DAY - timedelta(days=40), rate=0.9), record(rate=0.3)
    full = record(condition=GuessCondition.FULL)
    assert newest_guesses([full, RECORD, later, old, MODEL]) == [later, MODEL, full]


@pytest.mark.parametrize(
    ("records", "resists"),
    [
        ([RECORD], True),
        ([], False),
        ([record(rate=0.41)], False),
        ([record(high=0.51)], False),
        ([record(bank="00000000")], False),
        ([record(condition=GuessCondition.STEM)], False),
        ([RECORD, msgspec.structs.replace(MODEL, rate=0.8, high=0.9)], False),
        ([record(rate=0.8, on=DAY - timedelta(days=1)), RECORD], True),
    ],
)
def test_questions_resist_guessing_by_their_newest_record(records: list[GuessRecord], resists: bool) -> None:
    assert resists_guessing(records, bank_fingerprint(BANK)) is resists


def test_fingerprint_is_the_same_for_other_line_ends() -> None:
    assert bank_fingerprint("\ufeff" + BANK.replace("\n", "\r\n")) == bank_fingerprint(BANK)


@pytest.mark.parametrize(("form", "same"), [("practice", True), ("reserve", False), ("B", False)])
def test_fingerprint_leaves_out_questions_of_practice_alone(form: str, same: bool) -> None:
    added = f"{BANK}kind: single\nform: A\n\nform: practice\n\n## T10-Q02\nkind: single\nform: {form}\n\nWhere?\n"
    before = f"{BANK}kind: single\nform: A\n\nform: practice\n\n"
    assert (bank_fingerprint(added) == bank_fingerprint(before)) is same


def test_settings_keep_records_and_a_copy_of_the_course_has_none() -> None:
    files = {"course.toml": toml().encode(), "course.en.md": b"# Harbour\n\nText.\n"}
    settings = course_settings.settings_of(files)
    changes = course_settings.changes(files, replace(settings, hours=5.0))
    written = changes["course.toml"]
    assert written is not None
    assert facts_of(written.decode()).guesses == (RECORD,)
    new = NewCourse(
        code="T11", slug="copy", title="Copy", paragraph="Text.", outcomes=(), language="en",
        sensitivity=facts_of(HEAD).sensitivity, hours=1,
    )  # fmt: skip
    assert facts_of(copied_course(files, new)["course.toml"].decode()).guesses == ()
