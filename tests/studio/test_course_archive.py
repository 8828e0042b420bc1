import io
from pathlib import Path

import pytest
from hypothesis import given, strategies as st
from PIL import Image

from app.access.policy import Sensitivity
from app.catalogue.domain.course_reader import read_course
from app.catalogue.domain.text import read
from app.studio.domain.course_archive import (
    ExpectedCourse,
    compared,
    read_course_archive,
    replacement,
    write_course_archive,
)
from app.studio.queries.drafts import digest_of

COURSES = sorted(path.parent for path in (Path(__file__).parents[2] / "courses").glob("*/course.toml"))
TOML = b'id = "T10"\nsource_language = "en"\nsensitivity = "unrestricted"\nhours = 1\nlicence = "CC-BY-4.0"\n'
EXPECTED = ExpectedCourse("T10", "night-harbour", Sensitivity.UNRESTRICTED)
FILES = st.dictionaries(
    st.from_regex(r"[a-z]{1,6}(/[a-z]{1,6})?\.(md|svg|toml)", fullmatch=True), st.binary(max_size=50)
)


def _files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("folder", COURSES, ids=lambda folder: folder.name)
def test_exported_real_course_is_imported_byte_for_byte(folder: Path) -> None:
    files = _files(folder)
    facts = read_course(read("course.toml", files["course.toml"])[0])[0]
    assert facts is not None
    expected = ExpectedCourse(facts.id, folder.name, facts.sensitivity)
    archive = read_course_archive(
        write_course_archive(folder.name, files), expected, {digest_of(c) for c in files.values()}
    )
    assert archive.notes == ()
    assert archive.files == files
    assert compared(files, archive.files).count == 0


@given(files=FILES)
def test_archive_contains_the_files_byte_for_byte_and_is_always_the_same(files: dict[str, bytes]) -> None:
    files["course.toml"] = TOML
    packed = write_course_archive("night-harbour", files)
    assert packed == write_course_archive("night-harbour", dict(reversed(files.items())))
    archive = read_course_archive(packed, EXPECTED, ())
    assert archive.notes == ()
    assert archive.files == files


@given(before=FILES, after=FILES)
def test_replacement_leads_from_any_files_to_any_others(before: dict[str, bytes], after: dict[str, bytes]) -> None:
    result = dict(before)
    for path, content in replacement(before, after).items():
        if content is None:
            del result[path]
        else:
            result[path] = content
    assert result == after
    comparison = compared(before, after)
    assert set(comparison.added) | set(comparison.changed) == {p for p in after if before.get(p) != after[p]}
    assert set(comparison.removed) == before.keys() - after.keys()


def test_new_picture_loses_its_metadata_and_a_known_one_stays() -> None:
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "A camera"
    Image.new("RGB", (8, 8)).save(file, "JPEG", exif=exif)
    packed = write_course_archive("night-harbour", {"course.toml": TOML, "media/a.jpg": file.getvalue()})
    cleaned = read_course_archive(packed, EXPECTED, ()).files["media/a.jpg"]
    assert b"A camera" not in cleaned
    known = read_course_archive(packed, EXPECTED, {digest_of(file.getvalue())})
    assert known.files["media/a.jpg"] == file.getvalue()
