"""View model of /teaching/courses/<course>/history: saved revisions, and what differs between two of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import ClassVar
from urllib.parse import urlencode

from flask import url_for
from flask_babel import gettext as _

from app.access.policy import Action, Actor, allows
from app.catalogue.domain.library import CourseFolder
from app.identity.queries import people
from app.studio import labels
from app.studio.domain.file_changes import ChangedFile
from app.studio.domain.revisions import RevisionKind, Tree, can_restore, can_undo, reversal
from app.studio.pages import header
from app.studio.pages.diffs import Diff, diff
from app.studio.pages.files import change_name, word_counts
from app.studio.pages.header import CourseHeader
from app.studio.queries import changes, checked, drafts
from app.studio.queries.drafts import RevisionLine
from app.studio.queries.removed_lessons import with_removed_lessons
from app.studio.queries.workspaces import Workspace
from app.web.pages import Page

TAB = "studio.show_history"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two revisions and a file, as the address of the page names them; a number 0 or a path "": not chosen.

    With `is_with_published` the draft as it is now is compared with the published version.
    """

    before: int = 0
    after: int = 0
    path: str = ""
    is_with_published: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RevisionRow:
    """A revision; its links are "" where the user may not use them."""

    number: int
    change: str
    note: str
    author: str
    at: datetime
    files: Sequence[str]
    compare_href: str
    restore_href: str
    undo_href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedFile:
    """A file that differs between two revisions."""

    name: str
    href: str
    change: str
    word_counts: str
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedRevisions:
    """The files that differ between two revisions, and the selected one before and after; its path "" without one."""

    title: str
    files: Sequence[ComparedFile]
    path: str
    name: str
    diff: Diff | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPage(Page):
    """Revisions, the newest first; `paths` are the files to filter by, `numbers` the revisions to compare."""

    template: ClassVar[str] = "studio/history.html"
    head: CourseHeader
    revisions: Sequence[RevisionRow]
    paths: Sequence[tuple[str, str]]
    numbers: Sequence[tuple[str, str]]
    selected: Comparison
    published_href: str
    compared: ComparedRevisions | None


def page(actor: Actor, workspace: Workspace, selected: Comparison) -> HistoryPage:
    """Return the revisions of a draft, and the comparison that the address names."""
    folder = checked.checked(workspace).folder
    names = with_removed_lessons(workspace.course_id, folder)
    lines = drafts.revisions(workspace.course_id, path=selected.path or None)
    can_write = allows(actor, Action.WRITE_COURSE, workspace)
    return HistoryPage(
        head=header.header(workspace, folder, TAB),
        revisions=_rows(workspace, lines, names, path=selected.path, can_write=can_write),
        paths=[(path, labels.file_name(path, names)) for path in drafts.file_states(workspace)],
        numbers=[(str(line.number), str(line.number)) for line in drafts.revisions(workspace.course_id)],
        selected=selected,
        published_href=_published_href(workspace.slug, "") if workspace.revision and workspace.version_id else "",
        compared=_compared(workspace, selected, names),
    )


def _rows(
    workspace: Workspace, lines: Sequence[RevisionLine], folder: CourseFolder | None, *, path: str, can_write: bool
) -> list[RevisionRow]:
    aliases = people.names({line.author_id for line in lines if line.author_id})
    paths = drafts.changed_paths(workspace.course_id, [line.number for line in lines])
    tree = drafts.tree(workspace.course_id)
    rows = []
    for line in lines:
        files = _file_names(line, paths.get(line.number, ()), folder)
        author = aliases.get(line.author_id, "") if line.author_id else ""
        row = _row(workspace, line, files, path=path, author=author, is_undoable=_is_undoable(workspace, line, tree))
        rows.append(row if can_write else replace(row, restore_href="", undo_href=""))
    return rows


def _is_undoable(workspace: Workspace, line: RevisionLine, tree: Tree) -> bool:
    """Return whether a revision is an import of which some file is still as it was imported."""
    return can_undo(line.kind) and bool(reversal(drafts.changes(workspace.course_id, line.number), tree)[0])


def _row(
    workspace: Workspace, line: RevisionLine, files: Sequence[str], *, path: str, author: str, is_undoable: bool
) -> RevisionRow:
    is_restorable = can_restore(line.number, workspace.revision)
    return RevisionRow(
        number=line.number,
        change=str(labels.REVISIONS[line.kind]),
        note=line.note,
        author=author,
        at=line.made_at,
        files=files,
        compare_href=compare_href(workspace.slug, line.number - 1, line.number, path) if line.number > 1 else "",
        restore_href=_step_href("studio.confirm_restore", workspace, line, path) if is_restorable else "",
        undo_href=_step_href("studio.confirm_undo", workspace, line, "") if is_undoable else "",
    )


def _file_names(line: RevisionLine, paths: Sequence[str], folder: CourseFolder | None) -> list[str]:
    """Return the names of the changed files; the copy of the published version has all of them."""
    return [] if line.kind is RevisionKind.OPENED else [labels.file_name(path, folder) for path in paths]


def _step_href(endpoint: str, workspace: Workspace, line: RevisionLine, path: str) -> str:
    """Return the page that asks before a step."""
    return url_for(endpoint, course=workspace.slug, number=line.number, path=path or None)


def compare_href(course: str, before: int, after: int, path: str) -> str:
    query = urlencode({"from": before, "to": after} | ({"path": path} if path else {}))
    return f"{url_for('studio.show_history', course=course)}?{query}#compared"


def _published_href(course: str, path: str) -> str:
    return url_for("studio.show_history", course=course, published="yes", path=path or None, _anchor="compared")


def _compared(workspace: Workspace, selected: Comparison, folder: CourseFolder | None) -> ComparedRevisions | None:
    if selected.is_with_published and workspace.revision:
        files = changes.unpublished(workspace.course_id)
        return _comparison(workspace, selected, files, folder, title=_("Published version and draft"))
    if selected.before and selected.after:
        before, after = (drafts.tree_at(workspace.course_id, n) for n in (selected.before, selected.after))
        title = _("Versions %(before)s and %(after)s", before=selected.before, after=selected.after)
        return _comparison(workspace, selected, changes.changed_files(before, after), folder, title=title)
    return None


def _comparison(
    workspace: Workspace,
    selected: Comparison,
    files: Sequence[ChangedFile],
    folder: CourseFolder | None,
    *,
    title: str,
) -> ComparedRevisions:
    current = _selected(files, selected.path)
    return ComparedRevisions(
        title=title,
        files=[_compared_file(file, folder, workspace.slug, selected, is_current=file is current) for file in files],
        path=current.path if current else "",
        name=labels.file_name(current.path, folder) if current else "",
        diff=diff(current) if current else None,
    )


def _selected(files: Sequence[ChangedFile], path: str) -> ChangedFile | None:
    """Return the file with the path; without a path the first one."""
    if path:
        return next((file for file in files if file.path == path), None)
    return files[0] if files else None


def _compared_file(
    file: ChangedFile, folder: CourseFolder | None, course: str, selected: Comparison, *, is_current: bool
) -> ComparedFile:
    published_href = _published_href(course, file.path)
    numbers_href = compare_href(course, selected.before, selected.after, file.path)
    return ComparedFile(
        name=labels.file_name(file.path, folder),
        href=published_href if selected.is_with_published else numbers_href,
        change=change_name(file),
        word_counts=word_counts(file),
        is_current=is_current,
    )
