"""A question of a Moodle XML file with the conversion of its texts."""

import re
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from app.studio.domain.exchange.drafts import QuestionDraft
from app.studio.domain.exchange.gift_texts import markdown_block
from app.studio.domain.exchange.html_text import html_to_markdown, plain_of_html
from app.studio.domain.exchange.html_tree import looks_like_html
from app.studio.domain.exchange.moodle_pictures import PictureStore, TextPictures
from app.studio.domain.exchange.plain_text import cleaned, plain_block, plain_line
from app.studio.domain.exchange.shapes import MAX_TEXT_LENGTH, ExchangeTexts, QuestionRefusedError

_PICTURE_LINK = re.compile(r"@@PLUGINFILE@@/[^\s)\"'>]+")
_TRUE = frozenset({"1", "true", "yes"})


@dataclass(frozen=True, slots=True)
class MoodleQuestion:
    """A question element, the draft that is made of it, and texts for what the file does not have."""

    element: Element
    draft: QuestionDraft
    store: PictureStore
    course_texts: ExchangeTexts

    @property
    def is_own(self) -> bool:
        """Return whether an academy wrote the question, so that its plain texts are Markdown."""
        return self.draft.tags.is_own_export

    def setting(self, name: str, default: str = "") -> str:
        """Return the text of a setting such as `single`."""
        return text_of(self.element.find(name)).strip() or default

    def is_set(self, name: str, *, default: bool) -> bool:
        """Return whether a setting is on."""
        value = self.setting(name).lower()
        return value in _TRUE if value else default

    def block(self, element: Element | None) -> str:
        """Return the Markdown of an element with a child `text`."""
        return self.convert(source_text(element), element)

    def line(self, element: Element | None) -> str:
        """Return the Markdown of an element in one line."""
        return self.convert(source_text(element), element, inline=True)

    def plain(self, element: Element | None) -> str:
        """Return the text that a person types or selects, without markup."""
        text = source_text(element)
        if self.is_own:
            return text
        return plain_of_html(text) if looks_like_html(text) else " ".join(text.split())

    def plain_cell(self, element: Element | None) -> str:
        """Return the Markdown of a text that Moodle shows without markup."""
        return self.plain(element) if self.is_own else plain_line(self.plain(element))

    def convert(self, text: str, element: Element | None, *, inline: bool = False) -> str:
        """Return the Markdown of a text in the format of its element, and add its pictures to the draft."""
        if element is None:
            return ""
        if element.find("text/*") is not None:
            message = "The text has HTML elements that are not marked as text, so they were left out."
            self.draft.notes.warn(message, "Check the formatting of the text.")
        files = [(cleaned(file.get("name", "")), file.text or "") for file in element.findall("file")]
        pictures = TextPictures(self.store, files, self.draft.notes)
        converted = self._converted(text, element.get("format", "html"), pictures, inline=inline)
        self.draft.pictures += [picture for picture in pictures.used if picture not in self.draft.pictures]
        if len(pictures.used) < len(files):
            self.draft.notes.warn("A file that no text shows was left out.", "Add it to the course, if it is needed.")
        return converted

    def _converted(self, text: str, text_format: str, pictures: TextPictures, *, inline: bool) -> str:
        match text_format:
            case "markdown":
                return self._markdown(text, pictures, inline=inline)
            case "moodle_auto_format" if looks_like_html(text):
                html = text.replace("\n", "<br>\n")
                return html_to_markdown(html, self.draft.notes, pictures.name, inline=inline)
            case "moodle_auto_format" | "plain_text":
                return plain_line(text) if inline else plain_block(text)
            case _:
                return html_to_markdown(text, self.draft.notes, pictures.name, inline=inline)

    def _markdown(self, text: str, pictures: TextPictures, *, inline: bool) -> str:
        text = _PICTURE_LINK.sub(lambda match: _media_link(match[0], pictures), text)
        if self.is_own:
            return text
        markdown = markdown_block(text, self.draft.notes)
        return " ".join(markdown.split()) if inline else markdown


def _media_link(address: str, pictures: TextPictures) -> str:
    name = pictures.name(address)
    return f"media/{name}" if name else address


def text_of(element: Element | None) -> str:
    """Return the text of an element, or an empty text."""
    return "" if element is None else cleaned("".join(element.itertext()))


def source_text(element: Element | None) -> str:
    """Return the text in the child `text`; raise QuestionRefusedError if it is too long."""
    text = text_of(element.find("text")) if element is not None else ""
    if len(text) > MAX_TEXT_LENGTH and "data:image" not in text:
        hint = "Shorten it."
        raise QuestionRefusedError("A text is longer than %(most)s characters.", hint, most=f"{MAX_TEXT_LENGTH:,}")
    return text
