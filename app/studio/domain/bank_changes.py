"""Changes of the questions of a course: added, copied, retired, other keys.

As in `course_edits`, each function takes the files of a course (by path within its folder) and returns the files to
write; None deletes.
"""

import re
from collections.abc import Collection, Mapping

import msgspec

from app.catalogue.domain.course_reader import read_course_text
from app.catalogue.domain.folder_names import Name, Part, name_of, path_in_course
from app.catalogue.domain.item_reader import read_bank
from app.catalogue.domain.item_writer import blocks_of_bank
from app.catalogue.domain.items import Bank
from app.catalogue.domain.lesson_outline import scan
from app.catalogue.domain.lessons import BlockType
from app.catalogue.domain.text import TextFile, normalise, read
from app.catalogue.domain.translations import block_hash, cut_front
from app.kernel.errors import DomainError
from app.studio.domain import bank_keys, bank_text
from app.studio.domain.course_edits import Changes, Files, facts_of, with_facts

_FOLLOWS = re.compile(r"^follows:.*$", re.MULTILINE)


def bank_path(files: Files) -> str:
    """Return the path of the questions in the source language. Raises DomainError if `course.toml` cannot be used."""
    return path_in_course(Part.BANK, facts_of(files).source_language)


def source_bank(files: Files) -> str | None:
    """Return the text of the questions in the source language, None if there is none yet."""
    content = files.get(bank_path(files))
    return None if content is None else normalise(content.decode("utf-8", "replace"))


def next_id(files: Files, published: str = "") -> str:
    """Return the id of the next question; `published` is the text of the published questions."""
    facts = facts_of(files)
    texts = [published, *(files[path].decode("utf-8", "replace") for path in _banks(files))]
    used = [item_id for text in texts for item_id in bank_text.spans(text)]
    return bank_text.next_id(facts.id, [*used, *facts.retired])


def add_item(files: Files, text: str, published: str = "") -> tuple[str, Changes]:
    """Return the id of a new last question, and the files to write; the id in the text is replaced by the next one."""
    item_id = next_id(files, published)
    _, newline, body = normalise(text).lstrip("\n").partition("\n")
    written = f"{bank_text.HEADING}{item_id}{newline}{body}"
    added = bank_text.add_item(source_bank(files), written, title=_title(files))
    return item_id, {bank_path(files): added.encode()}


def copy_item(files: Files, item_id: str, published: str = "") -> tuple[str, Changes]:
    """Return the id of a copy of a question as the other parallel form, and the files to write."""
    new_id = next_id(files, published)
    copied = bank_keys.duplicate(source_bank(files) or "", item_id, new_id)
    return new_id, {bank_path(files): copied.encode()}


def change_keys(files: Files, item_ids: Collection[str], values: Mapping[str, str]) -> Changes:
    """Return the questions with other values of keys in some of them."""
    text = source_bank(files) or ""
    for key, value in values.items():
        text = bank_keys.with_keys(text, item_ids, key, value)
    return {bank_path(files): text.encode()}


def retire_item(files: Files, item_id: str) -> Changes:
    """Return the files without a question in any language; its id is never used again.

    Raises DomainError while a lesson asks the question. Translations no longer follow it, so that they stay current.
    """
    lessons = lessons_with(files, item_id)
    if lessons:
        raise DomainError("The lesson %(lesson)s asks this question. Remove it there first.", lesson=lessons[0])
    facts = facts_of(files)
    retired = tuple(dict.fromkeys((*facts.retired, item_id)))
    changes = with_facts(files, msgspec.structs.replace(facts, retired=retired))
    text = source_bank(files) or ""
    remaining = bank_text.without_item(text, item_id)
    if not bank_text.spans(remaining):
        return {**changes, **dict.fromkeys(_banks(files))}
    changes[bank_path(files)] = remaining.encode()
    bank = read_bank(TextFile("", text))[0]
    for path in _banks(files):
        translated = normalise(files[path].decode("utf-8", "replace"))
        if path not in changes and item_id in bank_text.spans(translated):
            changes[path] = bank_text.without_item(_without_hash(translated, bank, item_id), item_id).encode()
    return changes


def lessons_with(files: Files, item_id: str) -> list[str]:
    """Return the slugs of the lessons that ask a question."""
    slugs = []
    for path, content in sorted(files.items()):
        name = name_of(f"course/{path}")
        if isinstance(name, Name) and name.part is Part.LESSON and name.name not in slugs:
            outline, _ = scan(read(path, content)[0])
            if item_id in {block.title for block in outline.titles(BlockType.CHECK)}:
                slugs.append(name.name)
    return slugs


def _without_hash(translated: str, bank: Bank, item_id: str) -> str:
    """Return a translation whose header no longer follows an item; unchanged if its position is not certain."""
    front = cut_front(TextFile("", translated))[0]
    positions = [index for index, item in enumerate(bank.items) if item.id == item_id]
    if front is None or not positions:
        return translated
    blocks = blocks_of_bank(bank)
    position = positions[0] + len(blocks) - len(bank.items)
    follows = list(front.follows)
    if block_hash(blocks[position]) in follows:
        follows.remove(block_hash(blocks[position]))
    elif len(follows) == len(blocks):
        del follows[position]
    return _FOLLOWS.sub(f"follows: {' '.join(follows)}".rstrip(), translated, count=1)


def _banks(files: Files) -> list[str]:
    names = {path: name_of(f"course/{path}") for path in sorted(files)}
    return [path for path, name in names.items() if isinstance(name, Name) and name.part is Part.BANK]


def _title(files: Files) -> str:
    """Return the title of a new file of questions: that of the course."""
    facts = facts_of(files)
    content = files.get(path_in_course(Part.TEXT, facts.source_language), b"")
    return read_course_text(read("", content)[0])[0].title or facts.id
