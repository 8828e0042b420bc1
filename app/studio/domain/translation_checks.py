"""Check a block of a translation before it is saved: it remains one block, and it has what the source refers to."""

from dataclasses import replace

from app.catalogue.domain.folder_names import Part
from app.catalogue.domain.problems import Problem, Weight
from app.catalogue.domain.structure_comparison import references_of
from app.studio.domain.document_blocks import OPENING, expected_kinds, sample
from app.studio.domain.translated_parts import TextBlock, TranslatedPart, target_blocks, write_block


def structure_problem(part: TranslatedPart, source: TextBlock, text: str) -> Problem | None:
    """Return why a text cannot be the translation of a block, or None; `text` is not empty."""
    if part.part is Part.DOCUMENT:
        return _document_problem(part, source, text)
    written = target_blocks(part, write_block(replace(source, empty_nodes=()), text))
    if len(written) != 1:
        message = "The translation of this paragraph would be read as %(count)s paragraphs."
        hint = "Write it as a single paragraph, without empty lines that the source does not have."
        return Problem("", 1, message, hint, {"count": len(written)})
    if written[0].kind != source.kind:
        message = "The source has %(here)s at this position, not %(there)s."
        values: dict[str, str | int | float] = {"there": written[0].kind, "here": source.kind}
        return Problem("", 1, message, "Begin the translation with the same signs as the source.", values)
    return None


def _document_problem(part: TranslatedPart, source: TextBlock, text: str) -> Problem | None:
    kinds = [block.kind for block in target_blocks(part, sample(source.kind, text))]
    if "\n" in text and source.kind != OPENING:
        return Problem("", 1, "The translation of this line is not one line.", "Write it without line ends.")
    if kinds != expected_kinds(source.kind) or (source.kind == OPENING and not text.startswith("# ")):
        message = "The translation does not have the form of this line of the document."
        return Problem("", 1, message, "Keep the signs of the source: #, | or the keys below the title.")
    return None


def reference_problems(source: str, text: str) -> list[Problem]:
    """Return a problem for each citation, link, picture, term or question that only the source, or only `text` has."""
    wanted, written = references_of(source), references_of(text)
    missing, hint = "%(name)s of the source is missing in this block.", "Add it to the translation of this block."
    problems = [Problem("", 1, missing, hint, {"name": name}, Weight.WARNING) for name in (wanted - written).elements()]
    added, hint = "%(name)s is not in this block of the source.", "Remove it, or add it to the source first."
    problems += [Problem("", 1, added, hint, {"name": name}, Weight.WARNING) for name in (written - wanted).elements()]
    return problems


def placeholders(source: str) -> tuple[str, ...]:
    """Return what a translation of this block must contain unchanged, in the order of the source."""
    return tuple(references_of(source))
