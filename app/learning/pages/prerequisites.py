"""The prerequisites of a course, with the progress of the current user in each."""

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.access.policy import Actor
from app.catalogue.shapes import Outline
from app.i18n.languages import direction
from app.learning import domain, labels
from app.learning.queries import progress
from app.learning.shapes import CourseStanding

_STATES: Mapping[str, str] = {"here": "started"}  # of a course, as components/tasks.html names them


def rows(actor: Actor, outline: Outline) -> list[dict[str, str]]:
    """Return the prerequisites of a course; one that the reader may not see has no link."""
    codes = outline.facts.prerequisites
    if not codes:
        return []
    by_code = {status.outline.code: status for status in progress.visible_courses(actor)}
    return [_row(by_code[code]) if code in by_code else _closed(code) for code in codes]


def _row(status: CourseStanding) -> dict[str, Any]:
    outline, code = status.outline, labels.shown(status.outline)
    progress = domain.progress(status.asks, status.standing)
    state = labels.state(status)
    return {
        "name": f"{outline.code} {outline.title(code)}",
        "href": url_for("learning.course", course=outline.slug),
        "sub": _("%(n)s of %(m)s lessons done", n=progress.done, m=progress.total),
        "state": _STATES.get(state, state),
        "lang": code,
        "dir": direction(code),
    }


def _closed(code: str) -> dict[str, str]:
    sub = _("This course is not open to you.")
    return {"name": code, "href": "", "sub": sub, "state": "open", "lang": "", "dir": ""}
