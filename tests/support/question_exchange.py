"""Options for importing questions in tests, and items as an import returns them."""

from itertools import count

import msgspec

from app.catalogue.domain.items import Item
from app.studio.domain.exchange.gift import read_gift
from app.studio.domain.exchange.moodle_xml import read_moodle_xml
from app.studio.domain.exchange.shapes import ImportedItem, ImportOptions, ImportResult, RefusedQuestion


def import_options() -> ImportOptions:
    """Return options with as many ids as needed: X1-Q01, X2-Q01 ..."""
    return ImportOptions((f"X{number}-Q01" for number in count(1)), "LRE-01")


def only_item(result: ImportResult) -> ImportedItem:
    """Return the only item of a result without refused questions."""
    assert [str(note) for note in result.notes] == []
    assert result.refusals == ()
    (imported,) = result.items
    return imported


def only_refused(result: ImportResult) -> RefusedQuestion:
    """Return the only refused question of a result without items."""
    assert result.items == ()
    (refused,) = result.refusals
    return refused


def with_former_id(imported: ImportedItem) -> Item:
    """Return the item with the id that it had before its export."""
    return msgspec.structs.replace(imported.item, id=imported.former_id)


def messages(imported: ImportedItem) -> list[str]:
    """Return the messages of an item's notes, filled in."""
    return [note.message % note.values for note in imported.notes]


def gift_item(text: str) -> ImportedItem:
    """Return the item of a GIFT text with one question."""
    return only_item(read_gift(text.encode(), import_options()))


def moodle_file(*questions: str) -> bytes:
    """Return a Moodle XML file of question elements."""
    return ('<?xml version="1.0" encoding="UTF-8"?>\n<quiz>' + "".join(questions) + "</quiz>").encode()


def moodle_question(kind: str, body: str, *, stem: str = "<p>What?</p>", text_format: str = "html") -> str:
    """Return a question element of Moodle XML with a name, a stem and other elements."""
    return (
        f'<question type="{kind}"><name><text>A name</text></name>'
        f'<questiontext format="{text_format}"><text><![CDATA[{stem}]]></text></questiontext>{body}</question>'
    )


def moodle_item(kind: str, body: str, *, stem: str = "<p>What?</p>", text_format: str = "html") -> ImportedItem:
    """Return the item of a Moodle XML file with one question."""
    question = moodle_question(kind, body, stem=stem, text_format=text_format)
    return only_item(read_moodle_xml(moodle_file(question), import_options()))
