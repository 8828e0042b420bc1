"""The record of one person: what is verified, attended, finished, and what is under way."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _

from app.catalogue.domain.references.competencies import Competencies
from app.competence.domain.statuses import Status, status
from app.competence.labels import competencies as competence_competencies
from app.competence.shapes import PeriodSpan
from app.home.pages.start import progress
from app.i18n.languages import direction
from app.i18n.stored_translations import TranslatedText
from app.learning import domain, labels
from app.learning.shapes import CourseStatus
from app.workshops import labels as workshops
from app.workshops.shapes import WorkshopLine


def record(begun: Sequence[CourseStatus]) -> dict[str, Any]:
    """Return what a person finished and what is under way, the newest first."""
    finished = [one for one in begun if one.way is not None and one.way.completed_at is not None]
    return {
        "courses": [_finished(one) for one in finished],
        "under_way": [_under_way(one) for one in begun if one not in finished],
        "minutes": sum(_minutes(one) for one in finished),
        "cases": [row for one in begun for row in _cases(one)],
        "tests": sum(1 for one in begun if one.test is not None and one.test.passed),
    }


def competencies(held: Sequence[PeriodSpan], framework: Competencies | None, today: date) -> dict[str, Any]:
    """Return the competencies of a person with their dates: those verified today, and apart those that lapsed."""
    rows = [_verified(span, framework, today) for span in held] if framework else []
    return {
        "verified": [row for row in rows if row["state"] != Status.LAPSED],
        "lapsed": [row for row in rows if row["state"] == Status.LAPSED],
    }


def certificates(
    lines: Sequence[WorkshopLine], said: Mapping[tuple[UUID, str], TranslatedText]
) -> list[dict[str, Any]]:
    """Return the certificates of attendance, the newest first."""
    return [
        {
            "title": workshops.translated(said.get((line.id, "title")), line.code),
            "days": workshops.days(line.first_day, line.last_day),
            "place": workshops.place_and_country(line),
            "href": url_for("workshops.certificate", workshop_id=line.id),
        }
        for line in lines
    ]


def _verified(span: PeriodSpan, framework: Competencies, today: date) -> dict[str, Any]:
    named = competence_competencies.title(framework, span.competency)
    return {
        "name": named.text,
        "lang": named.lang,
        "dir": named.dir,
        "href": url_for("home.competency", competency=span.competency),
        "level": competence_competencies.level(span.level),
        "since": span.since,
        **competence_competencies.dates(status(True, span.until, today), span.until),
    }


def _named(stands: CourseStatus) -> dict[str, Any]:
    code = labels.shown(stands.outline)
    return {
        "name": stands.outline.title(code),
        "href": url_for("learning.course", course=stands.outline.slug),
        "lang": code,
        "dir": direction(code),
    }


def _minutes(stands: CourseStatus) -> int:
    """Return the minutes spent in the lessons of a course, of each at most its stated ones."""
    return domain.minutes_spent(stands.asks, stands.standing)


def _finished(stands: CourseStatus) -> dict[str, Any]:
    result = ""
    if stands.test is not None and stands.test.best is not None:
        result = _("Passed, %(percent)s %%", percent=round(stands.test.best * 100))
    return _named(stands) | {
        "finished": stands.way.completed_at if stands.way else None,
        "minutes": _minutes(stands),
        "result": result,
    }


def _under_way(stands: CourseStatus) -> dict[str, Any]:
    return _named(stands) | {"sub": progress(stands), "begun": stands.way.begun_at if stands.way else None}


def _cases(stands: CourseStatus) -> list[dict[str, Any]]:
    code = labels.shown(stands.outline)
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
