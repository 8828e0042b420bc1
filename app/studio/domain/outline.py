"""The state of each part of a draft: unchanged, changed, new or removed, compared with the published version."""

from collections.abc import Collection
from enum import StrEnum


class PartState(StrEnum):
    PUBLISHED = "published"
    CHANGED = "changed"
    NEW = "new"
    REMOVED = "removed"
    IN_REVIEW = "in_review"


def part_state(digest: str | None, base_digest: str | None, reviewed: Collection[str]) -> PartState:
    """Return the state of a file by its content in the draft and in the published version.

    `reviewed` are the contents of the files under review.
    """
    if digest is None:
        return PartState.REMOVED
    if digest == base_digest:
        return PartState.PUBLISHED
    if digest in reviewed:
        return PartState.IN_REVIEW
    return PartState.NEW if base_digest is None else PartState.CHANGED
