import os
import shutil
from datetime import date
from pathlib import Path

import pytest
from flask import Flask

from app.catalogue.domain.disk import files_on_disk
from app.catalogue.domain.folder import read_folder
from app.catalogue.domain.problems import Problem, Weight
from app.catalogue.domain.stale_translations import MOST_NAMED, stale_translations

COURSES = Path(__file__).parent / "courses"
LESSON = "harbour-watch/lessons/the-berth-list"
SAVED = date(2026, 11, 1)


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return files_on_disk(COURSES)


def _stale(files: dict[str, bytes]) -> list[Problem]:
    return stale_translations(read_folder(files)[0], lambda _path: SAVED)


def test_translations_that_follow_their_source_have_no_warning(files: dict[str, bytes]) -> None:
    assert _stale(files) == []


def test_changed_block_is_quoted_with_its_number_and_the_day(files: dict[str, bytes]) -> None:
    source = files[f"{LESSON}.en.md"].decode()
    title = source.split("\n")[0]
    changed = files | {f"{LESSON}.en.md": source.replace(title, "# The new list", 1).encode()}
    (warning,) = _stale(changed)
    assert (warning.file, warning.line, warning.weight) == (f"{LESSON}.ar.md", 1, Weight.WARNING)
    assert f"{LESSON}.en.md was saved on 2026-11-01" in str(warning)
    assert 'block 1 "# The new list"; 1 removed from the source.' in str(warning)
    assert f"flask courses follow {LESSON}.ar.md" in str(warning)


def test_many_changed_blocks_are_counted(files: dict[str, bytes]) -> None:
    added = "".join(f"\n\nNew paragraph {number}." for number in range(MOST_NAMED + 2))
    changed = files | {f"{LESSON}.en.md": files[f"{LESSON}.en.md"].rstrip() + added.encode() + b"\n"}
    (warning,) = _stale(changed)
    assert str(warning).count("New paragraph") == MOST_NAMED
    assert "2 more blocks." in str(warning)


def test_stale_items_of_a_bank_are_reported(files: dict[str, bytes]) -> None:
    path = "harbour-watch/test.en.md"
    changed = files | {path: files[path].replace(b"berth", b"place")}
    assert [warning.file for warning in _stale(changed)] == ["harbour-watch/test.ar.md"]


@pytest.mark.parametrize("part", ["", "harbour-watch"])
def test_command_reports_stale_translations_of_all_courses_or_one(lite_app: Flask, tmp_path: Path, part: str) -> None:
    shutil.copytree(COURSES, tmp_path / "courses")
    source = tmp_path / "courses" / f"{LESSON}.en.md"
    source.write_text(source.read_text("utf-8") + "\nOne more paragraph.\n", "utf-8")
    os.utime(source, (1_793_534_400, 1_793_534_400))  # 1 November 2026, 12:00 UTC
    result = lite_app.test_cli_runner().invoke(args=["courses", "check", str(tmp_path / "courses" / part)])
    assert result.exit_code == 0
    assert f"{LESSON}.ar.md:1: warning: The translation is stale." in result.output
    assert "saved on 2026-11-01" in result.output
    assert "One more paragraph." in result.output
