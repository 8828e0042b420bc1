"""The site's courses, loaded and published for a database that was just made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from app.access.policy import Actor, Role
from app.catalogue.domain.disk import files_on_disk
from app.catalogue.domain.folder import read_folder
from app.catalogue.domain.library import References
from app.catalogue.domain.problems import Weight
from app.catalogue.domain.versions import VersionKind
from app.catalogue.queries import courses
from app.catalogue.service import publication
from app.catalogue.service.preparation import ReadyCourse, prepare
from app.db.session import transaction
from app.demo.cast.careers import Asked
from app.kernel.errors import InputError

MESSAGE = "First version."
GUIDE = "H01"


@dataclass(frozen=True, slots=True)
class Stock:
    """A folder's courses, rendered, and what they refer to."""

    courses: Sequence[ReadyCourse]
    references: References


def render(folders: Sequence[Path]) -> list[Stock]:
    """Return what the folders hold, rendered; raise InputError with the first mistake."""
    stocks = []
    for folder in folders:
        files = files_on_disk(folder)
        library, mistakes = read_folder(files)
        wrong = next((mistake for mistake in mistakes if mistake.weight is Weight.ERROR), None)
        if wrong is not None:
            raise InputError(f"The courses cannot be loaded. {wrong}")
        courses = [prepare(course, library.references, files) for course in library.courses.values()]
        stocks.append(Stock(courses, library.references))
    return stocks


def publish(stocks: Sequence[Stock], by: tuple[UUID, UUID], now: datetime) -> None:
    """Store and publish rendered courses, then what they refer to."""
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


def asked(anybody: UUID) -> list[Asked]:
    """Return the published courses with their cases: the guide first, then by code."""
    outlines = courses.all_visible(Actor(anybody, "", frozenset({Role.PRACTITIONER})))
    outlines.sort(key=lambda outline: (outline.code != GUIDE, outline.code))
    return [
        Asked(
            outline,
            {
                name: courses.case(outline.version_id, name, outline.facts.source_language).scenario
                for name in outline.cases
            },
        )
        for outline in outlines
    ]
