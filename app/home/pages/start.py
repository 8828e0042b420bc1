"""The first page of one person: the next step, what waits, the own path, what is coming."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.catalogue.domain.references.competencies import Competencies
from app.home.domain import Todo, first
from app.i18n.languages import direction
from app.learning import domain, pages
from app.learning.domain import Case, Lesson, Test
from app.learning.queries import CourseStanding


def hero(begun: Sequence[CourseStanding]) -> dict[str, Any] | None:
    """Return the next step of the course touched last that is not finished."""
    stands = next((one for one in begun if pages.state(one) == "here"), None)
    if stands is None:
        return None
    step = domain.next_step(stands.asks, stands.standing)
    outline, code = stands.outline, pages.shown(stands.outline)
    slugs = [entry.slug for entry in stands.asks.lessons]
    number = slugs.index(step.slug) + 1 if isinstance(step, Lesson) else len(slugs)
    minutes = stands.asks.lessons[number - 1].minutes if isinstance(step, Lesson) else 0
    return {
        "kind": type(step).__name__.lower(),
        "course": outline.title(code),
        "title": _title(stands, step, code),
        "lang": code,
        "dir": direction(code),
        "number": number,
        "of": len(slugs),
        "minutes": minutes,
        "href": pages.next_href(stands),
        "nodes": pages.nodes(stands, step.slug if isinstance(step, Lesson) else ""),
        "begun": True,
    }


def todos(begun: Sequence[CourseStanding], *, first_course: str = "") -> list[Todo]:
    """Return what waits: attempts that are open, courses begun; the course of the hero has its button already."""
    found: list[Todo] = []
    for stands in begun:
        outline, code = stands.outline, pages.shown(stands.outline)
        if stands.test is not None and stands.test.open_id is not None:
            href = url_for("quizzes.check", attempt=stands.test.open_id)
            name = _("Finish your test: %(course)s", course=outline.title(code))
            found.append(Todo(name, href, _("Your answers so far are kept."), _("In progress"), "here", "", ""))
        if pages.state(stands) == "here" and outline.title(code) != first_course:
            found.append(_go_on(stands, code))
    return first(found)


def path(roles: Sequence[str], courses: Sequence[CourseStanding], titles: Mapping[str, str]) -> dict[str, Any] | None:
    """Return the courses that the framework's first role of a person asks for, with how far they are."""
    if not roles:
        return None
    role = roles[0]
    rows = []
    for stands in courses:
        outline, code = stands.outline, pages.shown(stands.outline)
        if role not in outline.facts.roles and outline.facts.roles:
            continue
        rows.append(
            {
                "name": f"{outline.code} {outline.title(code)}",
                "href": url_for("learning.course", course=outline.slug),
                "sub": progress(stands),
                "state": {"here": "started"}.get(pages.state(stands), pages.state(stands)),
                "lang": code,
                "dir": direction(code),
            }
        )
    return {"name": titles.get(role, role), "rows": rows} if rows else None


def role_titles(framework: Competencies | None, language: str) -> dict[str, str]:
    """Return the titles of the framework's roles in a language, or the source's."""
    if framework is None:
        return {}
    found = {}
    for role in framework.roles:
        for code in (language, "en"):
            text = framework.texts[code].get(role.id) if code in framework.texts else None
            if text is not None and text.title:
                found[role.id] = text.title
                break
    return found


def _title(stands: CourseStanding, step: domain.NextStep, code: str) -> str:
    match step:
        case Lesson(slug):
            return stands.outline.lesson_title(slug, code)
        case Case(name):
            titles = stands.outline.cases[name]
            return titles.get(code) or titles[stands.outline.facts.source_language]
        case Test():
            return _("Test")
    return stands.outline.title(code)


def _go_on(stands: CourseStanding, code: str) -> Todo:
    step = domain.next_step(stands.asks, stands.standing)
    name = {
        Lesson: _("Read on: %(title)s", title=_title(stands, step, code)),
        Case: _("Play the case: %(title)s", title=_title(stands, step, code)),
        Test: _("Take the test: %(course)s", course=stands.outline.title(code)),
    }.get(type(step), stands.outline.title(code))
    return Todo(name, pages.next_href(stands), progress(stands), _("When you like"), "open", "", "")


def progress(stands: CourseStanding) -> str:
    """Return in words how far one is in a course."""
    far = domain.progress(stands.asks, stands.standing)
    if far.done == far.total:
        return _("All lessons done")
    if not far.done:
        return ngettext("%(num)s lesson", "%(num)s lessons", far.total)
    left = ngettext("about %(num)s minute left", "about %(num)s minutes left", far.minutes_left)
    return _("%(n)s of %(m)s lessons, %(left)s", n=far.done, m=far.total, left=left)
