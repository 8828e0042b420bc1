"""Move a draft to another published version: its own after a publication, or a newer one of the console."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from app.catalogue.queries import versions
from app.db.session import db
from app.studio.domain.revisions import RevisionKind
from app.studio.domain.updates import combine
from app.studio.models import CourseDraft, DraftFile
from app.studio.queries import drafts
from app.studio.service.contents import store_files
from app.studio.service.drafts import change_files, open_draft


@dataclass(frozen=True, slots=True)
class Updated:
    """The newest revision, and the paths that both sides changed and that remain as in the draft."""

    number: int
    conflicts: tuple[str, ...]


def update_base(course_id: UUID, *, by: UUID, now: datetime) -> Updated:
    """Combine the draft with a version that was published after the draft was opened, as a new revision.

    A file that both sides changed at the same lines remains as it is in the draft. The caller checks that no review is
    open: an approved revision must not replace a version that it does not contain.
    """
    draft = open_draft(course_id, now)
    (course,) = versions.course_records({course_id})
    if course.version_id is None or course.version_id == draft.base_version_id:
        return Updated(draft.revision, ())
    base, own = drafts.base_tree(course_id), drafts.tree(course_id)
    files = versions.stored_files(course.version_id)
    published = store_files(files)
    update = combine(base, own, published, drafts.content)
    changes = {path: files[path] if isinstance(change, str) else change for path, change in update.changes.items()}
    number = change_files(course_id, changes, RevisionKind.UPDATED, by=by, now=now)
    _set_base(draft, course.version_id, published)
    return Updated(number, update.conflicts)


def set_base(draft: CourseDraft, version_id: UUID, revision: int) -> None:
    """Make a revision of the locked draft the published state: its files are unchanged from now on."""
    _set_base(draft, version_id, drafts.tree_at(draft.course_id, revision))


def _set_base(draft: CourseDraft, version_id: UUID, published: Mapping[str, str]) -> None:
    draft.base_version_id = version_id
    query = select(DraftFile).where(DraftFile.course_id == draft.course_id)
    files = {file.path: file for file in db.session.scalars(query)}
    for path in published.keys() - files.keys():
        files[path] = DraftFile(course_id=draft.course_id, path=path, revision=draft.revision)
        db.session.add(files[path])
    for path, file in files.items():
        file.base_digest = published.get(path)
        if file.digest is None and file.base_digest is None:
            db.session.delete(file)
