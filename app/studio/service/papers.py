"""Save the papers and desk tasks of a course, and how its test draws papers."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from app.studio.domain.course_edits import Changes, Files
from app.studio.domain.revisions import RevisionKind
from app.studio.queries.workspaces import Workspace
from app.studio.service.courses import draft_texts
from app.studio.service.drafts import change_files, open_draft


def change(workspace: Workspace, edit: Callable[[Files], Changes], *, by: UUID, now: datetime) -> None:
    """Write an edit of `domain.paper_edits`; raises DomainError as the edit does."""
    open_draft(workspace.course_id, now)
    change_files(workspace.course_id, edit(draft_texts(workspace)), RevisionKind.SAVED, by=by, now=now)
