from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from app.catalogue.domain.folder_names import Name, Part, name_of
from app.catalogue.domain.translations import FrontState, block_hash
from app.studio.domain.translated_parts import TranslatedPart
from app.studio.domain.translation_blocks import (
    Translation,
    TranslationBlockState as State,
    accepted,
    rebuild,
    split,
    with_target,
)

COURSES = Path(__file__).parents[2] / "courses"
LESSON = TranslatedPart(Part.LESSON, "quay")
BANK = TranslatedPart(Part.BANK)
CASE = TranslatedPart(Part.SCENARIO)
SOURCE = "# The quay\n\nWalk the quay slowly at night.\n\n- lamp\n- note\n\n/// check | T10-Q01\n///\n"
QUESTIONS = """\
# Questions

## T10-Q01
kind: truefalse
competency: PRT-01
level: foundation

Is the list complete?

---

- [x] True
- [ ] False

## T10-Q02
kind: short
competency: PRT-01
level: foundation

Which berth?

---

= two
"""
STORY = """\
# The ship
id: S91
truth: other
start: d1

At night.

## d1

What first?

---

- Write -> end (best)
  > Good.
  > Why: A note.

## end

## other-end
"""


def _nothing(hashes: Collection[str]) -> Mapping[str, str]:
    return {}


def _with_old_paragraph(hashes: Collection[str]) -> Mapping[str, str]:
    text = "Walk the quay slowly at night."
    return {block_hash(text): text} if block_hash(text) in hashes else {}


def _translated(part: TranslatedPart, source: str) -> Translation:
    """Return a translation of every block."""
    translation = split(part, source, None, _nothing)
    for index, block in enumerate(translation.blocks):
        if block.state is not State.COPIED:
            translation = with_target(translation, index, _in_french(block.source.text))
    return split(part, source, rebuild(translation), _nothing)


def _in_french(text: str) -> str:
    lines = text.split("\n")
    return "\n".join(f"{line} fr" if line[:1].isalpha() or line.startswith("# ") else line for line in lines)


def _states(translation: Translation) -> list[State]:
    return [block.state for block in translation.blocks]


def _translations() -> Iterator[tuple[TranslatedPart, Path, Path]]:
    """Yield part, source and translation of each translated file of the courses."""
    for path in sorted(COURSES.rglob("*.md")):
        name = name_of(path.relative_to(COURSES).as_posix())
        if isinstance(name, Name) and name.folder and name.language in {"ar", "fr"}:
            source = path.with_name(path.name.replace(f".{name.language}.md", ".en.md"))
            yield TranslatedPart(name.part, name.name), source, path


@pytest.mark.parametrize(("part", "source", "path"), list(_translations()))
def test_translations_of_the_courses_remain_as_they_are(part: TranslatedPart, source: Path, path: Path) -> None:
    text = path.read_text()
    translation = split(part, source.read_text(), text, _nothing)
    assert rebuild(translation) == text
    assert set(_states(translation)) <= {State.TO_REVIEW, State.COPIED}
    assert not translation.removed


@pytest.mark.parametrize(("part", "source"), [(LESSON, SOURCE), (BANK, QUESTIONS), (CASE, STORY)])
def test_new_translation_has_the_source_text_and_no_hashes(part: TranslatedPart, source: str) -> None:
    translation = split(part, source, None, _nothing)
    assert set(_states(translation)) <= {State.MISSING, State.COPIED}
    text = rebuild(translation)
    again = split(part, source, text, _nothing)
    assert _states(again) == _states(translation)
    assert rebuild(again) == text


@pytest.mark.parametrize(("part", "source"), [(LESSON, SOURCE), (BANK, QUESTIONS), (CASE, STORY)])
def test_saved_blocks_wait_for_the_second_reader(part: TranslatedPart, source: str) -> None:
    translation = _translated(part, source)
    assert set(_states(translation)) <= {State.TO_REVIEW, State.COPIED}
    assert translation.is_complete
    assert "fr" in translation.blocks[-1].target or translation.blocks[-1].state is State.COPIED


def test_nodes_without_text_remain_in_the_translation_of_a_case() -> None:
    assert rebuild(_translated(CASE, STORY)).endswith("\n\n## end\n\n## other-end\n")


def test_keys_of_a_translated_question_are_left_out() -> None:
    text = rebuild(_translated(BANK, QUESTIONS)).replace("## T10-Q01\n", "## T10-Q01\nkind: truefalse\n")
    translation = split(BANK, QUESTIONS, text, _nothing)
    assert translation.blocks[1].target.startswith("Is the list complete? fr")


def test_changed_source_block_is_shown_with_its_earlier_text() -> None:
    text = rebuild(_translated(LESSON, SOURCE))
    source = SOURCE.replace("slowly", "in pairs")
    translation = split(LESSON, source, text, _with_old_paragraph)
    assert _states(translation) == [State.TO_REVIEW, State.CHANGED, State.TO_REVIEW, State.COPIED]
    assert translation.blocks[1].earlier == "Walk the quay slowly at night."
    assert translation.blocks[1].target == "Walk the quay slowly at night. fr"


def test_accepted_block_follows_the_new_source_with_the_same_text() -> None:
    source = SOURCE.replace("slowly", "in pairs")
    translation = split(LESSON, source, rebuild(_translated(LESSON, SOURCE)), _nothing)
    again = split(LESSON, source, rebuild(accepted(translation, 1)), _nothing)
    assert again.blocks[1].state is State.TO_REVIEW
    assert again.blocks[1].target == translation.blocks[1].target


def test_new_source_block_is_missing_and_the_others_remain() -> None:
    text = rebuild(_translated(LESSON, SOURCE))
    source = SOURCE.replace("- lamp", "Take a friend.\n\n- lamp")
    translation = split(LESSON, source, text, _nothing)
    assert _states(translation) == [State.TO_REVIEW, State.TO_REVIEW, State.MISSING, State.TO_REVIEW, State.COPIED]


def test_translation_of_a_removed_source_block_is_reported() -> None:
    text = rebuild(_translated(LESSON, SOURCE))
    translation = split(LESSON, SOURCE.replace("- lamp\n- note\n\n", ""), text, _nothing)
    assert translation.removed == ("- lamp\n- note",)
    assert _states(translation) == [State.TO_REVIEW, State.TO_REVIEW, State.COPIED]


def test_questions_are_paired_by_id_when_their_order_changes() -> None:
    text = rebuild(_translated(BANK, QUESTIONS))
    opening, first, second = QUESTIONS.split("## T10")
    source = f"{opening}## T10{second}\n## T10{first.rstrip()}\n"
    translation = split(BANK, source, text, _nothing)
    assert [block.source.id for block in translation.blocks] == ["", "T10-Q02", "T10-Q01"]
    assert _states(translation) == [State.TO_REVIEW] * 3


def test_header_that_does_not_fit_makes_every_block_changed() -> None:
    text = "---\nfollows: - - -\nstate: draft\n---\n\n# Le quai\n\nAllez.\n\n- lampe\n\n/// check | T10-Q01\n///\n"
    translation = split(LESSON, SOURCE, text, _nothing)
    assert _states(translation) == [State.CHANGED] * 3 + [State.COPIED]
    assert _states(split(LESSON, SOURCE, rebuild(translation), _nothing)) == _states(translation)


def test_change_of_a_reviewed_translation_makes_it_a_draft() -> None:
    text = rebuild(_translated(LESSON, SOURCE)).replace("state: draft", "state: reviewed")
    translation = split(LESSON, SOURCE, text, _nothing)
    assert _states(translation)[:3] == [State.CURRENT] * 3
    assert with_target(translation, 0, "# Le quai").state is FrontState.DRAFT
    assert accepted(translation, 0).state is FrontState.DRAFT


def test_untranslated_block_shows_the_new_source_text_after_a_change() -> None:
    text = rebuild(with_target(split(LESSON, SOURCE, None, _nothing), 0, "# Le quai"))
    source = SOURCE.replace("slowly", "in pairs")
    translation = split(LESSON, source, text, _with_old_paragraph)
    assert _states(translation) == [State.TO_REVIEW, State.MISSING, State.MISSING, State.COPIED]
    assert "in pairs" in rebuild(translation)


_LINES = st.sampled_from(["Walk.", "Take a lamp.", "- one\n- two", "## Head", "/// note | N\nText.\n///", "1. x\n2. y"])


@given(st.lists(_LINES, max_size=6), st.lists(_LINES, max_size=6), st.lists(st.booleans(), min_size=8, max_size=8))
def test_rebuilt_file_has_the_blocks_it_was_built_from(before: list[str], after: list[str], done: list[bool]) -> None:
    old, new = ("\n\n".join(["# Title", *lines]) + "\n" for lines in (before, after))
    translation = split(LESSON, old, None, _nothing)
    for index, block in enumerate(translation.blocks):
        if done[index]:
            translation = with_target(translation, index, _in_french(block.source.text))
    moved = split(LESSON, new, rebuild(translation), _nothing)
    again = split(LESSON, new, rebuild(moved), _nothing)
    assert rebuild(again) == rebuild(moved)
    assert [block.source.text for block in again.blocks] == [block.source.text for block in moved.blocks]
