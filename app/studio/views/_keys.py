"""Record that a page shows keys of questions, or documents for tests, before it is sent."""

from dataclasses import replace

from app.access.guard import is_from_own_site, require_own_site
from app.catalogue.domain.documents import DocumentFacts
from app.catalogue.domain.folder_names import Name, Part, name_of
from app.db.session import transaction
from app.kernel import clock
from app.studio.domain.document_files import HIDDEN_FORMS
from app.studio.domain.file_changes import shows_keys
from app.studio.pages.review import ReviewPage
from app.studio.queries import checked
from app.studio.queries.workspaces import Workspace
from app.studio.service import questions
from app.web.pages import render


def record_keys(workspace: Workspace, path: str) -> None:
    """Record that the user views a file with keys; other files need no record. Refuses a link of another site."""
    if is_hidden(workspace, path):
        _record(workspace, path)


def record_document(workspace: Workspace, facts: DocumentFacts) -> None:
    """Record that the user views a document for tests or watched checks; other documents need no record."""
    if facts.form in HIDDEN_FORMS:
        _record(workspace, facts.id)


def is_hidden(workspace: Workspace, path: str) -> bool:
    """Return whether a file has keys of questions, or a document that learners must not know before a test."""
    if shows_keys(path):
        return True
    name = name_of(f"course/{path}")
    if not isinstance(name, Name) or name.part is not Part.DOCUMENT:
        return False
    folder = checked.checked(workspace).folder
    documents = folder.documents.values() if folder else ()
    open_slugs = {document.facts.slug for document in documents if document.facts.form not in HIDDEN_FORMS}
    return name.name not in open_slugs


def _record(workspace: Workspace, name: str) -> None:
    require_own_site()
    with transaction():
        questions.record_view(workspace, name, clock.now())


def rendered_review(workspace: Workspace, page: ReviewPage) -> str:
    """Return the page of a review after a view of keys was recorded.

    A link of another site, such as one in a mail, opens the page without a file that has keys.
    """
    if page.current is not None and is_hidden(workspace, page.current.path) and not is_from_own_site():
        return render(replace(page, current=None))
    if page.current is not None:
        record_keys(workspace, page.current.path)
    return render(page)
