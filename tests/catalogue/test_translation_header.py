from pathlib import Path

import pytest
from flask import Flask

from app.catalogue.domain.disk import files_on_disk
from app.catalogue.domain.folder import read_folder
from app.catalogue.domain.translation_header import NothingFollowedError, with_current_header
from app.catalogue.domain.translations import FrontState, TranslationState

REPOSITORY = Path(__file__).parents[2]
COURSE, LESSON = "how-to-use-the-academy", "finding-your-way"
CASE = "trafficking-smuggling-and-the-law"  # a course with a case
PAGES = [f"{COURSE}/course", f"{COURSE}/test", f"{CASE}/scenario", f"{COURSE}/lessons/{LESSON}"]


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """Two courses and the shared texts."""
    files = files_on_disk(REPOSITORY / "courses")
    return {path: content for path, content in files.items() if path.partition("/")[0] in (path, COURSE, CASE)}


@pytest.mark.parametrize("page", PAGES)
def test_current_translation_keeps_its_head(files: dict[str, bytes], page: str) -> None:
    path = f"{page}.ar.md"
    assert with_current_header(files, path) == files[path]


@pytest.mark.parametrize("page", PAGES)
def test_translation_without_a_head_gets_one(files: dict[str, bytes], page: str) -> None:
    path = f"{page}.ar.md"
    bare = files[path].partition(b"\n---\n\n")[2]
    assert with_current_header(files | {path: bare}, path) == files[path]


def test_reviewed_translation_is_current_until_its_source_changes(files: dict[str, bytes]) -> None:
    path, source = f"{COURSE}/lessons/{LESSON}.ar.md", f"{COURSE}/lessons/{LESSON}.en.md"
    reviewed = files | {path: with_current_header(files, path, state=FrontState.REVIEWED)}
    changed = reviewed | {source: files[source].replace(b"the first page.", b"your first page.")}

    def state(of: dict[str, bytes]) -> TranslationState:
        return read_folder(of)[0].courses[COURSE].status(f"lessons/{LESSON}.ar.md").state

    assert (state(reviewed), state(changed)) == (TranslationState.CURRENT, TranslationState.STALE)
    assert (
        state(changed | {path: with_current_header(changed, path, state=FrontState.REVIEWED)})
        == TranslationState.CURRENT
    )


def test_shared_texts_follow_their_source(files: dict[str, bytes]) -> None:
    assert with_current_header(files, "plan.ar.md") == files["plan.ar.md"]


@pytest.mark.parametrize("path", ["course.toml", f"{COURSE}/course.toml", f"{COURSE}/test.en.md", "plan.en.md"])
def test_source_text_is_refused(files: dict[str, bytes], path: str) -> None:
    with pytest.raises(NothingFollowedError):
        with_current_header(files, path)


def test_translation_without_a_source_is_refused(files: dict[str, bytes]) -> None:
    path = f"{COURSE}/lessons/nowhere.ar.md"
    with pytest.raises(NothingFollowedError):
        with_current_header(files | {path: b"# T\n"}, path)


def test_command_finds_the_courses_from_within_one(
    lite_app: Flask, files: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path, content in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    for place, path in ((COURSE, "course.ar.md"), (f"{COURSE}/lessons", f"{LESSON}.ar.md"), ("", "plan.ar.md")):
        monkeypatch.chdir(tmp_path / place)
        Path(path).write_bytes(Path(path).read_bytes().partition(b"\n---\n\n")[2])
        assert lite_app.test_cli_runner().invoke(args=["courses", "follow", path]).exit_code == 0
        assert Path(path).read_bytes() == files[(Path(place) / path).as_posix()]
