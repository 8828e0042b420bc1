"""Read the files in `media/` of a draft: sizes, entries, and the texts that show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from app.catalogue.domain.media import Medium, original_of
from app.catalogue.queries import versions
from app.db.session import db
from app.db.stores.media_contents import size_of
from app.studio.domain.course_edits import Files
from app.studio.domain.media_library import FOLDER, is_medium, media_of, variants_with
from app.studio.domain.media_uses import MediumUse, uses
from app.studio.models import DraftBlob, DraftFile
from app.studio.queries import drafts
from app.studio.queries.workspaces import Workspace


@dataclass(frozen=True, slots=True)
class MediumState:
    """A file in `media/`: its size in bytes, its entry (None without one), and where it is used.

    `variants` are the smaller files of a video with their sizes in bytes.
    """

    name: str
    size: int
    entry: Medium | None
    uses: Sequence[MediumUse]
    variants: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MediaFiles:
    """The media of a course: sizes by name, and all other files of the course by path."""

    sizes: Mapping[str, int]
    texts: Files

    @property
    def size(self) -> int:
        """Return the size of all media in bytes."""
        return sum(self.sizes.values())

    def states(self) -> list[MediumState]:
        """Return each file with its entry and its uses, by name; variants belong to their video."""
        entries = {medium.name: medium for medium in media_of(self.texts)}
        used = self.uses()
        return [
            MediumState(name, self.sizes[name], entries.get(name), used[name], self._variants(name))
            for name in sorted(self.sizes)
            if not original_of(name, self.sizes)
        ]

    def _variants(self, name: str) -> dict[str, int]:
        return {other: self.sizes[other] for other in variants_with(name, self.sizes)}

    def uses(self) -> Mapping[str, Sequence[MediumUse]]:
        """Return the uses of each file in lessons, questions and cases."""
        texts = {path: raw.decode("utf-8", "replace") for path, raw in self.texts.items() if path.endswith(".md")}
        return uses(texts, self.sizes)


def media_files(workspace: Workspace) -> MediaFiles:
    """Return the media of a draft without their contents; of the published version before a draft is opened."""
    if not workspace.revision:
        return _published_files(workspace)
    query = (
        select(DraftFile.path, DraftFile.digest, size_of(DraftBlob))
        .join(DraftBlob, DraftBlob.digest == DraftFile.digest)
        .where(DraftFile.course_id == workspace.course_id)
    )
    rows = db.session.execute(query).all()
    digests = {row[0]: str(row[1]) for row in rows if not is_medium(row[0])}
    stored = drafts.contents(digests.values())
    sizes = {row[0].removeprefix(FOLDER): row[2] for row in rows if is_medium(row[0])}
    return MediaFiles(sizes, {path: stored[digest] for path, digest in digests.items()})


def _published_files(workspace: Workspace) -> MediaFiles:
    files = versions.stored_files(workspace.version_id) if workspace.version_id else {}
    sizes = {path.removeprefix(FOLDER): file.size for path, file in files.items() if is_medium(path)}
    texts = {path: file.read() for path, file in files.items() if not is_medium(path)}
    return MediaFiles(sizes, texts)
