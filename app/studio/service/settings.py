"""Save the settings of a course, unless another user changed some of them since the page was opened."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.kernel.errors import DomainError
from app.studio.domain import course_settings, question_use
from app.studio.domain.course_edits import COURSE_FILE, Files, facts_of
from app.studio.domain.course_settings import CourseSettings
from app.studio.domain.revisions import RevisionKind
from app.studio.queries import checked, drafts
from app.studio.queries.workspaces import Workspace
from app.studio.service.courses import draft_texts
from app.studio.service.drafts import change_files, open_draft


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsSave:
    """Settings to save; `opened` and `opened_text` are the digests of the two files that the user began from."""

    settings: CourseSettings
    opened: str
    opened_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsConflict:
    """Nothing was saved. `combined`: own settings with those that only others changed; `names`: changed by others."""

    combined: CourseSettings
    names: Sequence[str]
    person_id: UUID | None


def save_settings(workspace: Workspace, save: SettingsSave, *, by: UUID, now: datetime) -> int | SettingsConflict:
    """Save settings and return the number of the revision, or return what another user changed meanwhile.

    Raises DomainError if the page is too old, or if a text cannot be written as it is.
    """
    open_draft(workspace.course_id, now)
    files = draft_texts(workspace)
    base = course_settings.settings_of(_opened_files(workspace.course_id, files, save))
    theirs = course_settings.settings_of(files)
    names = course_settings.differences(base, theirs)
    if names:
        combined = course_settings.combined(base, save.settings, theirs)
        return SettingsConflict(combined=combined, names=names, person_id=_last_author(workspace, files))
    changes = course_settings.changes(files, save.settings)
    return change_files(workspace.course_id, changes, RevisionKind.SAVED, by=by, now=now)


def add_to_test(workspace: Workspace, *, by: UUID, now: datetime) -> int:
    """Let the test draw the questions that no test or lesson uses, a new one if need be; return the revision.

    Raises DomainError if the test can draw none of them.
    """
    open_draft(workspace.course_id, now)
    changes = question_use.add_to_test(draft_texts(workspace), checked.folder_of_texts(workspace))
    return change_files(workspace.course_id, changes, RevisionKind.SAVED, by=by, now=now)


def _opened_files(course_id: UUID, files: Files, save: SettingsSave) -> dict[str, bytes]:
    """Return the files with the two that the user began from."""
    digests = {COURSE_FILE: save.opened, course_settings.text_path(facts_of(files)): save.opened_text}
    opened = {path: content for path, content in files.items() if path not in digests}
    for path, digest in digests.items():
        if not digest:
            continue
        content = drafts.opened(course_id, path, digest)
        if content is None:
            raise DomainError("This page is too old to be saved. Copy your text, then open the page again.")
        opened[path] = content
    return opened


def _last_author(workspace: Workspace, files: Files) -> UUID | None:
    """Return the author of the last change of the two files."""
    paths = (COURSE_FILE, course_settings.text_path(facts_of(files)))
    last = [line for path in paths for line in drafts.revisions(workspace.course_id, path=path, limit=1)]
    return max(last, key=lambda line: line.number).author_id if last else None
