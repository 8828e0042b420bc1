"""Parse and write the header of a translation, and compute its status: missing, draft, current or stale."""

import hashlib
import re
from difflib import SequenceMatcher
from enum import StrEnum

import msgspec

from app.catalogue.domain.problems import Problem
from app.catalogue.domain.text import TextFile, normalise

_DASHES = "---"
_HASH = re.compile(r"^([0-9a-f]{6}|-)$")
NOT_TRANSLATED = "-"


class FrontState(StrEnum):
    DRAFT = "draft"
    REVIEWED = "reviewed"


class Front(msgspec.Struct, frozen=True):
    """The header of a translation: a hash for each source block it followed (`-`: not translated), and its state."""

    follows: tuple[str, ...]
    state: FrontState = FrontState.DRAFT


class TranslationState(StrEnum):
    MISSING = "missing"
    DRAFT = "draft"
    CURRENT = "current"
    STALE = "stale"


class TranslationStatus(msgspec.Struct, frozen=True):
    """The status of a translation against its source.

    `stale` are the source blocks (from 1) that are new, changed or not translated; `gone` are the positions (from 1) in
    `follows` whose block the source no longer has. The state of a draft is always `draft`.
    """

    state: TranslationState
    stale: tuple[int, ...] = ()
    gone: tuple[int, ...] = ()


def block_hash(text: str) -> str:
    """Return the first 6 hexadecimal digits of the SHA-256 of the stripped text as NFC with LF line ends."""
    return hashlib.sha256(normalise(text).strip().encode()).hexdigest()[:6]


def state_of(source_blocks: list[str], front: Front | None) -> TranslationStatus:
    """Return which source blocks a translation lacks or must update; without a header it is missing."""
    if front is None:
        return TranslationStatus(TranslationState.MISSING)
    hashes = [block_hash(block) for block in source_blocks]
    stale, gone = set(range(len(hashes))), set(range(len(front.follows)))
    for start, position, size in SequenceMatcher(None, front.follows, hashes, autojunk=False).get_matching_blocks():
        gone -= set(range(start, start + size))
        stale -= set(range(position, position + size))
    gone -= {index for index, hash_ in enumerate(front.follows) if hash_ == NOT_TRANSLATED}
    state = _state(front, has_changed=bool(stale or gone))
    return TranslationStatus(state, _numbers(stale), _numbers(gone))


def _numbers(indexes: set[int]) -> tuple[int, ...]:
    return tuple(index + 1 for index in sorted(indexes))


def _state(front: Front, *, has_changed: bool) -> TranslationState:
    if front.state is FrontState.DRAFT:
        return TranslationState.DRAFT
    return TranslationState.STALE if has_changed else TranslationState.CURRENT


def front_for(source_blocks: list[str], *, state: FrontState = FrontState.DRAFT) -> Front:
    """Return the header of a translation that follows every block of the source as it is now."""
    return Front(tuple(block_hash(block) for block in source_blocks), state)


def write_front(front: Front) -> str:
    """Return the header for the top of a file, with the blank line before the text."""
    return f"---\nfollows: {' '.join(front.follows)}".rstrip() + f"\nstate: {front.state}\n---\n\n"


def cut_front(source: TextFile) -> tuple[Front | None, TextFile, list[Problem]]:
    """Separate the header of a translation from its text; blank lines replace it, so line numbers stay right."""
    lines = source.lines
    if not lines or lines[0].rstrip() != _DASHES:
        return None, source, []
    end = next((n for n in range(1, len(lines)) if lines[n].rstrip() == _DASHES), None)
    if end is None:
        hint = "Close it with a line of three dashes."
        return None, source, [Problem(source.file, 1, "The header of the translation is not closed.", hint)]
    front, problems = _read_front(source.file, lines[1:end])
    body = "\n" * (end + 1) + "".join(f"{line}\n" for line in lines[end + 1 :])
    return front, TextFile(source.file, body), problems


def _read_front(file: str, lines: list[str]) -> tuple[Front, list[Problem]]:
    follows: tuple[str, ...] = ()
    state = FrontState.DRAFT
    lines_of_keys: dict[str, int] = {}
    problems: list[Problem] = []
    for number, line in enumerate(lines, start=2):
        key, colon, value = line.partition("#")[0].partition(":")
        if not key.strip() and not colon:
            continue
        key = key.strip()
        if key in lines_of_keys:
            problems.append(_twice(file, number, key))
        lines_of_keys.setdefault(key, number)
        if key == "follows":
            follows, new_problems = _read_follows(file, number, value)
            problems += new_problems
        elif key == "state":
            state, new_problems = _read_state(file, number, value.strip())
            problems += new_problems
        else:
            problems.append(_unknown(file, number, key))
    return Front(follows, state), problems + _absent(file, lines_of_keys)


def _read_follows(file: str, line: int, value: str) -> tuple[tuple[str, ...], list[Problem]]:
    hashes = value.split()
    hint = 'Write the first 6 figures of the block\'s hash in small letters, or "-" for a block that is not translated.'
    message = '"%(word)s" is no hash of a block.'
    problems = [Problem(file, line, message, hint, {"word": text}) for text in hashes if not _HASH.match(text)]
    return tuple(text for text in hashes if _HASH.match(text)), problems


def _read_state(file: str, line: int, value: str) -> tuple[FrontState, list[Problem]]:
    if value in set(FrontState):
        return FrontState(value), []
    message = '"%(word)s" is no state of a translation.'
    return FrontState.DRAFT, [Problem(file, line, message, 'Write "draft" or "reviewed".', {"word": value})]


def _twice(file: str, line: int, key: str) -> Problem:
    return Problem(file, line, '"%(key)s" appears twice in the header.', "Remove one of the two lines.", {"key": key})


def _unknown(file: str, line: int, key: str) -> Problem:
    return Problem(file, line, '"%(key)s" is not known in the header of a translation.',
                   'Use "follows" and "state" alone.', {"key": key})  # fmt: skip


def _absent(file: str, lines_of_keys: dict[str, int]) -> list[Problem]:
    hints = {"follows": "Write the hashes of the blocks of the source, in order.", "state": 'Write "state: draft".'}
    message = 'The header of the translation has no "%(key)s".'
    return [Problem(file, 1, message, hint, {"key": key}) for key, hint in hints.items() if key not in lines_of_keys]
