"""Views of the list of courses, a new course, and the outline of a course with its lessons."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import NoResultFound

from app.access.guard import actor, check, requires
from app.access.policy import Action
from app.catalogue.domain.courses import LessonEntry
from app.db.session import transaction
from app.kernel import clock
from app.kernel.errors import DomainError
from app.studio.forms.courses import SCRATCH, LessonFactsForm, NewCourseForm, NewLessonForm, PositionForm
from app.studio.pages import course_list, new_course as new_course_page, outline, removal
from app.studio.queries import checked, workspaces
from app.studio.queries.workspaces import Workspace
from app.studio.service import courses
from app.studio.views._blueprint import bp
from app.web import errors
from app.web.pages import render


def lesson_entry(workspace: Workspace, slug: str) -> LessonEntry:
    """Return a lesson of the draft, or raise NoResultFound."""
    for entry in checked.folder_of_lesson(workspace, slug).course.lessons:
        if entry.slug == slug:
            return entry
    raise NoResultFound


@bp.get("/teaching/courses")
@requires(Action.CREATE_COURSE)
def show_courses() -> ResponseReturnValue:
    """Show the courses that the user writes or reviews."""
    return render(course_list.page(actor()))


@bp.get("/teaching/courses/new")
@requires(Action.CREATE_COURSE)
def new_course() -> ResponseReturnValue:
    """Show the form of a new course."""
    return render(new_course_page.page(new_form()))


@bp.post("/teaching/courses/new")
@requires(Action.CREATE_COURSE)
def create_course() -> ResponseReturnValue:
    """Create a course, empty or as a copy."""
    form = new_form(is_sent=True)
    if not form.validate():
        return render(new_course_page.page(form)), 422
    course, now, is_empty = form.course(), clock.now(), form.source.data == SCRATCH
    try:
        with transaction():
            if is_empty:
                courses.create_course(course, by=current_user.id, now=now)
            else:
                source = workspaces.workspace(actor(), form.source.data)
                check(Action.WRITE_COURSE, source)
                courses.copy_course(source, course, by=current_user.id, now=now)
    except DomainError as error:
        return render(new_course_page.page(form, error.translated(_))), 422
    flash(_("Course created. Add its first lesson.") if is_empty else _("Course created. You are its author."))
    return redirect(url_for("studio.show_outline", course=course.slug))


def new_form(*, is_sent: bool = False) -> NewCourseForm:
    """Return the form of a new course with its choices, as it was sent or with its defaults."""
    own = [workspace for workspace in workspaces.workspaces(actor()) if actor().id in workspace.trainers]
    form = NewCourseForm(request.form) if is_sent else NewCourseForm(None, **new_course_page.defaults())
    form.offer(**new_course_page.offers(own))
    return form


@bp.get("/teaching/courses/<slug:course>")
@requires(Action.READ_DRAFT, load=workspaces.workspace)
def show_outline(workspace: Workspace, course: str) -> ResponseReturnValue:
    """Show the outline of a course."""
    return render(outline.page(actor(), workspace, NewLessonForm(None), clock.now()))


@bp.post("/teaching/courses/<slug:course>/lessons")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def add_lesson(workspace: Workspace, course: str) -> ResponseReturnValue:
    """Add a lesson and open its editor."""
    form = NewLessonForm(request.form)
    if not form.validate():
        return render(outline.page(actor(), workspace, form, clock.now())), 422
    minutes = form.minutes.data or 10
    with transaction():
        slug = courses.add_lesson(workspace, form.title.data, minutes, by=current_user.id, now=clock.now())
    return redirect(url_for("studio.edit_lesson", course=course, lesson=slug))


@bp.post("/teaching/courses/<slug:course>/lessons/<slug:lesson>/position")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def move_lesson(workspace: Workspace, course: str, lesson: str) -> ResponseReturnValue:
    """Move a lesson to another position."""
    form = PositionForm(request.form)
    if not form.validate():
        return errors.page(422)
    with transaction():
        courses.move_lesson(workspace, lesson, form.position.data, by=current_user.id, now=clock.now())
    return redirect(url_for("studio.show_outline", course=course, _anchor=f"lesson-{lesson}"))


@bp.post("/teaching/courses/<slug:course>/lessons/<slug:lesson>/facts")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def change_lesson(workspace: Workspace, course: str, lesson: str) -> ResponseReturnValue:
    """Change minutes, competencies and warning of a lesson."""
    entry = lesson_entry(workspace, lesson)
    form = LessonFactsForm(request.form)
    if not form.validate():
        return errors.page(422)
    with transaction():
        courses.change_lesson(
            workspace,
            lesson,
            minutes=form.minutes.data,
            competencies=entry.competencies,
            warning=int(form.warning.data),
            by=current_user.id,
            now=clock.now(),
        )
    flash(_("Saved."))
    return redirect(url_for("studio.edit_lesson", course=course, lesson=lesson))


@bp.get("/teaching/courses/<slug:course>/lessons/<slug:lesson>/removal")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def confirm_removal(workspace: Workspace, course: str, lesson: str) -> ResponseReturnValue:
    """Ask whether a lesson is to be removed."""
    return render(removal.page(workspace, lesson_entry(workspace, lesson)))


@bp.post("/teaching/courses/<slug:course>/lessons/<slug:lesson>/removal")
@requires(Action.WRITE_COURSE, load=workspaces.workspace)
def remove_lesson(workspace: Workspace, course: str, lesson: str) -> ResponseReturnValue:
    """Remove a lesson from the draft."""
    with transaction():
        courses.remove_lesson(workspace, lesson, by=current_user.id, now=clock.now())
    flash(_("Lesson removed from the draft. “History” brings it back."))
    return redirect(url_for("studio.show_outline", course=course))
