"""Write and read a translation as XLIFF 2.0, the exchange format of translation programs."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Final

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from app.studio.domain.exchange.archive import RefusedFileError
from app.studio.domain.exchange.translation_units import (
    ImportedUnit,
    TranslationFile,
    check_units,
    exported_blocks,
    parse_unit_id,
    xml_text,
)
from app.studio.domain.translation_blocks import TranslationBlock, TranslationBlockState
from app.studio.domain.translation_checks import placeholders

NAMESPACE: Final = "urn:oasis:names:tc:xliff:document:2.0"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_STATES = {
    TranslationBlockState.MISSING: "initial",
    TranslationBlockState.CHANGED: "initial",
    TranslationBlockState.TO_REVIEW: "translated",
    TranslationBlockState.CURRENT: "reviewed",
}


def write_xliff(file: TranslationFile) -> bytes:
    """Return the XLIFF file: a unit for each block, with its references in a note for the translator."""
    root = ET.Element(
        "xliff", {"xmlns": NAMESPACE, "version": "2.0", "srcLang": file.source_language, "trgLang": file.language}
    )
    section = ET.SubElement(root, "file", {"id": "f1", "original": file.path})
    for name, block in exported_blocks(file.translation):
        _add_unit(section, name, block)
    content: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return content


def _add_unit(section: ET.Element, name: str, block: TranslationBlock) -> None:
    unit = ET.SubElement(section, "unit", {"id": name})
    if names := placeholders(block.source.text):
        notes = ET.SubElement(unit, "notes")
        ET.SubElement(notes, "note", {"category": "unchanged"}).text = xml_text("\n".join(names))
    segment = ET.SubElement(unit, "segment", {"state": _STATES[block.state]})
    ET.SubElement(segment, "source", {_SPACE: "preserve"}).text = xml_text(block.source.text)
    if block.target:
        ET.SubElement(segment, "target", {_SPACE: "preserve"}).text = xml_text(block.target)


def read_xliff(content: bytes, path: str, language: str) -> list[ImportedUnit]:
    """Return the translated units of an XLIFF file for the translation at `path`; raise RefusedFileError."""
    root = _root(content)
    if root.tag != f"{{{NAMESPACE}}}xliff":
        raise RefusedFileError("This is not a file in the format XLIFF 2.0.", "Save it as XLIFF 2.0.")
    if root.get("trgLang") != language:
        hint = "Open the desk of that language, and import the file there."
        raise RefusedFileError("The file is a translation into another language.", hint)
    if root.find(f"{{{NAMESPACE}}}file[@original='{path}']") is None:
        raise RefusedFileError(
            "The file is the translation of another text.", "Open the desk of that text, and import the file there."
        )
    units = list(_units(root))
    check_units(units)
    return units


def _root(content: bytes) -> ET.Element:
    try:
        root: ET.Element = fromstring(content, forbid_dtd=True)
    except DefusedXmlException as error:
        raise RefusedFileError(
            "The file has a DOCTYPE or entities, which are not allowed.", "Save it without them."
        ) from error
    except (ET.ParseError, ValueError, LookupError) as error:
        hint = "Open it in the program that made it, and save it again."
        raise RefusedFileError("The file is not XML.", hint) from error
    return root


def _units(root: ET.Element) -> Iterator[ImportedUnit]:
    for unit in root.iter(f"{{{NAMESPACE}}}unit"):
        name = parse_unit_id(unit.get("id", ""))
        text = _target(unit)
        if name and text is not None:
            yield ImportedUnit(*name, text)


def _target(unit: ET.Element) -> str | None:
    """Return the text of a unit, which a program may have cut into segments; None if one is not translated."""
    texts = []
    for segment in unit:
        if segment.tag not in {f"{{{NAMESPACE}}}segment", f"{{{NAMESPACE}}}ignorable"}:
            continue
        target = segment.find(f"{{{NAMESPACE}}}target")
        if target is None and segment.tag.endswith("ignorable"):
            target = segment.find(f"{{{NAMESPACE}}}source")
        if target is None:
            return None
        texts.append("".join(target.itertext()))
    return "".join(texts)
