"""View model of the prerequisites of a course, with the progress of the current user in each."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from app.access.policy import Actor
from app.catalogue.shapes import Outline
from app.i18n.languages import direction
from app.learning import domain, labels
from app.learning.queries import progress
from app.learning.shapes import CourseStatus

_STATES: Mapping[str, str] = {"here": "started"}  # of a course, as components/tasks.html names them


@dataclass(frozen=True, slots=True, kw_only=True)
class PrerequisiteLine:
    """A course that is required before another one; `href` "": the user may not see it."""

    name: str
    href: str = ""
    sub: str
    state: str
    lang: str = ""
    dir: str = ""


def rows(actor: Actor, outline: Outline) -> list[PrerequisiteLine]:
    """Return the prerequisites of a course."""
    codes = outline.facts.prerequisites
    if not codes:
        return []
    by_code = {status.outline.code: status for status in progress.visible_courses(actor)}
    not_open = _("This course is not open to you.")
    return [
        _row(by_code[code]) if code in by_code else PrerequisiteLine(name=code, sub=not_open, state="open")
        for code in codes
    ]


def _row(status: CourseStatus) -> PrerequisiteLine:
    outline, code = status.outline, labels.shown(status.outline)
    progress = domain.progress(status.asks, status.standing)
    state = labels.state(status)
    return PrerequisiteLine(
        name=f"{outline.code} {outline.title(code)}",
        href=url_for("learning.course", course=outline.slug),
        sub=_("%(n)s of %(m)s lessons done", n=progress.done, m=progress.total),
        state=_STATES.get(state, state),
        lang=code,
        dir=direction(code),
    )
