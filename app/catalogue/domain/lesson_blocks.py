"""Parse the blocks of a lesson that work on documents: desk, worked example, card and recording.

/// desk | title            keys document, items, minutes; the task as text
/// worked | title          key document; steps "1. text", "1. ? text" if it is asked first, with "   > reason"
/// card | title            at most 80 words
/// audio | title           keys media and document
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from app.catalogue.domain.item_reader import ITEM_ID
from app.catalogue.domain.lessons import BlockType, FencedBlock
from app.catalogue.domain.problems import Problem
from app.catalogue.domain.targets import DOCUMENT_ID

CARD_WORDS = 80
DESK_ITEMS = range(2, 5)
AUDIO_BYTES = 700 * 1024

_KEY = re.compile(r"([a-z_]+): +(.*\S) *")
_STEP = re.compile(r"[0-9]{1,2}\. +(\? +)?(.*)")
_REASON = re.compile(r" *> ?(.*)")
_KEYS: dict[BlockType, tuple[str, ...]] = {
    BlockType.DESK: ("document", "items", "minutes"),
    BlockType.WORKED: ("document",),
    BlockType.CARD: (),
    BlockType.AUDIO: ("media", "document"),
}
_NEEDED: dict[BlockType, tuple[str, ...]] = {
    BlockType.DESK: ("document", "items"),
    BlockType.AUDIO: ("media", "document"),
}


@dataclass(frozen=True, slots=True)
class BlockKeys:
    """The keys of a block and its text below them; `minutes` is 0 and the others are empty if left out."""

    document: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    minutes: int = 0
    media: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class StepSource:
    """A step of a worked example; `is_asked`: the reader thinks first, then opens it."""

    text: str
    reason: str = ""
    is_asked: bool = False


def keys_of(block: FencedBlock) -> BlockKeys:
    """Return the keys and the text of a block; what cannot be read is left out, see `check_keys`."""
    return read_block(block, "")[0]


def check_keys(block: FencedBlock, file: str) -> list[Problem]:
    """Return the problems of the keys of a block, and of the steps of a worked example."""
    if block.type not in _KEYS:
        return []
    problems = read_block(block, file)[1]
    if block.type is BlockType.WORKED and not steps_of(keys_of(block).text):
        hint = 'Write steps as "1. text", with "   > reason" below each.'
        problems.append(Problem(file, block.line, "The worked example has no steps.", hint))
    return problems


def read_block(block: FencedBlock, file: str) -> tuple[BlockKeys, list[Problem]]:
    """Return the keys and the text of a block, and every problem of its keys."""
    values, text = _cut_keys(block)
    ids = tuple(name.strip() for name in values.get("document", "").split(",") if name.strip())
    items = tuple(values.get("items", "").replace(",", " ").split())
    minutes = values.get("minutes", "0")
    problems = _missing_keys(block, values, file)
    for value in _unreadable(ids, items, minutes):
        message, hint = "%(value)s cannot be read.", "Write ids as SF-D10 and M01-Q01, and minutes as a number."
        problems.append(Problem(file, block.line, message, hint, {"value": value}))
    number = int(minutes) if minutes.isdecimal() else 0
    return BlockKeys(ids, items, number, values.get("media", ""), text), problems


def _cut_keys(block: FencedBlock) -> tuple[dict[str, str], str]:
    """Return the keys at the beginning of a block by name, and the text below them."""
    names = _KEYS.get(block.type, ())
    lines = block.body.split("\n")
    values: dict[str, str] = {}
    for number, line in enumerate(lines):
        match = _KEY.fullmatch(line)
        if not match or match[1] not in names:
            return values, "\n".join(lines[number:]).strip("\n")
        values[match[1]] = match[2]
    return values, ""


def _missing_keys(block: FencedBlock, values: Collection[str], file: str) -> list[Problem]:
    message, hint = "The block %(type)s has no key %(key)s.", "Write it on the line after ///, as in %(key)s: ..."
    missing = [name for name in _NEEDED.get(block.type, ()) if name not in values]
    return [Problem(file, block.line, message, hint, {"type": block.type, "key": name}) for name in missing]


def _unreadable(ids: Sequence[str], items: Sequence[str], minutes: str) -> list[str]:
    unreadable = [name for name in ids if not re.fullmatch(DOCUMENT_ID, name)]
    unreadable += [name for name in items if not ITEM_ID.fullmatch(name)]
    return unreadable if minutes.isdecimal() else [*unreadable, minutes]


def steps_of(text: str) -> tuple[StepSource, ...]:
    """Return the steps of a worked example; lines below a step continue it or its reason."""
    steps: list[tuple[list[str], list[str], bool]] = []
    for line in text.split("\n"):
        step, reason = _STEP.fullmatch(line), _REASON.fullmatch(line)
        if step:
            steps.append(([step[2]], [], bool(step[1])))
        elif not steps:
            continue
        elif reason:
            steps[-1][1].append(reason[1])
        else:
            steps[-1][0].append(line.strip())
    return tuple(_step(body, reasons, asked) for body, reasons, asked in steps)


def _step(body: list[str], reasons: list[str], is_asked: bool) -> StepSource:
    text = "\n".join(line for line in body if line)
    return StepSource(text.strip(), "\n".join(reasons).strip(), is_asked)


def words_of(block: FencedBlock) -> int:
    """Count the words of a card."""
    return len(re.findall(r"\w+", block.title)) + len(re.findall(r"[^\W\d_]+", block.body))
