"""Save, add, copy, retire and bulk-edit the questions of a draft; other questions are never changed unseen."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.catalogue.domain.folder_names import Name, Part, name_of
from app.catalogue.domain.text import normalise
from app.db.session import record
from app.kernel.errors import DomainError
from app.studio.domain import bank_changes, bank_text, question_use
from app.studio.domain.course_edits import Changes, Files
from app.studio.domain.revisions import RevisionKind
from app.studio.events import QuestionKeyViewed
from app.studio.queries import drafts
from app.studio.queries.workspaces import Workspace
from app.studio.service.contents import store_contents
from app.studio.service.drafts import Conflict, FileSave, SavedFile, change_files, note_base, open_draft, save_file

_PARTS = frozenset({Part.COURSE, Part.TEXT, Part.LESSON, Part.BANK})


@dataclass(frozen=True, slots=True)
class QuestionSave:
    """The text that a user sends for a question; `opened` is the digest of the bank that the user began from."""

    item_id: str
    text: str
    opened: str
    is_automatic: bool = False


def save_question(workspace: Workspace, save: QuestionSave, *, by: UUID, now: datetime) -> SavedFile | Conflict:
    """Save the text of a question; changes of other users at other lines of the bank are combined with it.

    Raises DomainError if the text is not this one question, or if the page is too old.
    """
    open_draft(workspace.course_id, now)
    path = bank_changes.bank_path(_files(workspace))
    base = drafts.opened(workspace.course_id, path, save.opened)
    if base is None:
        raise DomainError("This page is too old to be saved. Copy your text, then open the page again.")
    text = bank_text.with_item(base.decode("utf-8", "replace"), save.item_id, save.text)
    file_save = FileSave(path, text, save.opened, is_automatic=save.is_automatic)
    return save_file(workspace.course_id, file_save, by=by, now=now)


def own_base(workspace: Workspace, result: SavedFile, save: QuestionSave, *, now: datetime) -> str:
    """Return the digest from which the form of a saved question goes on: the bank with the text that the form has.

    Changes of another user that were combined are in the bank only, so the next save combines them again.
    """
    text = bank_text.with_item(result.content.decode(), save.item_id, save.text)
    content = normalise(text).encode()
    digest = store_contents([content])[content]
    if digest != result.digest:
        note_base(workspace.course_id, bank_changes.bank_path(_files(workspace)), digest, now=now)
    return digest


def add_question(workspace: Workspace, text: str, *, by: UUID, now: datetime) -> str:
    """Add a question at the end of the bank and return its id, which replaces the one in the text."""
    return _add(workspace, lambda files, published: bank_changes.add_item(files, text, published), by, now)


def copy_question(workspace: Workspace, item_id: str, *, by: UUID, now: datetime) -> str:
    """Add a copy of a question as the other parallel form and return its id."""
    return _add(workspace, lambda files, published: bank_changes.copy_item(files, item_id, published), by, now)


def retire_question(workspace: Workspace, item_id: str, *, by: UUID, now: datetime) -> None:
    """Remove a question from the draft in all languages; its id is never used again.

    Raises DomainError while a lesson asks it.
    """
    open_draft(workspace.course_id, now)
    changes = bank_changes.retire_item(_files(workspace), item_id)
    change_files(workspace.course_id, changes, RevisionKind.REMOVED, by=by, now=now, note=item_id)


def change_keys(
    workspace: Workspace, item_ids: Collection[str], values: Mapping[str, str], *, by: UUID, now: datetime
) -> None:
    """Give some questions other values of keys; an empty value removes the key."""
    open_draft(workspace.course_id, now)
    changes = bank_changes.change_keys(_files(workspace), item_ids, values)
    change_files(workspace.course_id, changes, RevisionKind.SAVED, by=by, now=now)


def ask_in_lesson(workspace: Workspace, slug: str, item_ids: Sequence[str], *, by: UUID, now: datetime) -> None:
    """Ask questions at the end of a lesson. Raises DomainError if the lesson or a question was removed."""
    open_draft(workspace.course_id, now)
    changes = question_use.ask_in_lesson(_files(workspace), slug, item_ids)
    change_files(workspace.course_id, changes, RevisionKind.SAVED, by=by, now=now)


def record_view(workspace: Workspace, item_id: str, now: datetime) -> None:
    """Record that a user views a question, or a file with all of them, with keys; a page shows it only after that."""
    record(QuestionKeyViewed(at=now, course_id=workspace.course_id, item=item_id))


def _add(workspace: Workspace, edit: Callable[[Files, str], tuple[str, Changes]], by: UUID, now: datetime) -> str:
    open_draft(workspace.course_id, now)
    files = _files(workspace)
    item_id, changes = edit(files, _published(workspace, bank_changes.bank_path(files)))
    change_files(workspace.course_id, changes, RevisionKind.ADDED, by=by, now=now, note=item_id)
    return item_id


def _files(workspace: Workspace) -> Files:
    """Return the texts of the locked draft that an edit of questions reads."""
    digests = {path: digest for path, digest in drafts.tree(workspace.course_id).items() if _is_read(path)}
    contents = drafts.contents(digests.values())
    return {path: contents[digest] for path, digest in digests.items()}


def _is_read(path: str) -> bool:
    name = name_of(f"course/{path}")
    return isinstance(name, Name) and name.part in _PARTS


def _published(workspace: Workspace, path: str) -> str:
    """Return the published questions: their ids are used, even if the draft no longer has them."""
    state = drafts.draft_states(workspace.course_id).get(path)
    if state is None or state.base_digest is None:
        return ""
    return normalise(drafts.content(state.base_digest).decode("utf-8", "replace"))
