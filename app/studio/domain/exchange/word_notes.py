"""Notes about what a Word document contains and a lesson cannot have, each with how many."""

from collections.abc import Iterable, Mapping

from app.studio.domain.exchange.shapes import Note, NoteSeverity
from app.studio.domain.exchange.word_html import Element

MOST_COMMENTS = 20
LONGEST_COMMENT = 300

_CHECK = "Check these places."
_REPLACE = "Describe them in the text, or add them as pictures with a description."
_LOST = {
    "descriptions": ("Pictures without a description: %(count)s.", "Write in the square brackets what each shows."),
    "links": (
        "Links without a web or mail address are ordinary text: %(count)s.",
        "Add the documents they lead to, or the addresses.",
    ),
    "struck": ("Text that was struck out is ordinary text: %(count)s.", "Delete it if it is no longer valid."),
    "raised": ("Raised or lowered text is ordinary text: %(count)s.", _CHECK),
    "checkboxes": ("Checkboxes are plain signs: %(count)s.", _CHECK),
    "headings": (
        "Pictures and footnotes in headings were left out: %(count)s.",
        "Add them to the text below the heading.",
    ),
    "footnotes": ("Footnotes that were left out: %(count)s.", "Copy their text into the question."),
    "contents": ("Lines of a table of contents were left out: %(count)s.", "The lesson lists its headings itself."),
    "frames": ("Tables with a single cell are ordinary text: %(count)s.", _CHECK),
    "merged": ("Tables with merged cells, which are divided now: %(count)s.", "Check the rows and columns."),
    "cells": ("Table cells with several paragraphs, which are one line now: %(count)s.", _CHECK),
}
_PARTS = {
    "boxes": ("Text boxes: %(count)s. Their text is below the paragraph beside them.", "Check the order of the text."),
    "lost_boxes": ("Text boxes that were left out: %(count)s.", "Copy their text into the document."),
    "shapes": ("Drawn shapes that were left out: %(count)s.", _REPLACE),
    "equations": ("Equations that were left out: %(count)s.", _REPLACE),
    "charts": ("Charts that were left out: %(count)s.", _REPLACE),
    "smart_art": ("SmartArt graphics that were left out: %(count)s.", _REPLACE),
    "objects": ("Embedded files that were left out: %(count)s.", "Copy what is necessary into the text."),
    "margin": ("Headers and footers that were left out: %(count)s.", "Copy what is necessary into the text."),
    "columns": ("Sections with columns, which are ordinary text now: %(count)s.", "Check the order of the text."),
    "outside": ("Links to templates or files outside the document, not followed: %(count)s.", _CHECK),
    "hidden": ("Pieces of hidden text that are visible now: %(count)s.", "Delete them if they are not for readers."),
    "inserted": ("Tracked insertions that were accepted: %(count)s.", _CHECK),
    "deleted": ("Tracked deletions that were carried out: %(count)s.", _CHECK),
}


def warning(message: str, hint: str, **values: str | int) -> Note:
    """Return a note of the weight of a warning."""
    return Note(NoteSeverity.WARNING, message, hint, values)


def notes_of_text(lost: Mapping[str, int]) -> list[Note]:
    """Return the notes about marks that Markdown does not have, by the counts of `LessonParts.lost`."""
    return _notes(_LOST, lost)


def notes_of_parts(counts: Mapping[str, int]) -> list[Note]:
    """Return the notes about content that was left out or changed, by the counts of `WordParts.counts`."""
    boxes = counts.get("textbox", 0)  # written a second time for old programs; only this text is read
    modern_boxes = counts.get("txbx", 0)
    numbers = {
        "boxes": boxes,
        "lost_boxes": modern_boxes - boxes,
        "shapes": counts.get("wsp", 0) - modern_boxes,
        "equations": counts.get("oMath", 0),
        "charts": counts.get("chart", 0),
        "smart_art": counts.get("relIds", 0),
        "objects": counts.get("OLEObject", 0) + counts.get("altChunk", 0),
        "margin": counts.get("margin", 0),
        "columns": counts.get("columns", 0),
        "outside": counts.get("outside", 0),
        "hidden": counts.get("vanish", 0),
        "inserted": counts.get("ins", 0) + counts.get("moveTo", 0),
        "deleted": counts.get("del", 0),
    }
    return _notes(_PARTS, numbers)


def _notes(texts: Mapping[str, tuple[str, str]], counts: Mapping[str, int]) -> list[Note]:
    return [
        warning(message, hint, count=counts.get(name, 0))
        for name, (message, hint) in texts.items()
        if counts.get(name, 0) > 0
    ]


def notes_of_comments(lists: Iterable[Element]) -> list[Note]:
    """Return a note for each comment, without its author; the rest as a number."""
    entries = [entry for comments in lists for entry in comments.elements() if entry.tag == "dd"]
    texts = [text for entry in entries if (text := entry.text().removesuffix("↑").strip()[:LONGEST_COMMENT])]
    hint = "Comments are not part of a lesson: settle this one before you publish."
    notes = [warning('Comment: "%(text)s"', hint, text=text) for text in texts[:MOST_COMMENTS]]
    if len(texts) > MOST_COMMENTS:
        left = len(texts) - MOST_COMMENTS
        notes.append(warning("Further comments: %(count)s.", "Read them in the document.", count=left))
    return notes
