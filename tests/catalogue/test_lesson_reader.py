import re

import msgspec
import pytest
from hypothesis import given, strategies as st

from app.catalogue.domain.lesson_outline import scan
from app.catalogue.domain.lesson_reader import blocks_of_lesson, read_lesson, write_lesson
from app.catalogue.domain.lessons import BlockType, FencedBlock, LessonSource, Mention
from app.catalogue.domain.problems import Problem
from app.catalogue.domain.text import TextFile, normalise, read
from tests.support.cpu_time import counting

LESSON = """\
# The definition

/// scenario | A Tuesday, a car wash in Arvania
You check papers.

No one runs.
///

## Three questions

The protocol names three [[act-element|acts]] and [[means]] [@tip-protocol, art. 3(a); @untoc].

- one
- two

  with more
- three

1. first
2. second

| Element | Question |
|---|---|
| Act | What? |

```
/// note | not a block
<b> [@nothing] [[nothing-here]]
```

A `<b>` in code, 3 < 4 and 5 > 4, <https://example.org>, and \\<b>.

![Three circles](../media/circles.png)

/// country | IQ
The law of 2012.
///

/// check | M01-Q01
///
"""


def lesson_of(text: str, *, warning: int = 0) -> tuple[LessonSource, list[Problem]]:
    return read_lesson(TextFile("lesson.en.md", text), warning=warning)


def said(text: str, *, warning: int = 0) -> list[tuple[int, str]]:
    return [(one.line, one.message % one.values) for one in lesson_of(text, warning=warning)[1]]


def test_a_lesson_is_read_and_written_the_same() -> None:
    lesson, problems = lesson_of(LESSON)
    assert problems == []
    assert lesson.title == "The definition"
    assert write_lesson(lesson) == LESSON
    assert msgspec.json.decode(msgspec.json.encode(lesson), type=LessonSource) == lesson


def test_outline_lists_references_outside_code() -> None:
    outline, _problems = scan(TextFile("", write_lesson(lesson_of(LESSON)[0])))
    assert outline.citations == (Mention("tip-protocol", 11, "art. 3(a)"), Mention("untoc", 11))
    assert outline.terms == (Mention("act-element", 11, "acts"), Mention("means", 11))
    assert outline.pictures == (Mention("../media/circles.png", 33, "Three circles"),)
    assert outline.titles(BlockType.CHECK) == [FencedBlock(BlockType.CHECK, "M01-Q01", 39)]
    assert outline.titles(BlockType.COUNTRY) == [FencedBlock(BlockType.COUNTRY, "IQ", 35, "The law of 2012.")]
    assert [(one.level, one.text) for one in outline.headings] == [(1, "The definition"), (2, "Three questions")]


def test_a_fenced_block_a_list_and_a_table_are_one_block_each() -> None:
    blocks = blocks_of_lesson(lesson_of(LESSON)[0])
    assert [block.split("\n")[0][:12] for block in blocks] == [
        "# The defini",
        "/// scenario",
        "## Three que",
        "The protocol",
        "- one",
        "1. first",
        "| Element | ",
        "```",
        "A `<b>` in c",
        "![Three circ",
        "/// country ",
        "/// check | ",
    ]
    assert blocks[1].endswith("No one runs.\n///")
    assert blocks[4].endswith("- three")


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("Only text.\n", 1, "no title"),
        ("", 1, "empty"),
        ("# \n", 1, "no title"),
        ("# T\n\n/// note | Open\ntext\n", 3, "is not closed"),
        ("# T\n\n/// note | A\n\n/// tip | B\n///\n", 3, "is not closed"),
        ("# T\n\n/// nota | A\n///\n", 3, 'no block of the type "nota"'),
        ("# T\n\n///\n", 3, "closes a block that is not open"),
        ("# T\n\n//// note\n///\n", 3, "three slashes"),
        ("# T\n\n/// note A title\n///\n", 3, "The bar between the type and the title is missing"),
        ("# T\n\n/// check\n///\n", 3, "does not name its item"),
        ("# T\n\n/// country | XX\n///\n", 3, '"XX" is not the code'),
        ("# T\n\n/// country-facts\n///\n", 3, "its country or its facts"),
        ("# T\n\n/// country-facts | offence, colour\n///\n", 3, '"colour" is not a fact'),
        ("# T\n\n/// country-facts | offence\nText.\n///\n", 3, "has no text"),
        ("# T\n\n<div\nclass=a>\n", 3, "HTML is shown as text"),
        ("# T\n\na<br/>b\n", 3, "HTML is shown as text"),
        ("# T\n\n<!-- hidden -->\n", 3, "HTML is shown as text"),
        ("# T\n\n[@tip-protocol, art. 3\n", 3, "no source and no term: [@tip-protocol"),
        ("# T\n\n[[Not A Term]]\n", 3, "no source and no term: [[Not A Term]]"),
        ("# T\n\n![](../media/a.png)\n", 3, "no description"),
        ("# T\n\n# Second\n", 3, "one title"),
        ("# T\n\n#### Deep\n", 3, "skips a level"),
        ("# T\n\n" + "[" * 201 + "\n", 3, "opening brackets"),
        ("# T\n\n" + "![" * 201 + "\n", 3, "opening brackets"),
        ("# T\n\n" + "word " * 1700 + "\n", 3, "more than 8000 characters"),
        ("# T\n\n" + "word word word word\n" * 3200, 1, "the limit is 61440"),
        ("# T\n\na\x07b\n", 3, "control character"),
    ],
)
def test_problem_has_its_line(text: str, line: int, message: str) -> None:
    assert any(at == line and message in told for at, told in said(text)), said(text)


def test_lesson_over_sixty_kilobytes_is_refused() -> None:
    line = "word word word\n\n"
    full = "# T\n\n" + line * ((60 * 1024 - 5) // len(line))
    full += "x" * (60 * 1024 - len(full))
    assert said(full) == []
    assert [message for _, message in said(full + "x")] == ["The file has 61441 bytes; the limit is 61440."]


def test_a_warning_needs_its_words_before_the_text() -> None:
    text = "# T\n\nText.\n"
    missing = "The settings give this lesson a warning, but the lesson has no text for it."
    assert said(text, warning=1) == [(1, missing)]
    assert said("# T\n\n/// sensitive | Before you read\nWords.\n///\n\n## More\n", warning=2) == []
    late = "# T\n\n## More\n\n/// sensitive | Too late\nWords.\n///\n"
    assert said(late, warning=1) == [(5, "The warning comes too late in the text.")]


def test_all_problems_are_reported_together() -> None:
    text = "No title\n\n/// nota\n\n<b>x</b>\n\n/// country | XX\n///\n\n[@bad\n"
    assert {line for line, _ in said(text)} == {1, 3, 5, 7, 10}


@pytest.mark.parametrize(
    "line",
    [
        "\u200fالاتجار بالأشخاص [@tip-protocol, المادة 3 (أ)]، راجع [[means|الوسيلة]].",
        "\u202bانسانی اسمگلنگ ایک جرم ہے۔\u202c M01 \u200e(2012)",
        "بازرگانی کردن بە مرۆڤ تاوانە.",
    ],
)
def test_arabic_urdu_and_kurdish_keep_their_direction_marks(line: str) -> None:
    text = f"# العنوان\n\n/// note | \u200fملاحظة\n{line}\n///\n\n{line}\n"
    lesson, problems = lesson_of(text)
    assert problems == []
    assert write_lesson(lesson) == text


def test_carriage_returns_and_byte_order_mark_are_not_written() -> None:
    source, problems = read("lesson.en.md", b"\xef\xbb\xbf" + LESSON.replace("\n", "\r\n").encode())
    lesson, wrong = read_lesson(source)
    assert problems + wrong == []
    assert write_lesson(lesson) == LESSON


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("![a](../media/a.mp3)\n\n/// transcript\nHello.\n///", []),
        ("![a](../media/a.mp3)\n\nText.", [3]),
        ("/// transcript\nHello.\n///\n\n![a](../media/a.mp3)", [7]),
        ("![a](../media/a.mp3)\n\n![b](../media/b.mp3)\n\n/// transcript\nHello.\n///", [3]),
        ("![a](../media/a.mp4)", []),
    ],
    ids=["below", "none", "above", "of-the-second", "video"],
)
def test_sound_recording_needs_its_transcript_below(text: str, lines: list[int]) -> None:
    _, problems = lesson_of(f"# T\n\n{text}")
    assert [problem.line for problem in problems if "no transcript" in problem.message] == lines


def test_hostile_text_is_scanned_in_time() -> None:
    for piece in ("[", "![", "`", "<a ", "[@", "[[", "/// ", "[](", "- ", "\n\n  x", "``` ", "#"):
        with counting() as took:
            lesson, _problems = lesson_of("# T\n\n" + piece * (60_000 // len(piece)))
        assert lesson.title == "T"
        assert took.seconds < 5, piece


PIECES = st.sampled_from(["# ", "## ", "/// note | x", "///", "```", "~~~", "- a", "1. b", "  c", "| a |", "|---|", "",
                          "[[a]]", "[@b, c]", "`", "<b>", "text", "\u200fعربي", "    code", "> quote"])  # fmt: skip
TEXTS = st.lists(PIECES | st.text(max_size=10), max_size=25).map("\n".join)


@given(TEXTS)
def test_lesson_survives_writing_and_reading(text: str) -> None:
    lesson, _ = lesson_of(normalise(text))
    again, _ = lesson_of(write_lesson(lesson))
    assert again == lesson
    assert write_lesson(again) == write_lesson(lesson)


@given(TEXTS)
def test_no_line_of_a_lesson_is_outside_its_blocks(text: str) -> None:
    lesson, _ = lesson_of(normalise(text))
    words = re.sub(r"\s", "", write_lesson(lesson))
    assert re.sub(r"\s", "", "".join(blocks_of_lesson(lesson))) == words
