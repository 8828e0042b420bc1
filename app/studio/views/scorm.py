"""View of the SCORM 1.2 package of a course: lessons and form A of an unrestricted course, with the keys."""

from flask import send_file
from flask.typing import ResponseReturnValue

from app.access.guard import requires
from app.access.policy import Action
from app.db.session import transaction
from app.kernel import clock
from app.studio.pages import scorm_package as pages
from app.studio.queries import scorm_packages, workspaces
from app.studio.queries.workspaces import Workspace
from app.studio.service import course_exports as service
from app.studio.views._blueprint import bp


@bp.get("/teaching/courses/<slug:course>/export/scorm/<lang:language>")
@requires(Action.WRITE_COURSE, load=workspaces.workspace, gives_file=True)
def export_scorm(workspace: Workspace, course: str, language: str) -> ResponseReturnValue:
    """Send the published version as a SCORM package in a language."""
    package = scorm_packages.packaged_course(workspace, language)
    bank = f"test.{language}.md"
    with transaction():
        service.record_package(workspace, bank, count=len(package.questions), now=clock.now())
    file = service.write_archive(pages.files(package))
    name = f"{workspace.slug}-{workspace.number}-{language}-scorm.zip"
    response = send_file(file, "application/zip", as_attachment=True, download_name=name, etag=False)
    response.headers["Cache-Control"] = "no-store"
    return response
