from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from app.catalogue.domain.courses import Aim, CourseTest, Draw, Retention
from app.catalogue.domain.items import Level
from app.kernel.errors import DomainError
from app.studio.domain import course_edits
from app.studio.domain.course_settings import (
    CourseSettings,
    changes,
    combined,
    differences,
    in_former_order,
    settings_of,
)
from tests.support import courses

ROOT = Path(__file__).resolve().parents[2] / "courses"
REAL = sorted(path.parent for path in ROOT.glob("*/course.toml"))


def _files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def _small() -> dict[str, bytes]:
    return {path.removeprefix(f"{courses.SLUG}/"): content for path, content in courses.files().items()}


@pytest.mark.parametrize("folder", REAL, ids=lambda folder: folder.name)
def test_unchanged_settings_of_a_course_change_no_file(folder: Path) -> None:
    files = _files(folder)
    assert changes(files, settings_of(files)) == {}


@pytest.mark.parametrize("folder", REAL, ids=lambda folder: folder.name)
def test_comments_of_a_course_remain_after_a_change(folder: Path) -> None:
    files = _files(folder)
    changed = changes(files, replace(settings_of(files), checked_on=date(2027, 5, 1)))
    assert list(changed) == ["course.toml"]
    text = (changed["course.toml"] or b"").decode()
    before = files["course.toml"].decode()
    assert [line.partition("#")[2] for line in text.splitlines() if "#" in line] == [
        line.partition("#")[2] for line in before.splitlines() if "#" in line
    ]
    assert "checked_on = 2027-05-01" in text


def test_all_settings_are_written_and_read_again() -> None:
    files = _small()
    wanted = replace(
        settings_of(files),
        title="Another title",
        paragraph="A description.\nOf two lines.",
        outcomes=("write a note", "call for help"),
        hours=2.5,
        roles=("first_responder",),
        prerequisites=("M01",),
        competencies=(Aim("PRT-02", Level.PRACTITIONER),),
        lessons={**settings_of(files).lessons, "the-list": ("PRT-02",)},
        test=CourseTest((Draw("PRT-02", 2, Level.FOUNDATION),), pass_mark=0.65, certainty=False),
        pretest=3,
        retention=Retention(4, 9),
        licence="CC-BY-SA-4.0",
        authors=("An author",),
        checked_on=date(2027, 5, 1),
    )
    written = {**files, **{path: content for path, content in changes(files, wanted).items() if content is not None}}
    assert settings_of(written) == wanted


def test_description_of_two_paragraphs_is_refused() -> None:
    files = _small()
    with pytest.raises(DomainError, match="one paragraph"):
        changes(files, replace(settings_of(files), paragraph="# A heading"))


def test_lesson_that_was_added_meanwhile_has_its_competencies() -> None:
    files = _small()
    before = settings_of(files)
    _slug, added = course_edits.add_lesson(files, "Another lesson", 5)
    later = {**files, **{path: content for path, content in added.items() if content is not None}}
    changed = changes(later, replace(before, hours=9.0))
    assert b"another-lesson" in (changed["course.toml"] or b"")


TEXTS = st.sampled_from(["", "a", "b"])


@st.composite
def some_settings(draw: st.DrawFn) -> CourseSettings:
    """Return settings of which few differ."""
    return replace(settings_of(_small()), title=draw(TEXTS), licence=draw(TEXTS), pretest=draw(st.integers(0, 2)))


@given(some_settings(), some_settings())
def test_differences_are_empty_for_equal_settings_only(first: CourseSettings, second: CourseSettings) -> None:
    assert (differences(first, second) == ()) is (first == second)


@given(some_settings(), some_settings(), some_settings())
def test_combination_has_each_change_of_both(base: CourseSettings, own: CourseSettings, theirs: CourseSettings) -> None:
    result = combined(base, own, theirs)
    for name in ("title", "licence", "pretest"):
        own_value = getattr(own, name)
        expected = getattr(theirs, name) if own_value == getattr(base, name) else own_value
        assert getattr(result, name) == expected


@given(st.lists(st.integers().map(str), unique=True), st.lists(st.integers().map(str), unique=True))
def test_former_order_has_each_chosen_value_once(chosen: list[str], before: list[str]) -> None:
    result = in_former_order(chosen, before)
    assert sorted(result) == sorted(chosen)
    assert [value for value in result if value in before] == [value for value in before if value in chosen]
