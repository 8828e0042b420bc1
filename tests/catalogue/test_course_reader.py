from datetime import date

import msgspec
import pytest
from hypothesis import given, settings, strategies as st

from app.catalogue.domain.course_reader import read_course, read_course_text
from app.catalogue.domain.course_writer import write_course, write_course_text
from app.catalogue.domain.courses import (
    Aim,
    Checklist,
    CourseFacts,
    CourseTest,
    CourseText,
    Draw,
    Feedback,
    LessonEntry,
    Pretest,
    Retention,
    Review,
    Reviewer,
    ReviewPoint,
    Sensitivity,
)
from app.catalogue.domain.items import Level
from app.catalogue.domain.problems import Problem
from app.catalogue.domain.text import TextFile, normalise, read
from tests.support.examples import examples

AS_THE_FORMAT_SHOWS_IT = """\
id = "M01"
source_language = "en"
sensitivity = "unrestricted"           # unrestricted | law_enforcement_only | participants_only
hours = 3
roles = ["first_responder", "investigator"]
prerequisites = []                     # course ids
licence = "CC-BY-4.0"

[[competency]]
id = "LRE-01"
level = "foundation"

authors = ["COLEP Academy"]            # owner, reviews and fact checks are inherited by lessons and items
owner = "COLEP Academy"
checked_on = 2026-11-24
retired = []                           # item ids that may never be used again
# [[review]]  by = "practitioner" | "prosecutor" | "victim_support", role = "...", on = date

[[lesson]]
slug = "the-definition"
minutes = 12
competencies = ["LRE-01"]
warning = 0                            # 0 none, 1 mild, 2 strong
# skip_to = "...", alternative = "..."

[test]
draw = [{ competency = "LRE-01", items = 4 }, { competency = "LRE-02", items = 3 }]
pass_mark = 0.8
attempts = 3
wait_hours = 24                        # between attempts
minutes = 0                            # 0: no limit
certainty = true                       # ask how sure the person is
feedback = "after_attempt"             # practice: after_answer

[pretest]                              # same blueprint, form A
items = 6
"""
EXPECTED = CourseFacts(
    id="M01",
    source_language="en",
    sensitivity=Sensitivity.UNRESTRICTED,
    hours=3.0,
    licence="CC-BY-4.0",
    roles=("first_responder", "investigator"),
    authors=("COLEP Academy",),
    owner="COLEP Academy",
    checked_on=date(2026, 11, 24),
    competencies=(Aim("LRE-01", Level.FOUNDATION),),
    lessons=(LessonEntry("the-definition", 12, ("LRE-01",)),),
    test=CourseTest(draw=(Draw("LRE-01", 4), Draw("LRE-02", 3))),
    pretest=Pretest(6),
)


def course_of(text: str) -> CourseFacts:
    course, problems = read_course(TextFile("course.toml", text))
    assert problems == []
    assert course is not None
    return course


def mistakes_of(text: str) -> list[tuple[int, str, str]]:
    _, problems = read_course(TextFile("course.toml", text))
    return [(one.line, one.message % one.values, one.hint % one.values) for one in problems]


def test_example_of_the_format_is_read_completely() -> None:
    assert course_of(AS_THE_FORMAT_SHOWS_IT) == EXPECTED


def test_a_course_is_stored_as_json() -> None:
    assert msgspec.json.decode(msgspec.json.encode(EXPECTED), type=CourseFacts) == EXPECTED


def test_carriage_returns_and_a_byte_order_mark_are_read() -> None:
    raw = b"\xef\xbb\xbf" + AS_THE_FORMAT_SHOWS_IT.replace("\n", "\r\n").encode()
    source, problems = read("course.toml", raw)
    assert problems == []
    assert course_of(source.text) == EXPECTED


@pytest.mark.parametrize(
    ("old", "new", "line", "message", "hint"),
    [
        ("hours = 3", 'hours = "3"', 4, 'The value of "hours" cannot be used.', "Write a number from 0 to 1000."),
        ("hours = 3", "hour = 3", 4, 'The key "hour" is not known here.', 'Write "hours".'),
        ("minutes = 12", "minutes = true", 21, 'The value of "minutes"', "Write a whole number from 1 to 600."),
        ("certainty = true", 'certainty = "yes"', 32, 'The value of "certainty"', "Write true or false"),
        ("checked_on = 2026-11-24", 'checked_on = "2026-11-24"', 15, 'The value of "checked_on"', "Write a date"),
        ('level = "foundation"', 'level = "expert"', 11, 'The value of "level"', "foundation, practitioner"),
        ('"unrestricted"  ', '"public"  ', 3, 'The value of "sensitivity"', "law_enforcement_only"),
        ('"first_responder", "inv', '"First responder", "inv', 5, 'The value of "roles"', "first_responder"),
        ("items = 3 }]", "item = 3 }]", 27, 'The key "item" is not known here.', 'Write "items".'),
        ("[pretest]", "[[pretest]]", 35, 'The value of "pretest"', "Write a table"),
        ("[[lesson]]", "[lesson]", 19, 'The value of "lesson"', "two square brackets"),
        ('slug = "the-definition"', 'slug = "The definition"', 20, 'The value of "slug"', "the-definition"),
        ("[test]", "[exam]", 26, 'The key "exam" is not known here.', "id, source_language"),
        ("hours = 3", "hours = = 3", 4, "The file is not TOML", "Correct this line"),
    ],
)
def test_problem_has_its_line_and_hint(old: str, new: str, line: int, message: str, hint: str) -> None:
    found = mistakes_of(AS_THE_FORMAT_SHOWS_IT.replace(old, new, 1))
    assert any(at == line and message in said and hint in right for at, said, right in found), found


def test_all_problems_are_reported_together() -> None:
    text = AS_THE_FORMAT_SHOWS_IT.replace("hours = 3", "hours = -3").replace("attempts = 3", "attempts = -1")
    text = text.replace('id = "M01"\n', "")
    assert sorted(line for line, _, _ in mistakes_of(text)) == [1, 3, 28]


def test_a_missing_sensitivity_is_never_guessed() -> None:
    text = AS_THE_FORMAT_SHOWS_IT.replace("sensitivity =", "# sensitivity =")
    course, problems = read_course(TextFile("course.toml", text))
    assert course is None
    assert [one.values for one in problems] == [{"key": "sensitivity"}]


def test_the_line_of_an_element_in_a_long_list_is_found() -> None:
    text = AS_THE_FORMAT_SHOWS_IT.replace(
        'draw = [{ competency = "LRE-01", items = 4 }, { competency = "LRE-02", items = 3 }]',
        'draw = [\n  { competency = "LRE-01", items = 4 },  # [ and {\n  { competency = "LRE-02", items = 0 },\n]',
    )
    assert [line for line, _, _ in mistakes_of(text)] == [29]


def test_the_second_of_two_lessons_alike_is_named() -> None:
    text = AS_THE_FORMAT_SHOWS_IT + '\n[[lesson]]\nslug = "the-definition"\nminutes = 3\n'
    assert mistakes_of(text) == [(38, '"the-definition" appears twice in "lesson".', "Remove one of the two.")]


def test_a_draw_of_any_level_leaves_nothing_for_one_of_a_level() -> None:
    drawn = '{ competency = "LRE-01", items = 4 }'
    leveled = '{ competency = "LRE-01", items = 2, level = "%s" }'
    two = AS_THE_FORMAT_SHOWS_IT.replace(drawn, f"{leveled % 'foundation'}, {leveled % 'practitioner'}")
    assert mistakes_of(two) == []
    mixed = AS_THE_FORMAT_SHOWS_IT.replace(drawn, f"{drawn}, {leveled % 'foundation'}")
    assert [message for _, message, _ in mistakes_of(mixed)] == ['"LRE-01" appears twice in "draw".']


def test_writing_what_was_read_changes_nothing() -> None:
    assert write_course(EXPECTED, AS_THE_FORMAT_SHOWS_IT) == AS_THE_FORMAT_SHOWS_IT


def test_a_change_keeps_every_comment_of_the_file() -> None:
    changed = msgspec.structs.replace(
        EXPECTED,
        hours=4.5,
        owner="Belmora Police College",
        lessons=(LessonEntry("opening", 5), LessonEntry("the-definition", 15, ("LRE-01",), 2, "opening")),
    )
    written = write_course(changed, AS_THE_FORMAT_SHOWS_IT)
    assert course_of(written) == changed
    comments = [line.partition("#")[2] for line in AS_THE_FORMAT_SHOWS_IT.split("\n") if "#" in line]
    assert [comment for comment in comments if comment not in written] == []


def test_invalid_toml_is_replaced() -> None:
    assert course_of(write_course(EXPECTED, "[[[")) == EXPECTED


LINE = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=12)
WORDS = LINE.map(normalise).filter(lambda text: bool(text.strip()) and "\n" not in text)
SLUGS = st.from_regex(r"\A[a-z0-9]{1,5}(-[a-z0-9]{1,3}){0,2}\Z")
AIDS = st.from_regex(r"\A[A-Z]{3}-0[1-9]\Z")
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


def each(one: st.SearchStrategy, key=lambda value: value) -> st.SearchStrategy:
    return st.lists(one, max_size=3, unique_by=key).map(tuple)


LESSONS = st.builds(
    LessonEntry, SLUGS, st.integers(1, 600), each(AIDS), st.integers(0, 2), st.just("") | SLUGS, st.just("") | SLUGS
)
TESTS = st.builds(
    CourseTest,
    each(st.builds(Draw, AIDS, st.integers(1, 100)), lambda draw: draw.competency)
    | each(
        st.builds(Draw, AIDS, st.integers(1, 100), st.sampled_from(Level)), lambda draw: (draw.competency, draw.level)
    ),
    st.floats(0, 1),
    st.integers(0, 100),
    st.integers(0, 10_000),
    st.integers(0, 1_000),
    st.booleans(),
    st.sampled_from(Feedback),
)
COURSES = st.builds(
    CourseFacts,
    id=st.from_regex(r"\A[A-Z][A-Z0-9]{0,3}\Z"),
    source_language=st.sampled_from(["en", "ar", "ckb"]),
    sensitivity=st.sampled_from(Sensitivity),
    hours=st.floats(0, 1_000),
    licence=WORDS,
    roles=each(st.from_regex(r"\A[a-z]{1,4}(_[a-z]{1,3})?\Z")),
    prerequisites=each(st.from_regex(r"\A[A-Z][0-9]{2}\Z")),
    authors=each(WORDS),
    owner=st.just("") | WORDS,
    checked_on=st.none() | DAYS,
    retired=each(st.from_regex(r"\AM01-Q[0-9]{2}\Z")),
    competencies=each(st.builds(Aim, AIDS, st.sampled_from(Level)), lambda aim: aim.id),
    reviews=each(st.builds(Review, st.sampled_from(Reviewer), DAYS, st.just("") | WORDS)),
    checklist=st.none() | st.builds(Checklist, DAYS, each(st.sampled_from(ReviewPoint))),
    lessons=each(LESSONS, lambda entry: entry.slug),
    test=st.none() | TESTS,
    pretest=st.none() | st.builds(Pretest, st.integers(1, 100)),
    retention=st.none() | st.builds(Retention, st.integers(1, 100), st.integers(1, 60)),
)


@settings(max_examples=examples(12), deadline=None)
@given(COURSES)
def test_fresh_course_survives_writing_and_reading(course: CourseFacts) -> None:
    written = write_course(course)
    assert course_of(written) == course
    assert write_course(course_of(written), written) == written


@settings(max_examples=examples(8), deadline=None)
@given(COURSES, COURSES)
def test_one_course_written_over_another_is_read_the_same(course: CourseFacts, other: CourseFacts) -> None:
    for original in (AS_THE_FORMAT_SHOWS_IT, write_course(other)):
        assert course_of(write_course(course, original)) == course


@given(st.text(max_size=300) | st.binary(max_size=300).map(lambda raw: raw.decode("latin-1")))
def test_any_text_is_read_without_a_crash(text: str) -> None:
    course, problems = read_course(TextFile("course.toml", text))
    assert course is None
    assert problems
    read_course_text(TextFile("course.en.md", text))


WORDS_OF_A_COURSE = """\
# The definition and the law

What the law calls trafficking, and what it does not.

You will be able to:

- sort facts into act, means and purpose
- apply the rule for children
"""


def text_of(text: str) -> tuple[CourseText, list[Problem]]:
    return read_course_text(TextFile("course.en.md", text))


def test_course_text_survives_reading_and_writing() -> None:
    text, problems = text_of(WORDS_OF_A_COURSE)
    assert problems == []
    assert text.title == "The definition and the law"
    assert text.lead == "You will be able to:"
    assert text.outcomes == ("sort facts into act, means and purpose", "apply the rule for children")
    assert write_course_text(text) == WORDS_OF_A_COURSE


def test_empty_course_text_has_three_problems() -> None:
    _, problems = text_of("## Low\n")
    assert [one.values.get("thing") for one in problems] == ["a title", "one paragraph", "outcomes", None]


PROSE = st.from_regex(r"\A[\w،؟\u200f\u202b][\w ,.:،\u200f\u202b\u202c]{0,20}\Z").map(normalise).map(str.strip)
PLAIN = PROSE.filter(lambda text: bool(text) and not text[0].isdigit() and "\n" not in text)


@given(PLAIN, PLAIN, st.lists(PLAIN, min_size=1, max_size=4), st.just("") | PLAIN)
def test_course_text_survives_writing_and_reading(title: str, paragraph: str, outcomes: list[str], lead: str) -> None:
    text = CourseText(title, paragraph, tuple(outcomes), lead)
    assert text_of(write_course_text(text)) == (text, [])
