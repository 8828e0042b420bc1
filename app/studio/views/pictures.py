"""View that adds a picture to the end of a lesson."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access.guard import requires
from app.access.policy import Action
from app.db.session import transaction
from app.kernel import clock
from app.kernel.errors import DomainError
from app.kernel.invisible_characters import without_unseen
from app.studio.domain.import_changes import MediaRights
from app.studio.forms.courses import PictureForm
from app.studio.pages import lesson_editor
from app.studio.queries import checked, workspaces
from app.studio.queries.workspaces import Workspace
from app.studio.service import pictures
from app.studio.service.pictures import UploadedPicture
from app.studio.views._blueprint import bp
from app.studio.views.courses import lesson_entry


@bp.post("/teaching/courses/<slug:course>/lessons/<slug:lesson>/pictures")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def add_picture(workspace: Workspace, course: str, lesson: str) -> ResponseReturnValue:
    """Add a picture to the end of a lesson."""
    entry = lesson_entry(workspace, lesson)
    path = lesson_editor.path_of(checked.folder_of_lesson(workspace, entry.slug), entry.slug)
    try:
        picture = pictures.cleaned(_uploaded())
        with transaction():
            pictures.add_to_lesson(workspace, path, picture, by=current_user.id, now=clock.now())
    except DomainError as error:
        flash(error.translated(_), "error")
    else:
        flash(_("Picture added at the end of the text. Move its line to another paragraph if you like."))
    return redirect(url_for("studio.edit_lesson", course=course, lesson=lesson))


def _uploaded() -> UploadedPicture:
    """Return the submitted picture. Raises DomainError if a field is empty or too long."""
    form, file = PictureForm(request.form), request.files.get("file")
    if not form.validate():
        raise DomainError(next(str(errors[0]) for errors in form.errors.values()))
    name = (without_unseen(file.filename) or "") if file else ""
    rights = MediaRights(form.licence.data, form.author.data)
    return UploadedPicture(name, file.read() if file else b"", form.description.data, rights)
