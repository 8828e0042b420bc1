"""Read translations of a draft: the parts of a course, a translated file, and earlier texts of its source."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import NoResultFound

from app.catalogue.domain.folder_names import Part
from app.catalogue.domain.library import CourseFolder
from app.catalogue.domain.text import TextFile, read
from app.catalogue.queries import versions
from app.db.session import db
from app.i18n.languages import NAMES
from app.studio.domain.translated_parts import TranslatedPart, part_of, source_blocks
from app.studio.domain.translation_blocks import EarlierTexts, Translation, split
from app.studio.models import DraftChange
from app.studio.queries import checked, drafts
from app.studio.queries.workspaces import Workspace

REVISIONS = 60  # the newest revisions of a source text in which an earlier block is searched


@dataclass(frozen=True, slots=True)
class TranslatedFile:
    """A part of a course in a language; `digest` is that of the file, "" if there is none yet."""

    part: TranslatedPart
    source_language: str
    language: str
    digest: str
    translation: Translation

    @property
    def path(self) -> str:
        """Return the path of the translation within the folder of the course."""
        return self.part.path(self.language)


def parts(folder: CourseFolder) -> list[TranslatedPart]:
    """Return the parts of a course that have a text in its source language, in the order of the course."""
    source = folder.course.source_language
    listed = [TranslatedPart(Part.TEXT)] if source in folder.texts else []
    lessons = [entry.slug for entry in folder.course.lessons]
    listed += [TranslatedPart(Part.LESSON, slug) for slug in lessons if source in folder.lessons.get(slug, {})]
    listed += _documents(folder)
    listed += [TranslatedPart(Part.BANK)] if source in folder.banks else []
    return [*listed, *(TranslatedPart(Part.SCENARIO, name) for name in sorted(folder.scenarios))]


def _documents(folder: CourseFolder) -> list[TranslatedPart]:
    own = [document for document in folder.documents.values() if not document.shared]
    source = folder.course.source_language
    return [TranslatedPart(Part.DOCUMENT, document.facts.slug) for document in own if source in document.texts]


def neighbour(folder: CourseFolder, part: TranslatedPart, step: int) -> TranslatedPart | None:
    """Return the part after (step 1) or before (step -1) another one, or None."""
    listed = parts(folder)
    index = listed.index(part) + step
    return listed[index] if 0 <= index < len(listed) else None


def part_in(workspace: Workspace, key: str, language: str) -> TranslatedPart:
    """Return a part by its name in addresses; raise NoResultFound for another part or language."""
    folder, part = checked.folder(workspace), part_of(key)
    if part not in parts(folder) or language not in NAMES or language == folder.course.source_language:
        raise NoResultFound
    return part


def translated_file(workspace: Workspace, part: TranslatedPart, language: str) -> TranslatedFile:
    """Return a part of the draft in a language, beside its source."""
    source_language = checked.folder(workspace).course.source_language
    files = drafts.texts(workspace)
    target = files.get(part.path(language))
    translation = split(
        part,
        text_of(files[part.path(source_language)]),
        None if target is None else text_of(target),
        earlier_texts(workspace.course_id, part, source_language),
    )
    digest = "" if target is None else drafts.digest_of(target)
    return TranslatedFile(part, source_language, language, digest, translation)


def languages_of(workspace: Workspace, folder: CourseFolder) -> list[str]:
    """Return the languages with a translated file in the draft, in the order of the language list."""
    written = set(drafts.file_states(workspace))
    others = [code for code in NAMES if code != folder.course.source_language]
    return [code for code in others if any(part.path(code) in written for part in parts(folder))]


def translations(
    workspace: Workspace, folder: CourseFolder, languages: Iterable[str]
) -> dict[str, dict[TranslatedPart, Translation]]:
    """Return all parts by language, without the earlier texts of their source; an absent part is all missing."""
    source, files = folder.course.source_language, drafts.texts(workspace)
    sources = {part: text_of(files[part.path(source)]) for part in parts(folder)}
    read_files = {path: text_of(content) for path, content in files.items() if path.endswith(".md")}
    return {
        language: {
            part: split(part, text, read_files.get(part.path(language)), _unknown) for part, text in sources.items()
        }
        for language in languages
    }


def text_of(content: bytes) -> str:
    """Return the text of a file as the course format reads it."""
    return read("", content)[0].text


def earlier_texts(course_id: UUID, part: TranslatedPart, source_language: str) -> EarlierTexts:
    """Return the search for earlier source blocks in the revisions of the draft and in published versions."""
    path = part.path(source_language)

    def search(hashes: Collection[str]) -> Mapping[str, str]:
        texts: dict[str, str] = {}
        for content in _contents(course_id, path):
            blocks = source_blocks(part, TextFile(path, text_of(content)).text)
            texts.update({block.hash: block.text for block in blocks if block.hash in hashes})
            if len(texts) == len(hashes):
                break
        return texts

    return search


def _contents(course_id: UUID, path: str) -> Iterator[bytes]:
    """Yield the contents of a file, the newest first: those of the draft, then those of the versions."""
    query = (
        select(DraftChange.after)
        .where(DraftChange.course_id == course_id, DraftChange.path == path, DraftChange.after.is_not(None))
        .order_by(DraftChange.number.desc())
        .limit(REVISIONS)
    )
    digests = _without_repeats(str(digest) for digest in db.session.scalars(query))
    stored = drafts.contents(digests)
    yield from (stored[digest] for digest in digests)
    yield from versions.contents_of(course_id, path)


def _without_repeats(digests: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(digests))


def _unknown(hashes: Collection[str]) -> Mapping[str, str]:
    return {}
