from enum import StrEnum

import pytest
from hypothesis import example, given, strategies as st

from app.studio.domain.alignment import coarse_changes
from app.studio.domain.merge import MergeConflict, Merged, merge


class Edit(StrEnum):
    NONE = "none"
    REPLACE = "replace"
    DELETE = "delete"
    INSERT = "insert"


LINES = st.lists(st.sampled_from(["a", "b", "c", ""]), max_size=8).map("\n".join)
TEXTS = st.one_of(LINES, LINES.map("{}\n".format), st.text(alphabet="ab\n\r\x0b\u2028", max_size=8))
SIDES = st.sampled_from(["own", "theirs", "both"])
EDITS = st.lists(st.tuples(st.sampled_from(Edit), SIDES), max_size=12)
BANK_QUESTIONS = 2100


def edited(number: int, edit: Edit, author: str) -> str:
    line = f"line {number}\n"
    match edit:
        case Edit.NONE:
            return line
        case Edit.REPLACE:
            return f"line {number} by {author}\n"
        case Edit.DELETE:
            return ""
        case Edit.INSERT:
            return f"{line}new line {number} by {author}\n"


def version(edits: list[tuple[Edit, str]], *sides: str) -> str:
    """Return a text with the edits of these sides; an unchanged line separates each edited line from the next."""
    parts = [
        edited(number, edit if side in sides else Edit.NONE, side) + f"separator {number}\n"
        for number, (edit, side) in enumerate(edits)
    ]
    return "".join(parts)


def question(number: int) -> str:
    options = "".join(f"- [ ] Option {option} of case {number}\n  > Feedback {option}.\n" for option in range(4))
    return (
        f"## M01-Q{number}\nkind: single\ncompetency: VIC-01\nlevel: foundation\n\nCase {number}\n\n---\n\n{options}\n"
    )


@given(TEXTS, TEXTS)
@example("a\nb", "a\nb\n")
def test_side_without_changes_has_no_effect(base: str, text: str) -> None:
    assert merge(base, base, text) == Merged(text, ())
    assert merge(base, text, base) == Merged(text, ())


@given(TEXTS, TEXTS)
def test_same_change_on_both_sides_is_no_conflict(base: str, text: str) -> None:
    assert merge(base, text, text) == Merged(text, ())


@given(EDITS)
def test_disjoint_changes_are_combined(edits: list[tuple[Edit, str]]) -> None:
    base, own, theirs = version(edits), version(edits, "own", "both"), version(edits, "theirs", "both")
    assert merge(base, own, theirs) == Merged(version(edits, "own", "theirs", "both"), ())


@given(TEXTS, TEXTS, TEXTS)
def test_every_new_line_is_in_the_text_or_in_a_conflict(base: str, own: str, theirs: str) -> None:
    merged = merge(base, own, theirs)
    shown = set(merged.text.split("\n"))
    for conflict in merged.conflicts:
        assert conflict.own != conflict.theirs
        shown |= set(conflict.own.split("\n")) | set(conflict.theirs.split("\n"))
    assert (set(own.split("\n")) | set(theirs.split("\n"))) - set(base.split("\n")) <= shown


@given(TEXTS, TEXTS, TEXTS)
def test_conflicts_have_the_same_extent_for_both_sides(base: str, own: str, theirs: str) -> None:
    swapped = merge(base, theirs, own)
    conflicts = merge(base, own, theirs).conflicts
    assert [(c.base, c.own, c.theirs) for c in conflicts] == [(c.base, c.theirs, c.own) for c in swapped.conflicts]


@given(TEXTS, TEXTS, TEXTS)
def test_own_lines_replaced_by_theirs_give_the_merge_of_swapped_sides(base: str, own: str, theirs: str) -> None:
    merged = merge(base, own, theirs)
    text = merged.text
    for conflict in reversed(merged.conflicts):
        start = len("".join(line + "\n" for line in text.split("\n")[: conflict.line - 1]))
        assert text[start:].startswith(conflict.own)
        text = text[:start] + conflict.theirs + text[start + len(conflict.own) :]
    assert text == merge(base, theirs, own).text


@given(TEXTS, TEXTS, TEXTS)
def test_each_line_of_the_text_is_a_line_of_a_side(base: str, own: str, theirs: str) -> None:
    assert set(merge(base, own, theirs).text.split("\n")) <= {"", *own.split("\n"), *theirs.split("\n")}


def test_line_changed_by_both_is_a_conflict_with_own_line_in_the_text() -> None:
    merged = merge("a\nb\nc\n", "a\nown\nc\n", "a\ntheirs\nc\n")
    assert merged == Merged("a\nown\nc\n", (MergeConflict(2, "b\n", "own\n", "theirs\n"),))


@pytest.mark.parametrize(
    ("own", "theirs", "text", "conflict"),
    [
        ("a\nc\n", "a\nnew\nc\n", "a\nc\n", MergeConflict(2, "b\n", "", "new\n")),
        ("a\nnew\nc\n", "a\nc\n", "a\nnew\nc\n", MergeConflict(2, "b\n", "new\n", "")),
        ("a\nb\nc\nx\n", "a\nb\nc\ny\n", "a\nb\nc\nx\n", MergeConflict(4, "", "x\n", "y\n")),
        ("", "a\nnew\nc\n", "", MergeConflict(1, "a\nb\nc\n", "", "a\nnew\nc\n")),
    ],
    ids=["deleted by own", "deleted by theirs", "two insertions", "own text empty"],
)
def test_overlap_lists_both_sides(own: str, theirs: str, text: str, conflict: MergeConflict) -> None:
    assert merge("a\nb\nc\n", own, theirs) == Merged(text, (conflict,))


def test_neighbouring_lines_changed_by_two_sides_are_combined() -> None:
    assert merge("a\nb\n", "own\nb\n", "a\ntheirs\n") == Merged("own\ntheirs\n", ())


def test_insertion_beside_a_changed_line_is_a_conflict() -> None:
    merged = merge("a\nb\nc\n", "a\nb\nnew\nc\n", "a\nchanged\nc\n")
    assert merged.conflicts == (MergeConflict(2, "b\n", "b\nnew\n", "changed\n"),)


def test_line_of_conflict_counts_lines_of_the_merged_text() -> None:
    merged = merge("a\n-\n-\nb\n", "a\n-\n-\nown\n", "new\nlines\n-\n-\ntheirs\n")
    assert merged.text == "new\nlines\n-\n-\nown\n"
    assert [conflict.line for conflict in merged.conflicts] == [5]


def test_separate_overlaps_are_separate_conflicts() -> None:
    merged = merge("a\n-\nb\n", "own 1\n-\nown 2\n", "theirs 1\n-\ntheirs 2\n")
    assert [conflict.base for conflict in merged.conflicts] == ["a\n", "b\n"]


def test_edits_of_a_large_bank_are_combined_and_little_is_compared() -> None:
    base = "".join(question(number) for number in range(BANK_QUESTIONS))
    assert len(base) > 512_000
    own, theirs = base, base
    for number in (5, 900, 1790):
        own = own.replace(f"\nCase {number}\n", f"\nOwn case {number}\n")
        theirs = theirs.replace(question(number + 2), "")
    lines, own_lines, their_lines = base.split("\n"), own.split("\n"), theirs.split("\n")
    assert [len(change.before) for change in coarse_changes(lines, own_lines)] == [1, 1, 1]
    assert [len(change.before) for change in coarse_changes(lines, their_lines)] == [question(0).count("\n")] * 3
    merged = merge(base, own, theirs)
    assert merged.conflicts == ()
    assert merged.text.count("\nOwn case ") == 3
    assert merged.text.count("\n## ") == base.count("\n## ") - 3
