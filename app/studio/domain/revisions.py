"""Kinds of revisions of a draft, the changes that lead from one tree of files to another, and their reversal."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# an automatic save within this time extends the author's last automatic save of the same file
AUTOSAVE_SPAN = timedelta(minutes=10)
Tree = Mapping[str, str]  # path: digest of the content


class RevisionKind(StrEnum):
    OPENED = "opened"
    SAVED = "saved"
    AUTOSAVED = "autosaved"
    ADDED = "added"
    REMOVED = "removed"
    REORDERED = "reordered"
    IMPORTED = "imported"
    RESTORED = "restored"
    UNDONE = "undone"
    UPDATED = "updated"


@dataclass(frozen=True, slots=True)
class FileChange:
    """The digests of a file before and after a revision; None: the file does not exist."""

    path: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class LastRevision:
    """What an automatic save needs to know of the newest revision."""

    kind: RevisionKind
    is_own: bool
    paths: tuple[str, ...]
    made_at: datetime


def tree_digest(tree: Tree) -> str:
    """Return the SHA-256 of a tree: an automatic save changes it without a new number of the revision."""
    lines = "".join(f"{path}\n{digest}\n" for path, digest in sorted(tree.items()))
    return hashlib.sha256(lines.encode()).hexdigest()


def changes_between(before: Tree, after: Tree) -> tuple[FileChange, ...]:
    """Return the changes that lead from one tree to another, by path."""
    changed = [path for path in before.keys() | after.keys() if before.get(path) != after.get(path)]
    return tuple(FileChange(path, before.get(path), after.get(path)) for path in sorted(changed))


def reversal(changes: tuple[FileChange, ...], tree: Tree) -> tuple[tuple[FileChange, ...], tuple[str, ...]]:
    """Return the changes that undo a revision, and the paths of files that were changed again since."""
    undone, changed_again = [], []
    for change in changes:
        if tree.get(change.path) == change.after:
            undone.append(FileChange(change.path, change.after, change.before))
        else:
            changed_again.append(change.path)
    return tuple(undone), tuple(changed_again)


def can_undo(kind: RevisionKind) -> bool:
    """Return whether a revision is undone as a whole: an import; of other ones an earlier version is restored."""
    return kind is RevisionKind.IMPORTED


def can_restore(number: int, newest: int) -> bool:
    """Return whether a revision is restored: the newest one is what the draft is."""
    return number < newest


def extends_last(last: LastRevision | None, path: str, now: datetime) -> bool:
    """Return whether an automatic save of a file extends the newest revision instead of adding one."""
    if last is None or last.kind is not RevisionKind.AUTOSAVED or not last.is_own:
        return False
    return last.paths == (path,) and now - last.made_at < AUTOSAVE_SPAN
