"""The record of one person: what is finished, what is under way."""

from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.home.pages.start import progress
from app.i18n.languages import direction
from app.learning import pages
from app.learning.queries import CourseStanding


def record(begun: Sequence[CourseStanding]) -> dict[str, Any]:
    """Return what a person finished and what is under way, the newest first."""
    finished = [one for one in begun if one.way is not None and one.way.completed_at is not None]
    return {
        "courses": [_finished(one) for one in finished],
        "under_way": [_under_way(one) for one in begun if one not in finished],
        "hours": round(sum(one.outline.facts.hours for one in finished)),  # plurals are for whole numbers
        "cases": [row for one in begun for row in _cases(one)],
        "tests": sum(1 for one in begun if one.test is not None and one.test.passed),
    }


def _named(stands: CourseStanding) -> dict[str, Any]:
    code = pages.shown(stands.outline)
    return {
        "name": stands.outline.title(code),
        "href": url_for("learning.course", course=stands.outline.slug),
        "lang": code,
        "dir": direction(code),
    }


def _finished(stands: CourseStanding) -> dict[str, Any]:
    result = ""
    if stands.test is not None and stands.test.best is not None:
        result = _("Passed, %(percent)s %%", percent=round(stands.test.best * 100))
    hours = stands.outline.facts.hours
    return _named(stands) | {
        "finished": stands.way.completed_at if stands.way else None,
        "hours": int(hours) if hours == int(hours) else hours,
        "result": result,
    }


def _under_way(stands: CourseStanding) -> dict[str, Any]:
    return _named(stands) | {"sub": progress(stands), "begun": stands.way.begun_at if stands.way else None}


def _cases(stands: CourseStanding) -> list[dict[str, Any]]:
    code = pages.shown(stands.outline)
    source = stands.outline.facts.source_language
    return [
        {
            "name": stands.outline.cases[name].get(code) or stands.outline.cases[name][source],
            "lang": code,
            "dir": direction(code),
            "href": url_for("scenarios.debrief", playthrough=case.ended_id),
            "finished": case.finished_at,
        }
        for name, case in stands.cases.items()
        if case.finished_at is not None and name in stands.outline.cases
    ]
