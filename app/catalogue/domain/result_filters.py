"""`ResultFilter`: which results of a course its trainers read; `learning`, `quizzes` and `scenarios` apply it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultFilter:
    """The results of a course, of all people but those in `without`.

    `version_id` None: of all versions. `begins` (inclusive) and `ends` (exclusive) are times of the first day in the
    course, or of the end of a test or case. `language` is that of a test or case, "" for all.
    """

    course_id: UUID
    without: frozenset[UUID] = frozenset()
    version_id: UUID | None = None
    begins: datetime | None = None
    ends: datetime | None = None
    language: str = ""

    @property
    def is_limited(self) -> bool:
        """Return whether the filter leaves out results of anyone but the people in `without`."""
        return bool(self.version_id or self.begins or self.ends or self.language)
