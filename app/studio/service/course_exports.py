"""Record exports of courses and questions before they are sent; an export of questions is a view of their keys."""

from collections.abc import Collection
from datetime import datetime

from app.catalogue.domain.items import ItemForm
from app.db.session import record
from app.studio.events import CourseExported, QuestionsExported
from app.studio.queries.workspaces import Workspace


def record_course(workspace: Workspace, number: int, now: datetime) -> None:
    """Record that a user exports the files of a course: of a version, or of the draft (0)."""
    record(CourseExported(at=now, course_id=workspace.course_id, number=number))


def record_questions(
    workspace: Workspace, *, file_format: str, forms: Collection[ItemForm | None], count: int, now: datetime
) -> None:
    """Record that a user exports questions with their keys; None: questions without a form."""
    names = ", ".join(sorted(str(form or "none") for form in forms))
    record(QuestionsExported(at=now, course_id=workspace.course_id, format=file_format, forms=names, questions=count))
