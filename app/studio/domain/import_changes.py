"""Add imported questions and lessons to a course, with their pictures.

As in `course_edits`, each function takes the files of a course (by path within its folder) and returns the files to
write.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.catalogue.domain.course_reader import read_course_text
from app.catalogue.domain.folder_names import Part, path_in_course
from app.catalogue.domain.item_writer import write_bank
from app.catalogue.domain.items import Bank, Item
from app.catalogue.domain.media import Medium, read_media, write_media
from app.catalogue.domain.text import TextFile, normalise, read
from app.kernel.errors import DomainError
from app.studio.domain import bank_text
from app.studio.domain.course_edits import Changes, Files, add_lesson, facts_of
from app.studio.domain.exchange.word_lesson import ImportedLesson
from app.studio.domain.import_content import ImportContent, renamed_pictures, with_pictures

WORDS_A_MINUTE = 140  # of a reader in a third language
_MEDIA_FILES = ("media.toml", "media/media.toml")
_MARKED = re.compile(r"[\\`*_\[\]<>]")  # in the description of a picture
_BANK = re.compile(r"test\.[A-Za-z-]+\.md")


@dataclass(frozen=True, slots=True)
class MediaRights:
    """Licence and author of the pictures of an import."""

    licence: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True)
class NewPicture:
    """A picture without metadata, its description in the language of the lesson, and its rights."""

    name: str
    content: bytes
    description: str
    rights: MediaRights


def new_ids(files: Files, published: Files) -> Iterator[str]:
    """Yield the ids of new questions: none that the draft or the published version has or has retired."""
    facts = facts_of(files)
    used = set(facts.retired)
    for content in (*_banks(files), *_banks(published)):
        used |= bank_text.spans(normalise(content.decode("utf-8", "replace"))).keys()
    while True:
        try:
            item_id = bank_text.next_id(facts.id, used)
        except DomainError:
            return
        used.add(item_id)
        yield item_id


def _banks(files: Files) -> list[bytes]:
    return [content for path, content in files.items() if _BANK.fullmatch(path)]


def import_changes(files: Files, content: ImportContent, rights: MediaRights) -> Changes:
    """Return the files with the questions and lessons of an import at their ends, and with its pictures."""
    names = _media_names(files, content.pictures)
    changes = _picture_changes(files, content.pictures, names, rights)
    items = [with_pictures(question.item, _changed(names)) for question in content.questions]
    return changes | _question_changes(files, items) | _lesson_changes(files, content.lessons, _changed(names))


def add_picture(files: Files, path: str, picture: NewPicture) -> Changes:
    """Return the files with a picture at the end of the lesson at a path.

    Raises DomainError if the lesson was removed, or if `media.toml` has mistakes.
    """
    if path not in files:
        raise DomainError("This lesson was removed by another user.")
    names = _media_names(files, {picture.name: picture.content})
    text = normalise(files[path].decode("utf-8", "replace")).rstrip("\n")
    description = _MARKED.sub(r"\\\g<0>", picture.description)
    changes = _picture_changes(files, {picture.name: picture.content}, names, picture.rights)
    return {**changes, path: f"{text}\n\n![{description}](../media/{names[picture.name]})\n".encode()}


def _media_names(files: Files, pictures: Mapping[str, bytes]) -> dict[str, str]:
    """Return the new name of each picture: another file of the course never has it, an equal picture may."""
    names: dict[str, str] = {}
    for name, content in pictures.items():
        stem, _, ending = name.rpartition(".")
        number, new_name = 1, name
        while new_name in names.values() or files.get(f"media/{new_name}", content) != content:
            number += 1
            new_name = f"{stem}-{number}.{ending}"
        names[name] = new_name
    return names


def _changed(names: Mapping[str, str]) -> dict[str, str]:
    return {name: new_name for name, new_name in names.items() if new_name != name}


def _picture_changes(
    files: Files, pictures: Mapping[str, bytes], names: Mapping[str, str], rights: MediaRights
) -> Changes:
    added = {names[name]: content for name, content in pictures.items() if f"media/{names[name]}" not in files}
    if not added:
        return {}
    changes: Changes = {f"media/{name}": content for name, content in added.items()}
    return changes | _media_file(files, sorted(added), rights)


def _media_file(files: Files, names: Sequence[str], rights: MediaRights) -> Changes:
    """Return `media.toml` with an entry for each of these pictures; its comments and order remain."""
    path = next((path for path in _MEDIA_FILES if path in files), _MEDIA_FILES[0])
    original = files.get(path, b"").decode("utf-8", "replace")
    media, problems = read_media(TextFile(path, original)) if original else ((), [])
    if problems:
        raise DomainError("media.toml has mistakes. Correct it on the page of the media first.")
    named = {medium.name for medium in media}
    new_media = [Medium(name, rights.licence, rights.author) for name in names if name not in named]
    return {path: write_media((*media, *new_media), original).encode()}


def _question_changes(files: Files, items: Sequence[Item]) -> Changes:
    if not items:
        return {}
    path = path_in_course(Part.BANK, facts_of(files).source_language)
    before = normalise(files.get(path, b"").decode("utf-8", "replace")).rstrip("\n")
    opening = before if before.strip() else f"# {_title(files)}"
    after = f"{opening}\n\n{write_bank(Bank(tuple(items)))}"
    if list(bank_text.spans(after)) != [*bank_text.spans(before), *(item.id for item in items)]:
        raise DomainError("Another question has code that is not closed. Correct it first, as plain text.")
    return {path: after.encode()}


def _title(files: Files) -> str:
    """Return the title of a new file of questions: that of the course."""
    facts = facts_of(files)
    content = files.get(path_in_course(Part.TEXT, facts.source_language), b"")
    return read_course_text(read("", content)[0])[0].title or facts.id


def _lesson_changes(files: Files, lessons: Sequence[ImportedLesson], names: Mapping[str, str]) -> Changes:
    changes: Changes = {}
    current = dict(files)
    for lesson in lessons:
        body = renamed_pictures(lesson.body_markdown, names, "../media/")
        minutes = max(1, min(600, round(len(body.split()) / WORDS_A_MINUTE)))
        new_files = add_lesson(current, lesson.title, minutes, body)[1]
        changes |= new_files
        current |= {path: content for path, content in new_files.items() if content is not None}
    return changes
