"""Export the questions of the real courses and import them again."""

from pathlib import Path

import msgspec
import pytest

from app.catalogue.domain.item_reader import read_bank
from app.catalogue.domain.items import Item
from app.catalogue.domain.text import read
from app.studio.domain.exchange.gift import read_gift
from app.studio.domain.exchange.gift_writer import write_gift
from app.studio.domain.exchange.moodle_xml import read_moodle_xml
from app.studio.domain.exchange.moodle_xml_writer import write_moodle_xml
from app.studio.domain.exchange.shapes import ExchangeTexts, ExportResult, ImportResult
from tests.support.question_exchange import import_options, with_former_id

BANKS = sorted((Path(__file__).parents[2] / "courses").glob("*/test.en.md"))


def _items(path: Path) -> list[Item]:
    items = read_bank(read("test.en.md", path.read_bytes())[0])[0].items
    return [msgspec.structs.replace(item, line=0) for item in items]


def _unexplained(items: list[Item], exported: ExportResult, imported: ImportResult) -> set[str]:
    """Return the items that an import lacks, adds or changes, and the export does not list."""
    left_out = {item.id for item in exported.not_exported}
    after = {item.former_id: with_former_id(item) for item in imported.items}
    moved = after.keys() ^ ({item.id for item in items} - left_out)
    different = {item.id for item in items if item.id in after and after[item.id] != item}
    return moved | (different - exported.notes.keys())


@pytest.mark.parametrize("path", BANKS, ids=lambda path: path.parent.name)
def test_moodle_xml_of_a_real_course_differs_only_as_the_export_says(path: Path) -> None:
    items = _items(path)
    pictures = {file.name: file.read_bytes() for file in path.parent.glob("media/*.*")}
    exported = write_moodle_xml(items, ExchangeTexts(), pictures)
    imported = read_moodle_xml(exported.text.encode(), import_options())
    assert (imported.refusals, _unexplained(items, exported, imported)) == ((), set())


@pytest.mark.parametrize("path", BANKS, ids=lambda path: path.parent.name)
def test_gift_of_a_real_course_differs_only_as_the_export_says(path: Path) -> None:
    items = _items(path)
    exported = write_gift(items, ExchangeTexts())
    imported = read_gift(exported.text.encode(), import_options())
    assert (imported.refusals, _unexplained(items, exported, imported)) == ((), set())
