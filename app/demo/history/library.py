"""Load the courses of the site and publish them in a new database, for `flask demo` and `flask populate`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from uuid import UUID

from app.access.policy import Actor, Role
from app.catalogue.domain.disk import files_on_disk
from app.catalogue.domain.folder import read_folder
from app.catalogue.domain.library import Library, References
from app.catalogue.domain.problems import Weight
from app.catalogue.domain.versions import VersionKind
from app.catalogue.queries import courses, versions
from app.catalogue.service import publication
from app.catalogue.service.preparation import ReadyCourse, prepare
from app.db.session import transaction
from app.demo.cast.careers import CourseMaterial
from app.demo.rows.worker_process import in_processes
from app.kernel.errors import InputError

MESSAGE = "First version."
GUIDE = "H01"
TRAINER = "trainer"


@dataclass(frozen=True, slots=True)
class PreparedCourses:
    """The rendered courses of a folder and their references."""

    courses: Sequence[ReadyCourse]
    references: References


def render(folders: Sequence[Path]) -> list[PreparedCourses]:
    """Return the rendered courses of folders. Raises InputError with the first error."""
    stocks = []
    for folder in folders:
        files = files_on_disk(folder)
        library, problems = read_folder(files)
        error = next((problem for problem in problems if problem.weight is Weight.ERROR), None)
        if error is not None:
            raise InputError(f"The courses cannot be loaded. {error}")
        stocks.append(PreparedCourses(_prepare_all(library, files), library.references))
    return stocks


def _prepare_all(library: Library, files: Mapping[str, bytes]) -> list[ReadyCourse]:
    """Return the rendered courses: in processes, because threads would share the language of a text."""
    jobs = [partial(prepare, course, library.references, files) for course in library.courses.values()]
    return in_processes(jobs)


def publish(stocks: Sequence[PreparedCourses], by: tuple[UUID, UUID], now: datetime) -> None:
    """Store and publish rendered courses, then store their references."""
    for course in (course for stock in stocks for course in stock.courses):
        with transaction():
            publication.store_draft(course, now)
            publication.publish(
                course.folder.course.id,
                kind=VersionKind.EDITORIAL,
                message=MESSAGE,
                first_id=by[0],
                second_id=by[1],
                now=now,
            )
    for stock in stocks:
        with transaction():
            publication.store_references(stock.references, now)


def course_materials(person_id: UUID) -> list[CourseMaterial]:
    """Return the published courses with their cases: the guide first, the others by code.

    Courses for trainers alone are left out, because the invented officers have other roles.
    """
    visible = courses.all_visible(Actor(person_id, "", frozenset({Role.PRACTITIONER})))
    outlines = [outline for outline in visible if outline.facts.roles != (TRAINER,)]
    outlines.sort(key=lambda outline: (outline.code != GUIDE, outline.code))
    return [
        CourseMaterial(
            outline,
            {
                name: courses.case(outline.version_id, name, outline.facts.source_language).scenario
                for name in outline.cases
            },
        )
        for outline in outlines
    ]


def taught_courses(materials: Sequence[CourseMaterial]) -> list[UUID]:
    """Return the ids of these courses and of all collections of desk tasks."""
    published = versions.published_with_collections()
    collections = [outline.course_id for outline in published if outline.facts.collection]
    return [*(material.outline.course_id for material in materials), *collections]
