import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings, strategies as st

from app.access.policy import Sensitivity
from app.catalogue.domain.checker import check
from app.catalogue.domain.disk import RefusedFolderError, files_on_disk
from app.catalogue.domain.folder import read_folder, write_folder
from app.catalogue.domain.library import Library
from app.catalogue.domain.problems import Problem, Weight
from app.catalogue.domain.translations import TranslationState, TranslationStatus
from tests.support.examples import examples

HERE = Path(__file__).parent / "courses"
REPOSITORY = Path(__file__).parents[2]
COURSE = "harbour-watch"
FACTS = f"{COURSE}/course.toml"
LESSON = f"{COURSE}/lessons/the-berth-list.en.md"
ARABIC = f"{COURSE}/lessons/the-berth-list.ar.md"
BANK = f"{COURSE}/test.en.md"


@pytest.fixture
def files() -> dict[str, bytes]:
    return files_on_disk(HERE)


def changed(files: dict[str, bytes], path: str, old: str, new: str) -> dict[str, bytes]:
    text = files[path].decode()
    assert old in text
    return files | {path: text.replace(old, new, 1).encode()}


def told(files: dict[str, bytes]) -> list[tuple[str, int, str]]:
    return [(one.file, one.line, one.message % one.values) for one in check(files)]


def without_lines(value: object) -> Any:
    """Leave out where in a file a thing stood: a file in its canonical form has other lines."""
    plain = msgspec.to_builtins(value)

    def cut(one: Any) -> Any:
        if isinstance(one, dict):
            return {key: cut(inner) for key, inner in one.items() if key != "line"}
        return [cut(inner) for inner in one] if isinstance(one, list | tuple) else one

    return cut(plain)


def test_restricted_course_has_no_problems(files: dict[str, bytes]) -> None:
    assert told(files) == []


@pytest.mark.parametrize(("kind", "is_told"), [("manual", True), ("guidance", True), ("law", False), ("study", False)])
def test_questions_name_places_in_manuals_and_guidance(files: dict[str, bytes], kind: str, is_told: bool) -> None:
    files = changed(files, "sources.toml", 'kind = "manual"', f'kind = "{kind}"')
    message = "The item T01-Q01 cites belmora-port-rules without a page, paragraph or section."
    problems = told(changed(files, BANK, "cite: belmora-port-rules, rule 3", "cite: belmora-port-rules"))
    assert problems == ([(BANK, 3, message)] if is_told else [])


def test_sensitivities_are_read_written_and_stored(files: dict[str, bytes]) -> None:
    library, _ = read_folder(files)
    assert library.courses[COURSE].course.sensitivity is Sensitivity.LAW_ENFORCEMENT_ONLY
    again, _ = read_folder(write_folder(library))
    assert again.courses[COURSE].course.sensitivity is Sensitivity.LAW_ENFORCEMENT_ONLY
    stored = msgspec.json.decode(msgspec.json.encode(library), type=Library)
    assert stored.courses[COURSE].course.sensitivity is Sensitivity.LAW_ENFORCEMENT_ONLY


def test_library_survives_json(files: dict[str, bytes]) -> None:
    library, _ = read_folder(files)
    assert msgspec.json.decode(msgspec.json.encode(library), type=Library) == library


def test_library_contains_every_text_in_its_languages(files: dict[str, bytes]) -> None:
    folder = read_folder(files)[0].courses[COURSE]
    assert folder.languages == ("en", "ar")
    assert {slug: sorted(lessons) for slug, lessons in folder.lessons.items()} == {
        "after-the-watch": ["en"],
        "the-berth-list": ["ar", "en"],
    }
    assert sorted(folder.banks) == ["ar", "en"]
    assert sorted(folder.scenarios[""]) == ["ar", "en"]
    assert folder.status("lessons/the-berth-list.ar.md") == TranslationStatus(TranslationState.DRAFT)
    assert folder.status("lessons/after-the-watch.ar.md") == TranslationStatus(TranslationState.MISSING)
    assert [medium.name for medium in folder.media] == ["quay.png"]


def test_translated_bank_has_the_marks_of_its_source(files: dict[str, bytes]) -> None:
    banks = read_folder(files)[0].courses[COURSE].banks
    marks = [[option.share for option in item.answers.options] for item in banks["ar"].items[:2]]  # type: ignore[union-attr]
    assert marks == [[1.0, 0.0, 0.0], [1.0, 0.0]]
    assert banks["ar"].items[0].stem != banks["en"].items[0].stem


def test_writing_a_read_library_changes_no_byte(files: dict[str, bytes]) -> None:
    written = write_folder(read_folder(files)[0])
    assert written.keys() == files.keys()
    # The blank line below the heading of a step is for the writer of cases to settle, with its own tests.
    assert [path for path in files if written[path] != files[path] and "scenario" not in path] == []


def test_library_survives_writing_and_reading(files: dict[str, bytes]) -> None:
    library, _ = read_folder(files)
    written = write_folder(library)
    again, problems = read_folder(written)
    assert problems == []
    assert without_lines(again) == without_lines(library)
    assert write_folder(again) == written


def test_carriage_returns_and_byte_order_marks_are_not_written(files: dict[str, bytes]) -> None:
    texts = {path for path in files if path.endswith((".md", ".toml"))}
    foreign = {
        path: b"\xef\xbb\xbf" + raw.replace(b"\n", b"\r\n") if path in texts else raw for path, raw in files.items()
    }
    library, problems = read_folder(foreign)
    assert problems == []
    assert write_folder(library) == write_folder(read_folder(files)[0])


MISTAKES = [
    (FACTS, "prerequisites = []", 'prerequisites = ["M77"]', FACTS, 7, "no other course M77"),
    (FACTS, '"first_responder"', '"harbour_master"', FACTS, 6, "no role harbour_master"),
    (FACTS, 'id = "PRT-01"', 'id = "PRT-09"', FACTS, 14, "no competency PRT-09"),
    (FACTS, 'skip_to = "after-the-watch"', 'skip_to = "nowhere"', FACTS, 28, "no other lesson nowhere"),
    (FACTS, 'slug = "after-the-watch"', 'slug = "before-the-watch"', FACTS, 31, "has no text: lessons/before"),
    (FACTS, "items = 2", "items = 4", FACTS, 37, "draws 4 items of PRT-01; the bank has 3"),
    (FACTS, "items = 1", "items = 9", FACTS, 46, "asks 9 items; the bank has 3"),
    (FACTS, '"T01-Q99"', '"T01-Q03"', f"{COURSE}/test.en.md", 35, "T01-Q03"),
    (FACTS, 'id = "T01"\n', "", FACTS, 1, '"id" is missing'),
    (LESSON, "[[berth]]", "[[quay]]", LESSON, 7, "no term quay"),
    (LESSON, "@belmora-port-rules", "@belmora-law", LESSON, 7, "no source belmora-law"),
    (LESSON, "T01-Q01", "T01-Q77", LESSON, 20, "no item T01-Q77"),
    (LESSON, "quay.png", "ship.png", LESSON, 9, "ship.png is not in media.toml"),
    (LESSON, "/// sensitive", "/// note", LESSON, 1, "has no text for it"),
    (LESSON, "# The berth list", "---\nfollows: -\nstate: draft\n---\n# The berth list", LESSON, 1, "has the head"),
    (ARABIC, "T01-Q01", "T01-Q02", ARABIC, 25, "T01-Q02"),
    (ARABIC, "state: draft", "state: done", ARABIC, 3, "no state"),
    (ARABIC, "| 2 | لا شيء |\n", "", ARABIC, 16, "has 3 entries; the source has 4"),
    (BANK, "kind: single", "kind: singel", BANK, 4, ""),
    (BANK, "PRT-01", "PRT-09", BANK, 3, "PRT-09"),
    (f"{COURSE}/media.toml", "quay.png", "ship.png", f"{COURSE}/media/quay.png", 1, "not named in media.toml"),
]


OF_THE_TEST = [
    (FACTS, "items = 2 }", 'items = 2, level = "practitioner" }', FACTS, 37, "of PRT-01 practitioner; the bank has 0"),
    (FACTS, "items = 2 }", 'items = 2, level = "expert" }', FACTS, 37, '"level" cannot be used'),
    (FACTS, "[test]", '[checklist]\non = 2026-11-27\ndone = ["facts", "magic"]\n\n[test]', FACTS, 38, "cannot be used"),
]


@pytest.mark.parametrize(("path", "old", "new", "file", "line", "message"), [*MISTAKES, *OF_THE_TEST])
def test_problem_has_its_file_and_line(
    files: dict[str, bytes], path: str, old: str, new: str, file: str, line: int, message: str
) -> None:
    found = told(changed(files, path, old, new))
    assert any((at, number) == (file, line) and message in said for at, number, said in found), found


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("notes.txt", "A file with this name cannot be"),
        ("harbour-watch/lessons/The Berth.en.md", "A file with this name cannot be"),
        ("harbour-watch/lessons/the-berth-list.md", "A file with this name cannot be"),
        ("harbour-watch/../secret.en.md", "A file with this name cannot be"),
        ("Harbour/course.toml", "is not a valid folder name"),
        ("harbour-watch/media/plan.gif", 'type "gif"'),
        ("harbour-watch/media/plan.png", "not of the type png"),
        ("harbour-watch/lessons/new.en.md", "no entry in course.toml"),
        ("harbour-watch/lessons/new.ar.md", "source language is missing"),
        ("harbour-watch/lessons/after-the-watch.ar.md", "has no header that names the source blocks"),
        ("plan.en.md", "plan.toml is missing"),
        ("empty/course.en.md", "no course.toml"),
    ],
)
def test_unexpected_file_is_a_problem(files: dict[str, bytes], path: str, message: str) -> None:
    assert any(message in said for _, _, said in told(files | {path: b"# T\n\nText.\n"}))


def test_licence_and_readme_are_allowed_beside_the_courses(files: dict[str, bytes]) -> None:
    assert told(files | {"LICENSE": b"CC BY 4.0", "README.md": b"# Courses"}) == []


def test_picture_over_five_mebibytes_is_a_problem(files: dict[str, bytes]) -> None:
    path = f"{COURSE}/media/quay.png"
    large = files | {path: files[path] + b"\0" * (5 * 1024 * 1024)}
    assert [message for _, _, message in told(large)] == [
        f"The file has {len(large[path])} bytes; the limit is 5242880."
    ]


def test_translations_are_stale_when_the_source_changes(files: dict[str, bytes]) -> None:
    reviewed = changed(files, ARABIC, "state: draft", "state: reviewed")
    newer = changed(reviewed, LESSON, "Every ship", "Almost every ship")
    folder = read_folder(newer)[0].courses[COURSE]
    assert folder.status("lessons/the-berth-list.ar.md") == TranslationStatus(TranslationState.STALE, (3,), (3,))
    assert told(newer) == []


def test_shared_course_ids_and_circular_prerequisites_are_problems(files: dict[str, bytes]) -> None:
    twins = files | {f"other/{path.partition('/')[2]}": raw for path, raw in files.items() if path.startswith(COURSE)}
    assert ("other/course.toml", 2, "The course harbour-watch already has the id T01.") in told(twins)
    circle = changed(twins, "other/course.toml", '"T01"', '"T02"')
    circle = changed(circle, "other/course.toml", "prerequisites = []", 'prerequisites = ["T01"]')
    circle = changed(circle, FACTS, "prerequisites = []", 'prerequisites = ["T02"]')
    said = [(file, message) for file, _, message in told(circle) if "lead back" in message]
    assert [file for file, _ in said] == [FACTS, "other/course.toml"]


def test_texts_are_checked_when_course_toml_is_unusable(files: dict[str, bytes]) -> None:
    broken = changed(files, FACTS, 'sensitivity = "law_enforcement_only"', 'sensitivity = "open"')
    broken = changed(broken, LESSON, "/// country | BG", "/// country | XX")
    library, problems = read_folder(broken)
    assert library.courses == {}
    # The Arabic text, line 21, is compared with the English one all the same.
    assert {(one.file, one.line) for one in problems} == {(FACTS, 4), (LESSON, 16), (ARABIC, 21)}


def test_supplement_may_refer_to_its_base_library(files: dict[str, bytes]) -> None:
    base, _ = read_folder(files)
    supplement = {path.replace(COURSE, "night-watch"): raw for path, raw in files.items() if path.startswith(COURSE)}
    supplement = changed(supplement, "night-watch/course.toml", 'id = "T01"', 'id = "T02"')
    supplement = changed(supplement, "night-watch/course.toml", "prerequisites = []", 'prerequisites = ["T01"]')
    assert check(supplement, base=base) == []
    assert check(supplement) != []


def test_lesson_may_ask_an_item_of_any_kind(files: dict[str, bytes]) -> None:
    head, _, rest = files[BANK].decode().partition("## T01-Q01\n")
    item = "kind: short\ncompetency: PRT-01\nlevel: foundation\ncite: belmora-port-rules\n\nWho?\n\n---\n\n= nurse\n\n"
    bank = f"{head}## T01-Q01\n{item}## {rest.partition('## ')[2]}".encode()
    assert not [problem for problem in told(files | {BANK: bank}) if problem[:2] == (LESSON, 20)]


def test_problems_are_sorted_by_file_and_line(files: dict[str, bytes]) -> None:
    for path, old, new, *_ in MISTAKES[:8]:
        files = changed(files, path, old, new)
    places = [(one.file, one.line) for one in check(files)]
    assert len(places) >= 8
    assert places == sorted(places)


def test_real_looking_address_in_a_lesson_is_a_warning(files: dict[str, bytes]) -> None:
    real = changed(files, f"{COURSE}/lessons/after-the-watch.en.md", "with the time.", "with the time: x@port.com.")
    assert {one.weight for one in check(real)} == {Weight.WARNING}


@settings(max_examples=examples(15), deadline=None)
@given(st.data())
def test_damaged_folder_is_read_without_a_crash(data: st.DataObject) -> None:
    files = files_on_disk(HERE)
    path = data.draw(st.sampled_from(sorted(files)))
    raw = files[path]
    start = data.draw(st.integers(0, len(raw)))
    end = data.draw(st.integers(start, min(len(raw), start + 40)))
    files[path] = raw[:start] + data.draw(st.binary(max_size=12)) + raw[end:]
    library, _ = read_folder(files)
    again, _ = read_folder(write_folder(library))
    assert again.courses.keys() == library.courses.keys()
    for slug, folder in library.courses.items():
        assert again.courses[slug].course == folder.course
        assert again.courses[slug].lessons == folder.lessons


def test_hidden_files_are_not_read_from_disk(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text("x")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "course.toml").write_text("x")
    (tmp_path / ".DS_Store").write_text("x")
    assert files_on_disk(tmp_path) == {"a/course.toml": b"x"}


def test_links_and_large_files_are_refused_together(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    root = tmp_path / "courses"
    root.mkdir()
    (root / "linked").symlink_to(tmp_path / "outside")
    (root / "passwd").symlink_to("/etc/passwd")
    (root / "large.md").write_bytes(b"x" * (1024 * 1024 + 1))
    with pytest.raises(RefusedFolderError) as refused:
        files_on_disk(root)
    assert sorted(one.file for one in refused.value.problems) == ["large.md", "linked", "passwd"]
    (tmp_path / "link").symlink_to(root)
    with pytest.raises(RefusedFolderError, match=re.escape("This is not a folder")):
        files_on_disk(tmp_path / "link")


@pytest.fixture(scope="module")
def own_files() -> dict[str, bytes]:
    return files_on_disk(REPOSITORY / "courses")


@pytest.fixture(scope="module")
def own_courses(own_files: dict[str, bytes]) -> tuple[Library, list[Problem]]:
    return read_folder(own_files)


def test_own_courses_are_written_unchanged(
    own_files: dict[str, bytes], own_courses: tuple[Library, list[Problem]]
) -> None:
    """A course that is saved in the browser changes only the lines that the author changed."""
    written = write_folder(own_courses[0])
    assert {path for path, raw in written.items() if own_files.get(path) != raw} == set()


def test_own_questions_name_places_in_long_sources(own_courses: tuple[Library, list[Problem]]) -> None:
    assert [str(problem) for problem in own_courses[1] if "without a page, paragraph" in problem.message] == []
