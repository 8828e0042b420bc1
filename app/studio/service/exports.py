"""Record which tables of a course left the site as files."""

from datetime import datetime
from uuid import UUID

from app.db.session import record
from app.studio.events import ResultsExported


def record_results(course_id: UUID, table: str, form: str, now: datetime) -> None:
    """Record that a table of the results of a course was exported as a file of this form."""
    record(ResultsExported(at=now, course_id=course_id, table=table, form=form))
