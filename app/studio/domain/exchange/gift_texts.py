"""Convert the texts of a GIFT question from their formats into Markdown."""

import re
from dataclasses import dataclass

from app.studio.domain.exchange.gift_cut import show_escapes, split_format
from app.studio.domain.exchange.html_text import html_to_markdown, plain_of_html
from app.studio.domain.exchange.html_tree import looks_like_html
from app.studio.domain.exchange.plain_text import plain_block, plain_line, safe_block
from app.studio.domain.exchange.shapes import ExchangeTexts, NoteList

_PICTURE = re.compile(r"!\[[^\[\]\n]{0,500}\]\(")


@dataclass(frozen=True, slots=True)
class GiftTexts:
    """Convert texts whose format is `default` unless they begin with another; `is_own` for an export of an academy.

    `course` are texts for what the file does not have.
    """

    default: str
    is_own: bool
    notes: NoteList
    course: ExchangeTexts

    def block(self, text: str) -> str:
        """Return the Markdown of a text of any length."""
        text_format, text = split_format(text)
        text = show_escapes(text)
        match text_format or self.default:
            case "markdown" if self.is_own:
                return text.strip("\n")
            case "markdown":
                return markdown_block(text, self.notes)
            case "plain":
                return plain_block(text)
            case "html":
                return self._html(text)
            case _:
                return self._automatic(text)

    def _automatic(self, text: str) -> str:
        return self._html(text.replace("\n", "<br>\n")) if looks_like_html(text) else plain_block(text)

    def line(self, text: str) -> str:
        """Return the Markdown of a text in one line, as in a cell."""
        return " ".join(self.block(text).split()) if not self.is_own else self.block(text)

    def plain(self, text: str) -> str:
        """Return the text that a person types or selects, without markup."""
        text = show_escapes(split_format(text)[1])
        return text if self.is_own else plain_of_html(text)

    def plain_cell(self, text: str) -> str:
        """Return the Markdown of a text that Moodle shows without markup."""
        return self.plain(text) if self.is_own else plain_line(self.plain(text))

    def _html(self, text: str) -> str:
        return html_to_markdown(text, self.notes, lambda _: "")


def markdown_block(text: str, notes: NoteList) -> str:
    """Return Markdown of another system that an item can have, and note what is shown in another way."""
    if looks_like_html(text):
        notes.warn("HTML in a Markdown text is shown as text.", "Replace it by Markdown.")
    if _PICTURE.search(text):
        notes.warn("A picture in a Markdown text was not imported.", "Add the picture to the course.")
    safe = safe_block(text)
    if safe != text.strip("\n"):
        notes.warn("A heading or a divider in the text was changed.", "Check the text.")
    return safe
