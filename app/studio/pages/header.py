"""The head of every page about a course: its title, and the links to its other pages in groups."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import lazy_gettext as _, lazy_pgettext
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
class TabGroup:
    """Pages of a course for one kind of work; the link of the group opens the first page."""

    label: LazyString
    tabs: Sequence[Tab]


@dataclass(frozen=True, slots=True)
class TabLink:
    """A link to a page or group; `current` is the value of aria-current, "" for another page."""

    label: str
    href: str
    current: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseHeader:
    """Title and links; `lang` and `dir` are those of the title, `tabs` the pages of the current group."""

    code: str
    title: str
    lang: str
    dir: str
    href: str
    groups: Sequence[TabLink]
    tabs: Sequence[TabLink]


GROUPS = (
    TabGroup(
        lazy_pgettext("pages of a course", "Content"),
        (
            Tab("studio.show_outline", _("Outline")),
            Tab("studio.show_bank", _("Questions")),
            Tab("studio.show_documents", _("Documents")),
            Tab("studio.show_papers", _("Papers")),
            Tab("studio.show_cases", _("Cases")),
            Tab("studio.show_media", _("Media")),
        ),
    ),
    TabGroup(_("Languages"), (Tab("studio.show_translations", _("Translations")),)),
    TabGroup(
        _("Review"),
        (Tab("studio.show_course_review", _("Review")), Tab("studio.show_history", _("History"))),
    ),
    TabGroup(
        _("Learners"),
        (
            Tab("studio.show_results", _("Results")),
            Tab("studio.show_learner_questions", _("Asked by learners")),
            Tab("studio.show_reports", _("Reported mistakes")),
        ),
    ),
    TabGroup(
        lazy_pgettext("settings", "More"),
        (
            Tab("studio.show_settings", _("Settings")),
            Tab("studio.show_import", _("Import")),
            Tab("studio.show_export", _("Export")),
        ),
    ),
)


def header(workspace: Workspace, folder: CourseFolder | None, current: str) -> CourseHeader:
    """Return the head of a page; `current` is the endpoint of its tab."""
    source = folder.course.source_language if folder else "en"
    text = folder.texts.get(source) if folder else None
    group = _group_of(current)
    return CourseHeader(
        code=workspace.code,
        title=text.title if text else workspace.slug,
        lang=source,
        dir=direction(source),
        href=url_for("studio.show_outline", course=workspace.slug),
        groups=[_group_link(workspace, other, is_current=other is group) for other in GROUPS],
        tabs=[_link(workspace, tab, "page" if tab.endpoint == current else "") for tab in group.tabs],
    )


def _group_of(endpoint: str) -> TabGroup:
    return next(group for group in GROUPS if any(tab.endpoint == endpoint for tab in group.tabs))


def _link(workspace: Workspace, tab: Tab, current: str) -> TabLink:
    return TabLink(str(tab.label), url_for(tab.endpoint, course=workspace.slug), current)


def _group_link(workspace: Workspace, group: TabGroup, *, is_current: bool) -> TabLink:
    """Return the link of a group; the pages of a group with several pages have the mark "page" themselves."""
    current = "true" if len(group.tabs) > 1 else "page"
    return TabLink(
        str(group.label), url_for(group.tabs[0].endpoint, course=workspace.slug), current if is_current else ""
    )
