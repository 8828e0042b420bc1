"""Add, replace, describe and remove the media of a draft; each change is one revision."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from app.catalogue.domain.media import captions_of, original_of
from app.kernel.errors import DomainError
from app.studio.domain.course_edits import Changes, facts_of
from app.studio.domain.media_kinds import CleanMedium
from app.studio.domain.media_library import (
    MediumFacts,
    captions_with,
    check_space,
    described,
    markdown_of,
    medium_path,
    new_name,
    variants_with,
    video_of,
    without,
)
from app.studio.domain.revisions import RevisionKind
from app.studio.queries import drafts, media
from app.studio.queries.drafts import digest_of
from app.studio.queries.media import MediaFiles
from app.studio.queries.workspaces import Workspace
from app.studio.service.drafts import change_files, open_draft
from app.studio.service.video_variants import convert_again


@dataclass(frozen=True, slots=True)
class NewMedium:
    """A cleaned file with the name that it had on the computer of the user."""

    file: CleanMedium
    file_name: str
    captions: CleanMedium | None = None  # of a video


def add_medium(workspace: Workspace, upload: NewMedium, facts: MediumFacts, *, by: UUID, now: datetime) -> str:
    """Add a file with its entry to the draft; return its name.

    Raises DomainError if the course has this file already, or has no space for it.
    """
    files = _locked(workspace, now)
    content = upload.file.content
    _refuse_copy(workspace, content)
    captions = upload.captions.content if upload.captions else b""
    check_space(files.sizes, len(content) + len(captions))
    languages = {path.split(".")[-2] for path in files.texts if path.startswith("course.") and path.endswith(".md")}
    name = new_name(upload.file_name, upload.file.ending, files.sizes, languages)
    changes: Changes = {medium_path(name): content, **described(files.texts, name, facts)}
    if captions:
        texts = {**files.texts, **{path: raw for path, raw in changes.items() if raw is not None}}
        changes |= {medium_path(captions_of(name)): captions, **described(texts, captions_of(name), facts)}
        convert_again(digest_of(content))
    change_files(workspace.course_id, changes, RevisionKind.ADDED, by=by, now=now, note=name)
    return name


def replace_medium(workspace: Workspace, name: str, file: CleanMedium, *, by: UUID, now: datetime) -> None:
    """Replace the content of a file; texts that show it show the new content.

    Raises DomainError for another type, for a copy of another file, or without space.
    """
    files = _existing(workspace, name, now)
    if file.ending != name.rpartition(".")[2].replace("jpeg", "jpg"):
        raise DomainError("The new file needs the same type. Add it as a new file instead.")
    _refuse_copy(workspace, file.content, replaced=name)
    check_space(files.sizes, len(file.content), replaced=name)
    changes: Changes = {medium_path(other): None for other in variants_with(name, files.sizes)}  # a job makes new ones
    changes[medium_path(name)] = file.content
    convert_again(digest_of(file.content))
    change_files(workspace.course_id, changes, RevisionKind.SAVED, by=by, now=now, note=name)


def describe_medium(workspace: Workspace, name: str, facts: MediumFacts, *, by: UUID, now: datetime) -> None:
    """Save description and rights of a file."""
    files = _existing(workspace, name, now)
    changes = described(files.texts, name, facts)
    change_files(workspace.course_id, changes, RevisionKind.SAVED, by=by, now=now, note=name)


def remove_medium(workspace: Workspace, name: str, *, by: UUID, now: datetime) -> None:
    """Remove a file with its entry. Raises DomainError if a text shows it."""
    files = _existing(workspace, name, now)
    if files.uses()[name]:
        raise DomainError("This file is used. Remove it from the texts first.")
    if original := original_of(name, files.sizes):
        raise DomainError("This is a smaller variant of %(name)s. Replace or remove the video.", name=original)
    if video := video_of(name, files.sizes):
        raise DomainError("These are the captions of %(name)s. Replace them, or remove the video.", name=video)
    changes: Changes = {}
    texts = dict(files.texts)
    for removed in (name, *captions_with(name, files.sizes), *variants_with(name, files.sizes)):
        changes |= without(texts, removed)
        texts |= {path: raw for path, raw in changes.items() if raw is not None}
    change_files(workspace.course_id, changes, RevisionKind.REMOVED, by=by, now=now, note=name)


def insert_medium(workspace: Workspace, name: str, slug: str, *, by: UUID, now: datetime) -> None:
    """Show a picture at the end of a lesson. Raises DomainError if the lesson or the picture was removed."""
    files = _existing(workspace, name, now)
    path = f"lessons/{slug}.{facts_of(files.texts).source_language}.md"
    if path not in files.texts:
        raise DomainError("This lesson was removed by another user.")
    entry = next((state.entry for state in files.states() if state.name == name), None)
    text = files.texts[path].decode("utf-8", "replace").rstrip("\n")
    changes: Changes = {path: f"{text}\n\n{markdown_of(name, entry.description if entry else '')}\n".encode()}
    change_files(workspace.course_id, changes, RevisionKind.SAVED, by=by, now=now)


def _locked(workspace: Workspace, now: datetime) -> MediaFiles:
    """Lock the draft, so that its newest files are read."""
    draft = open_draft(workspace.course_id, now)
    return media.media_files(replace(workspace, revision=draft.revision))


def _existing(workspace: Workspace, name: str, now: datetime) -> MediaFiles:
    files = _locked(workspace, now)
    if name not in files.sizes:
        raise DomainError("This file was removed by another user.")
    return files


def _refuse_copy(workspace: Workspace, content: bytes, *, replaced: str = "") -> None:
    digest = digest_of(content)
    for path, stored in drafts.tree(workspace.course_id).items():
        if stored == digest and path != medium_path(replaced):
            raise DomainError("The course has this file already: %(name)s.", name=path.removeprefix("media/"))
