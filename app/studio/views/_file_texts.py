"""Save the whole text of a file from its editor: with the button, and automatically."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access.guard import actor
from app.catalogue.domain.text import normalise
from app.db.session import transaction
from app.kernel import clock
from app.kernel.errors import DomainError
from app.studio.forms.files import FileTextForm
from app.studio.queries import editors
from app.studio.queries.workspaces import Workspace
from app.studio.service import drafts as service
from app.studio.service.drafts import Conflict, FileSave, SavedFile
from app.studio.views import autosave


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was saved; the reason is flashed."""


def text_of(body: str) -> str:
    """Return the text of a file for what was typed."""
    return normalise(body).strip("\n") + "\n"


def save(workspace: Workspace, path: str, form: FileTextForm) -> SavedFile | Conflict | Refused:
    """Save the text of a valid form, and flash that it was saved or why not."""
    file_save = FileSave(path, text_of(form.body.data), form.opened.data)
    try:
        with transaction():
            result = service.save_file(workspace.course_id, file_save, by=current_user.id, now=clock.now())
    except DomainError as error:
        flash(error.translated(_), "error")
        return Refused()
    if isinstance(result, SavedFile):
        flash(_("Saved. Changes of another user were added to your text.") if result.merged else _("Saved."))
    return result


def save_automatically(workspace: Workspace, path: str) -> ResponseReturnValue:
    """Save the text that editor.js sent, and answer who else has the file open."""
    sent, now = autosave.sent_text(), clock.now()
    with transaction():
        file_save = FileSave(path, text_of(sent.body), sent.opened, is_automatic=True)
        result = service.save_file(workspace.course_id, file_save, by=current_user.id, now=now)
        service.mark_editing(workspace.course_id, path, by=current_user.id, now=now)
    return autosave.response(result, lambda text: ("", text), others(workspace, path))


def others(workspace: Workspace, path: str) -> Sequence[str]:
    """Return the aliases of the other users who have a file open."""
    return editors.others(actor(), workspace, path, clock.now())
