import hashlib
from collections import Counter

import pytest
from hypothesis import given, strategies as st

from app.catalogue.domain.markdown_blocks import cut
from app.catalogue.domain.structure_comparison import compare, references_of
from app.catalogue.domain.text import TextFile
from app.catalogue.domain.translations import (
    Front,
    FrontState,
    TranslationState,
    TranslationStatus,
    block_hash,
    cut_front,
    front_for,
    state_of,
    write_front,
)

HEAD = "---\nfollows: 7c1e04 a90b11 -  # one a block\nstate: draft             # draft | reviewed\n---\n\n# العنوان\n"


def test_a_head_is_parted_from_its_text_which_keeps_its_lines() -> None:
    front, page, problems = cut_front(TextFile("a.ar.md", HEAD))
    assert problems == []
    assert front == Front(("7c1e04", "a90b11", "-"), FrontState.DRAFT)
    assert page.lines[5] == "# العنوان"
    assert [line for line in page.lines if line] == ["# العنوان"]


def test_a_text_without_a_head_is_left_alone() -> None:
    source = TextFile("a.en.md", "# Title\n\n---\n")
    assert cut_front(source) == (None, source, [])


@pytest.mark.parametrize(
    ("head", "line", "said"),
    [
        ("---\nfollows: 7c1e0\nstate: draft\n---\n", 2, '"7c1e0" is no hash'),
        ("---\nfollows: 7C1E04\nstate: draft\n---\n", 2, '"7C1E04" is no hash'),
        ("---\nfollows: -\nstate: done\n---\n", 3, '"done" is no state'),
        ("---\nfollows: -\n---\n", 1, 'no "state"'),
        ("---\nstate: draft\n---\n", 1, 'no "follows"'),
        ("---\nfollows: -\nstate: draft\nauthor: me\n---\n", 4, '"author" is not known'),
        ("---\nfollows: -\nstate: draft\nstate: reviewed\n---\n", 4, "appears twice"),
        ("---\nfollows: -\n# Title\n", 1, "not closed"),
    ],
)
def test_problem_in_a_head_has_its_line(head: str, line: int, said: str) -> None:
    _, _, problems = cut_front(TextFile("a.ar.md", head))
    assert [(one.line, said in one.message % one.values) for one in problems] == [(line, True)]


def test_a_hash_is_of_the_text_as_nfc_with_line_feeds() -> None:
    assert block_hash("cafe\u0301\r\nau lait\n") == hashlib.sha256("caf\u00e9\nau lait".encode()).hexdigest()[:6]


def test_a_translation_that_follows_every_block_is_current() -> None:
    blocks = ["# One", "Two.", "- three"]
    front = front_for(blocks, state=FrontState.REVIEWED)
    assert state_of(blocks, front) == TranslationStatus(TranslationState.CURRENT)


def test_translation_without_a_head_is_missing() -> None:
    assert state_of(["# One"], None) == TranslationStatus(TranslationState.MISSING)


def test_a_changed_an_added_and_a_removed_block_are_named() -> None:
    blocks = ["# One", "Two.", "Three.", "Four."]
    front = front_for(blocks, state=FrontState.REVIEWED)
    assert state_of(["# One", "Two!", "Three.", "Four."], front) == TranslationStatus(
        TranslationState.STALE, (2,), (2,)
    )
    assert state_of(["# One", "New.", "Two.", "Three.", "Four."], front) == TranslationStatus(
        TranslationState.STALE, (2,)
    )
    assert state_of(["# One", "Three.", "Four."], front) == TranslationStatus(TranslationState.STALE, (), (2,))


def test_a_block_that_is_not_translated_is_to_be_done() -> None:
    front = Front((block_hash("# One"), "-"), FrontState.REVIEWED)
    assert state_of(["# One", "Two."], front) == TranslationStatus(TranslationState.STALE, (2,))


def test_a_draft_stays_a_draft_and_names_what_changed_under_it() -> None:
    assert state_of(["# One", "Two."], front_for(["# One", "Too."])) == TranslationStatus(
        TranslationState.DRAFT, (2,), (2,)
    )


HASHES = st.from_regex(r"\A([0-9a-f]{6}|-)\Z")
FRONTS = st.builds(Front, st.lists(HASHES, max_size=8).map(tuple), st.sampled_from(FrontState))


@given(FRONTS)
def test_a_head_written_is_read_the_same(front: Front) -> None:
    read, page, problems = cut_front(TextFile("a.ar.md", write_front(front) + "# Title\n"))
    assert (read, problems, page.text.strip()) == (front, [], "# Title")


@given(st.text(max_size=200))
def test_any_head_is_read_without_a_crash(text: str) -> None:
    source = TextFile("a.ar.md", "---\n" + text)
    _, page, _ = cut_front(source)
    assert len(page.lines) <= len(source.lines)


@given(st.lists(st.text(max_size=5), max_size=6), st.lists(st.text(max_size=5), max_size=6))
def test_what_is_stale_and_gone_accounts_for_every_difference(now: list[str], then: list[str]) -> None:
    status = state_of(now, front_for(then, state=FrontState.REVIEWED))
    kept = len(now) - len(status.stale)
    assert kept == len(then) - len(status.gone)
    assert (status.state is TranslationState.CURRENT) == (not status.stale and not status.gone)


SOURCE = """\
# The definition

Three elements [@tip-protocol, art. 3(a)] of [[trafficking]].

- act
- means

| Element | Question |
|---|---|
| Act | What? |

/// check | M01-Q01
///

See [the next](next.en.md) and `[@code]`.
"""
ARABIC = """\
# التعريف

\u200fثلاثة عناصر [[trafficking|الاتجار]] [@tip-protocol, المادة 3 (أ)].

- الفعل
- الوسيلة

| العنصر | السؤال |
|---|---|
| الفعل | ماذا؟ |

/// check | M01-Q01
///

انظر [التالي](next.ar.md).
"""


def compared(translation: str, *, stale: bool = False) -> list[tuple[int, str, str]]:
    here, there = cut(SOURCE.split("\n")), cut(translation.split("\n"))
    front = front_for([block.text for block in here], state=FrontState.REVIEWED)
    status = TranslationStatus(TranslationState.STALE, (2,)) if stale else TranslationStatus(TranslationState.CURRENT)
    found = compare("a.ar.md", here, there, front=front, status=status)
    return [(one.line, one.message % one.values, str(one.weight)) for one in found]


def test_translation_built_like_its_source_has_no_problems() -> None:
    assert compared(ARABIC) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("@tip-protocol,", "@untoc,", 3, "[@tip-protocol] of the source is missing"),
        ("[[trafficking|الاتجار]]", "الاتجار", 3, "[[trafficking]] of the source is missing"),
        ("- الوسيلة\n", "", 5, "has 1 entries; the source has 2"),
        ("M01-Q01", "M01-Q02", 12, "M01-Q02 is not in this block"),
        ("next.ar.md", "other.ar.md", 15, "other.md is not in this block"),
        ("| الفعل | ماذا؟ |\n", "", 8, "has 2 entries; the source has 3"),
        ("- الفعل\n- الوسيلة\n", "1. الفعل\n2. الوسيلة\n", 5, "The source has list - at this position, not list 1"),
    ],
)
def test_structure_problem_has_its_line(old: str, new: str, line: int, said: str) -> None:
    assert any(at == line and said in message for at, message, _ in compared(ARABIC.replace(old, new)))


def test_block_of_facts_names_the_same_facts_in_a_translation() -> None:
    assert references_of("/// country-facts | offence,  child\n///") == Counter(["offence, child"])
    assert references_of("/// country-facts | offence\n///") == Counter(["offence"])


def test_missing_block_is_a_problem() -> None:
    assert compared(ARABIC.rpartition("\n\n")[0])[-1][1] == "The translation has 5 blocks, its source has 6."


def test_difference_is_a_warning_when_the_source_changed() -> None:
    assert {weight for _, _, weight in compared(ARABIC.replace("M01-Q01", "M01-Q02"), stale=True)} == {"warning"}


def test_a_block_that_is_not_translated_may_be_left_out() -> None:
    here = cut(SOURCE.split("\n"))
    hashes = [block_hash(block.text) for block in here]
    front = Front((*hashes[:5], "-"))
    there = cut(ARABIC.rpartition("\n\n")[0].split("\n"))
    status = state_of([block.text for block in here], front)
    assert status == TranslationStatus(TranslationState.DRAFT, (6,))
    assert compare("a.ar.md", here, there, front=front, status=status) == []
