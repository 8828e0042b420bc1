"""View model of the note on questions that reach no learner, with the actions that change it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _, ngettext

from app.catalogue.domain.items import Item
from app.catalogue.domain.library import CourseFolder
from app.studio.domain import question_use
from app.studio.queries.workspaces import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class UnusedQuestions:
    """Questions that no test or lesson uses; `test_url` is "" if the test can draw none of them."""

    text: str
    items: Sequence[str]
    test_label: str
    test_url: str
    lessons: Sequence[tuple[str, str]]  # slug and title
    lesson_label: str
    lesson_url: str


def unused(
    workspace: Workspace, folder: CourseFolder | None, item_ids: Collection[str] | None = None
) -> UnusedQuestions | None:
    """Return the note on the unused questions of a draft, or on those of some ids; None if all are used."""
    if folder is None:
        return None
    every = question_use.unused_items(folder)
    items = _chosen(every, item_ids)
    if not items:
        return None
    course = folder.course
    can_be_drawn = len(question_use.extended_draws(course, every)) > len(question_use.own_draws(course))
    text = ngettext(
        "No test or lesson uses this question yet, so that no learner sees it.",
        "No test or lesson uses these %(num)s questions yet, so that no learner sees them.",
        len(items),
    )
    return UnusedQuestions(
        text=text,
        items=[item.id for item in items],
        test_label=_("Add them to the test") if course.test else _("Add a test to this course"),
        test_url=url_for("studio.add_to_test", course=workspace.slug) if can_be_drawn else "",
        lessons=_lessons(folder),
        lesson_label=ngettext("Ask it in a lesson", "Ask them in a lesson", len(items)),
        lesson_url=url_for("studio.ask_in_lesson", course=workspace.slug),
    )


def _chosen(items: Sequence[Item], item_ids: Collection[str] | None) -> list[Item]:
    """Return the items with these ids, or all of them."""
    return [item for item in items if item_ids is None or item.id in item_ids]


def _lessons(folder: CourseFolder) -> list[tuple[str, str]]:
    """Return slug and title of the lessons that have a text in the source language."""
    source = folder.course.source_language
    return [
        (entry.slug, folder.lessons[entry.slug][source].title)
        for entry in folder.course.lessons
        if source in folder.lessons.get(entry.slug, {})
    ]
