"""Save blocks of a translation, and record that a second person read it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from app.catalogue.domain.problems import Problem
from app.catalogue.domain.translations import FrontState, block_hash
from app.db.session import record
from app.studio.domain.revisions import RevisionKind
from app.studio.domain.translation_blocks import (
    Translation,
    TranslationBlockState,
    accepted,
    clean,
    rebuild,
    split,
    with_target,
)
from app.studio.domain.translation_checks import structure_problem
from app.studio.events import TranslationExported
from app.studio.queries import drafts
from app.studio.queries.translations import TranslatedFile, earlier_texts, text_of
from app.studio.service.drafts import FileSave, change_files, open_draft, save_file


@dataclass(frozen=True, slots=True)
class BlockEdit:
    """A submitted block: its index, the hashes of the source and the translation that the user saw, the new text."""

    index: int
    source: str
    opened: str
    text: str
    is_accepted: bool = False


@dataclass(frozen=True, slots=True)
class BlockError:
    """Why a block was not saved; `theirs` is the text of another user who translated it meanwhile."""

    index: int
    problem: Problem
    theirs: str = ""


@dataclass(frozen=True, slots=True)
class SavedBlocks:
    """How many blocks were saved; 0 if nothing changed."""

    changed: int


def save_blocks(
    course_id: UUID,
    file: TranslatedFile,
    edits: Sequence[BlockEdit],
    *,
    by: UUID,
    now: datetime,
    kind: RevisionKind = RevisionKind.SAVED,
) -> SavedBlocks | tuple[BlockError, ...]:
    """Save the changed blocks of a translation as one revision, or nothing if one of them has an error.

    Blocks that other users saved meanwhile remain as they saved them. `file` names the part and the language.
    """
    open_draft(course_id, now)
    translation = _current(course_id, file)
    changed = [edit for edit in edits if edit.is_accepted or not _has_opened_text(edit)]
    if errors := _errors(file, translation, changed):
        return errors
    for edit in changed:
        translation = _with_edit(translation, edit)
    if changed:
        change_files(course_id, {file.path: rebuild(translation).encode()}, kind, by=by, now=now)
    return SavedBlocks(len(changed))


def autosave_blocks(
    course_id: UUID, file: TranslatedFile, edits: Sequence[BlockEdit], *, by: UUID, now: datetime
) -> tuple[BlockError, ...]:
    """Save the changed blocks without an error as an automatic save; return why others were not saved.

    The index of an error is that of the submitted block.
    """
    open_draft(course_id, now)
    translation, errors = _current(course_id, file), []
    for edit in edits:
        if _has_opened_text(edit):
            continue
        if error := _error(file, translation, edit):
            errors.append(replace(error, index=edit.index))
        else:
            translation = with_target(translation, _position(translation, edit) or 0, edit.text)
    text, opened = rebuild(translation), drafts.tree(course_id).get(file.path, "")
    if translation != _current(course_id, file):
        save_file(course_id, FileSave(file.path, text, opened, is_automatic=True), by=by, now=now)
    return tuple(errors)


def record_export(course_id: UUID, path: str, *, now: datetime) -> None:
    """Record that a translation was sent as a file: with questions, it shows most of their keys."""
    record(TranslationExported(at=now, course_id=course_id, path=path))


def sign(course_id: UUID, file: TranslatedFile, opened: str, *, by: UUID, now: datetime) -> Problem | None:
    """Record that a second person read a translation; return why this is refused, or None.

    `opened` is the digest of the file that the person read.
    """
    open_draft(course_id, now)
    if drafts.tree(course_id).get(file.path) != opened:
        message = "The translation was changed after you opened this page."
        return Problem(file.path, 1, message, "Read the changes, then confirm again.")
    translation = _current(course_id, file)
    if not translation.is_complete:
        message = "Some paragraphs are missing, or follow an earlier text of the source."
        return Problem(file.path, 1, message, "Translate or accept them first.")
    if by in drafts.authors_of_translation(course_id, file.path):
        message = "You wrote a part of this translation."
        return Problem(file.path, 1, message, "Ask another trainer or reviewer of the course to read it.")
    signed = rebuild(replace(translation, state=FrontState.REVIEWED))
    files = {file.path: signed.encode()}
    change_files(course_id, files, RevisionKind.SAVED, by=by, now=now, note=drafts.CONFIRMED)
    return None


def _current(course_id: UUID, file: TranslatedFile) -> Translation:
    """Return the translation as it is now, after the draft was locked."""
    tree = drafts.tree(course_id)
    source, target = tree[file.part.path(file.source_language)], tree.get(file.path)
    stored = drafts.contents([source, *([target] if target else [])])
    text = text_of(stored[target]) if target else None
    earlier = earlier_texts(course_id, file.part, file.source_language)
    return split(file.part, text_of(stored[source]), text, earlier)


def _has_opened_text(edit: BlockEdit) -> bool:
    return block_hash(clean(edit.text)) == edit.opened


def _with_edit(translation: Translation, edit: BlockEdit) -> Translation:
    index = _position(translation, edit)
    if index is None:
        return translation
    if edit.is_accepted and _has_opened_text(edit):
        return accepted(translation, index)
    return with_target(translation, index, edit.text)


def _position(translation: Translation, edit: BlockEdit) -> int | None:
    """Return the index of the source block that the user saw, the nearest if it occurs several times."""
    equal = [index for index, block in enumerate(translation.blocks) if block.source.hash == edit.source]
    return min(equal, key=lambda index: abs(index - edit.index), default=None)


def _errors(file: TranslatedFile, translation: Translation, edits: Sequence[BlockEdit]) -> tuple[BlockError, ...]:
    checks = [_error(file, translation, edit) for edit in edits]
    return tuple(error for error in checks if error)


def _error(file: TranslatedFile, translation: Translation, edit: BlockEdit) -> BlockError | None:
    """Return why a block cannot be saved, or None."""
    index = _position(translation, edit)
    if index is None:
        message = "The source of this paragraph was changed after you opened this page."
        return BlockError(edit.index, Problem(file.path, 1, message, "Compare both source texts, then save again."))
    block, text = translation.blocks[index], clean(edit.text)
    if block.state is TranslationBlockState.COPIED:
        message = "This block is the same in every language."
        return BlockError(index, Problem(file.path, 1, message, "Open the page again."))
    if block_hash(block.target) != edit.opened and block.target != text:
        message = "Another user translated this paragraph meanwhile."
        hint = "Nothing was overwritten. Combine both texts, then save again."
        return BlockError(index, Problem(file.path, 1, message, hint), block.target)
    problem = structure_problem(file.part, block.source, text) if text else None
    return BlockError(index, problem) if problem else None
