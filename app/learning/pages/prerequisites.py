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
    known = {stands.outline.code: stands for stands in progress.visible_courses(actor)}
    return [_row(known[code]) if code in known else _closed(code) for code in codes]


def _row(stands: CourseStanding) -> dict[str, Any]:
    outline, code = stands.outline, labels.shown(stands.outline)
    progress = domain.progress(stands.asks, stands.standing)
    state = labels.state(stands)
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
