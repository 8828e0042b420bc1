"""Record that a page shows the keys of questions, before it is sent."""

from dataclasses import replace

from app.access.guard import is_from_own_site, require_own_site
from app.db.session import transaction
from app.kernel import clock
from app.studio.domain.file_changes import shows_keys
from app.studio.pages.review import ReviewPage
from app.studio.queries.workspaces import Workspace
from app.studio.service import questions
from app.web.pages import render


def record_keys(workspace: Workspace, path: str) -> None:
    """Record that the user views a file with keys; other files need no record. Refuses a link of another site."""
    if not shows_keys(path):
        return
    require_own_site()
    with transaction():
        questions.record_view(workspace, path, clock.now())


def rendered_review(workspace: Workspace, page: ReviewPage) -> str:
    """Return the page of a review after a view of keys was recorded.

    A link of another site, such as one in a mail, opens the page without a file that has keys.
    """
    if page.current is not None and shows_keys(page.current.path) and not is_from_own_site():
        return render(replace(page, current=None))
    if page.current is not None:
        record_keys(workspace, page.current.path)
    return render(page)
