"""View model of the form of a new course."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask_babel import gettext as _

from app.access.policy import Sensitivity
from app.catalogue.queries import versions
from app.i18n.languages import INTERFACE, language_name
from app.studio import labels
from app.studio.forms.courses import SCRATCH, NewCourseForm
from app.studio.queries.workspaces import Workspace
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCoursePage(Page):
    """The form; `message` says why the course was not created. `opens_settings`: the field to correct is among them."""

    template: ClassVar[str] = "studio/new_course.html"
    form: NewCourseForm
    message: str
    opens_settings: bool


def page(form: NewCourseForm, message: str = "") -> NewCoursePage:
    """Return the page of the form."""
    has_errors = bool(form.code.errors or form.hours.errors)
    return NewCoursePage(form=form, message=message, opens_settings=has_errors or bool(message))


def defaults() -> dict[str, str | float]:
    """Return the values of an empty form; the id is the next one that no course has."""
    taken = {record.code for record in versions.course_records()}
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
            *((workspace.slug, _("A copy of %(code)s", code=workspace.code)) for workspace in own),
        ],
    }
