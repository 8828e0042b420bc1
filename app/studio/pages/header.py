"""The head of every page about a course: its title, its state, and the links to its other pages."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from app.catalogue.domain.library import CourseFolder
from app.i18n.languages import direction
from app.studio.queries.workspaces import Workspace


@dataclass(frozen=True, slots=True)
class Tab:
    """A page of a course; its endpoint has the one parameter `course`."""

    endpoint: str
    label: LazyString


@dataclass(frozen=True, slots=True)
class TabLink:
    """A link to a page of the course."""

    label: str
    href: str
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseHeader:
    """Title and links; `lang` and `dir` are those of the title."""

    code: str
    title: str
    lang: str
    dir: str
    href: str
    tabs: Sequence[TabLink]


TABS = (
    Tab("studio.show_outline", _("Outline")),
    Tab("studio.show_bank", _("Questions")),
    Tab("studio.show_media", _("Media")),
    Tab("studio.show_translations", _("Translations")),
    Tab("studio.show_course_review", _("Review")),
    Tab("studio.show_history", _("History")),
    Tab("studio.show_results", _("Results")),
    Tab("studio.show_reports", _("Reports")),
    Tab("studio.show_learner_questions", _("Asked by learners")),
    Tab("studio.show_settings", _("Settings")),
    Tab("studio.show_import", _("Import")),
    Tab("studio.show_export", _("Export")),
)


def header(workspace: Workspace, folder: CourseFolder | None, current: str) -> CourseHeader:
    """Return the head of a page; `current` is the endpoint of its tab."""
    source = folder.course.source_language if folder else "en"
    text = folder.texts.get(source) if folder else None
    return CourseHeader(
        code=workspace.code,
        title=text.title if text else workspace.slug,
        lang=source,
        dir=direction(source),
        href=url_for("studio.show_outline", course=workspace.slug),
        tabs=[
            TabLink(str(tab.label), url_for(tab.endpoint, course=workspace.slug), tab.endpoint == current)
            for tab in TABS
        ],
    )
