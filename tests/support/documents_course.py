"""A small invented course with a document of each kind, an item of each kind, a paper, a desk and a desk task."""

from functools import cache
from pathlib import Path

from app.catalogue.domain.disk import files_on_disk
from app.catalogue.domain.folder import read_folder
from app.catalogue.domain.library import CourseFolder, Library
from app.catalogue.domain.problems import Problem

FOLDER = Path(__file__).parent / "documents_course"
SLUG = "night-shift"
REFERENCES = Path(__file__).parents[1] / "catalogue/courses"
"""The folder with the competencies and sources that the course names."""


def files() -> dict[str, bytes]:
    """Return the files of the course and of its shared document by path."""
    return files_on_disk(FOLDER)


@cache
def references() -> Library:
    """Return the library with the competencies and sources that the course names."""
    return read_folder(files_on_disk(REFERENCES))[0]


def read() -> tuple[Library, list[Problem]]:
    """Return the library with the course, and its problems."""
    return read_folder(files(), base=references())


def course() -> CourseFolder:
    """Return the course with its documents."""
    return read()[0].courses[SLUG]
