import msgspec
import pytest
from hypothesis import given, settings, strategies as st

from app.catalogue.domain.blueprint_checks import check_blueprint
from app.catalogue.domain.course_reader import read_course
from app.catalogue.domain.courses import CourseFacts
from app.catalogue.domain.folder import read_folder
from app.catalogue.domain.library import CourseFolder
from app.catalogue.domain.text import TextFile
from app.kernel.errors import DomainError
from app.studio.domain.course_edits import facts_of, with_facts
from app.studio.domain.question_use import (
    MOST_DRAWN,
    UndrawnUse,
    add_to_test,
    ask_in_lesson,
    undrawn_use,
    unused_items,
)
from tests.support import courses, desk_tasks
from tests.support.examples import examples

QUESTION = """
## T10-Q{number}
kind: {kind}
competency: {competency}
{form}
Which berth?

---

- [x] Berth 2
- [ ] Berth 3
"""


def _files(*questions: tuple[str, str], has_test: bool = False) -> dict[str, bytes]:
    """Return the small course with single questions, each a competency and a key line of its form."""
    files = {path.removeprefix(f"{courses.SLUG}/"): content for path, content in courses.files().items()}
    files = {path: content for path, content in files.items() if not path.startswith("test.") and "media" not in path}
    bank = "# Questions\n"
    for number, (competency, form) in enumerate(questions, 10):
        line = f"form: {form}\n" if form else ""
        bank += QUESTION.format(number=number, kind="single", competency=competency, form=line)
    files["test.en.md"] = bank.encode()
    facts = facts_of(files)
    if not has_test:
        facts = msgspec.structs.replace(facts, test=None, retention=None, pretest=None)
    return files | {path: content or b"" for path, content in with_facts(files, facts).items()}


def _folder(files: dict[str, bytes]) -> CourseFolder:
    named = {f"{courses.SLUG}/{path}": content for path, content in files.items()}
    return read_folder(named)[0].courses[courses.SLUG]


def _changed_facts(files: dict[str, bytes]) -> CourseFacts:
    changes = add_to_test(files, _folder(files))
    facts = read_course(TextFile("course.toml", (changes["course.toml"] or b"").decode()))[0]
    assert facts is not None
    return facts


def _unused(files: dict[str, bytes]) -> list[str]:
    return [item.id for item in unused_items(_folder(files))]


def test_questions_of_a_course_without_a_test_are_unused() -> None:
    assert _unused(_files(("PRT-01", ""), ("PRT-01", "A"))) == ["T10-Q10", "T10-Q11"]


def test_questions_of_the_test_and_the_delayed_questions_are_used() -> None:
    files = _files(("PRT-01", "B"), ("PRT-01", "A"), ("LRE-01", ""), has_test=True)
    assert _unused(files) == ["T10-Q12"]
    without_retention = with_facts(files, msgspec.structs.replace(facts_of(files), retention=None))
    files["course.toml"] = without_retention["course.toml"] or b""
    assert _unused(files) == ["T10-Q11", "T10-Q12"]


def test_reserved_questions_are_not_listed() -> None:
    assert _unused(_files(("PRT-01", "reserve"))) == []


@pytest.mark.parametrize(
    ("item_id", "form", "use"),
    [
        ("T90-Q01", "reserve", UndrawnUse.DESK_TASK),
        ("T90-Q02", "reserve", UndrawnUse.NOWHERE),
        ("T90-Q02", "A", UndrawnUse.LESSON),
        ("T90-Q02", "", UndrawnUse.LESSON),
    ],
)
def test_open_question_is_asked_where_its_form_and_the_desk_tasks_say(item_id: str, form: str, use: UndrawnUse) -> None:
    facts = read_course(TextFile("course.toml", desk_tasks.COURSE))[0]
    assert facts is not None
    assert undrawn_use(facts, item_id, form) == use


def test_question_in_a_lesson_is_used_and_asked_once() -> None:
    files = _files(("PRT-01", ""), ("PRT-01", ""))
    changed = ask_in_lesson(files, "the-list", ["T10-Q10"])
    files |= {path: content or b"" for path, content in changed.items()}
    assert _unused(files) == ["T10-Q11"]
    assert ask_in_lesson(files, "the-list", ["T10-Q10"]) == changed
    assert files["lessons/the-list.en.md"].endswith(b"\n\n/// check | T10-Q10\n///\n")


@pytest.mark.parametrize(("lesson", "item"), [("no-lesson", "T10-Q10"), ("the-list", "T10-Q99")])
def test_absent_lesson_or_question_is_refused(lesson: str, item: str) -> None:
    with pytest.raises(DomainError):
        ask_in_lesson(_files(("PRT-01", "")), lesson, [item])


def test_test_that_can_draw_no_question_is_refused() -> None:
    files = _files(("PRT-01", "A"))
    with pytest.raises(DomainError):
        add_to_test(files, _folder(files))


def test_extended_test_keeps_its_own_draws() -> None:
    files = _files(("PRT-01", "B"), ("LRE-01", ""), has_test=True)
    before = facts_of(files).test
    after = _changed_facts(files).test
    assert before is not None
    assert after is not None
    assert after.draw[:-1] == before.draw
    assert (after.draw[-1].competency, after.draw[-1].items) == ("LRE-01", 1)


KEYS = st.tuples(st.sampled_from(["PRT-01", "PRT-02", "LRE-01"]), st.sampled_from(["", "A", "B", "reserve"]))


@settings(max_examples=examples(20))
@given(st.lists(KEYS, min_size=1, max_size=14))
def test_new_test_draws_what_its_bank_has(questions: list[tuple[str, str]]) -> None:
    files = _files(*questions)
    if not any(form in ("", "B") for _competency, form in questions):
        return
    facts = _changed_facts(files)
    bank = _folder(files).banks["en"]
    assert check_blueprint(facts, bank, file="course.toml", toml="") == []
    assert facts.test is not None
    assert all(1 <= draw.items <= MOST_DRAWN for draw in facts.test.draw)
    files |= with_facts(files, facts)  # type: ignore[arg-type]  # nothing is deleted
    assert all(item.form == "A" for item in unused_items(_folder(files)))
