"""Events of the catalogue: a course was loaded as a draft published or retired, a reference was loaded."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseLoaded(Event):
    course_id: UUID
    version_id: UUID
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CoursePublished(Event):
    course_id: UUID
    version_id: UUID
    number: int
    kind: str
    first_id: UUID
    second_id: UUID
    ends_on: date | None = None  # of a breaking version


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseRetired(Event):
    course_id: UUID
    version_id: UUID
    first_id: UUID
    second_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceLoaded(Event):
    kind: str
    number: int
