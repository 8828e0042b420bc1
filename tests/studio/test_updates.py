"""Combine a draft with a version that was published meanwhile."""

from collections.abc import Mapping

import pytest
from hypothesis import given, strategies as st

from app.studio.domain.updates import DraftUpdate, combine
from app.studio.queries.drafts import digest_of

A, B, C = b"one\n\ntwo\n\nthree\n", b"one!\n\ntwo\n\nthree\n", b"one\n\ntwo\n\nthree!\n"
BOTH, OTHER = b"one!\n\ntwo\n\nthree!\n", b"one?\n\ntwo\n\nthree\n"
Files = Mapping[str, bytes]
FILES = st.dictionaries(st.sampled_from(["a.md", "b.md", "c.png"]), st.sampled_from([A, B, C, OTHER]))


def _update(base: Files, draft: Files, published: Files) -> DraftUpdate:
    """Combine files, with each digest of a change replaced by its content."""
    contents = {digest_of(content): content for files in (base, draft, published) for content in files.values()}
    digests = [{path: digest_of(content) for path, content in files.items()} for files in (base, draft, published)]
    update = combine(*digests, contents.__getitem__)
    changes = {path: contents[change] if isinstance(change, str) else change for path, change in update.changes.items()}
    return DraftUpdate(changes, update.conflicts)


@pytest.mark.parametrize(
    ("base", "draft", "published", "change"),
    [
        (A, A, B, B),
        (A, B, C, BOTH),
        (None, None, A, A),
        (A, A, None, None),
    ],
)
def test_change_of_one_side_or_of_different_lines_is_taken(
    base: bytes | None, draft: bytes | None, published: bytes | None, change: bytes | None
) -> None:
    update = _update(*({"a.md": text} if text else {} for text in (base, draft, published)))
    assert (update.changes, update.conflicts) == ({"a.md": change}, ())


@pytest.mark.parametrize(
    ("path", "base", "draft", "published"),
    [
        ("a.md", A, B, OTHER),
        ("a.md", A, None, B),
        ("a.md", A, B, None),
        ("a.md", None, A, B),
        ("c.png", A, B, C),
        ("a.md", A, b"\xff", B),
    ],
)
def test_file_that_both_sides_changed_remains_as_in_the_draft(
    path: str, base: bytes | None, draft: bytes | None, published: bytes | None
) -> None:
    update = _update(*({path: text} if text else {} for text in (base, draft, published)))
    assert (update.changes, update.conflicts) == ({}, (path,))


@given(FILES, FILES)
def test_unchanged_draft_becomes_the_published_version(base: dict[str, bytes], published: dict[str, bytes]) -> None:
    update = _update(base, base, published)
    after = {path: text for path, text in {**base, **update.changes}.items() if text is not None}
    assert (after, update.conflicts) == (published, ())


@given(FILES, FILES, FILES)
def test_conflicts_are_never_changed(
    base: dict[str, bytes], draft: dict[str, bytes], published: dict[str, bytes]
) -> None:
    update = _update(base, draft, published)
    assert not set(update.conflicts) & update.changes.keys()
    assert _update(base, draft, base).changes == {}
