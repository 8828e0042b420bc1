"""Add a picture of a trainer to a lesson: written again without metadata, with its entry in `media.toml`."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.kernel.errors import DomainError
from app.studio.domain.course_edits import slug_of
from app.studio.domain.import_changes import MediaRights, NewPicture, add_picture
from app.studio.domain.pictures import RefusedPictureError, clean_picture
from app.studio.domain.revisions import RevisionKind
from app.studio.queries import drafts
from app.studio.queries.workspaces import Workspace
from app.studio.service.drafts import change_files, open_draft


@dataclass(frozen=True, slots=True)
class UploadedPicture:
    """A picture as a user sends it."""

    file_name: str
    content: bytes
    description: str
    rights: MediaRights


def cleaned(upload: UploadedPicture) -> NewPicture:
    """Return a picture without metadata, under a name of letters and digits.

    Raises DomainError if it is not a picture of a usable type and size.
    """
    try:
        picture = clean_picture(upload.content)
    except RefusedPictureError as error:
        raise DomainError(error.message) from error
    name = f"{slug_of(upload.file_name.rpartition('.')[0], fallback='picture')}.{picture.kind}"
    return NewPicture(name, picture.content, upload.description, upload.rights)


def add_to_lesson(workspace: Workspace, path: str, picture: NewPicture, *, by: UUID, now: datetime) -> None:
    """Save a picture at the end of the lesson at a path. Raises DomainError if the lesson was removed."""
    open_draft(workspace.course_id, now)
    changes = add_picture(drafts.files(workspace), path, picture)
    change_files(workspace.course_id, changes, RevisionKind.ADDED, by=by, now=now, note=picture.name)
