"""View model of the pages that ask before a revision is restored or undone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from flask import url_for

from app.identity.queries import people
from app.studio import labels
from app.studio.domain.revisions import reversal
from app.studio.pages import header
from app.studio.pages.files import FileLine, file_lines
from app.studio.pages.header import CourseHeader
from app.studio.queries import changes, checked, drafts
from app.studio.queries.drafts import RevisionLine
from app.studio.queries.removed_lessons import with_removed_lessons
from app.studio.queries.workspaces import Workspace
from app.web.pages import Page

TAB = "studio.show_history"


@dataclass(frozen=True, slots=True, kw_only=True)
class RestorePage(Page):
    """The files that change if a revision is restored or undone; `left` are changed again since and remain.

    `path` is the only file to restore, "" for all.
    """

    template: ClassVar[str] = "studio/restore.html"
    head: CourseHeader
    is_undo: bool
    number: int
    change: str
    author: str
    at: datetime
    files: Sequence[FileLine]
    left: Sequence[str]
    path: str
    action: str
    back_href: str


def restore_page(workspace: Workspace, line: RevisionLine, path: str) -> RestorePage:
    """Return the question whether a revision, or one file of it, is restored."""
    before, after = drafts.tree(workspace.course_id), drafts.tree_at(workspace.course_id, line.number)
    if path:
        after = {name: digest for name, digest in before.items() if name != path} | {
            name: digest for name, digest in after.items() if name == path
        }
    return _page(workspace, line, before, after, is_undo=False, path=path, left=())


def undo_page(workspace: Workspace, line: RevisionLine) -> RestorePage:
    """Return the question whether a revision is undone."""
    before = drafts.tree(workspace.course_id)
    undone, left = reversal(drafts.changes(workspace.course_id, line.number), before)
    after = dict(before)
    for change in undone:
        if change.after is None:
            after.pop(change.path)
        else:
            after[change.path] = change.after
    return _page(workspace, line, before, after, is_undo=True, path="", left=left)


def _page(
    workspace: Workspace,
    line: RevisionLine,
    before: dict[str, str],
    after: dict[str, str],
    *,
    is_undo: bool,
    path: str,
    left: Sequence[str],
) -> RestorePage:
    folder = checked.checked(workspace).folder
    names = with_removed_lessons(workspace.course_id, folder)
    author_ids = [line.author_id] if line.author_id else []
    endpoint = "studio.undo_revision" if is_undo else "studio.restore_revision"
    return RestorePage(
        head=header.header(workspace, folder, TAB),
        is_undo=is_undo,
        number=line.number,
        change=str(labels.REVISIONS[line.kind]),
        author="".join(people.names(author_ids).values()),
        at=line.made_at,
        files=file_lines(changes.changed_files(before, after), names, workspace.slug),
        left=[labels.file_name(name, names) for name in left],
        path=path,
        action=url_for(endpoint, course=workspace.slug),
        back_href=url_for("studio.show_history", course=workspace.slug),
    )
