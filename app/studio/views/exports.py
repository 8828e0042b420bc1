"""Views of exports of a course: an archive of its files, its questions in other formats, a printed version."""

from flask import Response, make_response, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import NoResultFound

from app.access.guard import actor, requires
from app.access.policy import Action, Sensitivity
from app.catalogue.domain.items import ItemForm
from app.db.session import transaction
from app.kernel import clock
from app.studio.domain.course_archive import write_course_archive
from app.studio.domain.course_edits import Files
from app.studio.pages import exchange_labels, exports as pages
from app.studio.queries import drafts, exported_questions, workspaces
from app.studio.queries.exported_questions import Forms
from app.studio.queries.workspaces import Workspace
from app.studio.service import course_exports as service
from app.studio.views._blueprint import bp
from app.web.pages import render

_TYPES = {"gift": "text/plain; charset=utf-8", "xml": "application/xml; charset=utf-8"}


@bp.get("/teaching/courses/<slug:course>/export")
@requires(Action.READ_DRAFT, load=workspaces.workspace)
def show_export(workspace: Workspace, course: str) -> ResponseReturnValue:
    """Show what can be exported."""
    return render(pages.page(actor(), workspace))


@bp.get("/teaching/courses/<slug:course>/export/draft")
@requires(Action.WRITE_COURSE, load=workspaces.workspace, gives_file=True)
def export_draft(workspace: Workspace, course: str) -> ResponseReturnValue:
    """Send the files of the draft."""
    return _archive(workspace, drafts.files(workspace), 0, f"{workspace.slug}-draft")


@bp.get("/teaching/courses/<slug:course>/export/version")
@requires(Action.WRITE_COURSE, load=workspaces.workspace, gives_file=True)
def export_version(workspace: Workspace, course: str) -> ResponseReturnValue:
    """Send the files of the published version."""
    if not workspace.number:
        raise NoResultFound
    name = f"{workspace.slug}-{workspace.number}"
    return _archive(workspace, drafts.published_files(workspace), workspace.number, name)


@bp.get("/teaching/courses/<slug:course>/export/questions/<medium:name>")
@requires(Action.READ_DRAFT, load=workspaces.workspace, gives_file=True)
def export_questions(workspace: Workspace, course: str, name: str) -> ResponseReturnValue:
    """Send the questions of the chosen forms, as questions.gift or questions.xml."""
    stem, _dot, file_format = name.partition(".")
    if stem != "questions" or file_format not in _TYPES:
        raise NoResultFound
    forms = _forms(workspace)
    folder = exported_questions.folder_with_media(workspace)
    items = exported_questions.questions(folder, forms)
    texts = exchange_labels.exchange_texts(folder.course.source_language)
    result = exported_questions.WRITERS[file_format](folder, items, texts)
    with transaction():
        service.record_questions(workspace, file_format=file_format, forms=forms, count=len(items), now=clock.now())
    ending = "txt" if file_format == "gift" else file_format
    return _file(result.text.encode(), _TYPES[file_format], f"{workspace.slug}-questions.{ending}")


@bp.get("/teaching/courses/<slug:course>/export/print")
@requires(Action.READ_DRAFT, load=workspaces.workspace, gives_file=True)
def print_course(workspace: Workspace, course: str) -> ResponseReturnValue:
    """Show lessons and questions on one page to print it; only courses that everyone may read."""
    if workspace.sensitivity is not Sensitivity.UNRESTRICTED:
        raise NoResultFound
    return render(pages.printed_page(workspace))


def _forms(workspace: Workspace) -> Forms:
    """Return the forms in the address, or all that the user may export; raise NoResultFound for another one."""
    allowed = exported_questions.allowed_forms(actor(), workspace)
    chosen = request.args.getlist("forms")
    names = {pages.NO_FORM: None, **{str(form): form for form in ItemForm}}
    forms = [names.get(name, name) for name in chosen]
    if not set(forms) <= set(allowed):
        raise NoResultFound
    return tuple(form for form in allowed if form in forms or not chosen)


def _archive(workspace: Workspace, files: Files, number: int, name: str) -> Response:
    with transaction():
        service.record_course(workspace, number, clock.now())
    return _file(write_course_archive(workspace.slug, files), "application/zip", f"{name}.zip")


def _file(content: bytes, content_type: str, name: str) -> Response:
    response = make_response(content)
    response.content_type = content_type
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
