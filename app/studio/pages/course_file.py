"""View model of `course.toml` as text: the settings of a course whose file has errors, so that no form can show it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import url_for

from app.access.policy import Action, Actor, allows
from app.studio.domain.course_edits import COURSE_FILE
from app.studio.domain.merge import MergeConflict
from app.studio.forms.settings import CourseFileForm
from app.studio.pages.editor_parts import ConflictLines, TextProblem, conflict_lines, text_problem
from app.studio.pages.header import CourseHeader, header
from app.studio.queries import checked, drafts
from app.studio.queries.workspaces import Workspace
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseFilePage(Page):
    """The text of the file with its problems; `message` says why it was not saved."""

    template: ClassVar[str] = "studio/course_file.html"
    head: CourseHeader
    form: CourseFileForm
    problems: Sequence[TextProblem]
    conflicts: Sequence[ConflictLines]
    can_write: bool
    message: str
    save_url: str


def page(
    actor: Actor,
    workspace: Workspace,
    form: CourseFileForm,
    *,
    message: str = "",
    conflicts: Sequence[MergeConflict] = (),
) -> CourseFilePage:
    """Return the page of the file."""
    course = checked.checked(workspace)
    return CourseFilePage(
        head=header(workspace, course.folder, "studio.show_settings"),
        form=form,
        problems=[text_problem(problem) for problem in course.problems.get(COURSE_FILE, ())],
        conflicts=conflict_lines(conflicts),
        can_write=allows(actor, Action.WRITE_COURSE, workspace),
        message=message,
        save_url=url_for("studio.save_course_file", course=workspace.slug),
    )


def new_form(workspace: Workspace) -> CourseFileForm:
    """Return the form with the text of the file, empty if it was deleted."""
    state = drafts.file_states(workspace).get(COURSE_FILE)
    if state is None or state.digest is None:
        return CourseFileForm(None, body="", opened="")
    text = drafts.file(workspace, COURSE_FILE).decode(errors="replace")
    return CourseFileForm(None, body=text, opened=state.digest)
