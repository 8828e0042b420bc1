import pytest

from app.catalogue.domain.folder import read_folder
from app.catalogue.domain.item_reader import read_bank
from app.catalogue.domain.item_writer import blocks_of_bank
from app.catalogue.domain.text import TextFile
from app.catalogue.domain.translations import TranslationState, cut_front, front_for, state_of, write_front
from app.kernel.errors import DomainError
from app.studio.domain import bank_changes
from app.studio.domain.course_edits import Changes, Files, facts_of
from tests.support import courses

FIRST = "## T10-Q01\nkind: single\ncompetency: PRT-01\n\nWhich?\n\n---\n\n- [x] This\n- [ ] That\n"
SECOND = FIRST.replace("Q01", "Q02").replace("Which", "What")
BANK = f"# Questions\n\n{FIRST}\n{SECOND}"
TRANSLATED = BANK.replace("kind: single\ncompetency: PRT-01\n", "").replace("- [x]", "-").replace("- [ ]", "-")
LESSON = "# The list\n\n/// check | T10-Q02\n///\n"


def _files(**texts: str) -> Files:
    named = {"course.toml": courses.COURSE % {"minutes": 0}, "course.en.md": courses.WORDS, **texts}
    return {path: text.encode() for path, text in named.items()}


def _translation(state_source: str = BANK) -> str:
    blocks = blocks_of_bank(read_bank(TextFile("", state_source))[0])
    return f"{write_front(front_for(blocks))}{TRANSLATED}"


def _text(changes: Changes, path: str = "test.en.md") -> str:
    content = changes[path]
    assert content is not None
    return content.decode()


def test_added_item_gets_an_id_that_was_never_used() -> None:
    files = _files(**{"test.en.md": BANK, "test.ar.md": TRANSLATED.replace("Q02", "Q04")})
    retired = files["course.toml"].replace(b"retired = []", b'retired = ["T10-Q05"]')
    item_id, changes = bank_changes.add_item({**files, "course.toml": retired}, FIRST, BANK.replace("Q02", "Q07"))
    assert item_id == "T10-Q08"
    assert _text(changes) == f"{BANK}\n{FIRST.replace('Q01', 'Q08')}"


def test_first_item_creates_a_file_with_the_title_of_the_course() -> None:
    item_id, changes = bank_changes.add_item(_files(), SECOND)
    assert item_id == "T10-Q01"
    assert _text(changes) == f"# Night at the harbour\n\n{SECOND.replace('Q02', 'Q01')}"


def test_copied_item_follows_its_original() -> None:
    item_id, changes = bank_changes.copy_item(_files(**{"test.en.md": BANK}), "T10-Q01")
    assert item_id == "T10-Q03"
    assert [item.id for item in read_bank(TextFile("", _text(changes)))[0].items] == ["T10-Q01", "T10-Q03", "T10-Q02"]


def test_retired_item_is_removed_in_all_languages_and_translations_stay_current() -> None:
    files = _files(**{"test.en.md": BANK, "test.ar.md": _translation()})
    changes = bank_changes.retire_item(files, "T10-Q01")
    assert _text(changes) == f"# Questions\n\n{SECOND}"
    translated = _text(changes, "test.ar.md")
    assert "T10-Q01" not in translated
    front = cut_front(TextFile("", translated))[0]
    blocks = blocks_of_bank(read_bank(TextFile("", _text(changes)))[0])
    status = state_of(blocks, front)
    assert (status.state, status.stale, status.gone) == (TranslationState.DRAFT, (), ())
    assert facts_of({**files, "course.toml": changes["course.toml"] or b""}).retired == ("T10-Q01",)


def test_retired_item_of_an_older_translation_leaves_its_place_in_the_header() -> None:
    older = _translation(BANK.replace("Which", "Who"))
    changes = bank_changes.retire_item(_files(**{"test.en.md": BANK, "test.ar.md": older}), "T10-Q01")
    front = cut_front(TextFile("", _text(changes, "test.ar.md")))[0]
    assert front is not None
    assert len(front.follows) == 2


def test_course_without_its_retired_item_has_no_new_errors() -> None:
    ready = courses.ready()[0]
    files = dict(ready.files)
    changes = bank_changes.retire_item(files, "T10-Q01")
    after = {path: content for path, content in {**files, **changes}.items() if content is not None}
    before_problems = read_folder({f"t/{path}": content for path, content in files.items()})[1]
    after_problems = read_folder({f"t/{path}": content for path, content in after.items()})[1]
    new = {problem.message for problem in after_problems} - {problem.message for problem in before_problems}
    assert new <= {
        "The test draws %(wanted)s items of %(competency)s; the bank has %(there)s of form B that it can ask."
    }


def test_last_retired_item_removes_the_files() -> None:
    single = f"# Questions\n\n{FIRST}"
    files = _files(**{"test.en.md": single, "test.ar.md": single})
    changes = bank_changes.retire_item(files, "T10-Q01")
    assert changes.keys() == {"course.toml", "test.en.md", "test.ar.md"}
    assert (changes["test.en.md"], changes["test.ar.md"]) == (None, None)


def test_item_that_a_lesson_asks_is_not_retired() -> None:
    files = _files(**{"test.en.md": BANK, "lessons/the-list.en.md": LESSON, "lessons/the-list.ar.md": LESSON})
    assert bank_changes.lessons_with(files, "T10-Q02") == ["the-list"]
    with pytest.raises(DomainError, match="the-list"):
        bank_changes.retire_item(files, "T10-Q02")


@pytest.mark.parametrize("edit", [bank_changes.copy_item, bank_changes.retire_item])
def test_item_that_is_not_there_is_refused(edit: object) -> None:
    with pytest.raises(DomainError):
        edit(_files(**{"test.en.md": BANK}), "T10-Q09")  # type: ignore[operator]


def test_keys_of_several_items_change_in_one_step() -> None:
    files = _files(**{"test.en.md": BANK})
    changes = bank_changes.change_keys(files, ["T10-Q01", "T10-Q02"], {"form": "A", "level": "specialist"})
    keys = "kind: single\ncompetency: PRT-01\nlevel: specialist\nform: A\n"
    assert _text(changes) == BANK.replace("kind: single\ncompetency: PRT-01\n", keys)


def test_course_with_an_unusable_description_is_refused() -> None:
    with pytest.raises(DomainError, match="The settings of the course have errors"):
        bank_changes.bank_path({"course.toml": b"id = ["})
