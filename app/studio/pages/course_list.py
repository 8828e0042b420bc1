"""View model of /teaching/courses: the courses that a user writes or reviews."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from flask import url_for
from flask_babel import gettext as _, ngettext

from app.access.policy import Actor
from app.catalogue.domain.library import CourseFolder
from app.catalogue.domain.versions import VersionState
from app.catalogue.queries import versions
from app.i18n.languages import direction
from app.studio import labels
from app.studio.queries import checked, drafts, reviews, workspaces
from app.studio.queries.workspaces import Workspace
from app.web.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseLine:
    """A course in the list; `word` and `kind` are the state of its draft."""

    title: str
    lang: str
    dir: str
    href: str
    sub: str
    word: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseListPage(Page):
    """The courses of a trainer or a reviewer."""

    template: ClassVar[str] = "studio/courses.html"
    courses: Sequence[CourseLine]
    new_url: str


def page(actor: Actor) -> CourseListPage:
    """Return the courses that the actor writes or reviews."""
    lines = [_line(actor, workspace) for workspace in workspaces.workspaces(actor)]
    return CourseListPage(courses=lines, new_url=url_for("studio.new_course"))


def _line(actor: Actor, workspace: Workspace) -> CourseLine:
    folder = checked.checked(workspace).folder
    source = folder.course.source_language if folder else "en"
    word, kind = _state(workspace)
    parts = [workspace.code, _version(workspace), labels.sensitivity(workspace.sensitivity)]
    if actor.id not in workspace.trainers:
        parts.append(_("You review it"))
    return CourseLine(
        title=title_of(workspace, folder),
        lang=source,
        dir=direction(source),
        href=url_for("studio.show_outline", course=workspace.slug),
        sub=". ".join(parts),
        word=word,
        kind=kind,
    )


def title_of(workspace: Workspace, folder: CourseFolder | None) -> str:
    """Return the title of a course in its source language, or its slug."""
    text = folder.texts.get(folder.course.source_language) if folder else None
    return text.title if text else workspace.slug


def _version(workspace: Workspace) -> str:
    return _("Version %(n)s", n=workspace.number) if workspace.number else _("Not published yet")


def _state(workspace: Workspace) -> tuple[str, str]:
    if reviews.open_review(workspace.course_id):
        return _("In review"), "wait"
    states = drafts.file_states(workspace).values() if workspace.revision else ()
    changed = sum(state.digest != state.base_digest for state in states)
    if changed:
        return ngettext("%(num)s file changed", "%(num)s files changed", changed), "here"
    if workspace.version_id is None:
        return _("Empty"), "none"
    if versions.is_retired(workspace.version_id):
        word, kind = labels.VERSIONS[VersionState.RETIRED]
        return str(word), kind
    return _("Published"), "good"
