"""View that creates a course from the ZIP archive of a course folder."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.access.guard import requires
from app.access.policy import Action
from app.db.session import transaction
from app.kernel import clock
from app.kernel.errors import DomainError
from app.studio.domain.archived_course import ArchivedCourse
from app.studio.forms.courses import ArchiveForm
from app.studio.pages import new_course as pages
from app.studio.queries import checked, uploads
from app.studio.queries.checked import CheckedCourse
from app.studio.service import courses
from app.studio.views._blueprint import bp
from app.studio.views.courses import new_form
from app.web.pages import render


@bp.post("/teaching/courses/new/archive")
@requires(Action.CREATE_COURSE)
def create_from_archive() -> ResponseReturnValue:
    """Create a course from a ZIP archive; its id may be taken, then the user chooses another one."""
    form, content = ArchiveForm(request.form), _sent_file()
    is_valid = form.validate()
    if not content:
        form.file.errors = [_("Choose a file that is not empty.")]
    if not is_valid or not content:
        return render(pages.page(new_form(), archive=form)), 422
    try:
        course = uploads.new_course(content, form.archive_code.data or "")
        problems = _create(course)
    except DomainError as error:
        problems = [error.translated(_)]
    if problems:
        return render(pages.page(new_form(), archive=form, archive_problems=problems)), 422
    flash(_("Course created. You are its author."))
    return redirect(url_for("studio.show_outline", course=course.slug))


def _sent_file() -> bytes:
    file = request.files.get("file")
    return file.read() if file else b""


def _create(course: ArchivedCourse) -> list[str]:
    """Create a course without problems; return its problems. Raises DomainError if its id is taken."""
    checked_course = CheckedCourse(None, {}) if course.notes else checked.check_new(course.slug, course.files)
    problems = pages.problems_of_archive(course, checked_course)
    if not problems:
        with transaction():
            courses.create_from_archive(course, by=current_user.id, now=clock.now())
    return problems
