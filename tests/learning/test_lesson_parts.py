import pytest

from app.learning.pages.lesson_parts import LEAST_WORDS, LessonChunk, divide


def html(*texts: str) -> LessonChunk:
    return LessonChunk("html", "".join(texts))


def heading(place: int, title: str = "Title") -> str:
    return f'<h2 id="h-{place}">{title}</h2>'


def words(count: int, place: int = 0) -> str:
    return f'<p id="h-{place}">{"word " * count}</p>'


LONG_LESSON = [
    html(words(30, 1), heading(2, "First &amp; <em>one</em>"), words(100, 3)),
    LessonChunk("check", item="M01-Q01"),
    html(heading(5, "Second"), words(200, 6), heading(7, "Third"), words(70, 8)),
]


def test_parts_begin_at_headings_when_lesson_is_long() -> None:
    parts = divide(LONG_LESSON, 15)
    assert [(part.number, part.element, part.title) for part in parts] == [
        (1, 0, "First & one"),
        (2, 5, "Second"),
        (3, 7, "Third"),
    ]
    kinds = [[chunk.kind for chunk in part.chunks] for part in parts]
    assert kinds == [["html", "html", "check"], ["html"], ["html"]]


def test_parts_hold_the_whole_text_in_its_order() -> None:
    joined = "".join(str(chunk.html) for part in divide(LONG_LESSON, 15) for chunk in part.chunks)
    assert joined == "".join(str(chunk.html) for chunk in LONG_LESSON)


def test_minutes_left_fall_from_all_to_the_last_part() -> None:
    left = [part.minutes_left for part in divide(LONG_LESSON, 15)]
    assert left[0] == 15
    assert left == sorted(left, reverse=True)
    assert left[-1] >= 1


def test_lesson_stays_whole_when_it_is_short() -> None:
    parts = divide(LONG_LESSON, 6)
    assert [(part.number, part.element, part.minutes_left) for part in parts] == [(1, 0, 6)]


def test_heading_begins_no_part_after_few_words() -> None:
    text = html(heading(1, "First"), words(LEAST_WORDS - 20, 2), heading(3, "Second"), words(LEAST_WORDS, 4))
    assert [part.title for part in divide([text], 15)] == ["First"]


def test_short_end_stays_with_the_part_before_it() -> None:
    text = html(heading(1, "First"), words(200, 2), heading(3, "Keep this"), words(20, 4))
    assert [part.title for part in divide([text], 15)] == ["First"]


@pytest.mark.parametrize("tag", ["div", "details", "blockquote", "section"])
def test_heading_within_a_block_begins_no_part(tag: str) -> None:
    text = html(words(200, 1), f'<{tag} id="h-2">', heading(3, "Inside"), words(200, 4), f"</{tag}>")
    assert len(divide([text], 15)) == 1


def test_folded_notes_of_other_countries_take_no_time() -> None:
    notes = LessonChunk("country", own=[words(10, 5)], others=[words(5000, 6)])
    parts = divide([html(heading(1), words(200, 2)), notes, html(heading(7), words(210, 8))], 14)
    assert [part.minutes_left for part in parts] == [14, 7]


def test_lesson_without_text_is_one_part() -> None:
    assert [(part.number, part.minutes_left) for part in divide([], 15)] == [(1, 1)]
