"""Parse and write the lines of documents that an item names: `3`, `april`, `SF-D10:april`."""

import re

from app.catalogue.domain.items import LineTarget

DOCUMENT_ID = r"[A-Z][A-Z0-9]*-D[0-9]{2,3}"
UNIT_NAME = r"[a-z][a-z0-9-]{0,19}"

_TARGET = re.compile(rf"(?:({DOCUMENT_ID}):)?(?:([1-9][0-9]{{0,2}})|({UNIT_NAME}))")
_ENTRY = re.compile(r"@(\S+)")


def read_target(text: str) -> LineTarget:
    """Return the line that a text names; raise ValueError if it names none."""
    match = _TARGET.fullmatch(text)
    if not match:
        raise ValueError(text)
    return LineTarget(int(match[2] or 0), match[3] or "", match[1] or "")


def write_target(target: LineTarget) -> str:
    """Return a target as a writer names it: by its name if it has one."""
    line = target.name or str(target.line)
    return f"{target.document}:{line}" if target.document else line


def target_of_entry(text: str) -> LineTarget | None:
    """Return the line that an entry such as `@3` shows; None for any other text. Raise ValueError as `read_target`."""
    match = _ENTRY.fullmatch(text)
    return read_target(match[1]) if match else None


def read_prove(value: str) -> tuple[LineTarget, ...]:
    """Return the lines of `prove`, all of one document; raise ValueError for anything else."""
    document, _colon, lines = value.rpartition(":")
    prefix = f"{document}:" if document else ""
    return tuple(read_target(f"{prefix}{line.strip()}") for line in lines.split("|"))


def write_prove(targets: tuple[LineTarget, ...]) -> str:
    """Return the value of `prove`; the document is named once."""
    if not targets:
        return ""
    document = f"{targets[0].document}:" if targets[0].document else ""
    return document + "|".join(target.name or str(target.line) for target in targets)
