"""View model of the form of a new course."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _

from app.access.policy import Sensitivity
from app.catalogue.queries import versions
from app.i18n.languages import INTERFACE, language_name
from app.studio import labels
from app.studio.domain.archived_course import ArchivedCourse
from app.studio.forms.courses import SCRATCH, ArchiveForm, NewCourseForm
from app.studio.pages import exchange_labels
from app.studio.pages.course_list import title_of
from app.studio.queries import checked
from app.studio.queries.checked import CheckedCourse
from app.studio.queries.workspaces import Workspace
from app.web.pages import Page

MOST_PROBLEMS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCoursePage(Page):
    """The form; `message` says why the course was not created. `opens_settings`: the field to correct is among them."""

    template: ClassVar[str] = "studio/new_course.html"
    form: NewCourseForm
    message: str
    opens_settings: bool
    archive: ArchiveForm
    archive_url: str
    archive_problems: Sequence[str]


def page(
    form: NewCourseForm,
    message: str = "",
    *,
    archive: ArchiveForm | None = None,
    archive_problems: Sequence[str] = (),
) -> NewCoursePage:
    """Return the page of both forms; `archive_problems` are why an archive was not used."""
    has_errors = bool(form.code.errors or form.hours.errors)
    return NewCoursePage(
        form=form,
        message=message,
        opens_settings=has_errors or bool(message),
        archive=archive or ArchiveForm(None),
        archive_url=url_for("studio.create_from_archive"),
        archive_problems=archive_problems,
    )


def problems_of_archive(course: ArchivedCourse, checked_course: CheckedCourse) -> list[str]:
    """Return why a course from an archive cannot be created, the first `MOST_PROBLEMS` reasons."""
    texts = [f"{note.message} {note.hint}" for note in map(exchange_labels.note, course.notes)]
    for path, problems in sorted(checked_course.import_errors.items()):
        for problem in problems:
            message, hint = labels.problem(problem)
            position = _("%(file)s, line %(line)s", file=path, line=problem.line)
            texts.append(f"{position}: {message} {hint}")
    return texts[:MOST_PROBLEMS]


def defaults() -> dict[str, str | float]:
    """Return the values of an empty form; the id is the next one that no course has."""
    taken = {record.code for record in versions.all_records()}
    number = 1
    while f"C{number:02}" in taken:
        number += 1
    return {
        "code": f"C{number:02}",
        "language": "en",
        "sensitivity": str(Sensitivity.UNRESTRICTED),
        "hours": 1.0,
        "source": SCRATCH,
    }


def offers(own: Sequence[Workspace]) -> dict[str, list[tuple[str, object]]]:
    """Return the values to choose from."""
    return {
        "languages": [(code, language_name(code)) for code in INTERFACE],
        "levels": [(str(level), labels.sensitivity(level)) for level in Sensitivity],
        "sources": [
            (SCRATCH, _("An empty course")),
            *((workspace.slug, _copy_label(workspace)) for workspace in own),
        ],
    }


def _copy_label(workspace: Workspace) -> str:
    title = title_of(workspace, checked.checked(workspace).folder)
    return _("A copy of %(code)s", code=f"{workspace.code}, {title}")
