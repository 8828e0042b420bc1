"""Render the approved revision of a draft before the transaction that publishes it."""

import msgspec

from app.catalogue.service.preparation import ReadyCourse, prepare
from app.kernel.errors import DomainError
from app.markup.errors import MarkupError
from app.studio.queries import checked, drafts
from app.studio.queries.reviews import DraftReview
from app.studio.queries.workspaces import Workspace


def render_review(workspace: Workspace, review: DraftReview) -> ReadyCourse:
    """Return the reviewed revision as a rendered course. Raises DomainError if it has errors or cannot be rendered."""
    files = drafts.files(workspace, revision=review.revision)
    course = checked.check_files(workspace, files)
    if course.folder is None or course.errors:
        raise DomainError("The draft has errors. Correct them, then send it to review again.")
    references = checked.references()
    named = {f"{workspace.slug}/{path}": content for path, content in files.items()}
    # the pages of a course contain texts of the references: a changed reference is another input of the pages
    named["glossary"] = msgspec.json.encode(references.glossary)
    named["sources"] = msgspec.json.encode(references.sources)
    try:
        return prepare(course.folder, references, named)
    except MarkupError as error:
        raise DomainError(str(error)) from None
