"""Add a case to a course."""

from datetime import datetime
from uuid import UUID

from app.studio.domain import case_texts
from app.studio.domain.revisions import RevisionKind
from app.studio.queries.workspaces import Workspace
from app.studio.service.courses import draft_texts
from app.studio.service.drafts import change_files, open_draft


def add_case(workspace: Workspace, title: str, *, by: UUID, now: datetime) -> str:
    """Add a case with a text to fill in; return its name in addresses."""
    open_draft(workspace.course_id, now)
    address, changes = case_texts.add_case(draft_texts(workspace), title)
    change_files(workspace.course_id, changes, RevisionKind.ADDED, by=by, now=now, note=title)
    return address
