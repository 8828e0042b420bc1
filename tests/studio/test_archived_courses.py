from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given, strategies as st

from app.access.policy import Role, Scope
from app.catalogue.domain.course_reader import read_course
from app.catalogue.domain.text import read
from app.catalogue.queries import versions
from app.catalogue.service import publication
from app.db.session import transaction
from app.kernel import clock
from app.studio.domain.archived_course import archived_course, renamed
from app.studio.domain.course_archive import digests_in, write_course_archive
from app.studio.queries import drafts
from tests.support import courses, factories, studio_site, uploads
from tests.support.courses import SLUG

COURSES = sorted(path.parent for path in (Path(__file__).parents[2] / "courses").glob("*/course.toml"))
NEW = "/teaching/courses/new/archive"


def _files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _small() -> dict[str, bytes]:
    """Return the small course without the references beside it."""
    files = {path: content for path, content in courses.files().items() if path.startswith(f"{SLUG}/")}
    return {path.removeprefix(f"{SLUG}/"): content for path, content in files.items()}


@pytest.mark.parametrize("folder", COURSES, ids=lambda folder: folder.name)
def test_real_course_under_another_id_differs_in_the_id_only(folder: Path) -> None:
    files = _files(folder)
    packed = write_course_archive(folder.name, files)
    course = archived_course(packed, digests_in(packed), code="Z99", slugs={folder.name})
    facts = read_course(read("course.toml", files["course.toml"])[0])[0]
    assert facts is not None
    assert (course.notes, course.code, course.slug) == ((), "Z99", f"{folder.name}-2")
    assert renamed(course.files, facts.id) == files


CODES = st.from_regex(r"[A-Z][A-Z0-9]{1,9}", fullmatch=True)


@given(code=CODES, note=st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=60))
def test_small_course_under_another_id_differs_in_the_id_only(code: str, note: str) -> None:
    files = _small()
    files["lessons/the-quay.en.md"] += f"\nT10-Q01 {note}\n".encode()
    packed = write_course_archive(SLUG, files)
    course = archived_course(packed, digests_in(packed), code=code, slugs=())
    assert course.slug == SLUG
    if f"{code}-" not in note:
        assert renamed(course.files, "T10") == files


def test_exported_course_becomes_a_new_course_of_its_importer(app: Flask) -> None:
    with app.app_context():
        author = studio_site.author()
        with transaction():
            publication.store_references(courses.ready()[1], clock.now())
        files = drafts.files(author.workspace())
        importer = factories.person(roles=(), grants=((Role.TRAINER, Scope.EVENT, "another"),))
    client, packed = factories.sign_in(app, importer), write_course_archive(SLUG, files)
    taken = uploads.upload(app, client, NEW, packed, "a.zip")
    assert taken.status_code == 422
    assert "There is already a course with the id T10." in taken.text
    created = uploads.upload(app, client, NEW, packed, "a.zip", archive_code="T20")
    assert created.status_code == 302, created.text
    assert created.headers["Location"].endswith(f"{SLUG}-2")
    with app.app_context():
        record = versions.course_record(f"{SLUG}-2")
        assert drafts.contents(drafts.tree(record.id).values())
        copied = {path: drafts.content(digest) for path, digest in drafts.tree(record.id).items()}
    assert renamed(copied, "T10") == files


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", "Choose a file that is not empty."),
        (b"no archive", "The course was not created"),
        (write_course_archive(SLUG, {"course.en.md": b"# Title"}), "The archive has no course.toml."),
        (write_course_archive(SLUG, {"course.toml": _small()["course.toml"]}), "course.toml, line"),
    ],
    ids=["empty", "damaged", "no course.toml", "no lesson"],
)
def test_unusable_archive_is_refused_with_its_reason(app: Flask, content: bytes, text: str) -> None:
    with app.app_context():
        person = factories.person(roles=(), grants=((Role.TRAINER, Scope.EVENT, "another"),))
    answer = uploads.upload(app, factories.sign_in(app, person), NEW, content, "a.zip")
    assert answer.status_code == 422
    assert text in answer.text
