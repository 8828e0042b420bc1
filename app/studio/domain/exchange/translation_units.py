"""A translation as units in a file for translators, and what the file would change when it is read back."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.catalogue.domain.problems import Problem
from app.studio.domain.exchange.archive import RefusedFileError
from app.studio.domain.translated_parts import TranslatedPart
from app.studio.domain.translation_blocks import Translation, TranslationBlock, TranslationBlockState, clean
from app.studio.domain.translation_checks import reference_problems, structure_problem

MAX_UNITS: Final = 2_000
MAX_TEXT_LENGTH: Final = 60_000  # characters of a unit; the form of the desk takes no more
_ID = re.compile(r"b([0-9]{1,4})-([0-9a-f]{6})")
# characters that XML cannot contain
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class TranslationFile:
    """What a file for translators contains; `path` is that of the translation within the folder of the course.

    The directions of both languages are "ltr" or "rtl".
    """

    path: str
    source_language: str
    source_direction: str
    language: str
    direction: str
    translation: Translation


@dataclass(frozen=True, slots=True)
class ImportedUnit:
    """A translated block of a file: the number and the hash of its source block when the file was written."""

    number: int
    source_hash: str
    text: str


class UnitState(StrEnum):
    """What an import does with a unit: it changes the block, or its source has changed, or it cannot be a block."""

    CHANGES = "changes"
    SOURCE_CHANGED = "source_changed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class UnitChange:
    """A unit that differs from the draft; `index` is that of its block, None if the source has changed.

    `problems` are about citations, links and other references, or why the unit is refused.
    """

    unit: ImportedUnit
    state: UnitState
    index: int | None = None
    problems: Sequence[Problem] = ()


def unit_id(index: int, block: TranslationBlock) -> str:
    """Return the id of a block in a file, such as b3-7c1e04; it is also a valid id in XML."""
    return f"b{index + 1}-{block.source.hash}"


def parse_unit_id(text: str) -> tuple[int, str] | None:
    """Return number and source hash of an id, or None."""
    match = _ID.fullmatch(text.strip())
    return (int(match[1]), match[2]) if match else None


def exported_blocks(translation: Translation) -> list[tuple[str, TranslationBlock]]:
    """Return the blocks that have a text to translate, with their ids."""
    blocks = [(unit_id(index, block), block) for index, block in enumerate(translation.blocks)]
    return [(name, block) for name, block in blocks if block.state is not TranslationBlockState.COPIED]


def xml_text(text: str) -> str:
    """Return a text without the control characters that no XML file can contain."""
    return _NOT_XML.sub("", text)


def check_units(units: Sequence[ImportedUnit]) -> None:
    """Raise RefusedFileError for a file without units, or with too many or too long ones."""
    if not units:
        raise RefusedFileError(
            "The file has no translated paragraph of the academy.",
            "Export the translation, fill in the file, then import that file.",
        )
    if len(units) > MAX_UNITS:
        raise RefusedFileError("The file has more than %(limit)s paragraphs.", "Divide it.", limit=MAX_UNITS)
    if any(len(unit.text) > MAX_TEXT_LENGTH for unit in units):
        raise RefusedFileError("A paragraph has more than %(limit)s characters.", "Divide it.", limit=MAX_TEXT_LENGTH)


def changes_of(part: TranslatedPart, translation: Translation, units: Sequence[ImportedUnit]) -> list[UnitChange]:
    """Return the units that differ from the draft, in the order of the file; a unit without a text changes nothing."""
    changes = [_change(part, translation, unit) for unit in units if clean(unit.text)]
    return [change for change in changes if change]


def _change(part: TranslatedPart, translation: Translation, unit: ImportedUnit) -> UnitChange | None:
    index = _index(translation, unit)
    if index is None:
        return UnitChange(unit, UnitState.SOURCE_CHANGED)
    block, text = translation.blocks[index], clean(unit.text)
    is_same_text = xml_text(block.target) == xml_text(text)
    if block.state is TranslationBlockState.COPIED or is_same_text:
        return None
    refusal = structure_problem(part, block.source, text)
    problems = [refusal] if refusal else reference_problems(block.source.text, text)

    return UnitChange(unit, UnitState.REFUSED if refusal else UnitState.CHANGES, index, tuple(problems))


def _index(translation: Translation, unit: ImportedUnit) -> int | None:
    equal = [index for index, block in enumerate(translation.blocks) if block.source.hash == unit.source_hash]
    return min(equal, key=lambda index: abs(index + 1 - unit.number), default=None)
