"""Add a document to a course, change its facts, or remove it."""

from datetime import datetime
from uuid import UUID

from app.catalogue.domain.documents import DocumentFacts, DocumentKind
from app.kernel.errors import DomainError
from app.studio.domain import document_files
from app.studio.domain.document_uses import uses_of
from app.studio.domain.revisions import RevisionKind
from app.studio.queries import checked
from app.studio.queries.workspaces import Workspace
from app.studio.service.courses import draft_texts
from app.studio.service.drafts import change_files, open_draft


def add_document(
    workspace: Workspace, kind: DocumentKind, title: str, document_id: str, *, by: UUID, now: datetime
) -> str:
    """Add a document with a text to fill in; return its slug. Raises DomainError if its id is taken."""
    open_draft(workspace.course_id, now)
    slug, changes = document_files.add_document(draft_texts(workspace), kind, title, document_id)
    change_files(workspace.course_id, changes, RevisionKind.ADDED, by=by, now=now, note=title)
    return slug


def change_facts(workspace: Workspace, facts: DocumentFacts, *, by: UUID, now: datetime) -> None:
    """Write other facts of the document with this slug; raises DomainError if it was removed."""
    open_draft(workspace.course_id, now)
    changes = document_files.change_facts(draft_texts(workspace), facts)
    change_files(workspace.course_id, changes, RevisionKind.SAVED, by=by, now=now, note=facts.id)


def remove_document(workspace: Workspace, facts: DocumentFacts, *, by: UUID, now: datetime) -> None:
    """Remove a document in all its languages; raises DomainError if a text or `course.toml` names it."""
    open_draft(workspace.course_id, now)
    if uses_of(checked.folder_of_texts(workspace), facts.id).is_used:
        raise DomainError("The course uses this document. Remove it from lessons, questions, papers and tasks first.")
    changes = document_files.remove_document(draft_texts(workspace), facts.slug)
    change_files(workspace.course_id, changes, RevisionKind.REMOVED, by=by, now=now, note=facts.id)
